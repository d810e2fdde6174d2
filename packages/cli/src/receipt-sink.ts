// Where receipts go: a log file that several runs may append to, one at a time, its receipts rooted when a run ends.
import { resolve } from "node:path";
import { openReceiptFile } from "@writ/core";
import type { Digest, ReceiptBody, ReceiptFile, ReceiptSink, Signer } from "@writ/core";
import { UsageError } from "./fault.ts";
import { locked } from "./file-lock.ts";
import type { Home } from "./home.ts";
import type { Io } from "./io.ts";

/** A receipt log in a file. Spec: CLI-13. */
export class ReceiptLogSink implements ReceiptSink {
  readonly path: string;
  #file: ReceiptFile | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** The log is opened within the first append, so that no other run comes between its last receipt and ours. */
  append(body: ReceiptBody): Promise<Digest> {
    return locked(this.path, () => (this.#file ??= openReceiptFile(this.path)).append(body));
  }

  /** Signs a root over every receipt of the log that none covers yet, those of interrupted runs included. */
  async signRoot(signer: Signer): Promise<void> {
    if (this.#file === null) return;
    await locked(this.path, async () => {
      const whole = openReceiptFile(this.path);
      try {
        await whole.signRoot(signer);
      } finally {
        whole.close();
      }
    });
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }
}

/** The sink that `--receipts` names: a file, `none`, or the home's log. */
export function receiptSink(io: Io, home: Home | null, option: string | undefined): ReceiptLogSink | "none" {
  if (option === "none") return "none";
  if (option !== undefined) return new ReceiptLogSink(resolve(io.cwd, option));
  if (home) return new ReceiptLogSink(home.paths.receipts);
  throw new UsageError(
    "there is no home to keep receipts in",
    "name a log with --receipts FILE, or write --receipts none",
  );
}

/** Ends a sink: its receipts are rooted by the home's receipt signer where there is one. */
export async function endReceipts(sink: ReceiptLogSink | "none", home: Home | null): Promise<void> {
  if (sink === "none") return;
  try {
    const signer = home?.signers.find(({ role }) => role === "receipt");
    if (home && signer) await sink.signRoot(await home.signer("receipt", signer.suite));
  } finally {
    sink.close();
  }
}
