// Verified reading of content. The leaf list is hashed to the signed root before the first byte is released, and a
// segment's leaf is checked before its tag: the tag commits to the key, not to the content, so whoever once held the data
// key could forge a segment that decrypts.
import { equalBytes } from "./cbor.ts";
import { contentLayout, hashContent, segmentBuffer, segmentMemory, takeBack } from "./content.ts";
import type { ContentLayout, SignedContent } from "./content.ts";
import { bytesAt, isOwnMemory, nearby, readExactly, seekable, sequenceOf } from "./content-source.ts";
import type { ContentSource } from "./content-source.ts";
import { VerificationError } from "./errors.ts";
import { checkHeader, decryptSegment, floeSegmentBytes, segmentOverheadBytes, startDecryption } from "./floe.ts";
import type { DataKey, FloeMessage } from "./floe.ts";
import { leafHash, rootOfLeaves } from "./merkle.ts";
import { digestAlg, digestBytes, digestText } from "./shape.ts";
import type { Digest } from "./shape.ts";
import { hashes } from "./suites.ts";
import type { HashAlg } from "./suites.ts";

/** What content is verified against. */
export interface VerifyContentOptions {
  /** As the verified core says. */
  readonly content: SignedContent;
  /** Leaf list from an attachment or file, untrusted; without it seekable content is read once more to rebuild it. */
  readonly leaves?: Uint8Array | undefined;
  /** Refuses a root under any other hash. */
  readonly hashAlg?: HashAlg | undefined;
}

/** As `VerifyContentOptions`, for content that is read whole. */
export interface VerifyWholeOptions extends VerifyContentOptions {
  /** Roots that it must have beside the core's: those of rehashes. */
  readonly roots?: readonly Digest[];
  /** Asks for its root under one hash more. */
  readonly also?: HashAlg;
}

/** How verified bytes are handed out. */
export interface ReleaseOptions {
  /**
   * True: a released segment is detached when the next is asked for, and memory stays constant. False (default): every
   * segment is the caller's own.
   */
  readonly lend?: boolean | undefined;
}

/** As `VerifyContentOptions`, with what decrypts. */
export interface DecryptContentOptions extends VerifyContentOptions, ReleaseOptions {
  /** Used until the last segment is released. */
  readonly dataKey: DataKey;
  /** See `contentAad`. */
  readonly aad: Uint8Array;
}

/** Content whose header and leaf list are verified; segments are still to be checked one by one. */
export interface VerifiedLayout extends ContentLayout {
  readonly hashAlg: HashAlg;
  readonly leaves: Uint8Array;
}

function signedHashAlg({ content, hashAlg }: VerifyContentOptions): HashAlg {
  const signed = digestAlg(content.root);
  if (hashAlg !== undefined && hashAlg !== signed)
    throw new VerificationError(
      "content-root",
      `the content root is a ${hashes[signed].text} digest, not ${hashes[hashAlg].text}`,
    );
  return signed;
}

/** The header that the core signed; throws `content-header`. Spec: CON-3. */
export function signedHeader(content: SignedContent): Uint8Array {
  const header = content.floeHeader ?? new Uint8Array();
  if (content.format === "floe") checkHeader(header);
  else if (header.length > 0) throw new VerificationError("content-header", "opaque content has no FLOE header");
  return header;
}

function assertHeader(stored: Uint8Array, signed: Uint8Array): void {
  if (!equalBytes(stored, signed))
    throw new VerificationError("content-header", "the content begins with another header than the signed one");
}

function assertSize(stored: number, content: SignedContent): void {
  if (stored !== content.sizeBytes)
    throw new VerificationError(
      "content-size",
      `the content is ${stored} bytes long where ${content.sizeBytes} were signed`,
    );
}

/**
 * Reads content once and checks it whole against the signed size, header and roots, without a key; returns its leaf list, and its root
 * under the hash that was asked for. Throws `content-size`, `content-header`, `content-root`. Spec: ANC-11, CON-7, CON-11.
 */
export async function verifyContent(
  source: ContentSource,
  options: VerifyWholeOptions,
): Promise<{ readonly leaves: Uint8Array; readonly root: Digest }> {
  const { content, roots = [], also } = options;
  const hashAlg = signedHashAlg(options);
  contentLayout(content.format, content.sizeBytes);
  const header = signedHeader(content);
  const reader = seekable(source);
  if (reader !== null) assertSize(reader.sizeBytes, content);
  const hashed = await hashContent(source, {
    format: content.format,
    hashAlg,
    also: [...roots.map(digestAlg), ...(also === undefined ? [] : [also])],
    maxBytes: content.sizeBytes,
  });
  assertSize(hashed.sizeBytes, content);
  assertHeader(hashed.header ?? new Uint8Array(), header);
  if (hashed.root !== content.root) throw new VerificationError("content-root", "the content is not what was signed");
  if (roots.some((root) => hashed.roots.get(digestAlg(root)) !== root))
    throw new VerificationError("content-root", "the content has not the root that a rehash states");
  return { leaves: hashed.leaves, root: hashed.roots.get(also ?? hashAlg)! };
}

