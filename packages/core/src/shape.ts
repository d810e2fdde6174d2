// Shapes: what a decoded value must look like, said once for both directions. The tables in artifact.ts, anchor.ts,
// receipt.ts … read like the CDDL of the spec. A shape that refuses names the path of the member.
import { fromHex, toHex } from "#bytes";
import { compareBytes, encodeCbor } from "./cbor.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { FormatError } from "./errors.ts";
import { hashes } from "./suites.ts";
import type { HashAlg } from "./suites.ts";

/** How values of `T` look in CBOR. `read` throws FormatError `structure`; `write` throws TypeError. */
export interface Shape<T> {
  read(value: CborValue, path: string): T;
  write(value: T): CborValue;
}

/** A digest in its text form: `sha256:` | `sha384:` | `sha512:` + lower-case hex. In CBOR `[hash alg, bytes]`. Spec: ART-5. */
export type Digest = `sha${256 | 384 | 512}:${string}`;

/** Throws FormatError `structure` for `path`. */
export function refuse(path: string, expected: string): never {
  throw new FormatError("structure", `\`${path}\` is not ${expected}`, { path });
}

/** A non-negative integer up to `max`. */
export function uint(max: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  return {
    read: (value, path) =>
      typeof value === "number" && value >= 0 && value <= max ? value : refuse(path, `an integer from 0 to ${max}`),
    write: (value) => value,
  };
}

/** Any integer of the data model. */
export const int: Shape<number> = {
  read: (value, path) => (typeof value === "number" ? value : refuse(path, "an integer")),
  write: (value) => value,
};

/** Text of 1 to `maxLength` UTF-16 units. */
export function text(maxLength = 2048): Shape<string> {
  return {
    read: (value, path) =>
      typeof value === "string" && value.length > 0 && value.length <= maxLength
        ? value
        : refuse(path, `text of 1 to ${maxLength} characters`),
    write: (value) => value,
  };
}

/** One of a closed list of texts. */
export function oneOf<T extends string>(...values: readonly T[]): Shape<T> {
  return {
    read: (value, path) =>
      values.find((known) => known === value) ??
      refuse(path, `one of ${values.map((known) => `\`${known}\``).join(", ")}`),
    write: (value) => value,
  };
}

/** A byte string of `min` to `max` bytes. */
export function bytes(min: number, max: number = min): Shape<Uint8Array> {
  return {
    read: (value, path) =>
      value instanceof Uint8Array && value.length >= min && value.length <= max
        ? value
        : refuse(path, min === max ? `${min} bytes` : `${min} to ${max} bytes`),
    write: (value) => value,
  };
}

/** `shape`, or null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    read: (value, path) => (value === null ? null : shape.read(value, path)),
    write: (value) => (value === null ? null : shape.write(value)),
  };
}

function array(value: CborValue, path: string): readonly CborValue[] {
  return Array.isArray(value) ? (value as readonly CborValue[]) : refuse(path, "an array");
}

/** An array of `min` to `max` items, in the order of the writer. */
export function list<T>(item: Shape<T>, min = 0, max = 65_536): Shape<readonly T[]> {
  return {
    read: (value, path) => {
      const items = array(value, path);
      if (items.length < min || items.length > max) refuse(path, `an array of ${min} to ${max} items`);
      return items.map((entry, index) => item.read(entry, `${path}/${index}`));
    },
    write: (value) => value.map((entry) => item.write(entry)),
  };
}

/** A set: an array sorted by its entries' encoded bytes, equal entries once. Spec: ART-4. */
export function set<T>(item: Shape<T>, min = 0, max = 65_536): Shape<readonly T[]> {
  const plain = list(item, min, max);
  return {
    read: (value, path) => {
      const items = plain.read(value, path);
      if (items.length < 2) return items; // alone, an entry is in order
      const encoded = array(value, path).map(encodeCbor);
      for (let index = 1; index < encoded.length; index += 1) {
        if (compareBytes(encoded[index - 1]!, encoded[index]!) >= 0)
          throw new FormatError("set-order", `\`${path}\` is unsorted or holds an entry twice`, { path });
      }
      return items;
    },
    write: (value) => {
      const entries = value.map((entry) => item.write(entry)).map((entry) => ({ entry, encoded: encodeCbor(entry) }));
      entries.sort((a, b) => compareBytes(a.encoded, b.encoded));
      return entries
        .filter(({ encoded }, index) => index === 0 || compareBytes(entries[index - 1]!.encoded, encoded) !== 0)
        .map(({ entry }) => entry);
    },
  };
}

/** A set of byte strings. Their encoded order is by length, then bytewise, so nothing needs to be encoded again. Spec: ART-4. */
export function bytesSet(item: Shape<Uint8Array>): Shape<readonly Uint8Array[]> {
  const plain = list(item);
  const order = (a: Uint8Array, b: Uint8Array): number => a.length - b.length || compareBytes(a, b);
  return {
    read: (value, path) => {
      const items = plain.read(value, path);
      for (let index = 1; index < items.length; index += 1) {
        if (order(items[index - 1]!, items[index]!) >= 0)
          throw new FormatError("set-order", `\`${path}\` is unsorted or holds an entry twice`, { path });
      }
      return items;
    },
    write: (value) => {
      const sorted = value.toSorted(order);
      return sorted.filter((entry, index) => index === 0 || order(sorted[index - 1]!, entry) !== 0);
    },
  };
}

