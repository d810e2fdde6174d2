// A receipt log in a file: a magic, then entries, each behind its length. Entries are synced before append resolves.
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { nameOf } from "./artifact.ts";
import type { Clock } from "./clock.ts";
import { FormatError } from "./errors.ts";
import { createReceiptLog, decodeReceiptEntry } from "./receipt.ts";
import type { ReceiptLog, StoredReceipt } from "./receipt.ts";
import type { Digest } from "./shape.ts";

const magic = Buffer.from("WRITREC1", "ascii");
const maxEntryBytes = 2 << 20;

/** A receipt log in a file; `close` ends it. */
export interface ReceiptFile extends ReceiptLog {
  close(): void;
}

/** Whole entries of a receipt file, and how many bytes they take: a torn last entry was never durable and is left out. Throws FormatError. Spec: REC-6. */
export function readReceiptFile(content: Uint8Array): {
  readonly entries: readonly Uint8Array[];
  readonly wholeBytes: number;
} {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  if (!bytes.subarray(0, magic.length).equals(magic))
    throw new FormatError("format-unknown", "the input is not a receipt file");
  const entries: Uint8Array[] = [];
  let at = magic.length;
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    if (length > maxEntryBytes) throw new FormatError("input-too-large", "an entry of the receipt file is too long");
    if (at + 4 + length > bytes.length) break;
    entries.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { entries, wholeBytes: at };
}

/** What a further emitter needs of the entries before it: the last receipt's name, and the receipts after the last root. */
function endOf(entries: readonly Uint8Array[]): { lastKnown: Digest | null; unrooted: StoredReceipt[] } {
  let lastKnown: Digest | null = null;
  let unrooted: StoredReceipt[] = [];
  for (const entry of entries.map(decodeReceiptEntry)) {
    if ("root" in entry) unrooted = [];
    else {
      lastKnown = nameOf(entry.receipt);
      unrooted.push(entry);
    }
  }
  return { lastKnown, unrooted };
}

/** Opens or creates (0600) a receipt file for appending; one writer at a time. Throws FormatError `format-unknown`, `output-unwritable`. Spec: REC-6. */
export function openReceiptFile(file: string, options: { readonly clock?: Clock } = {}): ReceiptFile {
  let descriptor: number;
  try {
    descriptor = openSync(file, "a+", 0o600);
  } catch (cause) {
    throw new FormatError("output-unwritable", `receipt file \`${file}\` can't be written`, { path: file, cause });
  }
  let before = endOf([]);
  try {
    const content = readFileSync(file);
    if (content.length === 0) writeSync(descriptor, magic);
    else {
      const { entries, wholeBytes } = readReceiptFile(content);
      if (wholeBytes < content.length) ftruncateSync(descriptor, wholeBytes);
      before = endOf(entries);
    }
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  const write = (entry: Uint8Array): Promise<void> => {
    const framed = Buffer.alloc(4 + entry.length);
    framed.writeUInt32BE(entry.length, 0);
    framed.set(entry, 4);
    const size = fstatSync(descriptor).size;
    try {
      if (writeSync(descriptor, framed) !== framed.length)
        throw new FormatError("output-unwritable", `receipt file \`${file}\` took only part of an entry`, {
          path: file,
        });
      fsyncSync(descriptor);
    } catch (error) {
      ftruncateSync(descriptor, size); // what was not durable as a whole must not stand before the next entry
      throw error;
    }
    return Promise.resolve();
  };
  const log = createReceiptLog({ write, ...before, ...(options.clock ? { clock: options.clock } : {}) });
  return { ...log, close: () => closeSync(descriptor) };
}
