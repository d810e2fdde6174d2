// Inclusion under a root that is verified: thousands of leaves under it share their upper nodes, which are hashed once. What is
// remembered changes no verdict: a node counts as known only where its bytes are those that led to the root before.
import { equalBytes } from "#bytes";
import { hashNode, pathLength, risesAlone } from "./merkle.ts";
import { hashes } from "./suites.ts";
import type { HashAlg } from "./suites.ts";

/** Levels below the root whose nodes are remembered: 127 digests at most. */
const keptLevels = 6;

/** The uppermost nodes of one tree, as far as paths that led to its root have shown them. */
export class KnownNodes {
  readonly alg: HashAlg;
  readonly size: number;
  readonly #root: Uint8Array;
  readonly #height: number;
  #digests: Uint8Array | null = null;
  readonly #isKnown = new Uint8Array(2 ** (keptLevels + 1) - 1);

  /** Of a tree over `size` leaves with this verified root, a digest under `alg`. */
  constructor(alg: HashAlg, size: number, root: Uint8Array) {
    this.alg = alg;
    this.size = size;
    this.#root = Uint8Array.from(root);
    this.#height = size <= 1 ? 0 : Math.ceil(Math.log2(size));
  }

  /** The place of a node, counted from the root; -1 where it isn't remembered. */
  #slot(level: number, position: number): number {
    const depth = this.#height - level;
    return depth > keptLevels ? -1 : 2 ** depth - 1 + position;
  }

  #holds(level: number, position: number, digest: Uint8Array): boolean {
    const slot = this.#slot(level, position);
    if (slot < 0 || this.#digests === null || this.#isKnown[slot] === 0) return false;
    const from = slot * digest.length;
    for (let at = 0; at < digest.length; at += 1) if (this.#digests[from + at] !== digest[at]) return false;
    return true;
  }

  #load(level: number, position: number, into: Uint8Array): void {
    const from = this.#slot(level, position) * into.length;
    into.set(this.#digests!.subarray(from, from + into.length));
  }

  #keep(level: number, position: number, digest: Uint8Array): void {
    const slot = this.#slot(level, position);
    if (slot < 0) return;
    this.#digests ??= new Uint8Array(this.#isKnown.length * digest.length);
    this.#digests.set(digest, slot * digest.length);
    this.#isKnown[slot] = 1;
  }

  /**
   * True for a leaf hash at `index` that has the root by `path`, both from an attacker; null where index or path are none that this
   * tree has. Spec: CON-10, BAT-5. Source: RFC 9162 2.1.3.2.
   */
  includes(leaf: Uint8Array, index: number, path: readonly Uint8Array[]): boolean | null {
    const { sizeBytes } = hashes[this.alg];
    if (leaf.length !== sizeBytes || pathLength(index, this.size) !== path.length) return null;
    for (const { length } of path) if (length !== sizeBytes) return null;
    const node = Uint8Array.from(leaf);
    const shown: (() => void)[] = [];
    let knownLevel = -1; // where the node at hand stands in memory, if it is known
    let knownPosition = 0;
    let used = 0;
    for (let level = 0; level < this.#height; level += 1) {
      const position = Math.floor(index / 2 ** level);
      if (risesAlone(position, level, this.size)) continue;
      const sibling = path[used]!;
      used += 1;
      const above = position >>> 1;
      if (knownLevel >= 0 && this.#holds(level, position ^ 1, sibling)) {
        knownLevel = level + 1; // whatever path showed both showed what is above them
        knownPosition = above;
        continue;
      }
      if (knownLevel >= 0) this.#load(knownLevel, knownPosition, node);
      if (position % 2 === 1) hashNode(this.alg, sibling, node, node);
      else hashNode(this.alg, node, sibling, node);
      knownLevel = this.#holds(level + 1, above, node) ? level + 1 : -1;
      knownPosition = above;
      if (knownLevel < 0 && this.#slot(level + 1, above) >= 0)
        shown.push(this.#showing(level, position, sibling, node));
    }
    const leads = knownLevel >= 0 || equalBytes(node, this.#root);
    if (leads) for (const keep of shown) keep();
    return leads;
  }

  /** Keeps, once the path has led to the root, the sibling of a node and the node above both. */
  #showing(level: number, position: number, sibling: Uint8Array, above: Uint8Array): () => void {
    const digest = Uint8Array.from(above);
    return () => {
      this.#keep(level, position ^ 1, sibling);
      this.#keep(level + 1, position >>> 1, digest);
    };
  }
}
