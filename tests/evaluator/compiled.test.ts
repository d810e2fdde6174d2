// A layer is interpreted first and compiled once it is in use: its answers stay the same. `SLOW=1` runs fifty times
// as many. The compiled evaluator's lists are frozen, the interpreter's aren't: by that the tests know who answered.
import { randomInt } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { Arbitrary } from "fast-check";
import type { DecisionRequest, DecisionState, Evaluation, Evaluator, JsonObject, PolicyLayer } from "@writ/core";
import { GovernanceError } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { LayerCache } from "../../packages/evaluator/src/compile-cache.ts";
import type { ReadLayer } from "../../packages/evaluator/src/compile-cache.ts";
import type { Layer } from "../../packages/evaluator/src/layer.ts";
import { evaluate as evaluateByReference } from "../reference/evaluate.ts";
import type { Written } from "../reference/evaluate.ts";
import type { Held } from "../reference/shapes.ts";
import { readText } from "../support/repository.ts";
import { caseGroups, cases } from "./arbitrary-cases.ts";
import type { Case } from "./arbitrary-cases.ts";
import { heldTaxonomy, now } from "./arbitrary-layers.ts";
import { digestOf } from "./vector-files.ts";

const slow = Boolean(process.env["SLOW"]);
const runs = slow ? 1_000_000 : 20_000;
const seed = Number(process.env["SEED"] ?? randomInt(2 ** 31));
/** Questions about the same layers: fewer than the uses after which they are compiled. */
const questions = 8;
const timeout = slow ? 20_000_000 : 600_000;
const dpv = JSON.parse(readText("packages/evaluator/taxonomies/dpv-2.3.json")) as {
  iri: string;
  terms: Record<string, string[]>;
};
const { taxonomies } = JSON.parse(readText("packages/evaluator/taxonomies/shipped.json")) as {
  taxonomies: { digest: string }[];
};
const held: Held = new Map([
  [taxonomies[0]!.digest, dpv],
  [heldTaxonomy.digest, heldTaxonomy],
]);

/** More than the uses after which a layer is compiled. */
const manyUses = 16;
const asking: DecisionRequest = {
  operation: "urn:test:operation" as DecisionRequest["operation"], // an extension: denied before any rule is read
  purposes: ["dpv:AcademicResearch"],
  principal: { id: "svc-1", kind: "service" },
};

/** Asks about the layers until they are compiled. */
function useOften(evaluator: Evaluator, layers: readonly PolicyLayer[]): void {
  for (let use = 0; use < manyUses; use += 1) evaluator.evaluate(layers, asking, { now });
}

function isCompiled({ missing }: Evaluation): boolean {
  return Object.isFrozen(missing);
}

/** A layer whose document may still change, so that it is interpreted, always. */
function changeable(layer: PolicyLayer): PolicyLayer {
  return { ...layer, document: structuredClone(layer.document) };
}

/** What came of it: an evaluation, or the error with its code and path. */
function outcome(evaluator: Evaluator, layers: readonly PolicyLayer[], request: unknown, state: DecisionState): object {
  try {
    return { answer: evaluator.evaluate(layers, request as DecisionRequest, state) };
  } catch (error) {
    if (error instanceof GovernanceError) return { code: error.code, path: error.path, message: error.message };
    return { name: (error as Error).name, message: (error as Error).message };
  }
}

function sorted(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}

function codesOf({ verdict, reasons, obligations, until }: Evaluation): object {
  return {
    verdict,
    reasons: sorted(reasons.map(({ code }) => code)),
    obligations: sorted(obligations.map(({ policy, duty }) => `${policy}/${duty}`)),
    until: until === null ? null : new Date(until * 1000).toISOString().replace(".000", ""),
  };
}

function referenceCodes({ layers, request, state }: Case): object {
  const instant = new Date(state.now * 1000).toISOString();
  const answer = evaluateByReference(layers as unknown as Written[], request, { ...state, now: instant }, held);
  const { verdict, reasons, obligations, until } = answer;
  return { verdict, reasons: sorted(reasons), obligations: sorted(obligations), until };
}

