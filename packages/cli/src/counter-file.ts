// The file of counters that open and derive count in, and that check only reads.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ChargeOutcome, CounterStore, DecisionState } from "@writ/core";
import type { SharedCounters } from "@writ/evaluator/counters-sqlite";
import type { Context } from "./command.ts";

type Counts = NonNullable<DecisionState["counters"]>;

/** A counter store that opens its file only where a policy counts. */
export interface FileCounters extends CounterStore, AsyncDisposable {}

async function pathOf(context: Context, option: string | undefined): Promise<string | null> {
  if (option !== undefined) return resolve(context.io.cwd, option);
  const home = await context.findHome();
  return home && join(home.paths.folder, "counters");
}

/** SQLite is loaded only by a run that counts. */
async function openFile(path: string): Promise<SharedCounters> {
  const { sqliteCounters } = await import("@writ/evaluator/counters-sqlite");
  return sqliteCounters({ file: path });
}

/** Counts in the file that `--counters` names, or in the home's; null without either. Spec: CLI-26. */
export async function fileCounters(context: Context, option: string | undefined): Promise<FileCounters | null> {
  const path = await pathOf(context, option);
  if (path === null) return null;
  let opened: Promise<SharedCounters> | null = null;
  const store = (): Promise<SharedCounters> => (opened ??= openFile(path));
  return {
    read: async (counters, now): Promise<Counts> => (await store()).read(counters, now),
    charge: async (charges, use, now): Promise<ChargeOutcome> => (await store()).charge(charges, use, now),
    [Symbol.asyncDispose]: async () => {
      const file = await opened?.catch(() => null); // that it didn't open was said where it was asked
      await file?.close();
    },
  };
}

/** The same file, read and never counted in or made: for what is only asked about. Spec: CLI-26. */
export async function readOnlyCounters(context: Context, option: string | undefined): Promise<FileCounters | null> {
  const path = await pathOf(context, option);
  if (path === null) return null;
  const counters = existsSync(path) ? await fileCounters(context, option) : null;
  const none = (names: readonly string[]): Counts =>
    Object.fromEntries(names.map((name) => [name, { uses: 0, ageMs: 0 }]));
  return {
    read: (names, now) => (counters ? counters.read(names, now) : Promise.resolve(none(names))),
    charge: () => Promise.resolve({ charged: true }), // what was read decides
    [Symbol.asyncDispose]: async () => counters?.[Symbol.asyncDispose](),
  };
}
