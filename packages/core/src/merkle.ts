// Merkle trees of RFC 9162 over leaf hashes: the tree of a content's segments, and of a batch of anchors or receipts.
import { allocate } from "#bytes";
import { createHash, hash } from "#crypto";
import { hashes } from "./suites.ts";
import type { HashAlg } from "./suites.ts";

const shortBytes = 4096;
const leafInput = allocate(1 + shortBytes); // 0x00 ‖ data
const nodeInput = allocate(1 + 2 * 64); // 0x01 ‖ left ‖ right
nodeInput[0] = 1;
const leafPrefix = Uint8Array.of(0);

/** Hash of one leaf: H(0x00 ‖ data). Spec: CON-8. Source: RFC 9162 2.1.1. */
export function leafHash(alg: HashAlg, data: Uint8Array): Uint8Array {
  if (data.length > shortBytes) return createHash(hashes[alg].text).update(leafPrefix).update(data).digest();
  leafInput.set(data, 1);
  return hash(alg, leafInput.subarray(0, 1 + data.length));
}

/** Hash of an inner node, H(0x01 ‖ left ‖ right), into `out`, which may be one of the two. */
export function hashNode(alg: HashAlg, left: Uint8Array, right: Uint8Array, out: Uint8Array): void {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + left.length);
  out.set(hash(alg, nodeInput.subarray(0, 1 + left.length + right.length)));
}

/** Number of digests in a concatenation; RangeError where it isn't whole. */
function countDigests(alg: HashAlg, digests: Uint8Array): number {
  const count = digests.length / hashes[alg].sizeBytes;
  if (!Number.isInteger(count))
    throw new RangeError(`${digests.length} bytes are no whole number of ${hashes[alg].text} digests`);
  return count;
}

/** The level above: neighbours are joined, an odd last digest rises as it is. */
function levelAbove(alg: HashAlg, level: Uint8Array): Uint8Array {
  const size = hashes[alg].sizeBytes;
  const count = level.length / size;
  const above = new Uint8Array(Math.ceil(count / 2) * size);
  for (let index = 0; index + 1 < count; index += 2) {
    const at = index * size;
    hashNode(
      alg,
      level.subarray(at, at + size),
      level.subarray(at + size, at + 2 * size),
      above.subarray(at / 2, at / 2 + size),
    );
  }
  if (count % 2 === 1) above.set(level.subarray(level.length - size), above.length - size);
  return above;
}

/**
 * Root of the tree over `leaves`, concatenated leaf hashes in order; of none, the hash of the empty string. Throws
 * RangeError where the length is no whole number of digests. Spec: CON-9. Source: RFC 9162 2.1.1.
 */
export function rootOfLeaves(alg: HashAlg, leaves: Uint8Array): Uint8Array {
  if (countDigests(alg, leaves) === 0) return hash(alg, leaves);
  let level = leaves;
  while (level.length > hashes[alg].sizeBytes) level = levelAbove(alg, level);
  return new Uint8Array(level); // a copy also where the caller gave a Buffer of node, whose slice() aliases
}

/** The digests of every level below the root, lowest first; digests alias one buffer a level. */
function levelsBelowRoot(alg: HashAlg, leaves: Uint8Array): readonly (readonly Uint8Array[])[] {
  const size = hashes[alg].sizeBytes;
  const levels: Uint8Array[][] = [];
  for (let level = leaves; level.length > size; level = levelAbove(alg, level)) {
    levels.push(
      Array.from({ length: level.length / size }, (_, index) => level.subarray(index * size, (index + 1) * size)),
    );
  }
  return levels;
}

function pathOf(levels: readonly (readonly Uint8Array[])[], index: number): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  for (let height = 0, position = index; height < levels.length; height += 1, position >>>= 1) {
    const sibling = levels[height]![position ^ 1];
    if (sibling !== undefined) path.push(sibling);
  }
  return path;
}

/** Inclusion path of the leaf at `index`, lowest digest first; RangeError where there is no such leaf. Source: RFC 9162 2.1.3.1. */
export function inclusionPath(alg: HashAlg, leaves: Uint8Array, index: number): readonly Uint8Array[] {
  const count = countDigests(alg, leaves);
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new RangeError(`no leaf \`${index}\` in a tree of ${count}`);
  return pathOf(levelsBelowRoot(alg, leaves), index);
}

/** Inclusion paths of all leaves, in order; each node is hashed once. The digests alias shared buffers. Source: RFC 9162 2.1.3.1. */
export function inclusionPaths(alg: HashAlg, leaves: Uint8Array): readonly (readonly Uint8Array[])[] {
  const count = countDigests(alg, leaves);
  const levels = levelsBelowRoot(alg, leaves);
  return Array.from({ length: count }, (_, index) => pathOf(levels, index));
}

/** True where the node at `position` of a level has no sibling and rises as it is; the lowest level is 0. */
export function risesAlone(position: number, level: number, size: number): boolean {
  return position % 2 === 0 && position === Math.floor((size - 1) / 2 ** level);
}

/** Digests of a path from the leaf at `index` of a tree of `size` leaves; -1 where there is no such leaf. Source: RFC 9162 2.1.3.2. */
export function pathLength(index: number, size: number): number {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return -1;
  let length = 0;
  for (let level = 0; (size - 1) / 2 ** level >= 1; level += 1)
    if (!risesAlone(Math.floor(index / 2 ** level), level, size)) length += 1;
  return length;
}

/**
 * Root that a leaf hash at `index` of a tree of `size` leaves has by `path`. All of them come from an attacker: null where
 * the index isn't below the size, the path isn't exactly as long as both imply, or a digest isn't of the algorithm's
 * length. Spec: CON-10. Source: RFC 9162 2.1.3.2.
 */
export function rootFromPath(
  alg: HashAlg,
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | null {
  const { sizeBytes } = hashes[alg];
  if (leaf.length !== sizeBytes || pathLength(index, size) !== path.length) return null;
  if (path.some(({ length }) => length !== sizeBytes)) return null;
  const node = Uint8Array.from(leaf);
  for (let level = 0, used = 0; used < path.length; level += 1) {
    const position = Math.floor(index / 2 ** level);
    if (risesAlone(position, level, size)) continue;
    const sibling = path[used]!;
    used += 1;
    if (position % 2 === 1) hashNode(alg, sibling, node, node);
    else hashNode(alg, node, sibling, node);
  }
  return node;
}
