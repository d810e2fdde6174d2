// Signed state: a JWS by a signer of the trust policy whose scope covers what it speaks of, with each of its signatures. Keys never come from the token.
import { createHash } from "node:crypto";
import { flattenedVerify } from "jose";
import { GovernanceError, parseJson, signatureAlgs } from "@writ/core";
import type { Role, SignatureAlg, Signer, TrustedSigner, TrustPolicy } from "@writ/core";

/** Why a token was refused; for logs, never for a verdict. */
export type TokenRefusal = "scope" | "form" | "signature" | "date" | "size";

/** Claims of a token that count now. Times are seconds since the epoch, `ttl` is seconds. */
export interface StateToken {
  /** What it speaks of, its `sub`. */
  readonly uri: string;
  readonly signer: TrustedSigner;
  readonly issuedAt: number;
  /** Its `exp`, or the end of its suite where that is before; null where neither is given. */
  readonly expires: number | null;
  /** How long a copy is current; null where the token doesn't say. */
  readonly ttl: number | null;
  /** SHA-384 of its payload, hex: two tokens of one time that differ in it say different things. */
  readonly digest: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

const maxTokenLength = 6 << 20;
const maxAheadSeconds = 300;
const jwsAlgs: Readonly<Partial<Record<SignatureAlg, readonly string[]>>> = {
  [-19]: ["EdDSA", "Ed25519"],
  [-9]: ["ES256"],
  [-51]: ["ES384"],
  [-49]: ["ML-DSA-65"],
  [-50]: ["ML-DSA-87"],
};

/** Signers of these roles whose scope covers a URI. Spec: STS-1. */
export function signersOf(trust: TrustPolicy, uri: string, roles: readonly Role[]): readonly TrustedSigner[] {
  return trust.signers.filter(
    ({ role, scope }) => roles.includes(role) && scope !== null && scope.some((prefix) => uri.startsWith(prefix)),
  );
}

function countsAt(
  { notBefore, notAfter, invalidSince, suite }: TrustedSigner,
  issuedAt: number,
  now: number,
  trust: TrustPolicy,
): boolean {
  const dates = trust.suites.get(suite);
  return (
    (notBefore === null || issuedAt >= notBefore) &&
    (notAfter === null || issuedAt < notAfter) &&
    invalidSince === null &&
    dates !== undefined &&
    (dates.verifyUntil === null || now < dates.verifyUntil)
  );
}

interface JwsSignature {
  readonly protected: string;
  readonly signature: string;
}

/** A JWS in either form: compact, or JSON with several signatures over one payload. */
interface Jws {
  readonly payload: string;
  readonly signatures: readonly JwsSignature[];
}

const compactForm = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

function hasExactly(value: unknown, names: readonly string[]): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));
}

function isSignature(value: unknown): value is JwsSignature & Readonly<Record<string, unknown>> {
  return (
    hasExactly(value, ["protected", "signature"]) &&
    typeof value["protected"] === "string" &&
    typeof value["signature"] === "string"
  );
}

/** The parts of a token, not believed; null for what is none. Spec: STS-2, STS-9. Source: RFC 7515 sections 7.1, 7.2.1. */
function partsOf(token: string): Jws | null {
  const text = token.trim();
  const [, header, payload, signature] = compactForm.exec(text) ?? [];
  if (payload !== undefined) return { payload, signatures: [{ protected: header!, signature: signature! }] };
  if (!text.startsWith("{")) return null;
  const value = jsonOf(text);
  if (!hasExactly(value, ["payload", "signatures"])) return null;
  const { payload: signed, signatures } = value;
  if (typeof signed !== "string" || !Array.isArray(signatures) || signatures.length < 2) return null; // one has one form
  return signatures.every(isSignature) ? { payload: signed, signatures } : null;
}

/** The payload that signature `index` covers, under the signer's key in that place; null where it doesn't count. */
async function payloadOf(
  { payload, signatures }: Jws,
  index: number,
  typ: string,
  { keys }: TrustedSigner,
): Promise<Uint8Array | null> {
  const { alg, key } = keys[index]!;
  const algorithms = jwsAlgs[alg];
  if (!algorithms || key instanceof Uint8Array) return null; // this Node lacks the algorithm
  try {
    const one = { payload, ...signatures[index]! };
    const { payload: covered, protectedHeader } = await flattenedVerify(one, key, { algorithms: [...algorithms] });
    return protectedHeader?.typ === typ && protectedHeader.crit === undefined ? covered : null;
  } catch {
    return null; // not this signer's
  }
}

/** The payload where every key of the signer has signed it, in the order of its suite, and no other; else null. Spec: STS-9. */
async function payloadUnder(jws: Jws, typ: string, signer: TrustedSigner): Promise<Uint8Array | null> {
  if (jws.signatures.length !== signer.keys.length) return null;
  const covered = await Promise.all(signer.keys.map((_, index) => payloadOf(jws, index, typ, signer)));
  return covered.every((payload) => payload !== null) ? (covered[0] ?? null) : null;
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text, maxTokenLength);
  } catch (error) {
    if (error instanceof GovernanceError) return null;
    throw error;
  }
}

