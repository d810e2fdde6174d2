// The log of a directory's writer: a group of new artifacts in one file, durable before the first of them is put in its place.
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import type { Replacement } from "./store.ts";

// Layout: magic, then for each replacement three lengths (4 bytes each) with path, version and bytes, then SHA-256 of all before.
const magic = Buffer.from("WRITLOG1", "ascii");
const digestBytes = 32;

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

/** Writes a group to a new file, privately, and makes it durable; `written` is called before that. The folder is the caller's to sync. */
export function writeLog(file: string, group: readonly Replacement[], written: () => void): void {
  const descriptor = openSync(file, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    const write = (bytes: Uint8Array): void => {
      hash.update(bytes);
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    };
    write(magic);
    for (const { path, version, bytes } of group) {
      const name = Buffer.from(path);
      const old = Buffer.from(version);
      write(Buffer.concat([lengthOf(name), name, lengthOf(old), old, lengthOf(bytes), bytes]));
    }
    const digest = hash.digest();
    for (let at = 0; at < digest.length;) at += writeSync(descriptor, digest, at);
    written();
    fsyncSync(descriptor);
  } catch (fault) {
    rmSync(file, { force: true }); // half a log must not be met later
    throw fault;
  } finally {
    closeSync(descriptor);
  }
}

/** The group of a log; null where the log is not whole, so that nothing of it was put in place. Spec: RAN-11. */
export function readLog(file: string): readonly Replacement[] | null {
  const log = readFileSync(file);
  const end = log.length - digestBytes;
  if (end < magic.length || !log.subarray(0, magic.length).equals(magic)) return null;
  if (!createHash("sha256").update(log.subarray(0, end)).digest().equals(log.subarray(end))) return null;
  const group: Replacement[] = [];
  let at = magic.length;
  const next = (): Buffer => {
    const length = log.readUInt32BE(at);
    at += 4 + length;
    return log.subarray(at - length, at);
  };
  while (at < end) group.push({ path: next().toString(), version: next().toString(), bytes: next() });
  return group;
}
