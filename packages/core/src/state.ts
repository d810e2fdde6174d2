// State sources: what a process looks up for a decision beside artifact and request. Core asks them, the evaluator only reads what they gave.
import type { StatusEntry } from "./artifact.ts";
import type { DecisionState, StateEnd, StateNeeds } from "./evaluator.ts";

/** Values of status entries and the holds they put in force. */
export interface StatusReading {
  readonly status: NonNullable<DecisionState["status"]>;
  /** Names of holds in force; left out where not known. */
  readonly holds?: readonly string[];
}

/** Reads status lists. An entry that it can't read is left out or `unknown`; it throws for nothing that a network does. Spec: STA-1. */
export interface StatusSource {
  read(entries: readonly StatusEntry[], nowSeconds: number): Promise<StatusReading>;
}

/** Reads consents by id. One that it doesn't have is left out. Spec: STA-1. */
export interface ConsentSource {
  read(ids: readonly string[], nowSeconds: number): Promise<NonNullable<DecisionState["consents"]>>;
}

/** One use against a limit. */
export interface Charge {
  /** IRI of the counter. */
  readonly counter: string;
  /** Most uses; the charge is refused where the count has reached it. */
  readonly limit: number;
}

/** What became of a charge. `exhausted` names counters at their limit; `unknown` those that can't be counted now, a lease used up for example. */
export type ChargeOutcome =
  | {
      readonly charged: true;
      /** When what it was counted from ends, a lease for example. */ readonly until?: StateEnd;
    }
  | { readonly charged: false; readonly exhausted: readonly string[]; readonly unknown: readonly string[] };

/** Counts uses. Spec: STA-2, STA-3. */
export interface CounterStore {
  /** Counts so far; a counter that it can't read is left out. */
  read(counters: readonly string[], nowSeconds: number): Promise<NonNullable<DecisionState["counters"]>>;
  /** Adds one use to each counter or to none, atomically over all processes. `use` is 16 random bytes in hex: the same use is counted once. */
  charge(charges: readonly Charge[], use: string, nowSeconds: number): Promise<ChargeOutcome>;
}

/** Where state comes from; what is left out is unknown. */
export interface StateSources {
  readonly status?: StatusSource;
  readonly consents?: ConsentSource;
  readonly counters?: CounterStore;
}

/** Names of the sources, for options by allow-list. */
export const sourceNames: readonly string[] = ["status", "consents", "counters"];

/** Asks each source for what the layers need. Spec: STA-1. */
export async function readState(
  sources: StateSources,
  entries: readonly StatusEntry[],
  needs: StateNeeds,
  nowSeconds: number,
): Promise<Partial<DecisionState>> {
  if (!sources.status && !sources.consents && !sources.counters) return {};
  const counters = [...new Set([...needs.counters, ...needs.charges.map(({ counter }) => counter)])];
  const [status, consents, counts] = await Promise.all([
    sources.status && entries.length > 0 ? sources.status.read(entries, nowSeconds) : undefined,
    sources.consents && needs.consents.length > 0 ? sources.consents.read(needs.consents, nowSeconds) : undefined,
    sources.counters && counters.length > 0 ? sources.counters.read(counters, nowSeconds) : undefined,
  ]);
  return {
    ...(status ? { status: status.status, ...(status.holds ? { holds: status.holds } : {}) } : {}),
    ...(consents ? { consents } : {}),
    ...(counts ? { counters: counts } : {}),
  };
}

interface Ending {
  readonly until?: StateEnd;
}

/** TypeError for an end that is no time: what says when it ends must say so. */
function endOf({ until }: Ending): number {
  if (until === undefined) return Number.POSITIVE_INFINITY;
  if (!Number.isSafeInteger(until)) throw new TypeError("`until` of a state is no time: whole seconds since the epoch");
  return until;
}

function going<T extends Ending>(values: Readonly<Record<string, T>>, now: number): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => now < endOf(value)));
}

/** The state without what has ended by its `now`: that is unknown, and so are the holds of a list that has. Throws TypeError. Spec: STA-4. */
export function currentState(state: DecisionState): DecisionState {
  const { now, status, consents, counters, approvals, holds, ...rest } = state;
  const allGoing = (status ?? []).every((entry) => now < endOf(entry));
  return {
    ...rest,
    now,
    ...(status
      ? {
          status: status.map((entry) =>
            now < endOf(entry) ? entry : { uri: entry.uri, index: entry.index, value: "unknown" as const },
          ),
        }
      : {}),
    ...(consents ? { consents: going(consents, now) } : {}),
    ...(counters ? { counters: going(counters, now) } : {}),
    ...(approvals ? { approvals: approvals.filter((approval) => now < endOf(approval)) } : {}),
    ...(holds && (allGoing || holds.length > 0) ? { holds } : {}),
  };
}

/** When the first of what a decision needed ends; Infinity where nothing does. Spec: STA-4. */
export function stateEnd({ status, consents, counters, approvals }: DecisionState, needs: StateNeeds): number {
  if (!status && !consents && !counters && !approvals) return Number.POSITIVE_INFINITY;
  const counted = [...needs.counters, ...needs.charges.map(({ counter }) => counter)];
  const read: readonly (Ending | undefined)[] = [
    ...(status ?? []),
    ...needs.consents.map((id) => consents?.[id]),
    ...counted.map((counter) => counters?.[counter]),
    ...(approvals ?? []),
  ];
  return Math.min(...read.map((value) => (value ? endOf(value) : Number.POSITIVE_INFINITY)), Number.POSITIVE_INFINITY);
}
