// Status lists: one JWT says of many artifacts what became of them (IETF Token Status List, draft-ietf-oauth-status-list). Nothing of it is believed before its signature.
import { deflateSync, inflateSync } from "node:zlib";
import { compactVerify } from "jose";
import { GovernanceError, parseJson, signatureAlgs } from "@writ/core";
import type { Role, SignatureAlg, Signer, TrustedSigner, TrustPolicy } from "@writ/core";

/** What a status list says of an entry; `held` in lists of hold signers alone. Values are 0, 1, 2, 3 and, for `held`, 1. Spec: STS-3, STS-4. */
export type ListedStatus = "valid" | "revoked" | "suspended" | "superseded" | "held";

/** A status list whose signature was checked. */
export interface StatusList {
  readonly uri: string;
  readonly role: "status" | "hold";
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Seconds since the epoch; null where the list names none. */
  readonly expires: number | null;
  /** How long a copy is current, in seconds; null where the list doesn't say. */
  readonly ttl: number | null;
  readonly bits: number;
  /** Inflated; entry 0 in the lowest bits of byte 0. */
  readonly bytes: Uint8Array;
}

/** Why a list was refused; for logs, never for a verdict. */
export type ListRefusal = "scope" | "form" | "signature" | "date" | "size";

const maxTokenLength = 6 << 20;
const maxListBytes = 4 << 20;
const maxAheadSeconds = 300;
const typ = "statuslist+jwt";
const jwsAlgs: Readonly<Partial<Record<SignatureAlg, readonly string[]>>> = {
  [-19]: ["EdDSA", "Ed25519"],
  [-9]: ["ES256"],
  [-51]: ["ES384"],
  [-49]: ["ML-DSA-65"],
  [-50]: ["ML-DSA-87"],
};

/** Signers of the trust policy that may speak for a list, of one role; empty where none may. Spec: STS-1. */
export function signersOfList(trust: TrustPolicy, uri: string): readonly TrustedSigner[] {
  return trust.signers.filter(
    ({ role, scope }) => isListRole(role) && scope !== null && scope.some((prefix) => uri.startsWith(prefix)),
  );
}

function isListRole(role: Role): role is "status" | "hold" {
  return role === "status" || role === "hold";
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

async function payloadUnder(token: string, { keys }: TrustedSigner): Promise<Uint8Array | null> {
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

interface Claims {
  readonly issuedAt: number;
  readonly expires: number | null;
  readonly ttl: number | null;
  readonly bits: number;
  readonly lst: string;
}

function claimsOf(payload: Uint8Array, uri: string): Claims | null {
  const value = jsonOf(payload);
  if (typeof value !== "object" || value === null) return null;
  const { sub, iat, exp, ttl, status_list: list } = value as Record<string, unknown>;
  if (
    sub !== uri ||
    !isTime(iat) ||
    !(exp === undefined || isTime(exp)) ||
    !(ttl === undefined || (isTime(ttl) && ttl > 0))
  )
    return null;
  if (typeof list !== "object" || list === null) return null;
  const { bits, lst } = list as Record<string, unknown>;
  if (typeof bits !== "number" || ![1, 2, 4, 8].includes(bits) || typeof lst !== "string") return null;
  return { issuedAt: iat, expires: exp ?? null, ttl: ttl ?? null, bits, lst };
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(payload), maxTokenLength);
  } catch (error) {
    if (error instanceof GovernanceError || error instanceof TypeError) return null;
    throw error;
  }
}

function inflated(lst: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]*$/.test(lst)) return null;
  try {
    return inflateSync(Buffer.from(lst, "base64url"), { maxOutputLength: maxListBytes });
  } catch {
    return null; // no zlib stream, or one that would grow beyond its bound
  }
}

