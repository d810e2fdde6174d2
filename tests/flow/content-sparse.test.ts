// Content of 0 bytes to 1 TiB and the bounds of its arithmetic. What is far too large to store is worked out where it is read.
import { createDecipheriv, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, ingest, inspect, open, openRange } from "@writ/core";
import type { ContentSource, SeekableSource, VerifiedArtifact } from "@writ/core";
import { contentReader, verifyContentRange } from "@writ/core/content";
import { contentLayout, encryptedBytes, plaintextBytes } from "../../packages/core/src/content.ts";
import { at, codeOf, drain, evaluator, keystore, request, sealed, trust } from "../support/scene.ts";
import { segmentBytes, sparseFloe, sparseOpaque, whole } from "../support/sparse-content.ts";
import type { SparseContent } from "../support/sparse-content.ts";

const clock = at(60);
const tebibyte = 2 ** 40;
const rotation = 2 ** 20; // segments under one segment key

const verified = (artifact: Uint8Array): Promise<VerifiedArtifact> => ingest(artifact, trust, { evaluator, clock });

async function opened(
  artifact: VerifiedArtifact,
  content: SeekableSource,
  range: { readonly start: number; readonly end: number },
  leaves?: Uint8Array,
): Promise<Buffer> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock });
  const given = { custody: keystore, content, clock, ...(leaves === undefined ? {} : { leaves }) };
  return Buffer.from(await openRange(artifact, permit!, range, given));
}

async function openedWhole(artifact: VerifiedArtifact, content: ContentSource): Promise<Buffer> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock });
  return drain(open(artifact, permit!, { custody: keystore, content, clock }));
}

/** Plaintext of one segment, by the spec's own words and node:crypto. Spec: CON-4, CON-5. */
function byHand({ header, dataKey, aad, stored }: SparseContent, index: number, final: boolean): Buffer {
  const kdf = (key: Uint8Array, purpose: Uint8Array, sizeBytes: number): Buffer =>
    createHmac("sha384", key)
      .update(Buffer.concat([header.subarray(0, 42), purpose, aad, Buffer.of(1)]))
      .digest()
      .subarray(0, sizeBytes);
  const first = Buffer.alloc(8);
  first.writeBigUInt64BE(BigInt(index) & ~0xfffffn);
  const key = kdf(kdf(dataKey, Buffer.from("MESSAGE_KEY:"), 48), Buffer.concat([Buffer.from("DEK:"), first]), 32);
  const segment = stored.get(index)!;
  const place = Buffer.alloc(9, final ? 1 : 0);
  place.writeBigUInt64BE(BigInt(index));
  const decipher = createDecipheriv("aes-256-gcm", key, segment.subarray(4, 16), { authTagLength: 16 });
  decipher.setAAD(place).setAuthTag(segment.subarray(-16));
  return Buffer.concat([decipher.update(segment.subarray(16, -16)), decipher.final()]);
}

