// Faults of a file system as errors with a code, and which of them pass.
import { FormatError } from "@writ/core";

/** The system's name of a fault, `unknown` for what has none. */
export function faultCode(fault: unknown): string {
  return fault instanceof Error && "code" in fault ? String(fault.code) : "unknown";
}

/** Faults of the machine that pass: a full disk is emptied, a busy one is free again. Others are of the file. */
const passing: ReadonlySet<string> = new Set([
  "EAGAIN",
  "EBUSY",
  "EDQUOT",
  "EIO",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "ENOSPC",
  "ESTALE",
  "ETIMEDOUT",
]);

/** `input-unreadable`; `why` is a fault's code or a few words. Spec: RAN-14. */
export function unreadable(path: string, why: string): FormatError {
  return new FormatError("input-unreadable", `\`${path}\` can't be read (${why})`, {
    path,
    retryable: passing.has(why),
  });
}

/** `output-unwritable`; a FormatError stays what it is. Spec: RAN-8. */
export function unwritable(path: string, fault: unknown): FormatError {
  if (fault instanceof FormatError) return fault;
  const code = faultCode(fault);
  return new FormatError("output-unwritable", `\`${path}\` can't be written (${code})`, {
    path,
    retryable: passing.has(code),
  });
}
