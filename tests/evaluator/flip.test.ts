// The one change that would flip a verdict: it does, by this evaluator and by the other one; and where none is named, trying every value of the vocabulary finds none.
import fc from "fast-check";
import type { DecisionRequest, DecisionState, JsonObject, PolicyLayer } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { applyChange, flipOf } from "@writ/evaluator/flip";
import type { Change, FlipAnswer } from "@writ/evaluator/flip";
import { describe, expect, test } from "vitest";
import { evaluate } from "../reference/evaluate.ts";
import type { Written } from "../reference/evaluate.ts";
import type { Held } from "../reference/shapes.ts";
import { readText } from "../support/repository.ts";
import { cases } from "./arbitrary-cases.ts";
import type { Case } from "./arbitrary-cases.ts";
import { counter, heldTaxonomy, operations, ownTerm, parties, purposes, regions, roles } from "./arbitrary-layers.ts";
import { questionOf } from "./vector-answer.ts";
import { digestOf, readVectors } from "./vector-files.ts";
import type { DecisionVector } from "./vector-files.ts";

const evaluator = createEvaluator({ taxonomies: [heldTaxonomy] });
const numRuns = process.env["SLOW"] ? 50_000 : 600;
const timeout = process.env["SLOW"] ? 3_600_000 : 120_000;

const { taxonomies } = JSON.parse(readText("packages/evaluator/taxonomies/shipped.json")) as {
  taxonomies: { digest: string }[];
};
const held: Held = new Map([
  [taxonomies[0]!.digest, JSON.parse(readText("packages/evaluator/taxonomies/dpv-2.3.json"))],
  [heldTaxonomy.digest, heldTaxonomy],
]);

/** The verdict by the evaluator that was written from the spec alone. */
function referenceVerdict({ layers, request, state }: Case): string {
  const instant = new Date(state.now * 1000).toISOString();
  return evaluate(layers as unknown as Written[], request, { ...state, now: instant }, held).verdict;
}

function flip({ layers, request, state }: Case): FlipAnswer {
  return flipOf(layers, request, state, { evaluator });
}

/** Every single change of one fact, over the vocabulary of the generated documents. */
function allChanges({ layers, request, state }: Case): readonly Change[] {
  const links = ["principal"];
  for (let { actingFor } = request.principal; actingFor; { actingFor } = actingFor)
    links.push(`${links.at(-1)!}.actingFor`);
  const some = (fact: string, ...values: unknown[]): Change[] =>
    values.flatMap((value) => [
      { fact, value: value as Change["value"] },
      ...(/^(?:region|principal|destination|output|facts)/.test(fact)
        ? [{ fact, value: value as Change["value"], assurance: 3 as const }]
        : []),
    ]);
  const roleSets = fc.sample(fc.subarray(roles), { numRuns: 60, seed: 3 });
  const isOut = ["share", "transfer", "export", "disclose", "delegate"].includes(request.operation);
  const due = [...new Set(layers.map(({ policy }) => policy))];
  return [
    ...(request.operation === "delete" ? [] : some("operation", ...operations, "declassify", "profile", "log", "copy")),
    ...some("purposes", ...[...purposes, ownTerm, "urn:test:ambulance", "urn:test:care"].map((purpose) => [purpose])),
    ...some("region", ...regions, "ZZ", null),
    ...(isOut ? some("destination.party", ...parties, "urn:x", null) : []),
    ...(isOut ? some("destination.region", ...regions, "ZZ", null) : []),
    ...links.flatMap((link) => [
      ...some(`${link}.org`, ...parties, "urn:x", null),
      ...some(`${link}.id`, "svc-1", "u-1", "x"),
      ...some(`${link}.kind`, "human", "service"),
      ...some(`${link}.clearance`, "public", "internal", "confidential", "restricted", null),
      ...some(`${link}.roles`, ...roleSets),
    ]),
    ...some("output.k", 1, 4, 5, 6, 9, 10, 11, 15, 16, null),
    ...some("output.rows", 4, 5, 6, 9, 10, 11, 15, 16, null),
    ...some("facts.urn:test:fact", "yes", "no", "x", 5, 10, true, false, ["clinician"], [], null),
    ...["c-1", "c-2", "c-3"].flatMap((id) => some(`consent:${id}`, "given", "refused")),
    ...[counter, "urn:test:other"].flatMap((iri) => some(`counter:${iri}`, 0, 2, 3, 4, 5, 6, 9, 10, 11, 15, 16)),
    ...some("holds", [], ["case-1"]),
    ...some("approval:pre", due),
    ...(state.statusEntries?.length === 0 ? [] : some("status", "valid", "revoked")),
    ...some(
      "now",
      ...[-86_400 * 40, -1, 3599, 3600, 7200, 86_400 * 40].map((shift) => Date.UTC(2026, 2, 1) / 1000 + shift),
    ),
    ...some("custody.origins", ["AWS_KMS"], ["EXTERNAL"]),
    ...some("custody.managers", ["customer"], ["provider"]),
    ...some("custody.regions", ["eu-central-1"], ["us-east-1"], ["ap-south-1"]),
  ];
}

