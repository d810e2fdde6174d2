export { startKms } from "./server.ts";
export type { KmsServer } from "./server.ts";
export type { KmsOptions } from "./options.ts";
export type { Principal } from "./caller.ts";
export type { FaultName, FaultPlan, FaultRule } from "./fault-plan.ts";
export type { Quota } from "./throttle.ts";
export { StateFileError } from "./state-file.ts";
export type { TrailEvent } from "./trail.ts";
