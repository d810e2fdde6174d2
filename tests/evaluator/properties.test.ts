// What holds of every decision, whatever the policy. Each property has a control that shows it can fail.
import fc from "fast-check";
import type { Arbitrary } from "fast-check";
import type { DecisionRequest, DecisionState, Evaluation, JsonObject, JsonValue, PolicyLayer } from "@writ/core";
import { decodeCbor, encodeCbor } from "@writ/core";
import type { CborValue } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { cases, request as requests, state as states } from "./arbitrary-cases.ts";
import type { Case } from "./arbitrary-cases.ts";
import { grant, heldTaxonomy, layer, limits, restrict } from "./arbitrary-layers.ts";
import { digestOf } from "./vector-files.ts";

const evaluator = createEvaluator({ taxonomies: [heldTaxonomy] });
const numRuns = process.env["SLOW"] ? 100_000 : 1000;
const timeout = process.env["SLOW"] ? 3_600_000 : 120_000;

function decide({ layers, request, state }: Case): Evaluation {
  return evaluator.evaluate(layers, request, state);
}

function codesOf({ reasons }: Evaluation): string[] {
  return [...new Set(reasons.map(({ code }) => code))].sort();
}

/** `partial` with what it leaves out taken from `full`, member by member. */
function filled<T>(partial: T, full: unknown): T {
  if (typeof partial !== "object" || partial === null || Array.isArray(partial)) return partial;
  if (typeof full !== "object" || full === null || Array.isArray(full)) return partial;
  const names = new Set([...Object.keys(partial), ...Object.keys(full)]);
  const given = partial as Record<string, unknown>;
  const other = full as Record<string, unknown>;
  return Object.fromEntries(
    [...names].map((name) => [name, Object.hasOwn(given, name) ? filled(given[name], other[name]) : other[name]]),
  ) as T;
}

/** The request with omitted facts supplied. */
function completedRequest(partial: DecisionRequest, full: DecisionRequest): DecisionRequest {
  const { destination: _destination, ...rest } = filled(partial, full);
  const outbound = ["share", "transfer", "export", "disclose", "delegate"].includes(partial.operation);
  const destination =
    partial.destination === undefined ? (full.destination ?? null) : filled(partial.destination, full.destination);
  const principal = completedPrincipal(partial.principal, full.principal);
  return { ...rest, principal, ...(outbound && { destination }) };
}

type Person = DecisionRequest["principal"];

/** Only an agent acts for someone, and what a given member says stays. */
function completedPrincipal(partial: Person, full: Person): Person {
  const { actingFor: _partial, ...own } = partial;
  const { actingFor: next = null, ...rest } = full;
  const members = { ...rest, ...own };
  if (partial.kind !== "agent") return { ...members, ...(partial.actingFor === null && { actingFor: null }) };
  if (partial.actingFor === undefined) return { ...members, actingFor: next };
  const acting = partial.actingFor === null ? null : completedPrincipal(partial.actingFor, next ?? full);
  return { ...members, actingFor: acting };
}

/** The state with what it doesn't know supplied; ages, assurances and the clock stay. */
function completedState(partial: DecisionState, full: DecisionState): DecisionState {
  const { assurance: _assurance, approvals: _approvals, ...rest } = full;
  const custody = Object.fromEntries(
    ["origins", "managers", "regions"].map((name) => {
      const known = (partial.custody ?? {}) as Record<string, readonly string[]>;
      const other = (full.custody ?? {}) as Record<string, readonly string[]>;
      return [name, known[name] && known[name].length > 0 ? known[name] : other[name]];
    }),
  );
  return { ...filled(partial, rest), custody, ...(partial.status && { status: partial.status }) };
}

const completions: Arbitrary<{ partial: Case; complete: Case }> = fc
  .tuple(cases(evaluator), requests, states)
  .map(([partial, fullRequest, { approve: _approve, ...fullState }]) => ({
    partial,
    complete: {
      layers: partial.layers,
      request: completedRequest(partial.request, fullRequest),
      state: completedState(partial.state, fullState),
    },
  }));

