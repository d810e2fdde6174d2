// Names of messages that verified before. A policy or a root comes with every artifact under it: comparing bytes is quicker than hashing them again.
import { equalBytes } from "#bytes";
import { nameOf } from "./artifact.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { Digest } from "./shape.ts";

interface Kept {
  readonly content: Uint8Array;
  readonly name: Digest;
}

/** By their last bytes, which in a message of ours belong to a signature. */
const byEnd = new BoundedCache<Kept, number>(4096);
const byName = new BoundedCache<Kept, Digest>(4096);

const endBytes = 6; // an integer

function endOf(content: Uint8Array): number {
  let end = 0;
  for (let at = Math.max(0, content.length - endBytes); at < content.length; at += 1) end = end * 256 + content[at]!;
  return end;
}

/** Keeps the name of a message whose signatures verified; what anybody may send fills no memory. A copy is kept: callers hold the bytes. */
export function keepName(content: Uint8Array, name: Digest): void {
  if (byName.get(name) !== undefined) return;
  const kept = { content: Uint8Array.from(content), name };
  byName.keep(name, kept);
  byEnd.keep(endOf(content), kept);
}

/** True for the bytes of a message that was kept under this name; false says nothing. */
export function isKept(content: Uint8Array, name: Digest): boolean {
  const kept = byName.get(name);
  return kept !== undefined && equalBytes(kept.content, content);
}

/** As `nameOf`, without hashing what was kept: the same bytes have the same name. Spec: ART-6. */
export function nameOfKnown(content: Uint8Array): Digest {
  const kept = byEnd.get(endOf(content));
  return kept !== undefined && equalBytes(kept.content, content) ? kept.name : nameOf(content);
}
