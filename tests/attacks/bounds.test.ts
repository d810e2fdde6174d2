// Attacks on time and memory: what an attacker may make the reader do before anything is verified. Work is counted, not timed.
import { describe, expect, test } from "vitest";
import {
  cover,
  coverBatch,
  encodeEnvelope,
  ingest,
  inspect,
  nameOf,
  open,
  parseJson,
  splitCarrier,
  decide,
} from "@writ/core";
import type { ContentReader, Digest, Store } from "@writ/core";
import { anchorsName, earlierDigest, encodeBatchedAnchor, parseAnchor } from "../../packages/core/src/anchor.ts";
import {
  decodeArtifact,
  decodeCore,
  encodeArtifact,
  encodeCore,
  layersShape,
} from "../../packages/core/src/artifact.ts";
import type { Core } from "../../packages/core/src/artifact.ts";
import { encodeSource, listAttachments } from "../../packages/core/src/attachments.ts";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import { hash } from "../../packages/core/src/crypto.ts";
import { rootOfLeaves } from "../../packages/core/src/merkle.ts";
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
  verified,
} from "../support/scene.ts";
import { accepted, attached, refusal, resealed, withParts } from "./forge.ts";

const original = await sealed(Buffer.from("ten rows of data"));
const base = decodeArtifact(original.artifact);
const core = decodeCore(base.core);

/** A store that counts how often each name is asked. */
function counting(contents: readonly Uint8Array[]): { store: Store; asked: Map<Digest, number> } {
  const held = new Map(contents.map((content) => [nameOf(content), content]));
  const asked = new Map<Digest, number>();
  const get = (name: Digest): Uint8Array | undefined => {
    asked.set(name, (asked.get(name) ?? 0) + 1);
    return held.get(name);
  };
  return { store: { get }, asked };
}

const digestOf = (index: number): Digest => `sha384:${index.toString(16).padStart(96, "0")}`;

