// Deterministic CBOR (RFC 8949 4.2.1) in a closed data model. The one place that imports the CBOR library.
// The library is lenient, so a strict scanner goes before its decoder; what cbor-writer.ts writes passes it as well.
// Of its builds the one that neither evaluates text nor looks for a native addon.
import { isUtf8 } from "#bytes";
import { Decoder } from "cbor-x/index-no-eval";
import { CborWriter, maxDepth } from "./cbor-writer.ts";
import { FormatError } from "./errors.ts";

export { equalBytes } from "#bytes";
export { compareBytes } from "./cbor-writer.ts";

/** The closed data model: integers within ±(2^53-1), bytes, text, arrays, maps with integer or text keys, booleans, null. Spec: CBR-1. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;

/** A map of the data model: all keys are integers, or all are text. */
export type CborMap = ReadonlyMap<number | string, CborValue>;

/** Limits of one decoding. */
export interface DecodeLimits {
  /** Most bytes that are looked at; default 1 MiB. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 1 << 20;
const maxInteger = Number.MAX_SAFE_INTEGER;

const decoderOptions = { useRecords: false, mapsAsObjects: false, int64AsNumber: true }; // the last one is missing in the library's types
const library = new Decoder(decoderOptions);

/** One pass over untrusted bytes; `at` is the position that an error names, `major` and `argument` are those of the last head. */
class Scanner {
  at = 0;
  major = 0;
  argument = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  fail(code: ConstructorParameters<typeof FormatError>[0], message: string): never {
    throw new FormatError(code, `${message} at byte ${this.at}`);
  }

  /** Reads an initial byte and its argument, in its shortest form only. Spec: CBR-2. */
  head(): void {
    const { bytes } = this;
    if (this.at >= bytes.length) this.fail("cbor-truncated", "the input ends inside an item");
    const initial = bytes[this.at]!;
    const major = initial >> 5;
    const info = initial & 0x1f;
    this.major = major;
    if (major >= 6) return this.simple(initial);
    if (info < 24) {
      this.at += 1;
      this.argument = info;
      return;
    }
    if (info === 31) this.fail("cbor-indefinite", "an item of indefinite length");
    if (info > 27) this.fail("cbor-type", "a reserved length");
    const size = 1 << (info - 24);
    if (this.at + 1 + size > bytes.length) this.fail("cbor-truncated", "the input ends inside a length");
    let argument = 0;
    for (let index = 1; index <= size; index += 1) argument = argument * 256 + bytes[this.at + index]!;
    if (argument < (size === 1 ? 24 : 2 ** (size * 4)))
      this.fail("cbor-not-shortest", "a length or integer that is not in its shortest form");
    if (argument > maxInteger - (major === 1 ? 1 : 0)) this.fail("cbor-integer", "an integer beyond 2^53-1");
    this.at += 1 + size;
    this.argument = argument;
  }

  simple(initial: number): void {
    if (initial < 0xf4 || initial > 0xf6)
      this.fail(
        "cbor-type",
        initial === 0xff ? "a break without a start" : "a tag, float or simple value outside the data model",
      );
    this.at += 1;
  }

  /** Scans one item. Spec: CBR-3, CBR-4, CBR-5. */
  item(depth: number): void {
    if (depth > maxDepth) this.fail("cbor-depth", `nesting deeper than ${maxDepth}`);
    this.head();
    const { major, argument } = this; // further heads replace them
    if (major === 2 || major === 3) this.string(major, argument);
    else if (major === 4) {
      if (argument > this.bytes.length - this.at)
        this.fail("cbor-truncated", "an array that counts more items than bytes are left");
      for (let index = 0; index < argument; index += 1) this.item(depth + 1);
    } else if (major === 5) this.map(argument, depth);
  }

  string(major: number, length: number): void {
    const end = this.at + length;
    if (end > this.bytes.length) this.fail("cbor-truncated", "a string that is longer than the bytes left");
    if (major === 3 && !this.isAscii(end)) this.text(this.bytes.subarray(this.at, end));
    this.at = end;
  }

  /** Most text is; asked byte by byte, as a view of its own for each costs more. */
  isAscii(end: number): boolean {
    for (let index = this.at; index < end; index += 1) if (this.bytes[index]! > 0x7f) return false;
    return true;
  }

  /** The library drops a leading U+FEFF of long text, so that text is outside the data model. */
  text(utf8: Uint8Array): void {
    if (!isUtf8(utf8)) this.fail("cbor-utf8", "text that is not UTF-8");
    if (utf8[0] === 0xef && utf8[1] === 0xbb && utf8[2] === 0xbf)
      this.fail("cbor-utf8", "text that starts with a byte order mark");
  }

