// Counters by lease: what was reserved is counted without the shared store, at its own place, and never given back.
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { decide } from "@writ/core";
import type { ChargeOutcome, CounterStore, Decision } from "@writ/core";
import { leasedCounters } from "@writ/evaluator/counters-leased";
import type { LeasedCounters, LeasedCountersOptions } from "@writ/evaluator/counters-leased";
import { sqliteCounters } from "@writ/evaluator/counters-sqlite";
import type { SharedCounters } from "@writ/evaluator/counters-sqlite";
import { at, codeOf, document, evaluator, policy, request, sealed, start, verified } from "../support/scene.ts";
import { scratchFolder } from "../support/scratch.ts";

const now = start / 1000;
const [a, b] = ["urn:acme:counter:a", "urn:acme:counter:b"] as const;
const charged = { charged: true, until: expect.any(Number) as number };
const exhausted = (...counters: string[]): ChargeOutcome => ({ charged: false, exhausted: counters, unknown: [] });
const unknown = (...counters: string[]): ChargeOutcome => ({ charged: false, exhausted: [], unknown: counters });
const newId = (): string => randomBytes(16).toString("hex");
const use = (store: CounterStore, limits: Record<string, number>, id = newId(), at = now): Promise<ChargeOutcome> =>
  store.charge(
    Object.entries(limits).map(([counter, limit]) => ({ counter, limit })),
    id,
    at,
  );
const usesOf = async (store: CounterStore, counter: string): Promise<number | undefined> =>
  (await store.read([counter], now))[counter]?.uses;

interface Shared {
  readonly store: SharedCounters;
  /** Keeps every process out of the shared file, until called again. */
  readonly lock: () => void;
  readonly unlock: () => void;
}

function sharedStore(): Shared {
  const file = join(scratchFolder(), "shared");
  const store = sqliteCounters({ file, busyTimeoutMs: 0 });
  const other = new DatabaseSync(file);
  onTestFinished(async () => {
    other.close();
    await store.close();
  });
  return { store, lock: () => other.exec("BEGIN IMMEDIATE"), unlock: () => other.exec("ROLLBACK") };
}

function leased(store: SharedCounters, options: Partial<LeasedCountersOptions> = {}): LeasedCounters {
  const leases = leasedCounters(store, { holder: "urn:acme:node:1", size: 3, ttlSeconds: 600, ...options });
  onTestFinished(() => leases.close());
  return leases;
}

