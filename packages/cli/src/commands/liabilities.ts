// writ liabilities, writ discharge: duties that uses have brought about, and the record that one was done.
import { userInfo } from "node:os";
import type { CheckedReceipt, Digest } from "@writ/core";
import { dischargeDuty, liabilitiesOf } from "@writ/core/liability";
import type { Liability } from "@writ/core/liability";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { exits } from "../exit-codes.ts";
import { UsageError } from "../fault.ts";
import { instantText, short, table } from "../print.ts";
import { endReceipts, receiptSink } from "../receipt-sink.ts";
import { verifyingSetting } from "../verified-input.ts";
import { logsOf, readLog } from "./receipts.ts";

/** Options of `liabilities`. */
export interface LiabilitiesOptions extends CommonOptions {
  readonly trust?: string;
  readonly receipts?: readonly string[];
  readonly all?: boolean;
}

interface LiabilityJson {
  readonly log: string;
  readonly decision: Digest;
  readonly artifactId: string;
  readonly core: Digest;
  readonly policy: Digest;
  readonly duty: string;
  readonly type: string;
  readonly trigger: string;
  readonly by: string | null;
  readonly principal: string;
  readonly since: string;
  readonly dueAt: string | null;
  readonly overdue: boolean;
  readonly discharge: Digest | null;
}

function liabilityJson(log: string, liability: Liability, now: number): LiabilityJson {
  const { decision, artifactId, core, policy, duty, type, trigger, by, principal, since, dueAt, discharge } = liability;
  return {
    log,
    decision,
    artifactId: Buffer.from(artifactId).toString("hex"),
    core,
    policy,
    duty,
    type,
    trigger,
    by: by ?? null,
    principal,
    since: instantText(since),
    dueAt: dueAt === undefined ? null : instantText(dueAt),
    overdue: discharge === null && dueAt !== undefined && dueAt <= now,
    discharge,
  };
}

function row({ dueAt, overdue, duty, type, by, principal, since, decision, discharge }: LiabilityJson): string[] {
  const state = discharge === null ? (overdue ? "overdue" : "open") : "done";
  const due = dueAt === null ? "no date" : `due ${dueAt}`;
  return [
    state,
    due,
    `${duty} (${type})`,
    by === null ? "" : `by ${by}`,
    `${principal} since ${since}`,
    short(decision),
  ];
}

/** Lists duties that are owed, earliest date first; exits with 15 where there is one. Spec: LIA-2, LIA-3, CLI-27. */
export async function liabilities(context: Context, _: readonly [], options: LiabilitiesOptions): Promise<Answer> {
  const { trust } = await verifyingSetting(context, options);
  const now = Math.floor(context.io.now() / 1000);
  const logs: { log: string; receipts: number }[] = [];
  const found: { readonly json: LiabilityJson; readonly due: number }[] = [];
  for (const log of await logsOf(context, options.receipts)) {
    const { receipts } = await readLog(context, log, trust);
    logs.push({ log, receipts: receipts.length });
    for (const one of liabilitiesOf(receipts)) {
      if (options.all !== true && one.discharge !== null) continue;
      found.push({ json: liabilityJson(log, one, now), due: one.dueAt ?? Infinity });
    }
  }
  found.sort((a, b) => Number(a.json.discharge !== null) - Number(b.json.discharge !== null) || a.due - b.due || 0);
  const listed = found.map(({ json }) => json);
  const open = listed.filter(({ discharge }) => discharge === null);
  const overdue = open.filter((liability) => liability.overdue).length;
  return {
    json: { logs, open: open.length, overdue, liabilities: listed },
    lines: listed.length === 0 ? ["nothing is owed"] : table(listed.map(row)),
    notes: [`${open.length} open, ${overdue} of them overdue; whether a permitted use took place isn't asked`],
    exit: open.length === 0 ? exits.ok : exits.owed,
  };
}

/** Options of `discharge`. */
export interface DischargeOptions extends CommonOptions {
  readonly trust?: string;
  readonly receipts?: string;
  readonly duty: string;
  readonly policy?: string;
  readonly by?: string;
  readonly role?: readonly string[];
}

/** The decision and the duty that were named. Throws UsageError. */
function owedBy(
  receipts: readonly CheckedReceipt[],
  named: string,
  { duty, policy }: DischargeOptions,
): { readonly decision: CheckedReceipt; readonly policy: Digest; readonly role: string | undefined } {
  const start = `sha384:${named.replace(/^sha384:|…$/g, "")}`;
  const decisions = start.length < 19 ? [] : receipts.filter(({ name }) => name.startsWith(start));
  const [decision, ...others] = decisions;
  if (!decision || others.length > 0)
    throw new UsageError(`the log has ${decisions.length} receipts \`${named}\``, "name it as `writ liabilities` does");
  const owed = (decision.receipt.obligations ?? []).filter(
    (one) => one.duty === duty && one.trigger !== "before-use" && (policy === undefined || one.policy === policy),
  );
  const [obligation, ...more] = owed;
  if (decision.receipt.verdict !== "permit" || !obligation)
    throw new UsageError(`that receipt owes no duty \`${duty}\``, "see `writ liabilities`");
  if (more.length > 0)
    throw new UsageError(`several policies have a duty \`${duty}\``, "name one with --policy DIGEST");
  return { decision, policy: obligation.policy, role: obligation.by };
}

/** Records that a duty was done. Spec: LIA-1, LIA-4, CLI-27. */
export async function discharge(
  context: Context,
  [named]: readonly [string],
  options: DischargeOptions,
): Promise<Answer> {
  const { io } = context;
  if (options.by === "") throw new UsageError("--by names nobody");
  const { trust } = await verifyingSetting(context, options);
  const [log] = await logsOf(context, options.receipts === undefined ? undefined : [options.receipts]);
  const { decision, policy, role } = owedBy((await readLog(context, log!, trust)).receipts, named, options);
  const roles = options.role ?? [];
  if (role !== undefined && !roles.includes(role))
    throw new UsageError(`duty \`${options.duty}\` is discharged in role \`${role}\``, `pass --role ${role}`);
  const by = options.by ?? `local:${userInfo().username}`;
  const home = await context.findHome();
  const sink = receiptSink(io, home, options.receipts);
  if (sink === "none") throw new UsageError("a discharge is a receipt, so it needs a log");
  try {
    const receipt = await dischargeDuty(
      sink,
      decision,
      { policy, duty: options.duty },
      { id: by, kind: "human", roles },
    );
    return {
      json: { log, receipt, decision: decision.name, policy, duty: options.duty, by, role: role ?? null },
      lines: [{ text: `${options.duty} discharged by ${by}`, tone: "good" }, `  receipt ${receipt}`],
    };
  } finally {
    await endReceipts(sink, home);
  }
}
