import { invalid } from "./fault.ts";

/** The pairs a caller binds to a ciphertext, as sent. */
export type EncryptionContext = ReadonlyMap<string, string>;

const maxBytes = 8192;

/** Throws ValidationException when names and values together exceed 8192 bytes of UTF-8. */
export function assertContextSize(context: EncryptionContext): void {
  let size = 0;
  for (const [name, value] of context) size += Buffer.byteLength(name) + Buffer.byteLength(value);
  if (size > maxBytes) throw invalid(`EncryptionContext is larger than ${maxBytes} bytes`);
}

/**
 * The context as authenticated data: a count, then the pairs in byte order, every part with its
 * length before it. Two different contexts therefore never give the same bytes, and order of
 * writing doesn't matter. Names and values are well-formed text, compared case by case.
 */
export function encodeContext(context: EncryptionContext): Buffer {
  const pairs = [...context].map(([name, value]) => Buffer.concat([part(name), part(value)]));
  pairs.sort((a, b) => Buffer.compare(a, b));
  return Buffer.concat([uint32(pairs.length), ...pairs]);
}

function part(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
