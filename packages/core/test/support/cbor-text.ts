// CBOR and its values as text, to compare and to write down.

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const bytesOf = (text: string): Buffer => Buffer.from(text, "hex");

/** A value with byte strings as hex and maps as entries, so that two can be compared whatever class holds their bytes. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (value instanceof Map)
    return { entries: [...(value as Map<unknown, unknown>)].map(([key, item]) => [key, plain(item)]) };
  return Array.isArray(value) ? value.map(plain) : value;
}