/** Checks the token of a list; says why where it doesn't count. `now` is seconds since the epoch. Spec: STS-1, STS-2. Source: draft-ietf-oauth-status-list 4, 5.1, 8.3. */
export async function readStatusList(
  token: string,
  uri: string,
  trust: TrustPolicy,
  now: number,
): Promise<StatusList | ListRefusal> {
  const signers = signersOfList(trust, uri);
  if (signers.length === 0) return "scope";
  if (typeof token !== "string" || token.length > maxTokenLength) return "size";
  for (const signer of signers) {
    const payload = await payloadUnder(token.trim(), signer);
    if (payload === null) continue;
    const claims = claimsOf(payload, uri);
    if (claims === null) return "form";
    const { issuedAt, expires, ttl, bits, lst } = claims;
    if (issuedAt > now + maxAheadSeconds || !countsAt(signer, issuedAt, now, trust)) return "date";
    const bytes = inflated(lst);
    return bytes === null
      ? "size"
      : { uri, role: signer.role as StatusList["role"], issuedAt, expires, ttl, bits, bytes };
  }
  return "signature";
}

const statusNames: readonly ListedStatus[] = ["valid", "revoked", "suspended", "superseded"];
const holdNames: readonly ListedStatus[] = ["valid", "held"];

/** What a list says of an entry; null beyond its end and for a value that has no meaning here. Spec: STS-3, STS-4. Source: draft-ietf-oauth-status-list 4.1, 7.1. */
export function statusAt({ role, bits, bytes }: StatusList, index: number): ListedStatus | null {
  const perByte = 8 / bits;
  const byte = bytes[Math.floor(index / perByte)];
  if (byte === undefined) return null;
  const value = (byte >> ((index % perByte) * bits)) & (2 ** bits - 1);
  return (role === "hold" ? holdNames : statusNames)[value] ?? null;
}

/** What `signStatusList` says. Times are seconds since the epoch. */
export interface StatusListDraft {
  /** URI at which the list is found. */
  readonly uri: string;
  /** Entries that the list has room for; those not named are valid. */
  readonly size: number;
  readonly entries: ReadonlyMap<number, ListedStatus>;
  readonly issuedAt: number;
  readonly expires?: number;
  /** Seconds for which a copy is current. */
  readonly ttl?: number;
}

function packed({ size, entries }: StatusListDraft): { readonly bits: number; readonly bytes: Uint8Array } {
  if (!Number.isSafeInteger(size) || size < 1) throw new RangeError("a status list has room for at least one entry");
  const named = [...entries.values()];
  if (named.includes("held") && named.some((status) => status !== "held" && status !== "valid"))
    throw new TypeError("a list of holds says nothing but `held` and `valid`");
  const bits = named.some((status) => status === "suspended" || status === "superseded") ? 2 : 1;
  const bytes = new Uint8Array(Math.ceil((size * bits) / 8));
  if (bytes.length > maxListBytes) throw new RangeError(`a status list has at most ${maxListBytes} bytes`);
  for (const [index, status] of entries) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size)
      throw new RangeError(`entry ${index} is outside the list`);
    const value = (status === "held" ? holdNames : statusNames).indexOf(status);
    if (value < 0) throw new TypeError(`\`${String(status)}\` is no status`);
    const at = index * bits;
    bytes[at >> 3] = bytes[at >> 3]! | (value << (at & 7));
  }
  return { bits, bytes };
}

/** Signs a status list as its token. Throws RangeError and TypeError for a list that can't be written or a suite of two signatures. Spec: STS-2. Source: draft-ietf-oauth-status-list 5.1. */
export async function signStatusList(draft: StatusListDraft, signer: Signer): Promise<string> {
  const { uri, issuedAt, expires, ttl } = draft;
  const [key, ...more] = signer.keys;
  const alg = key && more.length === 0 ? jwsAlgs[key.alg]?.[0] : undefined;
  if (!key || alg === undefined)
    throw new TypeError(`a status list has one signature, suite \`${signer.suite}\` has another number`);
  if (![issuedAt, expires ?? 0, ttl ?? 1].every(isTime) || ttl === 0)
    throw new RangeError("times of a status list are whole seconds");
  const { bits, bytes } = packed(draft);
  const lst = deflateSync(bytes, { level: 9 }).toString("base64url");
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    sub: uri,
    iat: issuedAt,
    ...(expires === undefined ? {} : { exp: expires }),
    ...(ttl === undefined ? {} : { ttl }),
    status_list: { bits, lst },
  };
  const signed = `${part({ alg, typ })}.${part(claims)}`;
  const signature = await key.sign(new TextEncoder().encode(signed));
  if (signature.length !== signatureAlgs[key.alg].signatureBytes)
    throw new TypeError("the signer gave a signature of another length");
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}