function textOf(payload: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(payload);
  } catch {
    return ""; // no UTF-8, so no JSON
  }
}

function digestOf(payload: Uint8Array): string {
  return createHash("sha384").update(payload).digest("hex");
}

/** What a token says of itself, none of it checked: its `sub`, its `iat` in seconds since the epoch, and the SHA-384 of its payload, hex. Null for what is no token. */
export function unverifiedToken(
  token: string,
): { readonly uri: string; readonly issuedAt: number; readonly digest: string } | null {
  const jws = token.length > maxTokenLength ? null : partsOf(token);
  if (jws === null) return null;
  const payload = Buffer.from(jws.payload, "base64url");
  const value = jsonOf(textOf(payload));
  if (typeof value !== "object" || value === null) return null;
  const { sub, iat } = value as Readonly<Record<string, unknown>>;
  return typeof sub === "string" && isTime(iat) ? { uri: sub, issuedAt: iat, digest: digestOf(payload) } : null;
}

function tokenOf(payload: Uint8Array, uri: string, signer: TrustedSigner): StateToken | null {
  const value = jsonOf(textOf(payload));
  if (typeof value !== "object" || value === null) return null;
  const claims = value as Readonly<Record<string, unknown>>;
  const { sub, iat, exp, ttl } = claims;
  if (sub !== uri || !isTime(iat)) return null;
  if (!(exp === undefined || isTime(exp)) || !(ttl === undefined || (isTime(ttl) && ttl > 0))) return null;
  return { uri, signer, issuedAt: iat, expires: exp ?? null, ttl: ttl ?? null, digest: digestOf(payload), claims };
}

/** Verifies a token about `uri` by a signer of one of `roles`; says why where it doesn't count. `now` is seconds since the epoch. Spec: STS-1, STS-2. Source: RFC 7515, RFC 8725. */
export async function readToken(
  token: string,
  typ: string,
  uri: string,
  roles: readonly Role[],
  trust: TrustPolicy,
  now: number,
): Promise<StateToken | TokenRefusal> {
  const signers = signersOf(trust, uri, roles);
  if (signers.length === 0) return "scope";
  if (typeof token !== "string" || token.length > maxTokenLength) return "size";
  const jws = partsOf(token);
  if (jws === null) return "form";
  for (const signer of signers) {
    const payload = await payloadUnder(jws, typ, signer);
    if (payload === null) continue;
    const read = tokenOf(payload, uri, signer);
    if (read === null) return "form";
    if (read.issuedAt > now + maxAheadSeconds || !countsAt(signer, read.issuedAt, now, trust)) return "date";
    const lapses = trust.suites.get(signer.suite)?.verifyUntil ?? Infinity; // a copy that is kept doesn't outlive it
    const ends = Math.min(read.expires ?? Infinity, lapses);
    return { ...read, expires: ends === Infinity ? null : ends };
  }
  return "signature";
}

/** What every token says of itself. Times are seconds since the epoch. */
export interface TokenDraft {
  /** URI at which it is found, and of which it speaks. */
  readonly uri: string;
  readonly issuedAt: number;
  readonly expires?: number;
  /** Seconds for which a copy is current. */
  readonly ttl?: number;
}

/** Signs claims as a JWS: compact under one key, JSON with a signature of each under several. Throws RangeError for times that aren't whole seconds. Spec: STS-2, STS-9. */
export async function signToken(draft: TokenDraft, typ: string, claims: object, signer: Signer): Promise<string> {
  const { uri, issuedAt, expires, ttl } = draft;
  if (![issuedAt, expires ?? 0, ttl ?? 1].every(isTime) || ttl === 0)
    throw new RangeError("times of a token are whole seconds");
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const own = {
    sub: uri,
    iat: issuedAt,
    ...(expires === undefined ? {} : { exp: expires }),
    ...(ttl === undefined ? {} : { ttl }),
  };
  const payload = part({ ...own, ...claims });
  if (payload.length > maxTokenLength - 32_768) throw new RangeError("the token is longer than is read");
  const signatures = await Promise.all(
    signer.keys.map(async (key): Promise<JwsSignature> => {
      const alg = jwsAlgs[key.alg]?.[0];
      if (alg === undefined) throw new TypeError(`suite \`${signer.suite}\` signs no tokens`);
      const header = part({ alg, typ });
      const signature = await key.sign(new TextEncoder().encode(`${header}.${payload}`));
      if (signature.length !== signatureAlgs[key.alg].signatureBytes)
        throw new TypeError("the signer gave a signature of another length");
      return { protected: header, signature: Buffer.from(signature).toString("base64url") };
    }),
  );
  const [first, ...more] = signatures;
  if (!first) throw new TypeError("a signer has at least one key");
  return more.length === 0
    ? `${first.protected}.${payload}.${first.signature}`
    : JSON.stringify({ payload, signatures });
}
