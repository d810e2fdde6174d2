// What declassification allows at most: layers that pass are never laxer than the bound, member by member and for any request.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DecisionRequest, DecisionState, PolicyLayer } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";

const evaluator = createEvaluator();
const purposes = ["dpv:AcademicResearch", "dpv:ResearchAndDevelopment", "dpv:CommercialResearch", "dpv:Advertising"];
const everything = [{ id: "p", operations: ["*"], unrestricted: true }];

let count = 0;
function layerOf(members: object, parameters: PolicyLayer["parameters"] = {}): PolicyLayer {
  const text = JSON.stringify({
    version: 1,
    kind: "grant",
    id: "urn:acme:policy:a",
    authority: "urn:acme:office",
    permissions: everything,
    ...members,
  });
  count += 1;
  const policy = `sha384:${count.toString(16).padStart(96, "0")}` as const;
  return { policy, document: evaluator.prepare(text).document, parameters, via: [] };
}

const boundedBy = (atMost: object, more: object = {}, parameters: PolicyLayer["parameters"] = {}): PolicyLayer =>
  layerOf({ declassify: { threshold: 1, approvers: ["urn:role:dpo"], atMost }, ...more }, parameters);

/** Members of `atMost` that the layers don't keep within. */
const beyond = (old: PolicyLayer, ...layers: readonly PolicyLayer[]): readonly (string | undefined)[] =>
  evaluator.looserThanAtMost([old], layers).map(({ subject, code }) => subject ?? code);

