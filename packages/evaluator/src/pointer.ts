// JSON pointers, and errors that carry one.
import { PolicyError } from "@writ/core";
import type { PolicyCode } from "@writ/core";

/** The pointer one step further. Source: RFC 6901. */
export function at(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Throws a PolicyError for the value at `pointer`. */
export function refuse(code: PolicyCode, pointer: string, message: string): never {
  throw new PolicyError(code, message, { path: pointer });
}
