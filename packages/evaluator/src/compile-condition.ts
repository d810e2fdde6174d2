// Conditions as closures over the frame. Spec 4.5.
import type { Frame, AssuredFacts, GivenMembers, LinkFacts } from "./compile-frame.ts";
import { negate } from "./compile-truth.ts";
import type { Truth } from "./compile-truth.ts";
import { judgeValue } from "./condition.ts";
import { conditionNodes } from "./document.ts";
import type { Condition, Operators, Scalar } from "./document.ts";
import { fieldType, levels } from "./field.ts";
import type { FieldType } from "./field.ts";
import { countriesOf } from "./region.ts";
import { counterOf, isBeyond } from "./situation.ts";

/** A condition for one link and the roles that count for it. */
export type ConditionTest = (
  frame: Frame,
  facts: AssuredFacts,
  link: LinkFacts,
  roles: readonly string[] | undefined,
) => Truth;

type FieldRead = (frame: Frame, facts: AssuredFacts, link: LinkFacts, roles: readonly string[] | undefined) => unknown;
type ValueTest = (value: unknown) => Truth;

/** The least of all, in the order false < unknown < true. */
function allOf(tests: readonly ConditionTest[]): ConditionTest {
  if (tests.length === 1) return tests[0]!;
  return (frame, facts, link, roles) => {
    let least: Truth = true;
    for (let index = 0; index < tests.length; index += 1) {
      const truth = tests[index]!(frame, facts, link, roles);
      if (truth === false) return false;
      if (truth === undefined) least = undefined;
    }
    return least;
  };
}

/** The greatest of all. */
function anyOf(tests: readonly ConditionTest[]): ConditionTest {
  if (tests.length === 1) return tests[0]!;
  return (frame, facts, link, roles) => {
    let greatest: Truth = false;
    for (let index = 0; index < tests.length; index += 1) {
      const truth = tests[index]!(frame, facts, link, roles);
      if (truth === true) return true;
      if (truth === undefined) greatest = undefined;
    }
    return greatest;
  };
}

const subdivision = /^([A-Z]{2})-[A-Z0-9]{1,3}$/;

/** Whether a region lies within one of these. Spec: REQ-1. */
export function regionTest(others: readonly string[]): (region: string) => boolean {
  const named = new Set(others.flatMap((other) => [other, ...countriesOf(other), ...(other === "EEA" ? ["EU"] : [])]));
  return (region) => {
    if (named.has(region)) return true;
    const country = region.length > 3 ? subdivision.exec(region)?.[1] : undefined;
    return country !== undefined && named.has(country);
  };
}

/** The value of a member, or undefined where it isn't given or believed. */
function memberOf(
  frame: Frame,
  { level }: AssuredFacts,
  { names, values, count }: GivenMembers,
  name: string,
  path: string,
): unknown {
  for (let index = 0; index < count; index += 1) {
    if (names[index] === name) return frame.trusts(path, level) ? values[index] : undefined;
  }
  return undefined;
}

/** The output field of a limit. */
export function groupSizeOf(frame: Frame, facts: AssuredFacts): unknown {
  return memberOf(frame, facts, frame.output, "k", "output.k");
}

const fixedReads: ReadonlyMap<string, FieldRead> = new Map<string, FieldRead>([
  ["principal.id", (_frame, _facts, link) => link.id],
  ["principal.kind", (_frame, _facts, link) => link.kind],
  ["principal.roles", (_frame, _facts, _link, roles) => roles],
  ["principal.org", (_frame, _facts, link) => link.org],
  ["principal.clearance", (_frame, _facts, link) => link.clearance],
  ["region", (_frame, facts) => facts.region],
  ["destination.party", (_frame, facts) => facts.party],
  ["destination.region", (_frame, facts) => facts.toRegion],
]);

function readOf(field: string, counterBound: number | undefined): FieldRead {
  const fixed = fixedReads.get(field);
  if (fixed) return fixed;
  const name = field.slice(field.indexOf(".") + 1);
  if (field.startsWith("output.")) return (frame, facts) => memberOf(frame, facts, frame.output, name, field);
  if (field.startsWith("facts.")) return (frame, facts) => memberOf(frame, facts, frame.facts, name, field);
  return (frame) => {
    const counter = counterOf(frame.state, name);
    return counter && !isBeyond(counterBound, counter.ageMs) ? counter.uses : undefined; // EVL-4
  };
}

/** Tests of operators that decisions meet most; the others go by the interpreter's own. */
function valueTest(type: FieldType, operator: string, operand: Scalar | readonly Scalar[]): ValueTest {
  if (type === "text" || type === "kind") {
    if (operator === "eq") return (value) => value === operand;
    if (operator === "ne") return (value) => value !== operand;
  }
  if (type === "list" && operator === "hasAny" && Array.isArray(operand)) {
    const list = operand as readonly string[];
    return (value) => {
      if (value === null) return false;
      for (const role of value as readonly string[]) if (list.includes(role)) return true;
      return false;
    };
  }
  if (type === "region" && (operator === "eq" || operator === "in")) {
    const isWithin = regionTest((Array.isArray(operand) ? operand : [operand]) as readonly string[]);
    return (value) => value !== null && isWithin(value as string);
  }
  if (type === "level") {
    // few values: judged ahead, by the interpreter's own rule
    const passing = [null, ...levels].filter((level) => judgeValue(type, operator, level, operand) === true);
    return (value) => passing.includes(value as string | null);
  }
  return (value) => judgeValue(type, operator, value, operand);
}

function compileField(field: string, operators: Operators, counterBound: number | undefined): ConditionTest {
  const type = fieldType(field)!;
  const read = readOf(field, counterBound);
  return allOf(
    Object.entries(operators).map(([operator, operand]): ConditionTest => {
      const test = valueTest(type, operator, operand as Scalar | readonly Scalar[]);
      return (frame, facts, link, roles) => {
        const value = read(frame, facts, link, roles);
        return value === undefined ? undefined : test(value);
      };
    }),
  );
}

/** Compiles a condition; counters are believed for `counterBound` seconds. Spec: CND-1, CND-2. */
export function compileCondition(condition: Condition, counterBound: number | undefined): ConditionTest {
  const nested = (conditions: readonly Condition[]): readonly ConditionTest[] =>
    conditions.map((part) => compileCondition(part, counterBound));
  return allOf(
    conditionNodes(condition).map((node): ConditionTest => {
      switch (node.kind) {
        case "not": {
          const test = compileCondition(node.condition, counterBound);
          return (frame, facts, link, roles) => negate(test(frame, facts, link, roles));
        }
        case "all":
          return allOf(nested(node.conditions));
        case "any":
          return anyOf(nested(node.conditions));
        case "field":
          return compileField(node.field, node.operators, counterBound);
      }
    }),
  );
}
