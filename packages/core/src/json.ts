// JSON text as Writ takes it: strict, and without duplicate member names, which parsers resolve in different ways.
import { FormatError } from "./errors.ts";

function countMembers(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countMembers(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + 1 + countMembers(item), 0);
}

/** Where the string that begins at `start` ends: at the first quote behind an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let from = end;
    while (text[from - 1] === "\\") from -= 1;
    if ((end - from) % 2 === 0) return end;
  }
}

/** How many members are written, and how deep it nests: by what stands outside strings. Walked, for a pattern's memory grows with a string. */
function written(text: string): { readonly members: number; readonly nesting: number } {
  let members = 0;
  let depth = 0;
  let nesting = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at);
    else if (sign === ":") members += 1;
    else if (sign === "{" || sign === "[") nesting = Math.max(nesting, (depth += 1));
    else if (sign === "}" || sign === "]") depth -= 1;
  }
  return { members, nesting };
}

/**
 * The value of JSON text of at most `maxLength` characters and 64 levels. A duplicate member shows as a colon too many: every
 * member written has one outside strings, every member kept is counted. Throws FormatError `json-invalid`, `json-duplicate-member`, `input-too-large`.
 */
export function parseJson(text: string, maxLength: number = 1 << 20): unknown {
  if (text.length > maxLength)
    throw new FormatError("input-too-large", `JSON of ${text.length} characters where at most ${maxLength} are read`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FormatError("json-invalid", "the text is not JSON");
  }
  const { members, nesting } = written(text); // every string is known to end
  if (nesting > 64) throw new FormatError("json-invalid", "JSON nested deeper than 64");
  if (members !== countMembers(value)) throw new FormatError("json-duplicate-member", "an object names a member twice");
  return value;
}
