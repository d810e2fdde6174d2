// Writing to a directory: log first, then temporary files and renames. At every instant each path holds its old artifact or its new one.
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FormatError } from "@writ/core";
import { faultCode, unwritable } from "./directory-fault.ts";
import { takeLock } from "./directory-lock.ts";
import { readLog, writeLog } from "./directory-log.ts";
import type { CorpusWriter, Replaced, Replacement, StoredItem } from "./store.ts";

/** Folder of logs and lock in the root of the corpus, there only while a run writes or after one was killed. */
export const journalFolder = ".writ-reanchor";
const temporaryEnding = ".reanchor-new";
/** Files are made durable, and their logs removed, once logs have grown by this. */
const checkpointBytes = 256 << 20;
const syncsAtOnce = 64;

/** The steps of writing, in their order. */
export type DirectoryStep =
  | "log-written"
  | "log-durable"
  | "temporary-written"
  | "renamed"
  | "folders-durable"
  | "files-durable"
  | "logs-removed";

/** What the writer needs of its directory. */
export interface DirectoryAccess {
  readonly root: string;
  readonly read: (path: string) => StoredItem;
  /** The file of a path within the corpus; throws for any other. */
  readonly resolve: (path: string) => string;
  readonly step: (step: DirectoryStep, path?: string) => void;
}

function syncFolder(path: string): void {
  if (process.platform === "win32") return; // folders can't be opened there
  const descriptor = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A file of our own making: what a writer that was killed left there goes, links included. */
function openNew(file: string, mode: number): number {
  try {
    return openSync(file, "wx", mode);
  } catch (fault) {
    if (faultCode(fault) !== "EEXIST") throw fault;
    unlinkSync(file);
    return openSync(file, "wx", mode);
  }
}

/** A new file beside the old one, with its mode and owner. */
function writeTemporary(file: string, bytes: Uint8Array): string {
  const temporary = `${file}${temporaryEnding}`;
  const { mode, uid, gid } = lstatSync(file);
  const descriptor = openNew(temporary, mode & 0o777);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    fchmodSync(descriptor, mode & 0o7777);
    if (process.geteuid?.() !== uid || process.getegid?.() !== gid) fchownSync(descriptor, uid, gid);
  } catch (fault) {
    rmSync(temporary, { force: true });
    throw fault;
  } finally {
    closeSync(descriptor);
  }
  return temporary;
}

/** True where `there` can only be what a crash left of writing `bytes`: a beginning of them, then nothing or zeros. Spec: RAN-11. */
function isTorn(there: Uint8Array, bytes: Uint8Array): boolean {
  if (there.length > bytes.length) return false;
  const different = there.findIndex((byte, index) => byte !== bytes[index]);
  return different < 0 ? there.length < bytes.length : there.subarray(different).every((byte) => byte === 0);
}

/** Opens a directory for writing, after whatever an interrupted writer left was finished. Spec: RAN-11, RAN-13. */
export async function openDirectoryWriter(access: DirectoryAccess): Promise<CorpusWriter> {
  const folder = join(access.root, journalFolder);
  let release: () => void;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!lstatSync(folder).isDirectory())
      throw new FormatError("output-unwritable", `\`${folder}\` is not a folder`, { path: folder });
    release = takeLock(folder);
  } catch (fault) {
    throw unwritable(folder, fault);
  }
  try {
    const writer = new DirectoryWriter(access, folder, release);
    await writer.recover();
    return writer;
  } catch (fault) {
    release();
    throw unwritable(folder, fault);
  }
}

class DirectoryWriter implements CorpusWriter {
  recovered = 0;
  readonly #access: DirectoryAccess;
  readonly #folder: string;
  readonly #release: () => void;
  /** Logs whose artifacts stand in their places but may not be durable there. */
  #logs: string[] = [];
  #placed: string[] = [];
  #logBytes = 0;
  #nextLog = 1;

  constructor(access: DirectoryAccess, folder: string, release: () => void) {
    this.#access = access;
    this.#folder = folder;
    this.#release = release;
  }

