// What an attacker can do to content: each change is refused with its code, and nothing is released that was not signed.
import { createSecretKey } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentAad, hashContent } from "../src/content.ts";
import { decryptContent, readVerified, verifyContent } from "../src/content-open.ts";
import { decryptRange, verifyRange } from "../src/content-parts.ts";
import type { DecryptContentOptions, ReleasedSegments } from "../src/content-open.ts";
import { bytesReader } from "../src/content-source.ts";
import { GovernanceError } from "../src/errors.ts";
import { encryptSegment, startDecryption } from "../src/floe.ts";
import { leafHash } from "../src/merkle.ts";
import type { Digest } from "../src/shape.ts";
import { codeOfAsync } from "./support/code-of.ts";
import { aad, chunked, dataKey, drain, pattern, seal, signed, whole } from "./support/content.ts";

const segmentBytes = 2 ** 20;
const original = seal(pattern(3 * whole + 500, 1), { seed: 1 });
const other = seal(pattern(3 * whole + 500, 2), { seed: 2 });
const { plaintext, content, sealed } = original;
const listed: DecryptContentOptions = { ...original.options, leaves: sealed.leaves };
const unlisted: DecryptContentOptions = original.options;

interface Outcome {
  readonly code: string;
  readonly released: number;
}

/** Code that ends a reading, and how many bytes it released, all of which must be the true beginning. */
async function outcome(stream: ReleasedSegments): Promise<Outcome> {
  const { bytes, error } = await drain(stream);
  expect(bytes.equals(plaintext.subarray(0, bytes.length))).toBe(true);
  if (error === undefined) return { code: "no error", released: bytes.length };
  if (error instanceof GovernanceError) return { code: error.code, released: bytes.length };
  throw error;
}

const asStream = (bytes: Uint8Array): Promise<Outcome> => outcome(decryptContent(chunked(bytes, [70_001]), listed));
const asBytes = (bytes: Uint8Array): Promise<Outcome> => outcome(decryptContent(bytes, listed));
const asListed = (bytes: Uint8Array): Promise<Outcome> => outcome(decryptContent(bytesReader(bytes), listed));
const asRebuilt = (bytes: Uint8Array): Promise<Outcome> => outcome(decryptContent(bytesReader(bytes), unlisted));

const segment = (bytes: Buffer, index: number): Buffer =>
  bytes.subarray(74 + index * segmentBytes, 74 + (index + 1) * segmentBytes);
const assembled = (...parts: Buffer[]): Buffer => Buffer.concat([content.subarray(0, 74), ...parts]);
const [s0, s1, s2, s3] = [0, 1, 2, 3].map((index) => segment(content, index)) as [Buffer, Buffer, Buffer, Buffer];

/** A segment that a former holder of the data key makes: it decrypts at its place. */
function forged(index: number, plain: Uint8Array, final = false): Buffer {
  const out = Buffer.alloc(plain.length + 32);
  encryptSegment(startDecryption(dataKey, aad, sealed.header), index, final, plain, out);
  return out;
}

test("control: what was signed is released whole, in every way of reading", async () => {
  for (const read of [asStream, asBytes, asListed, asRebuilt]) {
    expect(await read(content)).toEqual({ code: "no error", released: plaintext.length });
  }
  expect(assembled(s0, s1, s2, s3).equals(content)).toBe(true);
});

