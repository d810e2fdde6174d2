// JSON text as Writ takes it: strict, and without duplicate member names, which parsers resolve in different ways.
import { FormatError } from "./errors.ts";

const strings = /"(?:[^"\\]|\\.)*"/gs;

function countMembers(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countMembers(item), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + 1 + countMembers(item), 0);
}

function maxNesting(skeleton: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of skeleton) {
    if (character === "{" || character === "[") deepest = Math.max(deepest, (depth += 1));
    else if (character === "}" || character === "]") depth -= 1;
  }
  return deepest;
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
  const skeleton = text.replace(strings, ""); // linear now that every string is known to end
  if (maxNesting(skeleton) > 64) throw new FormatError("json-invalid", "JSON nested deeper than 64");
  const written = skeleton.split(":").length - 1;
  if (written !== countMembers(value)) throw new FormatError("json-duplicate-member", "an object names a member twice");
  return value;
}
