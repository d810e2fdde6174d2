// The policy document as the schema describes it, and the parts of it that several checks visit. Spec 3.2.
import type { JsonObject, JsonValue } from "@writ/core";
import { at } from "./pointer.ts";

/** A value that stands in the layer. Spec: POL-14. */
export interface Param {
  readonly param: string;
}

export type PurposeElement = string | { readonly exactly: string };
export type Scalar = string | number | boolean;
export type ParameterType = "string" | "integer" | "boolean" | "instant" | "iri";

/** Operators of one field. */
export interface Operators {
  readonly eq?: Scalar | Param;
  readonly ne?: Scalar | Param;
  readonly in?: readonly (Scalar | Param)[];
  readonly notIn?: readonly (Scalar | Param)[];
  readonly hasAny?: readonly (Scalar | Param)[];
  readonly hasAll?: readonly (Scalar | Param)[];
  readonly hasNone?: readonly (Scalar | Param)[];
  readonly lt?: Scalar | Param;
  readonly lte?: Scalar | Param;
  readonly gt?: Scalar | Param;
  readonly gte?: Scalar | Param;
  readonly exists?: boolean;
}

/** `all`, `any`, `not`, and fields with their operators. */
export interface Condition {
  readonly [member: string]: readonly Condition[] | Condition | Operators;
}

export interface Limits {
  readonly purposes?: readonly (readonly PurposeElement[])[];
  readonly notPurposes?: readonly string[];
  readonly notOperations?: readonly string[];
  readonly regions?: readonly (readonly string[])[];
  readonly parties?: readonly (readonly (string | Param)[])[];
  readonly notParties?: readonly (string | Param)[];
  readonly principals?: readonly string[];
  readonly notBefore?: string | Param;
  readonly notAfter?: string | Param;
  readonly maxUses?: Readonly<Record<string, number>>;
  readonly deleteBy?: string | Param;
  readonly keepUntil?: string | Param;
  readonly minAssurance?: number;
  readonly kAnonymity?: number;
  readonly consents?: readonly (string | Param)[];
  readonly custody?: {
    readonly origins?: readonly string[];
    readonly managers?: readonly string[];
    readonly regions?: readonly string[];
  };
  readonly maxStaleness?: Staleness;
}

/** Durations by kind of state. */
export type Staleness = Readonly<Partial<Record<"status" | "consent" | "counter" | "approval", string>>>;

export interface Permission {
  readonly id: string;
  readonly operations: readonly string[];
  readonly unrestricted?: true;
  readonly purposes?: readonly PurposeElement[];
  readonly when?: Condition;
  readonly duties?: readonly string[];
  readonly consents?: readonly (string | Param)[];
  readonly waives?: readonly ("consents" | "maxStaleness" | "regions")[];
}

export interface Prohibition {
  readonly id: string;
  readonly operations: readonly string[];
  readonly purposes?: readonly string[];
  readonly when?: Condition;
}

export interface Duty {
  readonly id: string;
  readonly type: string;
  readonly trigger: "before-use" | "each-use" | "after-use";
  readonly within?: string;
  readonly by?: string;
  readonly proof?: "receipt" | "attestation";
  readonly criticality?: "required" | "best_effort" | "advisory";
}

export type DeriveEntry =
  | "forbid"
  | { readonly inherit: true; readonly add?: Limits }
  | { readonly release: { readonly policy: string; readonly requires: Condition } };

/** A document that satisfies the schema. */
export interface PolicyDocument {
  readonly version: 1;
  readonly kind: "grant" | "restrict";
  readonly id: string;
  readonly authority: string;
  readonly classification?: "public" | "internal" | "confidential" | "restricted";
  readonly taxonomies?: readonly { readonly iri: string; readonly version: string; readonly digest: string }[];
  readonly terms?: Readonly<Record<string, readonly string[]>>;
  readonly parameters?: Readonly<Record<string, ParameterType>>;
  readonly limits?: Limits;
  readonly permissions?: readonly Permission[];
  readonly prohibitions?: readonly Prohibition[];
  readonly duties?: readonly Duty[];
  readonly derive?: Readonly<Record<string, DeriveEntry>>;
  readonly declassify?: {
    readonly threshold: number;
    readonly approvers: readonly string[];
    readonly atMost: Limits;
  };
  readonly crit?: readonly string[];
  readonly ext?: JsonObject;
}

