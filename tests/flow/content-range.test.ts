// Ranges without a key, and the hash that a reader relies on.
import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adopt, decide, ingest, nameOf, open, openRange } from "@writ/core";
import type { ContentReader, OpenOptions, Permit, VerifiedArtifact } from "@writ/core";
import { contentLeaves, contentReader, verifyContentRange } from "@writ/core/content";
import { toCompact } from "@writ/core/portable";
import { rehash } from "@writ/core/rehash";
import { anchorBy } from "../../packages/core/src/batch-signer.ts";
import { nextStatement, withAnchor } from "../../packages/core/src/cover.ts";
import {
  at,
  codeOf,
  drain,
  evaluator,
  keystore,
  request,
  research,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";

const segmentBytes = 2 ** 20;
const plaintext = randomBytes(2_500_000); // three segments
const issued = await sealed(plaintext);
const { stored } = issued;
const artifact = await verified(issued.artifact);
const clock = at(180);

/** The leaf list of stored content, worked out here. */
function leafList(bytes: Uint8Array, name: string): Buffer {
  const segments = Math.ceil((bytes.length - 74) / segmentBytes);
  return Buffer.concat(
    Array.from({ length: segments }, (_, index) => {
      const from = 74 + index * segmentBytes;
      const segment = bytes.subarray(from, from + segmentBytes);
      return createHash(name).update(Uint8Array.of(0)).update(segment).digest();
    }),
  );
}

/** A reader that notes which bytes it was asked for. */
function counting(bytes: Uint8Array): ContentReader & { readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    sizeBytes: bytes.length,
    reads,
    read: (offset, length) => {
      reads.push([offset, length]);
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}

function flipped(position: number): Uint8Array {
  const copy = Uint8Array.from(stored);
  copy[position]! ^= 1;
  return copy;
}

describe("ranges without a key", () => {
  test("[CON-13] [CON-15] a range is the slice of what is stored, by itself and by a reader", async () => {
    const reader = await contentReader(artifact, { content: stored });
    const edges = [0, 1, 73, 74, 75, 74 + segmentBytes - 1, 74 + segmentBytes, stored.length - 1, stored.length];
    const place = fc.oneof(fc.constantFrom(...edges), fc.nat(stored.length));
    await fc.assert(
      fc.asyncProperty(place, place, async (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const range = await verifyContentRange(artifact, { start, end }, { content: stored });
        expect(Buffer.compare(range, stored.subarray(start, end))).toBe(0);
        expect(Buffer.compare(await reader.read(start, end - start), range)).toBe(0);
      }),
      { numRuns: 30 },
    );
    expect((await reader.read(stored.length - 5, 100)).length).toBe(5); // fewer only where the end comes first
    const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock });
    const opened = open(artifact, permit!, { custody: keystore, content: reader, clock });
    expect((await drain(opened)).equals(plaintext)).toBe(true);
  });

  test("[CON-15] the header and the segments that a range touches are read, and nothing else", async () => {
    const content = counting(stored);
    await verifyContentRange(artifact, { start: 74 + segmentBytes, end: 75 + segmentBytes }, { content });
    expect(content.reads).toEqual([
      [0, 74],
      [74 + segmentBytes, segmentBytes],
    ]);
    const within = counting(stored);
    await verifyContentRange(artifact, { start: 3, end: 74 }, { content: within });
    expect(within.reads).toEqual([[0, 74]]);
    const many = counting(stored);
    const reader = await contentReader(artifact, { content: many });
    await reader.read(100, 10);
    await reader.read(200, 10);
    expect(many.reads.map(([offset]) => offset)).toEqual([0, 74, 74]); // the header once
  });

  test.each([
    ["a bit of a segment that the range touches", { content: flipped(74 + segmentBytes + 9) }, "content-leaf"],
    ["a bit of the header", { content: flipped(20) }, "content-header"],
    ["a byte less", { content: stored.subarray(0, -1) }, "content-size"],
    ["a byte more", { content: Buffer.concat([stored, Buffer.of(0)]) }, "content-size"],
    ["a list of another root", { content: stored, leaves: leafList(flipped(100), "sha256") }, "content-leaf-list"],
    ["a list cut short", { content: stored, leaves: Buffer.alloc(32) }, "content-leaf-list"],
  ])("[CON-15] %s is refused", async (_what, options, code) => {
    const range = { start: 74 + segmentBytes, end: 74 + segmentBytes + 1 };
    expect(await codeOf(() => verifyContentRange(artifact, range, options))).toBe(code);
    const read = async (): Promise<Uint8Array> => (await contentReader(artifact, options)).read(range.start, 1);
    expect(await codeOf(read)).toBe(code);
    expect(await codeOf(() => verifyContentRange(artifact, range, { content: stored }))).toBe("nothing was thrown");
  });

  test("[CON-12] [CON-15] with a list a change elsewhere isn't read; without one all is read first, and it is found", async () => {
    const { artifact: bytes, removed, leaves } = toCompact(issued.artifact);
    const held = new Map(removed.map((message) => [nameOf(message), message]));
    const compact = await ingest(bytes, trust, { store: { get: (name) => held.get(name) }, clock });
    const range = { start: 74 + segmentBytes, end: 74 + 2 * segmentBytes };
    const content = flipped(100);
    const listed = await verifyContentRange(compact, range, { content, leaves: leaves! });
    expect(Buffer.compare(listed, stored.subarray(range.start, range.end))).toBe(0);
    expect(await codeOf(() => verifyContentRange(compact, range, { content }))).toBe("content-root");
    const whole = await verifyContentRange(compact, range, { content: stored });
    expect(Buffer.compare(whole, listed)).toBe(0);
  });

  test("[ING-1] [CON-15] only what ingest made is verified against", async () => {
    const range = { start: 0, end: 1 };
    await expect(verifyContentRange({ ...artifact }, range, { content: stored })).rejects.toThrow(TypeError);
    await expect(contentReader({ ...artifact }, { content: stored })).rejects.toThrow(TypeError);
    expect(await verifyContentRange(artifact, range, { content: stored })).toHaveLength(1); // control
  });

  test("[CON-15] wrong use is the caller's mistake", async () => {
    const range = { start: 0, end: 1 };
    await expect(
      verifyContentRange(artifact, { start: 0, end: stored.length + 1 }, { content: stored }),
    ).rejects.toThrow(RangeError);
    await expect(verifyContentRange(artifact, range, { content: stored, lend: true } as never)).rejects.toThrow(
      TypeError,
    );
    await expect(contentReader(artifact, { content: stored, custody: [] } as never)).rejects.toThrow(TypeError);
    const stream = (async function* chunks() {
      yield stored;
    })();
    await expect(verifyContentRange(artifact, range, { content: stream as never })).rejects.toThrow(TypeError);
    const reader = await contentReader(artifact, { content: stored });
    await expect(reader.read(-1, 5)).rejects.toThrow(RangeError);
    await expect(reader.read(stored.length + 1, 5)).rejects.toThrow(RangeError);
    await expect(verifyContentRange(artifact, range, { content: stored, contentHash: -7 as never })).rejects.toThrow(
      TypeError,
    );
  });

  test("[ADO-3] [CON-15] opaque content from its first byte on", async () => {
    const bytes = randomBytes(segmentBytes + 500);
    const adopted = await adopt({
      content: bytes,
      externalKey: "urn:example:key",
      policies: [{ message: research }],
      signer: signers.issuer,
      evaluator,
      clock: at(0),
    });
    const foreign = await verified(adopted.artifact);
    const range = { start: segmentBytes - 10, end: segmentBytes + 10 };
    const read = await verifyContentRange(foreign, range, { content: bytes });
    expect(Buffer.compare(read, bytes.subarray(range.start, range.end))).toBe(0);
    const other = Buffer.from(bytes);
    other[segmentBytes]! ^= 1;
    expect(await codeOf(() => verifyContentRange(foreign, range, { content: other }))).toBe("content-leaf");
  });
});

