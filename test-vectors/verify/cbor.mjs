// Deterministic CBOR in the closed data model of spec 2.1, read by a scanner of our own: no library takes exactly these
// rules. Writing is left to cborg, which sorts map keys as RFC 8949 4.2.1 says.
import { encode as encodeWith, rfc8949EncodeOptions } from "cborg";
import { refuse } from "./refusal.mjs";

const depthLimit = 16;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const argumentBytes = { 24: 1, 25: 2, 26: 4, 27: 8 };
const simpleValues = { 20: false, 21: true, 22: null };

export const encode = (value) => Buffer.from(encodeWith(value, rfc8949EncodeOptions));

function take(reader, sizeBytes) {
  if (sizeBytes > reader.bytes.length - reader.at) refuse("cbor-truncated"); // CBR-3
  reader.at += sizeBytes;
  return reader.bytes.subarray(reader.at - sizeBytes, reader.at);
}

/** The argument of an item's head; Infinity stands for what no length or integer reaches. */
function readArgument(reader, major, info) {
  if (info < 24) return info;
  if (info === 31) refuse(major >= 2 && major <= 5 ? "cbor-indefinite" : "cbor-type"); // CBR-2
  if (info > 27) refuse("cbor-type"); // CBR-1: reserved lengths
  const value = BigInt(`0x${take(reader, argumentBytes[info]).toString("hex")}`);
  const least = { 24: 24n, 25: 0x100n, 26: 0x10000n, 27: 0x100000000n }[info];
  if (value < least) refuse("cbor-not-shortest"); // CBR-2
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(value);
}

function readInteger(argument, negative) {
  const value = negative ? -1 - argument : argument;
  if (!Number.isSafeInteger(value)) refuse("cbor-integer"); // CBR-1
  return value;
}

function readText(bytes) {
  if (bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf) refuse("cbor-utf8"); // CBR-5
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse("cbor-utf8");
  }
}

function readMap(reader, count, depth) {
  const map = new Map();
  let previous = null;
  let keyType = null;
  for (let index = 0; index < count; index += 1) {
    const from = reader.at;
    const key = readItem(reader, depth + 1);
    if (typeof key !== "number" && typeof key !== "string") refuse("cbor-type"); // CBR-1
    if (keyType !== null && keyType !== typeof key) refuse("cbor-type");
    keyType = typeof key;
    const encoded = reader.bytes.subarray(from, reader.at);
    if (previous !== null && Buffer.compare(previous, encoded) >= 0) refuse("cbor-key-order"); // CBR-6
    previous = encoded;
    map.set(key, readItem(reader, depth + 1));
  }
  return map;
}

function readItem(reader, depth) {
  if (depth > depthLimit) refuse("cbor-depth"); // CBR-4
  const head = take(reader, 1)[0];
  const major = head >> 5;
  const info = head & 31;
  if (major === 7) {
    return info in simpleValues ? simpleValues[info] : refuse("cbor-type"); // CBR-1
  }
  if (major === 6) refuse("cbor-type");
  const argument = readArgument(reader, major, info);
  if (major <= 1) return readInteger(argument, major === 1);
  if (major === 2) return take(reader, argument);
  if (major === 3) return readText(take(reader, argument));
  const leastBytes = major === 4 ? argument : argument * 2;
  if (leastBytes > reader.bytes.length - reader.at) refuse("cbor-truncated"); // CBR-3
  if (major === 5) return readMap(reader, argument, depth);
  const list = [];
  for (let index = 0; index < argument; index += 1) list.push(readItem(reader, depth + 1));
  return list;
}

/** Reads one item: numbers, Buffers, strings, arrays, Maps, booleans, null. */
export function decode(bytes, limitBytes = 2 ** 20) {
  if (bytes.length > limitBytes) refuse("input-too-large"); // CBR-6
  const reader = { bytes, at: 0 };
  const value = readItem(reader, 1);
  if (reader.at < bytes.length) refuse("cbor-trailing");
  return value;
}
