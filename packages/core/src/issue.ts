// What seal and derive share: content is encrypted, its key wrapped, the core signed by the first anchor.
import type { ContentReference, CustodyRule, Layer, Lineage, StatusEntry } from "./artifact.ts";
import { contentAad, encryptContent } from "./content.ts";
import { assertNamedPairs, checkContextPairs, contextsOf } from "./context.ts";
import { createSecretKey, randomBytes, zero } from "#crypto";
import type { Custody, CustodyCall, KeyDescription } from "./custody.ts";
import { CustodyError, PolicyError } from "./errors.ts";
import { anchorFirst } from "./first-anchor.ts";
import type { PolicyMessage } from "./policy.ts";
import { checkCustodyRule, checkKeyOrigin, locationOf, schemeOf } from "./custody-rule.ts";
import { assertSharable, wrapTo } from "./recipient.ts";
import { noteExposures } from "./recipient-kind.ts";
import type { Digest } from "./shape.ts";
import type { Signer } from "./signer.ts";
import type { HashAlg } from "./suites.ts";

/** A key that the data key is wrapped to. */
export interface RecipientKey {
  readonly custody: Custody;
  /** Pinned id or alias; an alias is resolved and recorded. */
  readonly keyUri: string;
  /** Names a secret that many artifacts share, in place of this one, in the context; refused above classification internal. Spec: RCP-13. */
  readonly batchId?: string;
}

/** What becomes an artifact. */
export interface IssueInput {
  readonly artifactId: Uint8Array;
  readonly issuer: string;
  readonly signer: Signer;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  readonly write: (chunk: Uint8Array) => void | Promise<void>;
  readonly hashAlg: HashAlg;
  readonly threads?: boolean | undefined;
  readonly mediaType?: string | undefined;
  readonly layers: readonly Layer[];
  readonly policies: readonly PolicyMessage[];
  /** Attachments beside policies, leaf list and long lists. */
  readonly attachments: readonly Uint8Array[];
  readonly recipients: readonly RecipientKey[];
  readonly custodyRule?: CustodyRule | undefined;
  readonly required?: ReadonlyMap<string, string> | undefined;
  readonly lineage: Lineage;
  readonly status: readonly StatusEntry[];
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A fresh artifact. */
export interface Issued {
  /** The bare artifact, portable: policies and leaf list attached. */
  readonly artifact: Uint8Array;
  /** Name of its core. */
  readonly name: Digest;
  readonly artifactId: Uint8Array;
  readonly content: ContentReference;
  /** Leaf list for `x.sealed.leaves`; null where it is attached or not needed. */
  readonly leaves: Uint8Array | null;
  /** Custody calls that were made, in order. */
  readonly calls: readonly CustodyCall[];
}

/** A key that a custody has described, and found fit to wrap to. */
export interface DescribedKey {
  readonly custody: Custody;
  readonly key: KeyDescription;
  readonly batchId: string | undefined;
}

/** Resolves aliases and checks state, usage and the custody rule; a customer-managed key from confidential on. Spec: CUS-2, RCP-5, RCP-8. */
export async function describeKeys(
  recipients: readonly RecipientKey[],
  rule: CustodyRule | undefined,
  policies: readonly PolicyMessage[],
): Promise<readonly DescribedKey[]> {
  const sensitive = policies.some(
    ({ classification }) => classification === "confidential" || classification === "restricted",
  );
  return Promise.all(
    recipients.map(async ({ custody, keyUri, batchId }) => {
      const key = await custody.describe(keyUri);
      if (batchId !== undefined)
        assertSharable(
          key.uri,
          policies.map(({ classification }) => classification),
        );
      if (key.state !== "enabled") throw new CustodyError("custody-key-state", `key \`${key.uri}\` is ${key.state}`);
      if (key.usage !== "encrypt")
        throw new CustodyError("custody-unsupported", `key \`${key.uri}\` is for ${key.usage}, not for encryption`);
      if (sensitive && key.manager !== "customer")
        throw new CustodyError(
          "custody-unsupported",
          `key \`${key.uri}\` is not customer-managed, as confidential data needs`,
        );
      if (rule) {
        checkCustodyRule(rule, key.uri);
        checkKeyOrigin(rule, key);
      }
      return { custody, key, batchId };
    }),
  );
}

/** Without a rule of the caller's, keys may not leave the custodies and accounts they start in. Spec: RCP-9. */
function defaultRule(keys: readonly { key: KeyDescription }[]): CustodyRule {
  const accounts = keys.map(({ key }) => locationOf(key.uri).account);
  const known = accounts.filter((account) => account !== undefined);
  return {
    custodies: [...new Set(keys.map(({ key }) => schemeOf(key.uri)))],
    ...(known.length === accounts.length && known.length > 0 ? { accounts: [...new Set(known)] } : {}),
  };
}

/** Encrypts, wraps, signs. Nothing is returned unless everything worked; what `write` took is then the caller's to discard. */
export async function issue(input: IssueInput): Promise<Issued> {
  if (input.recipients.length === 0) throw new RangeError("an artifact has at least one recipient");
  if (input.policies.every(({ document }) => document["kind"] !== "grant"))
    throw new PolicyError("empty-meet", "no policy grants anything: an artifact has at least one grant");
  const contextPairs = input.custodyRule?.contextPairs ?? new Map<string, string>();
  checkContextPairs(contextPairs, input.custodyRule?.requiredPairs);
  const keys = await describeKeys(input.recipients, input.custodyRule, input.policies);
  const custodyRule = input.custodyRule ?? defaultRule(keys);
  assertNamedPairs(input.required, custodyRule.requiredPairs);
  const { artifactId } = input;
  const context = contextsOf({ artifactId, custodyRule }, input.layers, input.required);
  const dataKeyBytes = randomBytes(32);
  try {
    const wraps = await Promise.all(
      keys.map(({ custody, key, batchId }) => wrapTo(custody, key, dataKeyBytes, artifactId, context({ batchId }))),
    );
    const encrypted = await encryptContent(input.content, {
      dataKey: createSecretKey(dataKeyBytes),
      aad: contentAad(input.artifactId, input.issuer),
      hashAlg: input.hashAlg,
      write: input.write,
      threads: input.threads,
    });
    const content: ContentReference = {
      format: "floe",
      sizeBytes: encrypted.sizeBytes,
      root: encrypted.root,
      floeHeader: encrypted.header,
      ...(input.mediaType === undefined ? {} : { mediaType: input.mediaType }),
    };
    const { parents } = input.lineage;
    const recipients = wraps.map(({ recipient }) => recipient);
    const signed = await anchorFirst(
      {
        core: {
          artifactId: input.artifactId,
          revision: 0,
          issuedAt: input.now,
          issuer: input.issuer,
          firstIssuer: input.issuer,
          content,
          custodyRule,
          lineage: input.lineage,
          status: input.status,
        },
        layers: input.layers,
        parents: typeof parents === "string" ? [] : parents,
        keys: { recipients, exposures: noteExposures([], recipients, input.now) },
        policies: input.policies,
        attachments: input.attachments,
        leaves: encrypted.leaves,
        now: input.now,
      },
      input.signer,
    );
    return { ...signed, artifactId: input.artifactId, content, calls: wraps.map(({ call }) => call) };
  } finally {
    zero(dataKeyBytes);
  }
}
