// The browser's twin of what opens files: a browser has none to open, and a caller learns so at once.
import type { FileReader } from "./content-file.ts";
import type { ReceiptFile } from "./receipt-file.ts";

/** Throws TypeError: content in a browser is bytes, a `ContentReader` over a Blob, or a stream. */
export function openFile(_path: string): Promise<FileReader> {
  throw new TypeError("a browser opens no files: pass bytes, a reader or a stream as content");
}

/** Throws TypeError: receipts in a browser go to a sink of the caller's, or are read by `readReceiptFile`. */
export function openReceiptFile(_file: string): ReceiptFile {
  throw new TypeError("a browser opens no files: pass a receipt sink of your own");
}

export type { FileReader, ReceiptFile };
