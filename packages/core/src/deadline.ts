// Until when an artifact's present evidence suffices, by the dates of the trust policy alone.
import type { AnchorEvidence, ApprovalDates } from "./evidence.ts";
import { approvalsCount, judge, unmet } from "./evidence.ts";
import { relianceCounts } from "./source-graph.ts";
import type { SourceGraph } from "./source-graph.ts";
import type { SuiteName } from "./suites.ts";
import { suiteCountsAt } from "./trust.ts";
import type { TrustPolicy } from "./trust.ts";

/** The first date of the trust policy at which the present evidence no longer suffices. */
export interface Deadline {
  /** Seconds since the epoch; in the past where it has expired. */
  readonly at: number;
  /** What ingest finds from then on: the evidence expired, or an enforced requirement is not met. */
  readonly code: "suite-lapsed" | "suite-required";
}

/** What is judged beside an artifact's own anchors, at the times that they give. */
interface Relied {
  readonly policySuites: ReadonlySet<SuiteName>;
  readonly chains: SourceGraph;
  readonly approvals: readonly ApprovalDates[];
}

/** True where neither trust policy nor approvals name a date: then evidence that suffices goes on to. */
function isTimeless({ approvals, chains }: Relied, trust: TrustPolicy): boolean {
  if (trust.required.length > 0 || approvals.length > 0 || chains.nodes.some((chain) => chain.approvals.length > 0))
    return false;
  for (const { verifyUntil } of trust.suites.values()) if (verifyUntil !== null) return false;
  return true;
}

/** Every date at which the verdict on these anchors can change. */
function datesOf(anchors: readonly AnchorEvidence[], relied: Relied, trust: TrustPolicy): number[] {
  const all = [...anchors, ...relied.chains.nodes.flatMap((chain) => chain.anchors)];
  const approvals = [...relied.approvals, ...relied.chains.nodes.flatMap((chain) => chain.approvals)];
  const used = new Set([
    ...approvals.map(({ suite }) => suite),
    ...relied.policySuites,
    ...relied.chains.nodes.flatMap((chain) => [...chain.policySuites]),
    ...all.map(({ suite }) => suite),
  ]);
  const lapses = [...used].map((suite) => trust.suites.get(suite)?.verifyUntil ?? null).filter((at) => at !== null);
  const required = trust.required.filter(({ stage }) => stage === "enforce").map(({ from }) => from);
  const ends = approvals.map(({ expires }) => expires);
  return [...lapses, ...required, ...ends].toSorted((a, b) => a - b);
}

function findingAt(
  anchors: readonly AnchorEvidence[],
  { policySuites, chains, approvals }: Relied,
  trust: TrustPolicy,
  at: number,
): Deadline["code"] | null {
  const judged = judge(anchors, trust, at);
  const first = judged[0]!;
  if (!first.counts || [...policySuites].some((suite) => !suiteCountsAt(trust, suite, first.judgedAt)))
    return "suite-lapsed";
  if (!relianceCounts(judged, chains, trust) || !approvalsCount(judged, approvals, trust)) return "suite-lapsed";
  return unmet(trust, judged, at).some(({ stage }) => stage === "enforce") ? "suite-required" : null;
}

/** Judges anchors, policies and sources again at each date to come; evidence that no longer suffices never does again. Spec: RAN-2. */
export function deadlineOf(anchors: readonly AnchorEvidence[], relied: Relied, trust: TrustPolicy): Deadline | null {
  if (isTimeless(relied, trust)) return null;
  for (const at of datesOf(anchors, relied, trust)) {
    const code = findingAt(anchors, relied, trust, at);
    if (code !== null) return { at, code };
  }
  return null;
}
