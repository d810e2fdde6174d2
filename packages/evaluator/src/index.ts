export { createEvaluator } from "./evaluator.ts";
export type { EvaluatorOptions } from "./evaluator.ts";
export type { Taxonomy } from "./taxonomy.ts";
export { taxonomyDigest } from "./taxonomy.ts";
export { admittedPurposes } from "./admitted-purposes.ts";
