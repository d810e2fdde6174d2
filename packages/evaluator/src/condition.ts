// Conditions over the facts of one link. Spec 4.5.
import { conditionNodes } from "./document.ts";
import type { Condition, Operators, Scalar } from "./document.ts";
import { and, known, lookup, not, or } from "./expression.ts";
import type { Expression } from "./expression.ts";
import type { Facts, Link, Reading } from "./facts.ts";
import { fieldType, levels } from "./field.ts";
import type { FieldType } from "./field.ts";
import { liesWithin } from "./region.ts";

/** Where a condition reads its fields. */
export interface ConditionScope {
  readonly facts: Facts;
  readonly link: Link;
  /** The roles that count for this link: its own, or the effective ones. Spec: PRN-3. */
  readonly roles: Reading;
  /** A counter; one that is too old isn't known. Spec: EVL-4. */
  readonly counter: (iri: string) => Reading;
}

function equals(type: FieldType, value: unknown, operand: unknown): boolean {
  return type === "region" ? liesWithin(value as string, operand as string) : value === operand;
}

/** Whether the value has the type that the operator compares. Spec: CND-1. */
function hasType(operator: string, value: unknown, operand: unknown): boolean {
  if (operator.startsWith("has")) return Array.isArray(value) && value.every((item) => typeof item === "string");
  const first: unknown = Array.isArray(operand) ? operand[0] : operand;
  if (typeof value !== typeof first) return false;
  return typeof value !== "number" || (Number.isSafeInteger(value) && !Object.is(value, -0));
}

function compare(type: FieldType, value: unknown, operand: unknown): number {
  const rank = (item: unknown): number => (type === "level" ? levels.indexOf(item as string) : (item as number));
  return rank(value) - rank(operand);
}

function apply(type: FieldType, operator: string, value: unknown, operand: unknown): boolean {
  const list = operand as readonly unknown[];
  switch (operator) {
    case "eq":
      return equals(type, value, operand);
    case "ne":
      return !equals(type, value, operand);
    case "in":
      return list.some((item) => equals(type, value, item));
    case "notIn":
      return !list.some((item) => equals(type, value, item));
    case "hasAny":
      return list.some((item) => (value as readonly unknown[]).includes(item));
    case "hasAll":
      return list.every((item) => (value as readonly unknown[]).includes(item));
    case "hasNone":
      return !list.some((item) => (value as readonly unknown[]).includes(item));
    case "lt":
      return compare(type, value, operand) < 0;
    case "lte":
      return compare(type, value, operand) <= 0;
    case "gt":
      return compare(type, value, operand) > 0;
    default:
      return compare(type, value, operand) >= 0;
  }
}

/** What an operator says of a value that is known to be absent. */
const trueOfNull = new Set(["ne", "notIn", "hasNone"]);

/** true, false, or undefined where the value has the wrong type. Spec: CND-1. */
export function judgeValue(
  type: FieldType,
  operator: string,
  value: unknown,
  operand: Scalar | readonly Scalar[],
): boolean | undefined {
  if (operator === "exists") return (value !== null) === operand;
  if (value === null) return trueOfNull.has(operator);
  return hasType(operator, value, operand) ? apply(type, operator, value, operand) : undefined;
}

function readField(scope: ConditionScope, field: string): Reading {
  if (field.startsWith("uses.")) return scope.counter(field.slice("uses.".length));
  if (field === "principal.roles") return scope.roles;
  const [head, name] = field.split(".", 2);
  return head === "principal" ? scope.link.read(name!) : scope.facts.read(field);
}

function factName(field: string): string {
  return field.startsWith("uses.") ? `counter:${field.slice("uses.".length)}` : field;
}

function judgeField(field: string, operators: Operators, scope: ConditionScope): Expression {
  const type = fieldType(field)!;
  const reading = readField(scope, field);
  return and(
    Object.entries(operators).map(([operator, operand]) => {
      if (!reading.known) return lookup(...reading.facts);
      const value = judgeValue(type, operator, reading.value, operand as Scalar | readonly Scalar[]);
      return value === undefined ? lookup(factName(field)) : known(value);
    }),
  );
}

/** A condition for one link. Spec: CND-1, CND-2. */
export function judgeCondition(condition: Condition, scope: ConditionScope): Expression {
  return and(
    conditionNodes(condition).map((node) => {
      switch (node.kind) {
        case "not":
          return not(judgeCondition(node.condition, scope));
        case "all":
          return and(node.conditions.map((part) => judgeCondition(part, scope)));
        case "any":
          return or(node.conditions.map((part) => judgeCondition(part, scope)));
        case "field":
          return judgeField(node.field, node.operators, scope);
      }
    }),
  );
}
