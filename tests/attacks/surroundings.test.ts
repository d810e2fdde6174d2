// Attacks on what surrounds a decision: what is remembered, options and prototypes, requests that change meanwhile.
import { afterEach, describe, expect, test } from "vitest";
import { decide, ingest, open, PolicyError } from "@writ/core";
import type { CounterStore, DecideOptions, Decision, DecisionRequest, Evaluator, ReceiptSink } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  memorySink,
  policy,
  request,
  sealed,
  trust,
  verified,
} from "../support/scene.ts";

const secret = Buffer.from("the plaintext that nobody may see");
const original = await sealed(secret);
const artifact = await verified(original.artifact);

async function decided(change: Partial<DecisionRequest> = {}, options: Partial<DecideOptions> = {}): Promise<Decision> {
  return decide(artifact, { ...request, ...change }, { evaluator, receipts: "none", clock: at(60), ...options });
}

describe("what is remembered", () => {
  test("nothing crosses from one policy to another: the same request, other layers", async () => {
    const closed = await policy(
      document({
        id: "urn:acme:policy:research",
        permissions: [{ id: "p1", operations: ["log"], purposes: ["dpv:AcademicResearch"] }],
      }),
    );
    const other = await verified((await sealed(secret, { policies: [{ message: closed }] })).artifact);
    for (let turn = 0; turn < 20; turn += 1) {
      expect((await decide(other, request, { evaluator, receipts: "none", clock: at(60) })).verdict).toBe("deny");
      expect((await decided()).verdict).toBe("permit");
    }
  });

  test("[DEC-2] what one evaluator checked at ingest another checks again", async () => {
    const strict: Evaluator = {
      ...createEvaluator(),
      id: "strict",
      prepare: () => {
        throw new PolicyError("policy-taxonomy", "not held here");
      },
    };
    expect(await codeOf(() => decided({}, { evaluator: strict }))).toBe("policy-taxonomy");
    expect(await codeOf(() => decided({}, { evaluator: createEvaluator() })), "control").toBe("nothing was thrown");
  });

  test("[ING-1] what was verified stays as it was: its layers can't be exchanged", async () => {
    const other = await verified((await sealed(secret)).artifact);
    expect(() => Object.assign(other, { policyLayers: [] })).toThrow(TypeError);
    expect(() => (other.policyLayers as unknown[]).splice(0, 1)).toThrow(TypeError);
    expect(() => Object.assign(other.policyLayers[0]!, { document: {} })).toThrow(TypeError);
    expect(() => Object.assign(other.policyLayers[0]!.document, { kind: "x" })).toThrow(TypeError);
    expect(() => Object.assign(other.evidence, { standing: "valid" })).toThrow(TypeError);
    expect(() => Object.assign(other.demand, { receipts: false })).toThrow(TypeError);
    expect(() => Object.assign(other.core, { status: [] })).toThrow(TypeError);
    expect(() => Object.assign(other.lineage, { standing: "checked" })).toThrow(TypeError);
  });
});

