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
  /** `not-by-policy`: the artifact's evidence or the end of what proves the principal refuses, whatever is asked. */
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

/** The same evaluator, which remembers what it was asked last; a decision asks it at least once. */
function listening(evaluator: Evaluator): { readonly evaluator: Evaluator; readonly last: () => Evaluated | null } {
  let last: Evaluated | null = null;
  const evaluate: Evaluator["evaluate"] = (...given) => {
    last = given;
    return evaluator.evaluate(...given);
  };
  return { evaluator: { ...evaluator, evaluate }, last: () => last };
}

/** What refuses beside the policies, and is not overcome by asking otherwise. Spec: DEC-5, DEC-7. */
const beside: Readonly<Record<string, string>> = {
  "principal-expired": "the proof of who asks, which has ended",
  "standing-expired": "the artifact's evidence, which no longer counts",
  "lineage-unchecked": "the artifact's lineage, which isn't checked",
};

function flipJson(asked: Evaluated, { reasons }: Decision, evaluator: Evaluator): FlipJson {
  const refusing = reasons.flatMap(({ code }) => beside[code] ?? []);
  if (refusing.length > 0) {
    const text = `no change of the request helps: what refuses is ${refusing.join(", and ")}`;
    return { text, change: null, verdict: null, why: "not-by-policy" };
  }
  const { text, flip, why } = flipOf(...asked, { evaluator });
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
  const flip = flipJson(last()!, decision, setting.evaluator);
  const lines = [
    ...decisionLines(decision, `${request.operation} for ${request.purposes.join(", ") || "no purpose"}`),
    { text: `  ${flip.text}`, tone: "quiet" as const },
  ];
  return { request, verdict: decision.verdict, decision: decisionJson(decision), flip, lines };
}
