// The cases of ranges without a key: which stored bytes are asked for, of what, and what a reader says.
import type { HashAlg } from "../packages/core/src/suites.ts";
import { forged, headerOf, reordered, segmentBytes, three } from "./content-cases.ts";
import type { ContentCase } from "./content-cases.ts";

/** A case of content that is read in part. */
export interface RangeCase extends ContentCase {
  readonly range: { readonly start: number; readonly end: number };
  /** The hash of a rehash that counts; the leaf list is then one of its root. */
  readonly rehash?: HashAlg;
  /** What the rehash states in place of the content's root. */
  readonly rehashedRoot?: string;
  /** The hash that the reader relies on. */
  readonly relyOn?: "sha256" | "sha384" | "sha512";
}

const second = { start: 74 + segmentBytes + 5, end: 74 + segmentBytes + 25 };
const inFirst = { kind: "flip", at: 100, mask: 1 } as const;
const inSecond = { kind: "flip", at: 74 + 2 * segmentBytes - 1, mask: 1 } as const;
const rehashed = { sizeBytes: three, range: second, rehash: -43, relyOn: "sha384" } as const;

/** What is read. */
export const acceptedRanges: readonly RangeCase[] = [
  { name: "within-the-header", spec: ["CON-15"], sizeBytes: three, range: { start: 10, end: 70 } },
  { name: "header-and-segment", spec: ["CON-15"], sizeBytes: three, range: { start: 60, end: 90 } },
  {
    name: "across-segments",
    spec: ["CON-13", "CON-15"],
    sizeBytes: three,
    range: { start: 74 + segmentBytes - 10, end: 74 + segmentBytes + 10 },
  },
  { name: "empty", spec: ["CON-15"], sizeBytes: three, range: { start: 5, end: 5 } },
  { name: "changed-elsewhere", spec: ["CON-15"], sizeBytes: three, range: second, changes: [inFirst] },
  {
    name: "opaque",
    spec: ["CON-15"],
    format: "opaque",
    sizeBytes: segmentBytes + 5,
    range: { start: segmentBytes - 5, end: segmentBytes + 5 },
  },
  { name: "by-the-root-of-a-rehash", spec: ["CON-16"], ...rehashed },
  { name: "by-the-root-of-a-rehash-without-list", spec: ["CON-16", "CON-12"], ...rehashed, withList: false },
];

/** What is refused, each for one reason. */
export const refusedRanges: readonly RangeCase[] = [
  { name: "changed", spec: ["CON-15"], sizeBytes: three, range: second, changes: [inSecond], code: "content-leaf" },
  { name: "forged", spec: ["CON-13"], sizeBytes: three, range: second, changes: [forged(1)], code: "content-leaf" },
  {
    name: "segments-swapped",
    spec: ["CON-15"],
    sizeBytes: three,
    range: second,
    changes: [{ kind: "segments", order: [1, 0, 2] }],
    code: "content-leaf",
  },
  {
    name: "changed-elsewhere-without-list",
    spec: ["CON-12", "CON-15"],
    sizeBytes: three,
    range: second,
    withList: false,
    changes: [inFirst],
    code: "content-root",
  },
  {
    name: "header-changed",
    spec: ["CON-15"],
    sizeBytes: three,
    range: second,
    changes: [{ kind: "flip", at: 20, mask: 1 }],
    code: "content-header",
  },
  {
    name: "header-of-other-segment-length",
    spec: ["CON-3", "CON-15"],
    sizeBytes: three,
    range: second,
    content: headerOf((header) => (header.writeUInt32BE(4096, 2), header)),
    code: "content-header",
  },
  {
    name: "cut",
    spec: ["CON-7", "CON-15"],
    sizeBytes: three,
    range: second,
    changes: [{ kind: "segments", order: [0, 1] }],
    code: "content-size",
  },
  {
    name: "longer",
    spec: ["CON-7", "CON-15"],
    sizeBytes: three,
    range: second,
    changes: [{ kind: "append", hex: "00" }],
    code: "content-size",
  },
  {
    name: "signed-size-enormous",
    spec: ["CON-7", "CON-15"],
    sizeBytes: three,
    range: second,
    content: { sizeBytes: 2 ** 50 },
    code: "content-size",
  },
  {
    name: "list-short",
    spec: ["CON-11", "CON-15"],
    sizeBytes: three,
    range: second,
    leaves: (leaves) => leaves.subarray(32),
    code: "content-leaf-list",
  },
  {
    name: "list-reordered",
    spec: ["CON-11", "CON-15"],
    sizeBytes: three,
    range: second,
    leaves: reordered(32),
    code: "content-leaf-list",
  },
  {
    name: "opaque-changed",
    spec: ["CON-15"],
    format: "opaque",
    sizeBytes: segmentBytes + 5,
    range: { start: segmentBytes, end: segmentBytes + 1 },
    changes: [{ kind: "flip", at: segmentBytes + 4, mask: 1 }],
    code: "content-leaf",
  },
  {
    name: "no-root-under-the-hash",
    spec: ["CON-16"],
    sizeBytes: three,
    range: second,
    relyOn: "sha384",
    code: "content-root",
  },
  {
    name: "no-root-under-a-weaker-hash",
    spec: ["CON-16"],
    sizeBytes: three,
    hashAlg: -43,
    range: second,
    relyOn: "sha256",
    code: "content-root",
  },
  {
    name: "rehash-of-other-content",
    spec: ["CON-16"],
    ...rehashed,
    rehashedRoot: `sha384:${"5a".repeat(48)}`,
    withList: false,
    code: "content-root",
  },
  {
    name: "rehashed-list-of-the-core",
    spec: ["CON-16", "CON-11"],
    ...rehashed,
    leaves: (leaves) => leaves.subarray(0, 96),
    code: "content-leaf-list",
  },
  { name: "rehashed-changed", spec: ["CON-16"], ...rehashed, changes: [inSecond], code: "content-leaf" },
];
