// The evaluator: core's interface over the parts of this package. Synchronous, no clock, no I/O.
import { encodeCbor, nameOf } from "@writ/core";
import type { DecisionState, Evaluator, JsonObject, PreparedPolicy } from "@writ/core";
import { looserThanAtMost } from "./at-most.ts";
import { layersOfChild } from "./children.ts";
import { byCodePoint } from "./code-point-order.ts";
import { frozenBytes, LayerCache } from "./compile-cache.ts";
import type { KnownLayer } from "./compile-cache.ts";
import type { CompiledLayer } from "./compile-layer.ts";
import { termNames } from "./compile-request.ts";
import { CompiledDecisions } from "./compile.ts";
import { emptyMeets } from "./empty-meet.ts";
import {
  emergencyTerms,
  operationTable,
  prefixes,
  regionGroups,
  shippedTaxonomies,
  trainingTerms,
} from "./generated/vocabulary.ts";
import { readLayer } from "./layer.ts";
import { policyFromDocument, policyFromText } from "./policy.ts";
import type { Held, Policy } from "./policy.ts";
import { PurposeGraphs } from "./purpose-graph.ts";
import { readRequest } from "./request.ts";
import { isNeedy, nothingNeeded, stateNeeds } from "./state-needs.ts";
import { holdTaxonomies } from "./taxonomy.ts";
import type { Taxonomy } from "./taxonomy.ts";
import { decideLayers } from "./verdict.ts";
import { warningsOf } from "./warnings.ts";

/** What an evaluator is made of. */
export interface EvaluatorOptions {
  /** Taxonomies beside the shipped ones, each under its digest. */
  readonly taxonomies?: readonly Taxonomy[];
}

/** Digest of everything that verdicts depend on beside code: two evaluators of one id decide alike. */
function vocabularyDigest(held: Held): string {
  const facts = JSON.stringify([
    [...held.taxonomies.keys()].sort(byCodePoint),
    operationTable,
    prefixes,
    regionGroups,
    trainingTerms,
    emergencyTerms,
  ]);
  return nameOf(encodeCbor(facts));
}

function checkState(state: DecisionState): void {
  if (typeof state !== "object" || state === null) throw new TypeError("the state is no object");
  if (!Number.isSafeInteger(state.now)) throw new TypeError("`now` is no integer of seconds");
}

/** Reads documents, those that can't change any more only once. */
function policyCache(held: Held): (document: JsonObject) => Policy {
  const known = new WeakMap<JsonObject, Policy>();
  return (document) => {
    const cached = known.get(document);
    if (cached) return cached;
    const policy = policyFromDocument(document, held);
    if (frozenBytes(document) !== null) known.set(document, policy);
    return policy;
  };
}

/** Memory for layers that were read and compiled, about; thousands of policies. */
const layerBytes = 64 * 2 ** 20;

/** The closures of all layers; null where the interpreter must decide. */
function compiledOf(layers: readonly KnownLayer[]): readonly CompiledLayer[] | null {
  const compiled = layers.map((layer) => layer.use()); // each is counted, whatever the others are
  for (const closures of compiled) if (!closures) return null;
  return compiled as readonly CompiledLayer[];
}

/** An evaluator of policies. Throws TypeError for unknown options, PolicyError `policy-taxonomy` for a taxonomy that isn't what its digest says. Spec: EVL-1. */
export function createEvaluator(options: EvaluatorOptions = {}): Evaluator {
  const unknown = Object.keys(options).find((name) => name !== "taxonomies");
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  const taxonomies = holdTaxonomies(shippedTaxonomies, options.taxonomies);
  const held: Held = { taxonomies, graphs: new PurposeGraphs() };
  const readPolicy = policyCache(held);
  const known = new LayerCache((layer) => {
    const policy = readPolicy(layer.document);
    return { layer: readLayer(layer, policy), document: policy.document as unknown as JsonObject };
  }, layerBytes);
  const whyEmpty = emptyMeets();
  let decisions: CompiledDecisions | undefined;
  return {
    id: `@writ/evaluator 0.1.0 ${vocabularyDigest(held)}`,
    prepare: (document): PreparedPolicy => {
      const policy = typeof document === "string" ? policyFromText(document, held) : readPolicy(document);
      const { id, authority, classification = "public" } = policy.document;
      let warnings: PreparedPolicy["warnings"] | undefined;
      return {
        document: policy.document as unknown as JsonObject,
        id,
        authority,
        classification,
        get warnings() {
          return (warnings ??= warningsOf(policy)); // ingest prepares policies too, and reads none
        },
      };
    },
    evaluate: (layers, request, state) => {
      checkState(state);
      const read = layers.map((layer) => known.of(layer));
      const compiled = compiledOf(read);
      if (compiled) decisions ??= new CompiledDecisions(termNames([...held.taxonomies.values()]));
      const decided = compiled && decisions?.decide(compiled, request, state);
      if (decided) return decided;
      const interpreted = read.map(({ layer }) => layer);
      return decideLayers(interpreted, readRequest(request), state);
    },
    needs: (layers, request) => {
      const needy = layers.map((layer) => known.of(layer).needs).filter(isNeedy);
      return needy.length === 0 ? nothingNeeded : stateNeeds(needy, readRequest(request));
    },
    childLayers: (parents, operation, output, lookup) => layersOfChild(parents, operation, output, lookup, readPolicy),
    looserThanAtMost: (lowered, layers) => looserThanAtMost(lowered, layers, readPolicy),
    emptyMeet: (layers) => whyEmpty(layers.map((layer) => known.of(layer).layer)),
  };
}
