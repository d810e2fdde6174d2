// The tables that the spec gives as files, for engines that must be told them.
import { readFileSync } from "node:fs";
import type { Links, Vocabulary } from "./decisions-rules.ts";

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../evaluator/taxonomies/${file}`, import.meta.url), "utf8"));
}

const { terms } = read("dpv-2.3.json") as { terms: Links };
const { operations, trainingTerms } = read("operations.json") as Pick<Vocabulary, "operations" | "trainingTerms">;
const { EU, EEA } = read("regions.json") as { EU: readonly string[]; EEA: readonly string[] };

/** DPV, the operations, the groups of regions. */
export const vocabulary: Vocabulary = { links: terms, operations, regionGroups: { EU, EEA }, trainingTerms };
