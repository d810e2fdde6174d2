// How keystore and key files are read and replaced: whole or not at all, and only by one writer at a time.
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { CustodyError, FormatError } from "./errors.ts";

/** The bytes of a file and a stamp that changes whenever the file is replaced. */
export interface PrivateFile {
  readonly bytes: Buffer;
  readonly stamp: string;
}

function faultCode(fault: unknown): string {
  return fault instanceof Error && "code" in fault ? String(fault.code) : "unknown";
}

/**
 * Reads a file of at most `maxBytes` that only its owner may read or write. Throws FormatError `input-unreadable`,
 * `input-empty`, `input-too-large`, and CustodyError `custody-denied` where others have access. Spec: CUS-26.
 */
export function readPrivateFile(path: string, maxBytes: number): PrivateFile {
  let handle: number;
  try {
    handle = openSync(path, constants.O_RDONLY);
  } catch (fault) {
    throw new FormatError("input-unreadable", `\`${path}\` can't be read (${faultCode(fault)})`, { path });
  }
  try {
    const { ino, mtimeNs, size, mode } = fstatSync(handle, { bigint: true });
    if ((mode & BigInt(constants.S_IFMT)) !== BigInt(constants.S_IFREG))
      throw new FormatError("input-unreadable", `\`${path}\` is not a file`, { path });
    if (process.platform !== "win32" && (mode & 0o077n) !== 0n) {
      throw new CustodyError("custody-denied", `\`${path}\` is open to other users: make it private with chmod 600`, {
        path,
      });
    }
    if (size === 0n) throw new FormatError("input-empty", `\`${path}\` is empty`, { path });
    if (size > BigInt(maxBytes))
      throw new FormatError("input-too-large", `\`${path}\` is ${size} bytes long where at most ${maxBytes} are read`, {
        path,
      });
    const bytes = Buffer.alloc(Number(size));
    const got = readSync(handle, bytes, 0, bytes.length, 0);
    return { bytes: bytes.subarray(0, got), stamp: `${ino}:${mtimeNs}:${size}` };
  } finally {
    closeSync(handle);
  }
}

/** The stamp of a file as it is now; null where there is none. */
export function stampOf(path: string): string | null {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts === undefined ? null : `${facts.ino}:${facts.mtimeNs}:${facts.size}`;
}

function syncFolder(path: string): void {
  if (process.platform === "win32") return; // folders can't be opened there
  const handle = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The lock as a new file; a writer that died leaves its own behind, and the message says which. */
function openLock(lock: string): number {
  try {
    return openSync(lock, "wx", 0o600);
  } catch (fault) {
    if (faultCode(fault) === "EEXIST") {
      throw new CustodyError("custody-unavailable", `another process is writing: if none is, remove \`${lock}\``, {
        path: lock,
        retryable: true,
      });
    }
    throw new FormatError("output-unwritable", `\`${lock}\` can't be written (${faultCode(fault)})`, { path: lock });
  }
}

/**
 * Replaces a private file (mode 0600) by what `content` returns: written beside it, synced, renamed. The file beside it is
 * the lock, so `content` sees a file that nobody else is changing. Throws CustodyError `custody-unavailable` (retryable)
 * while another writer holds the lock, FormatError `output-unwritable`, and what `content` throws. Spec: CUS-26.
 */
export function replacePrivateFile(path: string, content: () => Uint8Array): void {
  const lock = `${path}.lock`;
  const handle = openLock(lock);
  let open = true;
  try {
    const bytes = content();
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
    closeSync(handle);
    open = false;
    renameSync(lock, path);
    syncFolder(dirname(path));
  } catch (fault) {
    if (open) closeSync(handle);
    rmSync(lock, { force: true });
    if (fault instanceof FormatError || fault instanceof CustodyError) throw fault;
    throw new FormatError("output-unwritable", `\`${path}\` can't be written (${faultCode(fault)})`, { path });
  }
}

/** Makes a private file that must not be there yet, and its folder. Throws FormatError `output-exists`, `output-unwritable`. Spec: CUS-26. */
export function createPrivateFile(path: string, bytes: Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (fault) {
    throw new FormatError("output-unwritable", `\`${dirname(path)}\` can't be made (${faultCode(fault)})`, { path });
  }
  replacePrivateFile(path, () => {
    if (existsSync(path)) throw new FormatError("output-exists", `\`${path}\` exists already`, { path });
    return bytes;
  });
}

/** `path` with links resolved as far as it exists. */
function realPath(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(realPath(parent), relative(parent, absolute));
}

/** True where `path` is `folder` or lies inside it, links resolved. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(realPath(folder), realPath(path));
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
