export { run } from "./run.ts";
export { exitCodes } from "./exit-codes.ts";
export type { Io, Sink } from "./io.ts";
