// Inputs: read whole up to a limit, or carriers with their content beside them.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { addAbortSignal, Readable } from "node:stream";
import { FormatError, openFile, splitCarrier } from "@writ/core";
import type { ContentSource, FileReader } from "@writ/core";
import { stopIfInterrupted } from "./fault.ts";
import type { Io } from "./io.ts";
import { faultCode } from "./print.ts";

const maxArtifactBytes = 1 << 20;
const maxEnvelopeBytes = (64 << 20) + maxArtifactBytes + 12;
/** 32 bytes for each MiB: content up to 8 TiB. */
const maxLeafListBytes = 256 << 20;

/** The bytes of a file. Throws `input-unreadable`, `input-empty`, `input-too-large`. */
export async function readInput(io: Io, path: string, maxBytes: number): Promise<Buffer> {
  await using file = await openInput(io, path);
  if (file.sizeBytes === 0) throw new FormatError("input-empty", `\`${path}\` is empty`, { path });
  if (file.sizeBytes > maxBytes) {
    throw new FormatError(
      "input-too-large",
      `\`${path}\` is ${file.sizeBytes} bytes long where at most ${maxBytes} are read`,
      { path },
    );
  }
  return Buffer.from(await file.read(0, file.sizeBytes));
}

/** The text of a file, which is UTF-8. Throws as `readInput`, and `json-invalid` for other bytes. */
export async function readText(io: Io, path: string, maxBytes: number = 1 << 20): Promise<string> {
  return textOf(await readInput(io, path, maxBytes), path);
}

/** Bytes as text, which is UTF-8; throws `json-invalid` for others. */
export function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FormatError("json-invalid", `\`${path}\` is not UTF-8 text`, { path });
  }
}

async function piecesOf({ stdin, signal }: Io, what: string, maxBytes: number): Promise<readonly Uint8Array[]> {
  if (!stdin) throw new FormatError("input-unreadable", `${what} can't be read: there is no stdin`);
  if (stdin instanceof Readable) addAbortSignal(signal, stdin); // who waits for a pipe can be interrupted
  const source: AsyncIterable<Uint8Array> = stdin;
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of source) {
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes)
      throw new FormatError("input-too-large", `${what} is longer than the ${maxBytes} bytes that are read`);
    pieces.push(piece);
  }
  return pieces;
}

/** The text of stdin, which is UTF-8; `what` names it. Throws `input-unreadable` where it can't be read, `input-empty`, `input-too-large`, `json-invalid` for other bytes, Interrupted. */
export async function readStream(io: Io, what: string, maxBytes: number): Promise<string> {
  let pieces: readonly Uint8Array[];
  try {
    pieces = await piecesOf(io, what, maxBytes);
  } catch (error) {
    stopIfInterrupted(io.signal);
    if (error instanceof FormatError) throw error;
    throw new FormatError("input-unreadable", `${what} can't be read (${faultCode(error)})`, { cause: error });
  }
  if (pieces.length === 0) throw new FormatError("input-empty", `${what} is empty`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces));
  } catch {
    throw new FormatError("json-invalid", `${what} is not UTF-8 text`);
  }
}

/** Opens a file for reading; the message names it as the caller wrote it. */
export async function openInput(io: Io, path: string): Promise<FileReader> {
  try {
    return await openFile(resolve(io.cwd, path));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.code, error.message.replaceAll(resolve(io.cwd, path), path), { path, cause: error });
  }
}

/** An artifact with the content that it came with. */
export interface Carrier extends AsyncDisposable {
  /** As the caller wrote it. */
  readonly path: string;
  readonly form: "envelope" | "sidecar";
  readonly artifact: Uint8Array;
  readonly content: Exclude<ContentSource, AsyncIterable<Uint8Array>> | null;
  /** Where the content came from: the file itself for an envelope, null where there is none. */
  readonly contentPath: string | null;
  /** The leaf list beside a sidecar's content. */
  readonly leaves: Uint8Array | undefined;
}

/** The content's place beside a sidecar file: its name without `.writ`. */
function besideSidecar(path: string): string | null {
  return path.endsWith(".writ") ? path.slice(0, -".writ".length) : null;
}

/**
 * Reads an envelope, or a sidecar and opens its content: `contentPath`, else the file beside it where there is one.
 * Throws FormatError. The caller disposes of it.
 */
export async function readCarrier(io: Io, path: string, contentPath?: string): Promise<Carrier> {
  const bytes = await readInput(io, path, maxEnvelopeBytes);
  let carried;
  try {
    carried = splitCarrier(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.code, `\`${path}\`: ${error.message}`, { path, cause: error });
  }
  const { form, artifact } = carried;
  if (form === "envelope" && contentPath === undefined) {
    return {
      path,
      form,
      artifact,
      content: carried.content!,
      contentPath: path,
      leaves: undefined,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const beside = besideSidecar(path);
  const found = contentPath ?? (beside !== null && existsSync(resolve(io.cwd, beside)) ? beside : null);
  const content = found === null ? null : await openInput(io, found);
  const dispose = async (): Promise<void> => content?.close();
  try {
    return {
      path,
      form,
      artifact,
      content,
      contentPath: found,
      leaves: await leafList(io, found),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function leafList(io: Io, contentPath: string | null): Promise<Uint8Array | undefined> {
  const path = `${contentPath}.leaves`;
  return contentPath !== null && existsSync(resolve(io.cwd, path)) ? readInput(io, path, maxLeafListBytes) : undefined;
}

/** The same content; each read is told to `onBytes`, which may throw to end the work. */
export function watched(
  content: NonNullable<Carrier["content"]>,
  onBytes: (bytes: number) => void,
): NonNullable<Carrier["content"]> {
  if (content instanceof Uint8Array) return content;
  return {
    sizeBytes: content.sizeBytes,
    read: async (offset, length, into) => {
      const bytes = await content.read(offset, length, into);
      onBytes(bytes.length);
      return bytes;
    },
  };
}

/** The bytes of a file from its beginning, each chunk valid until the next is asked for; `onBytes` hears how many were read. */
export async function* chunks(
  file: FileReader,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafeSlow(1 << 20);
  for (let at = 0; at < file.sizeBytes;) {
    const chunk = await file.read(at, buffer.length, buffer);
    if (chunk.length === 0) throw new FormatError("input-unreadable", "the file shrank while it was read");
    at += chunk.length;
    yield chunk;
    onBytes(chunk.length);
  }
}
