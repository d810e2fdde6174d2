// Values of flags: pairs, dates, numbers. Whatever can't be read is a usage error before any file is touched.
import { FormatError, parseJson } from "@writ/core";
import type { JsonValue, StatusEntry } from "@writ/core";
import { UsageError } from "./fault.ts";

const dateForm = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z)?$/;

/** Seconds since the epoch of `2035-01-31` (its first second, UTC) or `2035-01-31T12:00:00Z`. Throws UsageError. */
export function dateOf(flag: string, value: string): number {
  const match = dateForm.exec(value);
  const text = match === null ? "" : `${match[1]}T${match[2] ?? "00:00:00"}Z`;
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== text.replace("Z", ".000Z"))
    throw new UsageError(`${flag}: \`${value}\` is no date`, "write it as 2035-01-31 or 2035-01-31T12:00:00Z");
  return ms / 1000;
}

/** `k=v` pairs; the first `=` divides. Throws UsageError. */
export function pairsOf(flag: string, values: readonly string[] | undefined): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const value of values ?? []) {
    const at = value.indexOf("=");
    if (at <= 0) throw new UsageError(`${flag}: \`${value}\` is no pair`, `write it as ${flag} NAME=VALUE`);
    const name = value.slice(0, at);
    if (pairs.has(name)) throw new UsageError(`${flag}: \`${name}\` is given twice`);
    pairs.set(name, value.slice(at + 1));
  }
  return pairs;
}

/** A value of a fact: true, false, null, an integer, a JSON list or a JSON string; any other text is itself. Throws UsageError. */
export function factOf(flag: string, text: string): JsonValue {
  if (!/^(?:true|false|null|-?\d+|\[.*\]|".*")$/s.test(text)) return text;
  try {
    return parseJson(text) as JsonValue;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const start = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    throw new UsageError(`${flag}: \`${start}\` is no JSON value`, "quote a text that looks like JSON: '\"…\"'");
  }
}

/** Facts by name, or undefined where none is given. */
export function factsOf(
  flag: string,
  values: readonly string[] | undefined,
): Readonly<Record<string, JsonValue>> | undefined {
  if (values === undefined) return undefined;
  return Object.fromEntries([...pairsOf(flag, values)].map(([name, text]) => [name, factOf(flag, text)]));
}

/** A whole number of at least `least`. Throws UsageError. */
export function countOf(flag: string, value: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  const count = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(count) && count >= least && count <= most) return count;
  throw new UsageError(
    `${flag}: \`${value}\` is no whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`}`,
  );
}

/** A share such as `0.1%` or `0.001`, from 0 to 1. Throws UsageError. */
export function shareOf(flag: string, value: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(value);
  const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === "%" ? 100 : 1);
  if (share >= 0 && share <= 1) return share;
  throw new UsageError(`${flag}: \`${value}\` is no share`, "write it as 0.1% or 0.001");
}

/** Places in status lists, `URI#INDEX`. Throws UsageError. */
export function statusEntriesOf(values: readonly string[] | undefined): readonly StatusEntry[] {
  return (values ?? []).map((value) => {
    const [, uri, index] = /^([a-z][a-z0-9+.-]*:[^\s#]+)#(\d{1,15})$/.exec(value) ?? [];
    if (uri === undefined || index === undefined)
      throw new UsageError(`--status-entry: \`${value}\` is no place in a list`, "write it as URI#INDEX");
    return { uri, index: Number(index) };
  });
}
