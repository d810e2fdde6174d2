// What every part of a trust policy's parser shares: how it refuses, and how it reads a date.
import { FormatError } from "./errors.ts";

/** Refuses a trust policy: throws `trust-schema`. `path` is a JSON pointer. */
export function bad(path: string, message: string): never {
  throw new FormatError("trust-schema", `trust policy: ${message}`, { path });
}

/** Seconds since the epoch of an RFC 3339 instant with Z, null where there is none; throws `trust-schema` for a day that does not exist. */
export function instant(value: string | undefined, path: string): number | null {
  if (value === undefined) return null;
  const ms = Date.parse(value);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== value.slice(0, 19))
    bad(path, `\`${value}\` is not a date`);
  return ms / 1000;
}
