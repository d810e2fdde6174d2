// ODRL in and out: nothing is dropped on the way in, nothing changes its meaning on the way out.
import { createEvaluator, odrl } from "@writ/evaluator";
import type { DecisionState, JsonObject, Parameters, PolicyLayer } from "@writ/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { request, state } from "./arbitrary-cases.ts";
import { grant, heldTaxonomy, restrict } from "./arbitrary-layers.ts";
import { digestOf } from "./vector-files.ts";

const evaluator = createEvaluator({ taxonomies: [heldTaxonomy] });
const context = "http://www.w3.org/ns/odrl.jsonld";
const purpose = { leftOperand: "purpose", operator: "isA", rightOperand: { "@id": "dpv:AcademicResearch" } };

/** A policy as another tool writes it. */
function policy(members: object = {}, rule: object = {}): JsonObject {
  const permission = [{ action: "read", constraint: [purpose], ...rule }];
  return {
    "@context": context,
    "@type": "Set",
    uid: "urn:acme:p",
    assigner: "urn:acme:office",
    permission,
    ...members,
  };
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { code, path } = error as { code?: string; path?: string };
    return code === undefined ? (error as Error).name : `${code} ${path ?? ""}`;
  }
  return "none";
}

function reading(value: JsonObject, options: object = {}): string {
  return refusal(() => odrl.toPolicy(value, options));
}

function layerOf(document: JsonObject, parameters: Parameters = {}): PolicyLayer {
  return { policy: digestOf("p"), document: evaluator.prepare(JSON.stringify(document)).document, parameters, via: [] };
}

