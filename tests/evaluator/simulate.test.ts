// What policies would decide over requests, and where two of them differ.
import type { DecisionRequest, PolicyLayer } from "@writ/core";
import { createEvaluator, simulate, templates } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { readVectors, digestOf } from "./vector-files.ts";

const evaluator = createEvaluator();
const now = Date.UTC(2026, 2, 1) / 1000;
const options = { evaluator, now };

function layer(text: string): PolicyLayer {
  return { policy: digestOf("p"), document: evaluator.prepare(text).document, parameters: {}, via: [] };
}

const licence = templates["dataset-licence"].text;

describe("simulate", () => {
  test("[SIM-1] the same policy differs nowhere; its generated requests reach every verdict", () => {
    for (const name of ["dataset-licence", "research-no-training"] as const) {
      const { text } = templates[name];
      const result = simulate({ a: [layer(text)], b: [layer(text)] }, options);
      expect(result.differing).toBe(0);
      const { permit, deny, unknown } = result.verdicts["a"]!;
      expect(Math.min(permit, deny, unknown), JSON.stringify(result.verdicts)).toBeGreaterThan(0);
      expect(permit + deny + unknown).toBe(result.cases);
    }
  });

  test.each([
    ["a ban less", '"notOperations": ["train"],', ""],
    ["another region", '"EU", "US"', '"EU"'],
    ["another purpose", '"dpv:AcademicResearch", ', ""],
    ["a purpose banned less", '"notPurposes": ["dpv:Advertising"],', '"notPurposes": ["dpv:NonCommercialResearch"],'],
    ["an operation more", '"share"]', '"share", "copy"]'],
    ["a deadline", '"P365D"', '"P30D"'],
    ["a date", '"notOperations": ["train"],', '"notOperations": ["train"], "notAfter": "2026-06-01T00:00:00Z",'],
    ["a counter", '"notOperations": ["train"],', '"notOperations": ["train"], "maxUses": { "urn:acme:c": 5 },'],
    ["a consent", '"notOperations": ["train"],', '"notOperations": ["train"], "consents": ["c-1"],'],
    [
      "a role",
      '"duties": ["attribution"',
      '"when": { "principal.roles": { "hasAny": ["x"] } }, "duties": ["attribution"',
    ],
  ])("[SIM-1] finds %s", (what, from, to) => {
    const changed = licence.replace(from, to);
    expect(changed).not.toBe(licence);
    const result = simulate({ a: [layer(licence)], b: [layer(changed)] }, options);
    // a ban of what no permission names changes reasons only
    if (what === "a ban less") expect(result.differing).toBe(0);
    else expect(result.differing).toBeGreaterThan(0);
    expect(result.differences.length).toBe(Math.min(100, result.differing));
  });

  test("[SIM-1] is deterministic, whatever the members' order", () => {
    const changed = licence.replace('"EU", "US"', '"EU"');
    const run = (): unknown => simulate({ a: [layer(licence)], b: [layer(changed)] }, options);
    expect(run()).toEqual(run());
  });

  test("[SIM-2] asks the requests that it is given, of artifacts by name", () => {
    const request: DecisionRequest = {
      operation: "read",
      purposes: ["dpv:AcademicResearch"],
      principal: { id: "u", kind: "human", org: "urn:example:org" },
      region: "DE",
    };
    const state = { statusEntries: [], holds: [] };
    const corpus = { one: [layer(licence)], two: [layer(licence), layer(templates.internal.text)], none: [] };
    const cases = [
      { request, state },
      { request: { ...request, region: "JP" }, state },
    ];
    const result = simulate(corpus, { ...options, cases, maxDifferences: 1 });
    expect(result).toMatchObject({
      cases: 2,
      verdicts: {
        one: { permit: 1, deny: 1, unknown: 0 },
        two: { permit: 1, deny: 1, unknown: 0 },
        none: { permit: 0, deny: 2, unknown: 0 },
      },
      differing: 1,
      differences: [{ request, decisions: { none: { verdict: "deny", reasons: ["no-grant"], obligations: [] } } }],
    });
    expect(() => simulate(corpus, { ...options, requests: cases } as never)).toThrow(TypeError);
  });

  test("[SIM-1] generated requests are well formed for every policy of the vectors", () => {
    const documents = readVectors<{ document?: object; expect: unknown }>("policies").flatMap(({ document }) => {
      try {
        return document ? [layer(JSON.stringify(document))] : [];
      } catch {
        return []; // vectors of documents that are refused
      }
    });
    const plain = documents.filter(({ document }) => document["parameters"] === undefined);
    expect(plain.length).toBeGreaterThan(3);
    for (const one of plain.filter((_, index) => index % 6 === 0))
      expect(simulate({ a: [one] }, options).cases).toBeGreaterThan(50);
  });
});
