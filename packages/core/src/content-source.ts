// Where content bytes come from: bytes in memory, something seekable, or a stream of chunks of any size.
import { FormatError } from "./errors.ts";

/** Seekable bytes: a file, an object in a store, memory. */
export interface ContentReader {
  readonly sizeBytes: number;
  /**
   * The `length` bytes at `offset`, fewer only where the end comes first. They may stand in `into` (at least `length`
   * bytes, the caller's), so that a long read needs no fresh memory.
   */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
}

/** A source that can be read at any place, and twice. */
export type SeekableSource = Uint8Array | ContentReader;

/** Any source of bytes; a stream gives chunks of any size and is read once. */
export type ContentSource = SeekableSource | AsyncIterable<Uint8Array>;

/** A reader of bytes in memory; what it gives aliases them. */
export function bytesReader(bytes: Uint8Array): ContentReader {
  return {
    sizeBytes: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** The reader of a source that can be read twice, else null. */
export function seekable(source: ContentSource): ContentReader | null {
  if (source instanceof Uint8Array) return bytesReader(source);
  return "sizeBytes" in source ? source : null; // streams of node have a `read` of their own
}

/** A source read from its beginning to its end. */
export interface Sequence {
  /**
   * The next `length` bytes, fewer only at the end, valid until the next call. They may stand in the caller's memory, which is asked
   * for only where bytes aren't in memory as they are.
   */
  next(length: number, memory: () => Uint8Array): Promise<Uint8Array>;
  /** True where no byte follows. */
  atEnd(): Promise<boolean>;
  /** Lets go of a stream that isn't read to its end. */
  close(): Promise<void>;
}

function assertLength(found: number, offset: number, length: number, sizeBytes: number): void {
  if (found !== length)
    throw new FormatError(
      "input-unreadable",
      `${found} bytes at ${offset} where content of ${sizeBytes} bytes has ${length}`,
    );
}

/** Exactly `length` bytes at `offset` of memory that had `sizeBytes`; throws `input-unreadable` where it was resized or detached since. */
export function bytesAt(bytes: Uint8Array, offset: number, length: number, sizeBytes: number): Uint8Array {
  assertLength(Math.max(0, Math.min(length, bytes.length - offset)), offset, length, sizeBytes);
  return bytes.subarray(offset, offset + length);
}

/** Exactly `length` bytes at `offset`; throws `input-unreadable` where the source has shrunk under its reader. */
export async function readExactly(
  reader: ContentReader,
  offset: number,
  length: number,
  into: Uint8Array,
): Promise<Uint8Array> {
  const bytes = await reader.read(offset, length, into);
  assertLength(bytes.length, offset, length, reader.sizeBytes);
  if (bytes.buffer instanceof ArrayBuffer) return bytes;
  into.set(bytes); // shared memory: another thread could change what is being checked
  return into.subarray(0, length);
}

function readerSequence(reader: ContentReader): Sequence {
  let at = 0;
  return {
    next: async (length, memory) => {
      const bytes = await readExactly(reader, at, Math.min(length, reader.sizeBytes - at), memory());
      at += bytes.length;
      return bytes;
    },
    atEnd: () => Promise.resolve(at >= reader.sizeBytes),
    close: () => Promise.resolve(),
  };
}

/** As `readerSequence`, of bytes that stand in memory already. */
function bytesSequence(bytes: Uint8Array): Sequence {
  const sizeBytes = bytes.length;
  let at = 0;
  return {
    next: async (length) => {
      const part = bytesAt(bytes, at, Math.min(length, sizeBytes - at), sizeBytes);
      at += part.length;
      return part;
    },
    atEnd: () => Promise.resolve(at >= sizeBytes),
    close: () => Promise.resolve(),
  };
}

const shortBytes = 65_536;

/** Bytes to hash, in memory that stays in the processor's cache: what slows a hash elsewhere is more than the copy costs. */
export function nearby(bytes: Uint8Array, memory: () => Uint8Array): Uint8Array {
  if (bytes.length < shortBytes || bytes.buffer === memory().buffer) return bytes;
  const copy = memory().subarray(0, bytes.length);
  copy.set(bytes);
  return copy;
}

function streamSequence(stream: AsyncIterable<Uint8Array>): Sequence {
  const iterator = stream[Symbol.asyncIterator]();
  let chunk = new Uint8Array();
  let done = false;
  const atEnd = async (): Promise<boolean> => {
    while (chunk.length === 0 && !done) {
      const next = await iterator.next();
      if (next.done === true) done = true;
      else if (!(next.value instanceof Uint8Array)) throw new TypeError("a chunk of a content stream is not bytes");
      else chunk = next.value as Uint8Array<ArrayBuffer>;
    }
    return chunk.length === 0;
  };
  return {
    next: async (length, memory) => {
      const into = memory();
      let filled = 0;
      while (filled < length && !(await atEnd())) {
        const part = chunk.subarray(0, length - filled);
        into.set(part, filled);
        filled += part.length;
        chunk = chunk.subarray(part.length);
      }
      return into.subarray(0, filled);
    },
    atEnd,
    close: async () => {
      if (!done) await iterator.return?.();
    },
  };
}

/** True for bytes in memory that no other thread can change while they are read. */
export function isOwnMemory(source: ContentSource): source is Uint8Array<ArrayBuffer> {
  return source instanceof Uint8Array && source.buffer instanceof ArrayBuffer;
}

/** Reads a source in order. TypeError where it is none. */
export function sequenceOf(source: ContentSource): Sequence {
  if (isOwnMemory(source)) return bytesSequence(source);
  const reader = seekable(source);
  if (reader !== null) return readerSequence(reader);
  if (Symbol.asyncIterator in source) return streamSequence(source);
  throw new TypeError("content is bytes, a reader or an async iterable of bytes");
}
