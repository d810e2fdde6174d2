// Key URIs to custodies. The SDK of a cloud is loaded only where one of its keys is named.
import { CustodyError, custodySigner, suites } from "@writ/core";
import type { Custody, RecipientKey, Role, Signer, SuiteName, TrustPolicy } from "@writ/core";
import { UsageError } from "./fault.ts";
import type { Home } from "./home.ts";

/** Custodies by the scheme of their key URIs, each made once. Spec: CLI-21. */
export class Custodies {
  readonly #home: () => Promise<Home>;
  readonly #made = new Map<string, Promise<Custody>>();

  /** `home` gives the home or throws. */
  constructor(home: () => Promise<Home>) {
    this.#home = home;
  }

  /** The custody of a key. Throws UsageError for a scheme that isn't known, CustodyError, FormatError. */
  of(keyUri: string): Promise<Custody> {
    const scheme = schemeOf(keyUri);
    let custody = this.#made.get(scheme);
    if (!custody) {
      custody = scheme === "local" ? this.#home().then((home) => home.keystore()) : aws();
      this.#made.set(scheme, custody);
    }
    return custody;
  }

  /** The custodies of those key URIs that can be reached from here, for opening. Throws where none can. */
  async forOpening(keyUris: readonly string[]): Promise<readonly Custody[]> {
    const named = schemes.filter((scheme) => keyUris.some((uri) => uri.startsWith(`${scheme}:`)));
    const tried = await Promise.allSettled(named.map((scheme) => this.of(`${scheme}:`)));
    const reached = tried.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    if (reached.length > 0) return reached;
    const failed = tried.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
    throw new CustodyError("custody-no-recipient", "none of the artifact's keys is of a custody known here");
  }

  /** Keys to seal to: the recipient keys of the trust policy by their URIs, else those of a custody. Spec: CLI-50. */
  recipients(
    keyUris: readonly string[],
    trust: TrustPolicy | null = null,
    clock?: () => number,
  ): Promise<readonly RecipientKey[]> {
    return Promise.all(
      keyUris.map(async (keyUri) => {
        if (!trust?.recipientKeys.some(({ uri }) => uri === keyUri)) return { custody: await this.of(keyUri), keyUri };
        const { pinnedRecipient } = await import("@writ/core/recipient-key");
        return pinnedRecipient(trust, keyUri, clock ? { clock } : {});
      }),
    );
  }

  /** A signer of named keys, whatever their order; the suite is the one that has exactly their types. */
  async signer(authority: string, keyUris: readonly string[]): Promise<Signer> {
    const [first] = keyUris;
    if (first === undefined || keyUris.some((uri) => schemeOf(uri) !== schemeOf(first)))
      throw new UsageError("the keys of one signer are all in one custody");
    const custody = await this.of(first);
    const keys = await Promise.all(keyUris.map((uri) => custody.publicKey(uri)));
    for (const [name, { algs }] of Object.entries(suites) as [SuiteName, { algs: readonly number[] }][]) {
      const ordered = algs.map((alg) => keys.find((key) => key.alg === alg)?.uri);
      if (algs.length === keys.length && ordered.every((uri) => uri !== undefined))
        return custodySigner(authority, name, custody, ordered);
    }
    throw new UsageError(
      "no suite takes signing keys of these types",
      `the suites are ${Object.keys(suites).join(", ")}`,
    );
  }
}

const schemes = ["local", "aws-kms"] as const;

function schemeOf(keyUri: string): string {
  const scheme = schemes.find((known) => keyUri.startsWith(`${known}:`));
  if (scheme === undefined)
    throw new UsageError(
      `\`${keyUri}\` is no key URI`,
      "key URIs are `local:NAME`, `aws-kms:ARN` and `aws-kms:alias/NAME`",
    );
  return scheme;
}

async function aws(): Promise<Custody> {
  const { awsCustody } = await import("@writ/custody-aws");
  return awsCustody();
}

/** Options that say who signs. */
export interface SignerOptions {
  readonly signerKey?: readonly string[];
  readonly authority?: string;
  readonly suite?: string;
}

/** The suite that was named. Throws UsageError. */
export function suiteOf(name: string): SuiteName {
  if (Object.hasOwn(suites, name)) return name as SuiteName;
  throw new UsageError(`suite \`${name}\` is not known`, `the suites are ${Object.keys(suites).join(", ")}`);
}

/** The signer of a role: the keys that were named, else the home's. */
export async function signerFor(
  custodies: Custodies,
  home: () => Promise<Home>,
  role: Role,
  options: SignerOptions,
): Promise<Signer> {
  const suite = options.suite === undefined ? undefined : suiteOf(options.suite);
  if (options.signerKey === undefined) {
    const found = await home();
    if (options.authority !== undefined && options.authority !== found.authority)
      throw new UsageError(
        `the home signs for \`${found.authority}\`, not for \`${options.authority}\``,
        "name the keys with --signer-key",
      );
    return found.signer(role, suite ?? "ed25519+mldsa65");
  }
  const signer = await custodies.signer(options.authority ?? (await home()).authority, options.signerKey);
  if (suite !== undefined && suite !== signer.suite)
    throw new UsageError(`the keys are those of suite \`${signer.suite}\`, not of \`${suite}\``);
  return signer;
}
