// Where receipts go: a log file that several runs may append to, one at a time, its receipts rooted when a run ends.
import { closeSync, openSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { FormatError, openReceiptFile } from "@writ/core";
import type { Digest, ReceiptBody, ReceiptFile, ReceiptSink, Signer } from "@writ/core";
import { UsageError } from "./fault.ts";
import type { Home } from "./home.ts";
import type { Io } from "./io.ts";
import { faultCode } from "./print.ts";

const waitMs = 20;
const patienceMs = 10_000;

/** Runs `task` while no other run holds the log. A run that was killed leaves its lock behind; the message says which. */
async function locked<T>(file: string, task: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  let descriptor: number | null = null;
  for (let waited = 0; descriptor === null; waited += waitMs) {
    try {
      descriptor = openSync(lock, "wx", 0o600);
    } catch (fault) {
      if (faultCode(fault) !== "EEXIST")
        throw new FormatError("output-unwritable", `\`${lock}\` can't be written (${faultCode(fault)})`, {
          path: lock,
        });
      if (waited >= patienceMs)
        throw new FormatError("output-unwritable", `another run is writing receipts: if none is, remove \`${lock}\``, {
          path: lock,
          retryable: true,
        });
      await setTimeout(waitMs);
    }
  }
  try {
    return await task();
  } finally {
    closeSync(descriptor);
    rmSync(lock, { force: true });
  }
}

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
