// The rest of the public surface: options, parameters, hostile names, warnings, explanations, templates, labels.
import { execFileSync } from "node:child_process";
import type { DecisionRequest, DecisionState, Evaluator, JsonObject, PolicyLayer } from "@writ/core";
import {
  admittedPurposes,
  createEvaluator,
  explain,
  explainDecision,
  joinLabel,
  taxonomyDigest,
  templates,
} from "@writ/evaluator";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readText, root } from "../support/repository.ts";
import { cases } from "./arbitrary-cases.ts";
import { heldTaxonomy } from "./arbitrary-layers.ts";
import { digestOf, readVectors } from "./vector-files.ts";

const evaluator = createEvaluator();
const state: DecisionState = { now: Date.UTC(2026, 2, 1) / 1000, statusEntries: [], holds: [] };
const principal = { id: "u-1", kind: "human", org: "urn:org:acme", roles: [] } as const;
const read: DecisionRequest = { operation: "read", purposes: ["dpv:AcademicResearch"], principal };

function document(members: object): string {
  return JSON.stringify({
    version: 1,
    kind: "grant",
    id: "urn:acme:policy:p",
    authority: "urn:acme:office",
    permissions: [{ id: "p1", operations: ["read", "store"] }],
    ...members,
  });
}

function layer(members: object, more: Partial<PolicyLayer> = {}): PolicyLayer {
  return {
    policy: digestOf("p"),
    document: evaluator.prepare(document(members)).document,
    parameters: {},
    via: [],
    ...more,
  };
}

function verdict(layers: readonly PolicyLayer[], change: object = {}, known: object = {}): string {
  return evaluator.evaluate(layers, { ...read, ...change }, { ...state, ...known }).verdict;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name;
  }
  return "no error";
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "no error";
}

const own = { iri: "urn:test:taxonomy", version: "1", terms: { "urn:test:a": [], "urn:test:b": ["urn:test:a"] } };

