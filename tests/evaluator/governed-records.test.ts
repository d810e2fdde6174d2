// Batches of records under mixed policies: each decided by its own, the rest by what was said beforehand.
import { inspect } from "node:util";
import { govern, governRecords } from "@writ/evaluator";
import type { Forms, Governed, GovernOptions, GovernedRecord, RecordsOptions } from "@writ/evaluator";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
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
  verified,
} from "../support/scene.ts";

const permission = { id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] };
const documents = {
  permits: {
    permissions: [{ ...permission, duties: ["d1"] }],
    duties: [{ id: "d1", type: "delete", trigger: "after-use", within: "P30D" }],
  },
  denies: {
    permissions: [{ ...permission, purposes: ["dpv:ResearchAndDevelopment"] }],
    limits: { notPurposes: ["dpv:AcademicResearch"] },
  },
  denied: { permissions: [permission], limits: { regions: [["JP"]] } },
  party: { permissions: [{ ...permission, when: { "principal.clearance": { eq: "restricted" } } }] },
  consents: { permissions: [permission], limits: { consents: ["urn:consent:ada"] } },
};
type Kind = keyof typeof documents | "twice";

/** Documents of each kind; `twice` is denied twice for one reason. */
const layers: Readonly<Record<Kind, readonly object[]>> = {
  permits: [documents.permits],
  denies: [documents.denies],
  denied: [documents.denied],
  party: [documents.party],
  consents: [documents.consents],
  twice: [documents.denied, { ...documents.denied, id: "urn:acme:policy:another" }],
};

const artifacts = new Map(
  await Promise.all(
    Object.entries(layers).map(async ([kind, list]) => {
      const policies = await Promise.all(list.map(async (one) => ({ message: await policy(document(one)) })));
      const { artifact, stored } = await sealed(Buffer.from(JSON.stringify({ of: kind })), { policies });
      return [kind as Kind, { artifact: await verified(artifact), stored }] as const;
    }),
  ),
);

function record(
  kind: Kind,
  receipts: GovernOptions["receipts"] = "none",
  change: Partial<GovernOptions> = {},
): Governed {
  const { artifact, stored } = artifacts.get(kind)!;
  return govern(artifact, { evaluator, receipts, custody: keystore, content: stored, clock: at(120), ...change });
}

function recordAs<F extends keyof Forms>(kind: Kind, as: F): Governed<Forms[F]> {
  const { artifact, stored } = artifacts.get(kind)!;
  return govern(artifact, { evaluator, receipts: "none", custody: keystore, content: stored, clock: at(120), as });
}

const batch = (counts: Partial<Record<Kind, number>>, options: RecordsOptions, receipts?: GovernOptions["receipts"]) =>
  governRecords(
    Object.entries(counts).flatMap(([kind, count]) =>
      Array.from({ length: count }, () => record(kind as Kind, receipts)),
    ),
    options,
  );

const indices = (records: readonly GovernedRecord<Uint8Array>[]): number[] => records.map(({ index }) => index);
const never = (): never => expect.fail("called without a permit");

describe("refuse", () => {
  test("[GOV-5] nothing is opened unless every record is permitted", async () => {
    const sink = memorySink();
    const one = batch({ permits: 3, denies: 1, consents: 1 }, { onDeny: "refuse" }, sink);
    expect(await one.use(request, never)).toMatchObject({ verdict: "deny" });
    expect(sink.bodies.map(({ kind }) => kind)).toEqual(Array(5).fill("decision"));
    expect(await batch({ permits: 3, consents: 1 }, { onDeny: "refuse" }).use(request, never)).toMatchObject({
      verdict: "unknown",
    });
  });

  test("[GOV-1, GOV-5] where all are permitted the function gets all, decided before the first is opened, a permit each", async () => {
    const sink = memorySink();
    const used = await batch({ permits: 3 }, { onDeny: "refuse" }, sink).use(request, (records) =>
      records.map(({ index, plaintext }) => `${index} ${Buffer.from(plaintext).toString()}`),
    );
    expect(used).toMatchObject({
      verdict: "permit",
      value: ['0 {"of":"permits"}', '1 {"of":"permits"}', '2 {"of":"permits"}'],
    });
    expect(sink.bodies.map(({ kind }) => kind)).toEqual([...Array(3).fill("decision"), ...Array(3).fill("release")]);
  });
});

