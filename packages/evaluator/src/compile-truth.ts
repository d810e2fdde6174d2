// Three-valued truth without the facts behind it: what compiled rules compute. Spec: EVL-2.

/** True, false, or undefined for unknown. */
export type Truth = boolean | undefined;

/** Not: unknown stays unknown. */
export function negate(value: Truth): Truth {
  return value === undefined ? undefined : !value;
}