/** A leaf list hashed to the signed root; throws `content-leaf-list`. Spec: CON-11, CON-12. */
function checkLeafList(leaves: Uint8Array, hashAlg: HashAlg, segments: number, content: SignedContent): void {
  const expected = segments * hashes[hashAlg].sizeBytes;
  if (leaves.length !== expected)
    throw new VerificationError(
      "content-leaf-list",
      `a leaf list of ${leaves.length} bytes where the signed size implies ${expected}`,
    );
  if (digestText(hashAlg, rootOfLeaves(hashAlg, leaves)) !== content.root)
    throw new VerificationError("content-leaf-list", "the leaf list doesn't have the signed root");
}

/** What the core signed of a content's form. */
interface SignedLayout extends ContentLayout {
  readonly hashAlg: HashAlg;
  readonly header: Uint8Array;
}

function signedLayout(options: VerifyContentOptions): SignedLayout {
  const { content } = options;
  const layout = contentLayout(content.format, content.sizeBytes);
  return { ...layout, hashAlg: signedHashAlg(options), header: signedHeader(content) };
}

/** The leaf list as given; that of a single leaf is the root, that of none is empty; null where there is neither. Spec: CON-11, CON-12. */
function checkedLeaves({ content, leaves: given }: VerifyContentOptions, layout: SignedLayout): Uint8Array | null {
  const { hashAlg, segments } = layout;
  if (given === undefined && segments === 1) return digestBytes(content.root);
  if (given === undefined && segments > 1) return null;
  const leaves = new Uint8Array(given ?? []); // checked and used: nobody else's hand is on it
  checkLeafList(leaves, hashAlg, segments, content);
  return leaves;
}

/** Everything that is checked before the first segment is read. */
export async function verifyLayout(source: ContentSource, options: VerifyContentOptions): Promise<VerifiedLayout> {
  const layout = signedLayout(options);
  const { headerBytes, header } = layout;
  const reader = seekable(source);
  if (reader !== null) {
    assertSize(reader.sizeBytes, options.content);
    assertHeader(await readExactly(reader, 0, headerBytes, new Uint8Array(headerBytes)), header);
  }
  const leaves = checkedLeaves(options, layout);
  if (leaves !== null) return { ...layout, leaves };
  if (reader === null) {
    throw new VerificationError("content-leaf-list", "a stream can't be read twice: its leaf list is needed");
  }
  return { ...layout, leaves: (await verifyContent(reader, options)).leaves };
}

/** Throws `content-leaf` unless the stored segment is the signed one. Spec: CON-13. */
export function checkLeaf({ hashAlg, leaves }: VerifiedLayout, index: number, segment: Uint8Array): void {
  const size = hashes[hashAlg].sizeBytes;
  if (!equalBytes(leafHash(hashAlg, segment), leaves.subarray(index * size, (index + 1) * size))) {
    throw new VerificationError("content-leaf", `segment ${index} is not what was signed`);
  }
}

/** Stored bytes of the segment at `index`. */
export function segmentLength({ segments, lastSegmentBytes }: ContentLayout, index: number): number {
  return index === segments - 1 ? lastSegmentBytes : floeSegmentBytes;
}

/** Content read from its beginning to its end. */
interface StoredSegments {
  /** Reads and compares the header. */
  begin(): Promise<void>;
  /**
   * The next segment, not checked yet; the last one only when nothing follows it. Its bytes are valid until the next one is asked for,
   * and may be somebody else's memory: its leaf is checked in the very step that uses them, with nothing awaited between.
   */
  next(index: number): Promise<Uint8Array>;
  /** Lets go of the source. */
  close(): Promise<void>;
}

/** Spec: CON-7. */
function storedSegments(source: ContentSource, layout: VerifiedLayout, content: SignedContent): StoredSegments {
  const input = sequenceOf(source);
  const memory = segmentMemory(Math.max(layout.headerBytes, content.sizeBytes));
  let read = 0;
  const take = async (length: number): Promise<Uint8Array> => {
    const bytes = await input.next(length, memory);
    read += bytes.length;
    if (bytes.length !== length) assertSize(read, content);
    return bytes;
  };
  const assertEnd = async (): Promise<void> => {
    if (!(await input.atEnd()))
      throw new VerificationError(
        "content-size",
        `the content is longer than the ${content.sizeBytes} bytes that were signed`,
      );
  };
  return {
    begin: async () => {
      assertHeader(await take(layout.headerBytes), content.floeHeader ?? new Uint8Array());
      if (layout.segments === 0) await assertEnd();
    },
    next: async (index) => {
      const bytes = nearby(await take(segmentLength(layout, index)), memory);
      if (index === layout.segments - 1) await assertEnd();
      return bytes;
    },
    close: () => input.close(),
  };
}