describe("compiled layers", () => {
  test(`answer as the interpreter and the reference on ${runs} generated cases`, { timeout }, () => {
    const evaluator = createEvaluator({ taxonomies: [heldTaxonomy] });
    const counts = new Map<string, number>();
    const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
    const started = performance.now();
    let done = 0;
    const ask = (generated: Case, first: Evaluation): void => {
      const { layers, request, state } = generated;
      const later = evaluator.evaluate(layers, request, state);
      expect(isCompiled(first)).toBe(false);
      if (!isDeepStrictEqual(later, first)) expect(later).toStrictEqual(first);
      expect(codesOf(later)).toEqual(referenceCodes(generated));
      count(`${later.verdict}, ${isCompiled(later) ? "compiled" : "interpreted"}`);
      for (const { code } of isCompiled(later) ? later.reasons : []) count(`compiled ${later.verdict}: ${code}`);
      if (isCompiled(later) && later.obligations.length > 0) count("compiled obligations");
      if (isCompiled(later) && later.until !== null) count("compiled ends");
      if (isCompiled(later) && request.principal.actingFor) count("compiled chains");
      if (isCompiled(later) && layers.length > 1) count("compiled layers, several");
      for (const { document } of isCompiled(later) ? layers : []) collect(document, count);
      done += 1;
      if (done % 100_000 === 0)
        process.stdout.write(`${done} cases, ${Math.round((performance.now() - started) / 1000)} s\n`);
    };
    fc.assert(
      fc.property(caseGroups(evaluator, questions), (group) => {
        const { layers } = group[0]!;
        const first = group.map(({ request, state }): Evaluation => {
          const answer = evaluator.evaluate(layers, request, state);
          return isCompiled(answer) ? evaluator.evaluate(layers.map(changeable), request, state) : answer; // met before
        });
        if (layers.every(({ document }) => Object.isFrozen(document))) useOften(evaluator, layers);
        for (const [index, generated] of group.entries()) ask(generated, first[index]!);
      }),
      { numRuns: runs / questions, seed },
    );
    const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    process.stdout.write(`seed ${seed}, ${done} cases\n`);
    process.stdout.write(`${rows.map(([name, times]) => `${name} ${times}`).join("; ")}\n`);
    const of = (name: string): number => counts.get(name) ?? 0;
    expect(of("permit, compiled")).toBeGreaterThan(runs / 50);
    expect(of("deny, compiled")).toBeGreaterThan(runs / 10);
    expect(of("permit, compiled")).toBeGreaterThan(10 * of("permit, interpreted"));
    expect(of("deny, compiled")).toBeGreaterThan(3 * of("deny, interpreted"));
    for (const operator of operatorNames) expect(of(`operator ${operator}`)).toBeGreaterThan(0);
    for (const name of ["compiled obligations", "compiled ends", "compiled chains", "compiled permit: waived"])
      expect(of(name)).toBeGreaterThan(0);
  });

  test("control: a compiled answer to another request is told apart", () => {
    const evaluator = createEvaluator({ taxonomies: [heldTaxonomy] });
    const disagrees = ({ layers, request, state }: Case): boolean => {
      useOften(evaluator, layers);
      const answer = evaluator.evaluate(layers, { ...request, region: "US" }, state);
      return JSON.stringify(answer) !== JSON.stringify(evaluator.evaluate(layers, request, state));
    };
    expect(fc.sample(cases(evaluator), 500).some(disagrees)).toBe(true);
  });
});

const operatorNames = ["eq", "ne", "in", "notIn", "hasAny", "hasAll", "hasNone", "lt", "lte", "gt", "gte", "exists"];

function collect(value: unknown, count: (name: string) => void): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    if (operatorNames.includes(name)) count(`operator ${name}`);
    collect(item, count);
  }
}

const broad = {
  version: 1,
  kind: "grant",
  id: "urn:test:policy",
  authority: "urn:test:office",
  limits: { regions: [["EU"]], principals: ["service", "human", "agent", "autonomous"] },
  permissions: [
    {
      id: "p1",
      operations: ["read", "share", "aggregate"],
      when: { "principal.org": { ne: "urn:org:evil" }, "facts.urn:test:fact": { ne: "no" } },
    },
  ],
} as const;

function layerOf(evaluator: Evaluator, document: object, name = "policy"): PolicyLayer {
  const { document: prepared } = evaluator.prepare(JSON.stringify(document));
  return { policy: digestOf(name), document: prepared, parameters: {}, via: [] };
}