/** A member that may be absent; never empty or null. */
export interface Optional<T> {
  readonly optional: Shape<T>;
}

/** Marks a member of a record as one that may be absent. */
export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

/** For each member of `T` its shape, in the order of the integer keys. */
export type Members<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? Optional<Exclude<T[K], undefined>> : Shape<T[K]>;
};

/** A map with integer keys from 1 in the order of `members`; unknown members are refused. Spec: ART-3. */
export function record<T extends object>(members: Members<T>): Shape<T> {
  const entries = Object.entries(members as Record<string, Shape<unknown> | Optional<unknown>>).map(
    ([name, member], index) => ({
      name,
      key: index + 1,
      required: !("optional" in member),
      shape: "optional" in member ? member.optional : member,
    }),
  );
  return {
    read: (value, path) => {
      if (!(value instanceof Map)) refuse(path, "a map");
      const map = value as CborMap;
      const out: Record<string, unknown> = {};
      let seen = 0;
      for (const { name, key, required, shape } of entries) {
        const member = map.get(key);
        if (member === undefined) {
          if (required) refuse(`${path}/${name}`, "there");
          continue;
        }
        seen += 1;
        out[name] = shape.read(member, `${path}/${name}`);
      }
      if (seen !== map.size) refuse(path, "free of unknown members");
      return out as T;
    },
    write: (value) => {
      const map = new Map<number, CborValue>();
      const source = value as Record<string, unknown>;
      for (const { name, key, required, shape } of entries) {
        if (source[name] !== undefined) map.set(key, shape.write(source[name]));
        else if (required) throw new TypeError(`\`${name}\` is missing`);
      }
      return map;
    },
  };
}

/** An array with a fixed shape a position. */
export function tuple<T extends readonly unknown[]>(...shapes: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> {
  const positions = shapes as readonly Shape<unknown>[];
  return {
    read: (value, path) => {
      const items = array(value, path);
      if (items.length !== positions.length) refuse(path, `an array of ${positions.length} items`);
      return positions.map((shape, index) => shape.read(items[index]!, `${path}/${index}`)) as unknown as T;
    },
    write: (value) => positions.map((shape, index) => shape.write(value[index])),
  };
}

/** A map from text to values of one shape, with 1 to `max` members. */
export function textMap<T>(item: Shape<T>, max = 64): Shape<ReadonlyMap<string, T>> {
  return {
    read: (value, path) => {
      if (!(value instanceof Map) || value.size === 0 || value.size > max) refuse(path, `a map of 1 to ${max} members`);
      const out = new Map<string, T>();
      for (const [key, member] of value as CborMap)
        out.set(
          typeof key === "string" ? key : refuse(path, "a map with text keys"),
          item.read(member, `${path}/${key}`),
        );
      return out;
    },
    write: (value) => new Map([...value].map(([key, member]) => [key, item.write(member)])),
  };
}

/** A map from text to anything, with at least one member. */
export const anyTextMap: Shape<CborMap> = {
  read: (value, path) =>
    value instanceof Map && typeof value.keys().next().value === "string" // keys aren't mixed (CBR-1)
      ? (value as CborMap)
      : refuse(path, "a map with text keys"),
  write: (value) => value,
};

const hashByText: Readonly<Record<string, HashAlg>> = { sha256: -16, sha384: -43, sha512: -44 };

/** The text form of digest bytes. */
export function digestText(alg: HashAlg, value: Uint8Array): Digest {
  return `${hashes[alg].text}:${toHex(value)}`;
}

/** The bytes of a digest in text form; TypeError for anything else. */
export function digestBytes(value: Digest): Uint8Array {
  return fromHex(value.slice(value.indexOf(":") + 1));
}

/** Hash algorithm of a digest in text form. */
export function digestAlg(value: Digest): HashAlg {
  return hashByText[value.slice(0, value.indexOf(":"))] ?? refuse("digest", "a digest");
}

/** True for the text form of a digest. */
export function isDigest(value: unknown): value is Digest {
  return typeof value === "string" && /^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/.test(value);
}

function digestOf(algs: readonly HashAlg[]): Shape<Digest> {
  return {
    read: (value, path) => {
      if (!Array.isArray(value) || value.length !== 2) refuse(path, "a digest");
      const [number, content] = value as [CborValue, CborValue];
      const alg =
        algs.find((known) => known === number) ?? refuse(path, "a digest under a hash algorithm that is allowed here");
      if (!(content instanceof Uint8Array) || content.length !== hashes[alg].sizeBytes)
        refuse(path, "a digest of its algorithm's length");
      return digestText(alg, content);
    },
    write: (value) => {
      if (!isDigest(value)) throw new TypeError(`\`${String(value)}\` is not a digest`);
      return [digestAlg(value), digestBytes(value)];
    },
  };
}

/** A digest under any known hash. Spec: ART-5. */
export const digest: Shape<Digest> = digestOf([-16, -43, -44]);

/** A name: a SHA-384 digest. Spec: ART-6. */
export const nameDigest: Shape<Digest> = digestOf([-43]);
