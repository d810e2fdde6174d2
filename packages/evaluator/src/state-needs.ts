// Which state a request needs under its layers: what core asks sources for before it asks for a verdict.
import type { StateNeeds } from "@writ/core";
import { conditionNodes } from "./document.ts";
import type { Condition } from "./document.ts";
import type { Layer } from "./layer.ts";
import type { AskedRequest } from "./request.ts";

function countersOf(condition: Condition | undefined): string[] {
  if (condition === undefined) return [];
  return conditionNodes(condition).flatMap((node) => {
    if (node.kind === "not") return countersOf(node.condition);
    if (node.kind === "field") return node.field.startsWith("uses.") ? [node.field.slice("uses.".length)] : [];
    return node.conditions.flatMap(countersOf);
  });
}

/** What one layer may ask of state, whatever is requested. */
export interface LayerNeeds {
  readonly consents: readonly string[];
  readonly counters: readonly string[];
  /** Least `maxUses` by counter. */
  readonly limits: ReadonlyMap<string, number>;
}

/** What a layer reads of consents and counters, and what a use under it is counted against. Spec: STA-1, STA-2. */
export function layerNeeds({ document, sets }: Layer): LayerNeeds {
  const consents = new Set<string>();
  const counters = new Set<string>();
  const limits = new Map<string, number>();
  for (const { consents: named = [], maxUses = {} } of sets) {
    for (const consent of named) consents.add(consent as string);
    for (const [counter, limit] of Object.entries(maxUses))
      limits.set(counter, Math.min(limit, limits.get(counter) ?? limit));
  }
  for (const { when, consents: named = [] } of document.permissions ?? []) {
    for (const counter of countersOf(when)) counters.add(counter);
    for (const consent of named) consents.add(consent as string);
  }
  for (const { when } of document.prohibitions ?? []) for (const counter of countersOf(when)) counters.add(counter);
  return { consents: [...consents], counters: [...counters], limits };
}

/** True for a layer that may ask of state. */
export function isNeedy({ consents, counters, limits }: LayerNeeds): boolean {
  return consents.length + counters.length + limits.size > 0;
}

/** What layers need that ask nothing of state. */
export const nothingNeeded: StateNeeds = Object.freeze({
  consents: Object.freeze([]),
  counters: Object.freeze([]),
  charges: Object.freeze([]),
});

/**
 * Consents, counters and charges of a request under layers together. A deletion reads counters of prohibitions alone and costs nothing.
 * Spec: STA-1, STA-2, OPS-3.
 */
export function stateNeeds(needy: readonly LayerNeeds[], { operation }: AskedRequest): StateNeeds {
  const limits = new Map<string, number>();
  for (const [counter, limit] of needy.flatMap((layer) => [...layer.limits]))
    limits.set(counter, Math.min(limit, limits.get(counter) ?? limit));
  return {
    consents: [...new Set(needy.flatMap(({ consents }) => consents))],
    counters: [...new Set(needy.flatMap(({ counters }) => counters))],
    charges: operation === "delete" ? [] : [...limits].map(([counter, limit]) => ({ counter, limit })),
  };
}
