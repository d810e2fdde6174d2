// What a condition may name, and what may stand beside it. Spec: REQ-1, REQ-2.
import type { ParameterType, Scalar } from "./document.ts";

/** Type of a field, which decides its operators. */
export type FieldType = "text" | "kind" | "list" | "level" | "region" | "integer" | "open";

/** Levels from the least strict on. */
export const levels: readonly string[] = ["public", "internal", "confidential", "restricted"];

const kinds = ["service", "human", "agent"];

const fixed: ReadonlyMap<string, FieldType> = new Map([
  ["principal.id", "text"],
  ["principal.kind", "kind"],
  ["principal.roles", "list"],
  ["principal.org", "text"],
  ["principal.clearance", "level"],
  ["region", "region"],
  ["destination.party", "text"],
  ["destination.region", "region"],
  ["output.k", "integer"],
]);

const iri = /^(?:urn:|https:\/\/|http:\/\/|did:|tag:)[^\s<>"{}|\\^`]+$/u;

const region = /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/;

/** Names for "did you mean". */
export const fieldNames: readonly string[] = [...fixed.keys()];

/** True for a full IRI of the forms that policies hold. */
export function isIri(text: string): boolean {
  return text.length <= 512 && iri.test(text);
}

/** True for a country, a subdivision or a group, as far as its form says. */
export function isRegion(text: string): boolean {
  return region.test(text);
}

/** The type of a field, or undefined for what is no field of conditions. */
export function fieldType(name: string): FieldType | undefined {
  const known = fixed.get(name);
  if (known) return known;
  if (/^output\.[a-z][A-Za-z0-9_]{0,63}$/.test(name)) return "open";
  if (name.startsWith("facts.") && isIri(name.slice("facts.".length))) return "open";
  if (name.startsWith("uses.") && isIri(name.slice("uses.".length))) return "integer";
  return undefined;
}

const equality = ["eq", "ne", "in", "notIn"];
const order = ["lt", "lte", "gt", "gte"];
const membership = ["hasAny", "hasAll", "hasNone"];

const operatorsByType: Readonly<Record<FieldType, readonly string[]>> = {
  text: [...equality, "exists"],
  kind: [...equality, "exists"],
  list: [...membership, "exists"],
  level: [...equality, ...order, "exists"],
  region: [...equality, "exists"],
  integer: [...equality, ...order, "exists"],
  open: [...equality, ...order, ...membership, "exists"],
};

/** Operators a field of this type takes. */
export function operatorsOf(type: FieldType): readonly string[] {
  return operatorsByType[type];
}

/** What a value compared with a field is: its JavaScript type. */
export type ValueType = "string" | "number" | "boolean";

/** Types that an operand of this operator may have on a field of this type; an open field leaves several. */
export function operandTypes(type: FieldType, operator: string): readonly ValueType[] {
  if (type === "integer" || (type === "open" && order.includes(operator))) return ["number"];
  if (type === "open" && equality.includes(operator)) return ["string", "number", "boolean"];
  return ["string"];
}

/** Whether a value written in the document is one that the field can have. */
export function isFieldValue(type: FieldType, value: Scalar): boolean {
  if (type === "kind") return kinds.includes(String(value));
  if (type === "level") return levels.includes(String(value));
  if (type === "region") return isRegion(String(value));
  return true;
}

/** The JavaScript type of a declared parameter where it may stand in a condition; null for instants, which may not. */
export function parameterValueType(type: ParameterType): ValueType | null {
  if (type === "instant") return null;
  if (type === "integer") return "number";
  return type === "boolean" ? "boolean" : "string";
}