/** A change that trying everything finds; undefined where there is none. */
function bruteForce(generated: Case, verdict: string): Change | undefined {
  const wanted = verdict === "permit" ? ["deny"] : verdict === "deny" ? ["permit"] : ["permit", "deny"];
  return allChanges(generated).find((change) => {
    try {
      const { request, state } = applyChange(generated, change);
      return wanted.includes(evaluator.evaluate(generated.layers, request, state).verdict);
    } catch {
      return false; // no request any more
    }
  });
}

describe("the one change that flips a verdict", () => {
  test("[FLP-1, FLP-2] does flip it, by both evaluators, and changes nothing but what it names", { timeout }, () => {
    const counts = new Map<string, [found: number, all: number, tried: number]>();
    fc.assert(
      fc.property(cases(evaluator), (generated) => {
        const before = structuredClone({ request: generated.request, state: generated.state });
        const answer = flip(generated);
        expect({ request: generated.request, state: generated.state }).toEqual(before);
        const [found, all, tried] = counts.get(answer.verdict) ?? [0, 0, 0];
        counts.set(answer.verdict, [found + (answer.flip ? 1 : 0), all + 1, Math.max(tried, answer.tried)]);
        expect(answer.verdict).toBe(referenceVerdict(generated));
        if (!answer.flip) return;
        const { change, verdict } = answer.flip;
        expect(verdict).not.toBe(answer.verdict);
        const changed = { layers: generated.layers, ...applyChange(generated, change) };
        expect(evaluator.evaluate(changed.layers, changed.request, changed.state).verdict).toBe(verdict);
        expect(referenceVerdict(changed)).toBe(verdict);
      }),
      { numRuns },
    );
    const told = [...counts].map(([verdict, [found, all, tried]]) => `${verdict} ${found}/${all} (≤ ${tried} tried)`);
    console.log(`flips found: ${told.join(", ")}`);
    expect([...counts.keys()].sort()).toEqual(["deny", "permit", "unknown"]);
    for (const [found] of counts.values()) expect(found).toBeGreaterThan(0);
  });

  test("[FLP-2] of the decision vectors, most of which refuse for one reason, most are flipped", () => {
    const counts: Record<string, [found: number, all: number]> = {};
    for (const vector of readVectors<DecisionVector>("decisions")) {
      if (vector.request === undefined || vector.expect.verdict === undefined) continue;
      const { evaluator: asks, layers, state } = questionOf(vector);
      const request = vector.request as DecisionRequest;
      const answer = flipOf(layers, request, state, { evaluator: asks });
      expect({ id: vector.id, verdict: answer.verdict }).toEqual({ id: vector.id, verdict: vector.expect.verdict });
      const count = (counts[answer.verdict] ??= [0, 0]);
      count[1] += 1;
      if (!answer.flip) continue;
      count[0] += 1;
      const after = applyChange({ request, state }, answer.flip.change);
      expect(asks.evaluate(layers, after.request, after.state).verdict).toBe(answer.flip.verdict);
    }
    console.log(
      `flips found of the vectors: ${Object.entries(counts)
        .map(([verdict, [found, all]]) => `${verdict} ${found}/${all}`)
        .join(", ")}`,
    );
    for (const [found, all] of Object.values(counts)) expect(found / all).toBeGreaterThan(0.7);
  });

  test("[FLP-3] where none is named, trying every value of the vocabulary finds none", { timeout }, () => {
    let none = 0;
    fc.assert(
      fc.property(cases(evaluator), (generated) => {
        const answer = flip(generated);
        if (answer.flip) return;
        none += 1;
        expect(bruteForce(generated, answer.verdict)).toBeUndefined();
      }),
      { numRuns: numRuns / 4 },
    );
    expect(none).toBeGreaterThan(0);
  });
});

