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

/** Consents, counters and charges of a request. A deletion reads counters of prohibitions alone and costs nothing. Spec: STA-1, STA-2, OPS-3. */
export function stateNeeds(layers: readonly Layer[], request: AskedRequest): StateNeeds {
  const consents = new Set<string>();
  const counters = new Set<string>();
  const limits = new Map<string, number>();
  for (const { document, sets } of layers) {
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
  }
  const charges = request.operation === "delete" ? [] : [...limits].map(([counter, limit]) => ({ counter, limit }));
  return { consents: [...consents], counters: [...counters], charges };
}
