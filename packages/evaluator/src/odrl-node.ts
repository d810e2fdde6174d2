// Reading JSON-LD member by member: whatever isn't named by the reader is refused where it stands. Spec: ODR-1.
import type { JsonObject, JsonValue } from "@writ/core";
import { odrlContext, odrlNamespace } from "./odrl-terms.ts";
import { at, refuse } from "./pointer.ts";
import { suggest } from "./suggestion.ts";

/** A part of an ODRL policy and where it stands. */
export interface Located<T> {
  readonly value: T;
  readonly pointer: string;
}

/** Throws PolicyError `odrl-unsupported`. */
export function unsupported(pointer: string, message: string): never {
  return refuse("odrl-unsupported", pointer, message);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Members of an object, all of them known; `@id` and `@type` stand under ODRL's names `uid` and `type`. */
export function membersAt(value: JsonValue | undefined, pointer: string, known: readonly string[]): JsonObject {
  if (!isObject(value)) return unsupported(pointer, "an object has to stand here");
  const members = Object.create(null) as Record<string, JsonValue>;
  for (const [written, member] of Object.entries(value)) {
    const name = { "@id": "uid", "@type": "type" }[written] ?? written;
    if (!known.includes(name))
      unsupported(at(pointer, written), `\`${written}\` isn't understood here${suggest(written, known)}`);
    if (name in members) unsupported(at(pointer, written), `\`${name}\` stands twice`);
    members[name] = member;
  }
  return members;
}

/** The text at a place. */
export function textAt(value: JsonValue | undefined, pointer: string): string {
  return typeof value === "string" ? value : unsupported(pointer, "a text has to stand here");
}

/** The elements of a list; a value that stands alone is a list of one, an absent one the empty list. */
export function elementsAt(value: JsonValue | undefined, pointer: string): readonly Located<JsonValue>[] {
  if (value === undefined) return [];
  if (isObject(value) && Object.hasOwn(value, "@list")) {
    return elementsAt(membersAt(value, pointer, ["@list"])["@list"], at(pointer, "@list"));
  }
  if (!Array.isArray(value)) return [{ value, pointer }];
  return value.map((item, index) => ({ value: item as JsonValue, pointer: at(pointer, index) }));
}

/** The full IRI of a prefixed name; a bare word stays. */
export type Resolve = (name: string) => string;

/** ODRL's bare word for an IRI of its namespace; any other IRI stays. */
export function wordOf(iri: string): string {
  return iri.startsWith(odrlNamespace) ? iri.slice(odrlNamespace.length) : iri;
}

const schemes = ["urn", "http", "https", "did", "tag"];

function prefixesAt({ value, pointer }: Located<JsonValue>): readonly [string, string][] {
  if (value === odrlContext) return [];
  if (!isObject(value)) return unsupported(pointer, "only ODRL's own context and prefixes are understood");
  return Object.entries(value).map(([prefix, iri]): [string, string] => {
    const place = at(pointer, prefix);
    if (!/^[a-z][a-z0-9-]*$/.test(prefix) || schemes.includes(prefix))
      unsupported(place, `\`${prefix}\` is no name of a prefix`);
    if (typeof iri !== "string" || !/^(?:https?|urn):\S*[#/:]$/.test(iri))
      return unsupported(place, "a prefix stands for an IRI that ends in `#`, `/` or `:`");
    return [prefix, iri];
  });
}

/** Names as the context has them. A term of ODRL can't be given another meaning: prefixes are read before a colon only. */
export function resolverOf(context: JsonValue | undefined, words: readonly string[]): Resolve {
  const parts = elementsAt(context, "/@context");
  if (!parts.some(({ value }) => value === odrlContext))
    unsupported("/@context", `the context is not \`${odrlContext}\``);
  const prefixes = new Map([["odrl", odrlNamespace]]);
  for (const part of parts) {
    for (const [prefix, iri] of prefixesAt(part)) {
      if (words.includes(prefix) || (prefixes.get(prefix) ?? iri) !== iri)
        unsupported(at(part.pointer, prefix), `\`${prefix}\` has a meaning already`);
      prefixes.set(prefix, iri);
    }
  }
  return (name) => {
    const colon = name.indexOf(":");
    const base = colon < 0 ? undefined : prefixes.get(name.slice(0, colon));
    return base === undefined ? name : base + name.slice(colon + 1);
  };
}

const xsd = "http://www.w3.org/2001/XMLSchema#";
const literalTypes: Readonly<Record<string, string>> = {
  string: "string",
  anyURI: "string",
  dateTime: "string",
  duration: "string",
  integer: "number",
  boolean: "boolean",
};

/** A value of a right operand: plain, a typed literal, or an IRI. */
export function scalarAt(value: JsonValue | undefined, pointer: string, resolve: Resolve): string | number | boolean {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (isObject(value) && Object.hasOwn(value, "@value")) {
    const { "@value": literal, type } = membersAt(value, pointer, ["@value", "type"]);
    const name = textAt(type, at(pointer, "@type")).replace(xsd, "xsd:").replace("xsd:", "");
    const expected = Object.hasOwn(literalTypes, name) ? literalTypes[name] : undefined;
    if (expected === undefined || typeof literal !== expected)
      return unsupported(pointer, "a literal of a type that isn't understood, or that it isn't of");
    return literal as string | number | boolean;
  }
  return resolve(textAt(membersAt(value, pointer, ["uid"])["uid"], pointer));
}
