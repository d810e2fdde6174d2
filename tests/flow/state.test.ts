// State at a decision: sources are asked for what layers need, uses are charged before a permit.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "@writ/core";
import type { Charge, ConsentSource, CounterStore, Decision, StateSources } from "@writ/core";
import { at, document, evaluator, policy, request, sealed, verified } from "../support/scene.ts";

const study = "urn:acme:counter:study";
const team = "urn:acme:counter:team";
const counted = await policy(
  document({
    id: "urn:acme:policy:counted",
    limits: { maxUses: { [study]: 2 }, consents: ["urn:acme:consent:7"] },
    permissions: [{ id: "p", operations: ["read"], when: { [`uses.${team}`]: { lt: 100 } } }],
  }),
);
const artifact = await verified((await sealed(undefined, { policies: [{ message: counted }] })).artifact);

/** A store in memory that notes what it was asked. */
function memoryCounters(
  start: Record<string, number> = {},
): CounterStore & { readonly asked: string[][]; readonly charges: Charge[][] } {
  const uses = new Map(Object.entries({ [study]: 0, [team]: 0, ...start }));
  const asked: string[][] = [];
  const charges: Charge[][] = [];
  return {
    asked,
    charges,
    read: (counters) => {
      asked.push([...counters].sort());
      return Promise.resolve(
        Object.fromEntries(counters.map((name) => [name, { uses: uses.get(name) ?? 0, ageMs: 0 }])),
      );
    },
    charge: (wanted) => {
      charges.push([...wanted]);
      const exhausted = wanted
        .filter(({ counter, limit }) => uses.get(counter)! >= limit)
        .map(({ counter }) => counter);
      if (exhausted.length > 0) return Promise.resolve({ charged: false, exhausted, unknown: [] });
      for (const { counter } of wanted) uses.set(counter, uses.get(counter)! + 1);
      return Promise.resolve({ charged: true });
    },
  };
}

const consents = {
  read: (ids: readonly string[]) =>
    Promise.resolve(Object.fromEntries(ids.map((id) => [id, { value: "given", ageMs: 5 } as const]))),
};

async function ask(sources: StateSources, operation: "read" | "delete" = "read"): Promise<Decision> {
  const asked = operation === "delete" ? { ...request, operation, purposes: [] } : { ...request, operation };
  return decide(artifact, asked, { evaluator, receipts: "none", sources, clock: at(60) });
}

