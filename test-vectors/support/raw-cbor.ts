// A CBOR writer without rules: what the strict encoder refuses to write, vectors need. It is no codec of the product.
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";

/** Bytes that stand in a structure as they are. */
export class Raw {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array | string) {
    this.bytes = typeof bytes === "string" ? Buffer.from(bytes, "hex") : bytes;
  }
}

/** A map with its entries in the order given, twice the same key included. */
export class Entries {
  readonly entries: readonly (readonly [Loose, Loose])[];

  constructor(entries: readonly (readonly [Loose, Loose])[]) {
    this.entries = entries;
  }
}

/** What the writer takes. */
export type Loose = CborValue | Raw | Entries | readonly Loose[] | ReadonlyMap<number | string, Loose>;

function head(major: number, count: number): Uint8Array {
  const bytes = encodeCbor(count);
  bytes[0] = (bytes[0] ?? 0) | (major << 5);
  return bytes;
}

/** Bytes of a value; raw parts and entries as they are given, everything else as the strict encoder writes it. */
export function encodeRaw(value: Loose): Uint8Array {
  if (value instanceof Raw) return value.bytes;
  if (value instanceof Entries) {
    return Buffer.concat([head(5, value.entries.length), ...value.entries.flatMap((entry) => entry.map(encodeRaw))]);
  }
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...(value as Loose[]).map(encodeRaw)]);
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<number | string, Loose>)].map(
      ([key, item]) => [encodeRaw(key), encodeRaw(item)] as const,
    );
    entries.sort(([a], [b]) => Buffer.compare(a, b));
    return Buffer.concat([head(5, entries.length), ...entries.flat()]);
  }
  return encodeCbor(value as CborValue);
}
