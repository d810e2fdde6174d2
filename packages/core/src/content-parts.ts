// Ranges of content: only the segments that they touch are read, each verified as content-open.ts does.
import { uninitialized } from "#bytes";
import { zero } from "#crypto";
import { plaintextBytes, segmentMemory, segmentPlaintextBytes } from "./content.ts";
import type { SignedContent } from "./content.ts";
import { checkLeaf, messageOf, segmentLength, signedHeader, verifyLayout } from "./content-open.ts";
import type { DecryptContentOptions, VerifiedLayout, VerifyContentOptions } from "./content-open.ts";
import { nearby, readExactly, seekable } from "./content-source.ts";
import type { ContentReader, SeekableSource } from "./content-source.ts";
import { decryptSegment, floeSegmentBytes, segmentOverheadBytes } from "./floe.ts";

function readerOf(source: SeekableSource): ContentReader {
  const reader = seekable(source);
  if (reader === null) throw new TypeError("a range needs content that can be read at any place");
  return reader;
}

function assertRange(start: number, end: number, size: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end > size) {
    throw new RangeError(`no range \`${start}\` to \`${end}\` in ${size} bytes`);
  }
}

/** Which part of a range one segment holds: from `from` of the segment's own bytes, to `at` of the answer. */
interface RangePart {
  readonly index: number;
  readonly from: number;
  readonly at: number;
  readonly length: number;
}

function* rangeParts(start: number, end: number, partBytes: number): Generator<RangePart, void, undefined> {
  for (let position = start; position < end;) {
    const index = Math.floor(position / partBytes);
    const length = Math.min(end, (index + 1) * partBytes) - position;
    yield { index, from: position - index * partBytes, at: position - start, length };
    position += length;
  }
}

async function readSegment(
  reader: ContentReader,
  layout: VerifiedLayout,
  index: number,
  memory: () => Uint8Array,
): Promise<Uint8Array> {
  const offset = layout.headerBytes + index * floeSegmentBytes;
  return nearby(await readExactly(reader, offset, segmentLength(layout, index), memory()), memory);
}

async function readRange(
  reader: ContentReader,
  layout: VerifiedLayout,
  content: SignedContent,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const out = new Uint8Array(end - start);
  const header = signedHeader(content).subarray(start, end);
  out.set(header);
  const bodyStart = Math.max(0, start - layout.headerBytes);
  const memory = segmentMemory(content.sizeBytes);
  for (const { index, from, at, length } of rangeParts(bodyStart, end - layout.headerBytes, floeSegmentBytes)) {
    const segment = await readSegment(reader, layout, index, memory);
    checkLeaf(layout, index, segment);
    out.set(segment.subarray(from, from + length), header.length + at);
  }
  return out;
}

/**
 * Stored bytes `start` to `end` (exclusive) of content, without a key; only the segments touched are read, where a leaf
 * list is given. Throws RangeError for a range beyond the content, else as `readVerified`. Spec: CON-11 to CON-13, CON-15.
 */
export async function verifyRange(
  source: SeekableSource,
  options: VerifyContentOptions,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const reader = readerOf(source);
  assertRange(start, end, options.content.sizeBytes);
  return readRange(reader, await verifyLayout(reader, options), options.content, start, end);
}

/** Verified ranges of stored bytes, one after the other under a leaf list that is checked once. Throws as `verifyRange`. Spec: CON-15. */
export async function verifiedReader(source: SeekableSource, options: VerifyContentOptions): Promise<ContentReader> {
  const { content } = options;
  const { sizeBytes } = content;
  const reader = readerOf(source);
  const layout = await verifyLayout(reader, options);
  return {
    sizeBytes,
    read: async (offset, length) => {
      const end = Math.min(offset + length, sizeBytes);
      assertRange(offset, end, sizeBytes);
      return readRange(reader, layout, content, offset, end);
    },
  };
}

/**
 * Plaintext bytes `start` to `end` (exclusive) of `floe` content; only the segments touched are read, where a leaf list is
 * given. Throws RangeError for a range beyond the plaintext, else as `decryptContent`. Spec: CON-6, CON-7, CON-11 to CON-13.
 */
export async function decryptRange(
  source: SeekableSource,
  options: DecryptContentOptions,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const reader = readerOf(source);
  const message = messageOf(options);
  assertRange(start, end, plaintextBytes(options.content.sizeBytes));
  const layout = await verifyLayout(reader, options);
  const out = uninitialized(end - start);
  const memory = segmentMemory(options.content.sizeBytes);
  try {
    for (const { index, from, at, length } of rangeParts(start, end, segmentPlaintextBytes)) {
      const segment = await readSegment(reader, layout, index, memory);
      checkLeaf(layout, index, segment);
      const plaintext = segment.length - segmentOverheadBytes;
      const whole = length === plaintext;
      const into = whole ? out.subarray(at, at + length) : uninitialized(plaintext);
      decryptSegment(message, index, index === layout.segments - 1, segment, into);
      if (whole) continue;
      out.set(into.subarray(from, from + length), at);
      zero(into);
    }
    return out;
  } catch (error) {
    out.fill(0); // what was decrypted before the failure is not released
    throw error;
  }
}
