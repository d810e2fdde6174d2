// Decides by compiled layers. It answers permits and denials, exactly as the interpreter; what is unknown, and whatever
// request is odd or wrong, it leaves to the interpreter, which names missing facts and faults.
import type { DecisionReason, DecisionRequest, DecisionState, Evaluation, Obligation } from "@writ/core";
import { Frame } from "./compile-frame.ts";
import type { CompiledLayer } from "./compile-layer.ts";
import { readIntoFrame } from "./compile-request.ts";
import type { TermNames } from "./compile-request.ts";
import type { Truth } from "./compile-truth.ts";
import { sortObligations } from "./verdict.ts";

const none: readonly never[] = Object.freeze([]);

function isSame(a: DecisionReason, b: DecisionReason): boolean {
  return a.code === b.code && a.policy === b.policy && a.rule === b.rule && a.subject === b.subject;
}

function isWaiver({ code }: DecisionReason): boolean {
  return code === "waived";
}

/** Decides with one frame, again and again. */
export class CompiledDecisions {
  readonly #names: TermNames;
  readonly #frame = new Frame();
  /** Reasons of the decision at hand, of denials or of waivers; the first `#count` are of this decision. */
  readonly #reasons: DecisionReason[] = [];
  #count = 0;
  #hasWaiver = false;
  readonly #blame = (reason: DecisionReason): void => {
    for (let index = 0; index < this.#count; index += 1) if (isSame(this.#reasons[index]!, reason)) return;
    if (isWaiver(reason)) this.#hasWaiver = true;
    this.#reasons[this.#count] = reason;
    this.#count += 1;
  };
  /** A getter of a request that asks again meanwhile is answered by the interpreter. */
  #isBusy = false;

  constructor(names: TermNames) {
    this.#names = names;
  }

  /** The decision, or null where the interpreter must decide. */
  decide(layers: readonly CompiledLayer[], request: DecisionRequest, state: DecisionState): Evaluation | null {
    if (this.#isBusy) return null;
    this.#isBusy = true;
    const frame = this.#frame;
    try {
      if (!readIntoFrame(frame, request, this.#names)) return null;
      frame.state = state;
      return this.#judge(layers, frame);
    } finally {
      frame.clear();
      this.#count = 0;
      this.#hasWaiver = false;
      this.#isBusy = false;
    }
  }

  #judge(layers: readonly CompiledLayer[], frame: Frame): Evaluation | null {
    let least: Truth = true;
    let granted = false;
    let obligations: Obligation[] | undefined;
    let until = Infinity;
    for (let index = 0; index < layers.length; index += 1) {
      const compiled = layers[index]!;
      const truth = compiled.judge(frame, this.#blame);
      if (truth === false) least = false;
      else if (truth === undefined && least) least = undefined;
      granted ||= compiled.layer.document.kind === "grant";
      if (least !== true) continue;
      if (compiled.binds) compiled.addObligations(frame, (obligations ??= []));
      until = Math.min(until, compiled.endOf(frame));
    }
    if (least === undefined || !granted) return null;
    const reasons = this.#count === 0 ? none : this.#reasons.slice(0, this.#count);
    if (!least) {
      const denying = this.#hasWaiver ? reasons.filter((reason) => !isWaiver(reason)) : reasons;
      return { verdict: "deny", reasons: denying, missing: none, obligations: none, until: null };
    }
    return {
      verdict: "permit",
      reasons,
      missing: none,
      obligations: obligations === undefined || obligations.length === 0 ? none : sortObligations(obligations),
      until: until === Infinity || frame.deletion ? null : until,
    };
  }
}