describe("changed bytes", () => {
  test("[CON-7] [CON-11] [CON-13] any bit flip is refused, and only segments before it are released", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.nat(200), fc.nat(content.length - 1)), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(content);
        changed[at]! ^= 1 << bit;
        const before = at < 74 ? 0 : Math.floor((at - 74) / segmentBytes) * whole;
        const inBody = { code: at < 74 ? "content-header" : "content-leaf", released: before };
        expect(await asStream(changed)).toEqual(inBody);
        expect(await asBytes(changed)).toEqual(inBody);
        expect(await asListed(changed)).toEqual(inBody);
        expect(await asRebuilt(changed)).toEqual({ code: at < 74 ? "content-header" : "content-root", released: 0 });
      }),
      { numRuns: 60 },
    );
  });

  const sameSize: readonly (readonly [string, Buffer, number])[] = [
    ["segments swapped", assembled(s1, s0, s2, s3), 0],
    ["a segment doubled over the next", assembled(s0, s0, s2, s3), 1],
    ["a segment of another artifact", assembled(s0, segment(other.content, 1), s2, s3), 1],
    ["all segments of another artifact", Buffer.concat([content.subarray(0, 74), other.content.subarray(74)]), 0],
    ["a segment re-encrypted by a holder of the data key", assembled(s0, s1, forged(2, Buffer.alloc(whole, 7)), s3), 2],
    [
      "the final segment re-encrypted by a holder of the data key",
      assembled(s0, s1, s2, forged(3, Buffer.alloc(500, 7), true)),
      3,
    ],
    ["the same plaintext encrypted again", assembled(s0, forged(1, plaintext.subarray(whole, 2 * whole)), s2, s3), 1],
    ["a final marker in the middle", assembled(s0, forged(1, Buffer.alloc(whole, 7), true), s2, s3), 1],
  ];

  test.each(sameSize)("[CON-13] %s", async (_name, changed, segmentsBefore) => {
    const refused = { code: "content-leaf", released: segmentsBefore * whole };
    expect(await asStream(changed)).toEqual(refused);
    expect(await asBytes(changed)).toEqual(refused);
    expect(await asListed(changed)).toEqual(refused);
    expect(await asRebuilt(changed)).toEqual({ code: "content-root", released: 0 });
    expect(await codeOfAsync(verifyContent(changed, { content: unlisted.content }))).toBe("content-root");
    const start = segmentsBefore * whole;
    expect(await codeOfAsync(decryptRange(bytesReader(changed), listed, start, start + 1))).toBe("content-leaf");
    const storedStart = 74 + segmentsBefore * segmentBytes;
    expect(await codeOfAsync(verifyRange(bytesReader(changed), listed, storedStart, storedStart + 1))).toBe(
      "content-leaf",
    );
  });

  test("control: the forged segment does decrypt for who doesn't check leaves", async () => {
    const changed = assembled(s0, s1, forged(2, Buffer.alloc(whole, 7)), s3);
    const trusting = { ...unlisted, content: { ...unlisted.content, root: await rootOf(changed) } };
    const { bytes, error } = await drain(decryptContent(changed, trusting));
    expect(error).toBeUndefined();
    expect(bytes.subarray(2 * whole, 3 * whole).equals(Buffer.alloc(whole, 7))).toBe(true);
  });

  const otherSize: readonly (readonly [string, Buffer])[] = [
    ["nothing at all", Buffer.alloc(0)],
    ["half a header", content.subarray(0, 40)],
    ["a header alone", content.subarray(0, 74)],
    ["the last byte gone", content.subarray(0, -1)],
    ["the last segment gone", assembled(s0, s1, s2)],
    ["a segment in the middle gone", assembled(s0, s2, s3)],
    ["a byte more", Buffer.concat([content, Buffer.of(0)])],
    ["a segment more", assembled(s0, s1, s2, s3, s3)],
    ["an empty final segment more", assembled(s0, s1, s2, s3, forged(4, Buffer.alloc(0), true))],
  ];

  test.each(otherSize)("[CON-7] %s", async (_name, changed) => {
    expect(await asBytes(changed)).toEqual({ code: "content-size", released: 0 });
    expect(await asListed(changed)).toEqual({ code: "content-size", released: 0 });
    expect(await asRebuilt(changed)).toEqual({ code: "content-size", released: 0 });
    for (const source of [changed, chunked(changed, [50_000])]) {
      expect(await codeOfAsync(verifyContent(source, { content: unlisted.content }))).toBe("content-size");
    }
    const streamed = await asStream(changed);
    expect(["content-size", "content-leaf"]).toContain(streamed.code);
    expect(streamed.released).toBeLessThan(plaintext.length); // the last segment is held until the end is seen
  });

  test("[CON-7] a stream that goes on for ever is dropped after the signed size", async () => {
    let given = 0;
    const endless = (async function* forever() {
      yield content;
      for (;;) {
        given += 1;
        yield Buffer.alloc(segmentBytes);
      }
    })();
    expect(await codeOfAsync(verifyContent(endless, { content: unlisted.content }))).toBe("content-size");
    expect(given).toBeLessThan(5);
  });
});

async function rootOf(bytes: Buffer): Promise<Digest> {
  return (await hashContent(bytes, { format: "floe" })).root;
}

describe("leaf list", () => {
  const { leaves } = sealed;
  const replaced = Buffer.concat([
    leaves.subarray(0, 64),
    leafHash(-16, forged(2, Buffer.alloc(whole, 7))),
    leaves.subarray(96),
  ]);
  const lists: readonly (readonly [string, Uint8Array])[] = [
    ["empty", new Uint8Array()],
    ["a digest short", leaves.subarray(32)],
    ["a byte long", Buffer.concat([leaves, Buffer.of(0)])],
    ["a digest long", Buffer.concat([leaves, leaves.subarray(0, 32)])],
    ["of another content", other.sealed.leaves],
    ["in another order", Buffer.concat([leaves.subarray(32, 64), leaves.subarray(0, 32), leaves.subarray(64)])],
    ["with the leaf of a forged segment", replaced],
    ["of inner nodes", Buffer.concat([leaves.subarray(0, 64), leaves.subarray(0, 64)])],
  ];

  test.each(lists)("[CON-11] a list %s is refused before a byte is released", async (_name, list) => {
    for (const source of [content, chunked(content, [50_000])]) {
      expect(await outcome(decryptContent(source, { ...unlisted, leaves: list }))).toEqual({
        code: "content-leaf-list",
        released: 0,
      });
    }
    expect(await codeOfAsync(verifyRange(content, { content: unlisted.content, leaves: list }, 0, 1))).toBe(
      "content-leaf-list",
    );
  });

  test("[CON-11] [CON-13] a list that is changed after it was checked changes nothing", async () => {
    const changed = assembled(s0, s1, forged(2, Buffer.alloc(whole, 7)), s3);
    const list = Buffer.from(leaves);
    for (const source of [changed, bytesReader(changed)]) {
      list.set(leaves);
      let released = 0;
      const reading = async (): Promise<void> => {
        for await (const segment of decryptContent(source, { ...unlisted, leaves: list })) {
          released += segment.length;
          replaced.copy(list); // as the forged segment needs it
        }
      };
      expect(await codeOfAsync(reading())).toBe("content-leaf");
      expect(released).toBe(2 * whole);
    }
  });
});

