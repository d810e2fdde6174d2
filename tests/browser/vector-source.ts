// The vectors of this checkout, as answers are made to them.
import type { ContentVector } from "../../test-vectors/content.ts";
import { storedBytes } from "../../test-vectors/content.ts";
import { readText, repositoryFiles } from "../support/repository.ts";
import { vectorSets } from "../support/vector-answers.ts";
import type { VectorSet, VectorSource } from "../support/vector-answers.ts";

/** Everything but what is stored for content, which is made when it is asked for. */
export type VectorTexts = Omit<VectorSource, "stored">;

function filesIn(folder: string): readonly string[] {
  const pattern = new RegExp(`^test-vectors/${folder}/[^/]+\\.json$`);
  return repositoryFiles().filter((path) => pattern.test(path));
}

/** Reads all of them. */
export function readVectorTexts(): VectorTexts {
  return {
    vectors: Object.fromEntries(
      vectorSets.map((set) => [set, filesIn(set).map((path): unknown => JSON.parse(readText(path)))]),
    ) as unknown as Record<VectorSet, readonly unknown[]>,
    trust: Object.fromEntries(filesIn("trust").map((path) => [path.slice(path.lastIndexOf("/") + 1), readText(path)])),
    prefixes: JSON.parse(readText("packages/evaluator/taxonomies/prefixes.json")) as Record<string, string>,
  };
}

/** What is stored for a vector of content. */
export function storedOf({ vectors }: VectorTexts, name: string): Uint8Array | null {
  const vector = (vectors.content as readonly ContentVector[]).find((one) => one.name === name);
  return vector === undefined ? null : storedBytes(vector);
}