describe("an evaluator", () => {
  test("[EVL-1] has an id by its vocabulary", () => {
    expect(createEvaluator().id).toBe(evaluator.id);
    const more = createEvaluator({ taxonomies: [{ ...own, digest: taxonomyDigest(own) }] });
    expect(more.id).not.toBe(evaluator.id);
  });

  test("[TAX-1] refuses a taxonomy that isn't the one of its digest, and unknown options", () => {
    const digest = taxonomyDigest(own);
    expect(taxonomyDigest({ ...own, terms: { "urn:test:b": ["urn:test:a", "urn:test:a"], "urn:test:a": [] } })).toBe(
      digest,
    );
    const changed = { ...own, digest, terms: { ...own.terms, "urn:test:c": ["urn:test:a"] } };
    expect(codeOf(() => createEvaluator({ taxonomies: [changed] }))).toBe("policy-taxonomy");
    expect(codeOf(() => createEvaluator({ taxonomy: [] } as object))).toBe("TypeError");
    expect(codeOf(() => createEvaluator({ taxonomies: [{ ...own, digest }] }))).toBe("no error"); // control
  });

  test("[TAX-5] without a pinned taxonomy decisions are unknown, with it they aren't", () => {
    const pins = [{ iri: own.iri, version: own.version, digest: taxonomyDigest(own) }];
    const holder = createEvaluator({ taxonomies: [{ ...own, digest: taxonomyDigest(own) }] });
    const text = document({
      taxonomies: pins,
      permissions: [{ id: "p1", operations: ["read"], purposes: ["urn:test:a"] }],
    });
    const layers = [{ policy: digestOf("p"), document: holder.prepare(text).document, parameters: {}, via: [] }];
    const request = { ...read, purposes: ["urn:test:b"] };
    expect(holder.evaluate(layers, request, state).verdict).toBe("permit");
    expect(evaluator.evaluate(layers, request, state)).toMatchObject({
      verdict: "unknown",
      missing: [{ fact: "taxonomy:urn:test:taxonomy", suppliedBy: "taxonomy" }],
    });
    expect(codeOf(() => evaluator.prepare(text))).toBe("policy-taxonomy"); // TAX-4
  });

  test("[REQ-6] reads the time from the state, in whole seconds", () => {
    const layers = [layer({ limits: { notAfter: "2026-03-01T00:00:00Z" } })];
    expect(verdict(layers, {}, { now: state.now - 1 })).toBe("permit");
    expect(verdict(layers, {}, { now: state.now })).toBe("deny");
    expect(codeOf(() => verdict(layers, {}, { now: 1.5 }))).toBe("TypeError");
    expect(codeOf(() => verdict(layers, { at: 0 }))).toBe("request-schema");
  });

  test("[EVL-4] a counter in a limit refuses at any age and lets pass while fresh; a condition reads an old one as unknown", () => {
    const limits = { maxStaleness: { counter: "PT1H" } };
    const counters = (uses: number, ageMs: number): object => ({ counters: { "urn:acme:c": { uses, ageMs } } });
    const bounded = [layer({ limits: { ...limits, maxUses: { "urn:acme:c": 10 } } })];
    expect(verdict(bounded, {}, counters(15, 7_200_000))).toBe("deny");
    expect(verdict(bounded, {}, counters(5, 7_200_000))).toBe("unknown");
    expect(verdict(bounded, {}, counters(5, 1000))).toBe("permit");
    const ban = { id: "f1", operations: ["*"], when: { "uses.urn:acme:c": { gte: 10 } } };
    const banned = [layer({ limits, prohibitions: [ban] })];
    expect(verdict(banned, {}, counters(15, 7_200_000))).toBe("unknown");
    expect(verdict(banned, {}, counters(5, 7_200_000))).toBe("unknown");
    expect(verdict(banned, {}, counters(15, 1000))).toBe("deny");
    expect(verdict(banned, {}, counters(5, 1000))).toBe("permit");
  });

  test("[INH-6] the named exceptions to narrowing: `keepUntil`, and the first `principals` of a grant", () => {
    const due = { deleteBy: "2026-02-01T00:00:00Z" };
    expect(verdict([layer({ limits: due })], { operation: "store" })).toBe("deny");
    expect(verdict([layer({ limits: { ...due, keepUntil: "2026-04-01T00:00:00Z" } })], { operation: "store" })).toBe(
      "permit",
    );
    const agent = { id: "a", kind: "agent", actingFor: null };
    expect(verdict([layer({})], { principal: agent })).toBe("deny");
    expect(verdict([layer({ limits: { principals: ["agent", "autonomous"] } })], { principal: agent })).toBe("permit");
  });
});

describe("parameters", () => {
  const limits = { consents: [{ param: "consent" }], notAfter: { param: "end" } };
  const members = { parameters: { consent: "string", end: "instant" }, limits };
  const values = { consent: "c-1", end: "2026-04-01T00:00:00Z" };
  const given = { consents: { "c-1": { value: "given" } } };

  test("[POL-15] a layer gives a value of the declared type for each, and no other", () => {
    expect(verdict([layer(members, { parameters: values })], {}, given)).toBe("permit");
    for (const parameters of [
      {},
      { consent: "c-1" },
      { ...values, end: "2026-02-30T00:00:00Z" },
      { ...values, consent: 5 },
      { ...values, more: "x" },
      { ...values, constructor: "x" },
    ] as PolicyLayer["parameters"][]) {
      expect(codeOf(() => verdict([layer(members, { parameters })], {}, given))).toBe("policy-parameter");
    }
  });

  test("[POL-15] `via` names only operations with an `add`", () => {
    const derive = { train: { inherit: true, add: { notOperations: ["read"] } }, share: { inherit: true } };
    expect(verdict([layer({ derive }, { via: ["train"] })])).toBe("deny");
    expect(verdict([layer({ derive })])).toBe("permit");
    for (const via of ["share", "copy"] as const) {
      expect(codeOf(() => verdict([layer({ derive }, { via: [via] })]))).toBe("policy-reference");
    }
  });

  test("a parameter may be called `param`, and inherited names are none", () => {
    const param = { parameters: { param: "string" }, limits: { consents: [{ param: "param" }] } };
    expect(verdict([layer(param, { parameters: { param: "c-1" } })], {}, given)).toBe("permit");
    const inherited = { parameters: { constructor: "string" }, limits: { consents: [{ param: "constructor" }] } };
    expect(verdict([layer(inherited, { parameters: { constructor: "c-1" } })], {}, given)).toBe("permit");
    expect(codeOf(() => verdict([layer(inherited)], {}, given))).toBe("policy-parameter");
    const undeclared = document({ limits: { consents: [{ param: "toString" }] } });
    expect(codeOf(() => evaluator.prepare(undeclared))).toBe("policy-parameter");
  });
});

