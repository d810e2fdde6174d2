// The reference evaluator: slow and obvious, written from spec/3-policy.md and spec/4-decisions.md alone. These files
// import nothing of ours, so that they share no mistake with the evaluator they are compared with, and validate nothing.
import { applies, conjuncts, instants, isWithin, setsOf } from "./conjuncts.ts";
import type { Conjunct } from "./conjuncts.ts";
import { holdsForEach } from "./facts.ts";
import type { Reading } from "./facts.ts";
import { and, known, missingFacts, open, or, unique, valueOf } from "./rules.ts";
import type { Rule } from "./rules.ts";
import type { Answer, Child, Condition, Held, Layer, Permission, Policy, Request, State } from "./shapes.ts";
import { durationMs, expand, includes } from "./tables.ts";

/** Layers as they are written down: parameters and `via` may be left out. */
export type Written = Pick<Layer, "policy" | "document"> & Partial<Layer>;

/** TAX-2, TAX-5. */
export function vocabulary(
  { document }: Layer,
  held: Held,
): { terms: ReadonlyMap<string, readonly string[]>; lacking: string[] } {
  const pins = document.taxonomies ?? [...held].slice(0, 1).map(([digest, { iri }]) => ({ iri, digest }));
  const pinned = pins.map(({ digest }) => held.get(digest)?.terms ?? {});
  const own = Object.fromEntries(
    Object.entries(document.terms ?? {}).map(([term, up]) => [expand(term), up.map(expand)]),
  );
  const terms = new Map<string, readonly string[]>([
    ["urn:writ:term:ModelTraining", []],
    ["urn:writ:term:Emergency", []],
  ]);
  for (const [term, up] of [...pinned, own].flatMap((part) => Object.entries(part)))
    terms.set(term, [...(terms.get(term) ?? []), ...up]);
  return { terms, lacking: pins.filter(({ digest }) => !held.has(digest)).map(({ iri }) => `taxonomy:${iri}`) };
}

const keyOf = ({ policy, parameters, via }: Omit<Layer, "document">): string =>
  JSON.stringify([
    policy,
    Object.keys(parameters)
      .sort()
      .map((name) => [name, parameters[name]]),
    [...via].sort(),
  ]);

/** Layers with their defaults, repetitions dropped. */
export function once(layers: readonly Written[]): Layer[] {
  const full = layers.map((layer): Layer => ({ parameters: {}, via: [], ...layer }));
  return full.filter((layer, index) => full.findIndex((other) => keyOf(other) === keyOf(layer)) === index);
}

interface Read {
  readonly reading: Reading;
  readonly permission: Permission | null;
  readonly conjuncts: readonly Conjunct[];
}
/** The readings of a layer, the plain one first (EVL-9). */
function readingsOf(layer: Layer, request: Request, state: State, held: Held): Read[] {
  const { terms, lacking } = vocabulary(layer, held);
  const lacks = lacking.length > 0;
  const relation = (p: string, n: string): Rule => (lacks ? open(lacking) : known(isWithin(terms, p, n)));
  const allTerms = known(request.purposes.every((purpose) => terms.has(expand(purpose))));
  const sets = setsOf(layer);
  const assurance = Math.max(...sets.map((set) => set.minAssurance ?? 0));
  const bound = (age: string | undefined): number => (age === undefined ? Infinity : durationMs(age));
  const maxAgeOf = (what: string): number => Math.min(...sets.map((set) => bound(set.maxStaleness?.[what])));
  const kinds = ["status", "consent", "counter", "approval"];
  const permissions = layer.document.permissions ?? [];
  return [null, ...permissions.filter(({ waives }) => waives)].map((permission) => {
    const waives = permission?.waives ?? [];
    const ages = kinds.map((what) => [what, waives.includes("maxStaleness") ? Infinity : maxAgeOf(what)] as const);
    const minAssurance = permission === null ? assurance : Math.max(2, assurance);
    const reading = { layer, request, state, relation, maxAge: Object.fromEntries(ages), minAssurance };
    const own = permission === null ? permissions.filter((one) => !one.waives) : [permission];
    return { reading, permission, conjuncts: conjuncts(reading, lacks ? open(lacking) : allTerms, own, waives) };
  });
}
const ruleOf = (read: Read): Rule => and(read.conjuncts.map(({ rule }) => rule));

