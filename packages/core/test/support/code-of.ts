import { GovernanceError } from "../../src/errors.ts";

function code(error: unknown): string {
  if (error instanceof GovernanceError) return error.code;
  throw error;
}

/** Code of the GovernanceError that a call throws, or `no error`; anything else that is thrown fails the test. */
export function codeOf(call: () => unknown): string {
  try {
    call();
    return "no error";
  } catch (error) {
    return code(error);
  }
}

/** As `codeOf`, of a promise. */
export async function codeOfAsync(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "no error";
  } catch (error) {
    return code(error);
  }
}
