// One of the processes that count together: decides over and over until its counter store says that the limit is reached.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { decide, ingest, openReceiptFile, parseTrust } from "@writ/core";
import type { Decision, DecisionRequest, ReceiptSink } from "@writ/core";
import { createEvaluator } from "@writ/evaluator";
import { leasedCounters } from "@writ/evaluator/counters-leased";
import { postgresCounters } from "@writ/evaluator/counters-postgres";
import { sqliteCounters } from "@writ/evaluator/counters-sqlite";
import type { SharedCounters } from "@writ/evaluator/counters-sqlite";

/** What a process is told to do in one round. */
export interface Round {
  readonly store: { readonly file: string } | { readonly connection: string; readonly schema: string };
  /** Uses to reserve at a time; null charges the shared store itself. */
  readonly leaseSize: number | null;
  /** Name of the process, in its reservations and its receipts' file. */
  readonly name: string;
  readonly receipts: string;
  /** Decisions to make at least, so many at a time. */
  readonly decisions: number;
  readonly atOnce: number;
  /** Dies as by kill -9 in place of writing the receipt of this permit; null lives. */
  readonly diesAtPermit: number | null;
}

/** What a process says: that it is up, that it is ready for a round, that it has its first permit, and what it came to. */
export type Progress =
  | { readonly kind: "up" }
  | { readonly kind: "ready" }
  | { readonly kind: "first permit" }
  | {
      readonly kind: "done";
      readonly verdicts: Record<Decision["verdict"], number>;
      readonly faults: readonly string[];
    };

const [folder = ""] = process.argv.slice(2);
const evaluator = createEvaluator();
const now = Number(readFileSync(join(folder, "now"), "utf8"));
const clock = (): number => now;
const trust = parseTrust(readFileSync(join(folder, "trust.json"), "utf8"));
const artifact = await ingest(readFileSync(join(folder, "artifact")), trust, { evaluator, clock });
const request = JSON.parse(readFileSync(join(folder, "request.json"), "utf8")) as DecisionRequest;
const say = (progress: Progress): boolean => process.send!(progress);

/** A log that the process dies over when it should write the permit numbered `last`. */
function mortal(log: ReceiptSink, last: number | null): ReceiptSink {
  let permits = 0;
  return {
    append: (body) => {
      if (body.verdict === "permit") {
        permits += 1;
        if (permits === 1) say({ kind: "first permit" });
        if (permits === last) process.kill(process.pid, "SIGKILL");
      }
      return log.append(body);
    },
  };
}

async function play({ store, leaseSize, name, receipts, decisions, atOnce, diesAtPermit }: Round): Promise<Progress> {
  const faults: string[] = [];
  const onFault = (fault: unknown): void => void faults.push(String(fault));
  const patience = 60_000;
  const shared: SharedCounters =
    "file" in store
      ? sqliteCounters({ ...store, busyTimeoutMs: patience, onFault })
      : await postgresCounters({ ...store, timeoutMs: patience, onFault });
  const counters =
    leaseSize === null ? shared : leasedCounters(shared, { holder: name, size: leaseSize, ttlSeconds: 600, onFault });
  const log = openReceiptFile(receipts, { clock });
  const sink = mortal(log, diesAtPermit);
  const verdicts = { permit: 0, deny: 0, unknown: 0 };
  let left = decisions;
  const decideOn = async (): Promise<void> => {
    let last: Decision["verdict"] = "permit";
    while (left > 0 || last === "permit") {
      left -= 1;
      const { verdict } = await decide(artifact, request, { evaluator, receipts: sink, sources: { counters }, clock });
      verdicts[verdict] += 1;
      last = verdict;
    }
  };
  say({ kind: "ready" });
  await once(process, "message");
  await Promise.all(Array.from({ length: atOnce }, decideOn));
  log.close();
  if (counters !== shared) (counters as { close: () => void }).close();
  await shared.close();
  return { kind: "done", verdicts, faults };
}

flushCompileCache(); // the processes after this one start faster
say({ kind: "up" });
for (;;) {
  const [round] = (await once(process, "message")) as [Round];
  say(await play(round));
}