const complete = {
  operation: "share",
  purposes: ["dpv:AcademicResearch", "https://w3id.org/dpv#Marketing"],
  principal: {
    id: "svc-1",
    kind: "agent",
    roles: ["clinician"],
    org: "urn:org:acme",
    clearance: "internal",
    actingFor: { id: "u-1", kind: "human", roles: null, org: "urn:org:acme", clearance: null, actingFor: null },
  },
  region: "DE",
  destination: { party: "urn:org:beta", region: "FR" },
  output: { k: 5, rows: 3 },
  facts: { "urn:test:fact": "yes" },
};

/** Places in a request, and names that don't belong there. */
const places = [
  "operation purposes principal region destination output facts purpose __proto__".split(" "),
  "purposes.0 purposes.1 purposes.8 destination.party destination.region destination.country".split(" "),
  ["principal", "principal.actingFor"].flatMap((path) =>
    ["id", "kind", "roles", "org", "clearance", "actingFor", "roles.0", "region", "__proto__"].map(
      (name) => `${path}.${name}`,
    ),
  ),
  ["output.k", "output.rows", "output.Rows", "output.__proto__", "facts.x", "facts.urn:x y", "facts.urn:test:fact"],
].flat();
const values = fc.constantFrom<() => unknown>(
  ...[
    undefined,
    undefined,
    undefined,
    undefined,
    null,
    "",
    "read",
    "delete",
    "store",
    "dpv:AcademicResearch",
    "dpv:",
    "DE",
    "DE-BY",
    "nowhere!",
  ].map((value) => () => value),
  ...[
    "service",
    "human",
    "agent",
    "public",
    "urn:org:evil",
    "EU",
    "US",
    "urn:test:x",
    "nope:Term",
    "dpv:x y",
    "x".repeat(512),
    "é".repeat(513),
  ].map((value) => () => value),
  ...["\ud800", `urn:${"\u{1F600}".repeat(300)}`, 0, 5, -0, 1.5, Number.NaN, 2 ** 60, true, false, 7n].map(
    (value) => () => value,
  ),
  () => [],
  () => ["clinician"],
  () => [""],
  () => [5],
  () => Array.from({ length: 65 }, () => "role"),
  () => Array.from({ length: 9 }, () => "dpv:Marketing"),
  () => ["dpv:Marketing", "https://w3id.org/dpv#Marketing"],
  () => Array.from({ length: 2 }),
  () => ({}),
  () => ({ k: 1 }),
  () => Object.assign(Object.create(null) as object, { party: "urn:org:beta" }),
  () => Object.create({ party: "urn:org:beta" }) as object,
  () => new Map(),
  () => new Date(0),
  () => JSON.parse('{"__proto__":{"party":"urn:org:evil"}}') as object,
  () => Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`urn:test:${index}`, index])),
  () => Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`n${index}`, index])),
  () => ({ id: "u-2", kind: "human" }),
  () => ({ id: "u-2", kind: "agent", actingFor: { id: "u-3", kind: "agent" } }),
);

function put(target: object, [head, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0)
    Object.defineProperty(target, head!, { value, enumerable: true, configurable: true, writable: true });
  else {
    const next = (target as Record<string, unknown>)[head!];
    if (typeof next === "object" && next !== null) put(next, rest, value);
  }
}

const odd: Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom("read", "share", "delete"),
    fc.array(fc.tuple(fc.constantFrom(...places), values), { maxLength: 2 }),
  )
  .map(([operation, changes]) => {
    const { destination, ...rest } = structuredClone(complete);
    const request = { ...rest, operation, ...(operation === "share" && { destination }) };
    for (const [place, value] of changes) put(request, splitPath(place), value());
    return request;
  });

/** IRIs hold no dot here, so that a dot always parts. */
function splitPath(place: string): string[] {
  return place.split(".");
}

