// Outputs: written beside their place, put there whole when everything is ready, and never over what exists.
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { FormatError } from "@writ/core";
import { faultCode } from "./print.ts";

/** A file that is being written. */
export interface StagedFile {
  readonly path: string;
  write(bytes: Uint8Array): void;
}

interface Staged {
  readonly path: string;
  readonly temporary: string;
  descriptor: number | null;
}

function unwritable(path: string, fault: unknown): FormatError {
  return new FormatError("output-unwritable", `\`${path}\` can't be written (${faultCode(fault)})`, { path });
}

/** Throws `output-exists`, or `output-unwritable` for a folder or a device in the way. Spec: CLI-4. */
function assertFree(path: string, force: boolean): void {
  let found;
  try {
    found = lstatSync(path, { throwIfNoEntry: false });
  } catch (fault) {
    throw unwritable(path, fault);
  }
  if (found === undefined) return;
  if (!found.isFile() && !found.isSymbolicLink())
    throw new FormatError("output-unwritable", `\`${path}\` is ${found.isDirectory() ? "a folder" : "no file"}`, {
      path,
    });
  if (!force) throw new FormatError("output-exists", `\`${path}\` exists already`, { path });
}

/**
 * The outputs of one run. Nothing stands at its place before `commit`; `discard` leaves nothing behind.
 * Spec: CLI-4, CLI-5.
 */
export class Outputs implements Disposable {
  readonly #force: boolean;
  readonly #staged: Staged[] = [];
  readonly #folders: string[] = [];

  constructor(force: boolean) {
    this.#force = force;
  }

  /** Makes a folder that isn't there yet; `discard` takes it away again. Throws `output-unwritable`. */
  folder(path: string): void {
    try {
      mkdirSync(path);
      this.#folders.push(path);
    } catch (fault) {
      if (faultCode(fault) !== "EEXIST") throw unwritable(path, fault);
    }
  }

  /** Opens an output; `mode` are its rights. Throws `output-exists`, `output-unwritable`. */
  stage(path: string, mode = 0o666): StagedFile {
    assertFree(path, this.#force);
    if (this.#staged.some((other) => other.path === path))
      throw new FormatError("output-exists", `two outputs would be \`${path}\``, { path });
    const temporary = join(dirname(path), `.${basename(path).slice(0, 200)}.${randomBytes(6).toString("hex")}`);
    let descriptor: number;
    try {
      descriptor = openSync(temporary, "wx", mode);
    } catch (fault) {
      throw unwritable(path, fault);
    }
    this.#staged.push({ path, temporary, descriptor });
    return {
      path,
      write: (bytes) => {
        try {
          for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
        } catch (fault) {
          throw unwritable(path, fault);
        }
      },
    };
  }

  /** Makes every output durable, then puts each in its place, in the order in which they were opened. */
  commit(): void {
    for (const entry of this.#staged) {
      try {
        fsyncSync(entry.descriptor!);
        closeSync(entry.descriptor!);
        entry.descriptor = null;
      } catch (fault) {
        throw unwritable(entry.path, fault);
      }
    }
    for (let entry = this.#staged[0]; entry; entry = this.#staged[0]) {
      this.#place(entry);
      this.#staged.shift();
    }
    this.#folders.length = 0;
  }

  /** A link fails where a file appeared meanwhile, as a rename wouldn't. */
  #place({ path, temporary }: Staged): void {
    try {
      if (this.#force) return renameSync(temporary, path);
      linkSync(temporary, path);
    } catch (fault) {
      if (faultCode(fault) === "EEXIST") throw new FormatError("output-exists", `\`${path}\` exists already`, { path });
      if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK"].includes(faultCode(fault))) throw unwritable(path, fault);
      assertFree(path, false); // a file system without links
      return renameSync(temporary, path);
    }
    rmSync(temporary);
  }

  /** Takes away whatever was not committed. */
  [Symbol.dispose](): void {
    for (const { descriptor, temporary } of this.#staged) {
      if (descriptor !== null) closeSync(descriptor);
      rmSync(temporary, { force: true });
    }
    this.#staged.length = 0;
    for (const path of this.#folders.reverse()) {
      try {
        rmdirSync(path);
      } catch {
        // somebody put something in: it stays
      }
    }
    this.#folders.length = 0;
  }
}