function obligationsOf({ reading }: Read): string[] {
  const { policy, document } = reading.layer;
  const bound = (document.permissions ?? []).filter((one) => valueOf(applies(reading, one)) !== false);
  return bound.flatMap(({ duties }) => (duties ?? []).map((duty) => `${policy}/${duty}`));
}
/** RSN-1: the codes of a layer with the verdict's value. */
function reasonsOf(readings: readonly Read[], verdict: boolean | null): string[] {
  const value = valueOf(or(readings.map(ruleOf)));
  const telling = readings.find((one) => valueOf(ruleOf(one)) === value)!;
  if (verdict === true) return telling.permission === null ? [] : ["waived"];
  if (value !== verdict) return [];
  return telling.conjuncts.filter(({ rule }) => valueOf(rule) === value).map(({ code }) => code);
}

/** Spec 4. `layers`, `request` and `state` are well formed. */
export function evaluate(layers: readonly Written[], request: Request, state: State, held: Held): Answer {
  const nothing = { missing: [], obligations: [], until: null };
  if (!includes.has(request.operation)) return { verdict: "deny", reasons: ["operation-unknown"], ...nothing };
  const read = once(layers).map((layer) => readingsOf(layer, request, state, held));
  const grants = layers.some(({ document }) => document.kind === "grant");
  const verdict = and([known(grants), ...read.map((readings) => or(readings.map(ruleOf)))]);
  const value = valueOf(verdict);
  const reasons = [...read.flatMap((readings) => reasonsOf(readings, value)), ...(grants ? [] : ["no-grant"])];
  if (value === false) return { verdict: "deny", reasons: unique(reasons).sort(), ...nothing };
  const deletes = request.operation === "delete";
  const ends = once(layers).flatMap((layer) => [...instants(layer, "notAfter"), ...instants(layer, "deleteBy")]);
  const now = Date.parse(state.now);
  const suspended = (state.holds ?? []).length > 0;
  const keptOnly = once(layers).flatMap((layer) => {
    const [by, keep] = [Math.min(...instants(layer, "deleteBy")), Math.max(...instants(layer, "keepUntil"))];
    return request.operation === "store" && !suspended && by <= now && now < keep ? [by] : [];
  });
  const until = Math.min(...ends.filter((end) => end > now), ...keptOnly);
  const limited = value === true && !deletes && Number.isFinite(until);
  return {
    verdict: value === true ? "permit" : "unknown",
    reasons: unique(reasons).sort(),
    missing: value === true ? [] : missingFacts(verdict),
    obligations: deletes ? [] : unique(read.flatMap(([plain]) => obligationsOf(plain!))).sort(),
    until: limited ? new Date(until).toISOString().replace(".000Z", "Z") : null,
  };
}

/** 4.12. `lookup` gives the documents of release policies. */
export function childLayers(
  parents: readonly (readonly Written[])[],
  operation: string,
  output: Request["output"],
  lookup: (policy: string) => Policy | undefined,
): Child {
  const layers: Omit<Layer, "document">[] = [];
  const [forbiddenBy, refused]: [string[], string[]] = [[], []];
  for (const layer of once(parents.flat())) {
    const { policy, document, parameters, via } = layer;
    const entry = document.derive?.[operation] ?? { inherit: true };
    if (entry === "forbid") forbiddenBy.push(policy);
    else if ("release" in entry && releases(layer, entry.release.requires, output)) {
      const next = lookup(entry.release.policy);
      const declared = Object.entries(next?.parameters ?? {});
      const fits = declared.every(([name, type]) => document.parameters?.[name] === type);
      const kept = Object.fromEntries(declared.map(([name]) => [name, parameters[name]!]));
      if (next === undefined || !fits) refused.push(policy);
      else layers.push({ policy: entry.release.policy, parameters: kept, via: [] });
    } else if ("inherit" in entry && entry.add) {
      const longer = [...includes.keys()].filter((one) => one === operation || via.includes(one));
      layers.push({ policy, parameters, via: longer });
    } else layers.push({ policy, parameters, via });
  }
  const distinct = layers.filter((one, index) => layers.findIndex((other) => keyOf(other) === keyOf(one)) === index);
  return { layers: distinct, forbiddenBy: unique(forbiddenBy).sort(), refused: unique(refused).sort() };
}
function releases(layer: Layer, requires: Condition, output: Request["output"]): boolean {
  const request = { operation: "read", purposes: [], principal: { id: "", kind: "service" }, output: output ?? {} };
  const empty = { state: { now: "" }, minAssurance: 0, maxAge: {}, relation: () => known(false) };
  return valueOf(holdsForEach({ layer, request, ...empty }, requires)) === true;
}
