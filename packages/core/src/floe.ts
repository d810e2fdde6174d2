// FLOE (Fast Lightweight Online Encryption) with AES-256-GCM and HKDF-Expand-SHA-384: one header, then segments that
// are encrypted each for itself. Source: c2sp.org/FLOE.
import { allocate, concatBytes } from "#bytes";
import {
  aesGcmOpen,
  aesGcmOpenInto,
  aesGcmSealInto,
  createHash,
  createSecretKey,
  hashAside,
  hkdfExpandSha384,
  randomBytes,
  timingSafeEqual,
  zero,
} from "#crypto";
import type { Hash, KeyObject } from "#crypto";
import { equalBytes } from "./cbor.ts";
import { VerificationError } from "./errors.ts";
import { hashes } from "./suites.ts";
import type { HashAlg } from "./suites.ts";

/** Length of an encrypted segment in content; other lengths exist for the known answers alone. Spec: CON-2. */
export const floeSegmentBytes: number = 2 ** 20;

/** Length of a header: parameters (10) ‖ IV (32) ‖ header tag (32). Spec: CON-3. */
export const floeHeaderBytes = 74;

/** What encryption adds to a segment: length marker (4) ‖ IV (12) ‖ … ‖ tag (16). Spec: CON-5. */
export const segmentOverheadBytes = 32;

const ivBytes = 32;
const tagBytes = 32;
const segmentPrefixBytes = 16;
const innerMarker = 0xffffffff;
const segmentsPerKey = 2 ** 20;

const utf8 = new TextEncoder();
const headerTagPurpose = utf8.encode("HEADER_TAG:");
const messageKeyPurpose = utf8.encode("MESSAGE_KEY:");
const segmentKeyPurpose = utf8.encode("DEK:");

/** Gives `sizeBytes` random bytes; fixed only where vectors are made. */
export type RandomSource = (sizeBytes: number) => Uint8Array;

/** One message under way: what encrypts or decrypts its segments. */
export interface FloeMessage {
  readonly segmentBytes: number;
  /** Key of the segment at `position`. */
  readonly keyOf: (position: number) => KeyObject;
}

/** The 4 bytes at `at`, big-endian. */
function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

function encodeParameters(segmentBytes: number): Uint8Array {
  const parameters = allocate(10); // AEAD id 0, KDF id 0
  putUint32(parameters, 2, segmentBytes);
  putUint32(parameters, 6, ivBytes);
  return parameters;
}

/** A segment's position at `at`: 8 bytes, big-endian. */
function putPosition(bytes: Uint8Array, at: number, position: number): void {
  putUint32(bytes, at, Math.floor(position / 2 ** 32));
  putUint32(bytes, at + 4, position % 2 ** 32);
}

const contentParameters = encodeParameters(floeSegmentBytes);

/** The first bytes of a header. */
function parametersOf(segmentBytes: number): Uint8Array {
  return segmentBytes === floeSegmentBytes ? contentParameters : encodeParameters(segmentBytes);
}

/** FLOE_KDF with its purpose; `prefix` is parameters ‖ IV. */
function derive(key: DataKey, prefix: Uint8Array, purpose: Uint8Array, aad: Uint8Array, sizeBytes: number): Uint8Array {
  return hkdfExpandSha384(key, [prefix, purpose, aad], sizeBytes);
}

function headerTag(dataKey: DataKey, prefix: Uint8Array, aad: Uint8Array): Uint8Array {
  return derive(dataKey, prefix, headerTagPurpose, aad, tagBytes);
}

/** The key of 2^20 segments from the one at `first`, by way of the message key. Spec: CON-4. */
function segmentKey(dataKey: DataKey, prefix: Uint8Array, aad: Uint8Array, first: number): KeyObject {
  const purpose = allocate(12);
  purpose.set(segmentKeyPurpose);
  putPosition(purpose, 4, first);
  const messageKey = derive(dataKey, prefix, messageKeyPurpose, aad, 48);
  const bytes = derive(messageKey, prefix, purpose, aad, 32);
  const key = createSecretKey(bytes);
  zero(messageKey);
  zero(bytes);
  return key;
}