describe("requests of compiled layers", () => {
  test(`[REQ-6] odd requests are refused or answered as before (${runs / 4} cases)`, { timeout }, () => {
    const fresh = createEvaluator();
    const used = createEvaluator();
    const layers = [layerOf(used, broad)];
    useOften(used, layers);
    const counts = { refused: 0, compiled: 0, interpreted: 0 };
    fc.assert(
      fc.property(odd, (request) => {
        const found = outcome(used, layers, request, { now, statusEntries: [] });
        expect(found).toStrictEqual(outcome(fresh, [layerOf(fresh, broad)], request, { now, statusEntries: [] }));
        const answer = (found as { answer?: Evaluation }).answer;
        counts[answer ? (isCompiled(answer) ? "compiled" : "interpreted") : "refused"] += 1;
      }),
      { numRuns: runs / 4 },
    );
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    for (const times of Object.values(counts)) expect(times).toBeGreaterThan(runs / 2000);
  });

  test("members that another part of the process gave to Object.prototype are none of the request", () => {
    const evaluator = createEvaluator();
    const layers = [layerOf(evaluator, { ...broad, permissions: [{ id: "p1", operations: ["read"] }] })];
    useOften(evaluator, layers);
    const request: DecisionRequest = {
      operation: "read",
      purposes: ["dpv:Marketing"],
      principal: { id: "a", kind: "human" },
    };
    const ask = (asked: DecisionRequest): string =>
      evaluator.evaluate(layers, asked, { now, statusEntries: [] }).verdict;
    try {
      (Object.prototype as { region?: string }).region = "DE";
      expect(ask(request)).toBe("unknown");
      expect(ask({ ...request, region: "DE" })).toBe("permit");
    } finally {
      delete (Object.prototype as { region?: string }).region;
    }
  });

  test("a request whose members ask again while they are read is answered for itself", () => {
    const evaluator = createEvaluator();
    const layers = [layerOf(evaluator, { ...broad, permissions: [{ id: "p1", operations: ["read"] }] })];
    useOften(evaluator, layers);
    const state = { now, statusEntries: [] };
    const principal = { id: "a", kind: "human" } as const;
    const outside: DecisionRequest = { operation: "read", purposes: ["dpv:Marketing"], principal, region: "US" };
    const inner: string[] = [];
    const asking: DecisionRequest = {
      operation: "read",
      region: "DE",
      get purposes() {
        inner.push(evaluator.evaluate(layers, outside, state).verdict);
        return ["dpv:Marketing"];
      },
      principal,
    };
    expect(evaluator.evaluate(layers, asking, state).verdict).toBe("permit");
    expect(inner).toEqual(["deny"]);
  });
});

