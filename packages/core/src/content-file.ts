// Content in files: a reader for verified opening and ranges, which is also a source to seal from.
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { ContentReader } from "./content-source.ts";
import { FormatError } from "./errors.ts";

/** A reader that holds a file open until it is closed. */
export interface FileReader extends ContentReader, AsyncDisposable {
  close(): Promise<void>;
}

function unreadable(path: string, cause: unknown): FormatError {
  const reason = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
  return new FormatError("input-unreadable", `\`${path}\` can't be read: ${reason}`, { path });
}

async function fill(handle: FileHandle, into: Uint8Array, offset: number): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await handle.read(into, filled, into.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** Opens a regular file for reading; its size is the one at this moment. Throws `input-unreadable`. */
export async function openFile(path: string): Promise<FileReader> {
  const handle = await open(path, "r").catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const close = (): Promise<void> => handle.close();
  const refuse = async (error: FormatError): Promise<never> => {
    await close();
    throw error;
  };
  const state = await handle.stat().catch((error: unknown) => refuse(unreadable(path, error)));
  if (!state.isFile()) return refuse(new FormatError("input-unreadable", `\`${path}\` is no regular file`, { path }));
  const read = async (
    offset: number,
    length: number,
    into: Uint8Array = Buffer.allocUnsafeSlow(length),
  ): Promise<Uint8Array> => {
    try {
      const target = into.subarray(0, length);
      return target.subarray(0, await fill(handle, target, offset));
    } catch (error) {
      throw unreadable(path, error);
    }
  };
  return { sizeBytes: state.size, read, close, [Symbol.asyncDispose]: close };
}