describe("state sources", () => {
  test("[STA-1] each is asked for what the layers need; what none gives is unknown", async () => {
    const counters = memoryCounters();
    expect((await ask({ counters, consents })).verdict).toBe("permit");
    expect(counters.asked).toEqual([[study, team].sort()]);
    const without = await ask({ counters: memoryCounters() });
    expect(without.verdict).toBe("unknown");
    expect(without.missing.map(({ fact }) => fact)).toEqual(["consent:urn:acme:consent:7"]);
    const withdrawn = { read: () => Promise.resolve({ "urn:acme:consent:7": { value: "withdrawn" as const } }) };
    expect((await ask({ counters: memoryCounters(), consents: withdrawn })).verdict).toBe("deny");
  });

  test("[STA-1] a request that is none asks no source", async () => {
    const counters = memoryCounters();
    const none = { ...request, purposes: ["nowhere:known"] };
    const refused = decide(artifact, none, {
      evaluator,
      receipts: "none",
      sources: { counters, consents },
      clock: at(60),
    });
    await expect(refused).rejects.toMatchObject({ code: "request-unknown-term" });
    expect([counters.asked, counters.charges]).toEqual([[], []]);
    await ask({ counters, consents });
    expect(counters.asked.length, "control: one that is one does").toBe(1);
  });

  test("[STA-2] [STA-3] a permit costs a use, and the limit is a deny", async () => {
    const counters = memoryCounters();
    const verdicts: string[] = [];
    for (let use = 0; use < 3; use += 1) verdicts.push((await ask({ counters, consents })).verdict);
    expect(verdicts).toEqual(["permit", "permit", "deny"]);
    expect(counters.charges[0]).toEqual([{ counter: study, limit: 2 }]);
    expect((await ask({ counters, consents })).reasons.map(({ code }) => code)).toContain("uses-exhausted");
  });

  test("[STA-2] a limit that is reached between reading and charging is a deny, not a permit", async () => {
    const stale: CounterStore = {
      ...memoryCounters({ [study]: 2 }),
      read: () => Promise.resolve({ [study]: { uses: 0, ageMs: 0 }, [team]: { uses: 0, ageMs: 0 } }),
    };
    expect((await ask({ counters: stale, consents })).verdict).toBe("deny");
    expect((await ask({ counters: memoryCounters(), consents })).verdict).toBe("permit"); // control
  });

  test("[STA-2] without a store, or with one that can't count, nothing is permitted", async () => {
    const supplied = await decide(artifact, request, {
      evaluator,
      receipts: "none",
      clock: at(60),
      state: {
        counters: { [study]: { uses: 0 }, [team]: { uses: 0 } },
        consents: { "urn:acme:consent:7": { value: "given" } },
      },
    });
    expect(supplied.verdict).toBe("unknown");
    const spent: CounterStore = {
      ...memoryCounters(),
      charge: () => Promise.resolve({ charged: false, exhausted: [], unknown: [study] }),
    };
    const open = await ask({ counters: spent, consents });
    expect([open.verdict, open.missing.map(({ fact }) => fact)]).toEqual(["unknown", [`counter:${study}`]]);
  });

  test("[STA-2] a deletion costs nothing", async () => {
    const counters = memoryCounters({ [study]: 2 });
    expect((await ask({ counters, consents }, "delete")).verdict).toBe("permit");
    expect(counters.charges).toEqual([]);
  });

  test("[STA-4] [DEC-6] a permit ends with the first end among what the decision needed", async () => {
    const now = at(60)() / 1000;
    const consentUntil = (until: number): ConsentSource => ({
      read: (ids) => Promise.resolve(Object.fromEntries(ids.map((id) => [id, { value: "given", ageMs: 5, until }]))),
    });
    const endOf = async (sources: StateSources): Promise<number> => (await ask(sources)).permit!.until - now;
    const counters = (): CounterStore => memoryCounters();
    expect(await endOf({ counters: counters(), consents })).toBe(300); // control: nothing of it ends
    expect(await endOf({ counters: counters(), consents: consentUntil(now + 7) })).toBe(7);
    expect(await endOf({ counters: counters(), consents: consentUntil(now + 700) })).toBe(300);
    const ending: CounterStore = { ...counters(), charge: () => Promise.resolve({ charged: true, until: now + 9 }) };
    expect(await endOf({ counters: ending, consents })).toBe(9);
    const leased: CounterStore = {
      ...counters(),
      read: (names) =>
        Promise.resolve(Object.fromEntries(names.map((name) => [name, { uses: 0, ageMs: 0, until: now + 11 }]))),
    };
    expect(await endOf({ counters: leased, consents })).toBe(11);
    const elsewhere = await decide(artifact, request, {
      evaluator,
      receipts: "none",
      sources: { counters: counters(), consents },
      state: {
        consents: {
          "urn:acme:consent:7": { value: "given" },
          "urn:acme:consent:8": { value: "given", until: now + 1 },
        },
      },
      clock: at(60),
    });
    expect(elsewhere.permit!.until - now).toBe(300); // what the decision didn't need ends nothing
  });

  test("[DEC-6] [DEC-7] [STA-4] whatever ends first ends the permit, for any ends", async () => {
    const now = at(60)() / 1000;
    const end = fc.option(fc.integer({ min: -5, max: 900 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.record({ consent: end, reading: end, charge: end, token: end }), async (ends) => {
        const from = (seconds: number | undefined): { until?: number } =>
          seconds === undefined ? {} : { until: now + seconds };
        const counters: CounterStore = {
          read: (names) =>
            Promise.resolve(
              Object.fromEntries(names.map((name) => [name, { uses: 0, ageMs: 0, ...from(ends.reading) }])),
            ),
          charge: () => Promise.resolve({ charged: true, ...from(ends.charge) }),
        };
        const { verdict, permit } = await decide(artifact, request, {
          evaluator,
          receipts: "none",
          sources: { counters },
          state: {
            consents: { "urn:acme:consent:7": { value: "given", ageMs: 0, ...from(ends.consent) } },
            ...(ends.token === undefined ? {} : { principalExpires: now + ends.token }),
          },
          clock: at(60),
        });
        const over = (seconds: number | undefined): boolean => seconds !== undefined && seconds <= 0;
        expect(verdict).toBe(
          over(ends.token) ? "deny" : over(ends.consent) || over(ends.reading) ? "unknown" : "permit",
        );
        if (!permit) return;
        const first = Math.min(300, ...Object.values(ends).filter((seconds) => seconds !== undefined));
        expect(permit.until).toBe(now + first);
      }),
      { numRuns: process.env["SLOW"] ? 5000 : 200 },
    );
  });

  test("[STA-4] what has ended is unknown, an end that is no time is a mistake of the caller", async () => {
    const now = at(60)() / 1000;
    const withConsent = (until: number): Promise<Decision> =>
      decide(artifact, request, {
        evaluator,
        receipts: "none",
        sources: { counters: memoryCounters() },
        state: { consents: { "urn:acme:consent:7": { value: "given", until } } },
        clock: at(60),
      });
    const over = await withConsent(now);
    expect([over.verdict, over.missing.map(({ fact }) => fact)]).toEqual(["unknown", ["consent:urn:acme:consent:7"]]);
    expect((await withConsent(now + 1)).permit!.until).toBe(now + 1); // control
    await expect(withConsent(now + 0.5)).rejects.toThrow(TypeError);
    await expect(withConsent(Number.NaN)).rejects.toThrow(TypeError);
    const noTime: CounterStore = { ...memoryCounters(), charge: () => Promise.resolve({ charged: true, until: 0.5 }) };
    await expect(ask({ counters: noTime, consents })).rejects.toThrow(TypeError);
  });

  test("a source that isn't known is refused", async () => {
    await expect(ask({ counter: memoryCounters() } as never)).rejects.toThrow(TypeError);
  });
});
