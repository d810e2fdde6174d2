// The bytes of a receipt file: a magic, then entries, each behind its length of four bytes.
import { equalBytes } from "./cbor.ts";
import { FormatError } from "./errors.ts";

/** What a receipt file begins with. */
export const receiptFileMagic: Uint8Array = new TextEncoder().encode("WRITREC1");

const maxEntryBytes = 2 << 20;

/** Whole entries of a receipt file, and how many bytes they take: a torn last entry was never durable and is left out. Throws FormatError. Spec: REC-6. */
export function readReceiptFile(content: Uint8Array): {
  readonly entries: readonly Uint8Array[];
  readonly wholeBytes: number;
} {
  if (!equalBytes(content.subarray(0, receiptFileMagic.length), receiptFileMagic))
    throw new FormatError("format-unknown", "the input is not a receipt file");
  const lengths = new DataView(content.buffer, content.byteOffset, content.length);
  const entries: Uint8Array[] = [];
  let at = receiptFileMagic.length;
  while (at + 4 <= content.length) {
    const length = lengths.getUint32(at);
    if (length > maxEntryBytes) throw new FormatError("input-too-large", "an entry of the receipt file is too long");
    if (at + 4 + length > content.length) break;
    entries.push(content.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { entries, wholeBytes: at };
}
