// Content: what an artifact governs, as our own ciphertext (floe) or as foreign bytes (opaque), under one Merkle root.
// Here it is written and hashed; content-open.ts verifies and decrypts it.
import { uninitialized } from "#bytes";
import { encodeCbor } from "./cbor.ts";
import { randomNonce, zero } from "#crypto";
import type { KeyObject } from "#crypto";
import { nearby, seekable, sequenceOf } from "./content-source.ts";
import type { ContentSource } from "./content-source.ts";
import { VerificationError } from "./errors.ts";
import {
  encryptSegment,
  encryptSegmentAside,
  floeHeaderBytes,
  floeSegmentBytes,
  segmentOverheadBytes,
  startEncryption,
} from "./floe.ts";
import type { RandomSource } from "./floe.ts";
import { leafHash, rootOfLeaves } from "./merkle.ts";
import { digestText } from "./shape.ts";
import type { Digest } from "./shape.ts";
import { hashes } from "./suites.ts";
import type { HashAlg } from "./suites.ts";

/** `floe` is encrypted by us, `opaque` is anything else. */
export type ContentFormat = "floe" | "opaque";

/** What a core says of its content. */
export interface SignedContent {
  readonly format: ContentFormat;
  /** Bytes as stored; a FLOE header counts. */
  readonly sizeBytes: number;
  readonly root: Digest;
  /** 74 bytes; there for `floe` alone. */
  readonly floeHeader?: Uint8Array | undefined;
}

/** How stored bytes fall into segments. All of it follows from the signed size. */
export interface ContentLayout {
  readonly headerBytes: number;
  readonly segments: number;
  readonly lastSegmentBytes: number;
}

/** Plaintext bytes of a whole segment. */
export const segmentPlaintextBytes: number = floeSegmentBytes - segmentOverheadBytes;

/** Segments of content of `size` stored bytes; throws `content-size` for a size that no writer makes. Spec: CON-2, CON-7. */
export function contentLayout(format: ContentFormat, size: number): ContentLayout {
  const headerBytes = format === "floe" ? floeHeaderBytes : 0;
  const body = size - headerBytes;
  const segments = Math.ceil(body / floeSegmentBytes);
  const lastSegmentBytes = body - (segments - 1) * floeSegmentBytes;
  const least = segments > 1 ? segmentOverheadBytes + 1 : segmentOverheadBytes;
  if (!Number.isSafeInteger(size) || body < 0 || (format === "floe" && (segments < 1 || lastSegmentBytes < least))) {
    throw new VerificationError("content-size", `${format} content is never ${size} bytes long`);
  }
  return { headerBytes, segments, lastSegmentBytes: segments === 0 ? 0 : lastSegmentBytes };
}

/** Bytes of plaintext in `floe` content of `size` stored bytes; throws `content-size`. Spec: CON-2. */
export function plaintextBytes(size: number): number {
  return size - floeHeaderBytes - contentLayout("floe", size).segments * segmentOverheadBytes;
}

/** Bytes that `floe` content of so much plaintext takes when stored. Spec: CON-2. */
export function encryptedBytes(plaintext: number): number {
  return floeHeaderBytes + plaintext + Math.max(1, Math.ceil(plaintext / segmentPlaintextBytes)) * segmentOverheadBytes;
}

/** AAD of an artifact's content: no issuer can adopt ciphertext whose key he never held. `artifactId` is 16 bytes. Spec: CON-1. */
export function contentAad(artifactId: Uint8Array, firstIssuer: string): Uint8Array {
  if (artifactId.length !== 16) throw new TypeError("an artifact id is 16 bytes long");
  return encodeCbor(["writ/1 content", artifactId, firstIssuer]);
}

/** Memory for a segment: pages are touched only where it is written. */
export function segmentBuffer(sizeBytes: number): Uint8Array<ArrayBuffer> {
  return uninitialized(Math.min(sizeBytes, floeSegmentBytes));
}

/** The same, taken when it is first asked for. */
export function segmentMemory(sizeBytes: number): () => Uint8Array<ArrayBuffer> {
  let memory: Uint8Array<ArrayBuffer> | undefined;
  return () => (memory ??= segmentBuffer(sizeBytes));
}

/** Takes lent memory back without copying it: views that somebody kept are detached, so that misuse shows at once. */
export function takeBack(lent: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(lent.buffer.transfer());
}

