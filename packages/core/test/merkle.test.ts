// Merkle trees: RFC 9162's definition, written out slowly, is the oracle; the roots of Certificate Transparency's own
// reference tree are the outside vectors.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../src/cbor.ts";
import { inclusionPath, inclusionPaths, leafHash, rootFromPath, rootOfLeaves } from "../src/merkle.ts";
import { hashes } from "../src/suites.ts";
import type { HashAlg } from "../src/suites.ts";

const sha = (alg: HashAlg, ...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash(hashes[alg].text)).digest();

/** MTH of RFC 9162 2.1.1, over data. */
function slowRoot(alg: HashAlg, data: readonly Uint8Array[]): Buffer {
  if (data.length === 0) return sha(alg);
  if (data.length === 1) return sha(alg, Buffer.of(0), data[0]!);
  const split = 2 ** Math.ceil(Math.log2(data.length) - 1);
  return sha(alg, Buffer.of(1), slowRoot(alg, data.slice(0, split)), slowRoot(alg, data.slice(split)));
}

/** PATH of RFC 9162 2.1.3.1. */
function slowPath(alg: HashAlg, index: number, data: readonly Uint8Array[]): Buffer[] {
  if (data.length === 1) return [];
  const split = 2 ** Math.ceil(Math.log2(data.length) - 1);
  return index < split
    ? [...slowPath(alg, index, data.slice(0, split)), slowRoot(alg, data.slice(split))]
    : [...slowPath(alg, index - split, data.slice(split)), slowRoot(alg, data.slice(0, split))];
}

const leavesOf = (alg: HashAlg, data: readonly Uint8Array[]): Buffer =>
  Buffer.concat(data.map((item) => leafHash(alg, item)));

const hashAlgs = fc.constantFrom<HashAlg[]>(-16, -43, -44);
const items = fc.array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 70 });
const tree = fc
  .record({ alg: hashAlgs, data: items })
  .chain(({ alg, data }) =>
    fc.record({ alg: fc.constant(alg), data: fc.constant(data), index: fc.nat(data.length - 1) }),
  );

// Inputs and roots of the reference tree of the Certificate Transparency project (SHA-256).
const referenceInputs = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const referenceRoots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

describe("roots", () => {
  test.each(referenceRoots.map((root, size) => ({ size, root })))(
    "[CON-9] the reference tree of $size leaves has its published root",
    ({ size, root }) => {
      const data = referenceInputs.slice(0, size).map((hex) => Buffer.from(hex, "hex"));
      expect(Buffer.from(rootOfLeaves(-16, leavesOf(-16, data))).toString("hex")).toBe(root);
    },
  );

  test("[CON-8] [CON-9] roots are those of the recursive definition", () => {
    fc.assert(
      fc.property(hashAlgs, items, (alg, data) => {
        expect(Buffer.from(rootOfLeaves(alg, leavesOf(alg, data)))).toEqual(slowRoot(alg, data));
      }),
    );
  });

  test("[CON-8] a leaf of more than a page is hashed as a short one is", () => {
    for (const size of [4095, 4096, 4097, 100_000]) {
      const data = Buffer.alloc(size, 7);
      expect(leafHash(-43, data)).toEqual(sha(-43, Buffer.of(0), data));
    }
  });

  test("[CON-9] a list that isn't whole digests is refused", () => {
    expect(() => rootOfLeaves(-16, new Uint8Array(33))).toThrow(RangeError);
    expect(() => rootOfLeaves(-43, new Uint8Array(32))).toThrow(RangeError);
  });
});

describe("inclusion", () => {
  test("[CON-10] paths are those of the recursive definition, one by one and all at once", () => {
    fc.assert(
      fc.property(tree, ({ alg, data, index }) => {
        const leaves = leavesOf(alg, data);
        const path = inclusionPath(alg, leaves, index).map((digest) => Buffer.from(digest));
        expect(path).toEqual(slowPath(alg, index, data));
        expect(inclusionPaths(alg, leaves)[index]!.map((digest) => Buffer.from(digest))).toEqual(path);
      }),
    );
  });

  test("[CON-10] a path leads to the root, and to no other from another leaf, index, size or path", () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.nat(), ({ alg, data, index }, a, b) => {
        const leaves = leavesOf(alg, data);
        const root = Buffer.from(rootOfLeaves(alg, leaves));
        const leaf = leafHash(alg, data[index]!);
        const path = inclusionPath(alg, leaves, index);
        const found = (...args: Parameters<typeof rootFromPath>): boolean => {
          const computed = rootFromPath(...args);
          return computed !== null && root.equals(computed);
        };
        expect(found(alg, leaf, index, data.length, path)).toBe(true);
        const flipped = Buffer.from(leaf);
        flipped[a % flipped.length]! ^= 1;
        expect(found(alg, flipped, index, data.length, path)).toBe(false);
        expect(found(alg, leaf, index, data.length, [...path, leaf])).toBe(false);
        if (path.length === 0) return;
        const at = a % path.length;
        expect(found(alg, leaf, index, data.length, path.with(at, flipped))).toBe(false);
        expect(found(alg, leaf, index, data.length, path.toSpliced(at, 1))).toBe(false);
        const other = b % data.length;
        if (!equalBytes(leafHash(alg, data[other]!), leaf))
          expect(found(alg, leaf, other, data.length, path)).toBe(false);
      }),
    );
  });

  test("[CON-10] an index beyond the size, a digest of another length and an absurd size are null", () => {
    const leaf = Buffer.alloc(32, 1);
    expect(rootFromPath(-16, leaf, 0, 1, [])).toEqual(Uint8Array.from(leaf));
    for (const [index, size] of [
      [1, 1],
      [0, 0],
      [-1, 4],
      [0.5, 2],
      [Number.NaN, 2],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(rootFromPath(-16, leaf, index, size, [])).toBeNull();
    }
    expect(rootFromPath(-16, leaf, 0, 2, [Buffer.alloc(32)])).not.toBeNull();
    for (const length of [0, 31, 33, 48]) {
      expect(rootFromPath(-16, leaf, 0, 2, [Buffer.alloc(length)])).toBeNull();
      expect(rootFromPath(-16, Buffer.alloc(length), 0, 2, [Buffer.alloc(32)])).toBeNull();
    }
    expect(rootFromPath(-16, leaf, 2 ** 40, 2 ** 52, [])).toBeNull();
  });

  test("[CON-10] an inner node is never a leaf", () => {
    const data = [Buffer.from("a"), Buffer.from("b")];
    const leaves = leavesOf(-16, data);
    const root = Buffer.from(rootOfLeaves(-16, leaves));
    expect(leafHash(-16, leaves)).not.toEqual(root); // the same bytes, hashed as a leaf
    expect(sha(-16, Buffer.of(1), leaves)).toEqual(root); // control: hashed as a node
  });

  test("paths of a full batch hash each node once", () => {
    const leaves = Buffer.alloc(65_536 * 32, 3);
    leaves.writeUInt32BE(1, 32 * 65_535);
    const paths = inclusionPaths(-16, leaves);
    const root = rootOfLeaves(-16, leaves);
    for (const index of [0, 1, 32_767, 65_535]) {
      const leaf = leaves.subarray(index * 32, index * 32 + 32);
      expect(rootFromPath(-16, leaf, index, 65_536, paths[index]!)).toEqual(Uint8Array.from(root));
    }
    expect(() => inclusionPath(-16, leaves, 65_536)).toThrow(RangeError);
  });
});
