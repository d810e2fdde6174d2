// Names of messages that verified before. A policy or a root comes with every artifact under it: comparing bytes is quicker than hashing them again.
import { equalBytes, toHex } from "#bytes";
import { nameOf } from "./artifact.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { Digest } from "./shape.ts";

interface Kept {
  readonly content: Uint8Array;
  readonly name: Digest;
}

/** By length and last bytes, which in a message of ours belong to a signature. */
const byForm = new BoundedCache<Kept>(4096);
const byName = new BoundedCache<Kept>(4096);

function formOf(content: Uint8Array): string {
  return `${content.length} ${toHex(content.subarray(-12))}`;
}

/** Keeps the name of a message whose signatures verified; what anybody may send fills no memory. A copy is kept: callers hold the bytes. */
export function keepName(content: Uint8Array, name: Digest): void {
  if (byName.get(name) !== undefined) return;
  const kept = { content: Uint8Array.from(content), name };
  byName.keep(name, kept);
  byForm.keep(formOf(content), kept);
}

/** True for the bytes of a message that was kept under this name; false says nothing. */
export function isKept(content: Uint8Array, name: Digest): boolean {
  const kept = byName.get(name);
  return kept !== undefined && equalBytes(kept.content, content);
}

/** As `nameOf`, without hashing what was kept: the same bytes have the same name. Spec: ART-6. */
export function nameOfKnown(content: Uint8Array): Digest {
  const kept = byForm.get(formOf(content));
  return kept !== undefined && equalBytes(kept.content, content) ? kept.name : nameOf(content);
}