const base = {
  version: 1,
  kind: "grant",
  id: "urn:acme:policy:p",
  authority: "urn:acme:office",
  parameters: { consent: "string" },
  limits: { regions: [["EU"]], consents: [{ param: "consent" }], maxUses: { "urn:acme:counter": 3 } },
  permissions: [
    {
      id: "p1",
      operations: ["read", "share"],
      purposes: ["dpv:AcademicResearch"],
      when: { "principal.roles": { hasAny: ["clinician"] } },
    },
    { id: "p2", operations: ["aggregate"], purposes: ["dpv:Marketing"], duties: ["d1"] },
  ],
  duties: [{ id: "d1", type: "review", trigger: "before-use" }],
};

function layersOf(document: object): readonly PolicyLayer[] {
  const prepared = evaluator.prepare(JSON.stringify(document)).document;
  return [{ policy: digestOf("p"), document: prepared, parameters: { consent: "c-7" }, via: [] }];
}

const now = Date.UTC(2026, 2, 1) / 1000;
const reader = { id: "u-1", kind: "human", roles: ["clinician"] };
const research = {
  operation: "read",
  purposes: ["dpv:AcademicResearch"],
  principal: reader,
  region: "DE",
} as DecisionRequest;
const known: DecisionState = {
  now,
  statusEntries: [],
  holds: [],
  consents: { "c-7": { value: "given", ageMs: 0 } },
  counters: { "urn:acme:counter": { uses: 1, ageMs: 0 } },
};

function textOf(document: object, request: object = {}, state: object = {}): string {
  const asked = { ...research, ...request } as DecisionRequest;
  return flipOf(layersOf(document), asked, { ...known, ...state }, { evaluator }).text;
}

function withLimits(limits: object): JsonObject {
  return { ...base, limits: { ...base.limits, ...limits } };
}