describe("a tebibyte", () => {
  test("[CON-13] [CON-15] opaque: ranges are verified under 2^20 leaves, of which none is attached; little is read", async () => {
    const content = await sparseOpaque(tebibyte);
    const artifact = await verified(content.artifact);
    expect([content.leaves.length, content.attachedElsewhere?.length]).toEqual([2 ** 25, 2 ** 25]);
    const source = content.reader();
    const reader = await contentReader(artifact, { content: source, leaves: content.leaves });
    expect(source.reads.bytes).toBe(0);
    const places = [0, segmentBytes - 3, tebibyte / 2 - 1, tebibyte - segmentBytes - 1, tebibyte - 6];
    for (const place of places) expect(await reader.read(place, 6)).toEqual(new Uint8Array(6));
    expect(source.reads.bytes).toBe(8 * segmentBytes); // three of the five lie across two segments
    content.stored.set(2 ** 19, Buffer.alloc(segmentBytes, 1));
    expect(await codeOf(() => reader.read(tebibyte / 2, 1))).toBe("content-leaf");
    expect(await codeOf(() => reader.read(tebibyte / 2 - 1, 1))).toBe("nothing was thrown"); // control
    const other = Buffer.from(content.leaves);
    other[other.length / 2]! ^= 1;
    const range = { start: 0, end: 1 };
    const under = (leaves: Uint8Array): Promise<Uint8Array> =>
      verifyContentRange(artifact, range, { content: source, leaves });
    expect(await codeOf(() => under(other))).toBe("content-leaf-list");
    expect(await codeOf(() => under(other.subarray(32)))).toBe("content-leaf-list");
  });

  test("[CON-4] [CON-7] floe: the key changes after 2^20 segments, and a range reads both sides of it", async () => {
    const places = new Map([
      [0, 0xa0],
      [rotation - 1, 0xa1],
      [rotation, 0xa2],
      [rotation + 32, 0xa3],
    ]);
    const content = await sparseFloe(tebibyte, places); // 33 segments more than 2^20: what encryption adds
    const { segments } = contentLayout("floe", content.sizeBytes);
    expect(segments).toBe(rotation + 33);
    for (const [index, byte] of places) {
      const plain = byHand(content, index, index === segments - 1);
      expect(plain.equals(Buffer.alloc(plain.length, byte))).toBe(true);
    }
    const artifact = await verified(content.artifact);
    const source = content.reader();
    const across = { start: rotation * whole - 2, end: rotation * whole + 2 };
    expect(await opened(artifact, source, across, content.leaves)).toEqual(Buffer.of(0xa1, 0xa1, 0xa2, 0xa2));
    expect(source.reads).toEqual({ count: 3, bytes: 74 + 2 * segmentBytes });
    const end = { start: tebibyte - 3, end: tebibyte };
    expect(await opened(artifact, source, end, content.leaves)).toEqual(Buffer.alloc(3, 0xa3));
    content.stored.set(rotation, content.stored.get(0)!);
    expect(await codeOf(() => opened(artifact, source, across, content.leaves))).toBe("content-leaf");
  });

  test.each([rotation - 1, rotation])(
    "[CON-2] [CON-7] floe of %i whole segments, read at its end",
    async (segments) => {
      const content = await sparseFloe(segments * whole, new Map([[segments - 1, 0xd4]]));
      expect(contentLayout("floe", content.sizeBytes)).toMatchObject({ segments, lastSegmentBytes: segmentBytes });
      const artifact = await verified(content.artifact);
      const range = { start: segments * whole - 2, end: segments * whole };
      expect(await opened(artifact, content.reader(), range, content.leaves)).toEqual(Buffer.of(0xd4, 0xd4));
      await expect(opened(artifact, content.reader(), { start: 0, end: range.end + 1 })).rejects.toThrow(RangeError);
    },
  );

  test("[CON-4] a segment of the old key at the place after it is refused, though the issuer signed it", async () => {
    const content = await sparseFloe((rotation + 1) * whole, new Map([[rotation, 0xb2]]), { oldKey: true });
    const artifact = await verified(content.artifact);
    const range = { start: rotation * whole, end: rotation * whole + 1 };
    const attempt = (): Promise<Buffer> => opened(artifact, content.reader(), range, content.leaves);
    expect(await codeOf(attempt)).toBe("content-segment");
  });
});

describe("where segments begin and end", () => {
  test.each([0, 1, whole - 1, whole, whole + 1])("[CON-2] [OPN-5] floe of %i bytes, sealed for real", async (size) => {
    const plaintext = Buffer.alloc(size, 0xc7);
    const issued = await sealed(plaintext);
    const artifact = await verified(issued.artifact);
    expect(issued.stored.length).toBe(encryptedBytes(size));
    expect((await openedWhole(artifact, issued.stored)).equals(plaintext)).toBe(true);
    for (const place of [0, 1, whole - 1, whole, whole + 1].filter((one) => one <= size)) {
      const range = { start: place, end: size };
      expect((await opened(artifact, issued.stored, range)).equals(plaintext.subarray(place))).toBe(true);
    }
    const start = size + 1;
    await expect(opened(artifact, issued.stored, { start, end: start })).rejects.toThrow(RangeError);
    expect(await codeOf(() => opened(artifact, issued.stored.subarray(0, -1), { start: 0, end: size }))).toBe(
      "content-size",
    );
  });

  test.each([0, 1, segmentBytes - 1, segmentBytes, segmentBytes + 1])(
    "[CON-8] [CON-15] opaque of %i bytes",
    async (size) => {
      const content = await sparseOpaque(size);
      const artifact = await verified(content.artifact);
      const all = { start: 0, end: size };
      expect(await verifyContentRange(artifact, all, { content: content.reader() })).toHaveLength(size);
      expect(await openedWhole(artifact, Buffer.alloc(size))).toHaveLength(size);
      const longer = Buffer.alloc(size + 1);
      expect(await codeOf(() => verifyContentRange(artifact, all, { content: longer }))).toBe("content-size");
    },
  );

  test.each([
    ["before", 8192, "leaves"],
    ["after", 8193, "policy"],
  ])("[CON-14] a leaf list is attached up to 256 KiB: %s the bound", async (_side, segments, expected) => {
    const content = await sparseOpaque(segments * segmentBytes);
    const kinds = inspect(content.artifact).attachments.map(({ kind }) => kind);
    expect(kinds.toSorted()[0]).toBe(expected);
    expect(content.attachedElsewhere?.length ?? 0).toBe(segments > 8192 ? segments * 32 : 0);
    const artifact = await verified(content.artifact);
    const last = { start: segments * segmentBytes - 1, end: segments * segmentBytes };
    const given = content.attachedElsewhere === null ? {} : { leaves: content.attachedElsewhere };
    const source = content.reader();
    expect(await verifyContentRange(artifact, last, { content: source, ...given })).toEqual(new Uint8Array(1));
    expect(source.reads.bytes).toBe(segmentBytes);
  });
});

