// Which purposes a clause admits, and which of them its author may not mean.
import type { PurposeElement } from "./document.ts";
import { shippedTaxonomies, surprises } from "./generated/vocabulary.ts";
import { expandTerm } from "./expansion.ts";
import { buildPurposeGraph } from "./purpose-graph.ts";
import type { PurposeGraph } from "./purpose-graph.ts";

let shippedGraph: PurposeGraph | undefined;

function shipped(): PurposeGraph {
  if (!shippedGraph) {
    const graph = buildPurposeGraph(shippedTaxonomies, {}, []);
    if ("cycle" in graph) throw new RangeError("the shipped taxonomies form a circle");
    shippedGraph = graph;
  }
  return shippedGraph;
}

function admits(graph: PurposeGraph, clause: readonly PurposeElement[], purpose: string): boolean {
  return clause.some((element) => {
    if (typeof element !== "string") return expandTerm(element.exactly) === purpose;
    return graph.isWithin(purpose, expandTerm(element) ?? element);
  });
}

/** The narrowest purposes that a clause admits: those without narrower ones, in the order of the taxonomy. Terms may be prefixed. */
export function admittedPurposes(
  clause: readonly PurposeElement[],
  graph: PurposeGraph = shipped(),
): readonly string[] {
  const admitted = graph.terms.filter((term) => admits(graph, clause, term));
  return admitted.filter((term) => !admitted.some((other) => other !== term && graph.isWithin(other, term)));
}

/** Purposes of the shipped list of surprises that a clause admits without naming them. Spec: POL-18. */
export function surprisesIn(clause: readonly PurposeElement[], graph: PurposeGraph): readonly string[] {
  const named = new Set(clause.map((element) => expandTerm(typeof element === "string" ? element : element.exactly)));
  return surprises.filter((term) => graph.has(term) && !named.has(term) && admits(graph, clause, term));
}