describe("the cache of layers", () => {
  const request: DecisionRequest = {
    operation: "read",
    purposes: ["dpv:Marketing"],
    principal: { id: "a", kind: "human", org: null },
    region: "DE",
  };
  const state: DecisionState = { now, statusEntries: [] };
  const only = (operation: string): object => ({
    ...broad,
    permissions: [{ id: "p1", operations: [operation] }],
  });

  test("goes by the document, whatever digest the caller says it has", () => {
    const evaluator = createEvaluator();
    const permits = layerOf(evaluator, only("read"), "one name");
    const denies = layerOf(evaluator, only("store"), "one name");
    useOften(evaluator, [permits]);
    expect(evaluator.evaluate([permits], request, state).verdict).toBe("permit");
    expect(evaluator.evaluate([denies], request, state).verdict).toBe("deny");
    useOften(evaluator, [denies]);
    expect(evaluator.evaluate([permits], request, state).verdict).toBe("permit");
    expect(evaluator.evaluate([denies], request, state).verdict).toBe("deny");
  });

  test("keeps no document that can still change", () => {
    const evaluator = createEvaluator();
    const frozen = layerOf(evaluator, only("read"));
    const document = structuredClone(frozen.document) as { permissions: { operations: string[] }[] } & JsonObject;
    const layers = [{ ...frozen, document }];
    useOften(evaluator, layers);
    expect(evaluator.evaluate(layers, request, state).verdict).toBe("permit");
    document.permissions[0]!.operations[0] = "store";
    expect(evaluator.evaluate(layers, request, state).verdict).toBe("deny");
  });

  test("serves a document that was read anew, and tells parameters apart", () => {
    const evaluator = createEvaluator();
    const written = {
      ...only("read"),
      parameters: { org: "iri" },
      limits: { parties: [[{ param: "org" }]] },
    };
    const withOrg = (org: string): PolicyLayer => ({ ...layerOf(evaluator, written), parameters: { org } });
    const asked: DecisionRequest = { ...request, principal: { ...request.principal, org: "urn:org:acme" } };
    for (let use = 0; use < manyUses; use += 1) {
      expect(evaluator.evaluate([withOrg("urn:org:acme")], asked, state).verdict).toBe("permit");
      expect(evaluator.evaluate([withOrg("urn:org:beta")], asked, state).verdict).toBe("deny");
    }
    expect(isCompiled(evaluator.evaluate([withOrg("urn:org:acme")], asked, state))).toBe(true);
    expect(isCompiled(evaluator.evaluate([withOrg("urn:org:beta")], asked, state))).toBe(true);
  });

  test("forgets what isn't asked for once its budget is used up, and keeps what is", () => {
    const evaluator = createEvaluator();
    const readings = new Map<string, number>();
    const read = (layer: PolicyLayer): ReadLayer => {
      readings.set(layer.policy, (readings.get(layer.policy) ?? 0) + 1);
      return { layer: {} as Layer, document: layer.document }; // only kept here, never judged
    };
    const { document } = layerOf(evaluator, only("read"));
    const named = (name: string): PolicyLayer => ({ policy: digestOf(name), document, parameters: {}, via: [] });
    const { sizeBytes } = new LayerCache(read, 2 ** 30).of(named("any"));
    const cache = new LayerCache(read, 20 * sizeBytes);
    for (let index = 0; index < 200; index += 1) {
      cache.of(named("often"));
      cache.of(named(`once ${index}`));
    }
    expect(readings.get(digestOf("often"))).toBe(1);
    cache.of(named("once 199"));
    expect(readings.get(digestOf("once 199"))).toBe(1);
    cache.of(named("once 0"));
    expect(readings.get(digestOf("once 0"))).toBe(2);
  });

  /** A layer of a document of many sizes: some larger than a whole budget of the test below. */
  const sized = fc
    .record({ name: fc.nat({ max: 12 }), said: fc.nat({ max: 9 }), length: fc.constantFrom(1, 200, 1000, 20_000) })
    .map(({ name, said, length }): PolicyLayer => {
      const document = Object.freeze({ id: `urn:test:${name}`, text: "x".repeat(length) });
      return { policy: digestOf(`said ${said}`), document, parameters: {}, via: [] };
    });

  /** The most that a cache of this budget held while it was asked for these layers. */
  function mostHeld(layers: readonly PolicyLayer[], budgetBytes: number): number {
    const cache = new LayerCache((layer) => ({ layer: {} as Layer, document: layer.document }), budgetBytes);
    return Math.max(
      ...layers.map((layer) => {
        expect(cache.of(layer).isOf(layer.document)).toBe(true);
        return cache.sizeBytes;
      }),
    );
  }

  test("never holds more than its budget, whatever is asked for, under whatever digest", () => {
    const budgetBytes = 50_000;
    let beyond = 0;
    fc.assert(
      fc.property(fc.array(sized, { minLength: 1, maxLength: 60 }), (layers) => {
        expect(mostHeld(layers, budgetBytes)).toBeLessThanOrEqual(budgetBytes);
        if (mostHeld(layers, 2 ** 30) > budgetBytes) beyond += 1; // control: without a bound they take more
      }),
    );
    expect(beyond).toBeGreaterThan(50);
  });

  test("forgets compiled layers, and decides as before", () => {
    const evaluator = createEvaluator();
    const padded = (operation: string, name: string): PolicyLayer =>
      layerOf(evaluator, { ...only(operation), ext: { "urn:test:padding": name.padEnd(60_000) } }, name);
    const permits = [padded("read", "permits")];
    const denies = [padded("store", "denies")];
    const verdicts = (): string[] => [permits, denies].map((one) => evaluator.evaluate(one, request, state).verdict);
    const compiled = (): boolean[] =>
      [permits, denies].map((one) => isCompiled(evaluator.evaluate(one, request, state)));
    useOften(evaluator, permits);
    useOften(evaluator, denies);
    expect(compiled()).toEqual([true, true]);
    for (let index = 0; index < 20; index += 1) evaluator.evaluate([padded("read", `other ${index}`)], request, state);
    expect(compiled()).toEqual([true, true]); // control: a few others put nothing out
    for (let index = 0; index < 400; index += 1) evaluator.evaluate([padded("read", `other ${index}`)], request, state);
    expect(verdicts()).toEqual(["permit", "deny"]);
    expect(compiled()).toEqual([false, false]);
    useOften(evaluator, permits);
    useOften(evaluator, denies);
    expect(compiled()).toEqual([true, true]);
    expect(verdicts()).toEqual(["permit", "deny"]);
  });
});
