// The report of a run: its outcomes in core's signed form, and back.
import { signReport as signEntries, verifyReport as verifyEntries } from "@writ/core";
import type { Clock, Digest, OutcomeKind, Signer, SuiteName, TrustPolicy } from "@writ/core";
import type { Outcome, OutcomeCounts, RunResult } from "./outcome.ts";

/** A report whose signature, root and counts were verified: plain data. Times are seconds since the epoch. */
export interface VerifiedReport {
  readonly authority: string;
  /** 32 hex digits. */
  readonly campaign: string;
  readonly location: string;
  readonly to: SuiteName;
  readonly committed: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ended: RunResult["ended"];
  readonly endedCode?: string;
  readonly trustSequence: number;
  readonly signCalls: number;
  readonly counts: OutcomeCounts;
  readonly outcomes: readonly ReportedOutcome[];
}

/** An outcome as a report has it; codes are those of the version that wrote it. */
export interface ReportedOutcome extends Omit<Outcome, "code"> {
  readonly outcome: OutcomeKind;
  readonly code?: string;
}

/**
 * Signs the report of a run by the campaign's anchor signer. Every item of the corpus is in it, failures included. Throws TypeError for
 * a signer of another suite than the run's target, and what the signer throws. Spec: RAN-15, RAN-16.
 */
export function signReport(result: RunResult, signer: Signer): Promise<Uint8Array> {
  return signEntries(
    {
      campaign: Buffer.from(result.campaign, "hex"),
      corpus: result.location,
      suite: result.to,
      mode: result.committed ? "commit" : "dry-run",
      startedAt: result.startedAt,
      endedAt: result.endedAt,
      ended: result.ended,
      ...(result.endedCode === undefined ? {} : { endedCode: result.endedCode }),
      trustSequence: result.trustSequence,
      signCalls: result.signCalls,
      entries: result.outcomes.map(({ path, outcome, attempts, id, head, root, code, reason }) => ({
        path,
        outcome,
        attempts,
        ...(id === undefined ? {} : { artifactId: Buffer.from(id, "hex") }),
        ...(head === undefined ? {} : { head: head as Digest }),
        ...(root === undefined ? {} : { root: root as Digest }),
        ...(code === undefined ? {} : { code }),
        ...(reason === undefined ? {} : { reason: reason.slice(0, 1024) }),
      })),
    },
    signer,
  );
}

/**
 * Verifies a report under a trust policy. Throws FormatError, `report-root` where an outcome is missing, added or altered, `signer-…`,
 * `signature-invalid`, `suite-lapsed`, `trust-expired`. Spec: RAN-15 to RAN-17.
 */
export function verifyReport(
  bytes: Uint8Array,
  trust: TrustPolicy,
  options: { readonly clock?: Clock } = {},
): VerifiedReport {
  const { campaign, corpus, suite, mode, entries, ...facts } = verifyEntries(bytes, trust, options);
  return {
    ...facts,
    campaign: Buffer.from(campaign).toString("hex"),
    location: corpus,
    to: suite,
    committed: mode === "commit",
    outcomes: entries.map(({ artifactId, ...entry }) => ({
      ...entry,
      ...(artifactId === undefined ? {} : { id: Buffer.from(artifactId).toString("hex") }),
    })),
  };
}
