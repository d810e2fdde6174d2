// The part of a policy that other engines can say too, in plain terms: limits, permissions and prohibitions over total
// requests with one purpose and one principal. Lowered from the document alone; nothing of the evaluator is used.
import type { DecisionRequest, JsonObject } from "@writ/core";

/** Broader terms by term. */
export type Links = Readonly<Record<string, readonly string[]>>;

/** A test of a total request. */
export type Test =
  | { readonly kind: "all" | "any"; readonly tests: readonly Test[] }
  | { readonly kind: "not"; readonly test: Test }
  | {
      readonly kind: "oneOf";
      readonly field: "operation" | "org" | "principalKind" | "region";
      readonly values: readonly string[];
    }
  | { readonly kind: "purpose"; readonly within: readonly string[]; readonly exactly: readonly string[] }
  | { readonly kind: "hasRole"; readonly values: readonly string[] }
  | { readonly kind: "clearance"; readonly compare: "<" | "<=" | ">" | ">=" | "=="; readonly level: number };

/** Permitted: all limits hold, some permission applies and no prohibition does. */
export interface Rules {
  readonly limits: readonly Test[];
  readonly permissions: readonly Test[];
  readonly prohibitions: readonly Test[];
}

/** A request in the terms of the tests. */
export interface PlainRequest {
  readonly operation: string;
  readonly purpose: string;
  readonly org: string;
  readonly principalKind: string;
  readonly roles: readonly string[];
  readonly clearance: number;
  readonly region: string;
}

/** What lies outside the documents, of the spec's tables. */
export interface Vocabulary {
  readonly links: Links;
  readonly operations: Readonly<Record<string, { readonly includes: readonly string[] }>>;
  readonly regionGroups: Readonly<Record<string, readonly string[]>>;
  readonly trainingTerms: readonly string[];
}

const levels = ["public", "internal", "confidential", "restricted"];

/** A term with all that are broader. */
export function upwards(term: string, links: Links, found: Set<string> = new Set([term])): ReadonlySet<string> {
  for (const broader of links[term] ?? []) if (!found.has(broader)) upwards(broader, links, found.add(broader));
  return found;
}

/** `dpv:Name` in full. */
export function fullTerm(term: string): string {
  return term.replace(/^dpv:/, "https://w3id.org/dpv#").replace(/^writ:/, "urn:writ:term:");
}

function includes(operation: string, other: string, words: Vocabulary): boolean {
  const parts = words.operations[operation]?.includes ?? [];
  return operation === other || parts.some((part) => includes(part, other, words));
}

function regionsIn(regions: readonly string[], { regionGroups }: Vocabulary): readonly string[] {
  return regions.flatMap((region) => [region, ...(regionGroups[region] ?? []), ...(region === "EEA" ? ["EU"] : [])]);
}

/** An operation is banned, or a training purpose where `train` is. */
function bans(banned: readonly string[], words: Vocabulary): Test {
  const names = Object.keys(words.operations);
  const hit = names.filter((name) =>
    banned.some((ban) => (ban === "*" ? name !== "delete" : includes(name, ban, words))),
  );
  const direct: Test = { kind: "oneOf", field: "operation", values: hit };
  return hit.includes("train") ? { kind: "any", tests: [direct, training(words)] } : direct;
}

function training({ trainingTerms }: Vocabulary): Test {
  return { kind: "purpose", within: trainingTerms, exactly: [] };
}

function broaderThan(terms: readonly string[], { links }: Vocabulary): Test {
  const broader = terms.flatMap((term) => [...upwards(term, links)].filter((one) => one !== term));
  return { kind: "purpose", within: [], exactly: broader };
}

function not(test: Test): Test {
  return { kind: "not", test };
}

function operatorTest(field: string, operator: string, operand: unknown, words: Vocabulary): Test {
  const values = (Array.isArray(operand) ? operand : [operand]) as readonly string[];
  if (field === "principal.roles") {
    const each = values.map((value): Test => ({ kind: "hasRole", values: [value] }));
    if (operator === "hasAll") return { kind: "all", tests: each };
    return operator === "hasAny" ? { kind: "hasRole", values } : not({ kind: "hasRole", values });
  }
  const negated = operator === "ne" || operator === "notIn";
  const plain = (test: Test): Test => (negated ? not(test) : test);
  if (field === "principal.clearance") {
    const compare = ({ lt: "<", lte: "<=", gt: ">", gte: ">=" } as const)[operator] ?? "==";
    return plain({
      kind: "any",
      tests: values.map((level) => ({ kind: "clearance", compare, level: levels.indexOf(level) })),
    });
  }
  if (field === "region") return plain({ kind: "oneOf", field, values: regionsIn(values, words) });
  if (field === "principal.org") return plain({ kind: "oneOf", field: "org", values });
  if (field === "principal.kind") return plain({ kind: "oneOf", field: "principalKind", values });
  throw new TypeError(`no other engine is told of \`${field}\``);
}

