// How a decision reads: for people as lines, for programs as JSON.
import type { Decision } from "@writ/core";
import { explainDecision } from "@writ/evaluator";
import { exits } from "./exit-codes.ts";
import type { Line } from "./print.ts";
import { supplierOf } from "./request.ts";

/** A decision as `--json` shows it. */
export interface DecisionJson {
  readonly verdict: Decision["verdict"];
  readonly reasons: Decision["reasons"];
  readonly missing: readonly (Decision["missing"][number] & { readonly flag: string })[];
  readonly obligations: Decision["obligations"];
  /** Name of the decision receipt; null where none was written. */
  readonly receipt: string | null;
}

/** The exit code of a verdict. Spec: CLI-1. */
export function verdictExit(verdict: Decision["verdict"]): number {
  return { permit: exits.ok, deny: exits.denied, unknown: exits.unknown }[verdict];
}

/** JSON of a decision. */
export function decisionJson({ verdict, reasons, missing, obligations, receipt }: Decision): DecisionJson {
  return {
    verdict,
    reasons,
    missing: missing.map((entry) => ({ ...entry, flag: supplierOf(entry.fact) })),
    obligations,
    receipt,
  };
}

function withinText(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  return seconds % 86_400 === 0 ? ` within ${seconds / 86_400} days` : ` within ${seconds} seconds`;
}

/** Lines of a decision. An unknown names each missing fact and the flag that supplies it. Spec: CLI-3. */
export function decisionLines(decision: Decision, subject: string): readonly Line[] {
  const { verdict, reasons, missing, obligations } = decision;
  const tone = ({ permit: "good", deny: "bad", unknown: "strong" } as const)[verdict];
  return [
    { text: `${verdict}  ${subject}`, tone },
    ...explainDecision(decision)
      .slice(1, 1 + reasons.length)
      .map((reason) => `  ${reason}`),
    ...missing.map(({ fact }) => `  missing: ${fact}; supply it with ${supplierOf(fact)}`),
    ...obligations.map(
      ({ duty, type, trigger, withinSeconds, by, criticality }) =>
        `  obligation ${duty}: ${type}, ${trigger}${withinText(withinSeconds)}${by === undefined ? "" : `, by ${by}`}${criticality === "required" ? "" : `, ${criticality}`}`,
    ),
  ];
}
