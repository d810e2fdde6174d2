// writ receipts: who used an artifact, and for which purpose, from the artifact and receipt logs alone.
import { resolve } from "node:path";
import { existsSync } from "node:fs";
import { artifactIdText, FormatError, GovernanceError, readReceiptFile } from "@writ/core";
import type { CborMap, CheckedReceipt, Digest, TrustPolicy } from "@writ/core";
import { auditReceipts } from "@writ/core/receipt-audit";
import type { ReceiptAudit, ReceiptGap } from "@writ/core/receipt-audit";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { UsageError } from "../fault.ts";
import { readInput } from "../input-file.ts";
import { instantText, short, table } from "../print.ts";
import { inFile, verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifyingOptions } from "../verified-input.ts";

/** Options of `receipts`. */
export interface ReceiptsOptions extends CommonOptions, VerifyingOptions {
  readonly receipts?: readonly string[];
}

interface UseJson {
  readonly log: string;
  readonly name: string;
  readonly kind: "decision" | "release" | "discharge" | "ingest";
  readonly time: string;
  readonly verdict: string | null;
  readonly operation: string;
  readonly purposes: readonly string[];
  readonly principal: string;
  readonly org: string | null;
  readonly actingFor: string | null;
  readonly core: string;
  readonly reasons: readonly string[];
  /** True for a use that a waiver alone let pass: break-glass. */
  readonly emergency: boolean;
  /** How old each state was that was read, in ms, by its name: `status:URI#INDEX`, `consent:ID`, `counter:IRI`, `approval:DUTY`. */
  readonly stateAgesMs: Readonly<Record<string, number>>;
  /** Names of the approvals that were used up for the decision. */
  readonly approvals: readonly string[];
  readonly decision: string | null;
  readonly releasedBytes: number | null;
  readonly exit: string | null;
  /** Discharge: id of the duty that was done. */
  readonly discharged: string | null;
  readonly rootedBy: string | null;
}

const maxLogBytes = 1 << 30;

function textOf(map: CborMap, member: string): string | null {
  const value = map.get(member);
  return typeof value === "string" ? value : null;
}

function agesOf(ages: CborMap | undefined): Readonly<Record<string, number>> {
  const entries = [...(ages ?? [])].filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return Object.fromEntries(entries);
}

/** Ages as people read them, the oldest first: the oldest is what a decision rested on least well. */
function ageText({ stateAgesMs }: UseJson): string {
  const ages = Object.entries(stateAgesMs).sort(([, a], [, b]) => b - a);
  return ages.map(([name, ms]) => `${name} ${Math.round(ms / 1000)} s old`).join(", ");
}

function useOf(log: string, { name, receipt, rootedBy }: CheckedReceipt): UseJson {
  const {
    kind,
    time,
    verdict,
    operation,
    purposes,
    principal,
    core,
    reasons,
    stateAgesMs,
    approvals,
    decision,
    releasedBytes,
    exit,
    discharged,
  } = receipt;
  const acting = principal.get("actingFor");
  return {
    log,
    name,
    kind,
    time: instantText(time),
    verdict: verdict ?? null,
    operation,
    purposes,
    principal: textOf(principal, "id") ?? "",
    org: textOf(principal, "org"),
    actingFor: acting instanceof Map ? textOf(acting as CborMap, "id") : null,
    core,
    reasons: (reasons ?? []).map(({ code }) => code),
    emergency: verdict === "permit" && (reasons ?? []).some(({ code }) => code === "waived"),
    stateAgesMs: agesOf(stateAgesMs),
    approvals: approvals ?? [],
    decision: decision ?? null,
    releasedBytes: releasedBytes ?? null,
    exit: exit ?? null,
    discharged: discharged?.duty ?? null,
    rootedBy,
  };
}

/** The receipts of a log, chains and roots checked, and what they don't show. Throws with the log's name in the message. */
export async function readLog({ io }: Context, path: string, trust: TrustPolicy): Promise<ReceiptAudit> {
  const bytes = await readInput(io, path, maxLogBytes);
  try {
    return auditReceipts(readReceiptFile(bytes).entries, trust, { clock: io.now });
  } catch (error) {
    throw error instanceof GovernanceError ? inFile(error, path) : error;
  }
}

