// What the evaluator answers to a decision vector, in the words of the vector; in a page and in node alike.
import { GovernanceError, nameOf } from "@writ/core";
import type { DecisionRequest, DecisionState, Digest, Evaluator, JsonObject, Operation, PolicyLayer } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import type { DecisionVector, VectorLayer } from "../evaluator/vector-files.ts";

/** Seconds since the epoch as an instant. */
export function instantOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** The digest that stands for a policy's name. */
function digestOf(name: string): Digest {
  return /^sha384:[0-9a-f]{96}$/.test(name) ? (name as Digest) : nameOf(new TextEncoder().encode(name));
}

function layerOf({ policy, parameters, via }: VectorLayer, documents: ReadonlyMap<string, JsonObject>): PolicyLayer {
  return {
    policy: digestOf(policy),
    document: documents.get(policy)!,
    parameters: parameters ?? {},
    via: (via ?? []) as PolicyLayer["via"],
  };
}

/** Documents as signed; where their taxonomy isn't held, with prefixes written out. */
function documentsOf(
  { policies, taxonomies }: DecisionVector,
  evaluator: Evaluator,
  prefixes: Readonly<Record<string, string>>,
): ReadonlyMap<string, JsonObject> {
  const held = new Set(["2.3", ...(taxonomies ?? []).map(({ version }) => version)]);
  const writtenOut = (document: JsonObject): JsonObject =>
    JSON.parse(
      JSON.stringify(document).replace(/"([a-z-]+):/g, (whole, prefix: string) =>
        Object.hasOwn(prefixes, prefix) ? `"${prefixes[prefix]!}` : whole,
      ),
    ) as JsonObject;
  return new Map(
    Object.entries(policies).map(([name, document]) => {
      const pins = (document["taxonomies"] ?? []) as { version: string }[];
      const signable = pins.every(({ version }) => held.has(version));
      return [name, signable ? evaluator.prepare(JSON.stringify(document)).document : writtenOut(document)];
    }),
  );
}

function stateOf(state: Record<string, unknown>): DecisionState {
  const approvals = state["approvals"] as { policy: string }[] | undefined;
  return {
    ...state,
    now: Date.parse(state["now"] as string) / 1000,
    ...(approvals && { approvals: approvals.map((approval) => ({ ...approval, policy: digestOf(approval.policy) })) }),
  } as unknown as DecisionState;
}

const sorted = (items: Iterable<string>): string[] => [...new Set(items)].toSorted();

/** Whom a vector asks, under which layers, of which documents by name. */
export function asking(
  vector: DecisionVector,
  prefixes: Readonly<Record<string, string>>,
): {
  readonly evaluator: Evaluator;
  readonly documents: ReadonlyMap<string, JsonObject>;
  readonly layers: readonly PolicyLayer[];
  readonly state: DecisionState;
} {
  const evaluator = createEvaluator({ taxonomies: vector.taxonomies ?? [] });
  const documents = documentsOf(vector, evaluator, prefixes);
  const layers = vector.layers?.map((layer) => layerOf(layer, documents)) ?? [];
  return { evaluator, documents, layers, state: stateOf(vector.state ?? {}) };
}

/** What the evaluator says, in the words of the vector. */
export function decided(vector: DecisionVector, prefixes: Readonly<Record<string, string>>): unknown {
  const { evaluator, documents, layers, state } = asking(vector, prefixes);
  const names = new Map<string, string>(Object.keys(vector.policies).map((name) => [digestOf(name), name]));
  const named = (digest: string): string => names.get(digest) ?? digest;
  if (vector.parents) {
    const parents = vector.parents.map((list) => list.map((layer) => layerOf(layer, documents)));
    const child = evaluator.childLayers(parents, vector.operation as Operation, vector.output, (digest) =>
      documents.get(named(digest)),
    );
    return {
      layers: child.layers.map(({ policy, parameters, via }) => ({ policy: named(policy), parameters, via })),
      forbiddenBy: child.forbiddenBy.map(named),
      refused: child.refused.map(({ policy }) => named(policy ?? "")),
    };
  }
  if (vector.request === undefined) return { emptyMeet: evaluator.emptyMeet(layers)?.code ?? null };
  try {
    const said = evaluator.evaluate(layers, vector.request as DecisionRequest, state);
    return {
      verdict: said.verdict,
      reasons: sorted(said.reasons.map(({ code }) => code)),
      missing: sorted(said.missing.map(({ fact }) => fact)),
      obligations: sorted(said.obligations.map(({ policy, duty }) => `${named(policy)}/${duty}`)),
      ...(vector.expect.until !== undefined && { until: said.until === null ? null : instantOf(said.until) }),
    };
  } catch (error) {
    return { error: error instanceof GovernanceError ? error.code : (error as Error).name };
  }
}

/** What the vector expects, sets sorted. */
export function expectedDecision({ expect, parents }: DecisionVector): unknown {
  const { reasons, missing, obligations, layers, ...rest } = expect;
  return {
    ...rest,
    ...(reasons && {
      reasons: sorted(reasons),
      missing: sorted(missing ?? []),
      obligations: sorted(obligations ?? []),
    }),
    ...(parents && {
      layers: layers
        ?.toSorted((a, b) => (digestOf(a.policy) < digestOf(b.policy) ? -1 : 1))
        .map(({ policy, parameters, via }) => ({ policy, parameters: parameters ?? {}, via: via ?? [] })),
    }),
  };
}
