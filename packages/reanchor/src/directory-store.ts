// A corpus in a directory: sidecars and envelopes are its files that end in `.writ`. File I/O is synchronous: it beats promises here.
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { dirname, join, sep } from "node:path";
import { FormatError, nameOf } from "@writ/core";
import { faultCode, unreadable } from "./directory-fault.ts";
import type { DirectoryStep } from "./directory-writer.ts";
import { journalFolder, openDirectoryWriter } from "./directory-writer.ts";
import { rejectUnknown } from "./options.ts";
import type { CorpusStore, CorpusWriter, StoredItem } from "./store.ts";

/** Options of `directoryStore`. */
export interface DirectoryOptions {
  /** Sees every step of writing just after it was made, for tests that end the process there. */
  readonly onStep?: (step: DirectoryStep, path?: string) => void;
}

const artifactEnding = ".writ";
/** An envelope's content and artifact at their defaults, with what lies between. */
const maxFileBytes = (64 << 20) + (1 << 20) + 64;

/** Folders and files by name, in code unit order; null where the folder can't be listed. */
function entriesOf(folder: string): readonly Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return null;
  }
}

function isLinkToFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A directory as a corpus. Throws FormatError `input-unreadable` where there is none. Links are never followed. Spec: RAN-4, RAN-14. */
export function directoryStore(folder: string, options: DirectoryOptions = {}): CorpusStore {
  rejectUnknown(options, ["onStep"]);
  let root: string;
  try {
    root = realpathSync(folder);
    readdirSync(root);
  } catch (fault) {
    throw unreadable(folder, faultCode(fault));
  }
  return new Directory(folder, root, options);
}

class Directory implements CorpusStore {
  readonly location: string;
  readonly #root: string;
  readonly #options: DirectoryOptions;
  #lastFolder = "";

  constructor(location: string, root: string, options: DirectoryOptions) {
    this.location = location;
    this.#root = root;
    this.#options = options;
  }

  async *list(): AsyncIterable<string> {
    yield* this.#walk("");
  }

  /** A folder is listed at once: what a writer renames in it meanwhile is neither missed nor met twice. */
  *#walk(folder: string): Generator<string> {
    const entries = entriesOf(join(this.#root, folder));
    if (entries === null) {
      if (folder === "") throw unreadable(this.location, "the folder can't be listed");
      yield folder; // read says why
      return;
    }
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (path === journalFolder) continue;
      if (entry.isDirectory()) yield* this.#walk(path);
      else if (
        entry.name.endsWith(artifactEnding) ||
        (entry.isSymbolicLink() && isLinkToFolder(join(this.#root, path)))
      )
        yield path;
    }
  }

  /** The file that a path names; refuses ways out of the corpus. Spec: RAN-14. */
  #resolve(path: string): string {
    const parts = path.split("/");
    if (
      path.includes("\0") ||
      (path.includes("\\") && sep === "\\") ||
      parts.some((part) => part === "" || part === "." || part === "..")
    )
      throw unreadable(path, "it is not a path within the corpus");
    const file = join(this.#root, path);
    const parent = dirname(file);
    if (parent === this.#lastFolder) return file;
    let real: string;
    try {
      real = realpathSync(parent);
    } catch (fault) {
      throw unreadable(path, faultCode(fault));
    }
    if (real !== parent) throw unreadable(path, "it leads through a link");
    this.#lastFolder = parent;
    return file;
  }

  read(path: string): StoredItem {
    const file = this.#resolve(path);
    let descriptor: number;
    try {
      descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (fault) {
      throw unreadable(path, faultCode(fault) === "ELOOP" ? "links are not followed" : faultCode(fault));
    }
    try {
      const bytes = readWhole(descriptor, path);
      return { bytes, version: nameOf(bytes) };
    } finally {
      closeSync(descriptor);
    }
  }

  openWriter(): Promise<CorpusWriter> {
    const { onStep } = this.#options;
    return openDirectoryWriter({
      root: this.#root,
      read: (path) => this.read(path),
      resolve: (path) => this.#resolve(path),
      step: onStep ?? (() => undefined),
    });
  }
}

function readWhole(descriptor: number, path: string): Uint8Array {
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile())
      throw unreadable(path, facts.isDirectory() ? "it is a folder that can't be listed" : "it is not a file");
    if (facts.size > maxFileBytes)
      throw new FormatError(
        "input-too-large",
        `\`${path}\` is ${facts.size} bytes long where at most ${maxFileBytes} are read`,
        { path },
      );
    const bytes = Buffer.allocUnsafeSlow(facts.size);
    let at = 0;
    while (at < bytes.length) {
      const got = readSync(descriptor, bytes, at, bytes.length - at, at);
      if (got === 0) break;
      at += got;
    }
    return bytes.subarray(0, at);
  } catch (fault) {
    if (fault instanceof FormatError) throw fault;
    throw unreadable(path, faultCode(fault));
  }
}
