// The trust policy: whose signatures count, for what, under which suites, until when. Keys come from here, never from an artifact.
import { fromBase64url, fromHex, toBase64url, toHex } from "#bytes";
import { equalBytes } from "./cbor.ts";
import { signedBytes, thumbprint } from "./cose.ts";
import type { CosePurpose, ParsedCose } from "./cose.ts";
import { importPublicKey, verifyBytes, verifyBytesAside } from "#crypto";
import type { PublicKey } from "#crypto";
import { VerificationError } from "./errors.ts";
import { fixedMap, freezeDeep } from "./frozen.ts";
import { schemaIssues } from "./generated/trust-schema.ts";
import { parseJson } from "./json.ts";
import type { Signer } from "./signer.ts";
import { isSuiteName, suites } from "./suites.ts";
import type { SignatureAlg, SuiteName } from "./suites.ts";
import { bad, instant } from "./trust-form.ts";
import { parseRecipientKeys } from "./trust-recipient.ts";
import type { RecipientKeyJson, TrustedRecipientKey } from "./trust-recipient.ts";

/** What a signer may do; a key has exactly one role. Spec: TRU-2. */
export type Role = "issue" | "policy" | "derive" | "anchor" | "receipt" | "status" | "approve" | "hold";

/** A signer that the verifier knows. Times are seconds since the epoch. */
export interface TrustedSigner {
  readonly authority: string;
  readonly suite: SuiteName;
  readonly role: Role;
  /** In the order of the suite. Bytes are copies for each who asks: a trust policy serves many callers. */
  readonly keys: readonly { readonly alg: SignatureAlg; readonly kid: Uint8Array; readonly key: PublicKey }[];
  /** Prefixes: of policy ids for issue, derive and policy, of list URIs for status and hold. */
  readonly scope: readonly string[] | null;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  readonly trustedTime: boolean;
  readonly invalidSince: number | null;
}

/** A requirement on the evidence from a date on. */
export interface Requirement {
  readonly from: number;
  readonly suites: readonly string[];
  readonly authorities: number;
  readonly stage: "enforce" | "report-only";
}

/** What artifacts of some classifications must carry. */
export interface Demand {
  readonly classifications: readonly string[];
  readonly status: boolean;
  readonly parents: boolean;
  readonly receipts: boolean;
}

/** A checked trust policy, which never changes. Made by `parseTrust` alone. */
export interface TrustPolicy {
  readonly name: string | null;
  readonly sequence: number;
  readonly expires: number;
  readonly signers: readonly TrustedSigner[];
  readonly suites: ReadonlyMap<SuiteName, { readonly signUntil: number | null; readonly verifyUntil: number | null }>;
  readonly required: readonly Requirement[];
  readonly demands: readonly Demand[];
  readonly recipientKeys: readonly TrustedRecipientKey[];
  readonly acceptUnknownLaterAnchors: boolean;
}

interface TrustJson {
  readonly name?: string;
  readonly sequence: number;
  readonly expires: string;
  readonly signers: readonly SignerJson[];
  readonly suites: Readonly<Record<string, { readonly signUntil?: string; readonly verifyUntil?: string }>>;
  readonly required?: readonly {
    readonly from: string;
    readonly suites: readonly string[];
    readonly authorities?: number;
    readonly stage: "enforce" | "report-only";
  }[];
  readonly demands?: readonly {
    readonly classifications: readonly string[];
    readonly status?: boolean;
    readonly parents?: boolean;
    readonly receipts?: boolean;
  }[];
  readonly recipientKeys?: readonly RecipientKeyJson[];
  readonly acceptUnknownLaterAnchors?: boolean;
}

interface SignerJson {
  readonly authority: string;
  readonly suite: string;
  readonly role: Role;
  readonly keys: readonly { readonly thumbprint: string; readonly publicKey: string }[];
  readonly scope?: readonly string[];
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly trustedTime?: boolean;
  readonly invalidSince?: string;
}

/** Roles whose scope must be written out: a list must not speak for another's URIs. */
const listRoles: ReadonlySet<Role> = new Set<Role>(["status", "hold"]);
const scopedRoles: ReadonlySet<Role> = new Set<Role>(["issue", "policy", "derive", ...listRoles]);

