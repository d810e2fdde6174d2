// The joined label of several layers: for display, search and pre-checks. Decisions never read it. Spec: POL-19.
import type { Digest, JsonObject, PolicyLayer } from "@writ/core";
import { byCodePoint } from "./code-point-order.ts";
import type { Limits, Permission, PolicyDocument, Staleness } from "./document.ts";
import { shippedTaxonomies } from "./generated/vocabulary.ts";
import { levels } from "./field.ts";
import { readLayer } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { policyFromDocument } from "./policy.ts";
import type { Held } from "./policy.ts";
import { PurposeGraphs } from "./purpose-graph.ts";
import { holdTaxonomies } from "./taxonomy.ts";
import { parseDuration, parseInstant } from "./time.ts";

/** Limits of all layers as one set; `custody.regions` are clauses here. */
export interface JoinedLimits extends Omit<Limits, "custody"> {
  readonly custody?: {
    readonly origins?: readonly string[];
    readonly managers?: readonly string[];
    readonly regions?: readonly (readonly string[])[];
  };
}

/** A part of a document with the layer it stays with. */
export type ByLayer<T> = readonly { readonly policy: Digest; readonly value: T }[];

/** What the layers say together. Sound one way: what it denies, they deny. */
export interface Label {
  readonly version: 1;
  readonly kind: PolicyDocument["kind"];
  readonly id: readonly string[];
  readonly authority: readonly string[];
  readonly classification: string;
  readonly taxonomies: ByLayer<NonNullable<PolicyDocument["taxonomies"]>>;
  readonly terms: ByLayer<NonNullable<PolicyDocument["terms"]>>;
  readonly limits: JoinedLimits;
  /** One list a grant layer: in each some permission must hold. */
  readonly permissions: ByLayer<readonly Permission[]>;
  readonly prohibitions: ByLayer<NonNullable<PolicyDocument["prohibitions"]>>;
  readonly duties: ByLayer<NonNullable<PolicyDocument["duties"]>>;
  /** By operation: `forbid`, or the entries by layer. */
  readonly derive: Readonly<Record<string, "forbid" | ByLayer<object>>>;
  readonly declassify: ByLayer<NonNullable<PolicyDocument["declassify"]>>;
  readonly crit: ByLayer<readonly string[]>;
  readonly ext: ByLayer<JsonObject>;
}

type Join<T> = (values: readonly T[]) => T;

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function united<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return distinct(lists.flat());
}

function intersected<T>([first = [], ...others]: readonly (readonly T[])[]): readonly T[] {
  return first.filter((item) => others.every((list) => list.includes(item)));
}

function extreme(parse: (text: string) => number, isBetter: (a: number, b: number) => boolean): Join<string> {
  return (texts) => texts.reduce((best, text) => (isBetter(parse(text), parse(best)) ? text : best));
}

const instantOf = (text: string): number => parseInstant(text)!;
const earliest = extreme(instantOf, (a, b) => a < b) as Join<NonNullable<Limits["notAfter"]>>;
const latest = extreme(instantOf, (a, b) => a > b) as Join<NonNullable<Limits["notAfter"]>>;
const shortest = extreme(
  (text) => parseDuration(text)!,
  (a, b) => a < b,
);
const highest: Join<number> = (values) => Math.max(...values);

function joinRecords<T>(records: readonly Readonly<Record<string, T>>[], join: Join<T>): Record<string, T> {
  const names = distinct(records.flatMap((record) => Object.keys(record))).sort(byCodePoint);
  return Object.fromEntries(
    names.map((name) => [
      name,
      join(records.flatMap((record) => (Object.hasOwn(record, name) ? [record[name]!] : []))),
    ]),
  );
}

function joinCustody(values: readonly NonNullable<Limits["custody"]>[]): NonNullable<JoinedLimits["custody"]> {
  const of = (member: "origins" | "managers" | "regions"): (readonly string[])[] =>
    values.flatMap((value) => (value[member] ? [value[member]] : []));
  return {
    ...(of("origins").length > 0 && { origins: intersected(of("origins")) }),
    ...(of("managers").length > 0 && { managers: intersected(of("managers")) }),
    ...(of("regions").length > 0 && { regions: distinct(of("regions")) }),
  };
}