function conditionTest(when: unknown, words: Vocabulary): Test {
  const tests = Object.entries((when ?? {}) as JsonObject).flatMap(([member, value]): readonly Test[] => {
    const list = (items: unknown): readonly Test[] => (items as unknown[]).map((item) => conditionTest(item, words));
    if (member === "not") return [not(conditionTest(value, words))];
    if (member === "all" || member === "any") return [{ kind: member, tests: list(value) }];
    return Object.entries(value as JsonObject).map(([operator, operand]) =>
      operatorTest(member, operator, operand, words),
    );
  });
  return { kind: "all", tests };
}

interface Rule {
  readonly operations: readonly string[];
  readonly unrestricted?: boolean;
  readonly purposes?: readonly (string | { readonly exactly: string })[];
  readonly when?: JsonObject;
}

interface RulesDocument {
  readonly limits?: {
    readonly purposes?: readonly NonNullable<Rule["purposes"]>[];
    readonly notPurposes?: readonly string[];
    readonly notOperations?: readonly string[];
    readonly regions?: readonly (readonly string[])[];
    readonly parties?: readonly (readonly string[])[];
    readonly notParties?: readonly string[];
    readonly principals?: readonly string[];
  };
  readonly permissions: readonly Rule[];
  readonly prohibitions?: readonly Rule[];
}

function clause(elements: NonNullable<Rule["purposes"]>): Test {
  return {
    kind: "purpose",
    within: elements.flatMap((element) => (typeof element === "string" ? [fullTerm(element)] : [])),
    exactly: elements.flatMap((element) => (typeof element === "string" ? [] : [fullTerm(element.exactly)])),
  };
}

function banOf(terms: readonly string[], words: Vocabulary): Test {
  return { kind: "any", tests: [clause(terms), broaderThan(terms.map(fullTerm), words)] };
}

function permissionTest({ operations, unrestricted, purposes, when }: Rule, words: Vocabulary): Test {
  const named: Test = { kind: "oneOf", field: "operation", values: operations };
  const trains = operations.includes("train") ? [] : [not(training(words))];
  return {
    kind: "all",
    tests: [
      ...(unrestricted ? [] : [named, ...trains]),
      ...(purposes ? [clause(purposes)] : []),
      conditionTest(when, words),
    ],
  };
}

/** Lowers a grant. TypeError for a member that no other engine is told of. */
export function rulesOf(document: JsonObject, words: Vocabulary): Rules {
  const { limits = {}, permissions, prohibitions = [] } = document as unknown as RulesDocument;
  const oneOf = (field: "org" | "principalKind" | "region", values: readonly string[]): Test => ({
    kind: "oneOf",
    field,
    values,
  });
  return {
    limits: [
      ...(limits.purposes ?? []).map(clause),
      ...(limits.notPurposes ? [not(banOf(limits.notPurposes, words))] : []),
      ...(limits.notOperations ?? []).map((operation) => not(bans([operation], words))),
      ...(limits.regions ?? []).map((list) => oneOf("region", regionsIn(list, words))),
      ...(limits.parties ?? []).map((list) => oneOf("org", list)),
      ...(limits.notParties ? [not(oneOf("org", limits.notParties))] : []),
      oneOf("principalKind", limits.principals ?? ["service", "human"]),
    ],
    permissions: permissions.map((rule) => permissionTest(rule, words)),
    prohibitions: prohibitions.map((rule): Test => ({
      kind: "all",
      tests: [
        bans(rule.operations, words),
        ...(rule.purposes ? [banOf(rule.purposes as readonly string[], words)] : []),
        conditionTest(rule.when, words),
      ],
    })),
  };
}

/** A total request in plain terms. */
export function plainRequest({ operation, purposes, principal, region }: DecisionRequest): PlainRequest {
  return {
    operation,
    purpose: fullTerm(purposes[0]!),
    org: principal.org!,
    principalKind: principal.kind,
    roles: principal.roles!,
    clearance: levels.indexOf(principal.clearance!),
    region: region!,
  };
}
