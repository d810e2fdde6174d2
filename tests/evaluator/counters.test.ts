// Counter stores: one contract, shown on a file and on a real PostgreSQL. What a store can't do is said, never guessed.
import { randomBytes } from "node:crypto";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Charge, ChargeOutcome } from "@writ/core";
import { postgresCounters } from "@writ/evaluator/counters-postgres";
import { sqliteCounters } from "@writ/evaluator/counters-sqlite";
import type { SharedCounters } from "@writ/evaluator/counters-sqlite";
import { startPostgres } from "../support/postgres.ts";
import { codeOf } from "../support/scene.ts";
import { scratchFolder } from "../support/scratch.ts";

const now = 1_772_366_400;
const [a, b, c] = ["urn:acme:counter:a", "urn:acme:counter:b", "urn:acme:counter:c"] as const;
const charged: ChargeOutcome = { charged: true };
const exhausted = (...counters: string[]): ChargeOutcome => ({ charged: false, exhausted: counters, unknown: [] });
const unknown = (...counters: string[]): ChargeOutcome => ({ charged: false, exhausted: [], unknown: counters });
const newId = (): string => randomBytes(16).toString("hex");
const use = (store: SharedCounters, limits: Record<string, number>, id = newId(), at = now): Promise<ChargeOutcome> =>
  store.charge(
    Object.entries(limits).map(([counter, limit]): Charge => ({ counter, limit })),
    id,
    at,
  );
const usesOf = async (store: SharedCounters, counter: string): Promise<number | undefined> =>
  (await store.read([counter], now))[counter]?.uses;

const server = await startPostgres();
afterAll(async () => {
  if ("end" in server) await server.end();
});

interface Kind {
  readonly name: string;
  readonly unavailable?: string;
  /** Opens the store that `place` names, new or not. */
  readonly open: (place: string) => Promise<SharedCounters>;
}

const kinds: readonly Kind[] = [
  { name: "sqlite", open: (place) => Promise.resolve(sqliteCounters({ file: join(place, "counters") })) },
  {
    name: "postgres",
    ...("unavailable" in server ? server : {}),
    open: (place) =>
      postgresCounters({
        connection: "connection" in server ? server.connection : "",
        schema: `s_${Buffer.from(place).toString("hex").slice(-20)}`,
      }),
  },
];