describe("arithmetic", () => {
  const most = 2n ** 53n - 1n;
  const stored = (plaintext: bigint): bigint => {
    const segments = plaintext === 0n ? 1n : (plaintext + BigInt(whole) - 1n) / BigInt(whole);
    return 74n + plaintext + 32n * segments;
  };
  const largest = (() => {
    let plaintext = most - 74n;
    while (stored(plaintext) > most) plaintext -= (stored(plaintext) - most + 1n) / 2n + 1n;
    return plaintext;
  })();
  const near = (multiple: bigint): fc.Arbitrary<bigint> =>
    fc.bigInt(-2n, 2n).map((off) => multiple * BigInt(whole) + off);
  const sizes = fc
    .oneof(
      fc.bigInt(0n, largest),
      fc.bigInt(largest - 10_000n, largest),
      fc.bigInt(1n, largest / BigInt(whole)).chain(near),
      fc.integer({ min: 0, max: 33 }).chain((power) => near(2n ** BigInt(power))),
    )
    .filter((size) => size >= 0n && size <= largest);

  test("[CON-2] sizes agree with exact integers up to 2^53 and back", () => {
    fc.assert(
      fc.property(sizes, (plaintext) => {
        const size = encryptedBytes(Number(plaintext));
        expect(BigInt(size)).toBe(stored(plaintext));
        expect(BigInt(plaintextBytes(size))).toBe(plaintext);
        const { segments, lastSegmentBytes } = contentLayout("floe", size);
        expect(74n + BigInt(segments - 1) * BigInt(segmentBytes) + BigInt(lastSegmentBytes)).toBe(BigInt(size));
        expect(lastSegmentBytes).toBeGreaterThanOrEqual(segments === 1 ? 32 : 33);
        expect(lastSegmentBytes).toBeLessThanOrEqual(segmentBytes);
      }),
      { numRuns: 2000 },
    );
  });

  test("[CON-2] [CON-7] beyond 2^53, or of a length that no writer makes, a size is refused", async () => {
    for (const size of [2 ** 53, 2 ** 53 + 2, Infinity, Number.NaN, -1])
      expect(await codeOf(() => contentLayout("floe", size))).toBe("content-size");
    for (let extra = 1; extra <= 32; extra += 1)
      expect(await codeOf(() => contentLayout("floe", 74 + 2 ** 52 + extra))).toBe("content-size");
    expect(contentLayout("floe", 74 + 2 ** 52 + 33).segments).toBe(2 ** 32 + 1); // control
    expect(contentLayout("opaque", Number(most)).segments).toBe(2 ** 33);
  });

  test("[CON-11] a signed size near 2^53 allocates nothing: its list is refused by its length", async () => {
    const claimed = Number(most);
    const small = await sparseOpaque(3 * segmentBytes);
    const artifact = await verified(await small.claiming(claimed));
    expect(artifact.core.content.sizeBytes).toBe(claimed);
    const source = { ...small.reader(), sizeBytes: claimed };
    const range = { start: claimed - 1, end: claimed };
    const under = (): Promise<Uint8Array> =>
      verifyContentRange(artifact, range, { content: source, leaves: small.leaves });
    expect(await codeOf(under)).toBe("content-leaf-list");
    expect(source.reads.bytes).toBe(0);
    const plain = await verified(small.artifact);
    expect(await verifyContentRange(plain, { start: 0, end: 1 }, { content: small.reader() })).toHaveLength(1); // control
  });
});
