// writ check: what would be decided. No receipt is kept, nothing is opened or counted.
import type { Answer, CommonOptions, Context } from "../command.ts";
import { dateOf } from "../flag-values.ts";
import { instantText } from "../print.ts";
import type { RequestOptions } from "../request.ts";
import type { StateOptions } from "../state-files.ts";
import { verdictExit } from "../verdict.ts";
import { verifyInput, verifyingSetting } from "../verified-input.ts";
import type { VerifyingOptions } from "../verified-input.ts";
import { questionOf, whatIf } from "../what-if.ts";

/** Options of `check`. */
export interface CheckOptions extends CommonOptions, VerifyingOptions, RequestOptions, StateOptions {
  readonly at?: string;
}

/** Says what would be decided, and what would have to be different. Spec: CLI-16, CLI-33. */
export async function check(context: Context, [file]: readonly [string], options: CheckOptions): Promise<Answer> {
  const at = options.at === undefined ? null : dateOf("--at", options.at);
  const question = await questionOf(context, options);
  const setting = await verifyingSetting(context, options);
  await using input = await verifyInput(context, file, options.content, setting);
  const clock = at === null ? setting.clock : (): number => at * 1000;
  const { request, verdict, decision, flip, lines } = await whatIf(
    context,
    file,
    input,
    { evaluator: setting.evaluator, clock },
    question,
  );
  return {
    json: { file, whatIf: true, at: at === null ? null : instantText(at), request, decision, flip },
    lines,
    exit: verdictExit(verdict),
  };
}
