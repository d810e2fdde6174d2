// From prefixed names to full IRIs. Spec: POL-5, POL-6.
import type { JsonObject, JsonValue } from "@writ/core";
import { bareObject, placedItems } from "./document.ts";
import type { Limits, PolicyDocument, PurposeElement } from "./document.ts";
import { prefixes, shippedTaxonomies } from "./generated/vocabulary.ts";
import { inEncodedOrder } from "./encoded-order.ts";
import { Place, refuse } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
import { suggest } from "./suggestion.ts";

/** The full IRI of a term, or null where its prefix isn't known. Spec: POL-5. */
export function expandTerm(term: string): string | null {
  if (/^(?:urn:|https:\/\/|http:\/\/|did:|tag:)/.test(term)) return term;
  const colon = term.indexOf(":");
  const prefix = term.slice(0, colon);
  return Object.hasOwn(prefixes, prefix) ? prefixes[prefix]! + term.slice(colon + 1) : null;
}

function expandAt(term: string, pointer: Pointer): string {
  const full = expandTerm(term);
  if (full !== null) return full;
  const prefix = term.slice(0, term.indexOf(":"));
  return refuse(
    "policy-unknown-term",
    pointer,
    `prefix \`${prefix}\` isn't known${suggest(prefix, Object.keys(prefixes))}`,
  );
}

function expandElement(element: PurposeElement, pointer: Pointer): PurposeElement {
  if (typeof element === "string") return expandAt(element, pointer);
  return { exactly: expandAt(element.exactly, new Place(pointer, "exactly")) };
}

function expandList<T>(list: readonly T[], pointer: Pointer, expand: (item: T, place: Pointer) => T): readonly T[] {
  return placedItems(list, pointer).map(({ value, pointer: place }) => expand(value, place));
}

function expandLimits(limits: Limits, pointer: Pointer): Limits {
  const { purposes, notPurposes } = limits;
  const clauses = (list: readonly (readonly PurposeElement[])[]): Limits["purposes"] =>
    expandList(list, new Place(pointer, "purposes"), (clause, place) => expandList(clause, place, expandElement));
  return {
    ...limits,
    ...(purposes && { purposes: clauses(purposes)! }),
    ...(notPurposes && { notPurposes: expandList(notPurposes, new Place(pointer, "notPurposes"), expandAt) }),
  };
}

function expandOwnTerms(terms: Readonly<Record<string, readonly string[]>>): Record<string, readonly string[]> {
  const expanded = Object.create(null) as Record<string, readonly string[]>;
  for (const [term, broader] of Object.entries(terms)) {
    const pointer = new Place("/terms", term);
    const name = expandAt(term, pointer);
    if (name in expanded)
      refuse("policy-duplicate-member", pointer, `term \`${term}\` stands twice, once under another name`);
    expanded[name] = expandList(broader, pointer, expandAt);
  }
  return expanded;
}

function expandDerive(derive: NonNullable<PolicyDocument["derive"]>): PolicyDocument["derive"] {
  return Object.fromEntries(
    Object.entries(derive).map(([operation, entry]) => {
      if (typeof entry === "string" || !("inherit" in entry) || !entry.add) return [operation, entry];
      return [operation, { ...entry, add: expandLimits(entry.add, `/derive/${operation}/add`) }];
    }),
  );
}

function expandRules<T extends { readonly purposes?: readonly unknown[] }, P>(
  rules: readonly T[],
  pointer: Pointer,
  expand: (item: P, place: Pointer) => P,
): readonly T[] {
  return placedItems(rules, pointer).map(({ value, pointer: place }) =>
    value.purposes
      ? { ...value, purposes: expandList(value.purposes as readonly P[], new Place(place, "purposes"), expand) }
      : value,
  );
}

function inOrder(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => inOrder(item as JsonValue)));
  const ordered = bareObject();
  const object = value as JsonObject;
  for (const name of inEncodedOrder(object)) ordered[name] = inOrder(object[name]!);
  return Object.freeze(ordered);
}

/** The expanded document, frozen. Throws PolicyError `policy-unknown-term`, `policy-duplicate-member`. Spec: POL-5, POL-6. */
export function expandDocument(document: PolicyDocument): PolicyDocument {
  const { terms, limits, permissions, prohibitions, derive, declassify } = document;
  const shipped = shippedTaxonomies[0]!;
  const expanded: PolicyDocument = {
    ...document,
    taxonomies: document.taxonomies ?? [{ iri: shipped.iri, version: shipped.version, digest: shipped.digest }],
    ...(terms && { terms: expandOwnTerms(terms) }),
    ...(limits && { limits: expandLimits(limits, "/limits") }),
    ...(permissions && { permissions: expandRules(permissions, "/permissions", expandElement) }),
    ...(prohibitions && { prohibitions: expandRules(prohibitions, "/prohibitions", expandAt) }),
    ...(derive && { derive: expandDerive(derive)! }),
    ...(declassify && { declassify: { ...declassify, atMost: expandLimits(declassify.atMost, "/declassify/atMost") } }),
  };
  return inOrder(expanded as unknown as JsonValue) as unknown as PolicyDocument;
}