/** A data key: a secret key, or the bytes of one, whose owner zeroes them when the message is done. */
export type DataKey = KeyObject | Uint8Array;

/** TypeError for anything but 32 secret bytes. */
function assertDataKey(dataKey: DataKey): void {
  const size = dataKey instanceof Uint8Array ? dataKey.length : dataKey.symmetricKeySize;
  if (size !== 32) throw new TypeError("a data key is a secret key of 32 bytes");
}

/** The segment key of last use is kept. Spec: CON-4. */
function message(dataKey: DataKey, prefix: Uint8Array, aad: Uint8Array, segmentBytes: number): FloeMessage {
  let known: { readonly first: number; readonly key: KeyObject } | undefined;
  const keyOf = (position: number): KeyObject => {
    const first = position - (position % segmentsPerKey);
    if (known?.first !== first) known = { first, key: segmentKey(dataKey, prefix, aad, first) };
    return known.key;
  };
  return { segmentBytes, keyOf };
}

/** Starts a new message. `aad` is bound to every key. TypeError unless `dataKey` is a secret key of 32 bytes. Spec: CON-3. */
export function startEncryption(
  dataKey: KeyObject,
  aad: Uint8Array,
  { segmentBytes = floeSegmentBytes, random = randomBytes }: { segmentBytes?: number; random?: RandomSource } = {},
): { readonly header: Uint8Array; readonly message: FloeMessage } {
  assertDataKey(dataKey);
  const prefix = concatBytes([parametersOf(segmentBytes), random(ivBytes)]);
  const tag = headerTag(dataKey, prefix, aad);
  const header = new Uint8Array(concatBytes([prefix, tag])); // callers get it
  return { header, message: message(dataKey, prefix, aad, segmentBytes) };
}

/** Throws `content-header` unless `header` has the one form: 74 bytes, ids 0 and 0, the segment length, IV length 32. Spec: CON-3. */
export function checkHeader(header: Uint8Array, segmentBytes: number = floeSegmentBytes): void {
  if (header.length !== floeHeaderBytes)
    throw new VerificationError(
      "content-header",
      `a FLOE header is ${floeHeaderBytes} bytes long, not ${header.length}`,
    );
  if (!equalBytes(header.subarray(0, 10), parametersOf(segmentBytes)))
    throw new VerificationError("content-header", "the FLOE header names parameters that are not in use");
}

/**
 * Takes up a message by its header. The header tag commits to key, AAD and IV and is compared in constant time. Throws
 * `content-header`, `content-commitment`; TypeError unless `dataKey` is 32 secret bytes. Spec: CON-3, CON-6.
 */
export function startDecryption(
  dataKey: DataKey,
  aad: Uint8Array,
  header: Uint8Array,
  segmentBytes: number = floeSegmentBytes,
): FloeMessage {
  assertDataKey(dataKey);
  checkHeader(header, segmentBytes);
  const prefix = new Uint8Array(header.subarray(0, floeHeaderBytes - tagBytes));
  const tag = headerTag(dataKey, prefix, aad);
  if (!timingSafeEqual(tag, header.subarray(floeHeaderBytes - tagBytes))) {
    throw new VerificationError(
      "content-commitment",
      "the data key or what it is bound to is not the one of this content",
    );
  }
  return message(dataKey, prefix, aad, segmentBytes);
}

/** The AEAD's own AAD: position (8) ‖ 1 for the final segment, else 0. */
function segmentAad(position: number, final: boolean): Uint8Array {
  const aad = allocate(9);
  putPosition(aad, 0, position);
  aad[8] = final ? 1 : 0;
  return aad;
}

