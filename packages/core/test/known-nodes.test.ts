// What is remembered of a tree changes no verdict: each leaf with its path is judged as if nothing were known.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KnownNodes } from "../src/known-nodes.ts";
import { inclusionPaths, rootFromPath, rootOfLeaves } from "../src/merkle.ts";

const digestBytes = 48;

interface Tree {
  readonly size: number;
  readonly root: Uint8Array;
  leaf(index: number): Uint8Array;
  path(index: number): readonly Uint8Array[];
}

function treeOf(size: number): Tree {
  const leaves = randomBytes(size * digestBytes);
  const paths = inclusionPaths(-43, leaves);
  return {
    size,
    root: rootOfLeaves(-43, leaves),
    leaf: (index) => Uint8Array.from(leaves.subarray(index * digestBytes, (index + 1) * digestBytes)),
    path: (index) => paths[index]!.map((digest) => Uint8Array.from(digest)),
  };
}

/** As without memory. */
function plain({ root, size }: Tree, leaf: Uint8Array, index: number, path: readonly Uint8Array[]): boolean | null {
  const computed = rootFromPath(-43, leaf, index, size, path);
  return computed === null ? null : Buffer.compare(computed, root) === 0;
}

const trees = [1, 2, 3, 5, 31, 64, 65, 127, 128, 129, 200, 1000, 1024, 4097].map(treeOf);

const attempts = fc.array(
  fc.record({
    index: fc.nat(),
    damage: fc.constantFrom("none", "none", "none", "sibling", "leaf", "index", "shorter", "longer", "swapped"),
    at: fc.nat(),
    bit: fc.nat(7),
  }),
  { minLength: 1, maxLength: 60 },
);

function damaged(
  tree: Tree,
  { index: wanted, damage, at, bit }: { index: number; damage: string; at: number; bit: number },
): { leaf: Uint8Array; index: number; path: readonly Uint8Array[] } {
  const index = wanted % tree.size;
  const [leaf, path] = [tree.leaf(index), [...tree.path(index)]];
  if (damage === "leaf") leaf[at % digestBytes]! ^= 1 << bit;
  if (damage === "sibling" && path.length > 0) path[at % path.length]![at % digestBytes]! ^= 1 << bit;
  if (damage === "shorter") path.pop();
  if (damage === "longer") path.push(Uint8Array.from(leaf));
  if (damage === "swapped" && path.length > 1) path.reverse();
  return { leaf, index: damage === "index" ? at % (tree.size + 2) : index, path };
}

describe("nodes that are known", () => {
  test("[CON-10] [BAT-5] change no verdict, whatever came before", () => {
    let refused = 0;
    let included = 0;
    fc.assert(
      fc.property(fc.constantFrom(...trees), attempts, (tree, all) => {
        const nodes = new KnownNodes(-43, tree.size, tree.root);
        for (const attempt of all) {
          const { leaf, index, path } = damaged(tree, attempt);
          const verdict = nodes.includes(leaf, index, path);
          expect(verdict).toBe(plain(tree, leaf, index, path));
          if (verdict === true) included += 1;
          else refused += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(included, "control: both are met").toBeGreaterThan(100);
    expect(refused, "control: both are met").toBeGreaterThan(100);
  });

  test("[BAT-5] every leaf of every tree in every order of two rounds", () => {
    for (const tree of trees.filter(({ size }) => size <= 200)) {
      const nodes = new KnownNodes(-43, tree.size, tree.root);
      const order = Array.from({ length: tree.size }, (_, index) => (index * 7919) % tree.size);
      for (const index of [...order, ...order]) {
        const path = tree.path(index);
        expect(nodes.includes(tree.leaf(index), index, path)).toBe(true);
        for (const sibling of path) {
          sibling[0]! ^= 1;
          expect(nodes.includes(tree.leaf(index), index, path)).toBe(false);
          sibling[0]! ^= 1;
        }
      }
    }
  });

  test("[BAT-5] a path to another root leaves nothing behind", () => {
    const [tree, other] = [treeOf(100), treeOf(100)];
    const nodes = new KnownNodes(-43, 100, tree.root);
    for (let index = 0; index < 100; index += 1)
      expect(nodes.includes(other.leaf(index), index, other.path(index))).toBe(false);
    for (let index = 0; index < 100; index += 1) {
      expect(nodes.includes(tree.leaf(index), index, tree.path(index))).toBe(true);
      expect(nodes.includes(other.leaf(index), index, other.path(index))).toBe(false);
    }
  });
});
