// How many vectors there are: what is accepted or decided, and what is refused with a code.
import { readFileSync, readdirSync } from "node:fs";

/** Outcomes of one file: cases of their own (`cases`, `tests`), or one with an `expect`. */
function outcomesOf(vector) {
  if (Array.isArray(vector.cases)) return vector.cases.map(({ code }) => code);
  return vector.expect === undefined ? [undefined] : [vector.expect.code];
}

/** Flags of one file: its own, or those of its cases. */
function flagsOf(vector) {
  const holders = Array.isArray(vector.cases) ? vector.cases : [vector];
  return holders.flatMap(({ flags = [] }) => flags);
}

/** One line a folder, one in all, and one a flag. */
export function tally(root) {
  const folders = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length));
  const counts = new Map();
  const flagged = new Map();
  for (const path of folders) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const count = counts.get(folder) ?? { accepted: 0, refused: 0 };
    const vector = JSON.parse(readFileSync(`${root}${path}`, "utf8"));
    for (const code of outcomesOf(vector)) count[code === undefined ? "accepted" : "refused"] += 1;
    for (const flag of flagsOf(vector)) flagged.set(flag, (flagged.get(flag) ?? 0) + 1);
    counts.set(folder, count);
  }
  const all = [...counts.values()];
  const sum = (outcome) => all.reduce((total, count) => total + count[outcome], 0);
  const lines = [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, { accepted, refused }]) => ({ folder, accepted, refused }));
  const byFlag = [...flagged].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([flag, count]) => `flag ${flag}: ${count}`);
  const byFolder = [...lines, { folder: "all", accepted: sum("accepted"), refused: sum("refused") }].map(
    ({ folder, accepted, refused }) => `${folder}: ${accepted} accepted, ${refused} refused`,
  );
  return [...byFolder, ...byFlag];
}