describe("in plain language", () => {
  test.each([
    ["a region", base, { region: "US" }, {}, "permitted if region were EU instead of US"],
    [
      "a role",
      base,
      { principal: { ...reader, roles: ["clerk"] } },
      {},
      "permitted if principal.roles were clinician instead of clerk",
    ],
    [
      "a purpose",
      base,
      { purposes: ["dpv:Marketing"] },
      {},
      "permitted if purposes were dpv:AcademicResearch instead of dpv:Marketing",
    ],
    [
      "one of two purposes",
      base,
      { purposes: ["dpv:AcademicResearch", "dpv:Marketing"] },
      {},
      "permitted if purposes were dpv:AcademicResearch instead of dpv:AcademicResearch, dpv:Marketing",
    ],
    [
      "an operation",
      { ...base, permissions: [base.permissions[0]], duties: undefined },
      { operation: "infer" },
      {},
      "permitted if operation were read instead of infer",
    ],
    [
      "a consent by its parameter",
      base,
      {},
      { consents: { "c-7": { value: "withdrawn" } } },
      "permitted if the consent c-7 were given instead of withdrawn",
    ],
    [
      "a counter",
      base,
      {},
      { counters: { "urn:acme:counter": { uses: 3 } } },
      "permitted if the counter urn:acme:counter stood at 2 instead of 3",
    ],
    [
      "the time",
      withLimits({ notBefore: "2027-01-01T00:00:00Z" }),
      {},
      {},
      "permitted if it were 2027-01-01T00:00:00Z instead of 2026-03-01T00:00:00Z",
    ],
    [
      "a status",
      base,
      {},
      {
        statusEntries: [{ uri: "https://s.example", index: 1 }],
        status: [{ uri: "https://s.example", index: 1, value: "revoked" }],
      },
      "permitted if the status of the data were valid instead of revoked",
    ],
    [
      "a hold",
      base,
      { operation: "delete", purposes: [] },
      { holds: ["case-1"] },
      "permitted if no hold were in force",
    ],
    [
      "a party",
      withLimits({ parties: [["urn:org:acme"]] }),
      { principal: { ...reader, org: "urn:org:beta" } },
      {},
      "permitted if principal.org were urn:org:acme instead of urn:org:beta",
    ],
    [
      "a kind of principal",
      withLimits({ principals: ["service"] }),
      {},
      {},
      "permitted if principal.kind were service instead of human",
    ],
    ["a missing fact", base, { region: undefined }, {}, "permitted if region were known to be EU"],
    ["a missing consent", base, {}, { consents: {} }, "permitted if the consent c-7 were given"],
    [
      "an approval",
      base,
      { operation: "aggregate", purposes: ["dpv:Marketing"] },
      {},
      "permitted if an approval waived the duty d1",
    ],
    [
      "groups",
      withLimits({ kAnonymity: 10 }),
      { operation: "share", output: { k: 3 }, destination: { party: "urn:x", region: "FR" } },
      {},
      "permitted if output.k were 10 instead of 3",
    ],
    [
      "a destination",
      base,
      { operation: "share", destination: { party: "urn:x" } },
      {},
      "permitted if destination.region were known to be EU",
    ],
    [
      "custody",
      withLimits({ custody: { regions: ["eu-*"] } }),
      {},
      { custody: { regions: ["us-east-1"] } },
      "permitted if custody.regions were eu-west-1 instead of us-east-1",
    ],
    [
      "age",
      withLimits({ maxStaleness: { consent: "PT1H" } }),
      {},
      { consents: { "c-7": { value: "given", ageMs: 7_200_000 } } },
      "permitted if the consent c-7 were given, read anew",
    ],
    [
      "assurance",
      withLimits({ minAssurance: 2, consents: ["c-7"] }),
      { principal: { id: "u-1", kind: "human", roles: ["clinician"] } },
      { assurance: { "principal.roles": 2, "principal.kind": 2 } },
      "permitted if region (DE) were proven with assurance 2",
    ],
    ["a permit", base, {}, {}, "denied if principal.roles were none instead of clinician"],
    [
      "two refusals",
      base,
      { region: "US", purposes: ["dpv:Advertising"] },
      {},
      "no single change was found by which it would be permitted",
    ],
  ] as const)("[FLP-2, FLP-3] %s", (_what, document, request, state, text) => {
    const written = JSON.parse(JSON.stringify(document).replace('"c-7"', '{"param":"consent"}')) as object;
    expect(textOf(written, request, state)).toBe(text);
  });

  test("[FLP-2] an unknown that no single fact permits is settled as a denial, where one denies", () => {
    const asked = { ...research, region: undefined } as unknown as DecisionRequest;
    const answer = flipOf(layersOf(base), asked, { ...known, consents: {} }, { evaluator });
    expect(answer.verdict).toBe("unknown");
    expect(answer.flip?.verdict).toBe("deny");
    expect(answer.text).toMatch(/^denied if /);
  });

  test.each([
    ["principal.org", "urn:writ:another"],
    ["principal.clearance", "public"],
    ["facts.urn:test:fact", "urn:writ:another"],
    ["output.k", 1],
  ])("[FLP-3] where all that a rule asks is that there is no `%s`, one that is there is tried", (field, value) => {
    const [head, name] = [field.slice(0, field.indexOf(".")), field.slice(field.indexOf(".") + 1)];
    const absent = { ...(head === "principal" ? reader : {}), [name]: null };
    const permissions = [
      { id: "p1", operations: ["read"] },
      { id: "p2", operations: ["read"], when: { [field]: { exists: false } }, duties: ["d1"] },
    ];
    const document = { ...base, permissions, duties: [{ id: "d1", type: "urn:test:duty", trigger: "each-use" }] };
    const asked = { ...research, [head]: absent } as DecisionRequest;
    const answer = flipOf(layersOf(document), asked, known, { evaluator });
    expect(answer).toMatchObject({ verdict: "deny", flip: { change: { fact: field, value }, verdict: "permit" } });
  });

  test("[FLP-1] a change drops what the request can't have beside it, and nothing else", () => {
    const shared = {
      ...research,
      operation: "share",
      destination: { party: "urn:x", region: "FR" },
    } as DecisionRequest;
    expect(applyChange({ request: shared, state: known }, { fact: "operation", value: "read" }).request).toEqual(
      research,
    );
    expect(applyChange({ request: shared, state: known }, { fact: "operation", value: "export" }).request).toEqual({
      ...shared,
      operation: "export",
    });
    const agent = { id: "a", kind: "agent", actingFor: reader } as DecisionRequest["principal"];
    const asked = { request: { ...research, principal: agent }, state: known };
    expect(applyChange(asked, { fact: "principal.kind", value: "service" }).request.principal).toEqual({
      id: "a",
      kind: "service",
    });
    expect(applyChange(asked, { fact: "principal.actingFor.org", value: "urn:y" }).request.principal).toEqual({
      ...agent,
      actingFor: { ...reader, org: "urn:y" },
    });
    const absent = { ...shared, destination: null } as DecisionRequest;
    expect(
      applyChange({ request: absent, state: known }, { fact: "destination.party", value: "urn:z" }).request.destination,
    ).toEqual({
      party: "urn:z",
      region: null,
    });
    const named = applyChange(asked, { fact: "facts.__proto__", value: "x" }).request.facts!;
    expect(Object.keys(named)).toEqual(["__proto__"]);
    expect(() => applyChange(asked, { fact: "weather", value: "fair" })).toThrow(RangeError);
  });

  test("[FLP-3] it is bounded, says so, and takes no other options", () => {
    const asked = { ...research, purposes: ["dpv:Marketing"] } as DecisionRequest;
    const few = flipOf(layersOf(base), asked, known, { evaluator, maxTried: 2 });
    expect(few).toMatchObject({ flip: null, why: "budget", tried: 2 });
    expect(few.text).toContain("not all were tried");
    expect(flipOf(layersOf(base), asked, known, { evaluator }).flip).not.toBeNull(); // control
    const both = { ...asked, region: "US" } as DecisionRequest;
    const all = flipOf(layersOf(base), both, known, { evaluator });
    expect(all).toMatchObject({ flip: null, why: "no-single-change" });
    expect(all.tried).toBeLessThan(2000);
    expect(() => flipOf(layersOf(base), asked, known, { evaluator, budget: 3 } as never)).toThrow(TypeError);
    expect(() => flipOf(layersOf(base), asked, known, { evaluator, maxTried: -1 })).toThrow(RangeError);
    expect(() => flipOf(layersOf(base), { ...asked, purposes: [] }, known, { evaluator })).toThrow(
      expect.objectContaining({ code: "request-schema" }),
    );
  });

  test("control: another change doesn't flip it", () => {
    const asked = { request: { ...research, region: "US" } as DecisionRequest, state: known };
    const verdictWith = (value: string): string => {
      const { request, state } = applyChange(asked, { fact: "region", value });
      return evaluator.evaluate(layersOf(base), request, state).verdict;
    };
    expect([verdictWith("EU"), verdictWith("CH")]).toEqual(["permit", "deny"]);
  });
});