describe("facts", () => {
  test("[EVL-2] permit and deny are stable when omitted facts are supplied", { timeout }, () => {
    let supplied = 0;
    fc.assert(
      fc.property(completions, ({ partial, complete }) => {
        const before = decide(partial).verdict;
        if (JSON.stringify(partial) !== JSON.stringify(complete)) supplied += 1;
        fc.pre(before !== "unknown");
        expect(decide(complete).verdict).toBe(before);
      }),
      { numRuns },
    );
    expect(supplied).toBeGreaterThan(numRuns / 2);
  });

  test("[EVL-2] control: supplying facts does settle what was unknown, both ways", () => {
    const settled = fc
      .sample(completions, 1500)
      .filter(({ partial }) => decide(partial).verdict === "unknown")
      .map(({ complete }) => decide(complete).verdict);
    expect(new Set(settled)).toEqual(new Set(["permit", "deny", "unknown"]));
  });

  test("[EVL-5] permit and deny are stable when assurances rise", { timeout }, () => {
    fc.assert(
      fc.property(cases(evaluator), (partial) => {
        const before = decide(partial).verdict;
        fc.pre(before !== "unknown");
        const assurance = Object.fromEntries(
          Object.keys(partial.state.assurance ?? {}).map((path) => [path, 3 as const]),
        );
        expect(decide({ ...partial, state: { ...partial.state, assurance } }).verdict).toBe(before);
      }),
      { numRuns },
    );
  });

  test("[DUT-1] leaving a fact out never sheds a duty", { timeout }, () => {
    let bound = 0;
    fc.assert(
      fc.property(completions, ({ partial, complete }) => {
        const after = decide(complete);
        fc.pre(after.verdict !== "deny" && decide(partial).verdict !== "deny");
        const named = decide(partial).obligations.map(({ policy, duty }) => `${policy}/${duty}`);
        bound += after.obligations.length;
        expect(named).toEqual(expect.arrayContaining(after.obligations.map(({ policy, duty }) => `${policy}/${duty}`)));
      }),
      { numRuns: numRuns / 4, maxSkipsPerRun: 1000 },
    );
    expect(bound).toBeGreaterThan(0);
  });
});

/** Every list of a document the other way round. */
function reversed(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => reversed(item as JsonValue)).reverse();
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, reversed(item)]));
}

function waiversIn({ document }: PolicyLayer): number {
  const permissions = (document["permissions"] ?? []) as JsonObject[];
  return permissions.filter((permission) => permission["waives"]).length;
}

describe("sets", () => {
  test("[EVL-1] order and repetition of layers, and the order of lists, change nothing", { timeout }, () => {
    fc.assert(
      fc.property(cases(evaluator), (generated) => {
        const turned = generated.layers.map((item) => ({ ...item, document: reversed(item.document) as JsonObject }));
        const other = decide({ ...generated, layers: [...turned.toReversed(), ...turned] });
        const answer = decide(generated);
        expect(other.verdict).toBe(answer.verdict);
        expect(other.obligations).toEqual(answer.obligations);
        expect(other.until).toBe(answer.until);
        // With two waivers the reading whose reasons are told goes by the document's order (RSN-1).
        if (!generated.layers.some((item) => waiversIn(item) > 1)) expect(codesOf(other)).toEqual(codesOf(answer));
      }),
      { numRuns },
    );
  });

  test("[INH-6] permits(a ∪ b, q) = permits(a, q) and permits(b, q)", { timeout }, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        cases(evaluator),
        layer(evaluator, grant),
        layer(evaluator, restrict),
        (generated, more, narrower) => {
          fc.pre(generated.layers.some(({ document }) => document["kind"] === "grant"));
          const permits = (layers: readonly PolicyLayer[]): boolean =>
            decide({ ...generated, layers }).verdict === "permit";
          const [a, b] = [generated.layers, [more, narrower]];
          seen.add(`${permits(a)} ${permits(b)}`);
          expect(permits([...a, ...b])).toBe(permits(a) && permits(b));
        },
      ),
      { numRuns },
    );
    expect(seen.size).toBeGreaterThan(2);
  });

  test("[INH-1] children: order, grouping and repetition of parents don't change the set", { timeout }, () => {
    fc.assert(
      fc.property(
        fc.array(layer(evaluator, fc.oneof(grant, restrict)), { minLength: 1, maxLength: 4 }),
        fc.constantFrom("aggregate", "train", "share", "read"),
        (layers, operation) => {
          const child = (parents: readonly (readonly PolicyLayer[])[]): unknown =>
            evaluator.childLayers(parents, operation, undefined, () => undefined);
          const expected = child([layers]);
          expect(child(layers.toReversed().map((item) => [item]))).toEqual(expected);
          expect(child([layers, layers.slice(0, 1), []])).toEqual(expected);
        },
      ),
      { numRuns: numRuns / 4 },
    );
  });
});

