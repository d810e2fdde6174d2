// What policies would decide, and where two of them differ: nothing is opened, counted or recorded. Spec: SIM-1.
import type { DecisionState, Evaluation, Evaluator, PolicyLayer } from "@writ/core";
import { casesFor } from "./simulate-cases.ts";
import type { SimulatedCase } from "./simulate-cases.ts";

export type { SimulatedCase };

/** What a simulation needs. */
export interface SimulationOptions {
  readonly evaluator: Evaluator;
  /** Seconds since the epoch. */
  readonly now: number;
  /** Requests to ask; without them such that the policies tell apart, always the same. */
  readonly cases?: Iterable<SimulatedCase>;
  /** How many differences are kept; default 100. All are counted. */
  readonly maxDifferences?: number;
}

/** A decision, as far as simulations compare it. */
export interface SimulatedDecision {
  readonly verdict: Evaluation["verdict"];
  /** Reason codes, sorted. */
  readonly reasons: readonly string[];
  /** `type trigger` of each obligation, sorted. */
  readonly obligations: readonly string[];
}

/** Where subjects decide apart: by verdict or obligations. */
export interface SimulatedDifference extends SimulatedCase {
  readonly decisions: Readonly<Record<string, SimulatedDecision>>;
}

/** Outcome of a simulation. */
export interface Simulation {
  readonly cases: number;
  readonly verdicts: Readonly<Record<string, Readonly<Record<Evaluation["verdict"], number>>>>;
  readonly differing: number;
  readonly differences: readonly SimulatedDifference[];
}

function decisionOf({ verdict, reasons, obligations }: Evaluation): SimulatedDecision {
  return {
    verdict,
    reasons: [...new Set(reasons.map(({ code }) => code))].sort(),
    obligations: obligations
      .map(({ type, trigger, withinSeconds, by, criticality }) =>
        [type, trigger, withinSeconds === undefined ? "" : `${withinSeconds} s`, by ?? "", criticality]
          .filter((word) => word !== "")
          .join(" "),
      )
      .sort(),
  };
}

function tell(decision: SimulatedDecision): string {
  return JSON.stringify([decision.verdict, decision.obligations]);
}

/**
 * Decides each case for each subject: policies to compare, or the artifacts of a corpus, by name with their layers.
 * Throws PolicyError for a layer or request that isn't well formed, TypeError for unknown options. Spec: SIM-1, SIM-2.
 */
export function simulate(
  subjects: Readonly<Record<string, readonly PolicyLayer[]>>,
  options: SimulationOptions,
): Simulation {
  const unknown = Object.keys(options).find((name) => !["evaluator", "now", "cases", "maxDifferences"].includes(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  const { evaluator, now, maxDifferences = 100 } = options;
  const names = Object.keys(subjects);
  const verdicts = Object.fromEntries(names.map((name) => [name, { permit: 0, deny: 0, unknown: 0 }]));
  const differences: SimulatedDifference[] = [];
  let cases = 0;
  let differing = 0;
  const distinct = new Map(
    Object.values(subjects)
      .flat()
      .map((layer) => [JSON.stringify(layer), layer]),
  );
  for (const one of options.cases ?? casesFor([...distinct.values()], now)) {
    cases += 1;
    const state: DecisionState = { ...one.state, now: one.state?.now ?? now };
    const decided = names.map((name) => {
      const decision = decisionOf(evaluator.evaluate(subjects[name]!, one.request, state));
      verdicts[name]![decision.verdict] += 1;
      return [name, decision] as const;
    });
    if (new Set(decided.map(([, decision]) => tell(decision))).size < 2) continue;
    differing += 1;
    if (differences.length < maxDifferences) differences.push({ ...one, decisions: Object.fromEntries(decided) });
  }
  return { cases, verdicts, differing, differences };
}
