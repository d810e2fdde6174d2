// The cases of content: what is written, what is changed, and what a reader says.
import { createHash } from "node:crypto";
import type { ContentFormat } from "../packages/core/src/content.ts";
import type { HashAlg } from "../packages/core/src/suites.ts";
import type { ContentVector } from "./content.ts";

/** Bytes of a whole encrypted segment, and of its plaintext. */
export const segmentBytes: number = 2 ** 20;
export const whole: number = segmentBytes - 32;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Bytes that differ by name and place and are the same in every run. */
export function fixed(name: string, sizeBytes: number): Buffer {
  return createHash("sha512").update(`writ content vector: ${name}`).digest().subarray(0, sizeBytes);
}

/** `sizeBytes` bytes that repeat `repeat` (hex). */
export interface Pattern {
  readonly repeat: string;
  readonly sizeBytes: number;
}

/** A change of the stored bytes, made before they are read. */
export type ContentChange =
  | { readonly kind: "flip"; readonly at: number; readonly mask: number }
  | { readonly kind: "cut"; readonly sizeBytes: number }
  | { readonly kind: "append"; readonly hex: string }
  /** The stored segments in another order: some twice, some not at all. */
  | { readonly kind: "segments"; readonly order: readonly number[] }
  /** A segment encrypted anew by a holder of the data key, as valid at `position` as FLOE allows. */
  | {
      readonly kind: "forge";
      readonly index: number;
      readonly position: number;
      readonly final: boolean;
      readonly iv: string;
      readonly plaintext: Pattern;
    };

/** A case, before its bytes are worked out. */
export interface ContentCase {
  readonly name: string;
  readonly spec: readonly string[];
  readonly format?: ContentFormat;
  readonly sizeBytes: number;
  readonly hashAlg?: HashAlg;
  readonly changes?: readonly ContentChange[];
  /** True where the signed root is that of the changed bytes: the issuer's own mistake or malice. */
  readonly resigned?: boolean;
  readonly source?: "seekable" | "stream";
  readonly withList?: boolean;
  readonly reader?: Partial<ContentVector["reader"]>;
  readonly content?: Partial<ContentVector["reader"]["content"]>;
  readonly leaves?: (leaves: Buffer) => Buffer;
  readonly code?: string;
  readonly released?: number;
}

/** A segment made anew by a holder of the data key. */
export const forged = (
  index: number,
  place: { position?: number; final?: boolean; sizeBytes?: number } = {},
): ContentChange => {
  const { position = index, final = false, sizeBytes = whole } = place;
  return {
    kind: "forge",
    index,
    position,
    final,
    iv: hex(fixed("forged", 12)),
    plaintext: { repeat: "666f72676564", sizeBytes },
  };
};
/** Plaintext of three segments. */
export const three: number = 2 * whole + 500;
const stored = (plaintext: number): number => 74 + plaintext + Math.max(1, Math.ceil(plaintext / whole)) * 32;
/** A leaf list with its first two leaves changed about. */
export const reordered =
  (digestBytes: number) =>
  (leaves: Buffer): Buffer =>
    Buffer.concat([
      leaves.subarray(digestBytes, 2 * digestBytes),
      leaves.subarray(0, digestBytes),
      leaves.subarray(2 * digestBytes),
    ]);
/** A signed header that no writer makes. */
export const headerOf = (change: (header: Buffer) => Buffer): { floeHeader: string } => ({
  floeHeader: hex(change(Buffer.concat([Buffer.from("00000010000000000020", "hex"), Buffer.alloc(64)]))),
});

/** What is read. */
export const acceptances: readonly ContentCase[] = [
  { name: "empty", spec: ["CON-1", "CON-2", "CON-3"], sizeBytes: 0 },
  { name: "short", spec: ["CON-1", "CON-4", "CON-5"], sizeBytes: 100 },
  { name: "short-stream-without-list", spec: ["CON-12"], sizeBytes: 100, source: "stream", withList: false },
  { name: "short-sha384", spec: ["CON-8", "CON-9"], sizeBytes: 100, hashAlg: -43 },
  { name: "one-whole-segment", spec: ["CON-2", "CON-5"], sizeBytes: whole },
  { name: "one-byte-over", spec: ["CON-2", "CON-9"], sizeBytes: whole + 1 },
  { name: "two-whole-segments", spec: ["CON-2", "CON-9"], sizeBytes: 2 * whole, source: "stream" },
  { name: "three-segments-without-list", spec: ["CON-9", "CON-12"], sizeBytes: three, withList: false },
  { name: "three-segments-sha384", spec: ["CON-9", "CON-11"], sizeBytes: three, hashAlg: -43 },
  { name: "opaque-empty", spec: ["CON-9"], format: "opaque", sizeBytes: 0 },
  { name: "opaque-one-segment", spec: ["CON-8"], format: "opaque", sizeBytes: segmentBytes },
  {
    name: "opaque-two-segments",
    spec: ["CON-8", "CON-9"],
    format: "opaque",
    sizeBytes: segmentBytes + 5,
    source: "stream",
    hashAlg: -43,
  },
];

