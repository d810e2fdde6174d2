// Content far larger than any disk at hand: the segments that a test touches are worked out, every other leaf is filler.
import { createHash, createSecretKey, randomBytes } from "node:crypto";
import { parsePolicy } from "@writ/core";
import type { ContentReader } from "@writ/core";
import type { ContentReference } from "../../packages/core/src/artifact.ts";
import { contentAad, contentLayout, encryptedBytes } from "../../packages/core/src/content.ts";
import { contextsOf } from "../../packages/core/src/context.ts";
import { anchorFirst } from "../../packages/core/src/first-anchor.ts";
import type { FirstAnchored } from "../../packages/core/src/first-anchor.ts";
import { encryptSegment, startEncryption } from "../../packages/core/src/floe.ts";
import { wrapTo } from "../../packages/core/src/recipient.ts";
import { toLayers } from "../../packages/core/src/seal.ts";
import { at, keystore, research, signers } from "./scene.ts";

/** Bytes of a stored segment, and of its plaintext. */
export const segmentBytes: number = 2 ** 20;
export const whole: number = segmentBytes - 32;

const sha256 = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

/** The tree of RFC 9162 by its recursive definition; runs of filler are worked out once for each size. */
function sparseRoot(segments: number, touched: ReadonlyMap<number, Buffer>, filler: Buffer): Buffer {
  const known = new Map<number, Buffer>();
  const places = [...touched.keys()];
  const rootOf = (from: number, count: number): Buffer => {
    const plain = places.every((place) => place < from || place >= from + count);
    const before = plain ? known.get(count) : undefined;
    if (before !== undefined) return before;
    if (count === 1) return touched.get(from) ?? filler;
    const split = 2 ** Math.ceil(Math.log2(count) - 1);
    const root = sha256(Buffer.of(1), rootOf(from, split), rootOf(from + split, count - split));
    if (plain) known.set(count, root);
    return root;
  };
  return segments === 0 ? sha256() : rootOf(0, segments);
}

/** A reader that notes how much it was asked for, and refuses what is filler. */
export interface SparseReader extends ContentReader {
  readonly reads: { count: number; bytes: number };
}

/** An artifact over content that exists where it is touched. */
export interface SparseContent {
  readonly artifact: Uint8Array;
  /** The list that isn't attached; null where it is. */
  readonly attachedElsewhere: Uint8Array | null;
  readonly leaves: Uint8Array;
  readonly sizeBytes: number;
  readonly header: Uint8Array;
  readonly dataKey: Buffer;
  readonly aad: Uint8Array;
  /** Stored bytes by segment; a test may put others in their place. */
  readonly stored: Map<number, Uint8Array>;
  readonly reader: () => SparseReader;
  /** An artifact that says another size, signed by the same issuer, without a leaf list. */
  readonly claiming: (sizeBytes: number) => Promise<Uint8Array>;
}

function readerOf(
  sizeBytes: number,
  header: Uint8Array,
  segmentAt: (index: number) => Uint8Array | undefined,
): SparseReader {
  const reads = { count: 0, bytes: 0 };
  return {
    sizeBytes,
    reads,
    read: (offset, length) => {
      reads.count += 1;
      reads.bytes += length;
      if (offset === 0 && length === header.length) return Promise.resolve(header);
      const index = Math.floor((offset - header.length) / segmentBytes);
      const segment = segmentAt(index);
      const from = offset - header.length - index * segmentBytes;
      if (segment === undefined) return Promise.reject(new RangeError(`segment ${index} is filler`));
      return Promise.resolve(segment.subarray(from, from + length));
    },
  };
}

async function signed(
  content: ContentReference,
  { artifactId, dataKey }: { readonly artifactId: Buffer; readonly dataKey: Buffer },
  leaves: Uint8Array | null,
): Promise<FirstAnchored> {
  const policies = [parsePolicy(research)];
  const layers = toLayers(policies, [undefined]);
  const custodyRule = { custodies: ["local"] };
  const key = await keystore.describe("local:data");
  const context = contextsOf({ artifactId, custodyRule }, layers, undefined)({});
  const wraps = content.format === "opaque" ? [] : [await wrapTo(keystore, key, dataKey, artifactId, context)];
  const issuer = signers.issuer.authority;
  const now = at(0)() / 1000;
  return anchorFirst(
    {
      core: {
        artifactId,
        revision: 0,
        issuedAt: now,
        issuer,
        firstIssuer: issuer,
        content,
        custodyRule,
        lineage: { operation: content.format === "opaque" ? "adopt" : "seal", receipts: [], actor: issuer },
        status: [],
      },
      layers,
      parents: [],
      keys: { recipients: wraps.map(({ recipient }) => recipient), exposures: [] },
      policies,
      attachments: [],
      leaves,
      now,
    },
    signers.issuer,
  );
}