/** How one segment is encrypted. */
interface SegmentOptions {
  /** Hash of its leaf; default SHA-256. */
  readonly hashAlg?: HashAlg;
  /** For vectors only. */
  readonly random?: RandomSource;
}

/** Writes a segment to `out` and gives its bytes to `hash`, in order. RangeError for a length that it can't have. */
function writeSegment(
  { segmentBytes, keyOf }: FloeMessage,
  position: number,
  final: boolean,
  plaintext: Uint8Array,
  out: Uint8Array,
  random: RandomSource,
  hash: Hash,
): void {
  const size = plaintext.length + segmentOverheadBytes;
  if (size > segmentBytes || (!final && size !== segmentBytes) || out.length !== size)
    throw new RangeError("a segment of a length that it can't have");
  putUint32(out, 0, final ? size : innerMarker);
  const iv = random(segmentPrefixBytes - 4);
  out.set(iv, 4);
  hash.update(out.subarray(0, segmentPrefixBytes));
  aesGcmSealInto(keyOf(position), iv, segmentAad(position, final), plaintext, out.subarray(segmentPrefixBytes), hash);
}

/**
 * Encrypts one segment into `out`, 32 bytes longer than `plaintext`, and returns its leaf hash (CON-8), taken on the way.
 * Only a final segment may be shorter than a whole one: RangeError else. Spec: CON-5.
 */
export function encryptSegment(
  message: FloeMessage,
  position: number,
  final: boolean,
  plaintext: Uint8Array,
  out: Uint8Array,
  { hashAlg = -16, random = randomBytes }: SegmentOptions = {},
): Uint8Array {
  const hash = createHash(hashes[hashAlg].text).update(Uint8Array.of(0));
  writeSegment(message, position, final, plaintext, out, random, hash);
  return hash.digest();
}

/** For a segment whose leaf is hashed afterwards. */
const unhashed: Hash = { update: () => unhashed, digest: () => new Uint8Array() };

/**
 * As `encryptSegment`, with the leaf hashed on libuv's threads: `leaf` takes what that hash is of, 0x00 ‖ segment, 33 bytes longer than
 * `plaintext`. Once this has returned, the memory may be changed or detached.
 */
export function encryptSegmentAside(
  message: FloeMessage,
  position: number,
  final: boolean,
  plaintext: Uint8Array,
  leaf: Uint8Array<ArrayBuffer>,
  { hashAlg = -16, random = randomBytes }: SegmentOptions = {},
): Promise<Uint8Array> {
  leaf[0] = 0;
  writeSegment(message, position, final, plaintext, leaf.subarray(1), random, unhashed);
  return hashAside(hashAlg, leaf);
}

/**
 * Decrypts one segment into `out`, 32 bytes shorter than `segment`, or into memory of its own; returns the plaintext. The
 * attacker controls `segment`; `final` comes from a signed size. Throws `content-segment`, with `out` zeroed, where marker
 * or tag doesn't agree. Spec: CON-5, CON-7.
 */
export function decryptSegment(
  { segmentBytes, keyOf }: FloeMessage,
  position: number,
  final: boolean,
  segment: Uint8Array,
  out?: Uint8Array,
): Uint8Array {
  const { length } = segment;
  const fits = length >= segmentOverheadBytes && length <= segmentBytes && (final || length === segmentBytes);
  if (!fits || uint32(segment, 0) !== (final ? length : innerMarker)) {
    throw new VerificationError(
      "content-segment",
      `segment ${position} has a length that doesn't agree with its place`,
    );
  }
  const iv = segment.subarray(4, segmentPrefixBytes);
  const aad = segmentAad(position, final);
  const sealed = segment.subarray(segmentPrefixBytes);
  const key = keyOf(position);
  const plaintext = out === undefined ? aesGcmOpen(key, iv, aad, sealed) : aesGcmOpenInto(key, iv, aad, sealed, out);
  if (plaintext === null) throw new VerificationError("content-segment", `segment ${position} doesn't decrypt`);
  return plaintext;
}
