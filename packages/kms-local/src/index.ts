export { startKms } from "./server.ts";
export type { KmsOptions, KmsServer } from "./server.ts";
export type { Principal } from "./caller.ts";
export { StateFileError } from "./state-file.ts";
export type { TrailEvent } from "./trail.ts";
