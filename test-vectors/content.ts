// Vectors of content: what is stored for which plaintext, key and IVs, and which changes are refused with which code.
// Long content is written as a recipe; test-vectors/verify-content.mjs rebuilds it from the spec alone.
import { createHash, createSecretKey } from "node:crypto";
import { contentAad, encryptBytes, hashContent } from "../packages/core/src/content.ts";
import type { ContentFormat } from "../packages/core/src/content.ts";
import { hkdfExpandSha384 } from "../packages/core/src/crypto.ts";
import { acceptances, fixed, refusals, segmentBytes, whole } from "./content-cases.ts";
import type { ContentCase, ContentChange, Pattern } from "./content-cases.ts";
import { acceptedRanges, refusedRanges } from "./range-cases.ts";
import type { RangeCase } from "./range-cases.ts";
import { encryptSegment, startDecryption } from "../packages/core/src/floe.ts";
import { hashes } from "../packages/core/src/suites.ts";

/** One case; bytes are hex. */
export interface ContentVector {
  readonly name: string;
  readonly spec: readonly string[];
  /** What was written: for `opaque`, `plaintext` is what is stored. */
  readonly written: {
    readonly format: ContentFormat;
    readonly plaintext: Pattern;
    readonly dataKey?: string;
    readonly artifactId?: string;
    readonly firstIssuer?: string;
    readonly floeIv?: string;
    readonly segmentIvs?: readonly string[];
  };
  /** Values on the way, for who looks for a difference. */
  readonly intermediate: {
    readonly aad?: string;
    readonly messageKey?: string;
    readonly firstSegmentKey?: string;
    readonly leaves: readonly string[];
    readonly storedSha256: string;
    readonly stored?: string;
  };
  readonly changes: readonly ContentChange[];
  /** What the reader has: the signed facts, its key and binding, and how it reads. */
  readonly reader: {
    readonly source: "seekable" | "stream";
    readonly content: {
      readonly format: ContentFormat;
      readonly sizeBytes: number;
      readonly root: string;
      readonly floeHeader?: string;
    };
    readonly dataKey?: string;
    readonly artifactId?: string;
    readonly firstIssuer?: string;
    readonly leaves: string | null;
  };
  readonly expect:
    | { readonly plaintextSha256: string; readonly plaintextSizeBytes: number }
    | { readonly code: string; readonly releasedBytes: number };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytesOf = (text: string): Buffer => Buffer.from(text, "hex");
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The bytes of a pattern. */
function patternBytes({ repeat, sizeBytes }: Pattern): Buffer {
  return Buffer.alloc(sizeBytes, repeat, "hex");
}

function segmentsOf(stored: Buffer): Buffer[] {
  const body = stored.subarray(74);
  return Array.from({ length: Math.ceil(body.length / segmentBytes) }, (_, index) =>
    body.subarray(index * segmentBytes, (index + 1) * segmentBytes),
  );
}

function changed(stored: Buffer, change: ContentChange, aad: Uint8Array, dataKey: string): Buffer {
  if (change.kind === "cut") return stored.subarray(0, change.sizeBytes);
  if (change.kind === "append") return Buffer.concat([stored, bytesOf(change.hex)]);
  if (change.kind === "segments")
    return Buffer.concat([stored.subarray(0, 74), ...change.order.map((index) => segmentsOf(stored)[index]!)]);
  const copy = Buffer.from(stored);
  if (change.kind === "flip") copy[change.at]! ^= change.mask;
  else {
    const plaintext = patternBytes(change.plaintext);
    const message = startDecryption(createSecretKey(bytesOf(dataKey)), aad, stored.subarray(0, 74));
    const at = 74 + change.index * segmentBytes;
    encryptSegment(message, change.position, change.final, plaintext, copy.subarray(at, at + plaintext.length + 32), {
      random: () => bytesOf(change.iv),
    });
  }
  return copy;
}

/** What is stored in the end: the written bytes with the vector's changes made. */
export function storedBytes({ written, changes }: Pick<ContentVector, "written" | "changes">): Buffer {
  const { format, plaintext, dataKey = "", artifactId = "", firstIssuer = "", floeIv = "", segmentIvs = [] } = written;
  if (format === "opaque") {
    return changes.reduce<Buffer>(
      (bytes, change) => changed(bytes, change, new Uint8Array(), ""),
      patternBytes(plaintext),
    );
  }
  const aad = contentAad(bytesOf(artifactId), firstIssuer);
  const ivs = [floeIv, ...segmentIvs];
  const { content } = encryptBytes(patternBytes(plaintext), {
    dataKey: createSecretKey(bytesOf(dataKey)),
    aad,
    random: () => bytesOf(ivs.shift() ?? ""),
  });
  return changes.reduce<Buffer>((bytes, change) => changed(bytes, change, aad, dataKey), Buffer.from(content));
}

const binding = {
  dataKey: hex(fixed("data key", 32)),
  artifactId: hex(fixed("artifact id", 16)),
  firstIssuer: "urn:example:issuer",
};

function writtenOf({ name, format = "floe", sizeBytes }: ContentCase): ContentVector["written"] {
  const plaintext = { repeat: hex(fixed("plaintext", 61)), sizeBytes };
  if (format === "opaque") return { format, plaintext };
  const segments = Math.max(1, Math.ceil(sizeBytes / whole));
  const segmentIvs = Array.from({ length: segments }, (_, index) => hex(fixed(`${name}/segment ${index}`, 12)));
  return { format, plaintext, ...binding, floeIv: hex(fixed(`${name}/header`, 32)), segmentIvs };
}

function keysOf(stored: Buffer): {
  readonly aad: string;
  readonly messageKey: string;
  readonly firstSegmentKey: string;
} {
  const aad = contentAad(bytesOf(binding.artifactId), binding.firstIssuer);
  const prefix = stored.subarray(0, 42);
  const key = hkdfExpandSha384(
    createSecretKey(bytesOf(binding.dataKey)),
    Buffer.concat([prefix, Buffer.from("MESSAGE_KEY:"), aad]),
    48,
  );
  const first = hkdfExpandSha384(
    createSecretKey(key),
    Buffer.concat([prefix, Buffer.from("DEK:"), Buffer.alloc(8), aad]),
    32,
  );
  return { aad: hex(aad), messageKey: hex(key), firstSegmentKey: hex(first) };
}

async function vectorOf(entry: ContentCase): Promise<ContentVector> {
  const {
    name,
    spec,
    format = "floe",
    sizeBytes,
    hashAlg = -16,
    changes = [],
    source = "seekable",
    withList = true,
  } = entry;
  const written = writtenOf(entry);
  const partial = { name, spec, written, changes };
  const original = storedBytes({ written, changes: [] });
  const hashed = await hashContent(entry.resigned === true ? storedBytes(partial) : original, { format, hashAlg });
  const leafList = Buffer.from(hashed.leaves);
  const digestBytes = hashes[hashAlg].sizeBytes;
  const leaves = Array.from({ length: leafList.length / digestBytes }, (_, index) =>
    hex(leafList.subarray(index * digestBytes, (index + 1) * digestBytes)),
  );
  const floe = format === "floe" ? { floeHeader: hex(original.subarray(0, 74)) } : {};
  return {
    ...partial,
    intermediate: {
      ...(format === "floe" ? keysOf(original) : {}),
      leaves,
      storedSha256: sha256(original),
      ...(original.length <= 512 ? { stored: hex(original) } : {}),
    },
    reader: {
      source,
      content: { format, sizeBytes: hashed.sizeBytes, root: hashed.root, ...floe, ...entry.content },
      ...(format === "floe" ? binding : {}),
      leaves: withList ? hex(entry.leaves?.(leafList) ?? leafList) : null,
      ...entry.reader,
    },
    expect:
      entry.code === undefined
        ? { plaintextSha256: sha256(patternBytes(written.plaintext)), plaintextSizeBytes: sizeBytes }
        : { code: entry.code, releasedBytes: entry.released ?? 0 },
  };
}

/** A range of stored content, read without a key. */
export interface RangeVector extends Omit<ContentVector, "reader" | "expect"> {
  readonly reader: Pick<ContentVector["reader"], "content" | "leaves"> & {
    readonly range: { readonly start: number; readonly end: number };
    /** Roots of rehashes that count. */
    readonly rehashed: readonly string[];
    /** The hash that the reader relies on; null for the core's. */
    readonly relyOn: string | null;
  };
  readonly expect: { readonly rangeSha256: string; readonly rangeSizeBytes: number } | { readonly code: string };
}

async function rangeVectorOf(entry: RangeCase): Promise<RangeVector> {
  const { range, rehash, rehashedRoot, relyOn = null, format = "floe" } = entry;
  const { intermediate, reader, ...vector } = await vectorOf(entry);
  const written = storedBytes({ written: vector.written, changes: [] });
  const strong = rehash === undefined ? null : await hashContent(written, { format, hashAlg: rehash });
  const leaves = Buffer.from(strong?.leaves ?? bytesOf(reader.leaves ?? ""));
  const given = strong === null || entry.withList === false ? reader.leaves : hex(entry.leaves?.(leaves) ?? leaves);
  const bytes = storedBytes(vector).subarray(range.start, range.end);
  return {
    ...vector,
    intermediate,
    reader: {
      content: reader.content,
      leaves: given,
      range,
      rehashed: strong === null ? [] : [rehashedRoot ?? strong.root],
      relyOn,
    },
    expect:
      entry.code === undefined ? { rangeSha256: sha256(bytes), rangeSizeBytes: bytes.length } : { code: entry.code },
  };
}

/** All vectors of content, read whole and in part; deterministic. */
export async function contentVectors(): Promise<
  { readonly path: string; readonly json: ContentVector | RangeVector }[]
> {
  const vectors = await Promise.all([...acceptances, ...refusals].map(vectorOf));
  const ranges = await Promise.all([...acceptedRanges, ...refusedRanges].map(rangeVectorOf));
  return [
    ...vectors.map((json) => ({ path: `content/${json.name}.json`, json })),
    ...ranges.map((json) => ({ path: `ranges/${json.name}.json`, json })),
  ];
}
