// What the evaluator answers to a decision vector, in the words of the vector.
import type { DecisionRequest, DecisionState, Evaluator, JsonObject, Operation } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { readText } from "../support/repository.ts";
import { digestOf, layerOf, namesOf, secondsOf } from "./vector-files.ts";
import type { DecisionVector } from "./vector-files.ts";

const prefixes = JSON.parse(readText("packages/evaluator/taxonomies/prefixes.json")) as Record<string, string>;

/** Expansion by replacement: for documents that can't be signed here, since their taxonomy isn't held. */
function expandByHand(document: JsonObject): JsonObject {
  const text = JSON.stringify(document).replace(/"([a-z-]+):/g, (whole, prefix: string) =>
    Object.hasOwn(prefixes, prefix) ? `"${prefixes[prefix]!}` : whole,
  );
  return JSON.parse(text) as JsonObject;
}

function documentsOf(vector: DecisionVector, evaluator: Evaluator): ReadonlyMap<string, JsonObject> {
  const held = new Set(["2.3", ...(vector.taxonomies ?? []).map(({ version }) => version)]);
  return new Map(
    Object.entries(vector.policies).map(([name, document]) => {
      const pins = (document["taxonomies"] ?? []) as { version: string }[];
      const signable = pins.every(({ version }) => held.has(version));
      return [name, signable ? evaluator.prepare(JSON.stringify(document)).document : expandByHand(document)];
    }),
  );
}

/** Each once, in order. */
export function sorted(items: Iterable<string>): string[] {
  return [...new Set(items)].sort();
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name;
  }
  return "no error";
}

function stateOf(state: Record<string, unknown>): DecisionState {
  const approvals = state["approvals"] as { policy: string }[] | undefined;
  return {
    ...state,
    now: secondsOf(state["now"] as string),
    ...(approvals && { approvals: approvals.map((approval) => ({ ...approval, policy: digestOf(approval.policy) })) }),
  } as unknown as DecisionState;
}

/** What the evaluator says, in the words of the vector. */
export function answer(vector: DecisionVector): unknown {
  const evaluator = createEvaluator({ taxonomies: vector.taxonomies ?? [] });
  const documents = documentsOf(vector, evaluator);
  const names = namesOf(vector);
  const nameOf = (digest: string): string => names.get(digest) ?? digest;
  const layers = vector.layers?.map((layer) => layerOf(layer, documents)) ?? [];
  if (vector.parents) {
    const parents = vector.parents.map((list) => list.map((layer) => layerOf(layer, documents)));
    const lookup = (digest: string): JsonObject | undefined => documents.get(nameOf(digest));
    const child = evaluator.childLayers(parents, vector.operation as Operation, vector.output, lookup);
    return {
      layers: child.layers.map(({ policy, parameters, via }) => ({
        policy: nameOf(policy),
        parameters: { ...parameters },
        via,
      })),
      forbiddenBy: child.forbiddenBy.map(nameOf),
      refused: child.refused.map(({ policy }) => nameOf(policy ?? "")),
    };
  }
  if (vector.request === undefined) return { emptyMeet: evaluator.emptyMeet(layers)?.code ?? null };
  const evaluate = (): ReturnType<Evaluator["evaluate"]> =>
    evaluator.evaluate(layers, vector.request as DecisionRequest, stateOf(vector.state ?? {}));
  if (vector.expect.error !== undefined) return { error: codeOf(evaluate) };
  const { verdict, reasons, missing, obligations, until } = evaluate();
  return {
    verdict,
    reasons: sorted(reasons.map(({ code }) => code)),
    missing: sorted(missing.map(({ fact }) => fact)),
    obligations: sorted(obligations.map(({ policy, duty }) => `${nameOf(policy)}/${duty}`)),
    ...(vector.expect.until !== undefined && {
      until: until === null ? null : new Date(until * 1000).toISOString().replace(".000", ""),
    }),
  };
}
