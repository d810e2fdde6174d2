// Sealed content for tests: fixed keys and randomness, sources of every kind.
import { createHash, createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { contentAad, encryptBytes } from "../../src/content.ts";
import type { EncryptedContent, SignedContent } from "../../src/content.ts";
import type { DecryptContentOptions, ReleasedSegments } from "../../src/content-open.ts";
import type { HashAlg } from "../../src/suites.ts";

/** Plaintext bytes of one whole segment. */
export const whole: number = 2 ** 20 - 32;

/** Bytes that look random and repeat for the same seed. */
export function pattern(sizeBytes: number, seed = 0): Buffer {
  const block = createHash("sha512").update(String(seed)).digest();
  const bytes = Buffer.alloc(sizeBytes, block);
  for (let at = 0; at < sizeBytes; at += 4096) bytes.writeUInt8((at / 4096) % 251, at);
  return bytes;
}

/** Randomness that repeats: SHA-512 of a counter. */
export function countingRandom(seed = 0): (sizeBytes: number) => Uint8Array {
  let count = 0;
  return (sizeBytes) => {
    count += 1;
    return createHash("sha512").update(`${seed}/${count}`).digest().subarray(0, sizeBytes);
  };
}

export const dataKey: KeyObject = createSecretKey(Buffer.alloc(32, 0x11));
export const aad: Uint8Array = contentAad(Buffer.alloc(16, 0x22), "urn:example:issuer");

/** Content in memory, and what verifies and decrypts it. */
export interface Sealed {
  readonly plaintext: Buffer;
  readonly content: Buffer;
  readonly sealed: EncryptedContent;
  readonly options: DecryptContentOptions;
}

/** What a core would say of it. */
export function signed({ sizeBytes, root, header }: EncryptedContent): SignedContent {
  return { format: "floe", sizeBytes, root, floeHeader: header };
}

export function seal(
  plaintext: Buffer,
  { hashAlg = -16, seed = 0 }: { hashAlg?: HashAlg; seed?: number } = {},
): Sealed {
  const sealed = encryptBytes(plaintext, { dataKey, aad, hashAlg, random: countingRandom(seed) });
  return {
    plaintext,
    content: Buffer.from(sealed.content),
    sealed,
    options: { content: signed(sealed), dataKey, aad },
  };
}

/** A stream of the bytes in chunks of these sizes, over and over; `state` shows whether it was let go of. */
export async function* chunked(
  bytes: Uint8Array,
  sizes: readonly number[],
  state: { closed?: boolean } = {},
): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const size = sizes[turn % sizes.length]!;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  } finally {
    state.closed = true;
  }
}

/** Everything a stream releases, and the error that ended it, if any. */
export async function drain(
  stream: ReleasedSegments,
): Promise<{ readonly bytes: Buffer; readonly error: Error | undefined }> {
  const parts: Buffer[] = [];
  try {
    for await (const part of stream) parts.push(Buffer.from(part));
    return { bytes: Buffer.concat(parts), error: undefined };
  } catch (error) {
    return { bytes: Buffer.concat(parts), error: error as Error };
  }
}

/** Everything a stream releases, as it was released. */
export async function collect(stream: ReleasedSegments): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}
