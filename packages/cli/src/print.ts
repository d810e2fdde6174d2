// Text for people and JSON for programs. What an artifact says is written by others: nothing of it reaches a terminal raw.
import { styleText } from "node:util";
import type { Io, Sink } from "./io.ts";

/** How a line is meant. */
export type Tone = "good" | "bad" | "quiet" | "strong";

/** A line of text; with a tone it has a colour where colours are shown. */
export type Line = string | { readonly text: string; readonly tone: Tone };

const styles = { good: "green", bad: "red", quiet: "dim", strong: "bold" } as const;
// Controls, format characters and line separators: they could redraw, reorder or forge what a terminal shows.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function escaped(found: string): string {
  if (found === "\t") return found;
  return found
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** One line of text with whatever could steer a terminal written as `\uXXXX`; inside JSON strings that is the same text. Spec: CLI-9. */
export function printable(text: string): string {
  return text.replace(unsafe, escaped);
}

/** True where a stream shows colours. Spec: CLI-7. */
function coloured({ isTTY }: Sink, env: Io["env"]): boolean {
  return isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

/** Lines as they go to a stream. */
export function render(lines: readonly Line[], sink: Sink, env: Io["env"]): string {
  const colours = coloured(sink, env);
  return lines
    .map((line) => {
      const text = printable(typeof line === "string" ? line : line.text);
      return typeof line === "string" || !colours
        ? `${text}\n`
        : `${styleText(styles[line.tone], text, { validateStream: false })}\n`;
    })
    .join("");
}

/** Writes and waits until the stream took it; throws `output-unwritable` where it is full or closed. */
export async function write(sink: Sink, data: string | Uint8Array): Promise<void> {
  if (data.length === 0) return;
  const fault = await new Promise<Error | null | undefined>((resolve) => {
    sink.write(data, resolve);
  });
  if (!fault) return;
  const { FormatError } = await import("@writ/core"); // only here, so that printing help loads nothing
  throw new FormatError("output-unwritable", `the output can't be written (${faultCode(fault)})`);
}

/** The system's name of a fault, such as `ENOENT`. */
export function faultCode(fault: unknown): string {
  return fault instanceof Error && "code" in fault ? String(fault.code) : "unknown";
}

/** A table: columns padded to their widest cell. */
export function table(rows: readonly (readonly string[])[], indent = ""): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0),
  );
  return rows.map((row) =>
    `${indent}${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}

/** `2026-01-31T12:00:00Z` of seconds since the epoch. */
export function instantText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** The first digits of a digest, enough to tell two apart by eye. */
export function short(digest: string): string {
  return digest.replace(/^(sha\d+):([0-9a-f]{16})[0-9a-f]*$/, "$1:$2…");
}
