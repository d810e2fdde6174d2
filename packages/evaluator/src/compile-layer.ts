// A layer as closures: its readings, duties and ends. Plain closures, no generated code, so that it runs under a strict
// content security policy. Spec 4.1, 4.8 to 4.11.
import type { Obligation } from "@writ/core";
import type { AssuredFacts, Frame } from "./compile-frame.ts";
import { deletionParts, limitParts, operationBanParts, statusPart } from "./compile-limits.ts";
import type { Blame, CompiledPart } from "./compile-part.ts";
import { compileDuties, dutyParts, permissionPart, prohibitionParts } from "./compile-rules.ts";
import type { Reading } from "./compile-rules.ts";
import type { Truth } from "./compile-truth.ts";
import type { Permission } from "./document.ts";
import { windowOf } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { obligationOf } from "./verdict.ts";

/** One way to read the layer, for uses and for deletions. Spec: EVL-9. */
interface CompiledReading {
  readonly level: number;
  readonly waiver?: string;
  readonly use: readonly CompiledPart[];
  readonly deletion: readonly CompiledPart[];
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
  /** First of the layer's ends after now, or Infinity. Spec: DUT-5. */
  endAfter(now: number): number;
}

function compileReading(layer: Layer, permissions: readonly Permission[], by?: Permission): CompiledReading {
  const reading: Reading = { layer, waived: new Set(by?.waives) };
  const prohibitions = prohibitionParts(reading);
  return {
    level: by ? Math.max(2, layer.minAssurance) : layer.minAssurance,
    ...(by && { waiver: by.id }),
    use: [
      ...limitParts(reading),
      ...permissionPart(reading, permissions),
      ...prohibitions,
      ...dutyParts(reading),
      statusPart(reading),
    ],
    deletion: [...operationBanParts(reading), ...prohibitions, ...deletionParts(reading)],
  };
}

function truthOf(parts: readonly CompiledPart[], frame: Frame, facts: AssuredFacts): Truth {
  let least: Truth = true;
  for (let index = 0; index < parts.length; index += 1) {
    const truth = parts[index]!.holds(frame, facts);
    if (truth === false) return false;
    if (truth === undefined) least = undefined;
  }
  return least;
}

function blameParts(parts: readonly CompiledPart[], frame: Frame, facts: AssuredFacts, blame: Blame): void {
  for (const part of parts) if (part.holds(frame, facts) === false) part.blame(frame, facts, blame);
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

  const partsOf = (reading: CompiledReading, frame: Frame): readonly CompiledPart[] =>
    frame.deletion ? reading.deletion : reading.use;

  return {
    layer,
    binds: duties.length > 0,
    judge: (frame, blame) => {
      frame.enter(graph);
      const facts = frame.at(plain.level);
      const parts = partsOf(plain, frame);
      let greatest = truthOf(parts, frame, facts);
      for (let index = 0; index < waiving.length && greatest !== true; index += 1) {
        const reading = waiving[index]!;
        const truth = truthOf(partsOf(reading, frame), frame, frame.at(reading.level));
        if (truth !== false) greatest = truth;
        if (truth === true) blame({ code: "waived", policy, rule: reading.waiver! });
      }
      if (greatest === false) blameParts(parts, frame, facts, blame);
      return greatest;
    },
    addObligations: (frame, found) => {
      if (frame.deletion) return;
      const facts = frame.at(plain.level);
      for (const { duty, binds } of duties) if (binds(frame, facts) !== false) found.push(obligations[duty]!);
    },
    endAfter: (now) => {
      for (let index = 0; index < ends.length; index += 1) if (ends[index]! > now) return ends[index]!;
      return Infinity;
    },
  };
}
