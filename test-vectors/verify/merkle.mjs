// The tree of RFC 9162 2.1 over leaf hashes, written as that text defines it.
import { hash } from "./cose.mjs";
import { must } from "./refusal.mjs";

/** The largest power of two below a count of two or more. */
function splitAt(count) {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

export function treeRoot(algorithm, leaves) {
  if (leaves.length === 0) return hash(algorithm);
  if (leaves.length === 1) return leaves[0];
  const split = splitAt(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return hash(algorithm, Buffer.of(1), treeRoot(algorithm, left), treeRoot(algorithm, right));
}

/** The root that a path from a leaf leads to, or `batch-structure` where the path isn't as long as it must be. */
export function rootOfPath(algorithm, leaf, index, treeSize, path) {
  if (treeSize === 1) {
    must(path.length === 0, "batch-structure");
    return leaf;
  }
  must(path.length > 0, "batch-structure");
  const split = splitAt(treeSize);
  const [below, sibling] = [path.slice(0, -1), path.at(-1)];
  if (index < split) {
    return hash(algorithm, Buffer.of(1), rootOfPath(algorithm, leaf, index, split, below), sibling);
  }
  const right = rootOfPath(algorithm, leaf, index - split, treeSize - split, below);
  return hash(algorithm, Buffer.of(1), sibling, right);
}
