// Rules as three-valued expressions. What is known is folded away at once; what stays open is kept, so that the facts
// it lacks can be named.

import { byCodePoint } from "./code-point-order.ts";

/** A rule as far as it is known. Operands of `and`, `or`, `not` are open, never known. */
export type Expression =
  | { readonly kind: "known"; readonly value: boolean }
  | { readonly kind: "lookup"; readonly facts: readonly string[] }
  | { readonly kind: "and" | "or"; readonly operands: readonly Expression[] }
  | { readonly kind: "not"; readonly operand: Expression };

/** A rule that holds. */
export const yes: Expression = { kind: "known", value: true };

/** A rule that doesn't hold. */
export const no: Expression = { kind: "known", value: false };

/** A truth that is settled. */
export function known(value: boolean): Expression {
  return value ? yes : no;
}

/** An operator or lookup that couldn't read these facts. */
export function lookup(...facts: readonly string[]): Expression {
  return { kind: "lookup", facts };
}

/** Absorbed by `absorbing`, neutral in its opposite: `and` with false, `or` with true. */
function join(kind: "and" | "or", operands: readonly Expression[]): Expression {
  const absorbing = kind === "or";
  const open: Expression[] = [];
  for (const operand of operands) {
    if (operand.kind !== "known") open.push(operand);
    else if (operand.value === absorbing) return operand;
  }
  if (open.length === 0) return known(!absorbing);
  return open.length === 1 ? open[0]! : { kind, operands: open };
}

/** The least, in the order false < unknown < true. */
export function and(operands: readonly Expression[]): Expression {
  return join("and", operands);
}

/** The greatest. */
export function or(operands: readonly Expression[]): Expression {
  return join("or", operands);
}

/** The opposite; two of them cancel. */
export function not(operand: Expression): Expression {
  if (operand.kind === "known") return known(!operand.value);
  return operand.kind === "not" ? operand.operand : { kind: "not", operand };
}

/** true, false, or undefined for unknown. */
export function valueOf(expression: Expression): boolean | undefined {
  return expression.kind === "known" ? expression.value : undefined;
}

function smallest(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return sets.reduce((best, set) => (set.size < best.size ? set : best));
}

/** What an open expression needs to become `wanted`, by the cheapest way. Spec: RSN-2 steps 1 and 2. */
function needs(expression: Expression, wanted: boolean): ReadonlySet<string> {
  switch (expression.kind) {
    case "known":
      return new Set();
    case "lookup":
      return new Set(expression.facts);
    case "not":
      return needs(expression.operand, !wanted);
    case "and":
    case "or": {
      const sets = expression.operands.map((operand) => needs(operand, wanted));
      const all = (expression.kind === "and") === wanted;
      return all ? new Set(sets.flatMap((set) => [...set])) : smallest(sets);
    }
  }
}

/** Whether it can still be `wanted` when the lookups of `facts` may take either value and all others stay open. */
function reaches(expression: Expression, wanted: boolean, facts: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case "known":
      return expression.value === wanted;
    case "lookup":
      return expression.facts.every((fact) => facts.has(fact));
    case "not":
      return reaches(expression.operand, !wanted, facts);
    case "and":
    case "or": {
      const can = (operand: Expression): boolean => reaches(operand, wanted, facts);
      return (expression.kind === "and") === wanted ? expression.operands.every(can) : expression.operands.some(can);
    }
  }
}

/** A minimal set of facts that could make an open expression true, in the order of code points. Spec: RSN-2. */
export function missingFacts(expression: Expression): readonly string[] {
  const needed = [...needs(expression, true)].sort(byCodePoint);
  const rest = new Set(needed);
  for (const fact of needed) {
    rest.delete(fact);
    if (!reaches(expression, true, rest)) rest.add(fact);
  }
  return needed.filter((fact) => rest.has(fact));
}