describe("names that mean something to JavaScript", () => {
  const text = (member: string): string => document({}).replace('"version":1', `"version":1,${member}`);

  test("[POL-3] `__proto__` and `constructor` are unknown members, with and without content", () => {
    for (const member of ['"__proto__":{"kind":"grant"}', '"constructor":{"prototype":{}}', '"__proto__":null']) {
      expect(codeOf(() => evaluator.prepare(text(member)))).toBe("policy-schema");
    }
    const inherited = document({ kind: undefined }).replace('"version":1', '"version":1,"__proto__":{"kind":"grant"}');
    expect(codeOf(() => evaluator.prepare(inherited))).toBe("policy-schema");
    expect(({} as { kind?: string }).kind).toBeUndefined();
    expect(codeOf(() => evaluator.prepare(text('"classification":"internal"')))).toBe("no error"); // control
  });

  test("[POL-12] inside `ext` they are data and survive", () => {
    const { document: prepared } = evaluator.prepare(
      text('"ext":{"urn:acme:x":{"__proto__":{"a":1},"constructor":2}}'),
    );
    expect(JSON.stringify(prepared["ext"])).toBe('{"urn:acme:x":{"__proto__":{"a":1},"constructor":2}}');
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  test("[REQ-3] in requests they are unknown members or unknown facts", () => {
    const grown = (member: string, of: object): unknown => JSON.parse(JSON.stringify(of).replace("{", `{${member},`));
    for (const member of ['"__proto__":{"region":"DE"}', '"constructor":1']) {
      expect(codeOf(() => evaluator.evaluate([], grown(member, read) as DecisionRequest, state))).toBe(
        "request-schema",
      );
      const nested = { ...read, principal: grown(member, principal) };
      expect(codeOf(() => evaluator.evaluate([], nested as DecisionRequest, state))).toBe("request-schema");
      const facts = { ...read, facts: grown(member, { "urn:acme:f": 1 }) };
      expect(codeOf(() => evaluator.evaluate([], facts as DecisionRequest, state))).toBe("request-schema");
    }
    const inherited = Object.create({ region: "DE" }) as object;
    const layers = [layer({ limits: { regions: [["EU"]] } })];
    expect(evaluator.evaluate(layers, Object.assign(inherited, read), state).verdict).toBe("unknown");
    expect(evaluator.evaluate(layers, { ...read, region: "DE" }, state).verdict).toBe("permit"); // control
  });

  test("[CND-1] `output.constructor` and `output.toString` are omitted unless given", () => {
    for (const name of ["constructor", "toString", "valueOf", "hasOwnProperty"]) {
      const layers = [
        layer({ permissions: [{ id: "p1", operations: ["read"], when: { [`output.${name}`]: { exists: true } } }] }),
      ];
      expect(verdict(layers)).toBe("unknown");
      expect(verdict(layers, { output: {} })).toBe("unknown");
      expect(verdict(layers, { output: { [name]: 1 } })).toBe("permit"); // control
    }
  });

  test("state by such names is no state", () => {
    const consents = [layer({ limits: { consents: ["constructor"] } })];
    expect(verdict(consents, {}, { consents: {} })).toBe("unknown");
    expect(verdict(consents, {}, { consents: { constructor: { value: "given" } } })).toBe("permit"); // control
  });
});

describe("policy check", () => {
  const warningsOf = (members: object): string[] =>
    evaluator.prepare(document(members)).warnings.map(({ code, pointer }) => `${code} ${pointer}`);

  test("[POL-18] an error says what may have been meant", () => {
    expect(messageOf(() => evaluator.prepare(document({ limit: {} })))).toContain("did you mean `limits`?");
    expect(messageOf(() => evaluator.prepare(document({ limits: { notPurposes: ["dpv:Marketting"] } })))).toContain(
      "dpv#Marketing`?",
    );
    expect(messageOf(() => evaluator.prepare(document({ limits: { notOperations: ["trian"] } })))).toContain(
      "did you mean `train`?",
    );
    expect(messageOf(() => evaluator.prepare(document({ limits: { notPurposes: ["dvp:Marketing"] } })))).toContain(
      "did you mean `dpv`?",
    );
    const when = { "principal.role": { hasAny: ["x"] } };
    expect(
      messageOf(() => evaluator.prepare(document({ permissions: [{ id: "p1", operations: ["read"], when }] }))),
    ).toContain("did you mean `principal.roles`?");
  });

  test("warns of surprises, of rules that never match and of retention that contradicts itself", () => {
    expect(warningsOf({ limits: { purposes: [["dpv:ServiceProvision"]] } })).toContain(
      "purpose-surprise /limits/purposes/0",
    );
    expect(
      warningsOf({ permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:ResearchAndDevelopment"] }] }),
    ).toEqual(["purpose-surprise /permissions/0/purposes"]);
    expect(warningsOf({ limits: { notOperations: ["read"] } })).toEqual(["rule-never /permissions/0"]);
    const window = { notBefore: "2026-03-01T00:00:00Z", notAfter: "2026-03-01T00:00:00Z" };
    expect(warningsOf({ limits: window })).toEqual(["rule-never /limits/notAfter"]);
    const retention = { deleteBy: "2026-03-01T00:00:00Z", keepUntil: "2026-04-01T00:00:00Z" };
    expect(warningsOf({ limits: retention })).toEqual(["retention-conflict /limits/deleteBy"]);
    const named = { purposes: [["dpv:ResearchAndDevelopment"]], notPurposes: ["dpv:CommercialPurpose"] };
    expect(warningsOf({ limits: named })).toEqual([]); // control: what a ban takes out is no surprise
    expect(warningsOf({})).toEqual([]); // control
  });

  test("lists the narrowest purposes that a clause admits", () => {
    expect(admittedPurposes(["dpv:ServiceProvision"])).toContain("https://w3id.org/dpv#SellDataToThirdParties");
    expect(admittedPurposes(["dpv:ResearchAndDevelopment"])).toContain("https://w3id.org/dpv#CommercialResearch");
    expect(admittedPurposes([{ exactly: "dpv:ResearchAndDevelopment" }])).toEqual([
      "https://w3id.org/dpv#ResearchAndDevelopment",
    ]);
    expect(admittedPurposes(["dpv:AcademicResearch"])).not.toContain("https://w3id.org/dpv#CommercialResearch");
  });

  test("the vocabulary in code is that of the taxonomy files", () => {
    const run = (): string =>
      execFileSync(process.execPath, ["tools/compile-vocabulary.mjs", "--check"], {
        cwd: root,
        encoding: "utf8",
        stdio: "pipe",
      });
    expect(run).not.toThrow();
    expect(readText("packages/evaluator/src/generated/vocabulary.ts")).toContain("dpv#AcademicResearch");
  });
});

describe("plain language", () => {
  const every = readVectors<{ id: string; document?: JsonObject }>("policies").find(({ id }) =>
    id.endsWith("every-member"),
  )!;

  test("explains every part of a document by name", () => {
    const lines = explain(every.document!).join("\n");
    for (const { id } of [
      ...(every.document!["permissions"] as unknown as { id: string }[]),
      ...(every.document!["prohibitions"] as unknown as { id: string }[]),
      ...(every.document!["duties"] as unknown as { id: string }[]),
    ]) {
      expect(lines).toContain(`(${id})`);
    }
    const written = explain(evaluator.prepare(JSON.stringify(every.document)).document).join("\n");
    expect(written).toContain("dpv:AcademicResearch"); // the expanded form reads like the written one
  });

  test("explains a template so that a reader knows what it does", () => {
    expect(explain(JSON.parse(templates["dataset-licence"].text) as JsonObject)).toEqual([
      "urn:example:policy:dataset-licence of urn:example:data-office: a grant, classified internal",
      "permits read, aggregate, derive, store and share for dpv:AcademicResearch or dpv:NonCommercialResearch, or narrower purposes; duties attribution and deletion (research)",
      "never for dpv:Advertising, nor for purposes that hold them",
      "never train, nor what includes it",
      "only within EU or US",
      "obliges the actor to attribute at each use, required (attribution)",
      "obliges the actor to delete after use within P365D, required (deletion)",
      "whatever is derived inherits the policy",
      "lowered by nobody",
    ]);
  });

  test("explains decisions: verdict, reasons, what is missing and from whom, obligations", () => {
    const layers = [layer({ limits: { regions: [["EU"]] } })];
    expect(explainDecision(evaluator.evaluate(layers, read, state))).toEqual([
      "unknown: facts are missing",
      "not known whether: the region isn't admitted (regions, region) [region]",
      "missing: region, from the caller",
    ]);
    expect(explainDecision(evaluator.evaluate(layers, { ...read, region: "US" }, state))).toEqual([
      "denied",
      "the region isn't admitted (regions, region) [region]",
    ]);
  });

  test("[RSN-1] every reason code of the vectors has words", () => {
    const codes = new Set(
      readVectors<{ expect: { reasons?: string[] } }>("decisions").flatMap(({ expect: { reasons = [] } }) => reasons),
    );
    const words = (code: string): string =>
      explainDecision({ verdict: "deny", reasons: [{ code }], missing: [], obligations: [] })[1]!;
    expect([...codes].filter((code) => words(code).startsWith(code))).toEqual([]);
    expect(words("no-such-code")).toBe("no-such-code [no-such-code]"); // control
  });
});

describe("templates", () => {
  test.each(Object.entries(templates))("%s is short and can be signed as it stands", (_name, { text, about }) => {
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
    expect(about.length).toBeGreaterThan(0);
    const { warnings } = evaluator.prepare(text);
    expect(warnings.filter(({ code }) => code !== "purpose-surprise")).toEqual([]);
  });

  test("they decide as they say", () => {
    const layersOf = (name: keyof typeof templates): PolicyLayer[] => [
      { policy: digestOf(name), document: evaluator.prepare(templates[name].text).document, parameters: {}, via: [] },
    ];
    const researcher = { ...principal, roles: ["researcher"], org: "urn:example:org" };
    const ask = (name: keyof typeof templates, change: object): string =>
      evaluator.evaluate(layersOf(name), { ...read, region: "DE", principal: researcher, ...change }, state).verdict;
    expect(ask("dataset-licence", {})).toBe("permit");
    expect(ask("dataset-licence", { operation: "train" })).toBe("deny");
    expect(ask("dataset-licence", { purposes: ["dpv:Advertising"] })).toBe("deny");
    expect(ask("dataset-licence", { region: "CN" })).toBe("deny");
    expect(ask("research-no-training", {})).toBe("permit");
    expect(ask("research-no-training", { principal })).toBe("deny");
    expect(ask("research-no-training", { operation: "aggregate", output: { k: 9 } })).toBe("deny");
    expect(ask("internal", { purposes: ["dpv:ServiceProvision"] })).toBe("permit");
    expect(ask("internal", { principal: { ...researcher, org: "urn:org:other" } })).toBe("deny");
  });
});

describe("labels", () => {
  const schema = JSON.parse(readText("schemas/policy.schema.json")) as {
    properties: object;
    $defs: { limits: { properties: object } };
  };
  const full = readVectors<{ id: string; document?: JsonObject }>("policies").find(({ id }) =>
    id.endsWith("every-member"),
  )!;

  function fullLayers(holder: Evaluator): PolicyLayer[] {
    const { document: prepared } = holder.prepare(JSON.stringify(full.document));
    return [{ policy: digestOf("full"), document: prepared, parameters: { consent: "c-1" }, via: [] }];
  }

  test("[POL-19] every member of the schema has a join", () => {
    const label = joinLabel(fullLayers(evaluator))!;
    const members = Object.keys(schema.properties).filter((member) => member !== "parameters"); // replaced, then gone
    expect(members.filter((member) => !Object.hasOwn(label, member))).toEqual([]);
    const limits = Object.keys(schema.$defs.limits.properties);
    const given = Object.keys(full.document!["limits"] as object);
    expect(Object.keys(label.limits).sort()).toEqual([...new Set([...given, "principals"])].sort());
    expect(limits.filter((member) => !given.includes(member))).toEqual([]); // the vector has all of them
    expect(joinLabel([])).toBeNull();
  });

  test("[POL-19] members join by their rows", () => {
    const a = {
      limits: { regions: [["EU"]], notAfter: "2026-04-01T00:00:00Z", kAnonymity: 5, maxUses: { "urn:acme:c": 9 } },
    };
    const b = {
      classification: "restricted",
      limits: {
        regions: [["DE"]],
        notAfter: "2026-05-01T00:00:00Z",
        kAnonymity: 7,
        principals: ["human", "agent"],
        maxUses: { "urn:acme:c": 4 },
        maxStaleness: { status: "PT24H" },
      },
      derive: { share: "forbid" },
    };
    const both = [layer(a), layer(b, { policy: digestOf("b") })];
    const label = joinLabel(both)!;
    expect(label).toMatchObject({ kind: "grant", classification: "restricted", derive: { share: "forbid" } });
    expect(label.limits).toEqual({
      regions: [["EU"], ["DE"]],
      notAfter: "2026-04-01T00:00:00Z",
      kAnonymity: 7,
      principals: ["human"],
      maxUses: { "urn:acme:c": 4 },
      maxStaleness: { status: "PT24H" },
    });
    expect(label.permissions).toHaveLength(2);
  });

  test("[POL-19] what the label denies, the layers deny", () => {
    const holder = createEvaluator({ taxonomies: [heldTaxonomy] });
    let denied = 0;
    fc.assert(
      fc.property(cases(holder), ({ layers, request, state: known }) => {
        fc.pre(layers.length > 0 && !JSON.stringify(layers).includes('"waives"') && request.operation !== "delete");
        const { notBefore, notAfter, principals = [], notParties = [], parties = [] } = joinLabel(layers)!.limits;
        const seconds = (text: unknown): number => Date.parse(String(text)) / 1000;
        const { kind, org } = request.principal;
        const refuses =
          (notAfter !== undefined && seconds(notAfter) <= known.now) ||
          (notBefore !== undefined && known.now < seconds(notBefore)) ||
          (principals.length > 0 && !principals.includes(kind)) ||
          (typeof org === "string" && (notParties.includes(org) || parties.some((clause) => !clause.includes(org))));
        fc.pre(refuses);
        denied += 1;
        expect(holder.evaluate(layers, request, known).verdict).not.toBe("permit");
      }),
      { numRuns: 200, maxSkipsPerRun: 1000 },
    );
    expect(denied).toBe(200);
  });
});
