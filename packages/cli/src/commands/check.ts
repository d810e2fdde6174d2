// writ check: what would be decided. No receipt is kept, nothing is opened or counted.
import { nameOf } from "@writ/core";
import type { ReceiptSink } from "@writ/core";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { readOnlyCounters } from "../counter-file.ts";
import { decideFor } from "../decision.ts";
import { dateOf } from "../flag-values.ts";
import { instantText } from "../print.ts";
import { requestOf } from "../request.ts";
import type { RequestOptions } from "../request.ts";
import { noLedger, readStateFiles } from "../state-files.ts";
import type { StateOptions } from "../state-files.ts";
import { decisionJson, decisionLines, verdictExit } from "../verdict.ts";
import { verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifyingOptions } from "../verified-input.ts";

/** Options of `check`. */
export interface CheckOptions extends CommonOptions, VerifyingOptions, RequestOptions, StateOptions {
  readonly at?: string;
}

/** Takes a receipt and keeps nothing: the answer is a what-if, and its permit is thrown away. */
const nowhere: ReceiptSink = { append: () => Promise.resolve(nameOf(new Uint8Array())) };

/** Says what would be decided. Spec: CLI-16. */
export async function check(context: Context, [file]: readonly [string], options: CheckOptions): Promise<Answer> {
  const at = options.at === undefined ? null : dateOf("--at", options.at);
  const { request, state } = await requestOf(context.io, options);
  const files = await readStateFiles(context.io, options);
  const setting = await verifyingSetting(context, options);
  await using input = await verifyInput(context, file, options.content, setting);
  await using counters = await readOnlyCounters(context, options.counters);
  const clock = at === null ? setting.clock : () => at * 1000;
  const decision = {
    ...(await decideFor(file, input.verified, request, {
      evaluator: setting.evaluator,
      receipts: nowhere,
      state,
      files,
      counters,
      ledger: () => Promise.resolve(noLedger),
      clock,
    })),
    receipt: null,
  };
  return {
    json: { file, whatIf: true, at: at === null ? null : instantText(at), request, decision: decisionJson(decision) },
    lines: decisionLines(decision, `${request.operation} for ${request.purposes.join(", ") || "no purpose"}`),
    exit: verdictExit(decision.verdict),
  };
}
