// Records of mixed policies, used together: each decided by its own, and what becomes of the rest is said beforehand.
import { FormatError } from "@writ/core";
import type { Decision, DecisionRequest, MissingFact, Obligation, Permit } from "@writ/core";
import { byCodePoint } from "./code-point-order.ts";
import { checkDeriving, sealChild } from "./governed-derive.ts";
import type { DecidedParent, DerivingOptions } from "./governed-derive.ts";
import type { Lent } from "./governed-form.ts";
import { Labelled } from "./governed-label.ts";
import { decideOn, defaultMaxBytes, heldBytes, lendUnder, ownRequest } from "./governed-use.ts";
import type { Held } from "./governed-use.ts";
import { derivedOf, heldBy } from "./governed.ts";
import type { Derived, Governed } from "./governed.ts";

/** How a batch is used. */
export interface RecordsOptions {
  /** What a record that isn't permitted means: nothing is opened, or the function gets the others. There is no default. */
  readonly onDeny: "refuse" | "filter";
  /** Most content of all records that is held in memory; default 64 MiB. */
  readonly maxBytes?: number;
}

/** A record as the function gets it. */
export interface GovernedRecord<T> {
  /** Its place in the batch. */
  readonly index: number;
  readonly plaintext: T;
}

/** How many records a reason was given for. */
export interface ReasonCount {
  /** Reason code. */
  readonly code: string;
  /** At least ten: fewer would point at single records. */
  readonly records: number;
}

/** Why records weren't permitted, without pointing at any. Spec: GOV-6. */
export interface LeftOut {
  /** Of records that were denied. */
  readonly denied: readonly ReasonCount[];
  /** Of records that were neither denied nor permitted. */
  readonly unknown: readonly ReasonCount[];
  /** What unknown records lack: facts of the request, and others that at least ten of them lack. */
  readonly missing: readonly MissingFact[];
}

/** How the use of a batch went. */
export type UsedRecords<R> =
  | {
      readonly verdict: "permit";
      readonly value: R;
      /** Of all records that the function was given. */
      readonly obligations: readonly Obligation[];
      readonly leftOut: LeftOut;
    }
  | { readonly verdict: "deny" | "unknown"; readonly leftOut: LeftOut };

const leastCount = 10;
const optionNames: ReadonlySet<string> = new Set(["onDeny", "maxBytes"] satisfies (keyof RecordsOptions)[]);

interface Decided<T> extends DecidedParent {
  readonly held: Held<T>;
  readonly index: number;
}

interface Permitted<T> extends Decided<T> {
  readonly permit: Permit;
}

/** Entries with the number of records that have each, those of at least ten. */
function frequent<T>(lists: readonly (readonly T[])[], keyOf: (entry: T) => string): (readonly [T, number])[] {
  const counts = new Map<string, [T, number]>();
  for (const list of lists) {
    for (const [key, entry] of new Map(list.map((each) => [keyOf(each), each]))) {
      const count = counts.get(key);
      if (count) count[1] += 1;
      else counts.set(key, [entry, 1]);
    }
  }
  return [...counts.values()].filter(([, count]) => count >= leastCount);
}

function reasonCounts(decisions: readonly Decision[]): readonly ReasonCount[] {
  return frequent(
    decisions.map(({ reasons }) => reasons.map(({ code }) => code)),
    (code) => code,
  )
    .map(([code, records]) => ({ code, records }))
    .sort((a, b) => byCodePoint(a.code, b.code));
}

/** Facts of the request are the same for every record and point at none. */
function isOfRequest({ suppliedBy }: MissingFact): boolean {
  return suppliedBy === "caller" || suppliedBy === "principal-token";
}

function leftOutOf(decisions: readonly Decision[]): LeftOut {
  const unknown = decisions.filter(({ verdict }) => verdict === "unknown");
  const lacking = unknown.map(({ missing }) => missing);
  const shown = [...lacking.flat().filter(isOfRequest), ...frequent(lacking, ({ fact }) => fact).map(([fact]) => fact)];
  return {
    denied: reasonCounts(decisions.filter(({ verdict }) => verdict === "deny")),
    unknown: reasonCounts(unknown),
    missing: [...new Map(shown.map((entry) => [entry.fact, entry])).values()].sort((a, b) =>
      byCodePoint(a.fact, b.fact),
    ),
  };
}

/** Obligations of several records: one of each duty of each policy. */
function united(decisions: readonly Decision[]): readonly Obligation[] {
  const all = decisions.flatMap(({ obligations }) => obligations);
  return [...new Map(all.map((obligation) => [`${obligation.policy} ${obligation.duty}`, obligation])).values()];
}