describe("reading ODRL", () => {
  test("[ODR-3, ODR-4, ODR-6] a policy of a data space becomes a policy that decides as it says", () => {
    const document = odrl.toPolicy(
      policy(
        {
          "@context": [context, { idsc: "https://w3id.org/idsa/code/" }],
          "@type": "Agreement",
          assignee: "urn:org:acme",
          target: "https://example.com/data/1",
          conflict: "prohibit",
          prohibition: { action: "distribute" },
        },
        {
          action: ["use", { "@id": "odrl:distribute" }],
          constraint: [
            purpose,
            { leftOperand: "spatial", operator: "isPartOf", rightOperand: "EU" },
            {
              leftOperand: "dateTime",
              operator: "lteq",
              rightOperand: { "@value": "2026-12-31T23:59:59Z", "@type": "xsd:dateTime" },
            },
            { leftOperand: "count", operator: "lteq", rightOperand: 10 },
            { leftOperand: "idsc:SECURITY_LEVEL", operator: "isAnyOf", rightOperand: ["trust", "trust-plus"] },
          ],
          duty: [
            {
              action: "delete",
              constraint: [
                { leftOperand: "event", operator: "gt", rightOperand: { "@id": "odrl:policyUsage" } },
                {
                  leftOperand: "elapsedTime",
                  operator: "lteq",
                  rightOperand: { "@value": "P30D", "@type": "xsd:duration" },
                },
              ],
            },
          ],
        },
      ),
      { target: "https://example.com/data/1", facts: ["https://w3id.org/idsa/code/SECURITY_LEVEL"] },
    );
    expect(document).toMatchObject({
      kind: "grant",
      id: "urn:acme:p",
      authority: "urn:acme:office",
      limits: { regions: [["EU"]], notAfter: "2027-01-01T00:00:00Z", maxUses: { "urn:acme:p": 10 } },
      permissions: [
        {
          id: "p1",
          operations: ["read", "transform", "aggregate", "derive", "infer", "log", "store", "copy", "share"],
          purposes: ["dpv:AcademicResearch"],
          when: {
            "principal.org": { eq: "urn:org:acme" },
            "facts.https://w3id.org/idsa/code/SECURITY_LEVEL": { in: ["trust", "trust-plus"] },
          },
          duties: ["d1"],
        },
      ],
      prohibitions: [{ id: "f1", operations: ["share"] }],
      duties: [{ id: "d1", type: "delete", trigger: "after-use", within: "P30D" }],
    });
    const known: DecisionState = {
      now: Date.UTC(2026, 2, 1) / 1000,
      statusEntries: [],
      holds: [],
      counters: { "urn:acme:p": { uses: 3, ageMs: 0 } },
    };
    const asked = {
      operation: "read" as const,
      purposes: ["dpv:AcademicResearch"],
      principal: { id: "u", kind: "human" as const, org: "urn:org:acme" },
      region: "DE",
      facts: { "https://w3id.org/idsa/code/SECURITY_LEVEL": "trust" },
    };
    const verdict = (change: object, more: object = {}): string =>
      evaluator.evaluate([layerOf(document)], { ...asked, ...change }, { ...known, ...more }).verdict;
    expect(verdict({})).toBe("permit");
    expect(verdict({ facts: {} })).toBe("unknown"); // a fact that nobody supplies never passes
    expect(verdict({ facts: { "https://w3id.org/idsa/code/SECURITY_LEVEL": "base" } })).toBe("deny");
    expect(verdict({ region: "US" })).toBe("deny");
    expect(verdict({}, { counters: { "urn:acme:p": { uses: 10, ageMs: 0 } } })).toBe("deny");
    expect(verdict({}, { now: Date.UTC(2027, 0, 1) / 1000 })).toBe("deny");
    expect(verdict({ principal: { ...asked.principal, org: "urn:org:beta" } })).toBe("deny");
    expect(verdict({ operation: "share", destination: { party: "urn:org:acme", region: "DE" } })).toBe("deny");
  });

  test("[ODR-2] a strategy by which a prohibition might not win is refused", () => {
    const prohibition = [{ action: "distribute" }];
    expect(reading(policy({ conflict: "perm" }))).toBe("odrl-unsupported /conflict");
    expect(reading(policy({ conflict: "invalid", prohibition }))).toBe("odrl-unsupported /conflict");
    expect(reading(policy({ prohibition }))).toBe("odrl-unsupported /conflict");
    expect(reading(policy({ conflict: "invalid" }))).toBe("none"); // without a prohibition there is no conflict
    expect(reading(policy({ conflict: "prohibit", prohibition }))).toBe("none"); // control
  });

  test("[ODR-1] what isn't understood is refused where it stands", () => {
    const constraint = (...list: object[]): JsonObject => policy({}, { constraint: list });
    const triple = { leftOperand: "urn:writ:odrl:output.k", operator: "gteq", rightOperand: 5 };
    const rows: readonly (readonly [JsonObject, string])[] = [
      [policy({ obligation: [{ action: "delete" }] }), "/obligation"],
      [policy({ inheritFrom: "urn:acme:q" }), "/inheritFrom"],
      [policy({ "dc:creator": "x" }), "/dc:creator"],
      [policy({ "@type": "Offer" }), "/@type"],
      [policy({ "@type": "Agreement" }), "/@type"],
      [policy({ profile: "https://example.com/profile" }), "/profile"],
      [policy({ "@context": "https://example.com/context" }), "/@context"],
      [policy({ "@context": [context, "https://example.com/more"] }), "/@context/1"],
      [policy({ "@context": [context, { action: "https://example.com/ns#" }] }), "/@context/1/action"],
      [policy({ "@context": [context, { urn: "https://example.com/ns#" }] }), "/@context/1/urn"],
      [policy({ "@context": [context, { odrl: "https://example.com/ns#" }] }), "/@context/1/odrl"],
      [policy({ "@context": [context, { "@vocab": "https://example.com/ns#" }] }), "/@context/1/@vocab"],
      [policy({ assigner: undefined }), "/assigner"],
      [policy({ permission: undefined }), ""],
      [policy({ target: "urn:acme:data" }), "/target"],
      [policy({}, { target: "urn:acme:data" }), "/permission/0/target"],
      [policy({}, { assigner: "urn:acme:other" }), "/permission/0/assigner"],
      [policy({}, { assignee: { uid: "urn:acme:group", refinement: [] } }), "/permission/0/assignee/refinement"],
      [policy({}, { action: "print" }), "/permission/0/action"],
      [policy({}, { action: ["read", "sell"] }), "/permission/0/action/1"],
      [policy({}, { action: { "rdf:value": "read", refinement: [] } }), "/permission/0/action/rdf:value"],
      [policy({}, { action: "delete" }), "/permission/0/action"],
      [policy({}, { remedy: [] }), "/permission/0/remedy"],
      [policy({}, { uid: "urn:acme:elsewhere" }), "/permission/0/uid"],
      [policy({}, { duty: [{ action: "watermark" }] }), "/permission/0/duty/0/action"],
      [policy({}, { duty: [{ action: "inform", informedParty: "urn:acme:x" }] }), "/permission/0/duty/0/informedParty"],
      [policy({}, { duty: [{ action: "delete" }] }), "/permission/0/duty/0"],
      [policy({}, { duty: [{ action: "inform", consequence: [] }] }), "/permission/0/duty/0/consequence"],
      [constraint({ ...triple, leftOperand: "payAmount" }), "/permission/0/constraint/0/leftOperand"],
      [constraint({ ...triple, leftOperand: "idsc:CONNECTOR" }), "/permission/0/constraint/0/leftOperand"],
      [constraint({ ...triple, operator: "hasPart" }), "/permission/0/constraint/0/operator"],
      [constraint({ ...triple, unit: "urn:acme:euro" }), "/permission/0/constraint/0/unit"],
      [constraint({ ...triple, status: 3 }), "/permission/0/constraint/0/status"],
      [
        constraint({ leftOperand: "purpose", operator: "neq", rightOperand: "x" }),
        "/permission/0/constraint/0/operator",
      ],
      [constraint({ xone: [triple] }), "/permission/0/constraint/0/xone"],
      [constraint({ and: [triple], ...triple }), "/permission/0/constraint/0"],
      [constraint({ or: [purpose, triple] }), "/permission/0/constraint/0"],
      [
        constraint({ ...triple, rightOperand: { "@value": "5", "@type": "xsd:integer" } }),
        "/permission/0/constraint/0/rightOperand",
      ],
      [
        constraint({ leftOperand: "dateTime", operator: "lt", rightOperand: "2026-13-01T00:00:00Z" }),
        "/permission/0/constraint/0/rightOperand",
      ],
      [
        constraint({ leftOperand: "dateTime", operator: "neq", rightOperand: "2026-12-01T00:00:00Z" }),
        "/permission/0/constraint/0/leftOperand",
      ],
    ];
    for (const [value, pointer] of rows) {
      const written = JSON.parse(JSON.stringify(value)) as JsonObject;
      expect(reading(written), JSON.stringify(value)).toBe(`odrl-unsupported ${pointer}`);
    }
    expect(reading(policy())).toBe("none"); // control
    expect(reading(constraint(purpose, triple))).toBe("none"); // control
  });

  test("[ODR-4] a constraint on the whole policy is stated by every permission, or refused", () => {
    const until = { leftOperand: "dateTime", operator: "lt", rightOperand: "2026-12-01T00:00:00Z" };
    const two = (first: object[], second: object[], action = "derive"): JsonObject =>
      policy({
        permission: [
          { action: "read", constraint: first },
          { action, constraint: second },
        ],
      });
    expect(reading(two([until], [until]))).toBe("none");
    expect(reading(two([until], []))).toBe("odrl-unsupported /permission/0/constraint/0");
    const place = { leftOperand: "spatial", operator: "eq", rightOperand: "DE" };
    expect(odrl.toPolicy(two([place], []))["permissions"]).toMatchObject([{ when: { region: { in: ["DE"] } } }, {}]);
    expect(reading(two([], [place], "distribute"))).toBe("odrl-unsupported /permission/1/constraint/0");
  });

  test("[ODR-5] a target is the one that the caller means", () => {
    const value = policy({ target: "urn:acme:data" });
    expect(reading(value, { target: "urn:acme:data" })).toBe("none");
    expect(reading(value, { target: "urn:acme:other" })).toBe("odrl-unsupported /target");
    expect(reading(policy({ assigner: "urn:acme:office" }), { authority: "urn:acme:other" })).toBe(
      "odrl-unsupported /assigner",
    );
    expect(reading(value, { targets: [] })).toBe("TypeError");
  });

  test("[ODR-1] text is held to the rules of policy texts", () => {
    expect(refusal(() => odrl.toPolicy('{"uid":"urn:a:b","uid":"urn:a:c"}'))).toBe("policy-duplicate-member /uid");
    expect(refusal(() => odrl.toPolicy("[]"))).toBe("odrl-unsupported ");
    const text = JSON.stringify(policy()).replace('"@type"', '"__proto__":{"x":1},"@type"');
    expect(refusal(() => odrl.toPolicy(text))).toBe("odrl-unsupported /__proto__");
  });
});