function trustedKey(alg: SignatureAlg, kid: Uint8Array, key: PublicKey): TrustedSigner["keys"][number] {
  return {
    alg,
    get kid() {
      return Uint8Array.from(kid);
    },
    get key() {
      return key instanceof Uint8Array ? Uint8Array.from(key) : key;
    },
  };
}

function parseSigner(json: SignerJson, path: string): TrustedSigner {
  if (!isSuiteName(json.suite)) bad(`${path}/suite`, `suite \`${json.suite}\` is not known here`);
  const { algs } = suites[json.suite];
  if (json.keys.length !== algs.length) bad(`${path}/keys`, `suite \`${json.suite}\` takes ${algs.length} keys`);
  if (json.scope !== undefined && !scopedRoles.has(json.role))
    bad(`${path}/scope`, `role \`${json.role}\` has no scope`);
  if (json.scope === undefined && listRoles.has(json.role))
    bad(`${path}/scope`, `role \`${json.role}\` needs a scope: prefixes of the URIs of its lists`);
  if (json.trustedTime === true && json.role !== "issue" && json.role !== "anchor")
    bad(`${path}/trustedTime`, "only issue and anchor signers are trusted for time");
  const keys = json.keys.map((entry, index) => {
    const alg = algs[index]!;
    const raw = fromBase64url(entry.publicKey);
    if (toBase64url(raw) !== entry.publicKey)
      throw new VerificationError(
        "key-mismatch",
        "a public key is base64url without padding, no bits behind its bytes",
      );
    const kid = thumbprint(alg, raw);
    if (!equalBytes(fromHex(entry.thumbprint), kid))
      bad(`${path}/keys/${index}/thumbprint`, "the thumbprint is not that of the public key");
    return trustedKey(alg, kid, importPublicKey(alg, raw));
  });
  return {
    authority: json.authority,
    suite: json.suite,
    role: json.role,
    keys,
    scope: json.scope ?? null,
    notBefore: instant(json.notBefore, `${path}/notBefore`),
    notAfter: instant(json.notAfter, `${path}/notAfter`),
    trustedTime: json.trustedTime ?? false,
    invalidSince: instant(json.invalidSince, `${path}/invalidSince`),
  };
}

/** A host without a slash behind it: it begins the names of other hosts too. */
const bareHost = /^[a-z][a-z0-9+.-]*:\/\/[^/]*$/i;

/** A URI belongs to status signers or to hold signers: who may only hold data back could else call revoked data valid. Spec: TRU-12. */
function assertListsApart(signers: readonly TrustedSigner[]): void {
  const scopesOf = (wanted: Role): readonly string[] =>
    signers.flatMap(({ role, scope }) => (role === wanted ? (scope ?? []) : []));
  const statuses = scopesOf("status");
  signers.forEach(({ role, scope }, index) => {
    const open = listRoles.has(role) ? scope?.find((prefix) => bareHost.test(prefix)) : undefined;
    if (open !== undefined) bad(`/signers/${index}/scope`, `\`${open}\` ends within a host's name: a slash is missing`);
    if (role !== "hold") return;
    const shared = scope?.find((hold) => statuses.some((other) => other.startsWith(hold) || hold.startsWith(other)));
    if (shared !== undefined)
      bad(`/signers/${index}/scope`, `\`${shared}\` is in the scope of a signer of role \`status\` too`);
  });
}

/** A signer with the thumbprints of its keys, which nobody else has a hand on. */
interface KnownSigner {
  readonly signer: TrustedSigner;
  readonly kids: readonly Uint8Array[];
}

const kidIndex = new WeakMap<TrustPolicy, ReadonlyMap<string, KnownSigner>>();

