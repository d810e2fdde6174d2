// writ reanchor: a corpus to another signature suite. The work is @writ/reanchor's; here are its flags, its report and its exit codes.
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { FormatError } from "@writ/core";
import type { TrustPolicy } from "@writ/core";
import {
  directoryStore,
  inventory,
  inventoryCsv,
  inventoryText,
  plan,
  planText,
  run,
  signReport,
  targetSuite,
  verifyReport,
} from "@writ/reanchor";
import type { CorpusStore, Inventory, OutcomeCounts, RunResult, Target, VerifiedReport } from "@writ/reanchor";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { Custodies, signerFor, suiteOf } from "../custodies.ts";
import type { SignerOptions } from "../custodies.ts";
import { exits } from "../exit-codes.ts";
import { Interrupted, UsageError } from "../fault.ts";
import { countOf, shareOf } from "../flag-values.ts";
import { readInput } from "../input-file.ts";
import { Outputs } from "../output-file.ts";
import { faultCode, instantText, table } from "../print.ts";
import type { Line } from "../print.ts";
import { startProgress } from "../progress.ts";
import type { Progress } from "../progress.ts";
import { loadTrust } from "../trust-source.ts";

/** Options of the reanchor commands. */
export interface ReanchorOptions extends CommonOptions, SignerOptions {
  readonly trust?: string;
  readonly to?: string;
  readonly commit?: boolean;
  readonly limit?: string;
  readonly maxSetAside?: string;
  readonly csv?: boolean;
}

/** Reports of a corpus lie here, the file names in the order of their times. No name ends in `.writ`: they are no artifacts. */
const reportFolder = ".writ-reports";
const reportEnding = ".writ-report";
const maxReportBytes = 1 << 30;