describe("[INH-8] each member", () => {
  const rows: readonly (readonly [
    member: string,
    bound: unknown,
    within: readonly unknown[],
    beyond: readonly unknown[],
  ])[] = [
    [
      "purposes",
      [["dpv:ResearchAndDevelopment"]],
      [
        [["dpv:AcademicResearch"]],
        [["dpv:Advertising"], ["dpv:AcademicResearch", { exactly: "dpv:CommercialResearch" }]],
      ],
      [[["dpv:ResearchAndDevelopment", "dpv:Advertising"]], [["dpv:Advertising"]]],
    ],
    [
      "purposes",
      [[{ exactly: "dpv:AcademicResearch" }]],
      [[[{ exactly: "dpv:AcademicResearch" }]]],
      [[["dpv:AcademicResearch"]]],
    ],
    ["notPurposes", ["dpv:Advertising"], [["dpv:Advertising", "dpv:Marketing"]], [["dpv:Marketing"]]],
    ["notOperations", ["train"], [["train"], ["read"], ["copy", "train"]], [["copy"]]],
    ["regions", [["EU", "US"]], [[["DE"]], [["EU"], ["JP"]], [["US-CA", "FR"]]], [[["EU", "JP"]], [["EEA"]]]],
    ["parties", [["urn:a", "urn:b"]], [[["urn:a"]]], [[["urn:a", "urn:c"]]]],
    ["notParties", ["urn:a"], [["urn:a", "urn:b"]], [["urn:b"]]],
    ["principals", ["human"], [["human"]], [["human", "service"]]],
    ["notBefore", "2026-01-01T00:00:00Z", ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"], ["2025-12-31T23:59:59Z"]],
    ["notAfter", "2026-01-01T00:00:00Z", ["2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z"], ["2026-01-01T00:00:01Z"]],
    ["deleteBy", "2026-01-01T00:00:00Z", ["2025-01-01T00:00:00Z"], ["2026-01-01T00:00:01Z"]],
    ["keepUntil", "2026-01-01T00:00:00Z", ["2027-01-01T00:00:00Z"], ["2025-12-31T23:59:59Z"]],
    ["maxUses", { "urn:a": 10 }, [{ "urn:a": 10 }, { "urn:a": 1, "urn:b": 99 }], [{ "urn:a": 11 }, { "urn:b": 1 }]],
    ["minAssurance", 2, [2, 3], [1]],
    ["kAnonymity", 10, [10, 11], [9]],
    ["consents", ["urn:c"], [["urn:c", "urn:d"]], [["urn:d"]]],
    ["custody", { managers: ["customer"] }, [{ managers: ["customer"] }], [{ origins: ["AWS_KMS"] }]],
    ["custody", { regions: ["eu-*"] }, [{ regions: ["eu-*"] }], [{ regions: ["us-*"] }]],
    [
      "maxStaleness",
      { status: "PT1H" },
      [{ status: "PT30M" }, { status: "PT1H", consent: "P1D" }],
      [{ status: "PT2H" }],
    ],
  ];
  test.each(rows)("%s at most %j", (member, bound, within, outside) => {
    const old = boundedBy({ [member]: bound });
    for (const value of within)
      expect([value, beyond(old, layerOf({ limits: { [member]: value } }))]).toEqual([value, []]);
    for (const value of outside)
      expect([value, beyond(old, layerOf({ limits: { [member]: value } }))]).toEqual([value, [member]]);
    const isDefault = member === "principals"; // a grant that says nothing takes services and humans
    expect(beyond(old, layerOf({}))).toEqual([member]);
    expect(beyond(old, layerOf({}), layerOf({ limits: { [member]: within[0] } })), "another layer holds it").toEqual(
      [],
    );
    expect(beyond(boundedBy({ principals: ["human", "service"] }), layerOf({}))).toEqual([]);
    expect(isDefault || beyond(old, old).length === 1, "what was lowered and stays isn't its own bound").toBe(true);
  });
});

describe("[INH-8] what can't be shown doesn't hold", () => {
  test("nobody lowers a policy without `declassify`", () => {
    expect(beyond(layerOf({}), layerOf({}))).toEqual(["declassify-absent"]);
  });

  test("terms that mean more to the new policy than to the lowered one", () => {
    const limits = { purposes: [["urn:acme:study"]], notPurposes: ["urn:acme:study"] };
    const terms = { "urn:acme:study": ["dpv:AcademicResearch"] };
    const old = boundedBy({ purposes: [["dpv:AcademicResearch"]], notPurposes: ["urn:acme:study"] }, { terms });
    expect(beyond(old, layerOf({ terms, limits }))).toEqual([]);
    const wider = { ...terms, "urn:acme:ads": ["urn:acme:study"] };
    expect(beyond(old, layerOf({ terms: wider, limits }))).toEqual(["purposes", "notPurposes"]);
    const exact = { purposes: [[{ exactly: "urn:acme:study" }]] };
    expect(
      beyond(boundedBy({ purposes: [["dpv:AcademicResearch"]] }, { terms }), layerOf({ terms: wider, limits: exact })),
    ).toEqual([]);
  });

  test("limits that a permission waives; parameters are those of the lowered layer", () => {
    const waiving = layerOf({
      limits: { regions: [["EU"]] },
      permissions: [
        {
          id: "e",
          operations: ["read"],
          purposes: ["urn:writ:term:Emergency"],
          when: { "principal.roles": { hasAny: ["doctor"] } },
          waives: ["regions"],
          duties: ["r"],
        },
      ],
      duties: [{ id: "r", type: "report", trigger: "after-use", within: "P1D" }],
    });
    const old = boundedBy({ regions: [["EU"]] });
    expect(beyond(old, waiving)).toEqual(["regions"]);
    expect(beyond(old, layerOf({ limits: { regions: [["EU"]] } })), "control").toEqual([]);
    const parameters = { parameters: { until: "instant" } };
    const dated = boundedBy({ notAfter: { param: "until" } }, parameters, { until: "2026-01-01T00:00:00Z" });
    expect(beyond(dated, layerOf({ limits: { notAfter: "2026-01-01T00:00:00Z" } }))).toEqual([]);
    expect(beyond(dated, layerOf({ limits: { notAfter: "2026-01-01T00:00:01Z" } }))).toEqual(["notAfter"]);
  });
});

test("[INH-8] layers within the bound permit nothing that the bound as a policy doesn't", () => {
  const clause = fc.subarray(purposes, { minLength: 1 });
  const members = fc.record({
    purposes: fc.uniqueArray(clause, { minLength: 1, maxLength: 2, selector: (one) => JSON.stringify(one) }),
    notPurposes: fc.subarray(purposes, { minLength: 1, maxLength: 2 }),
    notOperations: fc.subarray(["read", "train", "copy", "share", "aggregate"], { minLength: 1 }),
    regions: fc.uniqueArray(fc.subarray(["EU", "DE", "US", "EEA", "FR"], { minLength: 1 }), {
      minLength: 1,
      maxLength: 2,
      selector: (one) => JSON.stringify(one),
    }),
    principals: fc.subarray(["human", "service"], { minLength: 1 }),
    notAfter: fc.constantFrom("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z"),
  });
  const names = ["purposes", "notPurposes", "notOperations", "regions", "principals", "notAfter"] as const;
  const limits = fc
    .tuple(members, fc.subarray([...names], { minLength: 1, maxLength: 2 }))
    .map(([all, some]) => Object.fromEntries(some.map((name) => [name, all[name]])));
  const asked = ["read", "train", "copy"].flatMap((operation) =>
    purposes.flatMap((purpose) =>
      ["human", "service"].flatMap((kind) =>
        ["DE", "US", "NO"].map((region) => {
          const principal = { id: "urn:person:ada", kind, org: null, roles: [] };
          return { operation, purposes: [purpose], principal, region } as unknown as DecisionRequest;
        }),
      ),
    ),
  );
  const state: DecisionState = { now: Date.parse("2026-03-01T00:00:00Z") / 1000, statusEntries: [], holds: [] };
  let within = 0;
  let permitted = 0;
  fc.assert(
    fc.property(limits, fc.array(limits, { minLength: 1, maxLength: 2 }), (atMost, sets) => {
      const old = boundedBy(atMost);
      // a bound is often met only where a layer has it outright
      const layers = sets.map((set, index) => layerOf({ limits: index === 0 ? { ...atMost, ...set } : { ...atMost } }));
      if (beyond(old, ...layers).length > 0) return;
      within += 1;
      const bound = layerOf({ limits: atMost });
      for (const request of asked) {
        const verdict = evaluator.evaluate(layers, request, state).verdict;
        if (verdict !== "permit") continue;
        permitted += 1;
        expect([request, evaluator.evaluate([bound], request, state).verdict]).toEqual([request, "permit"]);
      }
    }),
    { numRuns: 150 },
  );
  expect([within > 20, permitted > 50]).toEqual([true, true]); // the check was made
});
