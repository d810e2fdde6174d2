// Signed state: a JWT by a signer of the trust policy whose scope covers what it speaks of. Keys never come from the token.
import { compactVerify } from "jose";
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

async function payloadUnder(token: string, typ: string, { keys }: TrustedSigner): Promise<Uint8Array | null> {
  const [first, ...more] = keys;
  const algorithms = first && more.length === 0 ? jwsAlgs[first.alg] : undefined; // a compact JWS has one signature
  if (!first || !algorithms || first.key instanceof Uint8Array) return null; // this Node lacks the algorithm
  try {
    const { payload, protectedHeader } = await compactVerify(token, first.key, { algorithms: [...algorithms] });
    return protectedHeader.typ === typ ? payload : null;
  } catch {
    return null; // not this signer's
  }
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(payload), maxTokenLength);
  } catch (error) {
    if (error instanceof GovernanceError || error instanceof TypeError) return null;
    throw error;
  }
}

function tokenOf(payload: Uint8Array, uri: string, signer: TrustedSigner): StateToken | null {
  const value = jsonOf(payload);
  if (typeof value !== "object" || value === null) return null;
  const claims = value as Readonly<Record<string, unknown>>;
  const { sub, iat, exp, ttl } = claims;
  if (sub !== uri || !isTime(iat)) return null;
  if (!(exp === undefined || isTime(exp)) || !(ttl === undefined || (isTime(ttl) && ttl > 0))) return null;
  return { uri, signer, issuedAt: iat, expires: exp ?? null, ttl: ttl ?? null, claims };
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
  for (const signer of signers) {
    const payload = await payloadUnder(token.trim(), typ, signer);
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

/** Signs claims as a compact JWS. Throws TypeError for a suite of two signatures, RangeError for times that aren't whole seconds. Spec: STS-2. */
export async function signToken(draft: TokenDraft, typ: string, claims: object, signer: Signer): Promise<string> {
  const { uri, issuedAt, expires, ttl } = draft;
  const [key, ...more] = signer.keys;
  const alg = key && more.length === 0 ? jwsAlgs[key.alg]?.[0] : undefined;
  if (!key || alg === undefined) throw new TypeError(`a token has one signature, suite \`${signer.suite}\` makes more`);
  if (![issuedAt, expires ?? 0, ttl ?? 1].every(isTime) || ttl === 0)
    throw new RangeError("times of a token are whole seconds");
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const own = {
    sub: uri,
    iat: issuedAt,
    ...(expires === undefined ? {} : { exp: expires }),
    ...(ttl === undefined ? {} : { ttl }),
  };
  const signed = `${part({ alg, typ })}.${part({ ...own, ...claims })}`;
  if (signed.length > maxTokenLength - 8192) throw new RangeError("the token is longer than is read");
  const signature = await key.sign(new TextEncoder().encode(signed));
  if (signature.length !== signatureAlgs[key.alg].signatureBytes)
    throw new TypeError("the signer gave a signature of another length");
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}