describe("keys and binding", () => {
  test("[CON-6] another key or binding is refused before content is read", async () => {
    const unread = {
      sizeBytes: content.length,
      read: (): Promise<Uint8Array> => Promise.reject(new RangeError("read")),
    };
    const others: Partial<DecryptContentOptions>[] = [
      { dataKey: createSecretKey(Buffer.alloc(32, 0x12)) },
      { aad: contentAad(Buffer.alloc(16, 0x23), "urn:example:issuer") },
      { aad: contentAad(Buffer.alloc(16, 0x22), "urn:example:thief") },
    ];
    for (const changed of others) {
      expect(await outcome(decryptContent(unread, { ...listed, ...changed }))).toEqual({
        code: "content-commitment",
        released: 0,
      });
      expect(await codeOfAsync(decryptRange(unread, { ...listed, ...changed }, 0, 1))).toBe("content-commitment");
    }
  });

  test("[CON-3] a core whose header is missing, cut or of other parameters is refused", async () => {
    const header = Buffer.from(sealed.header);
    const smaller = Buffer.from(header);
    smaller.writeUInt32BE(4096, 2);
    for (const floeHeader of [undefined, header.subarray(1), smaller]) {
      const changed = { ...listed, content: { ...listed.content, floeHeader } };
      expect(await outcome(decryptContent(content, changed))).toEqual({ code: "content-header", released: 0 });
      expect(await codeOfAsync(verifyContent(content, changed))).toBe("content-header");
      expect(await codeOfAsync(verifyRange(content, changed, 0, 1))).toBe("content-header");
    }
  });

  test("[CON-3] content that begins with another valid header is refused", async () => {
    const changed = Buffer.concat([other.content.subarray(0, 74), content.subarray(74)]);
    for (const read of [asStream, asBytes, asListed, asRebuilt]) {
      expect(await read(changed)).toEqual({ code: "content-header", released: 0 });
    }
  });

  test("a root under a hash that the verifier did not choose is refused", async () => {
    expect(await outcome(decryptContent(content, { ...listed, hashAlg: -43 }))).toEqual({
      code: "content-root",
      released: 0,
    });
    expect((await outcome(decryptContent(content, { ...listed, hashAlg: -16 }))).code).toBe("no error");
  });

  test("[CON-5] an issuer who signs a segment that doesn't decrypt, or disagrees with its marker, is refused", async () => {
    const small = seal(Buffer.from("signed and broken"));
    for (const at of [74, 80, small.content.length - 1]) {
      const broken = Buffer.from(small.content);
      broken[at]! ^= 1;
      const options = { ...small.options, content: { ...signed(small.sealed), root: await rootOf(broken) } };
      expect(await codeOfAsync(decryptRange(broken, options, 0, 1))).toBe("content-segment");
      expect((await drain(readVerified(broken, { content: options.content }))).error).toBeUndefined();
    }
  });
});

describe("sizes that an attacker signs", () => {
  test.each([2 ** 53 - 1, 2 ** 50, 74 + 2 ** 40])("[CON-7] %d bytes allocate nothing", async (sizeBytes) => {
    const claim = { ...listed.content, sizeBytes };
    const stream = (): AsyncGenerator<Uint8Array> => chunked(content, [50_000]);
    for (const source of [content, stream()]) {
      const { code, released } = await outcome(decryptContent(source, { ...listed, content: claim }));
      expect(["content-size", "content-leaf-list"]).toContain(code);
      expect(released).toBe(0);
    }
    expect(await codeOfAsync(verifyContent(stream(), { content: claim }))).toBe("content-size");
    const tall = { sizeBytes, read: (): Promise<Uint8Array> => Promise.resolve(content.subarray(0, 74)) };
    expect(await codeOfAsync(decryptRange(tall, { ...unlisted, content: claim }, 0, 1))).toBe("input-unreadable");
  });
});
