// A layer as closures: its readings, duties and ends. Plain closures, no generated code, so that it runs under a strict
// content security policy. Spec 4.1, 4.8 to 4.11.
import type { Obligation } from "@writ/core";
import type { AssuredFacts, Frame } from "./compile-frame.ts";
import { deletionParts, limitParts, operationBanParts, statusPart } from "./compile-limits.ts";
import { byOperation } from "./compile-part.ts";
import type { Blame, CompiledPart } from "./compile-part.ts";
import { compileDuties, dutyParts, permissionPart, prohibitionParts } from "./compile-rules.ts";
import type { Reading } from "./compile-rules.ts";
import type { Truth } from "./compile-truth.ts";
import type { Permission } from "./document.ts";
import { keptOnlySince, windowOf } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { obligationOf } from "./verdict.ts";

/** One way to read the layer, for uses and for deletions. Spec: EVL-9. */
interface CompiledReading {
  readonly level: number;
  readonly waiver?: string;
  /** The parts that concern what is asked. */
  readonly parts: (frame: Frame) => readonly CompiledPart[];
}

/** A layer that judges frames. */
export interface CompiledLayer {
  readonly layer: Layer;
  /** Truth of the layer; gives the reasons where it is false, and the waiver where it is true only through one. */
  judge(frame: Frame, blame: Blame): Truth;
  /** Whether its policy has duties that a permission names. */
  readonly binds: boolean;
  /** What a use that isn't denied obliges to; the frame holds the layer that was judged last. */
  addObligations(frame: Frame, obligations: Obligation[]): void;
  /** First of the layer's ends after now, or Infinity; for what may only stay stored, when that began. Spec: DUT-5. */
  endOf(frame: Frame): number;
}

function compileReading(layer: Layer, permissions: readonly Permission[], by?: Permission): CompiledReading {
  const reading: Reading = { layer, waived: new Set(by?.waives) };
  const prohibitions = prohibitionParts(reading);
  const concerns = (part: CompiledPart, asked: number): boolean => (part.concerns & asked) !== 0;
  const use = byOperation(
    [
      ...limitParts(reading),
      ...permissionPart(reading, permissions),
      ...prohibitions,
      ...dutyParts(reading),
      statusPart(reading),
    ],
    concerns,
  );
  const deletion = byOperation([...operationBanParts(reading), ...prohibitions, ...deletionParts(reading)], concerns);
  return {
    level: by ? Math.max(2, layer.minAssurance) : layer.minAssurance,
    ...(by && { waiver: by.id }),
    parts: (frame) => (frame.deletion ? deletion(frame) : use(frame)),
  };
}

/** What is known of a list of parts. */
class Outcome {
  truth: Truth = true;
  /** Place of the first part that doesn't hold, where the truth is false. */
  at = 0;

  take(parts: readonly CompiledPart[], frame: Frame, facts: AssuredFacts): void {
    this.truth = true;
    for (let index = 0; index < parts.length; index += 1) {
      const truth = parts[index]!.holds(frame, facts);
      if (truth === undefined) this.truth = undefined;
      if (truth !== false) continue;
      this.truth = false;
      this.at = index;
      return;
    }
  }
}

/** Blames the part at `first` and those after it that don't hold either. */
function blameFrom(
  first: number,
  parts: readonly CompiledPart[],
  frame: Frame,
  facts: AssuredFacts,
  blame: Blame,
): void {
  parts[first]!.blame(frame, facts, blame);
  for (let index = first + 1; index < parts.length; index += 1) {
    const part = parts[index]!;
    if (part.holds(frame, facts) === false) part.blame(frame, facts, blame);
  }
}

/** Compiles a layer; null for one whose taxonomies aren't all held, where most is unknown and the interpreter names why. */
export function compileLayer(layer: Layer): CompiledLayer | null {
  const { graph, policy, document } = layer;
  if (graph.lacking.length > 0) return null;
  const permissions = document.permissions ?? [];
  const plain = compileReading(
    layer,
    permissions.filter(({ waives }) => !waives),
  );
  const waiving = permissions
    .filter(({ waives }) => waives)
    .map((permission) => compileReading(layer, [permission], permission));
  const duties = compileDuties({ layer, waived: new Set() });
  const obligations = (document.duties ?? []).map((duty) => Object.freeze(obligationOf(policy, duty)));
  const ends = windowOf(layer).ends.toSorted((a, b) => a - b);

  const outcome = new Outcome();
  /** Whether a waiver makes the layer true, or leaves it open; the first that makes it true is named. */
  const readWaivers = (frame: Frame, blame: Blame, otherwise: Truth): Truth => {
    let greatest = otherwise;
    for (const { parts, level, waiver } of waiving) {
      outcome.take(parts(frame), frame, frame.at(level));
      if (outcome.truth === true) {
        blame({ code: "waived", policy, rule: waiver! });
        return true;
      }
      if (outcome.truth === undefined) greatest = undefined;
    }
    return greatest;
  };

  return {
    layer,
    binds: duties.length > 0,
    judge: (frame, blame) => {
      frame.enter(graph);
      const facts = frame.at(plain.level);
      const parts = plain.parts(frame);
      outcome.take(parts, frame, facts);
      const { truth: plainly, at: first } = outcome;
      if (plainly === true) return true;
      const truth = waiving.length === 0 ? plainly : readWaivers(frame, blame, plainly);
      if (truth === false) blameFrom(first, parts, frame, facts, blame);
      return truth;
    },
    addObligations: (frame, found) => {
      if (frame.deletion) return;
      const facts = frame.at(plain.level);
      for (const { duty, binds } of duties) if (binds(frame, facts) !== false) found.push(obligations[duty]!);
    },
    endOf: ({ operation, state }) => {
      if (operation === "store" && layer.keepUntil !== undefined) {
        const since = keptOnlySince(layer, state);
        if (since !== undefined) return since;
      }
      for (let index = 0; index < ends.length; index += 1) if (ends[index]! > state.now) return ends[index]!;
      return Infinity;
    },
  };
}
