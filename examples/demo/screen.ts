// What the demo prints: headings, aligned columns, bars. Colour only on a terminal.
import { styleText } from "node:util";

type Colour = Parameters<typeof styleText>[0];

/** Text in a colour where stdout is a terminal that wants it. */
export function paint(colour: Colour, text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}

export function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

export function heading(number: number, title: string): void {
  print();
  print(paint("bold", `${number}  ${title}`));
}

/** True for a column of numbers and sizes, its heading aside. */
function isNumeric(rows: readonly (readonly (string | number)[])[], column: number): boolean {
  return rows.slice(1).every((row) => /^([\d,.]+( (B|s))?)?$/.test(String(row[column] ?? "")));
}

/** Text in columns; numbers to the right. Widths are taken before colours are laid on. */
export function table(
  rows: readonly (readonly (string | number)[])[],
  colours: readonly (Colour | undefined)[] = [],
): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? "").length)));
  const right = widths.map((_, column) => isNumeric(rows, column));
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      const text = right[column] ? String(cell).padStart(width) : String(cell).padEnd(width);
      const colour = colours[column];
      return colour === undefined ? text : paint(colour, text);
    });
    print(`   ${cells.join("  ")}`.trimEnd());
  }
}

/** 1224158 as `1,224,158`. */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

/** The first characters of a digest, enough to tell them apart by eye. */
export function short(digest: string): string {
  const [alg, hex = ""] = digest.split(":");
  return `${alg ?? ""}:${hex.slice(0, 12)}…`;
}

/** A bar of eighths of a character. */
export function bar(value: number, perCharacter: number): string {
  const eighths = Math.round((value / perCharacter) * 8);
  const rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8] ?? "";
  return "█".repeat(Math.floor(eighths / 8)) + rest;
}
