// What would be decided about an artifact, and what would have to be different. No receipt is kept, nothing is opened or counted.
import { nameOf } from "@writ/core";
import type { Decision, DecisionRequest, Evaluator, ReceiptSink } from "@writ/core";
import { flipOf } from "@writ/evaluator/flip";
import type { FlipAnswer } from "@writ/evaluator/flip";
import type { Context } from "./command.ts";
import { readOnlyCounters } from "./counter-file.ts";
import { decideFor } from "./decision.ts";
import { askedMemory } from "./list-memory.ts";
import type { Line } from "./print.ts";
import { requestOf } from "./request.ts";
import type { Asked, RequestOptions } from "./request.ts";
import { noLedger, readStateFiles } from "./state-files.ts";
import type { StateFiles, StateOptions } from "./state-files.ts";
import { decisionJson, decisionLines } from "./verdict.ts";
import type { DecisionJson } from "./verdict.ts";
import type { VerifiedInput, VerifyingSetting } from "./verified-input.ts";

/** Takes a receipt and keeps nothing: the answer is a what-if, and its permit is thrown away. */
const nowhere: ReceiptSink = { append: () => Promise.resolve(nameOf(new Uint8Array())) };

/** The one change that would flip the verdict, as `--json` shows it. */
export interface FlipJson {
  readonly text: string;
  /** Null where there is none, for the reason of `why`. */
  readonly change: NonNullable<FlipAnswer["flip"]>["change"] | null;
  readonly verdict: "permit" | "deny" | null;
  /** `not-by-policy`: the artifact's evidence refuses, whatever is asked. */
  readonly why: FlipAnswer["why"] | "not-by-policy";
}

/** A decision that nobody may use. */
export interface WhatIf {
  readonly request: DecisionRequest;
  readonly verdict: Decision["verdict"];
  readonly decision: DecisionJson;
  readonly flip: FlipJson;
  readonly lines: readonly Line[];
}

type Evaluated = Parameters<Evaluator["evaluate"]>;

/** The same evaluator, which remembers what it was asked last. */
function listening(evaluator: Evaluator): { readonly evaluator: Evaluator; readonly last: () => Evaluated | null } {
  let last: Evaluated | null = null;
  const evaluate: Evaluator["evaluate"] = (...given) => {
    last = given;
    return evaluator.evaluate(...given);
  };
  return { evaluator: { ...evaluator, evaluate }, last: () => last };
}

function flipJson(asked: Evaluated | null, verdict: Decision["verdict"], evaluator: Evaluator): FlipJson {
  const answer = asked && flipOf(...asked, { evaluator });
  if (answer?.verdict !== verdict) {
    const text = "no change of the request helps: what refuses is the artifact's evidence, not a policy";
    return { text, change: null, verdict: null, why: "not-by-policy" };
  }
  const { text, flip, why } = answer;
  return { text, change: flip?.change ?? null, verdict: flip?.verdict ?? null, why };
}

/** What the flags ask, read before any artifact is. */
export interface Question {
  readonly asked: Asked;
  readonly files: StateFiles;
  /** `--counters` as given. */
  readonly counters: string | undefined;
}

/** Reads the flags of a request and of state. Throws as `requestOf` and `readStateFiles` do. */
export async function questionOf({ io }: Context, options: RequestOptions & StateOptions): Promise<Question> {
  const asked = await requestOf(io, options);
  return { asked, files: await readStateFiles(io, options), counters: options.counters };
}

/** Decides what was asked. Throws as `decideFor` does. Spec: CLI-16, CLI-33. */
export async function whatIf(
  context: Context,
  file: string,
  { verified }: VerifiedInput,
  setting: Pick<VerifyingSetting, "evaluator" | "clock">,
  { asked, files, counters }: Question,
): Promise<WhatIf> {
  const { request, state } = asked;
  await using counting = await readOnlyCounters(context, counters);
  const { evaluator, last } = listening(setting.evaluator);
  const decided = await decideFor(file, verified, request, {
    evaluator,
    receipts: nowhere,
    state,
    files,
    counters: counting,
    ledger: () => Promise.resolve(noLedger),
    memory: await askedMemory(context, setting.clock !== context.io.now),
    clock: setting.clock,
  });
  const decision = { ...decided, receipt: null };
  const flip = flipJson(last(), decision.verdict, setting.evaluator);
  const lines = [
    ...decisionLines(decision, `${request.operation} for ${request.purposes.join(", ") || "no purpose"}`),
    { text: `  ${flip.text}`, tone: "quiet" as const },
  ];
  return { request, verdict: decision.verdict, decision: decisionJson(decision), flip, lines };
}
