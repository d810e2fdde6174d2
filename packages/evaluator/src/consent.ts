// Consents: a register says of many consents whether they were given, refused or withdrawn, signed like a status list.
import type { ConsentSource, Signer, TrustPolicy } from "@writ/core";
import { StatusKeeper, checkOptions, keeperNames } from "./status-keeper.ts";
import type { KeeperOptions } from "./status-keeper.ts";
import { readToken, signersOf, signToken } from "./status-token.ts";
import type { StateToken, TokenDraft, TokenRefusal } from "./status-token.ts";

const values = ["given", "refused", "withdrawn"] as const;

/** What became of a consent. Times are seconds since the epoch. */
export interface ConsentRecord {
  readonly value: (typeof values)[number];
  /** A given consent is good before it; absent where it has no end. */
  readonly until?: number;
}

/** A register of consents by id, before it is signed. */
export interface ConsentRegisterDraft extends TokenDraft {
  readonly consents: Readonly<Record<string, ConsentRecord>>;
}

interface ConsentRegister extends Omit<StateToken, "claims"> {
  readonly consents: ReadonlyMap<string, ConsentRecord>;
}

/** Options of `consentSource`. */
export interface ConsentSourceOptions extends KeeperOptions {
  /** URI of the register. */
  readonly register: string;
}

const typ = "writ-consents+jwt";
const maxAgeMs = 3_600_000;
const maxIdLength = 2048;
/** Memory of a record beside its text, about. */
const recordBytes = 256;

function recordOf(value: unknown): ConsentRecord | null {
  if (typeof value !== "object" || value === null) return null;
  const { value: stated, until, ...more } = value as Record<string, unknown>;
  const known = values.find((one) => one === stated);
  if (known === undefined || Object.keys(more).length > 0) return null;
  if (until === undefined) return { value: known };
  return Number.isSafeInteger(until) && (until as number) >= 0 ? { value: known, until: until as number } : null;
}

/** Records by id; null where one isn't of the form. Spec: CNS-2. */
function recordsOf(value: unknown): ReadonlyMap<string, ConsentRecord> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const records = Object.entries(value).map(([id, record]) => [id, recordOf(record)] as const);
  const sound = records.filter((entry): entry is readonly [string, ConsentRecord] => entry[1] !== null);
  return sound.length === records.length && sound.every(([id]) => id.length <= maxIdLength) ? new Map(sound) : null;
}

async function readRegister(
  token: string,
  uri: string,
  trust: TrustPolicy,
  now: number,
): Promise<ConsentRegister | TokenRefusal> {
  const read = await readToken(token, typ, uri, ["status"], trust, now);
  if (typeof read === "string") return read;
  const { claims, ...rest } = read;
  const consents = recordsOf(claims["consents"]);
  return consents === null ? "form" : { ...rest, consents };
}

/** Signs a register as its token. Throws TypeError and RangeError for what can't be written. Spec: CNS-2. */
export async function signConsents(draft: ConsentRegisterDraft, signer: Signer): Promise<string> {
  const { consents } = draft;
  if (recordsOf(consents) === null) throw new TypeError("a consent is {`value`, `until`?} by its id");
  return signToken(draft, typ, { consents }, signer);
}

/** A source over a signed register of consents, of 1 h at most by default; `read` throws for nothing that a network, a cache or a register does. Throws TypeError and RangeError for wrong options. Spec: CNS-1 to CNS-3. */
export function consentSource(options: ConsentSourceOptions): ConsentSource {
  checkOptions(options, [...keeperNames, "register"]);
  const { trust, register: uri } = options;
  if (typeof uri !== "string") throw new TypeError("`register` is a URI");
  const registers = new StatusKeeper(options, maxAgeMs, readRegister, (read) => recordBytes * read.consents.size);
  return {
    read: async (ids, nowSeconds) => {
      const nowMs = registers.nowMs(nowSeconds);
      const mayBeRead = signersOf(trust, uri, ["status"]).length > 0 && nowMs < trust.expires * 1000;
      const register = mayBeRead ? await registers.list(uri, nowMs) : null;
      if (register === null) return {};
      const ageMs = Math.max(0, nowMs - register.issuedAt * 1000);
      const mayName = (id: string): boolean => register.signer.scope?.some((prefix) => id.startsWith(prefix)) === true;
      return Object.fromEntries(
        ids.flatMap((id) => {
          const record = mayName(id) ? register.consents.get(id) : undefined;
          if (record === undefined) return [];
          const over = record.value === "given" && record.until !== undefined && nowMs >= record.until * 1000;
          const ends = Math.min(
            registers.endOf(register),
            record.value === "given" && !over ? (record.until ?? Infinity) : Infinity,
          );
          return [[id, { value: over ? ("expired" as const) : record.value, ageMs, until: ends }] as const];
        }),
      );
    },
  };
}
