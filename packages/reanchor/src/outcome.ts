// What became of each artifact of a run, and of the run.
import type { ErrorCode, OutcomeKind, SuiteName } from "@writ/core";

/** What became of one item. */
export interface Outcome {
  readonly path: string;
  /**
   * `anchored`: it has its new anchor, read back; `current`: it had one already; `planned`: a dry run would anchor it; `set-aside`: it failed,
   * see the code; `quarantined`: past its suite's cut-off; `not-reached`: the run ended first.
   */
  readonly outcome: OutcomeKind;
  readonly attempts: number;
  /** 32 hex digits; absent where it was not read or did not verify. */
  readonly id?: string;
  /** Its head after the run. */
  readonly head?: string;
  /** Name of the root message of the anchor that this run added. */
  readonly root?: string;
  readonly code?: ErrorCode;
  readonly reason?: string;
}

/** Items by outcome. */
export type OutcomeCounts = Readonly<Record<OutcomeKind, number>>;

/** A finished run, whichever way it ended: plain data, to be written as JSON. Times are seconds since the epoch. */
export interface RunResult {
  readonly version: 1;
  /** 32 hex digits, random. */
  readonly campaign: string;
  readonly location: string;
  readonly to: SuiteName;
  /** False for a dry run. */
  readonly committed: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `complete`: every item was reached; `limit`, `aborted`, `interrupted`: run again to go on. */
  readonly ended: "complete" | "limit" | "aborted" | "interrupted";
  /** Why it was aborted. */
  readonly endedCode?: ErrorCode | "max-set-aside";
  readonly endedReason?: string;
  readonly trustSequence: number;
  readonly counts: OutcomeCounts;
  readonly batches: number;
  /** Signature operations that were asked for, repeated ones included. */
  readonly signCalls: number;
  readonly bytesWritten: number;
  /** Artifacts that an interrupted run had signed for and this one finished writing first; they are `current` in the outcomes. */
  readonly recovered: number;
  /** Cautions that stop nothing. */
  readonly warnings: readonly string[];
  /** One an item of the corpus, in the order in which each came to its end. */
  readonly outcomes: readonly Outcome[];
}

/** Counts of nothing. */
export function noOutcomes(): Record<OutcomeKind, number> {
  return { anchored: 0, current: 0, planned: 0, "set-aside": 0, quarantined: 0, "not-reached": 0 };
}