/** Checks the text of a trust policy; throws FormatError `trust-schema`, `json-…`, VerificationError `key-mismatch`. Spec: TRU-1, TRU-2, TRU-3. */
export function parseTrust(text: string): TrustPolicy {
  const value = parseJson(text);
  const issues = schemaIssues(value);
  if (issues)
    bad(issues[0]!.instancePath, `\`${issues[0]!.instancePath || "/"}\` ${issues[0]!.message ?? "is not valid"}`);
  const json = value as TrustJson;
  const signers = json.signers.map((signer, index) => parseSigner(signer, `/signers/${index}`));
  assertListsApart(signers);
  const byKid = new Map<string, KnownSigner>();
  signers.forEach((signer, index) => {
    const known = { signer, kids: signer.keys.map(({ kid }) => kid) };
    for (const kid of known.kids.map(toHex)) {
      if (byKid.has(kid)) bad(`/signers/${index}/keys`, "a key stands in two signers");
      byKid.set(kid, known);
    }
  });
  const known = Object.entries(json.suites).filter(([name]) => isSuiteName(name)) as [
    SuiteName,
    { signUntil?: string; verifyUntil?: string },
  ][];
  const trust: TrustPolicy = {
    name: json.name ?? null,
    sequence: json.sequence,
    expires: instant(json.expires, "/expires")!,
    signers,
    suites: fixedMap(
      known.map(([name, dates]) => [
        name,
        Object.freeze({
          signUntil: instant(dates.signUntil, `/suites/${name}/signUntil`),
          verifyUntil: instant(dates.verifyUntil, `/suites/${name}/verifyUntil`),
        }),
      ]),
    ),
    required: (json.required ?? []).map((entry, index) => ({
      ...entry,
      from: instant(entry.from, `/required/${index}/from`)!,
      authorities: entry.authorities ?? 1,
    })),
    demands: (json.demands ?? []).map((entry) => ({
      classifications: entry.classifications,
      status: entry.status ?? false,
      parents: entry.parents ?? false,
      receipts: entry.receipts ?? false,
    })),
    recipientKeys: parseRecipientKeys(json.recipientKeys ?? []),
    acceptUnknownLaterAnchors: json.acceptUnknownLaterAnchors ?? false,
  };
  freezeDeep(trust);
  kidIndex.set(trust, byKid);
  return trust;
}

/** Throws `trust-missing` for none, `trust-expired`, and TypeError for an object that `parseTrust` didn't make. Spec: TRU-4. */
export function assertTrust(trust: TrustPolicy, now: number): void {
  if (((trust as TrustPolicy | null | undefined) ?? null) === null)
    throw new VerificationError("trust-missing", "there is no trust policy, so nothing is known to be valid");
  if (!kidIndex.has(trust)) throw new TypeError("a trust policy comes from parseTrust");
  if (now >= trust.expires)
    throw new VerificationError("trust-expired", "the trust policy has expired: fetch the current one");
}

function byFirstKid(trust: TrustPolicy, { signatures }: ParsedCose): KnownSigner | undefined {
  return kidIndex.get(trust)?.get(toHex(signatures[0]!.kid));
}

/** True where the signatures are those of this signer's keys, each once and in their order. */
function isExactlyBy({ signer: { keys }, kids }: KnownSigner, { signatures }: ParsedCose): boolean {
  return (
    keys.length === signatures.length &&
    keys.every(({ alg }, index) => alg === signatures[index]!.alg && equalBytes(kids[index]!, signatures[index]!.kid))
  );
}

/** The signer of a COSE_Sign by its kids alone; nothing is verified yet. Throws `signer-unknown` unless the signatures are exactly that signer's. Spec: TRU-5. */
export function findSigner(trust: TrustPolicy, cose: ParsedCose): TrustedSigner {
  const known = byFirstKid(trust, cose);
  if (!known) throw new VerificationError("signer-unknown", "no signer of the trust policy has this key");
  if (!isExactlyBy(known, cose))
    throw new VerificationError(
      "signer-unknown",
      `the signatures are not exactly those of signer \`${known.signer.authority}\``,
    );
  return known.signer;
}

/** What the threads found of signatures, for the one question that was asked: same trust policy, use and payload. */
interface Ahead {
  readonly trust: TrustPolicy;
  readonly purpose: CosePurpose;
  readonly payload: Uint8Array;
  readonly valid: readonly boolean[];
}

const aheads = new WeakMap<ParsedCose, Ahead>();

/** Ed25519 and P-256 are verified in less than it pays to hand over. */
const quickAlgs: ReadonlySet<SignatureAlg> = new Set([-19, -9]);

/**
 * Verifies signatures, the slow ones on libuv's threads and the quick ones here meanwhile, and keeps what it found for `verifyCose`, which
 * alone judges it. Of a signer that the trust policy doesn't name it finds nothing. Nobody else has a hand on the bytes.
 */
