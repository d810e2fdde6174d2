// A policy and a decision in plain language: one line a statement.
import type { Evaluation, JsonObject } from "@writ/core";
import { suggestPurpose } from "./admitted-purposes.ts";
import { conditionNodes } from "./document.ts";
import type {
  Condition,
  DeriveEntry,
  Duty,
  Limits,
  Operators,
  Permission,
  PolicyDocument,
  PurposeElement,
} from "./document.ts";
import { prefixes } from "./generated/vocabulary.ts";

/** The prefixed name of a term, where it has one. */
export function short(term: string): string {
  const [prefix, base] = Object.entries(prefixes).find(([, iri]) => term.startsWith(iri)) ?? [];
  return prefix === undefined || base === undefined ? term : `${prefix}:${term.slice(base.length)}`;
}

/** A text of a policy in the midst of ours: what could pass for our words, for a number or for a rule's id stands in quotes. */
export function quoted(text: string): string {
  return /^(?!(?:true|false|none|\d+)$)[\p{L}\p{N}][^\s"(),;]*$/u.test(text) ? text : JSON.stringify(text);
}

function shown(value: unknown): string {
  if (typeof value === "object" && value !== null && "param" in value) return `the parameter ${String(value.param)}`;
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

function listed(items: readonly unknown[], word: "and" | "or"): string {
  const texts = items.map(shown);
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} ${word} ${texts.at(-1)!}`;
}

function purposeNames(clause: readonly PurposeElement[]): string {
  return listed(
    clause.map((element) => (typeof element === "string" ? short(element) : `exactly ${short(element.exactly)}`)),
    "or",
  );
}

const operatorWords: Readonly<Record<string, string>> = {
  eq: "is",
  ne: "isn't",
  in: "is one of",
  notIn: "is none of",
  hasAny: "has one of",
  hasAll: "has all of",
  hasNone: "has none of",
  lt: "is below",
  lte: "is at most",
  gt: "is above",
  gte: "is at least",
};

function fieldWords(field: string, operators: Operators): string {
  return Object.entries(operators)
    .map(([operator, operand]) => {
      if (operator === "exists") return `${field} is ${operand === true ? "known to be there" : "known to be absent"}`;
      const value = Array.isArray(operand) ? operand.map(shown).join(", ") : shown(operand);
      return `${field} ${operatorWords[operator] ?? operator} ${value}`;
    })
    .join(" and ");
}

function conditionWords(condition: Condition): string {
  return conditionNodes(condition)
    .map((node) => {
      if (node.kind === "field") return fieldWords(node.field, node.operators);
      if (node.kind === "not") return `not (${conditionWords(node.condition)})`;
      return `(${node.conditions.map(conditionWords).join(node.kind === "all" ? " and " : " or ")})`;
    })
    .join(" and ");
}

function each<K extends keyof Limits>(
  limits: Limits,
  member: K,
  say: (value: NonNullable<Limits[K]>) => readonly string[],
): readonly string[] {
  const value = limits[member];
  return value === undefined ? [] : say(value);
}

function limitLines(limits: Limits): readonly string[] {
  return [
    ...each(limits, "purposes", (clauses) =>
      clauses.map((clause) => `only for ${purposeNames(clause)}, or narrower purposes`),
    ),
    ...each(limits, "notPurposes", (terms) => [
      `never for ${listed(terms.map(short), "or")}, nor for purposes that hold them`,
    ]),
    ...each(limits, "notOperations", (names) => [`never ${listed(names, "or")}, nor what includes it`]),
    ...each(limits, "regions", (clauses) => clauses.map((clause) => `only within ${listed(clause, "or")}`)),
    ...each(limits, "parties", (clauses) => clauses.map((clause) => `only by and for ${listed(clause, "or")}`)),
    ...each(limits, "notParties", (parties) => [`never by or for ${listed(parties, "or")}`]),
    ...each(limits, "principals", (kinds) => [`only by principals of kind ${listed(kinds, "or")}`]),
    ...each(limits, "notBefore", (instant) => [`not before ${shown(instant)}`]),
    ...each(limits, "notAfter", (instant) => [`not from ${shown(instant)} on`]),
    ...each(limits, "maxUses", (counters) =>
      Object.entries(counters).map(([name, most]) => `at most ${most} uses by the counter ${name}`),
    ),
    ...each(limits, "deleteBy", (instant) => [`to be deleted by ${shown(instant)}`]),
    ...each(limits, "keepUntil", (instant) => [`to be kept until ${shown(instant)}`]),
    ...each(limits, "minAssurance", (level) => [`only on facts of assurance ${level} or more`]),
    ...each(limits, "kAnonymity", (least) => [`output only in groups of at least ${least}`]),
    ...each(limits, "consents", (ids) => [`only with the consent ${listed(ids, "and")}`]),
    ...each(limits, "custody", (custody) =>
      Object.entries(custody).map(
        ([member, names]) => `only while the ${member} of its keys are among ${listed(names, "and")}`,
      ),
    ),
    ...each(limits, "maxStaleness", (bounds) =>
      Object.entries(bounds).map(([kind, bound]) => `${kind} no older than ${bound}`),
    ),
  ];
}

function permissionLine(permission: Permission): string {
  const { operations, purposes, when, consents, waives, duties } = permission;
  return [
    `permits ${permission.unrestricted ? "every operation" : listed(operations, "and")}`,
    purposes ? ` for ${purposeNames(purposes)}, or narrower purposes` : " for any purpose",
    when ? `, where ${conditionWords(when)}` : "",
    consents ? `, with the consent ${listed(consents, "and")}` : "",
    waives ? `, and waives ${listed(waives, "and")}` : "",
    duties ? `; duties ${listed(duties, "and")}` : "",
    ` (${permission.id})`,
  ].join("");
}

function dutyLine({ id, type, trigger, within, by, criticality = "required" }: Duty): string {
  const when = { "before-use": "before each use", "each-use": "at each use", "after-use": "after use" }[trigger];
  const deadline = within === undefined ? "" : ` within ${within}`;
  return `obliges ${by ?? "the actor"} to ${type} ${when}${deadline}, ${criticality.replace("_", " ")} (${id})`;
}

function deriveLine(operation: string, entry: DeriveEntry): string {
  if (entry === "forbid") return `${operation}: nothing may be derived`;
  if ("release" in entry) {
    return `${operation}: the policy ${entry.release.policy.slice(0, 19)}… takes its place where ${conditionWords(entry.release.requires)}`;
  }
  const added = entry.add ? `, and from then on: ${limitLines(entry.add).join("; ")}` : "";
  return `${operation}: the policy is inherited${added}`;
}

/** A policy document in plain language, one line a statement: permissions, prohibitions, limits, duties, inheritance. */
export function explain(document: JsonObject): readonly string[] {
  const policy = document as unknown as PolicyDocument;
  const { id, authority, kind, classification = "public" } = policy;
  return [
    `${id} of ${authority}: a ${kind === "grant" ? "grant" : "restriction"}, classified ${classification}`,
    ...(policy.permissions ?? []).map(permissionLine),
    ...(policy.prohibitions ?? []).map(
      ({ id: rule, operations, purposes, when }) =>
        `prohibits ${operations[0] === "*" ? "everything but deletion" : listed(operations, "and")}` +
        `${purposes ? ` for ${listed(purposes.map(short), "or")}` : ""}${when ? `, where ${conditionWords(when)}` : ""} (${rule})`,
    ),
    ...limitLines(policy.limits ?? {}),
    ...(policy.duties ?? []).map(dutyLine),
    ...Object.entries(policy.derive ?? {}).map(([operation, entry]) => `derived by ${deriveLine(operation, entry)}`),
    ...(policy.derive ? ["derived otherwise: the policy is inherited"] : ["whatever is derived inherits the policy"]),
    ...(policy.declassify
      ? [
          `lowered by ${policy.declassify.threshold} of ${listed(policy.declassify.approvers, "and")}, at most to: ${limitLines(policy.declassify.atMost).join("; ")}`,
        ]
      : ["lowered by nobody"]),
  ];
}

/** What each reason code says. Spec: RSN-1. */
const reasonWords: Readonly<Record<string, string>> = {
  "standing-expired": "the artifact's evidence no longer counts",
  "lineage-unchecked": "where the artifact comes from isn't checked, and the trust policy demands it",
  "principal-expired": "what proves who asks has ended",
  "no-grant": "no policy in force permits anything",
  "operation-unknown": "the operation isn't one that policies know",
  "purpose-term": "the purpose is no term of the policy",
  "not-yet-valid": "the policy isn't in force yet",
  expired: "the policy has expired",
  "delete-due": "the data is due for deletion",
  "operation-prohibited": "the operation is banned",
  purpose: "the purpose isn't among those admitted",
  "purpose-prohibited": "the purpose is banned",
  "purpose-too-broad": "the purpose takes in a banned one: name a narrower purpose",
  region: "the region isn't admitted",
  party: "the party isn't admitted",
  "party-prohibited": "the party is banned",
  "principal-kind": "the kind of principal isn't admitted",
  destination: "the destination isn't named",
  "k-anonymity": "the groups of the output are too small",
  custody: "the keys are held where the policy doesn't admit it",
  "uses-exhausted": "the number of uses is exhausted",
  consent: "the consent isn't given",
  "no-permission": "no permission fits",
  prohibited: "a prohibition hits",
  "duty-unknown-type": "a required duty is of a type that isn't known here",
  "duty-undischarged": "a duty before the use isn't discharged",
  status: "the status of the data doesn't allow it",
  "keep-until": "the data has to be kept",
  hold: "a hold is in force",
  waived: "permitted by a waiver",
};

/** A decision in plain language: the verdict, each reason with its rule, missing facts, obligations. With the documents of the policies, a purpose that is no term of them comes with what may have been meant. */
export function explainDecision(
  evaluation: Pick<Evaluation, "verdict" | "reasons" | "missing" | "obligations">,
  policies: readonly JsonObject[] = [],
): readonly string[] {
  const { verdict, reasons, missing, obligations } = evaluation;
  const may = verdict === "unknown" ? "not known whether: " : "";
  return [
    { permit: "permitted", deny: "denied", unknown: "unknown: facts are missing" }[verdict],
    ...reasons.map(({ code, rule, subject }) => {
      const about = [rule, subject].filter((part) => part !== undefined).join(", ");
      const meant = code === "purpose-term" && subject !== undefined ? suggestPurpose(subject, policies) : "";
      return `${may}${reasonWords[code] ?? code}${about === "" ? "" : ` (${about})`}${meant} [${code}]`;
    }),
    ...missing.map(({ fact, suppliedBy }) => `missing: ${fact}, from the ${suppliedBy.replaceAll("-", " ")}`),
    ...obligations.map(({ duty, type, trigger, withinSeconds, by, criticality }) => {
      const deadline = withinSeconds === undefined ? "" : ` within ${withinSeconds} s`;
      return `obliges ${by ?? "the actor"} to ${type} (${trigger}${deadline}, ${criticality.replace("_", " ")}: ${duty})`;
    }),
  ];
}
