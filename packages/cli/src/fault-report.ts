// How a fault reads: its code, one sentence, the next step. No stack, unless WRIT_DEBUG asks for it.
import { CommanderError } from "commander";
import type { ErrorCode } from "@writ/core";
import { exitCodes, exits, nextStep } from "./exit-codes.ts";
import { Interrupted, UsageError } from "./fault.ts";
import type { Io } from "./io.ts";
import { printable, render, write } from "./print.ts";

/** A fault as `--json` shows it. */
export interface FaultJson {
  /** A code of the spec, or `usage`, `interrupted`, `internal`. */
  readonly code: string;
  readonly exit: number;
  readonly message: string;
  /** What to do, in one sentence. */
  readonly next: string;
  /** Where in the input: a JSON pointer, a member path or a file name. */
  readonly path?: string;
}

function isKnown(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(exitCodes, code);
}

function codeOf(error: Error): ErrorCode | null {
  return "code" in error && "retryable" in error && isKnown(error.code) ? error.code : null;
}

/** What went wrong, for people and programs. Spec: CLI-2. */
export function describeFault(error: unknown): FaultJson {
  if (error instanceof UsageError)
    return {
      code: "usage",
      exit: exits.usage,
      message: error.message,
      next: error.next ?? nextStep(null, exits.usage),
    };
  if (error instanceof CommanderError) {
    const message =
      error.code === "commander.help"
        ? "no command is given"
        : error.message
            .replace(/^error: /, "")
            .replace(/\n\(/, " (")
            .replaceAll("'", "`");
    return { code: "usage", exit: exits.usage, message, next: nextStep(null, exits.usage) };
  }
  if (error instanceof Interrupted)
    return {
      code: "interrupted",
      exit: exits.interrupted,
      message: error.message,
      next: nextStep(null, exits.interrupted),
    };
  const code = error instanceof Error ? codeOf(error) : null;
  if (code === null || !(error instanceof Error))
    return {
      code: "internal",
      exit: exits.internal,
      message: "something went wrong that should not",
      next: nextStep(null, exits.internal),
    };
  const exit = exitCodes[code];
  const path = "path" in error && typeof error.path === "string" && error.path !== "" ? { path: error.path } : {};
  return { code, exit, message: error.message, next: nextStep(code, exit), ...path };
}

/** A fault on stderr, and as the one object of `--json`; returns the exit code. Spec: CLI-2. */
export async function reportFault(error: unknown, io: Io, json: boolean): Promise<number> {
  const fault = describeFault(error);
  const place = fault.path === undefined || fault.message.includes(fault.path) ? "" : ` (at ${fault.path})`;
  const lines = [
    { text: `writ: ${fault.code}: ${fault.message}${place}`, tone: "bad" as const },
    `  next: ${fault.next}`,
  ];
  const debug = (io.env["WRIT_DEBUG"] ?? "") !== "" && error instanceof Error ? (error.stack ?? "").split("\n") : [];
  try {
    await write(io.stderr, render([...lines, ...debug], io.stderr, io.env));
    if (json) await write(io.stdout, `${printable(JSON.stringify({ error: fault }))}\n`);
  } catch {
    // nobody is listening any more; the exit code still tells
  }
  return fault.exit;
}