export async function verifyAhead(
  trust: TrustPolicy,
  cose: ParsedCose,
  purpose: CosePurpose,
  payload: Uint8Array,
): Promise<void> {
  const known = byFirstKid(trust, cose);
  if (!known || !isExactlyBy(known, cose)) return;
  const { signer } = known;
  const by = (verify: typeof verifyBytes | typeof verifyBytesAside, index: number): boolean | Promise<boolean> => {
    const { alg, key } = signer.keys[index]!;
    return verify(alg, key, signedBytes(cose, index, purpose, payload), cose.signatures[index]!.signature);
  };
  const found: (boolean | Promise<boolean>)[] = signer.keys.map(({ alg }, index) =>
    quickAlgs.has(alg) ? false : by(verifyBytesAside, index),
  );
  signer.keys.forEach(({ alg }, index) => {
    if (quickAlgs.has(alg)) found[index] = by(verifyBytes, index);
  });
  const valid: boolean[] = [];
  for (const each of found) valid.push(await each);
  aheads.set(cose, { trust, purpose, payload, valid });
}

/** Verifies every signature of a COSE_Sign by the signer the trust policy names; throws `signer-unknown`, `signature-invalid`. Spec: TRU-5, SUI-3. */
export function verifyCose(
  trust: TrustPolicy,
  cose: ParsedCose,
  purpose: CosePurpose,
  payload: Uint8Array,
): TrustedSigner {
  const signer = findSigner(trust, cose);
  const ahead = aheads.get(cose);
  const known =
    ahead?.trust === trust && ahead.purpose === purpose && ahead.payload === payload ? ahead.valid : undefined;
  signer.keys.forEach(({ alg, key }, index) => {
    const { signature } = cose.signatures[index]!;
    if (!(known?.[index] ?? verifyBytes(alg, key, signedBytes(cose, index, purpose, payload), signature)))
      throw new VerificationError("signature-invalid", `a signature of \`${signer.authority}\` does not verify`);
  });
  return signer;
}

/** Throws `signer-role`, or `signer-dates` where `signedAt` lies outside the signer's dates. Spec: TRU-6. */
export function assertRole(signer: TrustedSigner, roles: readonly Role[], signedAt: number): void {
  if (!roles.includes(signer.role))
    throw new VerificationError(
      "signer-role",
      `a signer of role \`${signer.role}\` can't do this; it takes ${roles.map((role) => `\`${role}\``).join(" or ")}`,
    );
  if (
    (signer.notBefore !== null && signedAt < signer.notBefore) ||
    (signer.notAfter !== null && signedAt >= signer.notAfter)
  ) {
    throw new VerificationError("signer-dates", `signer \`${signer.authority}\` is not trusted for that date`);
  }
}

/** True where evidence under `suite` counts at `at`. A suite that the trust policy doesn't name never does. Spec: SUI-5. */
export function suiteCountsAt(trust: TrustPolicy, suite: SuiteName, at: number): boolean {
  const dates = trust.suites.get(suite);
  return dates !== undefined && (dates.verifyUntil === null || at < dates.verifyUntil);
}

/**
 * Throws unless a signature that nothing later dates counts at `judgedAt`: `signer-role`, `signer-dates`, `signer-compromised` for a marked key,
 * `suite-lapsed`. For roots of receipts and for reports; anchors are judged by their chain. Spec: SUI-5, TRU-6, TRU-8.
 */
export function assertLoneSignature(
  trust: TrustPolicy,
  signer: TrustedSigner,
  roles: readonly Role[],
  { signedAt, judgedAt }: { readonly signedAt: number; readonly judgedAt: number },
): void {
  assertRole(signer, roles, signedAt);
  if (signer.invalidSince !== null)
    throw new VerificationError(
      "signer-compromised",
      `the key of \`${signer.authority}\` is marked invalid and nothing dates its signature before that`,
    );
  const signUntil = trust.suites.get(signer.suite)?.signUntil ?? null;
  if (!suiteCountsAt(trust, signer.suite, judgedAt) || (signUntil !== null && signedAt >= signUntil))
    throw new VerificationError("suite-lapsed", `suite \`${signer.suite}\` is no longer accepted`);
}

/** Trust policy JSON of a signer, for authors of trust policies. */
export function describeSigner(
  signer: Signer,
  role: Role,
): { authority: string; suite: SuiteName; role: Role; keys: { thumbprint: string; publicKey: string }[] } {
  const keys = signer.keys.map(({ alg, publicKey }) => ({
    thumbprint: toHex(thumbprint(alg, publicKey)),
    publicKey: toBase64url(publicKey),
  }));
  return { authority: signer.authority, suite: signer.suite, role, keys };
}
