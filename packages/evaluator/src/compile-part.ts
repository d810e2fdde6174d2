// A conjunct's rule as closures: whether it holds, and, once the layer denies, what to blame. Spec: EVL-6, RSN-1.
import { operations } from "@writ/core";
import type { DecisionReason, Digest } from "@writ/core";
import { allBits } from "./compile-frame.ts";
import type { AssuredFacts, Frame, LinkFacts } from "./compile-frame.ts";
import type { Truth } from "./compile-truth.ts";
import type { TermSet } from "./purpose-graph.ts";

/** Takes a reason; one that is there already is left out. */
export type Blame = (reason: DecisionReason) => void;

/** A rule of a compiled layer. */
export interface CompiledPart {
  /** Operations as bits: where none of them is asked for, the part holds. */
  readonly concerns: number;
  /** Allocates nothing. */
  holds(frame: Frame, facts: AssuredFacts): Truth;
  /** Gives the reasons of a rule that doesn't hold, in the order of the interpreter. */
  blame(frame: Frame, facts: AssuredFacts, blame: Blame): void;
}

/** What all reasons of a part have in common. */
export interface Cause {
  readonly code: string;
  readonly policy: Digest;
  readonly rule?: string;
}

/** A part with one reason, known in advance. */
export function singlePart(
  reason: DecisionReason,
  holds: (frame: Frame, facts: AssuredFacts) => Truth,
  concerns: number = allBits,
): CompiledPart {
  Object.freeze(reason);
  return { concerns, holds, blame: (_frame, _facts, blame) => blame(reason) };
}

/** Each requested purpose passes alone. */
export function purposePart(
  cause: Cause,
  passes: (frame: Frame, place: number, purpose: string) => boolean,
): CompiledPart {
  return {
    concerns: allBits,
    holds: (frame) => {
      for (let index = 0; index < frame.purposeCount; index += 1) {
        if (!passes(frame, frame.places[index]!, frame.purposes[index]!)) return false;
      }
      return true;
    },
    blame: (frame, _facts, blame) => {
      for (let index = 0; index < frame.purposeCount; index += 1) {
        const subject = frame.purposes[index]!;
        if (!passes(frame, frame.places[index]!, subject)) blame({ ...cause, subject });
      }
    },
  };
}

/** Every link of the chain passes, and `last`, where it applies. */
export function chainPart(
  cause: Cause,
  member: string,
  passes: (link: LinkFacts) => Truth,
  last?: { readonly subject: string; readonly holds: (frame: Frame, facts: AssuredFacts) => Truth },
): CompiledPart {
  return {
    concerns: allBits,
    holds: (frame, facts) => {
      let least: Truth = last ? last.holds(frame, facts) : true;
      for (let index = 0; index < facts.linkCount && least !== false; index += 1) {
        const truth = passes(facts.links[index]!);
        if (truth !== true) least = truth;
      }
      return least;
    },
    blame: (frame, facts, blame) => {
      for (const link of facts.links.slice(0, facts.linkCount)) {
        if (passes(link) === false) blame({ ...cause, subject: `${link.path}.${member}` });
      }
      if (last?.holds(frame, facts) === false) blame({ ...cause, subject: last.subject });
    },
  };
}

/** Of a list, what an operation concerns: made once for each slot of a frame. */
export function byOperation<T>(
  items: readonly T[],
  concerns: (item: T, asked: number) => boolean,
): (frame: Frame) => readonly T[] {
  const lists: (readonly T[] | undefined)[] = Array.from({ length: 2 * operations.length }, () => undefined);
  return ({ asked, slot }) => (lists[slot] ??= items.filter((item) => concerns(item, asked)));
}

/** All terms of these sets. */
export function unionOf(sets: readonly TermSet[], terms: number): TermSet {
  const union = new Uint8Array(terms + 1);
  for (const set of sets) set.forEach((bit, place) => (union[place]! |= bit));
  return union;
}

/** Whether a requested purpose is in the set. */
export function anyPurposeIn(frame: Frame, set: TermSet): boolean {
  for (let index = 0; index < frame.purposeCount; index += 1) if (set[frame.places[index]!] === 1) return true;
  return false;
}

/** Whether every requested purpose is in the set. */
export function allPurposesIn(frame: Frame, set: TermSet): boolean {
  for (let index = 0; index < frame.purposeCount; index += 1) if (set[frame.places[index]!] !== 1) return false;
  return true;
}
