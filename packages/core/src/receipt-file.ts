// A receipt log in a file (receipt-entries.ts has its form). Entries are synced before append resolves.
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { nameOf } from "./artifact.ts";
import type { Clock } from "./clock.ts";
import { FormatError } from "./errors.ts";
import { countUnderRoot, createReceiptLog, decodeReceiptEntry } from "./receipt.ts";
import { readReceiptFile, receiptFileMagic } from "./receipt-entries.ts";
import type { ReceiptLog, StoredReceipt } from "./receipt.ts";
import type { Digest } from "./shape.ts";

/** A receipt log in a file; `close` ends it. */
export interface ReceiptFile extends ReceiptLog {
  close(): void;
}

/** What a further emitter needs of the entries before it: the last receipt's name, and the receipts after the last root. */
function endOf(entries: readonly Uint8Array[]): { lastKnown: Digest | null; unrooted: StoredReceipt[] } {
  let lastKnown: Digest | null = null;
  let unrooted: StoredReceipt[] = [];
  for (const entry of entries.map(decodeReceiptEntry)) {
    if ("root" in entry) unrooted = unrooted.slice(countUnderRoot(entry.root));
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
    if (content.length === 0) writeSync(descriptor, receiptFileMagic);
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
