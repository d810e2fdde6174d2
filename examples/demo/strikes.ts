// The analysis: bird strikes a year and size of animal, from the FAA's records as CSV.
import { bar, print } from "./screen.ts";

/** Strikes of one year and size. */
export interface Group {
  readonly year: string;
  readonly size: string;
  readonly strikes: number;
}

const sizes = ["Small", "Medium", "Large"];

/** Rows of a CSV text without quoted fields. TypeError where a row has not as many fields as the first. */
function parseRows(text: string): readonly Readonly<Record<string, string>>[] {
  const [header = "", ...lines] = text.trimEnd().split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line, index) => {
    const fields = line.split(",");
    if (line.includes('"') || fields.length !== names.length)
      throw new TypeError(`line ${index + 2} is not ${names.length} plain fields`);
    return Object.fromEntries(names.map((name, column) => [name, fields[column]!]));
  });
}

/** Counts rows by two columns. */
function countBy(
  rows: readonly Readonly<Record<string, string>>[],
  key: (row: Readonly<Record<string, string>>) => string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return counts;
}

/** Strikes a year and size of animal, and the size of the smallest group. */
export function strikesByYear(csv: string): {
  readonly groups: readonly Group[];
  readonly rows: number;
  readonly k: number;
} {
  const rows = parseRows(csv);
  const counts = countBy(rows, (row) => `${row["Flight Date"]!.slice(0, 4)},${row["Wildlife Size"]!}`);
  const groups = [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, strikes]): Group => {
      const [year = "", size = ""] = key.split(",");
      return { year, size, strikes };
    });
  return { groups, rows: rows.length, k: Math.min(...counts.values()) };
}

/** Rows behind the rarest pair of airport and species: a table of those would show single events. */
export function rarestPair(csv: string): number {
  return Math.min(...countBy(parseRows(csv), (row) => `${row["Airport Name"]!},${row["Wildlife Species"]!}`).values());
}

/** The aggregate as it is sealed. */
export function toCsv(groups: readonly Group[]): string {
  return [
    "year,wildlife_size,strikes",
    ...groups.map(({ year, size, strikes }) => `${year},${size},${strikes}`),
    "",
  ].join("\n");
}

/** Shows what was read from the child. */
export function printStrikes(csv: string): void {
  const groups = parseRows(csv);
  const strikes = (year: string, size: string): number =>
    Number(groups.find((row) => row["year"] === year && row["wildlife_size"] === size)?.["strikes"] ?? 0);
  print(`   year   ${sizes.map((size) => size.toLowerCase().padEnd(26)).join("")}`.trimEnd());
  for (const year of new Set(groups.map((row) => row["year"]!))) {
    const cells = sizes.map(
      (size) => `${String(strikes(year, size)).padStart(4)} ${bar(strikes(year, size), 32).padEnd(21)}`,
    );
    print(`   ${year} ${cells.join("")}`.trimEnd());
  }
}