describe.each(kinds)("a counter store in $name", ({ open, unavailable }) => {
  const opened: SharedCounters[] = [];
  let place = "";
  const again = async (): Promise<SharedCounters> => {
    const store = await open(place);
    opened.push(store);
    return store;
  };
  beforeEach((context) => {
    if (unavailable !== undefined) context.skip(unavailable);
    place = scratchFolder();
    return async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()));
    };
  });

  test("[CNT-1] a charge counts every counter or none, each up to its limit", async () => {
    const store = await again();
    expect(await store.read([a, b], now)).toEqual({ [a]: { uses: 0, ageMs: 0 }, [b]: { uses: 0, ageMs: 0 } });
    expect(await use(store, { [a]: 2, [b]: 1 })).toEqual(charged);
    expect(await use(store, { [a]: 2, [b]: 1 })).toEqual(exhausted(b));
    expect([await usesOf(store, a), await usesOf(store, b)]).toEqual([1, 1]);
    expect(await use(store, { [a]: 2 })).toEqual(charged);
    expect(await use(store, { [a]: 2, [b]: 1, [c]: 1 })).toEqual(exhausted(a, b));
    expect(await usesOf(store, c)).toBe(0);
    expect(await use(store, { [a]: 3 })).toEqual(charged); // control: another limit is not reached
    const twice = [5, 3].map((limit) => ({ counter: a, limit }));
    expect(await store.charge(twice, newId(), now)).toEqual(exhausted(a));
    expect(await use(store, { [c]: 0 })).toEqual(exhausted(c));
  });

  test("[CNT-1] charges at once from two openings never pass the limit", async () => {
    const stores = [await again(), await again()];
    const outcomes = await Promise.all(
      Array.from({ length: 120 }, (_, n) => use(stores[n % 2]!, { [a]: 37, [n % 3 === 0 ? b : c]: 1000 })),
    );
    expect(outcomes.filter((outcome) => outcome.charged)).toHaveLength(37);
    expect(await usesOf(stores[0]!, a)).toBe(37);
    expect((await usesOf(stores[0]!, b))! + (await usesOf(stores[1]!, c))!).toBe(37);
  });

  test("[CNT-2] what was counted is there when the store is opened again", async () => {
    const store = await again();
    await use(store, { [a]: 9 });
    await store.close();
    opened.splice(0);
    expect(await usesOf(await again(), a)).toBe(1);
  });

  test("[CNT-3] a use is counted once, for each counter, for as long as it is known", async () => {
    const [store, other] = [await again(), await again()];
    const id = newId();
    const same = await Promise.all(Array.from({ length: 12 }, (_, n) => use(n % 2 ? store : other, { [a]: 5 }, id)));
    expect(same).toEqual(same.map(() => charged));
    expect(await usesOf(store, a)).toBe(1);
    expect(await use(store, { [a]: 5, [b]: 5 }, id, now + 900)).toEqual(charged);
    expect([await usesOf(store, a), await usesOf(store, b)]).toEqual([1, 1]);
    expect(await use(store, { [a]: 1 }, id, now + 900)).toEqual(charged); // at the limit, but it was counted
    await use(store, { [c]: 5 }, newId(), now + 1000); // forgets
    expect(await use(store, { [a]: 5 }, id, now + 1000)).toEqual(charged);
    expect(await usesOf(store, a)).toBe(2); // counted again: it was no longer known, so what is kept is bounded
  });

  test("[CNT-5] a reservation is counted at once, kept within the limit, shown, and made once a lease", async () => {
    const store = await again();
    await use(store, { [a]: 10 });
    const ask = { counter: a, limit: 10, size: 4, holder: "urn:acme:node:1", endsAt: now + 60 };
    const lease = newId();
    const first = { counter: a, holder: ask.holder, first: 2, last: 5, reservedAt: now, endsAt: now + 60 };
    expect(await store.reserve({ ...ask, lease }, now)).toEqual({ kind: "reserved", reservation: first });
    expect(await store.reserve({ ...ask, lease }, now + 5)).toEqual({ kind: "reserved", reservation: first });
    expect(await usesOf(store, a)).toBe(5);
    expect(await use(store, { [a]: 5 })).toEqual(exhausted(a));
    const rest = await store.reserve({ ...ask, size: 400, holder: "urn:acme:node:2", lease: newId() }, now);
    expect(rest).toMatchObject({ kind: "reserved", reservation: { first: 6, last: 10 } });
    expect(await store.reserve({ ...ask, lease: newId() }, now + 600)).toEqual({ kind: "exhausted" }); // lapsed or not
    expect((await store.reservations()).map(({ holder, first, last }) => [holder, first, last])).toEqual([
      ["urn:acme:node:1", 2, 5],
      ["urn:acme:node:2", 6, 10],
    ]);
  });

  test("[CNT-1] [CNT-5] any run of charges and reservations counts as a table of numbers would", async () => {
    const limit = fc.integer({ min: 0, max: 6 });
    const step = fc.oneof(
      fc.record({
        charge: fc.dictionary(fc.constantFrom(a, b, c), limit, { minKeys: 1 }),
        use: fc.integer({ max: 9, min: 0 }),
      }),
      fc.record({ counter: fc.constantFrom(a, b, c), limit, size: fc.integer({ min: 1, max: 4 }) }),
    );
    const store = await again();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        run += 1;
        const own = (counter: string): string => `${counter}:${run}`;
        const uses = new Map<string, number>();
        const known = new Set<string>();
        for (const one of steps) {
          if ("charge" in one) {
            const id = run.toString(16).padStart(30, "0") + one.use.toString(16).padStart(2, "0");
            const open = Object.keys(one.charge).filter((counter) => !known.has(`${id} ${counter}`));
            const full = open.filter((counter) => (uses.get(counter) ?? 0) >= one.charge[counter]!);
            const limits = Object.fromEntries(Object.entries(one.charge).map(([name, most]) => [own(name), most]));
            const outcome = await use(store, limits, id);
            if (full.length > 0) expect(outcome).toEqual(exhausted(...full.sort().map(own)));
            else {
              expect(outcome).toEqual(charged);
              for (const counter of open) uses.set(counter, (uses.get(counter) ?? 0) + 1);
              for (const counter of open) known.add(`${id} ${counter}`);
            }
          } else {
            const before = uses.get(one.counter) ?? 0;
            const ask = { ...one, counter: own(one.counter), holder: "h", lease: newId(), endsAt: now + 1 };
            const last = before + Math.min(one.size, one.limit - before);
            const outcome = await store.reserve(ask, now);
            if (before >= one.limit) expect(outcome).toEqual({ kind: "exhausted" });
            else {
              expect(outcome).toMatchObject({ reservation: { first: before + 1, last } });
              uses.set(one.counter, last);
            }
          }
        }
        const read = await store.read([a, b, c].map(own), now);
        expect([a, b, c].map((counter) => read[own(counter)]?.uses)).toEqual(
          [a, b, c].map((name) => uses.get(name) ?? 0),
        );
      }),
      { numRuns: process.env["SLOW"] ? 2000 : 20 },
    );
  });

  test.each([
    ["a counter without a name", (store: SharedCounters) => use(store, { "": 1 })],
    ["a counter with a NUL", (store: SharedCounters) => use(store, { "urn:\0": 1 })],
    ["half a character", (store: SharedCounters) => store.read(["urn:\ud800"], now)],
    ["a limit below 0", (store: SharedCounters) => use(store, { [a]: -1 })],
    ["a limit that is no number", (store: SharedCounters) => use(store, { [a]: Number.NaN })],
    ["a use that is no id", (store: SharedCounters) => use(store, { [a]: 1 }, "1")],
    [
      "a reservation of nothing",
      (store: SharedCounters) =>
        store.reserve({ counter: a, limit: 1, size: 0, holder: "h", lease: newId(), endsAt: now }, now),
    ],
  ])("%s is a RangeError", async (_name, call) => {
    await expect(call(await again())).rejects.toThrow(RangeError);
  });
});

