import { KmsFault } from "./fault.ts";
import { type Field, integer, optional, text } from "./shape.ts";

/** The members of a request for a list. */
export const pageFields: { Limit: Field<number | undefined>; Marker: Field<string | undefined> } = {
  Limit: optional(integer(1, 1000)),
  Marker: optional(text({ min: 1, max: 1024 })),
};

/** One page of `entries` in the order of their names, and where the next one starts. */
export function pageOf<T>(
  entries: readonly T[],
  nameOf: (entry: T) => string,
  { Limit: limit = 100, Marker: marker }: { readonly Limit: number | undefined; readonly Marker: string | undefined },
): { readonly entries: readonly T[]; readonly more: Readonly<Record<string, unknown>> } {
  const after = marker === undefined ? "" : readMarker(marker);
  const rest = entries.filter((entry) => nameOf(entry) > after).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  if (rest.length === page.length || last === undefined) return { entries: page, more: { Truncated: false } };
  const next = Buffer.from(`m1:${nameOf(last)}`).toString("base64url");
  return { entries: page, more: { Truncated: true, NextMarker: next } };
}

function readMarker(marker: string): string {
  const name = Buffer.from(marker, "base64url").toString("utf8");
  if (name.startsWith("m1:")) return name.slice(3);
  throw new KmsFault("InvalidMarkerException", "Could not deserialize marker");
}
