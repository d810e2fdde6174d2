// Which purposes a clause admits, and which of them its author may not mean.
import type { PolicyDocument, PurposeElement } from "./document.ts";
import { shippedTaxonomies, surprises } from "./generated/vocabulary.ts";
import { expandTerm } from "./expansion.ts";
import { buildPurposeGraph } from "./purpose-graph.ts";
import type { PurposeGraph } from "./purpose-graph.ts";
import { suggest } from "./suggestion.ts";

/** The terms of a policy: what it pins, of the shipped taxonomies, and its own. */
interface Vocabulary {
  readonly taxonomies?: PolicyDocument["taxonomies"];
  readonly terms?: PolicyDocument["terms"];
}

function expanded(term: string): string {
  return expandTerm(term) ?? term;
}

function graphOf({ taxonomies, terms = {} }: Vocabulary): PurposeGraph {
  const pinned = taxonomies ? new Set(taxonomies.map(({ digest }) => digest)) : new Set([shippedTaxonomies[0]!.digest]);
  const held = shippedTaxonomies.filter(({ digest }) => pinned.has(digest));
  const own = Object.entries(terms).map(([term, broader]) => [expanded(term), broader.map(expanded)] as const);
  const graph = buildPurposeGraph(held, Object.fromEntries(own), []);
  if ("cycle" in graph) throw new RangeError("the terms form a circle");
  return graph;
}

function admits(graph: PurposeGraph, clause: readonly PurposeElement[], purpose: string): boolean {
  return clause.some((element) => {
    if (typeof element !== "string") return expandTerm(element.exactly) === purpose;
    return graph.isWithin(purpose, expandTerm(element) ?? element);
  });
}

/**
 * The narrowest purposes that a clause admits: those without narrower ones, in the order of the taxonomies. Terms may be
 * prefixed. `vocabulary` is a policy, whose pinned taxonomies (of the shipped ones) and own terms count; by default the DPV.
 */
export function admittedPurposes(clause: readonly PurposeElement[], vocabulary: Vocabulary = {}): readonly string[] {
  const graph = graphOf(vocabulary);
  const admitted = graph.terms.filter((term) => admits(graph, clause, term));
  return admitted.filter((term) => !admitted.some((other) => other !== term && graph.isWithin(other, term)));
}

/** Purposes of the shipped list of surprises that a clause admits without naming them. Spec: POL-18. */
export function surprisesIn(clause: readonly PurposeElement[], graph: PurposeGraph): readonly string[] {
  const named = new Set(clause.map((element) => expandTerm(typeof element === "string" ? element : element.exactly)));
  return surprises.filter((term) => graph.has(term) && !named.has(term) && admits(graph, clause, term));
}

/** What may have been meant by a purpose that is no term of these policies; empty where nothing is near. */
export function suggestPurpose(purpose: string, policies: readonly Vocabulary[]): string {
  return suggest(purpose, new Set(policies.flatMap((policy) => graphOf(policy).terms)));
}
