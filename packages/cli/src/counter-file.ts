// Where open and derive count, and what check only reads: a file of counters, or a database.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ChargeOutcome, CounterStore, DecisionState } from "@writ/core";
import type { SharedCounters } from "@writ/evaluator/counters-sqlite";
import type { Context } from "./command.ts";
import { UsageError } from "./fault.ts";

type Counts = NonNullable<DecisionState["counters"]>;

/** A counter store that opens its file, or connects, only where a policy counts. */
export interface OpenedCounters extends CounterStore, AsyncDisposable {}

type Place = { readonly kind: "file"; readonly path: string } | { readonly kind: "database"; readonly uri: string };

const databaseForm = /^postgres(?:ql)?:/i;
const passwordForm = /^[a-z]+:\/\/[^/?#]*:[^/?#]*@|[?&]password=/i;

/** The place that `--counters` names, else the home's file; null without either. Throws UsageError. Spec: CLI-26. */
async function placeOf(context: Context, option: string | undefined): Promise<Place | null> {
  if (option !== undefined && databaseForm.test(option)) {
    if (passwordForm.test(option))
      throw new UsageError(
        "--counters holds a password, and arguments are seen by others",
        "leave it out and set PGPASSWORD, or PGPASSFILE",
      );
    return { kind: "database", uri: option };
  }
  if (option !== undefined) return { kind: "file", path: resolve(context.io.cwd, option) };
  const home = await context.findHome();
  return home && { kind: "file", path: join(home.paths.folder, "counters") };
}

/** SQLite and PostgreSQL are loaded only by a run that counts there. */
async function openPlace(place: Place, readOnly: boolean): Promise<SharedCounters> {
  if (place.kind === "file")
    return (await import("@writ/evaluator/counters-sqlite")).sqliteCounters({ file: place.path });
  return (await import("@writ/evaluator/counters-postgres")).postgresCounters({ connection: place.uri, readOnly });
}

function opening(place: Place, readOnly: boolean): OpenedCounters {
  let opened: Promise<SharedCounters> | null = null;
  const store = (): Promise<SharedCounters> => (opened ??= openPlace(place, readOnly));
  return {
    read: async (counters, now): Promise<Counts> => (await store()).read(counters, now),
    charge: async (charges, use, now): Promise<ChargeOutcome> => (await store()).charge(charges, use, now),
    [Symbol.asyncDispose]: async () => {
      const file = await opened?.catch(() => null); // that it didn't open was said where it was asked
      await file?.close();
    },
  };
}

/** Counts in what `--counters` names, or in the home's file; null without either. Throws UsageError. Spec: CLI-26. */
export async function openCounters(context: Context, option: string | undefined): Promise<OpenedCounters | null> {
  const place = await placeOf(context, option);
  return place && opening(place, false);
}

/** The same, read and never counted in or made: for what is only asked about. Throws UsageError. Spec: CLI-26. */
export async function readOnlyCounters(context: Context, option: string | undefined): Promise<OpenedCounters | null> {
  const place = await placeOf(context, option);
  if (place === null) return null;
  const counters = place.kind === "database" || existsSync(place.path) ? opening(place, true) : null;
  const none = (names: readonly string[]): Counts =>
    Object.fromEntries(names.map((name) => [name, { uses: 0, ageMs: 0 }]));
  return {
    read: (names, now) => (counters ? counters.read(names, now) : Promise.resolve(none(names))),
    charge: () => Promise.resolve({ charged: true }), // what was read decides
    [Symbol.asyncDispose]: async () => counters?.[Symbol.asyncDispose](),
  };
}
