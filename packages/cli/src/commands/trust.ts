// writ trust: whose signatures count. A trust policy is put in force by whoever has compared its fingerprints.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { Role, TrustPolicy } from "@writ/core";
import { signatureAlgs } from "@writ/core";
import type { TrustRoot } from "@writ/core/trust-root";
import type { Answer, CommonOptions, Context } from "../command.ts";
import type { Home } from "../home.ts";
import { readText } from "../input-file.ts";
import { Outputs } from "../output-file.ts";
import { instantText, table } from "../print.ts";
import type { Line } from "../print.ts";
import { assertNotOlder, loadTrust, pinnedSequences, readOffered, readTrust } from "../trust-source.ts";
import type { TrustSource } from "../trust-source.ts";

/** Options of `trust add`. */
export interface TrustAddOptions extends CommonOptions {
  readonly pin?: boolean;
  /** File of the root that signed it. */
  readonly root?: string;
}

interface SignerJson {
  readonly authority: string;
  readonly role: Role;
  readonly suite: string;
  readonly keys: readonly { readonly alg: string; readonly thumbprint: string }[];
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly trustedTime: boolean;
  readonly invalidSince: string | null;
}

const dateOrNull = (seconds: number | null): string | null => (seconds === null ? null : instantText(seconds));

function signersJson(trust: TrustPolicy): readonly SignerJson[] {
  return trust.signers.map(({ authority, role, suite, keys, notBefore, notAfter, trustedTime, invalidSince }) => ({
    authority,
    role,
    suite,
    keys: keys.map(({ alg, kid }) => ({ alg: signatureAlgs[alg].name, thumbprint: Buffer.from(kid).toString("hex") })),
    notBefore: dateOrNull(notBefore),
    notAfter: dateOrNull(notAfter),
    trustedTime,
    invalidSince: dateOrNull(invalidSince),
  }));
}

function trustJson({ trust, path }: TrustSource): object {
  return {
    path,
    name: trust.name,
    sequence: trust.sequence,
    expires: instantText(trust.expires),
    signers: signersJson(trust),
    suites: [...trust.suites].map(([suite, { signUntil, verifyUntil }]) => ({
      suite,
      signUntil: dateOrNull(signUntil),
      verifyUntil: dateOrNull(verifyUntil),
    })),
    required: trust.required.map(({ from, suites, authorities, stage }) => ({
      from: instantText(from),
      suites,
      authorities,
      stage,
    })),
    demands: trust.demands,
  };
}

function trustLines({ trust, path }: TrustSource): readonly Line[] {
  return [
    {
      text: `${trust.name ?? "unnamed"}, sequence ${trust.sequence}, expires ${instantText(trust.expires)}`,
      tone: "strong",
    },
    `  file   ${path}`,
    ...table(
      [...trust.suites].map(([suite, { signUntil, verifyUntil }]) => [
        `suite  ${suite}`,
        `sign until ${dateOrNull(signUntil) ?? "further notice"}`,
        `verify until ${dateOrNull(verifyUntil) ?? "further notice"}`,
      ]),
      "  ",
    ),
    ...trust.required.map(
      ({ from, suites, authorities, stage }) =>
        `  from ${instantText(from)} ${suites.join(" or ")} by ${authorities} is required (${stage})`,
    ),
    ...signersJson(trust).flatMap(({ authority, role, suite, keys, trustedTime, invalidSince }) => [
      `  ${role}  ${authority}  ${suite}${trustedTime ? "  trusted for time" : ""}${invalidSince === null ? "" : `  INVALID SINCE ${invalidSince}`}`,
      ...keys.map(({ alg, thumbprint }) => `    ${alg.padEnd(9)}  ${thumbprint}`),
    ]),
    ...trust.recipientKeys.flatMap(({ uri, kind, publicKey }) => [
      `  recipient  ${uri}`,
      `    ${kind.padEnd(11)}  ${createHash("sha256").update(publicKey).digest("hex")}`,
    ]),
  ];
}

/** Shows a trust policy, or the one in force. Spec: CLI-12. */
export async function trustShow(context: Context, [file]: readonly [string | undefined]): Promise<Answer> {
  const source =
    file === undefined
      ? await loadTrust(context.io, await context.findHome(), undefined)
      : await readTrust(context.io, file);
  return { json: trustJson(source), lines: trustLines(source) };
}

interface NamedRoot {
  readonly root: TrustRoot;
  readonly text: string;
}

/** The root of `--root`, else the one that the home has pinned, else null. */
async function rootOf({ io }: Context, home: Home, option: string | undefined): Promise<NamedRoot | null> {
  const path = option ?? (existsSync(home.paths.root) ? home.paths.root : undefined);
  if (path === undefined) return null;
  const text = await readText(io, path);
  const { parseTrustRoot } = await import("@writ/core/trust-root");
  return { root: parseTrustRoot(text), text };
}

function rootLines(named: NamedRoot | null): readonly Line[] {
  if (!named) return [];
  const { authority, suite, keys } = named.root;
  return [
    `  signed by its root  ${authority}  ${suite}`,
    ...keys.map(({ alg, kid }) => `    ${signatureAlgs[alg].name.padEnd(9)}  ${Buffer.from(kid).toString("hex")}`),
  ];
}

/** What the home can't tell of a trust policy: whether it is the current one, where it has pinned none of that name. Spec: CLI-12. */
async function unrememberedNotes({ io }: Context, home: Home, trust: TrustPolicy): Promise<readonly string[]> {
  if ((await pinnedSequences(io, home)).has(trust.name ?? "")) return [];
  const { maxUnrememberedSeconds } = await import("@writ/core/trust-root");
  if (trust.expires <= Math.floor(io.now() / 1000) + maxUnrememberedSeconds) return [];
  return [
    `none of this name was pinned here before, and it lasts for more than 90 days: ask its author whether sequence ${trust.sequence} is the current one`,
  ];
}

/** Shows fingerprints; with --pin the trust policy is in force from then on, and so is its root. Its sequence never goes back. Spec: CLI-12. */
export async function trustAdd(
  context: Context,
  [place]: readonly [string],
  options: TrustAddOptions,
): Promise<Answer> {
  const { io } = context;
  const home = await context.needHome();
  const named = await rootOf(context, home, options.root);
  const source = await readOffered(io, place, named?.root ?? null);
  await assertNotOlder(io, home, source.trust);
  const unremembered = await unrememberedNotes(context, home, source.trust);
  const pinned = options.pin === true;
  if (pinned) {
    const seen = new Map(await pinnedSequences(io, home)).set(source.trust.name ?? "", source.trust.sequence);
    using outputs = new Outputs(true);
    outputs.stage(home.paths.seen, 0o600).write(Buffer.from(`${JSON.stringify(Object.fromEntries(seen))}\n`)); // first: a crash between the two leaves an error, never a way back
    if (named) outputs.stage(home.paths.root, 0o600).write(Buffer.from(named.text));
    outputs.stage(home.paths.trust, 0o600).write(Buffer.from(source.text));
    outputs.commit();
  }
  const own = source.trust.signers.some(({ authority }) => authority === home.authority);
  return {
    json: { ...trustJson(source), pinned },
    lines: [...trustLines(source), ...rootLines(named)],
    notes: [
      pinned
        ? `in force in ${home.paths.folder}`
        : "not in force: compare the fingerprints with its author's, then run it again with --pin",
      ...unremembered,
      ...(own
        ? []
        : [`it doesn't know this home's own signers: what \`${home.authority}\` seals won't verify under it`]),
    ],
  };
}