/** Adds limits to a document's own; `keepUntil` and a first `principals` of a grant are the members that can permit more. */
function narrowed(document: JsonObject, more: Readonly<Record<string, JsonValue>>): JsonObject {
  const own = (document["limits"] ?? {}) as Record<string, JsonValue>;
  const joined = Object.entries(more).flatMap(([member, value]): [string, JsonValue][] => {
    if (member === "keepUntil" || (member === "principals" && document["kind"] === "grant")) return [];
    if (own[member] === undefined) return [[member, value]];
    const isUnion = [
      "purposes",
      "regions",
      "parties",
      "notPurposes",
      "notOperations",
      "notParties",
      "consents",
    ].includes(member);
    if (!isUnion) return [];
    const items = [...(own[member] as readonly JsonValue[]), ...(value as readonly JsonValue[])];
    return [[member, [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]]];
  });
  const all = { ...own, ...Object.fromEntries(joined) };
  return Object.keys(all).length > 0 ? { ...document, limits: all } : document;
}

const plainLimits = limits.map((value) => {
  const text = JSON.stringify(value ?? {});
  return text.includes('"param"') ? {} : (JSON.parse(text) as Record<string, JsonValue>);
});

function changed(generated: Case, change: (document: JsonObject) => JsonObject): Case {
  const [first, ...others] = generated.layers;
  const document = change(first!.document);
  return { ...generated, layers: [{ ...first!, document, policy: digestOf(JSON.stringify(document)) }, ...others] };
}

/** As `evaluate` takes them: purposes by full IRI. */
function expanded(value: JsonValue): JsonValue {
  const text = JSON.stringify(value)
    .replaceAll('"dpv:', '"https://w3id.org/dpv#')
    .replaceAll('"writ:', '"urn:writ:term:');
  return JSON.parse(text) as JsonValue;
}

describe("narrowing", () => {
  test("[POL-19] a further limit never turns a deny into a permit", { timeout }, () => {
    fc.assert(
      fc.property(cases(evaluator), plainLimits, (generated, more) => {
        fc.pre(generated.layers.length > 0 && decide(generated).verdict !== "permit");
        const narrow = changed(generated, (document) =>
          narrowed(document, expanded(more) as Record<string, JsonValue>),
        );
        expect(decide(narrow).verdict).not.toBe("permit");
      }),
      { numRuns },
    );
  });

  test("[EVL-8] a further prohibition never turns a deny into a permit", { timeout }, () => {
    fc.assert(
      fc.property(cases(evaluator), restrict, (generated, other) => {
        const prohibitions = expanded(other["prohibitions"] ?? []) as readonly JsonObject[];
        const usable = prohibitions.filter((item) => !JSON.stringify(item).includes('"param"'));
        fc.pre(usable.length > 0 && generated.layers.length > 0 && decide(generated).verdict !== "permit");
        const renamed = usable.map((item, index) => ({ ...item, id: `more-${index}` }));
        const narrow = changed(generated, (document) => ({
          ...document,
          prohibitions: [...((document["prohibitions"] ?? []) as JsonObject[]), ...renamed],
        }));
        expect(decide(narrow).verdict).not.toBe("permit");
      }),
      { numRuns: numRuns / 2, maxSkipsPerRun: 1000 },
    );
  });

  test("[DUT-3, DUT-4] a further duty never turns a deny into a permit", { timeout }, () => {
    const duty = fc.constantFrom(
      { id: "more", type: "report", trigger: "each-use" },
      { id: "more", type: "review", trigger: "before-use" },
      { id: "more", type: "urn:test:other", trigger: "each-use" },
    );
    fc.assert(
      fc.property(cases(evaluator), duty, (generated, more) => {
        const kind = generated.layers[0]?.document["kind"];
        fc.pre(kind === "grant" && decide(generated).verdict !== "permit");
        const narrow = changed(generated, (document) => ({
          ...document,
          duties: [...((document["duties"] ?? []) as JsonObject[]), more],
          permissions: (document["permissions"] as JsonObject[]).map((permission) => ({
            ...permission,
            duties: [...((permission["duties"] ?? []) as string[]), "more"],
          })),
        }));
        expect(decide(narrow).verdict).not.toBe("permit");
      }),
      { numRuns: numRuns / 2, maxSkipsPerRun: 1000 },
    );
  });

  test("control: a further permission does", () => {
    const widened = fc.sample(cases(evaluator), 800).filter((generated) => {
      if (generated.layers[0]?.document["kind"] !== "grant" || decide(generated).verdict !== "deny") return false;
      const all = { id: "all", operations: ["*"], unrestricted: true };
      const wide = changed(generated, (document) => ({
        ...document,
        permissions: [...(document["permissions"] as JsonObject[]), all],
      }));
      return decide(wide).verdict === "permit";
    });
    expect(widened.length).toBeGreaterThan(0);
  });
});

