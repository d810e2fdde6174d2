// The words of ODRL 2.2 that have an exact counterpart here, and the profile that names the rest. Spec 10.
import type { Operation } from "@writ/core";
import { operations } from "@writ/core";

/** The context of ODRL's own terms. Source: ODRL Vocabulary & Expression 2.2. */
export const odrlContext = "http://www.w3.org/ns/odrl.jsonld";
/** The namespace of ODRL's own terms. */
export const odrlNamespace = "http://www.w3.org/ns/odrl/2/";
/** The profile under which terms of the second namespace are understood. */
export const profileIri = "urn:writ:odrl:1";
/** The namespace of terms that ODRL has no word for. */
export const profileNamespace = "urn:writ:odrl:";

/** What a permission of `use` stands for: work on the data, but nothing that lets it out, trains or profiles. */
export const useOperations: readonly Operation[] = [
  "read",
  "transform",
  "aggregate",
  "derive",
  "infer",
  "log",
  "store",
  "copy",
];

const sameMeaning: readonly (readonly [action: string, operation: Operation])[] = [
  ["read", "read"],
  ["modify", "transform"],
  ["aggregate", "aggregate"],
  ["derive", "derive"],
  ["archive", "store"],
  ["reproduce", "copy"],
  ["distribute", "share"],
  ["anonymize", "anonymise"],
  ["delete", "delete"],
  ["grantUse", "delegate"],
];

/** Operation by action, and back; operations without a word of ODRL are named in the profile. */
export const operationByAction: ReadonlyMap<string, Operation> = new Map([
  ...sameMeaning,
  ...operations
    .filter((operation) => !sameMeaning.some(([, known]) => known === operation))
    .map((operation): [string, Operation] => [profileNamespace + operation, operation]),
]);
/** Action by operation, for export. */
export const actionByOperation: ReadonlyMap<string, string> = new Map(
  [...operationByAction].map(([action, operation]) => [operation, action]),
);

const dutyTypes = ["attribute", "compensate", "delete", "inform"];

/** Type of a duty by action. */
export const dutyTypeByAction: ReadonlyMap<string, string> = new Map([
  ...dutyTypes.map((type): [string, string] => [type, type]),
  ...["log", "report", "review"].map((type): [string, string] => [profileNamespace + type, type]),
]);
/** Action by type of duty, for export. */
export const actionByDutyType: ReadonlyMap<string, string> = new Map(
  [...dutyTypeByAction].map(([action, type]) => [type, action]),
);

/** Trigger of a duty by the operator on `event policyUsage`: before, during or after the use. */
export const triggerByOperator: ReadonlyMap<string, string> = new Map([
  ["lt", "before-use"],
  ["eq", "each-use"],
  ["gt", "after-use"],
]);

/** Operators that mean the same on every field. */
export const plainOperators: ReadonlyMap<string, string> = new Map([
  ["eq", "eq"],
  ["neq", "ne"],
  ["lt", "lt"],
  ["lteq", "lte"],
  ["gt", "gt"],
  ["gteq", "gte"],
]);

/** Operators on a field that holds one value, and on one that holds a list. */
export const setOperators: Readonly<Record<"one" | "list", ReadonlyMap<string, string>>> = {
  one: new Map([
    ["isAnyOf", "in"],
    ["isNoneOf", "notIn"],
  ]),
  list: new Map([
    ["isAnyOf", "hasAny"],
    ["isAllOf", "hasAll"],
    ["isNoneOf", "hasNone"],
  ]),
};

/** Limits that every permission of a policy states alike, by left operand and operator. `clause`: each is a list of its own. */
export interface LimitOperand {
  readonly member: string;
  readonly operand: string;
  readonly operator: string;
  readonly form: "value" | "list" | "clause" | "counter";
}

const inProfile = (member: string, operator: string, form: LimitOperand["form"], name = member): LimitOperand => ({
  member,
  operand: profileNamespace + name,
  operator,
  form,
});

/** Left operand and operator by member of the limits. */
export const limitOperands: readonly LimitOperand[] = [
  { member: "notBefore", operand: "dateTime", operator: "gteq", form: "value" },
  { member: "notAfter", operand: "dateTime", operator: "lt", form: "value" },
  { member: "maxUses", operand: "count", operator: "lteq", form: "counter" },
  { member: "regions", operand: "spatial", operator: "isAnyOf", form: "clause" },
  inProfile("parties", "isAnyOf", "clause"),
  inProfile("notParties", "isNoneOf", "list", "parties"),
  inProfile("principals", "isAnyOf", "list"),
  inProfile("consents", "isAllOf", "list"),
  inProfile("kAnonymity", "gteq", "value"),
  inProfile("minAssurance", "gteq", "value"),
  inProfile("deleteBy", "eq", "value"),
  inProfile("keepUntil", "eq", "value"),
];

/** Members of a document that ODRL has no word for: carried whole, as JSON literals of the profile. */
export const literalMembers: readonly string[] = ["classification", "taxonomies", "terms", "derive", "declassify"];

/** Left operands of ODRL that are fields here. */
export const fieldByOperand: ReadonlyMap<string, string> = new Map([["recipient", "destination.party"]]);
