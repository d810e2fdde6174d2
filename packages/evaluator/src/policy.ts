// A policy as the evaluator reads it: a checked, expanded document and the graph of its purposes.
import type { JsonObject, JsonValue } from "@writ/core";
import { checkDocument } from "./check-document.ts";
import { placedItems, placedLimits } from "./document.ts";
import type { PolicyDocument, PurposeElement } from "./document.ts";
import { expandDocument, expandTerm } from "./expansion.ts";
import { emergencyTerms, shippedTaxonomies } from "./generated/vocabulary.ts";
import { at, refuse } from "./pointer.ts";
import { copyPolicyValue, parsePolicyText } from "./policy-text.ts";
import { buildPurposeGraph } from "./purpose-graph.ts";
import type { PurposeGraph, PurposeGraphs } from "./purpose-graph.ts";
import { suggest } from "./suggestion.ts";
import type { Taxonomy } from "./taxonomy.ts";

/** A document that may decide. */
export interface Policy {
  /** Expanded, frozen. */
  readonly document: PolicyDocument;
  readonly graph: PurposeGraph;
}

/** The vocabulary of an evaluator. */
export interface Held {
  /** By digest. */
  readonly taxonomies: ReadonlyMap<string, Taxonomy>;
  readonly graphs: PurposeGraphs;
}

function pinned(document: PolicyDocument, held: Held, signing: boolean): { found: Taxonomy[]; lacking: string[] } {
  const found: Taxonomy[] = [];
  const lacking: string[] = [];
  const seen = new Set<string>();
  for (const { value: pin, pointer } of placedItems(document.taxonomies, "/taxonomies")) {
    if (seen.has(pin.iri)) refuse("policy-taxonomy", pointer, `taxonomy \`${pin.iri}\` is pinned twice`);
    seen.add(pin.iri);
    const taxonomy = held.taxonomies.get(pin.digest);
    if (taxonomy && (taxonomy.iri !== pin.iri || taxonomy.version !== pin.version)) {
      refuse("policy-taxonomy", pointer, `the digest is that of \`${taxonomy.iri}\` ${taxonomy.version}`);
    }
    if (taxonomy) found.push(taxonomy);
    else if (signing) refuse("policy-taxonomy", pointer, `taxonomy \`${pin.iri}\` isn't held under this digest`);
    else lacking.push(pin.iri);
  }
  return { found, lacking };
}

/** The graph of the layer's purposes. Spec: TAX-2 to TAX-5. */
function graphOf(document: PolicyDocument, written: PolicyDocument, held: Held, signing: boolean): PurposeGraph {
  const { found, lacking } = pinned(document, held, signing);
  const places = new Map(Object.keys(written.terms ?? {}).map((term) => [expandTerm(term), at("/terms", term)]));
  const others = held.graphs.of(found, lacking);
  if ("cycle" in others)
    refuse("policy-taxonomy-cycle", "/taxonomies", `the links of \`${others.cycle[0]}\` form a circle`);
  if (!document.terms) return others;
  for (const term of Object.keys(document.terms)) {
    if (others.has(term))
      refuse("policy-taxonomy", places.get(term) ?? "/terms", `own term \`${term}\` is a term of a taxonomy`);
  }
  const own = document.terms;
  if (lacking.length === 0) checkBroader(own, places, others);
  const graph = buildPurposeGraph(found, own, lacking);
  if (!("cycle" in graph)) return graph;
  const first = graph.cycle.find((term) => places.has(term)) ?? graph.cycle[0]!;
  return refuse("policy-taxonomy-cycle", places.get(first) ?? "/terms", `the links of \`${first}\` form a circle`);
}

function checkBroader(
  own: Readonly<Record<string, readonly string[]>>,
  places: ReadonlyMap<string | null, string>,
  others: PurposeGraph,
): void {
  for (const [term, broader] of Object.entries(own)) {
    for (const { value, pointer } of placedItems(broader, places.get(term) ?? "/terms")) {
      if (!others.has(value) && !Object.hasOwn(own, value))
        unknownTerm(value, pointer, [...others.terms, ...Object.keys(own)]);
    }
  }
}