describe("options and pollution", () => {
  afterEach(() => {
    for (const name of ["receipts", "clock", "evaluator", "lend", "status", "polluted"])
      delete (Object.prototype as Record<string, unknown>)[name];
  });

  test("[DEC-1] options are own members: inherited ones are refused", async () => {
    expect(await codeOf(() => decide(artifact, request, Object.create({ evaluator, receipts: "none" })))).toContain(
      "TypeError",
    );
    expect(
      await codeOf(() =>
        decide(artifact, request, { evaluator, clock: at(60), __proto__: { receipts: "none" } } as never),
      ),
    ).toContain("TypeError");
    const { permit } = await decided();
    expect(
      await codeOf(() => open(artifact, permit!, Object.create({ custody: keystore, content: original.stored }))),
    ).toContain("TypeError");
    expect(await codeOf(() => ingest(original.artifact, trust, Object.create({ clock: at(60) })))).toContain(
      "TypeError",
    );
    expect(
      await codeOf(() =>
        decide(
          artifact,
          request,
          Object.assign(Object.create(null) as DecideOptions, { evaluator, receipts: "none", clock: at(60) }),
        ),
      ),
      "control",
    ).toBe("nothing was thrown");
  });

  test("[DEC-1] a polluted Object.prototype supplies no option", async () => {
    (Object.prototype as Record<string, unknown>)["receipts"] = "none";
    expect(await codeOf(() => decide(artifact, request, { evaluator, clock: at(60) } as never))).toContain("TypeError");
    delete (Object.prototype as Record<string, unknown>)["receipts"];
    expect(await codeOf(() => decide(artifact, request, { evaluator, clock: at(60) } as never)), "control").toBe(
      "receipts-required",
    );
  });

  test("state is by allow-list too: a misspelt hold is no hold ignored", async () => {
    expect(await codeOf(() => decided({}, { state: { hold: ["urn:court"] } as never }))).toContain("TypeError");
    expect(await codeOf(() => decided({}, { state: { now: 0 } as never }))).toContain("TypeError");
    expect(await codeOf(() => decided({}, { state: { statusEntries: [] } as never }))).toContain("TypeError");
    expect(await codeOf(() => decided({}, { state: { holds: ["urn:court"] } })), "control").toBe("nothing was thrown");
  });

  test("`__proto__` and `constructor` in a request are members like others and pollute nothing", async () => {
    const hostile = (text: string): unknown => JSON.parse(text);
    const parts = ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'];
    for (const part of parts) {
      for (const change of [
        hostile(part),
        { facts: hostile(part) },
        { output: hostile(part) },
        { principal: { ...request.principal, ...(hostile(part) as object) } },
        { principal: hostile(part) },
      ]) {
        const asked = Object.defineProperties({ ...request }, Object.getOwnPropertyDescriptors(change as object));
        const code = await codeOf(() => decide(artifact, asked, { evaluator, receipts: "none", clock: at(60) }));
        expect(code).toMatch(/^(nothing was thrown|request-schema|TypeError.*)$/);
        expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
      }
    }
    const inherited = Object.create(request) as DecisionRequest;
    expect(await codeOf(() => decide(artifact, inherited, { evaluator, receipts: "none", clock: at(60) }))).toBe(
      "request-schema",
    );
  });

  test("[DEC-4] a request that changes while state is read, uses are charged or its receipt is stored changes nothing", async () => {
    const counted = await policy(
      document({
        id: "urn:acme:policy:counted",
        limits: { maxUses: { "urn:acme:counter:c": 5 } },
        permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }],
      }),
    );
    const guarded = await verified((await sealed(secret, { policies: [{ message: counted }] })).artifact);
    const before = { digest: "", verdict: "" };
    for (const when of ["never", "read", "charge", "append"]) {
      const asked = { ...request, purposes: [...request.purposes], principal: { ...request.principal } };
      const change = async (now: string): Promise<void> => {
        if (now === when) {
          Object.assign(asked, { operation: "train" });
          asked.purposes[0] = "dpv:Advertising";
          Object.assign(asked.principal, { id: "urn:somebody:else" });
        }
        await Promise.resolve();
      };
      const sink = memorySink();
      const counters: CounterStore = {
        read: async (names) => {
          await change("read");
          return Object.fromEntries(names.map((name) => [name, { uses: 0, ageMs: 0 }]));
        },
        charge: async () => {
          await change("charge");
          return { charged: true };
        },
      };
      const receipts: ReceiptSink = {
        append: async (body) => {
          await change("append");
          return sink.append(body);
        },
      };
      const decision = await decide(guarded, asked, { evaluator, receipts, sources: { counters }, clock: at(60) });
      if (when === "never") Object.assign(before, { digest: decision.permit!.request, verdict: decision.verdict });
      expect(asked.operation, "control: it did change").toBe(when === "never" ? "read" : "train");
      expect(decision).toMatchObject({
        verdict: before.verdict,
        permit: { operation: "read", request: before.digest },
      });
      expect(sink.bodies[0]).toMatchObject({ operation: "read", request: before.digest });
      expect(sink.bodies[0]!.principal.get("id")).toBe("urn:person:ada");
    }
  });

  test("[STA-2] a counter store that doesn't say charged in so many words has charged nothing", async () => {
    const counted = await policy(
      document({
        id: "urn:acme:policy:counted-2",
        limits: { maxUses: { "urn:acme:counter:c": 5 } },
        permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }],
      }),
    );
    const guarded = await verified((await sealed(secret, { policies: [{ message: counted }] })).artifact);
    const asking = async (answer: unknown): Promise<Decision> => {
      const counters: CounterStore = {
        read: (names) => Promise.resolve(Object.fromEntries(names.map((name) => [name, { uses: 0, ageMs: 0 }]))),
        charge: () => Promise.resolve(answer as never),
      };
      return decide(guarded, request, { evaluator, receipts: "none", sources: { counters }, clock: at(60) });
    };
    const unknown = ["urn:acme:counter:c"];
    for (const charged of ["true", 1, {}, null, false])
      expect((await asking({ charged, exhausted: [], unknown })).permit, JSON.stringify(charged)).toBeNull();
    for (const answer of [
      undefined,
      null,
      "charged",
      { charged: false },
      { charged: false, exhausted: [], unknown: [] },
    ])
      expect(await codeOf(() => asking(answer))).toContain("TypeError");
    expect((await asking({ charged: true })).permit, "control").not.toBeNull();
  });
});