function toCbor(value: JsonValue): CborValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => toCbor(item as JsonValue));
  return new Map(Object.entries(value).map(([name, item]) => [name, toCbor(item)]));
}

function fromCbor(value: CborValue): JsonValue {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([name, item]) => [name, fromCbor(item as CborValue)]));
  return Array.isArray(value) ? value.map((item) => fromCbor(item as CborValue)) : (value as JsonValue);
}

describe("documents", () => {
  test("[POL-5, POL-7] preparing twice is preparing once, from text, value and bytes alike", { timeout }, () => {
    fc.assert(
      fc.property(fc.oneof(grant, restrict), (written) => {
        const once = evaluator.prepare(JSON.stringify(written));
        const fromArtifact = fromCbor(decodeCbor(encodeCbor(toCbor(once.document)))) as JsonObject;
        for (const again of [once.document, JSON.stringify(once.document), fromArtifact]) {
          const prepared = evaluator.prepare(again);
          expect(prepared).toEqual(once);
          expect(JSON.stringify(prepared.document)).toBe(JSON.stringify(once.document));
        }
      }),
      { numRuns: numRuns / 4 },
    );
  });

  test("[EVL-3] nothing but its own errors escapes, whatever text, value or request comes in", { timeout }, () => {
    const own = (run: () => unknown): void => {
      try {
        run();
      } catch (error) {
        const name = (error as Error).name;
        if (!["TypeError", "RangeError", "PolicyError", "FormatError"].includes(name)) throw error;
        if (name === "RangeError" && (error as Error).message.includes("call stack")) throw error;
      }
    };
    const [generated] = fc.sample(cases(evaluator), { numRuns: 1, seed: 1 });
    const mutated = fc
      .tuple(
        grant,
        fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3, unit: "binary" })), { minLength: 1, maxLength: 3 }),
      )
      .map(([document, edits]) =>
        edits.reduce((text, [place, piece]) => {
          const position = place % text.length;
          return text.slice(0, position) + piece + text.slice(position + 1);
        }, JSON.stringify(document)),
      );
    fc.assert(
      fc.property(mutated, fc.json(), fc.jsonValue(), fc.anything(), (text, json, value, anything) => {
        own(() => evaluator.prepare(text));
        own(() => evaluator.prepare(json));
        own(() => evaluator.prepare(value as JsonObject));
        own(() => evaluator.prepare(anything as JsonObject));
        own(() => evaluator.evaluate(generated!.layers, anything as DecisionRequest, generated!.state));
        own(() => evaluator.evaluate(generated!.layers, generated!.request, anything as DecisionState));
      }),
      { numRuns: numRuns / 2 },
    );
  });

  test("[POL-4] deep and long input ends soon, with a code", () => {
    const deep = (count: number): string =>
      `{"version":1,"kind":"grant","id":"urn:a","authority":"urn:a","permissions":[{"id":"p","operations":["read"],"when":${'{"not":'.repeat(count)}{"region":{"eq":"EU"}}${"}".repeat(count)}}]}`;
    const codeOf = (text: string): unknown => {
      try {
        return evaluator.prepare(text).id;
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    expect(codeOf(deep(8000))).toBe("policy-too-large");
    expect(codeOf(deep(9))).toBe("policy-too-large");
    expect(codeOf(deep(3))).toBe("urn:a"); // control
    const texts = Array.from({ length: 6000 }, (_, index) => `"u${index}"`).join();
    expect(
      codeOf(`{"version":1,"kind":"restrict","id":"urn:a","authority":"urn:a","limits":{"consents":[${texts}]}}`),
    ).toBe("policy-schema");
    let endless: Record<string, unknown> = { id: "a", kind: "agent" };
    endless = Object.assign(endless, { actingFor: endless });
    const request = { operation: "read", purposes: ["dpv:AcademicResearch"], principal: endless };
    expect(() => evaluator.evaluate([], request as unknown as DecisionRequest, { now: 0 })).toThrow(
      expect.objectContaining({ code: "request-schema" }),
    );
  });
});
