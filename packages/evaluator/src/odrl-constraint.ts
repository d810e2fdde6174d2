// Constraints of ODRL and conditions of a policy: three words become a field, an operator and an operand. Spec: ODR-3.
import { byCodePoint } from "./code-point-order.ts";
import type { JsonValue } from "@writ/core";
import { conditionNodes, isParam } from "./document.ts";
import type { Condition, PurposeElement } from "./document.ts";
import { expandTerm } from "./expansion.ts";
import { fieldType } from "./field.ts";
import { elementsAt, membersAt, scalarAt, textAt, unsupported, wordOf } from "./odrl-node.ts";
import type { Located, Resolve } from "./odrl-node.ts";
import { fieldByOperand, odrlNamespace, plainOperators, profileNamespace, setOperators } from "./odrl-terms.ts";
import { at } from "./pointer.ts";

/** A constraint, its names resolved. */
export interface Triple {
  readonly operand: string;
  readonly operator: string;
  readonly value: JsonValue;
  readonly unit: string | undefined;
  readonly pointer: string;
}

/** A constraint of ODRL, read: one comparison, or several under `and`, `or`. */
export type Constraint =
  | { readonly kind: "one"; readonly triple: Triple }
  | { readonly kind: "and"; readonly parts: readonly Constraint[]; readonly pointer: string }
  | { readonly kind: "or"; readonly parts: readonly Constraint[]; readonly pointer: string };

/** A policy that is being read: what its names mean, and which left operands are facts. */
export interface Reading {
  readonly resolve: Resolve;
  readonly facts: readonly string[];
}

/** A constraint, logical ones included. */
export function constraintAt({ value, pointer }: Located<JsonValue>, resolve: Resolve): Constraint {
  const names = ["leftOperand", "operator", "rightOperand", "unit", "and", "or"];
  const members = membersAt(value, pointer, names);
  const logical = (["and", "or"] as const).find((name) => name in members);
  if (logical) {
    if (Object.keys(members).length > 1) unsupported(pointer, `\`${logical}\` stands alone`);
    const parts = elementsAt(members[logical], at(pointer, logical)).map((part) => constraintAt(part, resolve));
    if (parts.length === 0) unsupported(pointer, `\`${logical}\` of nothing`);
    return { kind: logical, parts, pointer };
  }
  const { leftOperand, operator, rightOperand, unit } = members;
  if (rightOperand === undefined) unsupported(pointer, "`rightOperand` is missing");
  const triple: Triple = {
    operand: wordOf(resolve(textAt(leftOperand, at(pointer, "leftOperand")))),
    operator: wordOf(resolve(textAt(operator, at(pointer, "operator")))),
    value: rightOperand,
    unit: unit === undefined ? undefined : resolve(textAt(unit, at(pointer, "unit"))),
    pointer,
  };
  return { kind: "one", triple };
}

/** The values of a right operand that is a list. */
export function valuesOf({ value, pointer }: Triple, resolve: Resolve): (string | number | boolean)[] {
  const items = elementsAt(value, at(pointer, "rightOperand"));
  if (items.length === 0) unsupported(pointer, "`rightOperand` is empty");
  return items.map((item) => scalarAt(item.value, item.pointer, resolve));
}

/** The one value of a right operand. */
export function valueOf(triple: Triple, resolve: Resolve): string | number | boolean {
  const [first, ...more] = valuesOf(triple, resolve);
  return more.length === 0 ? first! : unsupported(at(triple.pointer, "rightOperand"), "one value has to stand here");
}

function fieldOf({ operand, pointer }: Triple, facts: readonly string[]): string {
  const known = fieldByOperand.get(operand);
  if (known !== undefined) return known;
  const iri = operand.includes(":") ? operand : odrlNamespace + operand;
  if (facts.includes(iri)) return `facts.${iri}`;
  const field = iri.startsWith(profileNamespace) ? iri.slice(profileNamespace.length) : "";
  return fieldType(field) !== undefined
    ? field
    : unsupported(at(pointer, "leftOperand"), `left operand \`${operand}\` isn't understood`);
}

function conditionOf(triple: Triple, { resolve, facts }: Reading): Condition {
  const { operator, pointer, unit } = triple;
  if (unit !== undefined) unsupported(at(pointer, "unit"), "a unit isn't understood here");
  const field = fieldOf(triple, facts);
  const plain = plainOperators.get(operator === "isPartOf" && fieldType(field) === "region" ? "eq" : operator);
  if (plain !== undefined) return { [field]: { [plain]: valueOf(triple, resolve) } };
  const set = setOperators[fieldType(field) === "list" ? "list" : "one"].get(operator);
  if (set === undefined)
    return unsupported(at(pointer, "operator"), `operator \`${operator}\` doesn't fit \`${field}\``);
  return { [field]: { [set]: valuesOf(triple, resolve) } };
}

const utf8 = new TextEncoder();

