// The policy document as the schema describes it, and the parts of it that several checks visit. Spec 3.2.
import type { JsonObject, JsonValue } from "@writ/core";
import { Place } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";

/** A value that stands in the layer. Spec: POL-14. */
export interface Param {
  readonly param: string;
}

/** A purpose with all below it, or that one alone. */
export type PurposeElement = string | { readonly exactly: string };
/** A plain value of a condition. */
export type Scalar = string | number | boolean;
/** What a parameter may be bound to. */
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

/** Limits of a policy: every one holds for every use. */
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

/** A permission: which operations, for what, under which condition, with which duties. */
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

/** A prohibition: what no permission lets through. */
export interface Prohibition {
  readonly id: string;
  readonly operations: readonly string[];
  readonly purposes?: readonly string[];
  readonly when?: Condition;
}

/** A duty: what is to be done, when it falls due, by whom. */
export interface Duty {
  readonly id: string;
  readonly type: string;
  readonly trigger: "before-use" | "each-use" | "after-use";
  readonly within?: string;
  readonly by?: string;
  readonly proof?: "receipt" | "attestation";
  readonly criticality?: "required" | "best_effort" | "advisory";
}

/** What one operation makes of the policy in a child. */
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
  readonly pointer: Pointer;
}

/** The elements of a list, placed; none for an absent list. */
export function placedItems<T>(list: readonly T[] | undefined, pointer: Pointer): readonly Placed<T>[] {
  return list ? list.map((value, index) => ({ value, pointer: new Place(pointer, index) })) : [];
}

/** `limits`, each `add`, `declassify.atMost`. */
export function placedLimits({ limits, derive, declassify }: PolicyDocument): readonly Placed<Limits>[] {
  const found: Placed<Limits>[] = [];
  if (limits) found.push({ value: limits, pointer: "/limits" });
  for (const [operation, entry] of Object.entries(derive ?? {})) {
    if (typeof entry === "object" && "inherit" in entry && entry.add) {
      found.push({ value: entry.add, pointer: `/derive/${operation}/add` });
    }
  }
  if (declassify) found.push({ value: declassify.atMost, pointer: "/declassify/atMost" });
  return found;
}

/** A condition, or a node of one; `output` marks those of `requires`, which name output fields only. */
export type PlacedIn<T> = Placed<T> & { readonly output: boolean };

/** Every condition. */
export function placedConditions(document: PolicyDocument): readonly PlacedIn<Condition>[] {
  const found: PlacedIn<Condition>[] = [];
  const addRules = (rules: readonly (Permission | Prohibition)[] | undefined, pointer: Pointer): void => {
    rules?.forEach(({ when }, index) => {
      if (when) found.push({ value: when, pointer: new Place(new Place(pointer, index), "when"), output: false });
    });
  };
  addRules(document.permissions, "/permissions");
  addRules(document.prohibitions, "/prohibitions");
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
  return Object.keys(condition).map((member) => nodeOf(member, condition[member]!));
}

function addNodes(condition: Condition, pointer: Pointer, found: Placed<ConditionNode>[]): void {
  for (const member of Object.keys(condition)) {
    const value = nodeOf(member, condition[member]!);
    const place = new Place(pointer, member);
    found.push({ value, pointer: place });
    if (value.kind === "not") addNodes(value.condition, place, found);
    if (value.kind === "all" || value.kind === "any")
      value.conditions.forEach((part, index) => addNodes(part, new Place(place, index), found));
  }
}

/** Every node of a condition, however deep. */
export function allNodes(condition: Condition, pointer: Pointer): readonly Placed<ConditionNode>[] {
  const found: Placed<ConditionNode>[] = [];
  addNodes(condition, pointer, found);
  return found;
}

/** True for `{"param": name}`. */
export function isParam(value: unknown): value is Param {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "param");
}

const nothing = Object.freeze(Object.create(null) as object);

/**
 * An object on which no member name means anything to JavaScript: it inherits from an empty object that inherits from
 * nothing. V8 keeps objects that inherit from nothing themselves as hash tables, several times slower to fill and read.
 */
export function bareObject(): Record<string, JsonValue> {
  return Object.create(nothing) as Record<string, JsonValue>;
}
