// Writes deterministic CBOR (RFC 8949 4.2.1) of the closed data model: what cbor.ts reads, and nothing else.
import type { CborMap, CborValue } from "./cbor.ts";

/** Deepest nesting that is written or read. Spec: CBR-5. */
export const maxDepth = 16;

const utf8 = new TextEncoder();

/** Bytewise lexicographic order: negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = a[index]! - b[index]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The order of encoded text: the head puts the shorter first, then bytes decide. */
function compareTexts(a: string, b: string): number {
  const [first, second] = [utf8.encode(a), utf8.encode(b)];
  return first.length - second.length || compareBytes(first, second);
}

/** The same, of text that is ASCII. */
function compareAscii(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** The order of encoded integers: from 0 up, then from -1 down. */
function compareIntegers(a: number, b: number): number {
  if (a < 0 !== b < 0) return a < 0 ? 1 : -1;
  return Math.abs(a) - Math.abs(b);
}

type Keys = string[] | number[];

function keysOf(map: CborMap): Keys {
  const keys = [...map.keys()];
  if (keys.every((key) => typeof key === "number")) return keys;
  if (keys.every((key) => typeof key === "string")) return keys;
  if (keys.every((key) => typeof key === "string" || typeof key === "number"))
    throw new TypeError("a map that mixes integer and text keys");
  throw new TypeError("a map key that is neither integer nor text");
}

function orderOf(keys: Keys): (a: never, b: never) => number {
  if (typeof keys[0] !== "string") return compareIntegers;
  return (keys as string[]).every(isAscii) ? compareAscii : compareTexts;
}

const fewKeys = 16;

/**
 * The keys, which are the caller's own list, in the order of their encoding. Structures are written in that order, and of what isn't most
 * is a handful: put in place one by one, as sorting by node takes memory for each.
 */
function sorted(keys: Keys): Keys {
  const compare = orderOf(keys) as (a: unknown, b: unknown) => number;
  if (keys.length > fewKeys) return (keys as unknown[]).sort(compare) as Keys;
  for (let index = 1; index < keys.length; index += 1) {
    const key = keys[index]!;
    let at = index;
    for (; at > 0 && compare(keys[at - 1], key) > 0; at -= 1) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

/** Major types, as they stand in an initial byte. Source: RFC 8949 3.1. */
const major = { unsigned: 0x00, negative: 0x20, bytes: 0x40, text: 0x60, array: 0x80, map: 0xa0 } as const;
const simple = { false: 0xf4, true: 0xf5, null: 0xf6 } as const;

const startBytes = 4096;

/** One encoding at a time, in memory that is used again. */
export class CborWriter {
  #bytes = new Uint8Array(startBytes);
  #at = 0;

  /** Hands the one encoding of a value to `use`, in memory that is cleared afterwards. Throws as `encodeCbor`. */
  encode<T>(value: CborValue, use: (bytes: Uint8Array<ArrayBuffer>) => T): T {
    try {
      this.#value(value, 1);
      return use(this.#bytes.subarray(0, this.#at));
    } finally {
      if (this.#bytes.length > startBytes) this.#bytes = new Uint8Array(startBytes);
      else this.#bytes.fill(0, 0, this.#at); // no remains of what was written
      this.#at = 0;
    }
  }

  #value(value: CborValue, depth: number): void {
    if (depth > maxDepth) throw new RangeError(`a value nested deeper than ${maxDepth}`);
    if (typeof value === "string") this.#text(value);
    else if (typeof value === "number") this.#integer(value);
    else if (value === null) this.#byte(simple.null);
    else if (typeof value === "boolean") this.#byte(value ? simple.true : simple.false);
    else if (value instanceof Uint8Array) this.#string(major.bytes, value);
    else if (Array.isArray(value)) this.#array(value as readonly CborValue[], depth);
    else if (value instanceof Map) this.#map(value as CborMap, depth);
    else throw new TypeError("a value outside the data model");
  }

  #array(items: readonly CborValue[], depth: number): void {
    const { length } = items;
    this.#head(major.array, length);
    for (let index = 0; index < length; index += 1) this.#value(items[index]!, depth + 1); // a hole is no value
  }

  #map(map: CborMap, depth: number): void {
    const keys = sorted(keysOf(map));
    this.#head(major.map, keys.length);
    for (const key of keys) {
      this.#value(key, depth);
      this.#value(map.get(key)!, depth + 1);
    }
  }

  #integer(value: number): void {
    if (!Number.isInteger(value) || Object.is(value, -0)) throw new TypeError("only integers have an encoding");
    if (!Number.isSafeInteger(value)) throw new RangeError("an integer beyond 2^53-1");
    if (value >= 0) this.#head(major.unsigned, value);
    else this.#head(major.negative, -1 - value);
  }

  #text(value: string): void {
    const { length } = value;
    const start = this.#at;
    this.#head(major.text, length);
    this.#ensure(length);
    const bytes = this.#bytes;
    for (let index = 0; index < length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) {
        this.#at = start; // the head was that of ASCII
        return this.#longText(value);
      }
      bytes[this.#at + index] = unit;
    }
    this.#at += length;
  }

  #longText(value: string): void {
    if (!value.isWellFormed()) throw new TypeError("text with a lone surrogate has no encoding");
    if (value.startsWith("\ufeff")) throw new TypeError("text that starts with a byte order mark has no encoding");
    this.#string(major.text, utf8.encode(value));
  }

  #string(type: number, content: Uint8Array): void {
    const { length } = content; // asked once: memory of another thread may grow
    this.#head(type, length);
    this.#ensure(length);
    this.#bytes.set(content, this.#at);
    this.#at += length;
  }

  #byte(byte: number): void {
    this.#ensure(1);
    this.#bytes[this.#at] = byte;
    this.#at += 1;
  }

  /** An initial byte with its argument in the shortest form. */
  #head(type: number, argument: number): void {
    if (argument < 24) return this.#byte(type | argument);
    if (argument < 2 ** 8) return this.#argument(type | 24, argument, 1);
    if (argument < 2 ** 16) return this.#argument(type | 25, argument, 2);
    if (argument < 2 ** 32) return this.#argument(type | 26, argument, 4);
    return this.#argument(type | 27, argument, 8);
  }

  #argument(initial: number, argument: number, sizeBytes: number): void {
    this.#ensure(1 + sizeBytes);
    this.#bytes[this.#at] = initial;
    let rest = argument;
    for (let at = this.#at + sizeBytes; at > this.#at; at -= 1) {
      this.#bytes[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.#at += 1 + sizeBytes;
  }

  #ensure(sizeBytes: number): void {
    if (this.#at + sizeBytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + sizeBytes));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}