describe("a file of counters", () => {
  test("[CNT-2] is its owner's alone", async () => {
    const file = join(scratchFolder(), "counters");
    const store = sqliteCounters({ file });
    await use(store, { [a]: 1 });
    const modes = ["", "-wal", "-shm"].map((end) => statSync(file + end).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    await store.close();
  });

  test("[CNT-4] that another process keeps locked answers unknown, and says why to the operator", async () => {
    const file = join(scratchFolder(), "counters");
    const faults: unknown[] = [];
    const store = sqliteCounters({ file, busyTimeoutMs: 0, onFault: (fault) => faults.push(fault) });
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    expect(await use(store, { [a]: 5, [b]: 5 })).toEqual(unknown(a, b));
    const ask = { counter: a, limit: 5, size: 1, holder: "h", lease: newId(), endsAt: now };
    expect(await store.reserve(ask, now)).toEqual({ kind: "unknown" });
    expect(faults.map(String)).toEqual(Array.from({ length: 2 }, () => expect.stringContaining("locked")));
    expect(await codeOf(() => sqliteCounters({ file, busyTimeoutMs: 0 }))).toBe("output-unwritable");
    other.exec("ROLLBACK");
    other.exec("DROP TABLE counters; DROP TABLE reservations");
    expect(await codeOf(() => store.reservations())).toBe("input-unreadable");
    expect(await store.read([a], now)).toEqual({});
    other.close();
    await store.close();
  });

  test("that is something else is refused", async () => {
    const folder = scratchFolder({ text: "this is no database of any kind, and long enough to be looked at as one" });
    const place = (name: string): string => join(folder, name);
    const database = (name: string, sql: string): void => {
      const made = new DatabaseSync(place(name));
      made.exec(sql);
      made.close();
    };
    database("other", "CREATE TABLE t (x)");
    database("newer", "PRAGMA application_id = 0x57727443; PRAGMA user_version = 2; CREATE TABLE counters (x)");
    const code = (file: string): Promise<string> => codeOf(() => sqliteCounters({ file }).close());
    expect(await code(place("text"))).toBe("format-unknown");
    expect(await code(place("other"))).toBe("format-unknown");
    expect(await code(place("newer"))).toBe("version-unknown");
    database("bare", "PRAGMA application_id = 0x57727443; PRAGMA user_version = 1; CREATE TABLE charged (x)");
    expect(await code(place("bare"))).toBe("format-unknown");
    expect(await code(place("missing/counters"))).toBe("output-unwritable");
    expect(await code(place("new"))).toBe("nothing was thrown"); // control
    writeFileSync(place("empty"), "");
    expect(await code(place("empty"))).toBe("nothing was thrown");
  });

  test("wrong options are refused", () => {
    expect(() => sqliteCounters({ file: "x", wal: false } as never)).toThrow(TypeError);
    expect(() => sqliteCounters({ file: "" })).toThrow(RangeError);
    expect(() => sqliteCounters({ file: "x", busyTimeoutMs: -1 })).toThrow(RangeError);
  });
});

describe("counters in PostgreSQL", () => {
  test("[CNT-2] [CNT-4] while the server is down nothing is counted; what was counted outlives its crash", async (context) => {
    if ("unavailable" in server) return context.skip(server.unavailable);
    const faults: unknown[] = [];
    const { connection } = server;
    const open = (): Promise<SharedCounters> =>
      postgresCounters({ connection, schema: "down", timeoutMs: 2000, onFault: (fault) => faults.push(fault) });
    const store = await open();
    expect(await use(store, { [a]: 5 })).toEqual(charged);
    await server.stop();
    expect(await use(store, { [a]: 5, [b]: 5 })).toEqual(unknown(a, b));
    expect(await store.read([a], now)).toEqual({});
    expect(faults.length).toBeGreaterThan(0);
    expect(await codeOf(open)).toBe("input-unreadable");
    expect(await codeOf(() => store.reservations())).toBe("input-unreadable");
    await server.start();
    expect(await use(store, { [a]: 5 })).toEqual(charged);
    expect(await usesOf(store, a)).toBe(2);
    await store.close();
  });

  test("[CNT-2] [CNT-4] a crash amid charges loses none that was answered, and ends nobody else", async (context) => {
    if ("unavailable" in server) return context.skip(server.unavailable);
    const store = await postgresCounters({ connection: server.connection, schema: "amid", timeoutMs: 2000 });
    const charges = Array.from({ length: 100 }, () => use(store, { [a]: 1000 }));
    await charges[20];
    await server.stop();
    const outcomes = await Promise.all(charges);
    const counted = outcomes.filter((outcome) => outcome.charged).length;
    expect(counted).toBeLessThan(100); // control: the crash came amid them
    for (const outcome of outcomes) expect(outcome).toEqual(outcome.charged ? charged : unknown(a));
    await server.start();
    expect(await usesOf(store, a)).toBeGreaterThanOrEqual(counted);
    await store.close();
  });

  test("wrong options are refused, and a connection that fails isn't shown", async () => {
    await expect(postgresCounters({ connection: "x", pool: 1 } as never)).rejects.toThrow(TypeError);
    for (const wrong of [{ schema: "a; drop" }, { timeoutMs: 0 }, { maxConnections: 0 }, { connection: "" }])
      await expect(postgresCounters({ connection: "postgres://x/y", ...wrong })).rejects.toThrow(RangeError);
    const secret = "postgres://writ:hidden@/postgres?host=/nowhere";
    const fault = await postgresCounters({ connection: secret }).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "input-unreadable", retryable: true });
    expect(String(fault)).not.toContain("hidden");
  });
});
