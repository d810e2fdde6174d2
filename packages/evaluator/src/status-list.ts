// Status lists: one token says of many artifacts what became of them (IETF Token Status List, draft-ietf-oauth-status-list).
import { deflateSync, inflateSync } from "node:zlib";
import type { Role, Signer, TrustPolicy } from "@writ/core";
import { readToken, signToken } from "./status-token.ts";
import type { StateToken, TokenDraft, TokenRefusal } from "./status-token.ts";

/** What a status list says of an entry; `held` in lists of hold signers alone. Values are 0, 1, 2, 3 and, for `held`, 1. Spec: STS-3, STS-4. */
export type ListedStatus = "valid" | "revoked" | "suspended" | "superseded" | "held";

/** A status list whose signature was checked. */
export interface StatusList extends Omit<StateToken, "claims"> {
  readonly bits: number;
  /** Inflated; entry 0 in the lowest bits of byte 0. */
  readonly bytes: Uint8Array;
}

/** Roles that speak in status lists. */
export const listRoles: readonly Role[] = ["status", "hold"];

const maxListBytes = 4 << 20;
const typ = "statuslist+jwt";

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
): Promise<StatusList | TokenRefusal> {
  const read = await readToken(token, typ, uri, listRoles, trust, now);
  if (typeof read === "string") return read;
  const { claims, ...rest } = read;
  const list = claims["status_list"];
  if (typeof list !== "object" || list === null) return "form";
  const { bits, lst } = list as Record<string, unknown>;
  if (typeof bits !== "number" || ![1, 2, 4, 8].includes(bits) || typeof lst !== "string") return "form";
  const bytes = inflated(lst);
  return bytes === null ? "size" : { ...rest, bits, bytes };
}

const statusNames: readonly ListedStatus[] = ["valid", "revoked", "suspended", "superseded"];
const holdNames: readonly ListedStatus[] = ["valid", "held"];

/** What a list says of an entry; null beyond its end and for a value that has no meaning here. Spec: STS-3, STS-4. Source: draft-ietf-oauth-status-list 4.1, 7.1. */
export function statusAt({ signer, bits, bytes }: StatusList, index: number): ListedStatus | null {
  const perByte = 8 / bits;
  const byte = bytes[Math.floor(index / perByte)];
  if (byte === undefined) return null;
  const value = (byte >> ((index % perByte) * bits)) & (2 ** bits - 1);
  return (signer.role === "hold" ? holdNames : statusNames)[value] ?? null;
}

/** What `signStatusList` says. */
export interface StatusListDraft extends TokenDraft {
  /** Entries that the list has room for; those not named are valid. */
  readonly size: number;
  readonly entries: ReadonlyMap<number, ListedStatus>;
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

/** Signs a status list as its token; `issuedAt` is later than that of the list before it. Throws RangeError and TypeError for a list that can't be written. Spec: STS-2, STS-9. Source: draft-ietf-oauth-status-list 5.1. */
export async function signStatusList(draft: StatusListDraft, signer: Signer): Promise<string> {
  const { bits, bytes } = packed(draft);
  const lst = deflateSync(bytes, { level: 9 }).toString("base64url");
  return signToken(draft, typ, { status_list: { bits, lst } }, signer);
}