describe("counters by lease", () => {
  test("[CNT-6] [CNT-8] a lease counts without the shared store; used up it is unknown, a limit is exhausted", async () => {
    const { store, lock, unlock } = sharedStore();
    const leases = leased(store);
    expect(await use(leases, { [a]: 5 })).toEqual(charged);
    expect(await usesOf(store, a)).toBe(3);
    lock();
    expect(await use(leases, { [a]: 5 })).toEqual(charged);
    expect(await use(leases, { [a]: 5 })).toEqual(charged);
    expect(await use(leases, { [a]: 5 })).toEqual(unknown(a));
    unlock();
    expect(await use(leases, { [a]: 5 })).toEqual(charged);
    expect(await use(leases, { [a]: 5 })).toEqual(charged);
    expect(await use(leases, { [a]: 5 })).toEqual(exhausted(a));
    lock();
    expect(await use(leases, { [a]: 5 })).toEqual(unknown(a)); // nobody here can tell
    unlock();
  });

  test("[CNT-1] [CNT-6] several counters are counted all or none", async () => {
    const { store, lock, unlock } = sharedStore();
    const leases = leased(store);
    await use(leases, { [a]: 9 });
    lock();
    expect(await use(leases, { [a]: 9, [b]: 9 })).toEqual(unknown(b));
    expect(await usesOf(leases, a)).toBe(1);
    unlock();
    expect(await use(leases, { [a]: 9, [b]: 9 })).toEqual(charged);
    expect([await usesOf(leases, a), await usesOf(leases, b)]).toEqual([2, 1]);
  });

  test("[CNT-3] a use is counted once from a lease too", async () => {
    const leases = leased(sharedStore().store);
    const id = newId();
    expect([await use(leases, { [a]: 9 }, id), await use(leases, { [a]: 9 }, id)]).toEqual([
      charged,
      { charged: true },
    ]);
    expect(await usesOf(leases, a)).toBe(1);
  });

  test("[CNT-6] a place beyond a lower limit is exhausted, though the lease has uses left", async () => {
    const { store } = sharedStore();
    const first = leased(store);
    const second = leased(store, { holder: "urn:acme:node:2" });
    await use(first, { [a]: 100 }); // places 1 to 3
    expect(await use(second, { [a]: 100 })).toEqual(charged); // place 4
    expect(await use(second, { [a]: 4 })).toEqual(exhausted(a));
    expect(await use(first, { [a]: 4 })).toEqual(charged); // place 2
    expect(await use(second, { [a]: 100 })).toEqual(charged); // control
  });

  test("[CNT-5] [CNT-6] a lease that ends is counted from no more, and what was left of it stays taken", async () => {
    const { store, lock, unlock } = sharedStore();
    const leases = leased(store, { ttlSeconds: 60 });
    await use(leases, { [a]: 100 });
    lock();
    expect(await use(leases, { [a]: 100 }, newId(), now + 59)).toEqual(charged);
    expect(await use(leases, { [a]: 100 }, newId(), now + 60)).toEqual(unknown(a));
    unlock();
    expect(await use(leases, { [a]: 100 }, newId(), now + 60)).toEqual(charged);
    expect((await store.reservations()).map(({ first, last, endsAt }) => [first, last, endsAt - now])).toEqual([
      [1, 3, 60],
      [4, 6, 120],
    ]);
  });

  test("[CNT-5] a lease in memory is lost with its process and stays shown; one in a file goes on", async () => {
    const { store, lock, unlock } = sharedStore();
    const file = join(scratchFolder(), "leases");
    for (const options of [{}, { file }]) {
      const leases = leasedCounters(store, { holder: "urn:acme:node:1", size: 3, ttlSeconds: 60, ...options });
      await use(leases, { [a]: 6 });
      leases.close();
    }
    expect(await usesOf(store, a)).toBe(6);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    lock();
    const lost = leased(store);
    expect(await use(lost, { [a]: 6 })).toEqual(unknown(a));
    const kept = leased(store, { file });
    expect([await use(kept, { [a]: 6 }), await use(kept, { [a]: 6 })]).toEqual([charged, charged]);
    expect(await use(kept, { [a]: 6 })).toEqual(unknown(a));
    unlock();
    expect(await use(kept, { [a]: 6 })).toEqual(exhausted(a));
    expect(await codeOf(() => sqliteCounters({ file }))).toBe("format-unknown");
  });

  test("[CNT-6] charges at once from holders and from two openings of one file never pass the limit", async () => {
    const { store } = sharedStore();
    const file = join(scratchFolder(), "leases");
    const all = [leased(store, { file }), leased(store, { file }), leased(store, { holder: "urn:acme:node:2" })];
    const outcomes = await Promise.all(Array.from({ length: 90 }, (_, n) => use(all[n % 3]!, { [a]: 31 })));
    expect(outcomes.filter((outcome) => outcome.charged)).toHaveLength(31);
    expect(await usesOf(store, a)).toBe(31);
  });

  test("[CNT-7] a counter with uses left reads as the count before the next, others as shared", async () => {
    const { store } = sharedStore();
    const leases = leased(store);
    await use(store, { [a]: 100, [b]: 100 });
    await use(leases, { [a]: 100 });
    expect(await leases.read([a, b], now)).toEqual({
      [a]: { uses: 2, ageMs: 0, until: now + 600 },
      [b]: { uses: 1, ageMs: 0 },
    });
    expect(await usesOf(store, a)).toBe(4);
  });

  test("[CNT-5] [CNT-6] over any run of holders, permits are never more than the limit, and the rest is shown", async () => {
    const step = fc.record({ holder: fc.integer({ min: 0, max: 2 }), later: fc.integer({ min: 0, max: 40 }) });
    const { store } = sharedStore();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, limit, size) => {
          run += 1;
          const counter = `${a}:${run}`;
          const holders = [0, 1, 2].map((n) => leasedCounters(store, { holder: `${n}`, size, ttlSeconds: 60 }));
          const permits = [0, 0, 0];
          let time = now;
          for (const { holder, later } of steps) {
            time += later;
            const outcome = await use(holders[holder]!, { [counter]: limit }, newId(), time);
            expect(outcome).toEqual(outcome.charged ? charged : exhausted(counter));
            if (outcome.charged) permits[holder]! += 1;
          }
          const taken = (await store.reservations()).filter((one) => one.counter === counter);
          for (const n of [0, 1, 2]) {
            const held = taken.filter(({ holder }) => holder === `${n}`).map(({ first, last }) => last - first + 1);
            expect(permits[n]).toBeLessThanOrEqual(held.reduce((sum, one) => sum + one, 0));
          }
          const uses = await usesOf(store, counter);
          expect(uses).toBeLessThanOrEqual(limit);
          expect(taken.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBe(uses);
          for (const holder of holders) holder.close();
        },
      ),
      { numRuns: process.env["SLOW"] ? 1500 : 15 },
    );
  });

  test("[CNT-9] a use says when the first of its leases ends", async () => {
    const { store } = sharedStore();
    const leases = leased(store, { ttlSeconds: 60 });
    expect(await use(leases, { [a]: 9 })).toEqual({ charged: true, until: now + 60 });
    expect(await use(leases, { [a]: 9, [b]: 9 }, newId(), now + 30)).toEqual({ charged: true, until: now + 60 });
    expect(await use(leases, { [b]: 9 }, newId(), now + 30)).toEqual({ charged: true, until: now + 90 });
    expect(await use(store, { [a]: 9 })).toEqual({ charged: true }); // control: the shared store has no end
  });

  test("wrong options are refused", () => {
    const { store } = sharedStore();
    const right = { holder: "h", size: 1, ttlSeconds: 1 };
    expect(() => leasedCounters(store, { ...right, refund: true } as never)).toThrow(TypeError);
    expect(() => leasedCounters({ read: store.read, charge: store.charge } as never, right)).toThrow(TypeError);
    for (const wrong of [{ holder: "" }, { size: 0 }, { ttlSeconds: 0.5 }, { file: "" }, { busyTimeoutMs: -1 }])
      expect(() => leasedCounters(store, { ...right, ...wrong })).toThrow(RangeError);
    leasedCounters(store, right).close(); // control
  });
});

