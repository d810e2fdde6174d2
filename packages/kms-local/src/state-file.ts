import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { emptyState, formatState, parseState, type State } from "./state.ts";

/** The state file can't be used; `code` says why. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
  readonly code: "state-file-unreadable" | "state-file-exposed" | "state-file-malformed" | "state-file-changed";
  constructor(code: StateFileError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The server's state and where it is kept. */
export interface StateKeeper {
  readonly state: State;
  /** Returns once the state is durable; throws when it isn't, with the last durable state back in place. */
  save(): void;
}

/** A keeper that forgets everything with the process. */
export function keepInMemory(): StateKeeper {
  return { state: emptyState(), save: () => {} };
}

/**
 * Keeps the state in one JSON file, 0600, written whole beside it, synced and renamed over it: the
 * file on disk is always one complete state. Throws StateFileError when it can't be read.
 */
export function keepInFile(path: string): StateKeeper {
  let durable = readState(path);
  let seen = fingerprint(path);
  removeLeftovers(path);
  const state = durable === null ? emptyState() : parse(path, durable);
  return {
    state,
    save() {
      const next = formatState(state);
      if (next === durable) return;
      try {
        // Two servers on one file would silently drop each other's keys.
        if (fingerprint(path) !== seen) {
          throw new StateFileError("state-file-changed", `state file \`${path}\` was changed by another process`);
        }
        replaceFile(path, next);
        durable = next;
        seen = fingerprint(path);
      } catch (error) {
        refill(state, durable === null ? emptyState() : parseState(durable));
        throw error;
      }
    },
  };
}

/** Requests on their way hold on to the state, so what it holds is exchanged, not the state. */
function refill(state: State, from: State): void {
  state.keys.clear();
  state.aliases.clear();
  for (const [arn, key] of from.keys) state.keys.set(arn, key);
  for (const [arn, alias] of from.aliases) state.aliases.set(arn, alias);
}

function readState(path: string): string | null {
  try {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (!facts) return null;
    if (!facts.isFile()) throw new StateFileError("state-file-unreadable", `\`${path}\` is not a file`);
    if (process.platform !== "win32" && (facts.mode & 0o077) !== 0) {
      throw new StateFileError(
        "state-file-exposed",
        `state file \`${path}\` holds keys and is open to others, expected mode 0600`,
      );
    }
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof StateFileError) throw cause;
    throw new StateFileError("state-file-unreadable", `state file \`${path}\` can't be read`, { cause });
  }
}

function parse(path: string, json: string): State {
  try {
    return parseState(json);
  } catch (cause) {
    throw new StateFileError("state-file-malformed", `\`${path}\` is not a state file of version 1`, { cause });
  }
}

function replaceFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      const bytes = Buffer.from(content, "utf8");
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Removes what processes that were killed in the middle of a write left: it holds keys. */
function removeLeftovers(path: string): void {
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const pid = name.startsWith(prefix) ? /^(\d+)\.tmp$/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(dirname(path), name), { force: true });
  }
}

/** True for another process that runs; this one writes nothing while it starts. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function syncFolder(path: string): void {
  if (process.platform === "win32") return; // folders can't be opened there
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function fingerprint(path: string): string {
  const facts = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return facts ? `${facts.ino}:${facts.size}:${facts.mtimeNs}` : "";
}