function unknownTerm(term: string, pointer: string, terms: readonly string[]): never {
  const known = shippedTaxonomies.find((taxonomy) => Object.hasOwn(taxonomy.terms, term));
  const where = known
    ? `: pin {"iri":"${known.iri}","version":"${known.version}","digest":"${known.digest}"} under \`taxonomies\`, beside the others`
    : suggest(term, terms);
  return refuse("policy-unknown-term", pointer, `\`${term}\` is no term of this policy${where}`);
}

interface PlacedTerm {
  readonly term: string;
  readonly pointer: string;
}

function termsIn(list: readonly PurposeElement[] | undefined, pointer: string): readonly PlacedTerm[] {
  return placedItems(list, pointer).map(({ value, pointer: place }) =>
    typeof value === "string"
      ? { term: value, pointer: place }
      : { term: value.exactly, pointer: at(place, "exactly") },
  );
}

function purposesIn(document: PolicyDocument): readonly PlacedTerm[] {
  return [
    ...placedLimits(document).flatMap(({ value, pointer }) => [
      ...placedItems(value.purposes, at(pointer, "purposes")).flatMap((clause) =>
        termsIn(clause.value, clause.pointer),
      ),
      ...termsIn(value.notPurposes, at(pointer, "notPurposes")),
    ]),
    ...placedItems(document.permissions, "/permissions").flatMap(({ value, pointer }) =>
      termsIn(value.purposes, at(pointer, "purposes")),
    ),
    ...placedItems(document.prohibitions, "/prohibitions").flatMap(({ value, pointer }) =>
      termsIn(value.purposes, at(pointer, "purposes")),
    ),
  ];
}

/** Spec: POL-16. */
function checkWaives(document: PolicyDocument, graph: PurposeGraph): void {
  const duties = new Map(document.duties?.map((duty) => [duty.id, duty]));
  for (const { value, pointer } of placedItems(document.permissions, "/permissions")) {
    if (!value.waives) continue;
    for (const { term, pointer: place } of termsIn(value.purposes, at(pointer, "purposes"))) {
      if (graph.lacking.length === 0 && !emergencyTerms.some((emergency) => graph.isWithin(term, emergency))) {
        refuse("policy-waives", place, `\`${term}\` is no emergency purpose`);
      }
    }
    const reports = value.duties?.some((id) => {
      const duty = duties.get(id);
      return duty?.type === "report" && (duty.criticality ?? "required") === "required";
    });
    if (!reports) refuse("policy-waives", pointer, "a permission that waives names a required duty of type `report`");
  }
}

function readChecked(value: JsonValue, held: Held, signing: boolean): Policy {
  const written = checkDocument(value);
  const unexpanded = signing ? undefined : unexpandedAt(written);
  if (unexpanded !== undefined)
    refuse("policy-schema", unexpanded, "the document isn't expanded, so it isn't what was signed");
  const document = expandDocument(written);
  const graph = graphOf(document, written, held, signing);
  if (graph.lacking.length === 0) {
    for (const { term, pointer } of purposesIn(document)) if (!graph.has(term)) unknownTerm(term, pointer, graph.terms);
  }
  checkWaives(document, graph);
  return { document, graph };
}

/** Where a document isn't in the form that is signed, or undefined. */
function unexpandedAt(document: PolicyDocument): string | undefined {
  if (!document.taxonomies) return "";
  for (const [term, broader] of Object.entries(document.terms ?? {})) {
    if (expandTerm(term) !== term) return at("/terms", term);
    const found = termsIn(broader, at("/terms", term)).find((placed) => expandTerm(placed.term) !== placed.term);
    if (found) return found.pointer;
  }
  return purposesIn(document).find(({ term }) => expandTerm(term) !== term)?.pointer;
}

/** A policy from its text, to be signed. Throws FormatError `json-invalid`, PolicyError. Spec: POL-1 to POL-18, TAX-4. */
export function policyFromText(text: string, held: Held): Policy {
  return readChecked(parsePolicyText(text), held, true);
}

/** A policy from an expanded document, as artifacts carry it. Throws as `policyFromText`, `policy-schema` for one that isn't expanded. Spec: POL-7, TAX-5. */
export function policyFromDocument(document: JsonObject, held: Held): Policy {
  return readChecked(copyPolicyValue(document), held, false);
}
