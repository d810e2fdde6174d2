// Outside oracles: Cedar, with a schema, and json-logic decide total requests as the compiled evaluator does, by rules that
// are lowered from the document alone.
import fc from "fast-check";
import type { DecisionRequest, DecisionState, JsonObject } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { cedar, logic } from "../../packages/bench/src/decisions-peers.ts";
import type { Peer } from "../../packages/bench/src/decisions-peers.ts";
import { plainRequest, rulesOf } from "../../packages/bench/src/decisions-rules.ts";
import { vocabulary } from "../../packages/bench/src/decisions-vocabulary.ts";
import { now } from "./arbitrary-layers.ts";
import { digestOf } from "./vector-files.ts";

const policies = process.env["SLOW"] ? 3000 : 150;
const requestsEach = 40;
const manyUses = 16;
const state: DecisionState = { now, statusEntries: [] };

const purposes = [
  "AcademicResearch",
  "CommercialResearch",
  "ResearchAndDevelopment",
  "ScientificResearch",
  "PublicBenefit",
  "Marketing",
  "Advertising",
  "TargetedAdvertising",
  "ServiceProvision",
].map((name) => `dpv:${name}`);
const operations = ["read", "aggregate", "transform", "store", "copy", "infer", "train", "profile", "derive"] as const;
const orgs = ["urn:org:acme", "urn:org:beta", "urn:org:gamma"];
const roles = ["clinician", "researcher", "clerk"];
const regions = ["DE", "FR", "NO", "CH", "US"];
const levels = ["public", "internal", "confidential", "restricted"];

const some = <T>(items: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...items], { minLength: 1, maxLength: 2 });
const maybe = <T>(name: string, value: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc.option(value, { nil: undefined }).map((found) => (found === undefined ? {} : { [name]: found }));
const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((list) => Object.assign({}, ...list) as object);

const equality = (field: string, values: readonly string[]): fc.Arbitrary<object> =>
  fc.oneof(
    fc
      .tuple(fc.constantFrom("eq", "ne"), fc.constantFrom(...values))
      .map(([name, value]) => ({ [field]: { [name]: value } })),
    fc.tuple(fc.constantFrom("in", "notIn"), some(values)).map(([name, list]) => ({ [field]: { [name]: list } })),
  );
const leaf = fc.oneof(
  equality("principal.org", orgs),
  equality("principal.kind", ["service", "human"]),
  equality("region", [...regions, "EU", "EEA"]),
  equality("principal.clearance", levels),
  fc
    .tuple(fc.constantFrom("lt", "lte", "gt", "gte"), fc.constantFrom(...levels))
    .map(([name, level]) => ({ "principal.clearance": { [name]: level } })),
  fc
    .tuple(fc.constantFrom("hasAny", "hasAll", "hasNone"), some(roles))
    .map(([name, list]) => ({ "principal.roles": { [name]: list } })),
);
const { condition } = fc.letrec<{ condition: object }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    { weight: 4, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(tie("condition"), { minLength: 1, maxLength: 2 }).map((all) => ({ all })) },
    { weight: 1, arbitrary: fc.array(tie("condition"), { minLength: 1, maxLength: 2 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: tie("condition").map((not) => ({ not })) },
  ),
}));

const term = fc.constantFrom(...purposes, "writ:ModelTraining");
const clause = fc.uniqueArray(
  fc.oneof({ weight: 4, arbitrary: term }, { weight: 1, arbitrary: term.map((exactly) => ({ exactly })) }),
  {
    minLength: 1,
    maxLength: 3,
    selector: (item) => JSON.stringify(item),
  },
);
const seldom = (part: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: part });
const limits = merged(
  seldom(fc.record({ notPurposes: fc.uniqueArray(term, { minLength: 1, maxLength: 2 }) })),
  seldom(fc.record({ notOperations: some(["train", "read", "derive", "copy"]) })),
  seldom(fc.record({ regions: some(["EU", "CH", "US"]).map((list) => [list]) })),
  seldom(fc.record({ parties: some(orgs).map((list) => [list]) })),
  seldom(fc.record({ purposes: clause.map((list) => [list]) })),
);
const permission = merged(
  fc.record({ operations: fc.subarray([...operations], { minLength: 3 }) }),
  maybe("purposes", clause),
  maybe("when", condition),
);
const prohibition = merged(
  fc.record({ operations: some([...operations]) }),
  maybe("purposes", fc.uniqueArray(term, { minLength: 1, maxLength: 2 })),
  maybe("when", condition),
);
const written = fc
  .tuple(limits, fc.array(permission, { minLength: 1, maxLength: 4 }), fc.array(prohibition, { maxLength: 2 }))
  .map(([limit, permissions, prohibitions]) => ({
    version: 1,
    kind: "grant",
    id: "urn:test:policy",
    authority: "urn:test:office",
    ...(Object.keys(limit).length > 0 && { limits: limit }),
    permissions: permissions.map((rule, index) => ({ id: `p${index + 1}`, ...rule })),
    ...(prohibitions.length > 0 && {
      prohibitions: prohibitions.map((rule, index) => ({ id: `f${index + 1}`, ...rule })),
    }),
  }));
