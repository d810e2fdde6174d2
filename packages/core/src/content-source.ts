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
  /** The next `length` bytes, fewer only at the end; they may stand in `into` and are valid until the next call. */
  next(length: number, into: Uint8Array): Promise<Uint8Array>;
  /** True where no byte follows. */
  atEnd(): Promise<boolean>;
  /** Lets go of a stream that isn't read to its end. */
  close(): Promise<void>;
}

/** Exactly `length` bytes at `offset`; throws `input-unreadable` where the source has shrunk under its reader. */
export async function readExactly(
  reader: ContentReader,
  offset: number,
  length: number,
  into: Uint8Array,
): Promise<Uint8Array> {
  const bytes = await reader.read(offset, length, into);
  if (bytes.length !== length)
    throw new FormatError(
      "input-unreadable",
      `${bytes.length} bytes at ${offset} where content of ${reader.sizeBytes} bytes has ${length}`,
    );
  if (bytes.buffer instanceof ArrayBuffer) return bytes;
  into.set(bytes); // shared memory: another thread could change what is being checked
  return into.subarray(0, length);
}

function readerSequence(reader: ContentReader): Sequence {
  let at = 0;
  return {
    next: async (length, into) => {
      const bytes = await readExactly(reader, at, Math.min(length, reader.sizeBytes - at), into);
      at += bytes.length;
      return bytes;
    },
    atEnd: () => Promise.resolve(at >= reader.sizeBytes),
    close: () => Promise.resolve(),
  };
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
    next: async (length, into) => {
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

/** Reads a source in order. TypeError where it is none. */
export function sequenceOf(source: ContentSource): Sequence {
  const reader = seekable(source);
  if (reader !== null) return readerSequence(reader);
  if (Symbol.asyncIterator in source) return streamSequence(source);
  throw new TypeError("content is bytes, a reader or an async iterable of bytes");
}
