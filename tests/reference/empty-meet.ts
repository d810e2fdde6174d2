// Why nothing but deletion can be permitted any more (INH-7).
import { instants, setsOf } from "./conjuncts.ts";
import { evaluate, once, vocabulary } from "./evaluate.ts";
import type { Written } from "./evaluate.ts";
import { unique } from "./rules.ts";
import type { Held, Layer, Principal, Texts } from "./shapes.ts";
import { eu, groups, includes, liesWithin } from "./tables.ts";

const textsOf = (layer: Layer, list: Texts): string[] =>
  list.map((item) => (typeof item === "string" ? item : String(layer.parameters[item.param])));

function windowOf(layers: readonly Layer[]): { from: number; to: number } {
  const ends = layers.flatMap((layer) => [...instants(layer, "notAfter"), ...instants(layer, "deleteBy")]);
  return { from: Math.max(...layers.flatMap((layer) => instants(layer, "notBefore"))), to: Math.min(...ends) };
}
function regionsEmpty(layers: readonly Layer[]): boolean {
  const bound = layers.filter(
    ({ document }) => !document.permissions?.some(({ waives }) => waives?.includes("regions")),
  );
  const clauses = bound.flatMap((layer) => setsOf(layer).flatMap((set) => set.regions ?? []));
  const candidates = unique([...clauses.flat(), ...eu, ...groups["EEA"]!]);
  const inAll = (region: string): boolean =>
    clauses.every((clause) => clause.some((element) => liesWithin(region, element)));
  return clauses.length > 0 && !candidates.some(inAll);
}
function partiesEmpty(layers: readonly Layer[]): boolean {
  const sets = layers.flatMap((layer) => setsOf(layer).map((set) => ({ layer, set })));
  const clauses = sets.flatMap(({ layer, set }) => (set.parties ?? []).map((clause) => textsOf(layer, clause)));
  const banned = sets.flatMap(({ layer, set }) => textsOf(layer, set.notParties ?? []));
  const left = clauses.flat().filter((party) => clauses.every((clause) => clause.includes(party)));
  return clauses.length > 0 && left.every((party) => banned.includes(party));
}
function pairsEmpty(layers: readonly Layer[], now: number, held: Held): boolean {
  const vocabularies = layers.map((layer) => vocabulary(layer, held));
  if (vocabularies.some(({ lacking }) => lacking.length > 0)) return false;
  const [first, ...others] = vocabularies;
  const terms = [...first!.terms.keys()].filter((term) => others.every((other) => other.terms.has(term)));
  const operations = [...includes.keys()].filter((operation) => operation !== "delete");
  const nobody = {} as Principal; // every fact omitted, the kind included
  const open = (operation: string, term: string): boolean =>
    evaluate(layers, { operation, purposes: [term], principal: nobody }, { now: new Date(now).toISOString() }, held)
      .verdict !== "deny";
  return !operations.some((operation) => terms.some((term) => open(operation, term)));
}

/** The first reason code that holds, or null. */
export function emptyMeet(written: readonly Written[], held: Held): string | null {
  const layers = once(written);
  if (!layers.some(({ document }) => document.kind === "grant")) return "no-grant";
  const { from, to } = windowOf(layers);
  if (from >= to) return "empty-time";
  if (regionsEmpty(layers)) return "empty-regions";
  if (partiesEmpty(layers)) return "empty-parties";
  const now = Number.isFinite(from) ? from : Number.isFinite(to) ? to - 1000 : 0;
  return pairsEmpty(layers, now, held) ? "empty-pairs" : null;
}