/** How each member of the limits joins; every member has a row. */
const joins: { readonly [K in keyof Required<Limits>]: (values: readonly NonNullable<Limits[K]>[]) => unknown } = {
  purposes: united,
  notPurposes: united,
  notOperations: united,
  regions: united,
  parties: united,
  notParties: united,
  principals: intersected,
  notBefore: latest,
  notAfter: earliest,
  maxUses: (values) => joinRecords(values, (numbers) => Math.min(...numbers)),
  deleteBy: earliest,
  keepUntil: latest,
  minAssurance: highest,
  kAnonymity: highest,
  consents: united,
  custody: joinCustody,
  maxStaleness: (values) => joinRecords(values as readonly Required<Staleness>[], shortest),
};

/** Limits of layers that were read, as one set. */
export function joinLimits(layers: readonly Layer[]): JoinedLimits {
  const sets = layers.flatMap(({ document, sets: [own, ...added] }) => {
    const kinds = document.kind === "grant" ? { principals: ["service", "human"] } : {};
    return [{ ...kinds, ...own }, ...added];
  });
  const joined = Object.entries(joins).flatMap(([member, join]) => {
    const values = sets.flatMap((set) =>
      set[member as keyof Limits] === undefined ? [] : [set[member as keyof Limits]],
    );
    return values.length > 0 ? [[member, (join as (values: readonly unknown[]) => unknown)(values)]] : [];
  });
  return Object.fromEntries(joined) as JoinedLimits;
}

function byLayer<K extends keyof PolicyDocument>(
  layers: readonly Layer[],
  member: K,
): ByLayer<NonNullable<PolicyDocument[K]>> {
  return layers.flatMap(({ policy, document }) => {
    const value = document[member];
    return value === undefined ? [] : [{ policy, value }];
  });
}

function joinDerive(layers: readonly Layer[]): Label["derive"] {
  const entries = layers.flatMap(({ policy, document }) =>
    Object.entries(document.derive ?? {}).map(([operation, value]) => ({ operation, policy, value })),
  );
  const names = distinct(entries.map(({ operation }) => operation)).sort(byCodePoint);
  return Object.fromEntries(
    names.map((name): [string, "forbid" | ByLayer<object>] => {
      const own = entries.filter(({ operation }) => operation === name);
      if (own.some(({ value }) => value === "forbid")) return [name, "forbid"];
      return [name, own.map(({ policy, value }) => ({ policy, value: value as object }))];
    }),
  );
}

let held: Held | undefined;

/** Joins layers into a label; null for none. Throws PolicyError as `evaluate` does for layers that aren't well formed. Spec: POL-19. */
export function joinLabel(policyLayers: readonly PolicyLayer[]): Label | null {
  held ??= { taxonomies: holdTaxonomies(shippedTaxonomies), graphs: new PurposeGraphs() };
  const vocabulary = held;
  const layers = policyLayers.map((layer) => readLayer(layer, policyFromDocument(layer.document, vocabulary)));
  if (layers.length === 0) return null;
  const documents = layers.map(({ document }) => document);
  const ranks = documents.map(({ classification = "public" }) => levels.indexOf(classification));
  return {
    version: 1,
    kind: documents.some(({ kind }) => kind === "grant") ? "grant" : "restrict",
    id: distinct(documents.map(({ id }) => id)).sort(byCodePoint),
    authority: distinct(documents.map(({ authority }) => authority)).sort(byCodePoint),
    classification: levels[Math.max(...ranks)]!,
    taxonomies: byLayer(layers, "taxonomies"),
    terms: byLayer(layers, "terms"),
    limits: joinLimits(layers),
    permissions: byLayer(layers, "permissions"),
    prohibitions: byLayer(layers, "prohibitions"),
    duties: byLayer(layers, "duties"),
    derive: joinDerive(layers),
    declassify: byLayer(layers, "declassify"),
    crit: byLayer(layers, "crit"),
    ext: byLayer(layers, "ext"),
  };
}
