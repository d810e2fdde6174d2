// One run at a time on a file: a lock beside it, which a run that was killed leaves behind; the message says which.
import { closeSync, openSync, rmSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { FormatError } from "@writ/core";
import { faultCode } from "./print.ts";

const waitMs = 20;
const patienceMs = 10_000;

/** Runs `task` while no other run holds `file`, whose folder exists. Throws `output-unwritable`, retryable where another run holds it. */
export async function locked<T>(file: string, task: () => Promise<T>): Promise<T> {
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
        throw new FormatError(
          "output-unwritable",
          `another run is writing \`${file}\`: if none is, remove \`${lock}\``,
          { path: lock, retryable: true },
        );
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