/** A part of a document and where it stands. */
export interface Placed<T> {
  readonly value: T;
  readonly pointer: string;
}

/** The elements of a list, placed; none for an absent list. */
export function placedItems<T>(list: readonly T[] | undefined, pointer: string): readonly Placed<T>[] {
  return (list ?? []).map((value, index) => ({ value, pointer: at(pointer, index) }));
}

/** `limits`, each `add`, `declassify.atMost`. */
export function placedLimits(document: PolicyDocument): readonly Placed<Limits>[] {
  const found: Placed<Limits>[] = [];
  if (document.limits) found.push({ value: document.limits, pointer: "/limits" });
  for (const [operation, entry] of Object.entries(document.derive ?? {})) {
    if (typeof entry === "object" && "inherit" in entry && entry.add) {
      found.push({ value: entry.add, pointer: `/derive/${operation}/add` });
    }
  }
  if (document.declassify) found.push({ value: document.declassify.atMost, pointer: "/declassify/atMost" });
  return found;
}

/** Every condition; `output` marks those of `requires`, which name output fields only. */
export function placedConditions(
  document: PolicyDocument,
): readonly (Placed<Condition> & { readonly output: boolean })[] {
  const found: (Placed<Condition> & { output: boolean })[] = [];
  const rules = [
    ...placedItems<Permission | Prohibition>(document.permissions, "/permissions"),
    ...placedItems<Permission | Prohibition>(document.prohibitions, "/prohibitions"),
  ];
  for (const { value, pointer } of rules) {
    if (value.when) found.push({ value: value.when, pointer: at(pointer, "when"), output: false });
  }
  for (const [operation, entry] of Object.entries(document.derive ?? {})) {
    if (typeof entry === "object" && "release" in entry) {
      found.push({ value: entry.release.requires, pointer: `/derive/${operation}/release/requires`, output: true });
    }
  }
  return found;
}

/** One node of a condition: `all`, `any`, `not`, or a field with its operators. */
export type ConditionNode =
  | { readonly kind: "all" | "any"; readonly conditions: readonly Condition[] }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "field"; readonly field: string; readonly operators: Operators };

function nodeOf(member: string, value: Condition[string]): ConditionNode {
  if (member === "all" || member === "any") return { kind: member, conditions: value as readonly Condition[] };
  if (member === "not") return { kind: "not", condition: value as Condition };
  return { kind: "field", field: member, operators: value as Operators };
}

/** The members of a condition in the order of the document, told apart. */
export function conditionNodes(condition: Condition): readonly ConditionNode[] {
  return Object.entries(condition).map(([member, value]) => nodeOf(member, value));
}

/** Every node of a condition, however deep. */
export function* allNodes(condition: Condition, pointer: string): Generator<Placed<ConditionNode>> {
  for (const [member, value] of Object.entries(condition)) {
    const node = nodeOf(member, value);
    const place = at(pointer, member);
    yield { value: node, pointer: place };
    if (node.kind === "not") yield* allNodes(node.condition, place);
    if (node.kind === "all" || node.kind === "any") {
      for (const part of placedItems(node.conditions, place)) yield* allNodes(part.value, part.pointer);
    }
  }
}

/** True for `{"param": name}`. */
export function isParam(value: unknown): value is Param {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "param");
}

/** A deep copy on frozen objects without prototype, so that no member name means anything to JavaScript. */
export function frozenCopy(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => frozenCopy(item as JsonValue)));
  const copy = Object.create(null) as Record<string, JsonValue>;
  for (const [name, item] of Object.entries(value)) copy[name] = frozenCopy(item);
  return Object.freeze(copy);
}
