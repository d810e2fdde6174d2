// Which errors may leave the library, and how often a property is tried. SLOW=1 tries a hundred times as often.
import { GovernanceError } from "@writ/core";

export const slow = process.env["SLOW"] === "1" ? 100 : 1;

export const runs = (count: number): { numRuns: number } => ({ numRuns: count * slow });

/** Errors that were seen, the first of many. */
export const errors: unknown[] = [];

function note(error: unknown): void {
  if (errors.length < 20_000) errors.push(error);
}

/** Runs a call on what somebody else chose; any error is one of ours with a code. */
export async function ours(call: () => unknown): Promise<string> {
  try {
    await call();
    return "accepted";
  } catch (error) {
    note(error);
    if (error instanceof GovernanceError) return error.code;
    throw new TypeError("another error than one of ours escaped", { cause: error });
  }
}

/** As `ours`, where the caller may also have used the call wrongly. */
export async function oursOrWrongUse(call: () => unknown): Promise<string> {
  try {
    await call();
    return "accepted";
  } catch (error) {
    note(error);
    if (error instanceof GovernanceError) return error.code;
    if (error instanceof TypeError || error instanceof RangeError) return error.constructor.name;
    throw new TypeError("another error than one of ours escaped", { cause: error });
  }
}