describe("filter", () => {
  test("[GOV-5] the function gets the permitted records, by their places", async () => {
    const used = await batch({ denies: 2, permits: 2, consents: 1 }, { onDeny: "filter" }).use(request, indices);
    expect(used).toMatchObject({ verdict: "permit", value: [2, 3] });
  });

  test("[GOV-5] without any it isn't called: deny where all are denied, else unknown", async () => {
    expect(await batch({ denies: 2, denied: 1 }, { onDeny: "filter" }).use(request, never)).toMatchObject({
      verdict: "deny",
    });
    expect(await batch({ denies: 2, consents: 1 }, { onDeny: "filter" }).use(request, never)).toMatchObject({
      verdict: "unknown",
    });
  });

  test("[GOV-5] state comes from each value's own sources, read anew for each use", async () => {
    let answer: "given" | "withdrawn" = "given";
    const consents = {
      read: (ids: readonly string[]) =>
        Promise.resolve(Object.fromEntries(ids.map((id) => [id, { value: answer, ageMs: 0 }]))),
    };
    const asked = governRecords([record("consents", "none", { sources: { consents } }), record("consents")], {
      onDeny: "filter",
    });
    expect(await asked.use(request, indices)).toMatchObject({ verdict: "permit", value: [0] });
    answer = "withdrawn";
    expect(await asked.use(request, never)).toMatchObject({ verdict: "unknown" }); // denied by the one, unknown to the other
  });

  test("the duties of all records that were given are united", async () => {
    const used = await batch({ permits: 3, denies: 1 }, { onDeny: "filter" }).use(request, indices);
    expect(used).toMatchObject({ obligations: [{ duty: "d1", type: "delete" }] });
  });
});

describe("what is reported", () => {
  test("[GOV-6] reasons of ten records and more, denied and unknown apart", async () => {
    const used = await batch({ permits: 1, denies: 10, denied: 9, consents: 12, party: 3 }, { onDeny: "filter" }).use(
      request,
      indices,
    );
    expect(used.leftOut).toEqual({
      denied: [{ code: "purpose-prohibited", records: 10 }],
      unknown: [{ code: "consent", records: 12 }],
      missing: [
        { fact: "consent:urn:consent:ada", suppliedBy: "consent-source" },
        { fact: "principal.clearance", suppliedBy: "principal-token" },
      ],
    });
  });

  test("[GOV-6] nine of a kind show neither reason nor a fact that isn't of the request", async () => {
    const used = await batch({ permits: 1, denies: 9, consents: 9 }, { onDeny: "filter" }).use(request, indices);
    expect(used.leftOut).toEqual({ denied: [], unknown: [], missing: [] });
    const shown = inspect(used, { depth: Infinity });
    for (const trace of ["purpose-prohibited", "consent"]) expect(shown).not.toContain(trace);
    const single = await record("denies").use(request, never);
    expect(inspect(single, { depth: Infinity })).toContain("purpose-prohibited"); // control: a use of one record does say it
  });

  test("[GOV-6] a record counts once for a reason, however many of its layers give it", async () => {
    const used = await batch({ twice: 9 }, { onDeny: "filter" }).use(request, never);
    expect(used.leftOut.denied).toEqual([]);
    const ten = await batch({ twice: 10 }, { onDeny: "filter" }).use(request, never);
    expect(ten.leftOut.denied).toEqual([{ code: "region", records: 10 }]);
    const { decision } = await record("twice").use(request, never);
    expect(decision.reasons.map(({ code }) => code)).toEqual(["region", "region"]); // control
  });

  test("[GOV-6] what the caller left out is named, however few records need it", async () => {
    const { region: _region, ...withoutRegion } = request;
    const used = await batch({ denied: 1 }, { onDeny: "filter" }).use(withoutRegion, never);
    expect(used).toMatchObject({
      verdict: "unknown",
      leftOut: { missing: [{ fact: "region", suppliedBy: "caller" }] },
    });
  });

  test("[GOV-5, GOV-6] property: given, reported and left out are those of the single decisions", async () => {
    const counts = fc.record({ permits: fc.nat(3), denies: fc.nat(12), denied: fc.nat(12), consents: fc.nat(12) });
    await fc.assert(
      fc.asyncProperty(counts, fc.constantFrom("refuse" as const, "filter" as const), async (of, onDeny) => {
        const total = of.permits + of.denies + of.denied + of.consents;
        if (total === 0) return;
        const used = await batch(of, { onDeny }).use(request, indices);
        const refused = total - of.permits;
        const called = onDeny === "refuse" ? refused === 0 : of.permits > 0;
        expect(used.verdict === "permit").toBe(called);
        if (used.verdict === "permit") expect(used.value).toEqual(Array.from({ length: of.permits }, (_, n) => n));
        const many = (code: string, records: number): object[] => (records >= 10 ? [{ code, records }] : []);
        expect(used.leftOut.denied).toEqual([...many("purpose-prohibited", of.denies), ...many("region", of.denied)]);
        expect(used.leftOut.unknown).toEqual(many("consent", of.consents));
      }),
      { numRuns: 30 },
    );
  });
});