  /** Replays logs: what still is as it was gets its new artifact; what anyone else has changed since stays. Spec: RAN-11, RAN-12. */
  async recover(): Promise<void> {
    for (const name of readdirSync(this.#folder)
      .filter((entry) => entry.startsWith("log-"))
      .toSorted()) {
      const log = join(this.#folder, name);
      this.#logs.push(log);
      for (const replacement of readLog(log) ?? []) this.#recoverOne(replacement);
    }
    await this.#checkpoint();
  }

  #recoverOne(replacement: Replacement): void {
    const { path, version, bytes } = replacement;
    let there: StoredItem;
    try {
      rmSync(`${this.#access.resolve(path)}${temporaryEnding}`, { force: true });
      there = this.#access.read(path);
    } catch {
      return; // it was removed, or never was a path within the corpus
    }
    if (Buffer.compare(there.bytes, bytes) === 0) this.#placed.push(path);
    else if (there.version === version || isTorn(there.bytes, bytes)) {
      if (this.#place({ ...replacement, version: there.version })) this.recovered += 1;
    }
  }

  /** Puts one artifact in its place; false where something else is there than what was read. Spec: RAN-10, RAN-12. */
  #place({ path, version, bytes }: Replacement): boolean {
    const file = this.#access.resolve(path);
    const temporary = writeTemporary(file, bytes);
    try {
      this.#access.step("temporary-written", path);
      // Last of all: only a writer that keeps no lock can come between this look and the rename.
      const unchanged = this.#access.read(path).version === version;
      if (unchanged) renameSync(temporary, file);
      else rmSync(temporary, { force: true });
      if (!unchanged) return false;
    } catch (fault) {
      rmSync(temporary, { force: true });
      throw fault;
    }
    this.#placed.push(path);
    this.#access.step("renamed", path);
    return true;
  }

  #replaceOne(replacement: Replacement): Replaced {
    try {
      return { outcome: this.#place(replacement) ? "replaced" : "changed" };
    } catch (fault) {
      const gone =
        faultCode(fault) === "ENOENT" ||
        (fault instanceof FormatError && fault.code === "input-unreadable" && !fault.retryable);
      return gone ? { outcome: "changed" } : { outcome: "failed", error: unwritable(replacement.path, fault) };
    }
  }

  async replace(group: readonly Replacement[]): Promise<readonly Replaced[]> {
    if (group.length === 0) return [];
    const { step } = this.#access;
    const log = join(this.#folder, `log-${String(this.#nextLog).padStart(9, "0")}`);
    try {
      writeLog(log, group, () => step("log-written"));
      syncFolder(this.#folder);
    } catch (fault) {
      rmSync(log, { force: true });
      throw unwritable(log, fault);
    }
    this.#nextLog += 1;
    this.#logs.push(log);
    step("log-durable");
    const placedBefore = this.#placed.length;
    const results = group.map((replacement) => this.#replaceOne(replacement));
    this.#syncFoldersOf(this.#placed.slice(placedBefore));
    step("folders-durable");
    this.#logBytes += group.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (this.#logBytes >= checkpointBytes) await this.#checkpoint();
    return results;
  }

  #syncFoldersOf(paths: readonly string[]): void {
    for (const folder of new Set(paths.map((path) => dirname(path)))) {
      try {
        syncFolder(join(this.#access.root, folder));
      } catch (fault) {
        // Moved away with its artifacts: nothing is left to sync. Any other fault ends the run, and the log stays for the next.
        if (faultCode(fault) !== "ENOENT") throw unwritable(folder, fault);
      }
    }
  }

  /** Makes what was placed durable where it stands; only then are the logs no longer needed. */
  async #checkpoint(): Promise<void> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
    const syncOne = async (path: string): Promise<void> => {
      try {
        await using file = await open(this.#access.resolve(path), flags);
        await file.sync();
      } catch (fault) {
        if (!(fault instanceof FormatError) && faultCode(fault) !== "ENOENT") throw unwritable(path, fault); // else it was removed since
      }
    };
    // Several at once, so that the file system commits them together.
    for (let at = 0; at < this.#placed.length; at += syncsAtOnce)
      await Promise.all(this.#placed.slice(at, at + syncsAtOnce).map(syncOne));
    this.#syncFoldersOf(this.#placed);
    this.#access.step("files-durable");
    for (const log of this.#logs) rmSync(log, { force: true });
    if (this.#logs.length > 0) syncFolder(this.#folder);
    this.#access.step("logs-removed");
    this.#logs = [];
    this.#placed = [];
    this.#logBytes = 0;
  }

  async close(): Promise<void> {
    try {
      await this.#checkpoint();
    } finally {
      this.#release();
    }
    try {
      rmdirSync(this.#folder);
    } catch {
      // Another writer has come, or a log stayed; either finds the folder where it is.
    }
  }
}
