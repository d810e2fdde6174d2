// A worked example of the spec: what is given, what follows, and how both are written down.
import type { VectorFile } from "./vector.ts";

/** Bytes that are one item of CBOR: the text of the spec shows them in diagnostic notation too. */
export class Encoded {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** What stands in an example; bytes are hex in the file. */
export type ExampleValue = string | number | boolean | null | Uint8Array | Encoded | readonly ExampleValue[] | Members;

/** Named values. */
export interface Members {
  readonly [name: string]: ExampleValue;
}

/** One example. */
export interface Example {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  /** Which rule leads from what is given to what follows: a name that `verify/examples.mjs` knows. */
  readonly computation: string;
  readonly given: Members;
  readonly gives: Members;
}

/** Lower-case hex. */
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function jsonOf(value: ExampleValue): unknown {
  if (value instanceof Encoded) return hex(value.bytes);
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return (value as readonly ExampleValue[]).map(jsonOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value as Members).map(([name, member]) => [name, jsonOf(member)]));
}

/** The file of an example. */
export function exampleFile({ given, gives, ...example }: Example): VectorFile {
  return {
    path: `examples/${example.id}.json`,
    json: { ...example, given: jsonOf(given), gives: jsonOf(gives) },
  };
}
