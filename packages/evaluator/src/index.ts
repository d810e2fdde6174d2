export { createEvaluator } from "./evaluator.ts";
export type { EvaluatorOptions } from "./evaluator.ts";
export { taxonomyDigest } from "./taxonomy.ts";
export type { Taxonomy } from "./taxonomy.ts";
export { admittedPurposes } from "./admitted-purposes.ts";
export { explain, explainDecision } from "./explain.ts";
export { joinLabel } from "./label.ts";
export type { ByLayer, JoinedLimits, Label } from "./label.ts";
export { odrl } from "./odrl.ts";
export type { OdrlExportOptions, OdrlImportOptions } from "./odrl.ts";
export { simulate } from "./simulate.ts";
export type {
  SimulatedCase,
  SimulatedDecision,
  SimulatedDifference,
  Simulation,
  SimulationOptions,
} from "./simulate.ts";
export { templates } from "./templates.ts";
export type { Template } from "./templates.ts";
export { principalFromJwt } from "./principal.ts";
export type { PrincipalOptions, TokenPrincipal } from "./principal.ts";
export type { ClaimMap, ClaimPath, ClaimSource, Principals, SharedFact } from "./principal-claims.ts";
export type { FetchKeys, KeySet, PrincipalKeys, RemoteKeys } from "./principal-keys.ts";
export type { TokenAlgorithm } from "./principal-token.ts";
export { govern } from "./governed.ts";
export type { Derived, Governed } from "./governed.ts";
export type { GovernAsOptions, GovernOptions, Used } from "./governed-use.ts";
export type { Forms } from "./governed-form.ts";
export type { DerivedBytes, DerivingOptions } from "./governed-derive.ts";
export { governRecords } from "./governed-records.ts";
export type {
  GovernedRecord,
  GovernedRecords,
  LeftOut,
  ReasonCount,
  RecordsOptions,
  UsedRecords,
} from "./governed-records.ts";