/** What becomes of a segment whose leaf is the signed one; `into` is memory to put it in, of the segment's length, where it is lent. */
type SegmentUse = (bytes: Uint8Array, index: number, final: boolean, into: Uint8Array | undefined) => Uint8Array;

/** Segments in order, each verified before it is used and handed out; `begin` runs before anything is read. */
async function* releaseSegments(
  source: ContentSource,
  options: VerifyContentOptions & ReleaseOptions,
  begin: () => SegmentUse,
): AsyncGenerator<Uint8Array, void, undefined> {
  const use = begin();
  const { content } = options;
  const layout = await verifyLayout(source, options);
  let lent = options.lend === true ? segmentBuffer(content.sizeBytes) : undefined;
  const stored = storedSegments(source, layout, content);
  try {
    await stored.begin();
    for (let index = 0; index < layout.segments; index += 1) {
      const bytes = await stored.next(index);
      checkLeaf(layout, index, bytes);
      yield use(bytes, index, index === layout.segments - 1, lent?.subarray(0, bytes.length));
      if (lent !== undefined) lent = takeBack(lent);
    }
  } finally {
    await stored.close();
  }
}

/** As `releaseSegments`, of bytes in memory whose leaf list is given: there is nothing to wait for. */
function* releaseBytes(
  source: Uint8Array,
  options: VerifyContentOptions & ReleaseOptions,
  begin: () => SegmentUse,
): Generator<Uint8Array, void, undefined> {
  const use = begin();
  const { content } = options;
  const signed = signedLayout(options);
  assertSize(source.length, content);
  assertHeader(source.subarray(0, signed.headerBytes), signed.header);
  const layout: VerifiedLayout = { ...signed, leaves: checkedLeaves(options, signed)! };
  const memory = segmentMemory(content.sizeBytes);
  let lent = options.lend === true ? segmentBuffer(content.sizeBytes) : undefined;
  for (let index = 0; index < layout.segments; index += 1) {
    const at = layout.headerBytes + index * floeSegmentBytes;
    const bytes = nearby(bytesAt(source, at, segmentLength(layout, index), content.sizeBytes), memory);
    checkLeaf(layout, index, bytes);
    yield use(bytes, index, index === layout.segments - 1, lent?.subarray(0, bytes.length));
    if (lent !== undefined) lent = takeBack(lent);
  }
}

/** Segments as they are released: for `for await`, which reads both. */
export type ReleasedSegments = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

function release(
  source: ContentSource,
  options: VerifyContentOptions & ReleaseOptions,
  begin: () => SegmentUse,
): ReleasedSegments {
  const isListed = options.leaves !== undefined || options.content.sizeBytes <= floeSegmentBytes; // one segment is its own list
  return isListed && isOwnMemory(source)
    ? releaseBytes(source, options, begin)
    : releaseSegments(source, options, begin);
}

/**
 * The stored bytes of content in order, each segment verified before it is handed out: for opaque content and for relays.
 * Throws `content-size`, `content-header`, `content-root`, `content-leaf-list`, `content-leaf`. Spec: CON-11 to CON-13.
 */
export function readVerified(source: ContentSource, options: VerifyContentOptions & ReleaseOptions): ReleasedSegments {
  return release(source, options, () => (bytes, _index, _final, into) => {
    if (into === undefined) return new Uint8Array(bytes);
    into.set(bytes);
    return into;
  });
}

/** The message of `floe` content; throws `content-header`, `content-commitment`. */
export function messageOf({ content, dataKey, aad }: DecryptContentOptions): FloeMessage {
  if (content.format !== "floe") throw new TypeError("only floe content is decrypted here");
  contentLayout(content.format, content.sizeBytes);
  return startDecryption(dataKey, aad, signedHeader(content));
}

/**
 * The plaintext of `floe` content, a segment at a time, each verified before it is released. Nothing is released before
 * the leaf list agrees with the signed root. Throws `content-size`, `content-header`, `content-commitment`,
 * `content-root`, `content-leaf-list`, `content-leaf`, `content-segment`. Spec: CON-6, CON-7, CON-11 to CON-13.
 */
export function decryptContent(source: ContentSource, options: DecryptContentOptions): ReleasedSegments {
  return release(source, options, () => {
    const message = messageOf(options);
    return (bytes, index, final, into) =>
      decryptSegment(message, index, final, bytes, into?.subarray(0, bytes.length - segmentOverheadBytes));
  });
}