describe("the hash that is relied on", () => {
  const anchored = { signer: signers.archive, contentHash: -43, clock: at(120) } as const;
  const all = { start: 0, end: stored.length };

  async function permitFor(of: VerifiedArtifact): Promise<Permit> {
    return (await decide(of, request, { evaluator, receipts: "none", clock })).permit!;
  }

  async function opened(of: VerifiedArtifact, change: Partial<OpenOptions> = {}): Promise<Buffer> {
    return drain(open(of, await permitFor(of), { custody: keystore, content: stored, clock, ...change }));
  }

  test("[CON-16] [ANC-11] after a rehash content is held to the root under either hash, with a list of that root", async () => {
    const { artifact: bytes } = await rehash(artifact, { ...anchored, content: stored });
    const rehashed = await verified(bytes, 180);
    const leaves = leafList(stored, "sha384");
    for (const change of [{}, { contentHash: -16 }, { contentHash: -43 }, { contentHash: -43, leaves }] as const) {
      expect((await opened(rehashed, change)).equals(plaintext)).toBe(true);
      const ranged = await verifyContentRange(rehashed, all, { content: stored, ...change });
      expect(Buffer.compare(ranged, stored)).toBe(0);
    }
    const slice = await openRange(
      rehashed,
      await permitFor(rehashed),
      { start: 5, end: 9 },
      {
        custody: keystore,
        content: stored,
        clock,
        contentHash: -43,
        leaves,
      },
    );
    expect(Buffer.compare(slice, plaintext.subarray(5, 9))).toBe(0);
    const sha256 = leafList(stored, "sha256");
    expect(await codeOf(() => opened(rehashed, { contentHash: -43, leaves: sha256 }))).toBe("content-leaf-list");
    expect(await codeOf(() => opened(rehashed, { contentHash: -16, leaves: sha256 }))).toBe("nothing was thrown");
    expect(await codeOf(() => opened(rehashed, { contentHash: -43, content: flipped(100) }))).toBe("content-root");
    expect(await codeOf(() => opened(rehashed, { contentHash: -43, content: flipped(100), leaves }))).toBe(
      "content-leaf",
    );
    const streamed = (async function* chunks() {
      yield stored;
    })();
    expect(await codeOf(() => opened(rehashed, { contentHash: -43, content: streamed }))).toBe("content-leaf-list");
  });

  test("[CON-16] [CON-11] one whole reading gives the list of either root, and a stream opens by it", async () => {
    const { artifact: bytes } = await rehash(artifact, { ...anchored, content: stored });
    const rehashed = await verified(bytes, 180);
    const streamed = async function* (content: Uint8Array): AsyncGenerator<Uint8Array> {
      for (let from = 0; from < content.length; from += 99_999) yield content.subarray(from, from + 99_999);
    };
    for (const [contentHash, name] of [
      [-16, "sha256"],
      [-43, "sha384"],
    ] as const) {
      const leaves = await contentLeaves(rehashed, { content: streamed(stored), contentHash });
      expect(leafList(stored, name).equals(leaves)).toBe(true);
      expect((await opened(rehashed, { contentHash, leaves, content: streamed(stored) })).equals(plaintext)).toBe(true);
      const changed = streamed(flipped(stored.length - 1));
      expect(await codeOf(() => contentLeaves(rehashed, { content: changed, contentHash }))).toBe("content-root");
    }
    const none = (): Promise<Uint8Array> => contentLeaves(rehashed, { content: stored, contentHash: -44 });
    expect(await codeOf(none)).toBe("content-root");
    await expect(contentLeaves(rehashed, { content: stored, leaves: stored } as never)).rejects.toThrow(TypeError);
    await expect(contentLeaves({ ...rehashed }, { content: stored })).rejects.toThrow(TypeError);
  });

  test("[CON-16] it is the rehashed root that counts, not the core's: a rehash of other content shows", async () => {
    const root = `sha384:${"5a".repeat(48)}` as const;
    const statement = nextStatement(artifact, {
      kind: "rehash",
      suite: signers.archive.suite,
      time: at(120)() / 1000,
      contentRoot: root,
    });
    const { anchor } = await anchorBy(statement, signers.archive);
    const other = await verified(withAnchor(artifact, anchor, null).artifact, 180);
    for (const content of [stored, flipped(100)]) {
      expect(await codeOf(() => opened(other, { contentHash: -43, content }))).toBe("content-root");
      expect(await codeOf(() => verifyContentRange(other, all, { contentHash: -43, content }))).toBe("content-root");
    }
    expect((await opened(other)).equals(plaintext)).toBe(true); // control: by the core's root
  });

  test("[CON-16] where no such root counts nothing is read and no custody asked", async () => {
    const { artifact: bytes } = await rehash(artifact, { ...anchored, content: stored });
    const marked = trustWith((draft) => {
      for (const signer of draft.signers)
        if (signer.authority === signers.archive.authority) signer["invalidSince"] = "2026-03-01T12:00:00Z";
    });
    const lapsed = trustWith((draft) => {
      draft.suites[signers.archive.suite] = { verifyUntil: "2026-03-01T12:02:30Z" };
    });
    const without = [
      artifact,
      await ingest(bytes, marked, { evaluator, clock }),
      await ingest(bytes, lapsed, { evaluator, clock }),
    ];
    let asked = 0;
    const custody = { ...keystore, scheme: "local", unwrap: () => ((asked += 1), Promise.resolve(null)) } as never;
    const content = counting(stored);
    for (const one of without) {
      expect(await codeOf(() => opened(one, { contentHash: -43, content, custody }))).toBe("content-root");
      expect(await codeOf(() => verifyContentRange(one, all, { contentHash: -43, content }))).toBe("content-root");
      expect((await opened(one)).equals(plaintext)).toBe(true);
    }
    expect([asked, content.reads]).toEqual([0, []]);
    expect(await codeOf(() => opened(artifact, { custody }))).toBe("custody-no-recipient");
    expect(asked).toBe(1); // control
  });

  test("[CON-16] [TRU-9] under trust that has let the suites of SHA-256 lapse, the rehashed root is the one", async () => {
    const { artifact: bytes } = await rehash(artifact, { ...anchored, content: stored });
    const later = trustWith((draft) => {
      for (const suite of ["ed25519", "p256"]) draft.suites[suite] = { verifyUntil: "2026-03-01T12:02:30Z" };
    });
    const aged = await ingest(bytes, later, { evaluator, clock }); // the rehash dates the seal before that
    expect(aged.evidence.standing).toBe("valid");
    const leaves = leafList(stored, "sha384");
    expect((await opened(aged, { contentHash: -43, leaves })).equals(plaintext)).toBe(true);
    expect(await codeOf(() => opened(aged, { contentHash: -43, leaves: leafList(stored, "sha256") }))).toBe(
      "content-leaf-list",
    );
    expect((await ingest(issued.artifact, later, { evaluator, clock }).catch(() => null))?.evidence.standing).not.toBe(
      "valid",
    ); // control
  });
});