/** The artifact and leaf list of content whose leaves are `filler` but where it was touched. */
async function made(
  content: Omit<ContentReference, "root">,
  touched: ReadonlyMap<number, Buffer>,
  filler: Buffer,
  binding: { readonly artifactId: Buffer; readonly dataKey: Buffer },
): Promise<Pick<SparseContent, "artifact" | "attachedElsewhere" | "leaves" | "sizeBytes" | "claiming">> {
  const { format, sizeBytes } = content;
  const { segments } = contentLayout(format, sizeBytes);
  const leaves = Buffer.alloc(segments * 32, filler);
  for (const [index, leaf] of touched) leaf.copy(leaves, index * 32);
  const root = `sha256:${sparseRoot(segments, touched, filler).toString("hex")}` as const;
  const { artifact, leaves: attachedElsewhere } = await signed({ ...content, root }, binding, leaves);
  const claiming = async (claimed: number): Promise<Uint8Array> =>
    (await signed({ ...content, sizeBytes: claimed, root }, binding, null)).artifact;
  return { artifact, attachedElsewhere, leaves, sizeBytes, claiming };
}

/** Floe content of so much plaintext; of each segment in `places` the plaintext is that byte over and over. With `oldKey` the first key serves all. */
export async function sparseFloe(
  plaintext: number,
  places: ReadonlyMap<number, number>,
  { oldKey = false }: { readonly oldKey?: boolean } = {},
): Promise<SparseContent> {
  const [artifactId, dataKey] = [randomBytes(16), randomBytes(32)];
  const aad = contentAad(artifactId, signers.issuer.authority);
  const { header, message: fresh } = startEncryption(createSecretKey(dataKey), aad);
  const message = oldKey ? { ...fresh, keyOf: () => fresh.keyOf(0) } : fresh;
  const sizeBytes = encryptedBytes(plaintext);
  const { segments, lastSegmentBytes } = contentLayout("floe", sizeBytes);
  const stored = new Map<number, Uint8Array>();
  const touched = new Map<number, Buffer>();
  for (const [index, byte] of places) {
    const final = index === segments - 1;
    const out = Buffer.alloc(final ? lastSegmentBytes : segmentBytes);
    encryptSegment(message, index, final, Buffer.alloc(out.length - 32, byte), out);
    stored.set(index, out);
    touched.set(index, sha256(Buffer.of(0), out));
  }
  const filler = sha256(Buffer.from("a leaf that nobody reads"));
  const facts = { format: "floe", sizeBytes, floeHeader: header } as const;
  return {
    ...(await made(facts, touched, filler, { artifactId, dataKey })),
    header,
    dataKey,
    aad,
    stored,
    reader: () => readerOf(sizeBytes, header, (index) => stored.get(index)),
  };
}

/** Opaque content of so many zeros: every whole segment has one and the same leaf. */
export async function sparseOpaque(sizeBytes: number): Promise<SparseContent> {
  const { segments, lastSegmentBytes } = contentLayout("opaque", sizeBytes);
  const zeros = Buffer.alloc(segmentBytes);
  const lengthOf = (index: number): number => (index === segments - 1 ? lastSegmentBytes : segmentBytes);
  const leafOf = (length: number): Buffer => sha256(Buffer.of(0), zeros.subarray(0, length));
  const touched = new Map(segments === 0 ? [] : [[segments - 1, leafOf(lastSegmentBytes)]]);
  const binding = { artifactId: randomBytes(16), dataKey: randomBytes(32) };
  const stored = new Map<number, Uint8Array>();
  return {
    ...(await made({ format: "opaque", sizeBytes }, touched, leafOf(segmentBytes), binding)),
    header: new Uint8Array(),
    dataKey: binding.dataKey,
    aad: new Uint8Array(),
    stored,
    reader: () =>
      readerOf(sizeBytes, new Uint8Array(), (index) => stored.get(index) ?? zeros.subarray(0, lengthOf(index))),
  };
}