describe("before anything is verified", () => {
  test("[ART-9] a long list is read once, however many sources name it", async () => {
    const list = encodeCbor(layersShape.write(Array.from({ length: 65 }, (_, index) => ({ policy: digestOf(index) }))));
    const named = (index: number): Core => ({
      ...core,
      artifactId: Buffer.from(index.toString(16).padStart(32, "0"), "hex"),
      layers: nameOf(list),
    });
    const sources = Array.from({ length: 200 }, (_, index) => encodeCore(named(index)));
    const anchors = anchorsName([{ anchor: base.anchors[0]!, root: null }]);
    const bomb = encodeArtifact({
      ...base,
      core: encodeCore({
        ...named(1000),
        lineage: {
          ...core.lineage,
          operation: "aggregate",
          parents: sources.map((source, index) => ({
            id: named(index).artifactId,
            core: nameOf(source),
            anchors,
            role: "parent" as const,
          })),
        },
      }),
      attachments: sources.map((source) => attached("source", encodeSource(source, base.anchors))),
    });
    const { store, asked } = counting([list]);
    expect(await refusal(bomb, trust, { store })).toBe("anchor-artifact");
    expect(asked.get(nameOf(list))).toBe(1);
    expect(Math.max(...asked.values()), "nor is a policy looked for again and again").toBeLessThanOrEqual(1);
    expect(asked.size, "control: the list was read").toBe(66);
  });

  test("[BAT-3] [ANC-4] one large root message under thousands of anchors is refused, not multiplied", async () => {
    const [covered] = [
      ...(await coverBatch([await verified(original.artifact)], { signer: signers.archive, clock: at(60) })).covered,
    ];
    const { anchors, attachments } = decodeArtifact(covered!.artifact);
    const { statementBytes, batch } = parseAnchor(anchors[1]!, 1);
    const others = listAttachments(attachments).filter(({ kind }) => kind !== "root");
    const withRoot = (root: Uint8Array): Uint8Array =>
      encodeArtifact({
        ...base,
        anchors: [anchors[0]!, encodeBatchedAnchor(statementBytes, { ...batch!, root: nameOf(root) })],
        attachments: [...others.map(({ bytes }) => bytes), attached("root", root)],
      });
    expect(await refusal(withRoot(new Uint8Array((32 << 10) + 1)), trust, { seconds: 120 })).toBe("input-too-large");
    expect(
      await refusal(withRoot(new Uint8Array(32 << 10)), trust, { seconds: 120 }),
      "control: read, and then no COSE_Sign",
    ).not.toBe("input-too-large");
    const compact = withParts(withRoot(new Uint8Array(32 << 10)), () => ({
      attachments: others.map(({ bytes }) => bytes),
    }));
    const large = new Uint8Array((32 << 10) + 1);
    const proof = { ...batch!, root: nameOf(large) };
    const fromStore = withParts(compact, () => ({
      anchors: [anchors[0]!, encodeBatchedAnchor(statementBytes, proof)],
    }));
    expect(await refusal(fromStore, trust, { seconds: 120, store: counting([large, research]).store })).toBe(
      "input-too-large",
    );
  });

  test("[ANC-4] the digest over earlier anchors is one, taken whole or piece by piece", () => {
    for (const count of [0, 1, 23, 24, 255, 256, 300]) {
      const pairs = Array.from({ length: count }, (_, index) => ({
        anchor: new Uint8Array(index === 7 ? 70_000 : 400).fill(index), // one that is longer than what is gathered
        root: index % 2 === 0 ? null : new Uint8Array(3500).fill(index),
      }));
      const whole = hash(-43, encodeCbor(pairs.map(({ anchor, root }) => [anchor, root])));
      expect(Buffer.from(earlierDigest(-43, pairs)).equals(whole), String(count)).toBe(true);
      expect(Buffer.from(earlierDigest(-43, pairs)).equals(whole), "and again, from what was kept").toBe(true);
    }
  });

  test("[ING-2] [CAR-2] what is too large is refused before it is copied, and a limit is a number", async () => {
    const large = new Uint8Array(256 << 20);
    large.set(original.artifact);
    const before = process.memoryUsage().arrayBuffers;
    expect(await refusal(large)).toBe("input-too-large");
    expect(await codeOf(() => inspect(large))).toBe("input-too-large");
    expect(await codeOf(() => splitCarrier(large))).toBe("input-too-large");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
    for (const maxBytes of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, "1", null])
      expect(await refusal(original.artifact, trust, { maxBytes: maxBytes as never }), String(maxBytes)).toContain(
        "RangeError",
      );
    expect(await refusal(original.artifact, trust, { maxBytes: original.artifact.length - 1 })).toBe("input-too-large");
    expect(await refusal(original.artifact, trust, { maxBytes: original.artifact.length }), "control").toBe(accepted);
    const envelope = encodeEnvelope(original.artifact, original.stored);
    expect(await codeOf(() => splitCarrier(envelope, { maxArtifactBytes: Number.NaN }))).toContain("RangeError");
    expect(await codeOf(() => splitCarrier(envelope, { maxBytes: 1 } as never))).toContain("TypeError");
    expect(await codeOf(() => splitCarrier(original.artifact, { maxArtifactBytes: 10 }))).toBe("input-too-large");
  });

  test("[CBR-3] [CBR-4] huge lengths and deep nesting size nothing", async () => {
    const prefix = Buffer.from("866477726974", "hex");
    const tails = [
      "015bffffffffffffffff",
      "015b001fffffffffffff",
      "019b001fffffffffffff",
      "01bb000fffffffffffff",
      "015a7fffffff",
      "01" + "81".repeat(100_000),
      "01" + "a100".repeat(100_000),
    ];
    for (const tail of tails)
      expect(await refusal(Buffer.concat([prefix, Buffer.from(tail, "hex")]))).toMatch(
        /^cbor-(truncated|depth|integer)$/,
      );
    expect(
      await refusal(encodeArtifact({ ...base, anchors: Array.from({ length: 4097 }, () => base.anchors[0]!) }), trust, {
        maxBytes: 1 << 22,
      }),
    ).toBe("structure");
  });

  test("JSON that is nothing but escaped quotes ends at once", () => {
    // strings that don't end made the search for them quadratic: a minute and more for a megabyte
    const quotes = `"${'\\"'.repeat(524_000)}`;
    expect(() => parseJson(quotes)).toThrow("the text is not JSON");
    expect(parseJson(`${quotes}"`), "control").toHaveLength(524_000);
    expect(() => parseJson("[".repeat(500_000) + "]".repeat(500_000))).toThrow("deeper than 64");
    expect(() => parseJson("[".repeat(65) + "]".repeat(65))).toThrow("deeper than 64");
    expect(parseJson("[".repeat(64) + "]".repeat(64)), "control").toHaveLength(1);
  });
});

