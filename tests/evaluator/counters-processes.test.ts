// Eight processes decide over one limit at once, and one is killed between its charge and its receipt: never more permits than
// the limit, and what is missing is what the killed process had under way or in its reservations.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readReceiptFile, verifyReceipts } from "@writ/core";
import { postgresCounters } from "@writ/evaluator/counters-postgres";
import { sqliteCounters } from "@writ/evaluator/counters-sqlite";
import type { SharedCounters } from "@writ/evaluator/counters-sqlite";
import { startPostgres } from "../support/postgres.ts";
import { at, document, policy, request, sealed, trustWith } from "../support/scene.ts";
import type { Progress, Round } from "./counters-child.ts";

const counter = "urn:acme:counter:study";
/** A tenth of the time for everyday runs; the same either way. */
const limit = process.env["SLOW"] ? 1000 : 400;
const processes = 8;
/** Of each process at least; all go on until the limit is reached. */
const decisions = process.env["SLOW"] ? 1000 : 60;
const atOnce = 8;
const leaseSize = 12;
const diesAtPermit = 20;
const kinds = ["sqlite", "postgres"] as const;
const ways = [null, leaseSize] as const;
const rounds = kinds.flatMap((kind) => ways.map((lease) => ({ kind, lease })));

const folder = mkdtempSync(join(tmpdir(), "writ-counters-"));
const server = await startPostgres();
const children: ChildProcess[] = [];

beforeAll(async () => {
  let draft: unknown;
  trustWith((written) => (draft = written));
  const counted = document({
    id: "urn:acme:policy:counted",
    limits: { maxUses: { [counter]: limit } },
    permissions: [{ id: "p", operations: ["read"] }],
  });
  const { artifact } = await sealed(undefined, { policies: [{ message: await policy(counted) }] });
  writeFileSync(join(folder, "artifact"), artifact);
  writeFileSync(join(folder, "trust.json"), JSON.stringify(draft));
  writeFileSync(join(folder, "request.json"), JSON.stringify(request));
  writeFileSync(join(folder, "now"), String(at(60)()));
  const child = fileURLToPath(new URL("counters-child.ts", import.meta.url));
  const execArgv = ["--conditions=@writ/source", "--disable-warning=ExperimentalWarning"];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
  const add = async (): Promise<void> => {
    const started = fork(child, [folder], { execArgv, env });
    children.push(started);
    expect(await nextOf(started)).toEqual({ kind: "up" });
  };
  await add();
  // Each round costs one process.
  await Promise.all(Array.from({ length: processes + rounds.length - 2 }, add));
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  if ("end" in server) await server.end();
  rmSync(folder, { recursive: true, force: true });
});

/** The next thing that a process says; null when it ended instead. */
async function nextOf(child: ChildProcess): Promise<Progress | null> {
  const heard = new AbortController();
  const said = once(child, "message", heard).then(([progress]) => progress as Progress);
  const ended = once(child, "exit", heard).then(() => null);
  try {
    return await Promise.race([said, ended]);
  } finally {
    for (const other of [said, ended]) other.catch(() => undefined);
    heard.abort();
  }
}

/** Permits that a process has receipts for. The chain of receipts is checked on the way. */
function permitsIn(file: string): number {
  const receipts = verifyReceipts(readReceiptFile(readFileSync(file)).entries, null);
  return receipts.filter(({ receipt }) => receipt.kind === "decision" && receipt.verdict === "permit").length;
}

function placeOf(kind: (typeof kinds)[number], name: string): Round["store"] {
  if (kind === "sqlite") return { file: join(folder, name) };
  return { connection: "connection" in server ? server.connection : "", schema: name };
}

interface Outcome {
  readonly store: SharedCounters;
  /** Receipts with permits, by name of the process; the first one was killed. */
  readonly permits: ReadonlyMap<string, number>;
  readonly killed: { readonly name: string; readonly signal: NodeJS.Signals | null };
  /** What those that lived say that they permitted. */
  readonly reported: ReadonlyMap<string, number>;
  readonly unknown: number;
  readonly faults: readonly string[];
}

/** One round: the process that will be killed begins, so that it surely counts; the others join it at its first permit. */
async function playRound(kind: (typeof kinds)[number], lease: number | null): Promise<Outcome> {
  const round = `${kind}_${lease === null ? "direct" : "leased"}`;
  const store = placeOf(kind, round);
  const cast = children
    .filter(({ signalCode, exitCode }) => signalCode === null && exitCode === null)
    .slice(0, processes)
    .map((child, n) => ({ child, name: `${round}-${n}`, receipts: join(folder, `${round}-${n}.receipts`) }));
  expect(cast).toHaveLength(processes);
  await Promise.all(
    cast.map(async ({ child, name, receipts }, n) => {
      const dies = n === 0 ? diesAtPermit : null;
      child.send({ store, leaseSize: lease, name, receipts, decisions, atOnce, diesAtPermit: dies } satisfies Round);
      expect(await nextOf(child)).toEqual({ kind: "ready" });
    }),
  );
  const [victim, ...others] = cast;
  const started = nextOf(victim!.child);
  const death = once(victim!.child, "exit");
  victim!.child.send("go");
  expect(await started).toEqual({ kind: "first permit" });
  const reported = new Map<string, number>();
  const faults: string[] = [];
  let unknown = 0;
  await Promise.all(
    others.map(async ({ child, name }) => {
      const first = nextOf(child);
      child.send("go");
      let said = await first;
      if (said?.kind === "first permit") said = await nextOf(child);
      if (said?.kind !== "done") throw new TypeError(`${name} did not end its round`);
      reported.set(name, said.verdicts.permit);
      unknown += said.verdicts.unknown;
      faults.push(...said.faults);
    }),
  );
  await death;
  const opened = "file" in store ? sqliteCounters(store) : await postgresCounters(store);
  const permits = new Map(cast.map(({ name, receipts }) => [name, permitsIn(receipts)]));
  return {
    store: opened,
    permits,
    killed: { name: victim!.name, signal: victim!.child.signalCode },
    reported,
    unknown,
    faults,
  };
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);

describe.each(rounds)("eight processes over one limit, in $kind, lease $lease", ({ kind, lease }) => {
  test("[CNT-1] [CNT-2] [CNT-5] [STA-3] one killed: never more permits than the limit, and receipts account for the rest", async (context) => {
    if (kind === "postgres" && "unavailable" in server) return context.skip(server.unavailable);
    const { store, permits, killed, reported, unknown, faults } = await playRound(kind, lease);
    try {
      expect([killed.signal, unknown, faults]).toEqual(["SIGKILL", 0, []]);
      const before = permits.get(killed.name)!;
      expect(before).toBeGreaterThanOrEqual(diesAtPermit - atOnce);
      expect(before).toBeLessThan(diesAtPermit);
      expect(new Map([...reported, [killed.name, before]])).toEqual(permits); // the living lost nothing
      const total = sum(permits.values());
      expect((await store.read([counter], 0))[counter]!.uses).toBe(limit);
      expect(total).toBeLessThan(limit); // control: the charge without a receipt is missing
      if (lease === null) {
        expect(limit - total).toBeLessThanOrEqual(atOnce);
        return;
      }
      const reserved = new Map<string, number>();
      for (const { holder, first, last } of await store.reservations())
        reserved.set(holder, (reserved.get(holder) ?? 0) + last - first + 1);
      expect(sum(reserved.values())).toBe(limit);
      expect(limit - total).toBe(reserved.get(killed.name)! - before);
    } finally {
      await store.close();
    }
  });
});
