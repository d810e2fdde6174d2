// Attacks with what callers hand in: requests that change while they are decided, values that no receipt can hold, long texts.
import { describe, expect, test } from "vitest";
import { decide, open, parseJson } from "@writ/core";
import type { Charge, CounterStore, Decision, DecisionRequest, VerifiedArtifact } from "@writ/core";
import { govern } from "@writ/evaluator";
import {
  at,
  codeOf,
  document,
  drain,
  evaluator,
  keystore,
  memorySink,
  policy,
  request,
  sealed,
  verified,
} from "../support/scene.ts";

const counter = "urn:acme:counter:reads";
const counted = await policy(
  document({
    limits: { maxUses: { [counter]: 3 } },
    permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }],
  }),
);
const secret = Buffer.from('{"rows":10}');
const original = await sealed(secret, { policies: [{ message: counted }] });
const artifact: VerifiedArtifact = await verified(original.artifact);

/** Counts in memory; `meanwhile` happens while a charge is waited for. */
function counting(meanwhile: () => void = () => undefined): CounterStore & { uses: number } {
  return {
    uses: 0,
    read(): Promise<Record<string, { uses: number; ageMs: number }>> {
      return Promise.resolve({ [counter]: { uses: this.uses, ageMs: 0 } });
    },
    async charge(_charges: readonly Charge[]): Promise<{ charged: true }> {
      meanwhile();
      this.uses += 1;
      return Promise.resolve({ charged: true });
    },
  };
}

async function decided(
  asked: DecisionRequest,
  counters: CounterStore,
  receipts = memorySink(),
): Promise<{ readonly decision: Decision; readonly receipts: ReturnType<typeof memorySink> }> {
  const decision = await decide(artifact, asked, { evaluator, receipts, sources: { counters }, clock: at(60) });
  return { decision, receipts };
}

/** A request as an object of a class, its parts too. */
class Question implements DecisionRequest {
  operation: DecisionRequest["operation"] = request.operation;
  purposes: string[] = [...request.purposes];
  principal: DecisionRequest["principal"] = Object.assign(Object.create({ kindOf: "principal" }), request.principal);
  region = "US";
}

describe("requests that change while they are decided", () => {
  test.each([
    ["a plain object", (): Question => Object.assign({} as Question, new Question())],
    ["an object of a class", (): Question => new Question()],
    ["an object with a prototype of its own", (): Question => Object.assign(Object.create({ a: 1 }), new Question())],
  ])("[DEC-4] %s: what was judged is what permit and receipt say", async (_what, make) => {
    const asked = make();
    const { decision, receipts } = await decided(
      asked,
      counting(() => {
        asked.operation = "export";
        asked.purposes[0] = "dpv:Advertising";
        Object.assign(asked.principal, { id: "urn:person:eve" });
      }),
    );
    const unchanged = await decided(make(), counting());
    expect(unchanged.decision.verdict, "control: it is a request").toBe("permit");
    expect(decision.permit).toMatchObject({ operation: "read", request: unchanged.decision.permit!.request });
    expect(receipts.bodies.map(({ operation, purposes }) => [operation, ...(purposes ?? [])])).toEqual([
      ["read", "dpv:AcademicResearch"],
    ]);
    expect(receipts.bodies[0]!.principal?.get("id")).toBe("urn:person:ada");
  });
});

describe("values that no receipt can hold", () => {
  test.each([
    ["a lone surrogate", "\ud800"],
    ["a bigint", 1n],
    ["a function", (): number => 1],
    ["more levels than there may be", Array.from({ length: 30 }).reduce((inner) => [inner], 1)],
  ])("[STA-2] [DEC-4] %s in a fact is refused before a use is counted", async (_what, value) => {
    const counters = counting();
    const facts = { "urn:acme:fact:f": value } as unknown as NonNullable<DecisionRequest["facts"]>;
    const receipts = memorySink();
    await expect(decided({ ...request, facts }, counters, receipts)).rejects.toThrow(/^a value|^text with/);
    expect([counters.uses, receipts.bodies.length]).toEqual([0, 0]);
    await decided({ ...request, facts: { "urn:acme:fact:f": "well" } }, counters, receipts);
    expect([counters.uses, receipts.bodies.length], "control: another value is counted").toEqual([1, 1]);
  });
});

describe("long texts", () => {
  test("[GOV-1] JSON with a text of any length is read, as bytes are", async () => {
    const text = JSON.stringify({
      "a\\": "\\".repeat(3),
      long: "x".repeat(20 << 20),
      escapes: '"\n:{[\\'.repeat(1 << 20),
    });
    expect((parseJson(text, text.length) as { long: string }).long.length).toBe(20 << 20);
    const twice = `${text.slice(0, -1)},"long":1}`;
    expect(await codeOf(() => parseJson(twice, twice.length)), "control: a member twice is found behind it").toBe(
      "json-duplicate-member",
    );
    const rows = JSON.stringify({ rows: "r".repeat(20 << 20) });
    const large = await sealed(Buffer.from(rows));
    const data = govern(await verified(large.artifact), {
      evaluator,
      receipts: "none",
      custody: keystore,
      content: large.stored,
      clock: at(60),
      as: "json",
    });
    const used = await data.use(request, (value) => (value as { rows: string }).rows.length);
    expect(used).toMatchObject({ verdict: "permit", value: 20 << 20 });
  });

  test("names that are written in two ways are one name, and signs in texts are none", async () => {
    const refused = ['{"a":1,"\\u0061":2}', '{"":1,"":2}', '{"x":{"\\\\":1,"\\u005c":2}}', '[{"a":":","a":1}]'];
    for (const text of refused) expect(await codeOf(() => parseJson(text)), text).toBe("json-duplicate-member");
    for (const text of ['{"a":":::","b":"\\":\\"{"}', '["[[[[",":"]', '"a:b"', '{"\\\\":"\\\\\\":"}'])
      expect(parseJson(text), text).toEqual(JSON.parse(text));
  });
});

test("control: the artifact of this file opens", async () => {
  const { decision } = await decided(request, counting());
  const opened = await drain(
    open(artifact, decision.permit!, { custody: keystore, content: original.stored, clock: at(61) }),
  );
  expect(opened.equals(secret)).toBe(true);
});
