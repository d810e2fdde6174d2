// HMAC and HKDF with SHA-384, of node's own hash: an Hmac or HKDF object of node takes longer to make and to collect than it hashes, and
// each payload that is opened takes five derivations.
import * as node from "node:crypto";
import type { KeyObject } from "node:crypto";

const blockBytes = 128; // of SHA-384
const digestBytes = 48;
const inner = new Uint8Array(blockBytes + 2048);
const outer = new Uint8Array(blockBytes + digestBytes);
const innerDigest = Buffer.from(outer.buffer, blockBytes, digestBytes);

/** Key xor pad, both as long as a block. Source: FIPS 198-1 4. */
function putPadded(into: Uint8Array, key: Uint8Array, pad: number): void {
  into.fill(pad, 0, blockBytes);
  for (let at = 0; at < key.length; at += 1) into[at]! ^= key[at]!;
}

/** H(key xor opad ‖ H(key xor ipad ‖ parts)). Source: FIPS 198-1, RFC 2104. */
function hmac(key: Uint8Array, parts: readonly Uint8Array[]): Buffer {
  let size = blockBytes;
  for (const { length } of parts) size += length;
  if (key.length > blockBytes || size > inner.length) return hmacOfNode(key, parts);
  try {
    putPadded(inner, key, 0x36);
    let at = blockBytes;
    for (const part of parts) {
      inner.set(part, at);
      at += part.length;
    }
    putPadded(outer, key, 0x5c);
    innerDigest.write(node.hash("sha384", inner.subarray(0, size), "binary"), "latin1");
    return node.hash("sha384", outer, "buffer");
  } finally {
    inner.fill(0, 0, size);
    outer.fill(0);
  }
}

/** For long messages and keys. */
function hmacOfNode(key: Uint8Array, parts: readonly Uint8Array[]): Buffer {
  const mac = node.createHmac("sha384", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** Uses the bytes of a secret, and zeroes the copy that was made of them. */
function withBytes<T>(secret: KeyObject | Uint8Array, use: (bytes: Uint8Array) => T): T {
  if (secret instanceof Uint8Array) return use(secret);
  const bytes = secret.export();
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}

/** HMAC-SHA-384, the whole MAC. */
export function hmacSha384(key: KeyObject | Uint8Array, bytes: Uint8Array): Uint8Array {
  return withBytes(key, (own) => hmac(own, [bytes]));
}

const firstBlock = Buffer.of(1);

/** HKDF-Expand-SHA-384 of at most 48 bytes (one block); `info` may come in parts. Source: RFC 5869 2.3. */
export function hkdfExpandSha384(
  secret: KeyObject | Uint8Array,
  info: Uint8Array | readonly Uint8Array[],
  sizeBytes: number,
): Uint8Array {
  if (sizeBytes > digestBytes) throw new RangeError("one block of HKDF-SHA-384 is 48 bytes");
  const parts = info instanceof Uint8Array ? [info, firstBlock] : [...info, firstBlock];
  const block = secret instanceof Uint8Array ? hmac(secret, parts) : withBytes(secret, (own) => hmac(own, parts));
  return block.fill(0, sizeBytes).subarray(0, sizeBytes); // no more of the block than was asked for
}

const emptySalt = Buffer.alloc(digestBytes);

/** HKDF-SHA-384 (extract with an empty salt, then expand) of at most 48 bytes. Source: RFC 5869. */
export function hkdfSha384(secret: KeyObject | Uint8Array, info: Uint8Array, sizeBytes: number): Uint8Array {
  const extracted = withBytes(secret, (own) => hmac(emptySalt, [own]));
  const expanded = hkdfExpandSha384(extracted, info, sizeBytes);
  extracted.fill(0);
  return expanded;
}
