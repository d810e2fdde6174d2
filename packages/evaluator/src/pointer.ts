// JSON pointers, and errors that carry one.
import { PolicyError } from "@writ/core";
import type { PolicyCode } from "@writ/core";

/** A step further than another place; its pointer is written out for faults alone, as most documents have none. */
export class Place {
  readonly from: Pointer;
  readonly step: string | number;

  constructor(from: Pointer, step: string | number) {
    this.from = from;
    this.step = step;
  }

  toString(): string {
    return at(this.from, this.step);
  }
}

/** A pointer, or the place that can tell it. */
export type Pointer = string | Place;

/** The pointer one step further. Source: RFC 6901. */
export function at(pointer: Pointer, step: string | number): string {
  return `${String(pointer)}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Throws a PolicyError for the value at `pointer`. */
export function refuse(code: PolicyCode, pointer: Pointer, message: string): never {
  throw new PolicyError(code, message, { path: String(pointer) });
}
