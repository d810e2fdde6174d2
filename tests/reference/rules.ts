// Rules as trees over lookups, in three values; null is unknown (EVL-1). Value, reasons and missing facts (RSN-2) come
// from one and the same tree.
export type Kleene = boolean | null;
export type Rule =
  | { and: readonly Rule[] }
  | { or: readonly Rule[] }
  | { not: Rule }
  | { is: Kleene; facts: readonly string[] };
export const known = (is: boolean): Rule => ({ is, facts: [] });
export const open = (facts: readonly string[]): Rule => ({ is: null, facts });
export const and = (rules: readonly Rule[]): Rule => ({ and: rules });
export const or = (rules: readonly Rule[]): Rule => ({ or: rules });
export const not = (rule: Rule): Rule => ({ not: rule });
const flip = (value: Kleene): Kleene => (value === null ? null : !value);
const least = (all: readonly Kleene[]): Kleene => (all.includes(false) ? false : all.includes(null) ? null : true);
export const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** The value of a rule; lookups whose facts are all in `supplied` take the value that is wanted of them. */
export function valueOf(rule: Rule, supplied: readonly string[] | null = null, wanted = true): Kleene {
  if ("and" in rule) return least(rule.and.map((part) => valueOf(part, supplied, wanted)));
  if ("or" in rule) return flip(least(rule.or.map((part) => flip(valueOf(part, supplied, wanted)))));
  if ("not" in rule) return flip(valueOf(rule.not, supplied, !wanted));
  return rule.is === null && supplied !== null && rule.facts.every((fact) => supplied.includes(fact))
    ? wanted
    : rule.is;
}
/** RSN-2, steps 1 and 2; null where the value can't be got. */
function needs(rule: Rule, wanted: boolean): readonly string[] | null {
  const value = valueOf(rule);
  if (value !== null) return value === wanted ? [] : null;
  if ("not" in rule) return needs(rule.not, !wanted);
  if ("is" in rule) return unique(rule.facts);
  const found = ("and" in rule ? rule.and : rule.or).map((part) => needs(part, wanted));
  if ("and" in rule === wanted) return unique(found.flatMap((facts) => facts ?? []));
  return found.reduce((best, facts) => (facts && (!best || facts.length < best.length) ? facts : best), null);
}
/** RSN-2, step 3. */
export function missingFacts(verdict: Rule): string[] {
  const all = [...(needs(verdict, true) ?? [])].sort();
  return all.reduce((left, fact) => {
    const rest = left.filter((other) => other !== fact);
    return valueOf(verdict, rest) === true ? rest : left;
  }, all);
}