/** What is refused, each for one reason. */
export const refusals: readonly ContentCase[] = [
  {
    name: "other-data-key",
    spec: ["CON-6"],
    sizeBytes: 100,
    reader: { dataKey: hex(fixed("another data key", 32)) },
    code: "content-commitment",
  },
  {
    name: "other-artifact",
    spec: ["CON-1", "CON-6"],
    sizeBytes: 100,
    reader: { artifactId: hex(fixed("another artifact", 16)) },
    code: "content-commitment",
  },
  {
    name: "other-issuer",
    spec: ["CON-1", "CON-6"],
    sizeBytes: 100,
    reader: { firstIssuer: "urn:example:thief" },
    code: "content-commitment",
  },
  {
    name: "header-iv-changed",
    spec: ["CON-3"],
    sizeBytes: 100,
    changes: [{ kind: "flip", at: 20, mask: 1 }],
    code: "content-header",
  },
  {
    name: "header-of-other-segment-length",
    spec: ["CON-3"],
    sizeBytes: 100,
    content: headerOf((header) => (header.writeUInt32BE(4096, 2), header)),
    code: "content-header",
  },
  {
    name: "header-of-other-aead",
    spec: ["CON-3"],
    sizeBytes: 100,
    content: headerOf((header) => (header.writeUInt8(1), header)),
    code: "content-header",
  },
  {
    name: "header-of-other-kdf",
    spec: ["CON-3"],
    sizeBytes: 100,
    content: headerOf((header) => (header.writeUInt8(1, 1), header)),
    code: "content-header",
  },
  {
    name: "header-of-other-iv-length",
    spec: ["CON-3"],
    sizeBytes: 100,
    content: headerOf((header) => (header.writeUInt32BE(12, 6), header)),
    code: "content-header",
  },
  {
    name: "header-cut",
    spec: ["CON-3"],
    sizeBytes: 100,
    content: headerOf((header) => header.subarray(0, 73)),
    code: "content-header",
  },
  {
    name: "header-tag-zero",
    spec: ["CON-6"],
    sizeBytes: 100,
    content: headerOf((header) => header),
    code: "content-commitment",
  },
  { name: "signed-size-too-small", spec: ["CON-2"], sizeBytes: 100, content: { sizeBytes: 105 }, code: "content-size" },
  {
    name: "signed-size-empty-last-segment",
    spec: ["CON-2"],
    sizeBytes: 100,
    content: { sizeBytes: 74 + segmentBytes + 32 },
    code: "content-size",
  },
  {
    name: "signed-size-enormous",
    spec: ["CON-7"],
    sizeBytes: 100,
    content: { sizeBytes: 2 ** 50 },
    code: "content-size",
  },
  {
    name: "cut-by-a-byte",
    spec: ["CON-7"],
    sizeBytes: three,
    changes: [{ kind: "cut", sizeBytes: stored(three) - 1 }],
    code: "content-size",
  },
  {
    name: "cut-by-a-segment",
    spec: ["CON-7"],
    sizeBytes: three,
    changes: [{ kind: "segments", order: [0, 1] }],
    code: "content-size",
  },
  {
    name: "cut-stream",
    spec: ["CON-7"],
    sizeBytes: three,
    source: "stream",
    changes: [{ kind: "cut", sizeBytes: stored(three) - 1 }],
    code: "content-size",
    released: 2 * whole,
  },
  {
    name: "longer-by-a-byte",
    spec: ["CON-7"],
    sizeBytes: three,
    changes: [{ kind: "append", hex: "00" }],
    code: "content-size",
  },
  {
    name: "longer-stream",
    spec: ["CON-7"],
    sizeBytes: three,
    source: "stream",
    changes: [{ kind: "append", hex: "00" }],
    code: "content-size",
    released: 2 * whole,
  },
  {
    name: "bit-in-second-segment",
    spec: ["CON-13"],
    sizeBytes: three,
    changes: [{ kind: "flip", at: 74 + segmentBytes + 400, mask: 128 }],
    code: "content-leaf",
    released: whole,
  },
  {
    name: "bit-in-second-segment-without-list",
    spec: ["CON-12"],
    sizeBytes: three,
    withList: false,
    changes: [{ kind: "flip", at: 74 + segmentBytes + 400, mask: 128 }],
    code: "content-root",
  },
  {
    name: "segments-swapped",
    spec: ["CON-13"],
    sizeBytes: three,
    changes: [{ kind: "segments", order: [1, 0, 2] }],
    code: "content-leaf",
  },
  {
    name: "segment-doubled",
    spec: ["CON-13"],
    sizeBytes: three,
    changes: [{ kind: "segments", order: [0, 0, 2] }],
    code: "content-leaf",
    released: whole,
  },
  {
    name: "segment-forged",
    spec: ["CON-13"],
    sizeBytes: three,
    changes: [forged(1)],
    code: "content-leaf",
    released: whole,
  },
  {
    name: "segment-forged-stream",
    spec: ["CON-13"],
    sizeBytes: three,
    source: "stream",
    changes: [forged(1)],
    code: "content-leaf",
    released: whole,
  },
  {
    name: "segment-forged-without-list",
    spec: ["CON-12"],
    sizeBytes: three,
    withList: false,
    changes: [forged(1)],
    code: "content-root",
  },
  {
    name: "last-segment-forged",
    spec: ["CON-13"],
    sizeBytes: three,
    changes: [forged(2, { final: true, sizeBytes: 500 })],
    code: "content-leaf",
    released: 2 * whole,
  },
  {
    name: "list-short",
    spec: ["CON-11"],
    sizeBytes: three,
    leaves: (leaves) => leaves.subarray(32),
    code: "content-leaf-list",
  },
  {
    name: "list-empty",
    spec: ["CON-11"],
    sizeBytes: three,
    leaves: (leaves) => leaves.subarray(0, 0),
    code: "content-leaf-list",
  },
  { name: "list-reordered", spec: ["CON-11"], sizeBytes: three, leaves: reordered(32), code: "content-leaf-list" },
  {
    name: "stream-without-list",
    spec: ["CON-12"],
    sizeBytes: three,
    source: "stream",
    withList: false,
    code: "content-leaf-list",
  },
  {
    name: "signed-tag-broken",
    spec: ["CON-5"],
    sizeBytes: 100,
    resigned: true,
    changes: [{ kind: "flip", at: stored(100) - 1, mask: 1 }],
    code: "content-segment",
  },
  {
    name: "signed-marker-broken",
    spec: ["CON-7"],
    sizeBytes: 100,
    resigned: true,
    changes: [{ kind: "flip", at: 77, mask: 1 }],
    code: "content-segment",
  },
  {
    name: "signed-segments-swapped",
    spec: ["CON-5"],
    sizeBytes: three,
    resigned: true,
    changes: [{ kind: "segments", order: [1, 0, 2] }],
    code: "content-segment",
  },
  {
    name: "signed-final-flag-in-the-middle",
    spec: ["CON-5", "CON-7"],
    sizeBytes: three,
    resigned: true,
    changes: [forged(1, { final: true })],
    code: "content-segment",
    released: whole,
  },
  {
    name: "opaque-changed",
    spec: ["CON-13"],
    format: "opaque",
    sizeBytes: segmentBytes + 5,
    changes: [{ kind: "flip", at: segmentBytes, mask: 1 }],
    code: "content-leaf",
    released: segmentBytes,
  },
  {
    name: "opaque-longer",
    spec: ["CON-7"],
    format: "opaque",
    sizeBytes: 100,
    changes: [{ kind: "append", hex: "00" }],
    code: "content-size",
  },
  {
    name: "opaque-with-floe-header",
    spec: ["CON-3"],
    format: "opaque",
    sizeBytes: 100,
    content: headerOf((header) => header),
    code: "content-header",
  },
];