/** The order in which a prepared document holds members: by encoded length, then bytewise. */
function documentOrder(a: string, b: string): number {
  return utf8.encode(a).length - utf8.encode(b).length || byCodePoint(a, b);
}

function inDocumentOrder(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || documentOrder(names[index - 1]!, name) < 0);
}

/** Conditions of one member each as one condition, in their order: as members where a document keeps that order, else in `all`. */
export function conjunction(conditions: readonly Condition[]): Condition {
  const united = new Map<string, Condition[string]>();
  for (const condition of conditions) {
    const [member, value] = Object.entries(condition)[0]!;
    const there = united.get(member);
    const isNext = [...united.keys()].at(-1) === member && member !== "any";
    if (there === undefined) united.set(member, value);
    else if (isNext && inDocumentOrder([...Object.keys(there), ...Object.keys(value)]))
      united.set(member, Object.assign({}, there, value));
    else return { all: [...conditions] };
  }
  return inDocumentOrder([...united.keys()]) ? Object.fromEntries(united) : { all: [...conditions] };
}

/** The conditions that a constraint states, each of one member. Throws PolicyError `odrl-unsupported`. */
export function toConditions(constraint: Constraint, reading: Reading): readonly Condition[] {
  if (constraint.kind === "one") return [conditionOf(constraint.triple, reading)];
  const parts = constraint.parts.map((part) => toConditions(part, reading));
  return constraint.kind === "and" ? parts.flat() : [{ any: parts.map(conjunction) }];
}

/** The clause that a constraint on purposes states, or null for a constraint on something else. `isA`: the term and narrower ones. */
export function toPurposes(constraint: Constraint, resolve: Resolve): readonly PurposeElement[] | null {
  if (constraint.kind === "or") {
    const parts = constraint.parts.map((part) => toPurposes(part, resolve));
    if (parts.every((part) => part === null)) return null;
    if (parts.some((part) => part === null)) unsupported(constraint.pointer, "`or` of purposes and something else");
    return parts.flatMap((part) => part!);
  }
  if (constraint.kind === "and") return null;
  const { triple } = constraint;
  if (triple.operand !== "purpose") return null;
  if (triple.unit !== undefined) unsupported(at(triple.pointer, "unit"), "a unit isn't understood here");
  const term = (value: string | number | boolean): string => resolve(String(value));
  if (triple.operator === "isA") return [term(valueOf(triple, resolve))];
  if (triple.operator === "eq") return [{ exactly: term(valueOf(triple, resolve)) }];
  if (triple.operator === "isAnyOf") return valuesOf(triple, resolve).map((value) => ({ exactly: term(value) }));
  return unsupported(at(triple.pointer, "operator"), `operator \`${triple.operator}\` doesn't fit \`purpose\``);
}

function inverse(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...map].map(([odrl, own]) => [own, odrl]));
}

const operandByField = inverse(fieldByOperand);
const odrlOperators = {
  plain: inverse(plainOperators),
  one: inverse(setOperators.one),
  list: inverse(setOperators.list),
};

/** Constraints that state a condition. Throws PolicyError `odrl-unsupported` for what ODRL has no word for. */
export function fromCondition(condition: Condition, pointer: string): readonly JsonValue[] {
  const members = Object.entries(condition).sort(([a], [b]) => documentOrder(a, b));
  return conditionNodes(Object.fromEntries(members)).flatMap((node): readonly JsonValue[] => {
    if (node.kind === "not") return unsupported(at(pointer, "not"), "ODRL has no word for `not`");
    if (node.kind !== "field") {
      const place = at(pointer, node.kind);
      const parts = node.conditions.map((part, index) => fromCondition(part, at(place, index)));
      if (node.kind === "all") return parts.flat();
      return [{ or: parts.map((stated) => (stated.length === 1 ? stated[0]! : { and: stated })) }];
    }
    const place = at(pointer, node.field);
    const ofType = odrlOperators[fieldType(node.field) === "list" ? "list" : "one"];
    return Object.entries(node.operators).map(([own, operand]): JsonValue => {
      const operator = odrlOperators.plain.get(own) ?? ofType.get(own);
      if (operator === undefined) return unsupported(at(place, own), `ODRL has no word for \`${own}\` on this field`);
      if ([operand].flat().some(isParam)) unsupported(at(place, own), "ODRL has no word for parameters");
      const leftOperand = operandByField.get(node.field) ?? profileNamespace + node.field;
      return { leftOperand, operator, rightOperand: operand as JsonValue };
    });
  });
}

/** The constraint that states a clause of purposes. */
export function fromPurposes(clause: readonly PurposeElement[]): JsonValue {
  const stated = clause.map((element): JsonValue => {
    const term = typeof element === "string" ? element : element.exactly;
    const operator = typeof element === "string" ? "isA" : "eq";
    return { leftOperand: "purpose", operator, rightOperand: { "@id": expandTerm(term) ?? term } };
  });
  return stated.length === 1 ? stated[0]! : { or: stated };
}