describe("scope and bounds", () => {
  test("[GOV-2] every record is zeroed when the function ends, when it throws, and when a later one can't be opened", async () => {
    const kept: Uint8Array[] = [];
    const two = batch({ permits: 2 }, { onDeny: "refuse" });
    const keep = (records: readonly GovernedRecord<Uint8Array>[]): void => {
      kept.push(...records.map(({ plaintext }) => plaintext));
      expect(kept.at(-1)!.some((byte) => byte !== 0)).toBe(true); // control
    };
    await two.use(request, keep);
    await expect(
      two.use(request, (records) => {
        keep(records);
        throw new RangeError("the caller's own");
      }),
    ).rejects.toThrow(RangeError);
    expect(kept).toHaveLength(4);
    expect(kept.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
    const broken = Uint8Array.from(artifacts.get("permits")!.stored).fill(0, -4);
    const withBroken = governRecords([record("permits"), record("permits", "none", { content: broken })], {
      onDeny: "filter",
    });
    expect(await codeOf(() => withBroken.use(request, never))).toMatch(/^content-/); // broken content is no refusal
  });

  test("other forms work in batches: JSON and streams", async () => {
    const json = governRecords([recordAs("permits", "json")], { onDeny: "refuse" });
    expect(await json.use(request, ([first]) => first?.plaintext)).toMatchObject({ value: { of: "permits" } });
    const streams = governRecords([recordAs("permits", "stream")], {
      onDeny: "refuse",
      maxBytes: 1,
    });
    const used = await streams.use(request, async ([first]) => {
      let text = "";
      for await (const segment of first!.plaintext) text += Buffer.from(segment).toString();
      return text;
    });
    expect(used).toMatchObject({ value: '{"of":"permits"}' });
  });

  test("[GOV-5] onDeny has no default; wrong options, wrong records, no records and too much content are refused", async () => {
    for (const options of [{}, { onDeny: "skip" }, { onDeny: "filter", onUnknown: "filter" }])
      expect(() => batch({ permits: 1 }, options as RecordsOptions)).toThrow(TypeError);
    expect(() => governRecords([{} as Governed], { onDeny: "filter" })).toThrow(TypeError);
    expect(() => governRecords([], { onDeny: "filter" })).toThrow(RangeError);
    const sink = memorySink();
    const much = batch({ permits: 3 }, { onDeny: "filter", maxBytes: 47 }, sink);
    expect(await codeOf(() => much.use(request, never))).toBe("input-too-large");
    expect(sink.bodies).toEqual([]); // nothing was decided
  });
});