describe("writing ODRL", () => {
  test("[ODR-7] what has no word is refused where it stands", () => {
    const document = (members: object, rule: object = {}): JsonObject => ({
      version: 1,
      kind: "grant",
      id: "urn:acme:p",
      authority: "urn:acme:office",
      permissions: [{ id: "p1", operations: ["read"], ...rule }],
      ...members,
    });
    const duty = { id: "d1", type: "log", trigger: "each-use" };
    const rows: readonly (readonly [JsonObject, string])[] = [
      [document({ ext: { "urn:acme:x": 1 } }), "/ext"],
      [document({ parameters: { c: "string" }, limits: { consents: [{ param: "c" }] } }), "/parameters"],
      [document({ limits: { custody: { managers: ["customer"] } } }), "/limits/custody"],
      [document({ limits: { maxStaleness: { status: "PT1H" } } }), "/limits/maxStaleness"],
      [document({}, { operations: ["*"], unrestricted: true }), "/permissions/0/unrestricted"],
      [document({}, { consents: ["c-1"] }), "/permissions/0/consents"],
      [document({}, { when: { not: { region: { eq: "DE" } } } }), "/permissions/0/when/not"],
      [document({}, { when: { region: { exists: true } } }), "/permissions/0/when/region/exists"],
      [document({ duties: [{ ...duty, proof: "receipt" }] }, { duties: ["d1"] }), "/duties/0/proof"],
      [document({ duties: [{ ...duty, criticality: "advisory" }] }, { duties: ["d1"] }), "/duties/0/criticality"],
      [document({ duties: [{ ...duty, type: "urn:acme:d" }] }, { duties: ["d1"] }), "/duties/0/type"],
      [document({ kind: "restrict", permissions: undefined, limits: { regions: [["EU"]] } }), "/limits/regions"],
      [document({ kind: "restrict", permissions: undefined }), ""],
    ];
    for (const [value, pointer] of rows) {
      const written = JSON.parse(JSON.stringify(value)) as JsonObject;
      expect(
        refusal(() => odrl.fromPolicy(written)),
        JSON.stringify(value),
      ).toBe(`odrl-unsupported ${pointer}`);
    }
    expect(refusal(() => odrl.fromPolicy(document({ duties: [duty] }, { duties: ["d1"] })))).toBe("none"); // control
    expect(refusal(() => odrl.fromPolicy(document({}), { assets: [] } as object))).toBe("TypeError");
    expect(odrl.fromPolicy(document({}), { target: "urn:acme:data" })).toMatchObject({
      permission: [{ uid: "urn:acme:p#p1", target: "urn:acme:data", action: ["read"] }],
    });
  });

  /** Leaves out what ODRL has no word for, so that generated documents are mostly expressible. */
  function expressible(written: JsonObject): JsonObject {
    const text = JSON.stringify(written, (name, value: unknown) => {
      if (["parameters", "custody", "maxStaleness", "unrestricted", "waives", "duties"].includes(name))
        return undefined;
      return value;
    });
    const copy = JSON.parse(text) as {
      permissions?: Record<string, unknown>[];
      limits?: object;
      [member: string]: unknown;
    };
    for (const permission of copy.permissions ?? []) {
      delete permission["consents"];
      if (JSON.stringify(permission["operations"]) === '["*"]') permission["operations"] = ["read", "share"];
      permission["duties"] = ["own"];
    }
    for (const [name, part] of Object.entries({ limits: copy.limits, derive: copy["derive"] })) {
      if (/^\{\}$|"add":\{\}/.test(JSON.stringify(part) ?? "")) delete copy[name];
    }
    const duties = copy.permissions
      ? { duties: [{ id: "own", type: "delete", trigger: "after-use", within: "P3D" }] }
      : {};
    return { ...copy, ...duties } as unknown as JsonObject;
  }

  test("[ODR-7] operators of one field keep their order, in one member where a document holds them so", () => {
    const rewritten = (when: object): unknown => {
      const document = evaluator.prepare(
        JSON.stringify({
          version: 1,
          kind: "grant",
          id: "urn:test:policy",
          authority: "urn:test:office",
          permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"], when }],
        }),
      ).document;
      const read = odrl.toPolicy(odrl.fromPolicy(document));
      return JSON.parse(JSON.stringify((read["permissions"] as JsonObject[])[0]!["when"]));
    };
    const apart = { all: [{ "output.k": { lte: 5 } }, { "output.k": { eq: 5 } }] };
    expect(JSON.stringify(rewritten(apart))).toBe(JSON.stringify(apart));
    const together = { "output.k": { eq: 5, lte: 5 } };
    expect(JSON.stringify(rewritten(together))).toBe(JSON.stringify(together));
    expect(JSON.stringify(rewritten({ all: [{ "output.k": { eq: 5 } }, { "output.k": { lte: 5 } }] }))).toBe(
      JSON.stringify(together),
    );
  });

  test("[ODR-7] what is written and read again decides alike, and is written alike", () => {
    const seen = { written: 0, permit: 0, deny: 0, unknown: 0 };
    fc.assert(
      fc.property(
        fc.oneof({ weight: 9, arbitrary: grant }, { weight: 1, arbitrary: restrict }).map(expressible),
        fc.array(fc.tuple(request, state), { minLength: 8, maxLength: 8 }),
        (document, cases) => {
          let written: JsonObject;
          let read: JsonObject;
          try {
            written = odrl.fromPolicy(document);
            read = odrl.toPolicy(written);
          } catch (error) {
            // what has no word; what was deepest already
            fc.pre(
              !["odrl-unsupported", "policy-parameter", "policy-too-large"].includes((error as { code: string }).code),
            );
            throw error;
          }
          expect(odrl.fromPolicy(read)).toEqual(written);
          expect(odrl.toPolicy(JSON.stringify(written))).toEqual(read);
          const [before, after] = [layerOf(document), layerOf(read)];
          seen.written += 1;
          for (const [asked, { approve: _, ...known }] of cases) {
            const [a, b] = [before, after].map((layer) => evaluator.evaluate([layer], asked, known));
            seen[a!.verdict] += 1;
            expect({ ...b, reasons: [] }).toEqual({ ...a, reasons: [] });
          }
        },
      ),
      { numRuns: 300, maxSkipsPerRun: 1000 },
    );
    expect(seen.written).toBe(300);
    expect(seen.permit).toBeGreaterThan(0);
    expect(seen.unknown).toBeGreaterThan(0);
  });
});
