// The parts of a conjunct: what decided it, for its reason.
import { and } from "./expression.ts";
import type { Expression } from "./expression.ts";

/** One rule of a conjunct. */
export interface Part {
  readonly holds: Expression;
  /** Id of the rule, or the name of the limit. */
  readonly rule?: string;
  /** The fact, purpose or operation it is about. */
  readonly subject?: string;
}

/** A row of the table of conjuncts. Spec: EVL-6. */
export interface Conjunct {
  readonly code: string;
  readonly parts: readonly Part[];
}

/** All parts must hold. */
export function conjunctHolds({ parts }: Conjunct): Expression {
  return and(parts.map((part) => part.holds));
}