describe("what is signed and still lies about sizes", () => {
  const resized = (sizeBytes: number): Promise<Uint8Array> =>
    resealed(original.artifact, signers.issuer, {
      core: (same) => ({ ...same, content: { ...same.content, sizeBytes } }),
      keep: (kind) => kind !== "leaves",
    });

  test("[CON-7] a size of millions of segments reads nothing and allocates nothing", async () => {
    const size = 2 ** 52;
    const artifact = await verified(await resized(size));
    let reads = 0;
    const reader = (sizeBytes: number): ContentReader => ({
      sizeBytes,
      read: (offset, length) => {
        reads += 1;
        return Promise.resolve(original.stored.subarray(offset, offset + length));
      },
    });
    expect(
      await codeOf(async () =>
        ingest(await resized(size), trust, { content: reader(original.stored.length), clock: at(60) }),
      ),
    ).toBe("content-size");
    expect(reads).toBe(0);
    expect(await codeOf(async () => ingest(await resized(size), trust, { content: reader(size), clock: at(60) }))).toBe(
      "input-unreadable",
    );
    expect(reads).toBeLessThanOrEqual(2);
    const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(60) });
    expect(
      await codeOf(() =>
        drain(open(artifact, permit!, { custody: keystore, content: original.stored, clock: at(60) })),
      ),
    ).toBe("content-size");
  });

  test("[CON-7] content that never ends is read no further than was signed", async () => {
    let given = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 1;
        yield await Promise.resolve(given === 1 ? original.stored : new Uint8Array(1 << 20));
      }
    };
    expect(await codeOf(() => ingest(original.artifact, trust, { content: endless(), clock: at(60) }))).toBe(
      "content-size",
    );
    expect(given).toBeLessThanOrEqual(3);
  });

  test("[ATT-3] an upper level of the content tree is no leaf list, though it has the same root", async () => {
    const three = await sealed(new Uint8Array(2_200_000));
    const leaves = listAttachments(decodeArtifact(three.artifact).attachments).find(
      ({ kind }) => kind === "leaves",
    )!.content;
    expect(leaves.length).toBe(96);
    const root = rootOfLeaves(-16, leaves);
    const level = Buffer.concat([rootOfLeaves(-16, leaves.subarray(0, 64)), leaves.subarray(64)]);
    expect(Buffer.from(rootOfLeaves(-16, level)).equals(root), "control: it hashes to the signed root").toBe(true);
    for (const list of [level, root, new Uint8Array()]) {
      const swapped = withParts(three.artifact, ({ attachments }) => ({
        attachments: [
          ...listAttachments(attachments)
            .filter(({ kind }) => kind !== "leaves")
            .map(({ bytes }) => bytes),
          attached("leaves", list),
        ],
      }));
      expect(await refusal(swapped)).toBe("attachment-unnamed");
    }
    expect(await refusal(three.artifact), "control").toBe(accepted);
  });
});

describe("stores", () => {
  test("[ATT-3] a store that gives other bytes gives nothing", async () => {
    const compact = withParts(original.artifact, () => ({ attachments: [] }));
    expect(await refusal(compact, trust, { store: { get: () => research } }), "control").toBe(accepted);
    const altered = Uint8Array.from(research);
    altered[100]! ^= 1;
    for (const bytes of [altered, research.subarray(1), new Uint8Array(), undefined])
      expect(await refusal(compact, trust, { store: { get: () => bytes } })).toBe("attachment-missing");
    expect(await refusal(compact, trust, { store: { get: () => "text" as never } })).toContain("TypeError");
  });

  test("[BAT-5] a store that changes its bytes after they were verified changes nothing", async () => {
    const artifact = await verified(original.artifact);
    const { covered } = await coverBatch([artifact], { signer: signers.archive, clock: at(60) });
    const portable = [...covered][0]!.artifact;
    const { attachments } = decodeArtifact(portable);
    const root = listAttachments(attachments).find(({ kind }) => kind === "root")!.content;
    const held = Uint8Array.from(root); // the store's own memory
    const store: Store = { get: (name) => (name === nameOf(root) ? held : research) };
    const compact = withParts(portable, () => ({ attachments: [] }));
    expect(await refusal(compact, trust, { store, seconds: 120 }), "control").toBe(accepted);
    held.fill(0);
    expect(await refusal(portable, trust, { seconds: 120 }), "the same root from elsewhere").toBe(accepted);
    expect(await refusal(compact, trust, { store, seconds: 120 })).toBe("attachment-missing");
  });

  test("[ING-2] bytes that change while ingest waits change nothing", async () => {
    const input = Uint8Array.from(original.artifact);
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      input.fill(0);
      yield await Promise.resolve(original.stored);
    };
    const artifact = await ingest(input, trust, { evaluator, content: slow(), clock: at(60) });
    expect(input.every((byte) => byte === 0)).toBe(true);
    expect(artifact.name).toBe(original.name);
    expect((await decide(artifact, request, { evaluator, receipts: "none", clock: at(60) })).verdict).toBe("permit");
    expect((await cover(artifact, { signer: signers.archive, clock: at(60) })).artifact.length).toBeGreaterThan(1000);
  });

  test("[ING-2] bytes in memory that threads share are copied before they are looked at", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(original.artifact.length));
    shared.set(original.artifact);
    const artifact = await ingest(shared, trust, { evaluator, clock: at(60) });
    shared.fill(0);
    expect(artifact.parts.core.buffer).not.toBeInstanceOf(SharedArrayBuffer);
    expect(nameOf(artifact.parts.core)).toBe(artifact.name);
  });
});
