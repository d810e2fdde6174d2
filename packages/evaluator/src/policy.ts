// A policy as the evaluator reads it: a checked, expanded document and the graph of its purposes.
import type { JsonObject, JsonValue } from "@writ/core";
import { checkDocument } from "./check-document.ts";
import { placedItems, placedLimits } from "./document.ts";
import type { Placed, PolicyDocument, PurposeElement } from "./document.ts";
import { expandDocument, expandTerm } from "./expansion.ts";
import { emergencyTerms, shippedTaxonomies } from "./generated/vocabulary.ts";
import { Place, refuse } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
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

/** Where own terms stand, by their full names. */
function placesOf({ terms = {} }: PolicyDocument): ReadonlyMap<string, Pointer> {
  return new Map(Object.keys(terms).map((term) => [expandTerm(term)!, new Place("/terms", term)]));
}

/** The graph of the layer's purposes. Spec: TAX-2 to TAX-5. */
function graphOf(document: PolicyDocument, written: PolicyDocument, held: Held, signing: boolean): PurposeGraph {
  const { found, lacking } = pinned(document, held, signing);
  const others = held.graphs.of(found, lacking);
  if ("cycle" in others)
    refuse("policy-taxonomy-cycle", "/taxonomies", `the links of \`${others.cycle[0]}\` form a circle`);
  if (!document.terms) return others;
  const places = placesOf(written);
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
  places: ReadonlyMap<string, Pointer>,
  others: PurposeGraph,
): void {
  for (const [term, broader] of Object.entries(own)) {
    for (const { value, pointer } of placedItems(broader, places.get(term) ?? "/terms")) {
      if (!others.has(value) && !Object.hasOwn(own, value))
        unknownTerm(value, pointer, [...others.terms, ...Object.keys(own)]);
    }
  }
}

function unknownTerm(term: string, pointer: Pointer, terms: readonly string[]): never {
  const known = shippedTaxonomies.find((taxonomy) => Object.hasOwn(taxonomy.terms, term));
  const where = known
    ? `: pin {"iri":"${known.iri}","version":"${known.version}","digest":"${known.digest}"} under \`taxonomies\`, beside the others`
    : suggest(term, terms);
  return refuse("policy-unknown-term", pointer, `\`${term}\` is no term of this policy${where}`);
}

function addTerms(list: readonly PurposeElement[] | undefined, pointer: Pointer, found: Placed<string>[]): void {
  list?.forEach((element, index) => {
    const place = new Place(pointer, index);
    if (typeof element === "string") found.push({ value: element, pointer: place });
    else found.push({ value: element.exactly, pointer: new Place(place, "exactly") });
  });
}

/** Every purpose that limits and rules name. */
function purposesIn(document: PolicyDocument): readonly Placed<string>[] {
  const found: Placed<string>[] = [];
  for (const { value: limits, pointer } of placedLimits(document)) {
    const clauses = placedItems(limits.purposes, new Place(pointer, "purposes"));
    for (const clause of clauses) addTerms(clause.value, clause.pointer, found);
    addTerms(limits.notPurposes, new Place(pointer, "notPurposes"), found);
  }
  for (const member of ["permissions", "prohibitions"] as const) {
    document[member]?.forEach(({ purposes }, index) => {
      if (purposes) addTerms(purposes, new Place(new Place(`/${member}`, index), "purposes"), found);
    });
  }
  return found;
}

/** Spec: POL-16. */
function checkWaives(document: PolicyDocument, graph: PurposeGraph): void {
  const duties = new Map(document.duties?.map((duty) => [duty.id, duty]));
  for (const { value, pointer } of placedItems(document.permissions, "/permissions")) {
    if (!value.waives) continue;
    const terms: Placed<string>[] = [];
    addTerms(value.purposes, new Place(pointer, "purposes"), terms);
    for (const { value: term, pointer: place } of terms) {
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
  const document = signing ? expandDocument(written) : written;
  const purposes = purposesIn(document);
  if (!signing) checkExpanded(document, purposes);
  const graph = graphOf(document, written, held, signing);
  if (graph.lacking.length === 0) {
    for (const { value: term, pointer } of purposes) if (!graph.has(term)) unknownTerm(term, pointer, graph.terms);
  }
  checkWaives(document, graph);
  return { document, graph };
}

/** A document as it is signed names its taxonomies, and everything in full. Spec: POL-7. */
function checkExpanded(document: PolicyDocument, purposes: readonly Placed<string>[]): void {
  const check = (term: string, pointer: Pointer): void => {
    if (expandTerm(term) !== term) refuseUnexpanded(pointer);
  };
  if (!document.taxonomies) refuseUnexpanded("");
  for (const [term, broader] of Object.entries(document.terms ?? {})) {
    const place = new Place("/terms", term);
    check(term, place);
    broader.forEach((name, index) => check(name, new Place(place, index)));
  }
  for (const { value, pointer } of purposes) check(value, pointer);
}

function refuseUnexpanded(pointer: Pointer): never {
  return refuse("policy-schema", pointer, "the document isn't expanded, so it isn't what was signed");
}

/** A policy from its text, to be signed. Throws FormatError `json-invalid`, PolicyError. Spec: POL-1 to POL-18, TAX-4. */
export function policyFromText(text: string, held: Held): Policy {
  return readChecked(parsePolicyText(text), held, true);
}

/** A policy from an expanded document, as artifacts carry it. Throws as `policyFromText`, `policy-schema` for one that isn't expanded. Spec: POL-7, TAX-5. */
export function policyFromDocument(document: JsonObject, held: Held): Policy {
  return readChecked(copyPolicyValue(document), held, false);
}