/** A batch of governed values, each under its own policies. Prints as `[Governed N records]`. `T` is what each is given as. Spec: GOV-3. */
export class GovernedRecords<T = Uint8Array> extends Labelled {
  readonly #records: readonly Held<T>[];
  readonly #options: RecordsOptions;

  constructor(records: readonly Held<T>[], options: RecordsOptions) {
    super(`[Governed ${records.length} records]`);
    this.#records = records;
    this.#options = options;
  }

  /**
   * Decides on every record, then opens those that are permitted and calls `fn` with them: with `refuse` only where all are, with
   * `filter` where any is. One permit a record. Throws what `decide` and `open` throw, FormatError `input-too-large`. Spec: GOV-1, GOV-5, GOV-6.
   */
  async use<R>(
    request: DecisionRequest,
    fn: (records: readonly GovernedRecord<T>[]) => R | Promise<R>,
  ): Promise<UsedRecords<R>> {
    return this.#use(ownRequest(request), (records) => fn(records));
  }

  /** As `use`, and what `fn` makes comes back as a governed child of every record that it was given. Throws also what `derive` and `ingest` throw. Spec: GOV-7. */
  async derive(
    request: DecisionRequest,
    fn: (records: readonly GovernedRecord<T>[]) => Uint8Array | Promise<Uint8Array>,
    deriving: DerivingOptions,
  ): Promise<UsedRecords<Derived>> {
    checkDeriving(deriving);
    const asked = ownRequest(request);
    return this.#use(asked, async (records, [first, ...others]) =>
      derivedOf(await sealChild([first!, ...others], asked, await fn(records), deriving)),
    );
  }

  async #use<R>(
    request: DecisionRequest,
    fn: (records: readonly GovernedRecord<T>[], parents: readonly DecidedParent[]) => Promise<R> | R,
  ): Promise<UsedRecords<R>> {
    this.#assertSize();
    const decided: Decided<T>[] = [];
    for (const [index, held] of this.#records.entries()) {
      decided.push({ held, index, decision: await decideOn(held, request) });
    }
    const leftOut = leftOutOf(decided.map(({ decision }) => decision));
    const permitted = decided.flatMap((record): Permitted<T>[] =>
      record.decision.permit === null ? [] : [{ ...record, permit: record.decision.permit }],
    );
    const { onDeny } = this.#options;
    if (permitted.length === 0 || (onDeny === "refuse" && permitted.length < decided.length)) {
      const has = (verdict: Decision["verdict"]): boolean =>
        decided.some(({ decision }) => decision.verdict === verdict);
      const denied = onDeny === "refuse" ? has("deny") : !has("unknown"); // one refuses all, or all are refused
      return { verdict: denied ? "deny" : "unknown", leftOut };
    }
    const value = await withLent(permitted, (records) => fn(records, permitted));
    return { verdict: "permit", value, obligations: united(permitted.map(({ decision }) => decision)), leftOut };
  }

  #assertSize(): void {
    const { maxBytes = defaultMaxBytes } = this.#options;
    const sizeBytes = this.#records.reduce((sum, held) => sum + heldBytes(held), 0);
    if (sizeBytes > maxBytes)
      throw new FormatError("input-too-large", `records of ${sizeBytes} bytes where at most ${maxBytes} are held`);
  }
}

/** Takes everything back before any failure is told. */
async function takeBack(lent: readonly Lent<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(lent.map((one) => one.end()));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

/** Opens every record, calls `fn`, and takes back whatever was lent, also where one can't be opened. Spec: GOV-2. */
async function withLent<T, R>(
  permitted: readonly Permitted<T>[],
  fn: (records: readonly GovernedRecord<T>[]) => Promise<R> | R,
): Promise<R> {
  const lent: Lent<T>[] = [];
  try {
    const records: GovernedRecord<T>[] = [];
    for (const { held, index, permit } of permitted) {
      const one = await lendUnder(held, permit);
      lent.push(one);
      records.push({ index, plaintext: one.value });
    }
    return await fn(records);
  } finally {
    await takeBack(lent);
  }
}

/** Puts governed values together as a batch. Throws TypeError without `onDeny`, for unknown options and for what isn't governed, RangeError for no records. Spec: GOV-5. */
export function governRecords<T>(records: readonly Governed<T>[], options: RecordsOptions): GovernedRecords<T> {
  const unknown = Object.keys(options).find((name) => !optionNames.has(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  if (options.onDeny !== "refuse" && options.onDeny !== "filter")
    throw new TypeError("`onDeny` says what a refusal of some records means: refuse or filter");
  if (records.length === 0) throw new RangeError("a batch has at least one record");
  return new GovernedRecords(records.map(heldBy), { ...options });
}