const total = fc
  .record({
    operation: fc.constantFrom(...operations),
    purpose: term,
    kind: fc.constantFrom("service", "human"),
    org: fc.constantFrom(...orgs),
    roles: fc.subarray([...roles]),
    clearance: fc.constantFrom(...levels),
    region: fc.constantFrom(...regions),
  })
  .map(({ operation, purpose, region, ...principal }) => ({
    operation,
    purposes: [purpose],
    principal: { id: "u-1", ...principal },
    region,
  })) as fc.Arbitrary<DecisionRequest>;

describe("other engines", () => {
  test(`Cedar and json-logic agree on ${policies * requestsEach} total requests`, { timeout: 7_200_000 }, () => {
    const evaluator = createEvaluator();
    const counts = { permit: 0, deny: 0, unknown: 0 };
    fc.assert(
      fc.property(written, fc.array(total, { minLength: requestsEach, maxLength: requestsEach }), (text, requests) => {
        const { document } = evaluator.prepare(JSON.stringify(text));
        const layers = [{ policy: digestOf(JSON.stringify(document)), document, parameters: {}, via: [] }];
        const rules = rulesOf(text as unknown as JsonObject, vocabulary);
        const peers = [cedar(rules, vocabulary.links, true), logic(rules, vocabulary.links)] as Peer<unknown>[];
        for (let use = 0; use < manyUses; use += 1) evaluator.evaluate(layers, requests[0]!, state);
        for (const request of requests) {
          const { verdict } = evaluator.evaluate(layers, request, state);
          counts[verdict] += 1;
          for (const peer of peers)
            expect([peer.name, peer.permits(peer.ready(plainRequest(request)))]).toEqual([
              peer.name,
              verdict === "permit",
            ]);
        }
      }),
      { numRuns: policies },
    );
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    expect(counts.unknown).toBe(0);
    expect(counts.permit).toBeGreaterThan(policies / 2);
    expect(counts.deny).toBeGreaterThan(policies / 2);
  });

  test("control: rules without their prohibitions are told apart", () => {
    const evaluator = createEvaluator();
    const text = {
      version: 1,
      kind: "grant",
      id: "urn:test:policy",
      authority: "urn:test:office",
      permissions: [{ id: "p1", operations: ["read"] }],
      prohibitions: [{ id: "f1", operations: ["read"], when: { "principal.org": { eq: "urn:org:acme" } } }],
    };
    const { document } = evaluator.prepare(JSON.stringify(text));
    const layers = [{ policy: digestOf("policy"), document, parameters: {}, via: [] }];
    const { prohibitions: _left, ...rest } = text;
    const [request] = fc.sample(total, 1);
    const asked = { ...request!, operation: "read", purposes: ["dpv:Marketing"] } as const;
    const byAcme = { ...asked, principal: { ...asked.principal, org: "urn:org:acme" } };
    expect(evaluator.evaluate(layers, byAcme, state).verdict).toBe("deny");
    const lax = logic(rulesOf(rest, vocabulary), vocabulary.links);
    const strict = logic(rulesOf(text, vocabulary), vocabulary.links);
    expect([lax, strict].map((peer) => peer.permits(peer.ready(plainRequest(byAcme))))).toEqual([true, false]);
  });
});
