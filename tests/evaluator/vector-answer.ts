// What the evaluator answers to a decision vector, in the words of the vector.
import { readText } from "../support/repository.ts";
import { asking, decided } from "../support/decision-answers.ts";
import type { DecisionVector } from "./vector-files.ts";

const prefixes = JSON.parse(readText("packages/evaluator/taxonomies/prefixes.json")) as Record<string, string>;

/** Each once, in order. */
export function sorted(items: Iterable<string>): string[] {
  return [...new Set(items)].sort();
}

/** Whom a vector asks, under which layers and state. */
export function questionOf(vector: DecisionVector): ReturnType<typeof asking> {
  return asking(vector, prefixes);
}

/** What the evaluator says, in the words of the vector. */
export function answer(vector: DecisionVector): unknown {
  return decided(vector, prefixes);
}