/** Leaf hashes in order, in memory that doubles: a size that an attacker names allocates nothing. */
function leafCollector(hashAlg: HashAlg): { add(leaf: Uint8Array): void; list(): Uint8Array } {
  let bytes = new Uint8Array(hashes[hashAlg].sizeBytes);
  let used = 0;
  return {
    add: (leaf) => {
      if (used + leaf.length > bytes.length) {
        const larger = new Uint8Array(bytes.length * 2);
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(leaf, used);
      used += leaf.length;
    },
    list: () => bytes.slice(0, used),
  };
}

/** What is known of content after one pass. */
export interface HashedContent {
  /** Bytes as stored; a FLOE header counts. */
  readonly sizeBytes: number;
  readonly root: Digest;
  /** The leaf list: concatenated leaf hashes. */
  readonly leaves: Uint8Array;
  /** 74 bytes; there for `floe` alone. */
  readonly header?: Uint8Array | undefined;
}

/** Content that has just been written. */
export interface EncryptedContent extends HashedContent {
  readonly header: Uint8Array;
  readonly plaintextSizeBytes: number;
}

/** Under what content is encrypted. */
export interface EncryptOptions {
  /** 32 bytes, fresh for this content. */
  readonly dataKey: KeyObject;
  /** See `contentAad`. */
  readonly aad: Uint8Array;
  /** Hash of the Merkle tree; default SHA-256. */
  readonly hashAlg?: HashAlg | undefined;
  /** For vectors only. */
  readonly random?: RandomSource | undefined;
}

/** As `EncryptOptions`, with where the bytes go. */
export interface EncryptStreamOptions extends EncryptOptions {
  /** Takes the header, then each segment. Bytes are lent: they are detached once the call, or its promise, is done. */
  readonly write: (chunk: Uint8Array) => void | Promise<void>;
  /**
   * True: content of more than one segment is hashed on libuv's threads while it is encrypted, for large content where a core is free.
   * Default: on this thread, which costs the processor least.
   */
  readonly threads?: boolean | undefined;
}

/** Segments whose leaves are hashed at once or wait for it: so many that no core runs dry while this thread encrypts, and 6 MiB. */
const mostPending = 6;

/** A message under way: encrypts its segments in order and collects their leaves. */
function contentWriter({ dataKey, aad, hashAlg = -16, random = randomNonce }: EncryptOptions): {
  readonly header: Uint8Array;
  /** Encrypts into `out`. */
  add(plaintext: Uint8Array, final: boolean, out: Uint8Array): void;
  /** The same to `leaf` (see `encryptSegmentAside`), whose hash is collected by `settle`. */
  addAside(plaintext: Uint8Array, final: boolean, leaf: Uint8Array<ArrayBuffer>): void;
  /** Collects leaves in order until at most so many are pending. */
  settle(pending: number): Promise<void>;
  /** Waits until nothing is hashed any more; never rejects. */
  idle(): Promise<unknown>;
  end(): EncryptedContent;
} {
  const { header, message } = startEncryption(dataKey, aad, { random });
  const leaves = leafCollector(hashAlg);
  const options = { hashAlg, random };
  const aside: Promise<Uint8Array>[] = [];
  let position = 0;
  let plaintextSizeBytes = 0;
  const count = (plaintext: Uint8Array): void => {
    position += 1;
    plaintextSizeBytes += plaintext.length;
  };
  return {
    header,
    add: (plaintext, final, out) => {
      leaves.add(encryptSegment(message, position, final, plaintext, out, options));
      count(plaintext);
    },
    addAside: (plaintext, final, leaf) => {
      const hashed = encryptSegmentAside(message, position, final, plaintext, leaf, options);
      hashed.catch(() => undefined); // it is awaited later, or given up for an earlier failure
      aside.push(hashed);
      count(plaintext);
    },
    settle: async (pending) => {
      while (aside.length > pending) leaves.add(await aside.shift()!);
    },
    idle: () => Promise.allSettled(aside),
    end: () => {
      const list = leaves.list();
      const root = digestText(hashAlg, rootOfLeaves(hashAlg, list));
      return { sizeBytes: encryptedBytes(plaintextSizeBytes), plaintextSizeBytes, root, leaves: list, header };
    },
  };
}

/**
 * Encrypts a source of any size in constant memory. Whoever calls discards what was written where this rejects.
 * Throws TypeError for a data key that isn't 32 secret bytes. Spec: CON-1 to CON-5, CON-8, CON-9.
 */
export async function encryptContent(
  source: ContentSource,
  { write, threads = false, ...options }: EncryptStreamOptions,
): Promise<EncryptedContent> {
  const writer = contentWriter(options);
  const input = sequenceOf(source);
  let staged: Uint8Array<ArrayBuffer> | undefined;
  const memory = (): Uint8Array => (staged ??= segmentBuffer(floeSegmentBytes));
  const size = Math.min((seekable(source)?.sizeBytes ?? floeSegmentBytes) + segmentOverheadBytes, floeSegmentBytes);
  let leaf = uninitialized(1 + size); // 0x00 ‖ segment: what a leaf is the hash of
  let most = 0;
  try {
    await write(new Uint8Array(writer.header));
    for (let first = true, final = false; !final; first = false) {
      const before = most;
      most = floeSegmentBytes; // a source that fails may have filled any of it
      const plaintext = await input.next(segmentPlaintextBytes, memory);
      most = Math.max(before, plaintext.length);
      final = await input.atEnd(); // a full segment is final where nothing follows
      const end = 1 + plaintext.length + segmentOverheadBytes;
      if (threads && !(first && final)) writer.addAside(plaintext, final, leaf.subarray(0, end));
      else writer.add(plaintext, final, leaf.subarray(1, end));
      await write(leaf.subarray(1, end));
      leaf = takeBack(leaf);
      await writer.settle(mostPending - 1);
    }
    await writer.settle(0);
    return writer.end();
  } finally {
    if (staged !== undefined) zero(staged.subarray(0, most));
    await writer.idle();
    await input.close();
  }
}

/** Encrypts bytes in memory; `content` is everything that is stored. Spec: CON-1 to CON-5, CON-8, CON-9. */
export function encryptBytes(
  plaintext: Uint8Array,
  options: EncryptOptions,
): EncryptedContent & { readonly content: Uint8Array } {
  const writer = contentWriter(options);
  const content = uninitialized(encryptedBytes(plaintext.length));
  content.set(writer.header);
  const { segments } = contentLayout("floe", content.length);
  for (let position = 0; position < segments; position += 1) {
    const at = position * segmentPlaintextBytes;
    const from = floeHeaderBytes + position * floeSegmentBytes;
    const segment = content.subarray(from, from + floeSegmentBytes);
    writer.add(plaintext.subarray(at, at + segmentPlaintextBytes), position === segments - 1, segment);
  }
  return { ...writer.end(), content };
}

/**
 * Hashes stored content in one pass, without a key; `also` asks for its root under further hash algorithms. A source longer than `maxBytes` is refused as soon as that shows.
 * Throws `content-size` for a length that no writer makes. Spec: CON-8, CON-9.
 */
export async function hashContent(
  source: ContentSource,
  {
    format,
    hashAlg = -16,
    also = [],
    maxBytes = Number.MAX_SAFE_INTEGER,
  }: {
    format: ContentFormat;
    hashAlg?: HashAlg | undefined;
    also?: readonly HashAlg[];
    maxBytes?: number | undefined;
  },
): Promise<HashedContent & { readonly roots: ReadonlyMap<HashAlg, Digest> }> {
  const collectors = new Map([hashAlg, ...also].map((alg) => [alg, leafCollector(alg)]));
  const input = sequenceOf(source);
  const memory = segmentMemory(floeSegmentBytes);
  let size = 0;
  try {
    const header = format === "floe" ? new Uint8Array(await input.next(floeHeaderBytes, memory)) : undefined;
    size = header?.length ?? 0;
    while (!(await input.atEnd())) {
      const segment = nearby(await input.next(floeSegmentBytes, memory), memory);
      size += segment.length;
      if (size > maxBytes)
        throw new VerificationError(
          "content-size",
          `the content is longer than the ${maxBytes} bytes that were signed`,
        );
      for (const [alg, leaves] of collectors) leaves.add(leafHash(alg, segment));
    }
    contentLayout(format, size);
    const roots = new Map(
      [...collectors].map(([alg, leaves]) => [alg, digestText(alg, rootOfLeaves(alg, leaves.list()))]),
    );
    return { sizeBytes: size, root: roots.get(hashAlg)!, roots, leaves: collectors.get(hashAlg)!.list(), header };
  } finally {
    await input.close();
  }
}