/** The logs that were named, else the home's. Throws UsageError, `input-unreadable`. */
export async function logsOf(context: Context, named: readonly string[] | undefined): Promise<readonly string[]> {
  if (named) return [...new Set(named.map((path) => resolve(context.io.cwd, path)))];
  const home = await context.findHome();
  if (!home) throw new UsageError("there is no home whose receipts could be read", "name a log with --receipts LOG");
  if (!existsSync(home.paths.receipts))
    throw new FormatError("input-unreadable", `there are no receipts in \`${home.paths.receipts}\` yet`, {
      path: home.paths.receipts,
    });
  return [home.paths.receipts];
}

function whatHappened({ kind, verdict, exit, releasedBytes, reasons, discharged }: UseJson): string {
  if (kind === "discharge") return `discharged ${discharged}`;
  if (kind === "ingest") return `ingested: ${exit ?? ""}`;
  if (kind === "release") return `released ${releasedBytes ?? 0} bytes, ${exit ?? "no exit"}`;
  return reasons.length === 0 ? `${verdict}` : `${verdict}: ${reasons.join(", ")}`;
}

interface GapJson extends ReceiptGap {
  readonly log: string;
}

const gapText = {
  "no-release": "permit(s) that nothing says were used",
  "no-decision": "release(s) or discharge(s) whose decision is in another log",
} as const;

/** Lists the uses of an artifact in receipt logs whose chains and roots it has checked. Spec: CLI-13, CLI-34, REC-10. */
export async function receiptsOf(
  context: Context,
  [file]: readonly [string],
  options: ReceiptsOptions,
): Promise<Answer> {
  const setting = await verifyingSetting(context, options);
  await using input = await verifyInput(context, file, options.content, setting);
  const { core } = input.verified;
  const uses: UseJson[] = [];
  const logs: { log: string; receipts: number; shownUpTo: number }[] = [];
  const gaps: GapJson[] = [];
  for (const log of await logsOf(context, options.receipts)) {
    const audit = await readLog(context, log, setting.trust);
    logs.push({ log, receipts: audit.receipts.length, shownUpTo: audit.shownUpTo });
    const about = new Set<Digest>();
    for (const { name, receipt } of audit.receipts)
      if (Buffer.from(receipt.artifactId).equals(core.artifactId)) about.add(name);
    for (const gap of audit.gaps) if (about.has(gap.receipt)) gaps.push({ log, ...gap });
    for (const one of audit.receipts) if (about.has(one.name)) uses.push(useOf(log, one));
  }
  uses.sort((a, b) => Number(b.emergency) - Number(a.emergency)); // whoever audits sees them first; the rest stays in the order of the logs
  const rows = uses.map((use) => [
    use.time,
    use.principal,
    use.operation,
    use.purposes.join(", "),
    `${use.emergency ? "EMERGENCY " : ""}${whatHappened(use)}`,
    ageText(use),
    use.rootedBy === null ? "no signed root" : `root by ${use.rootedBy}`,
    short(use.name),
  ]);
  const unrooted = uses.filter(({ rootedBy }) => rootedBy === null).length;
  return {
    json: { file, artifactId: artifactIdText(core), logs, uses, gaps },
    lines: rows.length === 0 ? ["no use of this artifact is recorded"] : table(rows),
    notes: [
      `${logs.reduce((sum, { receipts }) => sum + receipts, 0)} receipts checked in ${logs.length} log(s); a chain proves no edit and no insertion, truncation shows only against a root or a witness`,
      ...(unrooted === 0 ? [] : [`${unrooted} of them under no signed root`]),
      ...(["no-release", "no-decision"] as const).flatMap((kind) => {
        const count = gaps.filter(({ gap }) => gap === kind).length;
        return count === 0 ? [] : [`${count} ${gapText[kind]}`];
      }),
    ],
  };
}