  map(count: number, depth: number): void {
    if (count * 2 > this.bytes.length - this.at)
      this.fail("cbor-truncated", "a map that counts more members than bytes are left");
    let previous = -1;
    let previousEnd = -1;
    let kind = -1;
    for (let index = 0; index < count; index += 1) {
      const start = this.at;
      this.head();
      const { major, argument } = this;
      if (major === 3) this.string(major, argument);
      else if (major > 1) this.fail("cbor-type", "a map key that is neither integer nor text");
      const keyKind = major === 3 ? 3 : 0;
      if (kind >= 0 && kind !== keyKind) this.fail("cbor-type", "a map that mixes integer and text keys");
      kind = keyKind;
      if (previous >= 0 && !this.isAscending(previous, previousEnd, start))
        this.fail("cbor-key-order", "map keys that are unsorted or repeated");
      previous = start;
      previousEnd = this.at;
      this.item(depth + 1);
    }
  }

  /** Whether the key between `first` and `end` goes before the one from `second` to here, in the order of their bytes. */
  isAscending(first: number, end: number, second: number): boolean {
    const { bytes, at } = this;
    for (let a = first, b = second; a < end && b < at; a += 1, b += 1) {
      if (bytes[a] !== bytes[b]) return bytes[a]! < bytes[b]!;
    }
    return end - first < at - second;
  }
}

/**
 * A copy of bytes that nobody else has a hand on: decoded byte strings alias it. Throws TypeError for anything but bytes, RangeError for a
 * limit that is none, `input-too-large` before anything is copied. Spec: ING-2, CAR-2.
 */
export function ownBytes(
  input: Uint8Array,
  { maxBytes = defaultMaxBytes }: DecodeLimits = {},
): Uint8Array<ArrayBuffer> {
  if (!(input instanceof Uint8Array)) throw new TypeError("the input is not bytes");
  assertLimit(maxBytes, "maxBytes");
  if (input.length > maxBytes)
    throw new FormatError("input-too-large", `${input.length} bytes where at most ${maxBytes} are read`);
  return new Uint8Array(input);
}

/** Throws RangeError for a limit that is no number of bytes: against NaN nothing is too large. */
export function assertLimit(limit: number, name: string): void {
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError(`\`${name}\` is no number of bytes`);
}

/** The head of an array of `count` items, for values that are hashed piece by piece. Source: RFC 8949 3. */
export function arrayHead(count: number): Uint8Array {
  return itemHead(0x80, count);
}

/** The head of a byte string of `sizeBytes` bytes, for values that are joined piece by piece. Source: RFC 8949 3. */
export function byteStringHead(sizeBytes: number): Uint8Array {
  return itemHead(0x40, sizeBytes);
}

function itemHead(major: number, argument: number): Uint8Array {
  if (argument < 24) return Uint8Array.of(major | argument);
  if (argument < 256) return Uint8Array.of(major | 24, argument);
  if (argument < 65_536) return Uint8Array.of(major | 25, argument >> 8, argument & 0xff);
  if (argument < 2 ** 32)
    return Uint8Array.of(major | 26, argument >>> 24, (argument >> 16) & 0xff, (argument >> 8) & 0xff, argument & 0xff);
  throw new RangeError("an item larger than those that are joined piece by piece");
}

/** Throws a FormatError unless `bytes` are exactly one item of the data model in deterministic form. Spec: CBR-1 to CBR-6. */
export function scanCbor(bytes: Uint8Array, limits: DecodeLimits = {}): void {
  const maxBytes = limits.maxBytes ?? defaultMaxBytes;
  if (bytes.length > maxBytes)
    throw new FormatError("input-too-large", `${bytes.length} bytes where at most ${maxBytes} are read`);
  if (bytes.length === 0) throw new FormatError("cbor-truncated", "the input is empty");
  const scanner = new Scanner(bytes);
  scanner.item(1);
  if (scanner.at !== bytes.length) scanner.fail("cbor-trailing", "bytes after the end");
}

/**
 * The value of untrusted bytes. Byte strings in it alias `bytes`: copy the input once where it enters.
 * Throws a FormatError (codes `cbor-…`, `input-too-large`). Spec: CBR-1 to CBR-6. Source: RFC 8949 4.2.1.
 */
export function decodeCbor(bytes: Uint8Array, limits: DecodeLimits = {}): CborValue {
  scanCbor(bytes, limits);
  return library.decode(bytes) as CborValue;
}

/** Not busy with a value; one whose members are asked for by code of theirs may need another meanwhile. */
let idle: CborWriter | null = null;

/** The one encoding of a value for as long as `use` takes, which keeps none of it: what is only hashed needs no memory of its own. Throws as `encodeCbor`. */
export function withCbor<T>(value: CborValue, use: (bytes: Uint8Array<ArrayBuffer>) => T): T {
  const writer = idle ?? new CborWriter();
  idle = null;
  try {
    return writer.encode(value, (bytes) => {
      scanCbor(bytes, { maxBytes: Number.POSITIVE_INFINITY });
      return use(bytes);
    });
  } finally {
    idle = writer;
  }
}

/**
 * The one encoding of a value. Throws TypeError for anything outside the data model (floats, -0, undefined, lone
 * surrogates, Dates, plain objects) and RangeError for integers beyond 2^53-1. Spec: CBR-7.
 */
export function encodeCbor(value: CborValue): Uint8Array {
  return withCbor(value, (bytes) => bytes.slice());
}