describe("decisions over leases", () => {
  test("[CNT-9] [DEC-6] a permit ends with the lease from which its use was counted", async () => {
    const limited = document({ limits: { maxUses: { [a]: 9 } }, permissions: [{ id: "p", operations: ["read"] }] });
    const artifact = await verified(
      (await sealed(undefined, { policies: [{ message: await policy(limited) }] })).artifact,
    );
    const { store } = sharedStore();
    const counters = leased(store, { ttlSeconds: 100 });
    const untilAt = async (seconds: number, from: CounterStore = counters): Promise<number> => {
      const sources = { counters: from };
      const { permit } = await decide(artifact, request, { evaluator, receipts: "none", sources, clock: at(seconds) });
      return permit!.until - now;
    };
    expect([await untilAt(0), await untilAt(90)]).toEqual([100, 100]);
    expect(await untilAt(90, store)).toBe(390); // control: no lease
    expect(await untilAt(100)).toBe(200); // the next lease
  });

  test("[CNT-8] [STA-2] an exhausted lease is unknown and names the counter, an exhausted limit is a deny", async () => {
    const limited = document({
      id: "urn:acme:policy:counted",
      limits: { maxUses: { [a]: 3 } },
      permissions: [{ id: "p", operations: ["read"] }],
    });
    const artifact = await verified(
      (await sealed(undefined, { policies: [{ message: await policy(limited) }] })).artifact,
    );
    const { store, lock, unlock } = sharedStore();
    const counters = leased(store, { size: 2 });
    const ask = (): Promise<Decision> =>
      decide(artifact, request, { evaluator, receipts: "none", sources: { counters }, clock: at(60) });
    expect((await ask()).verdict).toBe("permit");
    lock();
    expect((await ask()).verdict).toBe("permit");
    const offline = await ask();
    expect([offline.verdict, offline.missing.map(({ fact }) => fact)]).toEqual(["unknown", [`counter:${a}`]]);
    unlock();
    expect((await ask()).verdict).toBe("permit");
    const spent = await ask();
    expect([spent.verdict, spent.reasons.map(({ code }) => code)]).toEqual(["deny", ["uses-exhausted"]]);
  });
});