function corpusOf({ io }: Context, corpus: string): CorpusStore {
  if (/^[a-z0-9]+:\/\//.test(corpus))
    throw new UsageError(`\`${corpus}\`: this version re-anchors folders`, "name a folder of sidecars and envelopes");
  const folder = resolve(io.cwd, corpus);
  const facts = statSync(folder, { throwIfNoEntry: false });
  if (facts === undefined)
    throw new FormatError("input-unreadable", `\`${corpus}\` can't be read: ENOENT`, { path: corpus });
  if (!facts.isDirectory()) throw new FormatError("input-unreadable", `\`${corpus}\` is no folder`, { path: corpus });
  return directoryStore(folder);
}

async function trustFor(context: Context, options: ReanchorOptions): Promise<TrustPolicy> {
  return (await loadTrust(context.io, await context.findHome(), options.trust)).trust;
}

function targetOf(to: string | undefined): Target {
  return to === undefined || to === "default" || to === "cnsa2" ? (to ?? "default") : suiteOf(to);
}

async function takeInventory({ io }: Context, store: CorpusStore, trust: TrustPolicy): Promise<Inventory> {
  let total = 0;
  for await (const _ of store.list()) total += 1;
  const progress = startProgress(io, "reading", total, "items");
  let before = 0;
  try {
    return await inventory(store, {
      trust,
      clock: io.now,
      signal: io.signal,
      onProgress: ({ done, path }) => {
        progress.advance(done - before, path);
        before = done;
      },
    });
  } catch (error) {
    throw io.signal.aborted ? new Interrupted() : error;
  } finally {
    progress.end();
  }
}

const linesOf = (text: string): readonly string[] => text.trimEnd().split(/\r?\n/);

/** What a corpus holds. */
export async function inventoryOf(
  context: Context,
  [corpus]: readonly [string],
  options: ReanchorOptions,
): Promise<Answer> {
  const taken = await takeInventory(context, corpusOf(context, corpus), await trustFor(context, options));
  const findings = taken.findings.map(({ path, code, reason }): Line => ({
    text: `${code}  ${path}: ${reason}`,
    tone: "bad",
  }));
  return {
    json: taken,
    lines: linesOf(options.csv === true ? inventoryCsv(taken) : inventoryText(taken)),
    notes: findings,
  };
}

/** What a run would do. */
export async function planOf(context: Context, [corpus]: readonly [string], options: ReanchorOptions): Promise<Answer> {
  const to = targetOf(options.to);
  const planned = plan(await takeInventory(context, corpusOf(context, corpus), await trustFor(context, options)), {
    to,
  });
  return { json: planned, lines: linesOf(planText(planned)) };
}

/** 30 where something is left to do: the run ended early, or items were set aside or quarantined. Spec: CLI-17. */
function exitOf(ended: RunResult["ended"], counts: OutcomeCounts): number {
  if (ended === "interrupted") return exits.interrupted;
  const left = counts["set-aside"] + counts.quarantined + counts["not-reached"];
  return ended === "complete" && left === 0 ? exits.ok : exits.incomplete;
}

/** Keeps a signed report in the corpus; returns its path. */
function keepReport({ io }: Context, corpus: string, result: RunResult, bytes: Uint8Array): string {
  const folder = resolve(io.cwd, corpus, reportFolder);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (fault) {
    throw new FormatError("output-unwritable", `\`${folder}\` can't be made (${faultCode(fault)})`, { path: folder });
  }
  const ended = new Date(io.now()).toISOString().replaceAll(/[-:]/g, ""); // to the millisecond: the newest name is the last run
  const path = join(folder, `${ended}-${result.campaign}${reportEnding}`);
  using outputs = new Outputs(false);
  outputs.stage(path).write(bytes);
  outputs.commit();
  return path;
}

function outcomeLines({
  counts,
  outcomes,
  ended,
}: Pick<RunResult | VerifiedReport, "counts" | "outcomes" | "ended">): readonly Line[] {
  const failed = outcomes.filter(({ outcome }) => outcome === "set-aside" || outcome === "quarantined");
  return [
    ...table(
      Object.entries(counts).map(([outcome, count]) => [outcome, String(count)]),
      "  ",
    ),
    `  ended: ${ended}`,
    ...failed.map(({ path, outcome, code, reason }): Line => ({
      text: `  ${outcome}  ${path}  ${code ?? ""}: ${reason ?? ""}`,
      tone: "bad",
    })),
  ];
}

/** Anchors every artifact of a corpus again. Ctrl-C drains: what is pending is stored, the rest is for the next run. Spec: CLI-17. */
export async function runOf(context: Context, [corpus]: readonly [string], options: ReanchorOptions): Promise<Answer> {
  const { io } = context;
  const commit = options.commit === true;
  const to = targetOf(options.to);
  const limit = options.limit === undefined ? {} : { limit: countOf("--limit", options.limit, 1) };
  const maxSetAside =
    options.maxSetAside === undefined ? {} : { maxSetAside: shareOf("--max-set-aside", options.maxSetAside) };
  const store = corpusOf(context, corpus);
  const trust = await trustFor(context, options);
  const suite = targetSuite(to);
  const signer = commit
    ? await signerFor(new Custodies(() => context.needHome()), () => context.needHome(), "anchor", {
        ...options,
        suite,
      })
    : null;
  const shown: { bar?: Progress; done: number } = { done: 0 };
  let result: RunResult;
  try {
    result = await run(
      store,
      { to },
      {
        trust,
        commit,
        clock: io.now,
        signal: io.signal,
        ...(signer ? { signer } : {}),
        ...limit,
        ...maxSetAside,
        onProgress: ({ done, total }) => {
          shown.bar ??= startProgress(io, commit ? "anchoring" : "checking", total, "items");
          shown.bar.advance(done - shown.done);
          shown.done = done;
        },
      },
    );
  } finally {
    shown.bar?.end();
  }
  const report = signer ? keepReport(context, corpus, result, await signReport(result, signer)) : null;
  const drained = result.ended === "complete" ? [] : [`run the same command again to go on: what is done is skipped`];
  return {
    json: { ...result, report },
    lines: [
      `${commit ? "run" : "dry run"} over ${result.location} to ${result.to}, campaign ${result.campaign}`,
      ...outcomeLines(result),
    ],
    notes: [
      ...result.warnings,
      ...(report === null ? ["nothing was written: pass --commit to write"] : [`signed report: ${report}`]),
      ...drained,
    ],
    exit: exitOf(result.ended, result.counts),
  };
}

/** The newest report of a corpus, or the file itself. */
function reportPath({ io }: Context, corpus: string): string {
  const path = resolve(io.cwd, corpus);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return path;
  const folder = join(path, reportFolder);
  const found = statSync(folder, { throwIfNoEntry: false })
    ? readdirSync(folder).filter((name) => name.endsWith(reportEnding))
    : [];
  const latest = found.toSorted().at(-1);
  if (latest === undefined)
    throw new FormatError("input-unreadable", `no run has left a report in \`${corpus}\``, { path: corpus });
  return join(folder, latest);
}

/** What a run did, by its signed report. Spec: CLI-17. */
export async function reportOf(
  context: Context,
  [corpus]: readonly [string],
  options: ReanchorOptions,
): Promise<Answer> {
  const path = reportPath(context, corpus);
  const trust = await trustFor(context, options);
  const report = verifyReport(await readInput(context.io, path, maxReportBytes), trust, { clock: context.io.now });
  return {
    json: { path, ...report },
    lines: [
      { text: `report of ${report.authority}, signature and every outcome verified`, tone: "good" },
      `  ${report.location} to ${report.to}, campaign ${report.campaign}, ${instantText(report.startedAt)} to ${instantText(report.endedAt)}`,
      ...outcomeLines(report),
    ],
    exit: exitOf(report.ended, report.counts),
  };
}
