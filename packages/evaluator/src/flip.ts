// One change that would flip a verdict: found by trying, never by reasoning about the rules. Spec 4.14.
import type { DecisionRequest, DecisionState, Evaluation, Evaluator, PolicyLayer } from "@writ/core";
import { PolicyError } from "@writ/core";
import { applyChange } from "./flip-change.ts";
import type { Asked, Change } from "./flip-change.ts";
import { changesFor } from "./flip-candidates.ts";
import { changeWords } from "./flip-words.ts";

export { applyChange };
export type { Asked, Change };

/** What a search needs. */
export interface FlipOptions {
  readonly evaluator: Evaluator;
  /** How many changes are tried at most; default 2,000. */
  readonly maxTried?: number;
}

/** A change and the verdict that it brings about. */
export interface Flip {
  readonly change: Change;
  readonly verdict: "permit" | "deny";
}

/** What a search found. */
export interface FlipAnswer {
  /** The verdict that stands now. */
  readonly verdict: Evaluation["verdict"];
  readonly flip: Flip | null;
  /** Why there is none: no change of one fact among those tried does it, or more could have been tried. */
  readonly why: "no-single-change" | "budget" | null;
  /** How many changes were tried. */
  readonly tried: number;
  /** In plain language, one line. */
  readonly text: string;
}

const optionNames: readonly string[] = ["evaluator", "maxTried"] satisfies (keyof FlipOptions)[];
const done = { permit: "permitted", deny: "denied", unknown: "settled" } as const;

/** The verdict after a change; undefined where it makes no request. */
function verdictAfter(
  { evaluator }: FlipOptions,
  layers: readonly PolicyLayer[],
  { request, state }: Asked,
): Evaluation["verdict"] | undefined {
  try {
    return evaluator.evaluate(layers, request, state).verdict;
  } catch (error) {
    if (error instanceof PolicyError && error.code.startsWith("request-")) return undefined;
    throw error;
  }
}

function search(
  layers: readonly PolicyLayer[],
  asked: Asked,
  now: Evaluation,
  options: FlipOptions,
): Omit<FlipAnswer, "verdict" | "text"> {
  const { maxTried = 2000 } = options;
  const wanted = now.verdict === "permit" ? "deny" : "permit";
  let tried = 0;
  let second: Flip | null = null;
  for (const change of changesFor(layers, asked, now)) {
    if (tried === maxTried) return { flip: second, why: second ? null : "budget", tried };
    tried += 1;
    const verdict = verdictAfter(options, layers, applyChange(asked, change));
    if (verdict === wanted) return { flip: { change, verdict }, why: null, tried };
    if (now.verdict === "unknown" && verdict === "deny") second ??= { change, verdict }; // settled, if not as hoped
  }
  return { flip: second, why: second ? null : "no-single-change", tried };
}

function textOf(asked: Asked, verdict: Evaluation["verdict"], { flip, why }: Pick<FlipAnswer, "flip" | "why">): string {
  if (flip) return `${done[flip.verdict]} if ${changeWords(asked, flip.change)}`;
  const wanted = done[verdict === "permit" ? "deny" : verdict === "deny" ? "permit" : "unknown"];
  return why === "budget"
    ? `no single change was found by which it would be ${wanted}; not all were tried`
    : `no single change was found by which it would be ${wanted}`;
}

/**
 * One change of the request or of the state under which the verdict is another: a deny or an unknown is permitted, else an
 * unknown is denied; a permit is denied. Each is tried by evaluating it; deletion is never offered in place of a use.
 * Throws what `evaluate` throws, TypeError for unknown options, RangeError for a budget that is none. Spec: FLP-1 to FLP-3.
 */
export function flipOf(
  layers: readonly PolicyLayer[],
  request: DecisionRequest,
  state: DecisionState,
  options: FlipOptions,
): FlipAnswer {
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  const { maxTried = 0 } = options;
  if (!Number.isSafeInteger(maxTried) || maxTried < 0) throw new RangeError("`maxTried` is no number of changes");
  const asked = { request, state };
  const now = options.evaluator.evaluate(layers, request, state);
  const found = search(layers, asked, now, options);
  return { verdict: now.verdict, ...found, text: textOf(asked, now.verdict, found) };
}
