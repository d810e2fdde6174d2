// Why nothing but deletion can be permitted any more under some layers. Spec: INH-7.
import { operations } from "@writ/core";
import type { DecisionReason, DecisionState } from "@writ/core";
import { windowOf } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { isOutbound } from "./operation-table.ts";
import { countriesOf, liesWithin } from "./region.ts";
import type { AskedRequest } from "./request.ts";
import { isDenied } from "./verdict.ts";

function windowOfAll(layers: readonly Layer[]): { readonly start: number; readonly end: number } {
  const windows = layers.map(windowOf);
  return {
    start: Math.max(0, ...windows.flatMap(({ starts }) => starts)),
    end: Math.min(Infinity, ...windows.flatMap(({ ends }) => ends)),
  };
}

function hasNoTime(layers: readonly Layer[]): boolean {
  const { start, end } = windowOfAll(layers);
  const isBound = layers.some((layer) => windowOf(layer).starts.length > 0);
  return isBound && start >= end;
}

function hasNoRegion(layers: readonly Layer[]): boolean {
  const binding = layers.filter(
    ({ document }) => !document.permissions?.some(({ waives }) => waives?.includes("regions")),
  );
  const clauses = binding.flatMap(({ sets }) => sets.flatMap((set) => set.regions ?? []));
  const candidates = new Set(clauses.flat().flatMap((region) => [region, ...countriesOf(region)]));
  const passes = (region: string): boolean =>
    clauses.every((clause) => clause.some((other) => liesWithin(region, other)));
  return clauses.length > 0 && ![...candidates].some(passes);
}

function hasNoParty(layers: readonly Layer[]): boolean {
  const clauses = layers.flatMap(({ sets }) => sets.flatMap((set) => set.parties ?? []));
  const banned = new Set(layers.flatMap(({ sets }) => sets.flatMap((set) => set.notParties ?? [])));
  const [first] = clauses;
  return (
    first !== undefined &&
    !first.some((party) => !banned.has(party) && clauses.every((clause) => clause.includes(party)))
  );
}

/** A request of which nothing is known but what is asked. */
function bareRequest(operation: string, purpose: string): AskedRequest {
  const outbound = isOutbound(operation);
  const nowhere: [string, unknown][] = outbound
    ? []
    : [
        ["destination.party", null],
        ["destination.region", null],
      ];
  const links = [{ members: new Map(), actingFor: "omitted" }] as const;
  return { operation, known: true, outbound, purposes: [purpose], links, facts: new Map(nowhere) };
}

function hasNoPair(layers: readonly Layer[]): boolean {
  if (layers.some(({ graph }) => graph.lacking.length > 0)) return false;
  const { start, end } = windowOfAll(layers);
  const state: DecisionState = { now: Number.isFinite(end) ? Math.max(start, end - 1) : start };
  const terms = layers[0]!.graph.terms.filter((term) => layers.every(({ graph }) => graph.has(term)));
  const asked = [...layers];
  const isPossible = (operation: string, term: string): boolean => {
    const request = bareRequest(operation, term);
    const denier = asked.findIndex((layer) => isDenied(layer, request, state));
    if (denier > 0) asked.unshift(...asked.splice(denier, 1)); // what denied this pair likely denies the next: it is asked first
    return denier < 0;
  };
  return !operations.some((operation) => operation !== "delete" && terms.some((term) => isPossible(operation, term)));
}

/** The first reason why nothing but deletion can be permitted, or null. Spec: INH-7. */
function whyEmpty(layers: readonly Layer[]): DecisionReason | null {
  if (!layers.some(({ document }) => document.kind === "grant")) return { code: "no-grant" };
  if (hasNoTime(layers)) return { code: "empty-time" };
  if (hasNoRegion(layers)) return { code: "empty-regions" };
  if (hasNoParty(layers)) return { code: "empty-parties" };
  return hasNoPair(layers) ? { code: "empty-pairs" } : null;
}

interface Known {
  readonly next: WeakMap<Layer, Known>;
  answer?: DecisionReason | null;
}

/** As `whyEmpty`, asked once of the same layers in the same order: a service seals under the same few policies all day. */
export function emptyMeets(): (layers: readonly Layer[]) => DecisionReason | null {
  const root: Known = { next: new WeakMap() };
  return (layers) => {
    let known = root;
    for (const layer of layers) {
      const next: Known = known.next.get(layer) ?? { next: new WeakMap() };
      known.next.set(layer, next);
      known = next;
    }
    if (known.answer === undefined) known.answer = whyEmpty(layers);
    return known.answer;
  };
}
