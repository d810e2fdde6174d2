// Content as it is written and read back: streams, ranges, sources, memory that is lent.
import { createSecretKey } from "node:crypto";
import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contentAad,
  contentLayout,
  encryptBytes,
  encryptContent,
  encryptedBytes,
  hashContent,
  plaintextBytes,
} from "../src/content.ts";
import type { SignedContent } from "../src/content.ts";
import { openFile } from "../src/content-file.ts";
import { decryptContent, readVerified, verifyContent } from "../src/content-open.ts";
import { decryptRange, verifyRange } from "../src/content-parts.ts";
import { bytesReader } from "../src/content-source.ts";
import { decodeCbor } from "../src/cbor.ts";
import { rootOfLeaves } from "../src/merkle.ts";
import { digestText } from "../src/shape.ts";
import type { HashAlg } from "../src/suites.ts";
import { codeOf, codeOfAsync } from "./support/code-of.ts";
import { aad, chunked, collect, countingRandom, dataKey, drain, pattern, seal, whole } from "./support/content.ts";

const edges = [0, 1, 31, whole - 1, whole, whole + 1, 2 * whole - 1, 2 * whole, 2 * whole + 1];
const sizes = fc.oneof(fc.constantFrom(...edges), fc.nat(200_000), fc.nat(Math.floor(2.5 * whole)));
const chunkSizes = fc
  .array(fc.oneof(fc.nat(5000), fc.nat(3 * whole)), { minLength: 1, maxLength: 4 })
  .filter((list) => list.some((size) => size > 600));
const hashAlgs = fc.constantFrom<HashAlg[]>(-16, -43, -44);
const fewer = { numRuns: 40 };

describe("writing", () => {
  test("[CON-5] bytes out are bytes in for every chunking, and chunking changes no byte stored", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, chunkSizes, chunkSizes, hashAlgs, async (size, chunks, storedChunks, hashAlg) => {
        const { plaintext, content, sealed, options } = seal(pattern(size), { hashAlg });
        const written: Buffer[] = [];
        const streamed = await encryptContent(chunked(plaintext, chunks), {
          dataKey,
          aad,
          hashAlg,
          random: countingRandom(),
          write: (chunk) => void written.push(Buffer.from(chunk)),
        });
        expect(Buffer.concat(written).equals(content)).toBe(true);
        expect({ ...streamed, header: Buffer.from(streamed.header) }).toEqual({
          ...sealed,
          content: undefined,
          header: Buffer.from(sealed.header),
        });
        const opened = await drain(
          decryptContent(chunked(content, storedChunks), { ...options, leaves: sealed.leaves }),
        );
        expect(opened.error).toBeUndefined();
        expect(opened.bytes.equals(plaintext)).toBe(true);
      }),
      fewer,
    );
  });

  test.each(edges)("[CON-2] [CON-5] %i bytes: sizes, segments and the final marker", (size) => {
    const { content, sealed } = seal(pattern(size));
    const { segments, lastSegmentBytes } = contentLayout("floe", content.length);
    expect(content.length).toBe(encryptedBytes(size));
    expect(plaintextBytes(content.length)).toBe(size);
    expect(sealed).toMatchObject({ sizeBytes: content.length, plaintextSizeBytes: size });
    expect(segments).toBe(Math.max(1, Math.ceil(size / whole)));
    expect(lastSegmentBytes).toBe(32 + (size - (segments - 1) * whole)); // full where the size is a multiple
    for (let index = 0; index < segments; index += 1) {
      const marker = content.readUInt32BE(74 + index * 2 ** 20);
      expect(marker).toBe(index === segments - 1 ? lastSegmentBytes : 0xffffffff);
    }
    expect(content.subarray(0, 74)).toEqual(Buffer.from(sealed.header));
  });

  test("[CON-1] the AAD is the named array", () => {
    const id = Buffer.alloc(16, 0x22);
    const [label, artifactId, issuer] = decodeCbor(contentAad(id, "urn:example:issuer")) as [
      string,
      Uint8Array,
      string,
    ];
    expect([label, Buffer.from(artifactId), issuer]).toEqual(["writ/1 content", id, "urn:example:issuer"]);
    expect(() => contentAad(Buffer.alloc(15), "urn:example:issuer")).toThrow(TypeError);
  });

  test("each content has its own IVs", () => {
    const first = encryptBytes(Buffer.alloc(10), { dataKey, aad });
    const second = encryptBytes(Buffer.alloc(10), { dataKey, aad });
    expect(first.header).not.toEqual(second.header);
    expect(Buffer.from(first.content).subarray(78, 90)).not.toEqual(Buffer.from(second.content).subarray(78, 90));
  });

  test("bytes that are handed to `write` are lent: kept past the call, they are detached", async () => {
    const kept: Uint8Array[] = [];
    await encryptContent(pattern(whole + 5), { dataKey, aad, write: (chunk) => void kept.push(chunk) });
    expect(kept.map(({ length }) => length)).toEqual([74, 0, 0]);
  });

  test("a failing write, a bad chunk and a failing source reject and let go of the source", async () => {
    const state: { closed?: boolean } = {};
    const write = (): void => {
      throw new RangeError("full");
    };
    await expect(encryptContent(chunked(pattern(10), [1], state), { dataKey, aad, write })).rejects.toThrow(RangeError);
    const text = (async function* texts() {
      yield "text" as unknown as Uint8Array;
    })();
    await expect(encryptContent(text, { dataKey, aad, write: () => undefined })).rejects.toThrow(TypeError);
    const failing = (async function* fails() {
      yield Buffer.alloc(3);
      throw new RangeError("the source's own");
    })();
    await expect(encryptContent(failing, { dataKey, aad, write: () => undefined })).rejects.toThrow("the source's own");
    await expect(encryptContent(5 as never, { dataKey, aad, write: () => undefined })).rejects.toThrow(TypeError);
    const late: { closed?: boolean } = {};
    let calls = 0;
    const second = (): void => {
      calls += 1;
      if (calls === 2) throw new RangeError("full");
    };
    await expect(
      encryptContent(chunked(pattern(3 * whole), [whole], late), { dataKey, aad, write: second }),
    ).rejects.toThrow("full");
    expect(late.closed).toBe(true);
  });

  test("a data key of another length is the caller's mistake", async () => {
    const short = createSecretKey(Buffer.alloc(16));
    expect(() => encryptBytes(Buffer.alloc(1), { dataKey: short, aad })).toThrow(TypeError);
    await expect(encryptContent(Buffer.alloc(1), { dataKey: short, aad, write: () => undefined })).rejects.toThrow(
      TypeError,
    );
  });
});

describe("hashing", () => {
  test("[CON-8] [CON-9] one pass without a key gives what the writer had, for every chunking", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, chunkSizes, hashAlgs, async (size, chunks, hashAlg) => {
        const { content, sealed, options } = seal(pattern(size), { hashAlg });
        const also = [-16, -43, -44] as const;
        const { roots, ...hashed } = await hashContent(chunked(content, chunks), { format: "floe", hashAlg, also });
        const { sizeBytes, root, leaves, header } = sealed;
        expect({ ...hashed, header: Buffer.from(hashed.header!) }).toEqual({
          sizeBytes,
          root,
          leaves,
          header: Buffer.from(header),
        });
        const verified = await verifyContent(chunked(content, chunks), {
          content: options.content,
          roots: [...roots.values()],
        });
        expect(verified).toEqual({ leaves, root });
        for (const alg of also) {
          const alone = await hashContent(content, { format: "floe", hashAlg: alg });
          expect(roots.get(alg)).toBe(alone.root);
        }
      }),
      fewer,
    );
  });

  test("[CON-9] opaque bytes: the tree over 2^20-byte segments, for none the hash of the empty string", async () => {
    const empty = await hashContent(new Uint8Array(), { format: "opaque", hashAlg: -43 });
    expect(empty).toMatchObject({ sizeBytes: 0, root: digestText(-43, rootOfLeaves(-43, new Uint8Array())) });
    expect(empty.leaves.length).toBe(0);
    for (const size of [1, 2 ** 20, 2 ** 20 + 1]) {
      const whole = await hashContent(pattern(size), { format: "opaque" });
      expect(whole.leaves.length).toBe(32 * Math.ceil(size / 2 ** 20));
      expect(await hashContent(chunked(pattern(size), [7777]), { format: "opaque" })).toEqual(whole);
    }
  });

  test.each([0, 73, 74, 105])("[CON-2] [CON-7] %i bytes are never floe content", async (size) => {
    expect(await codeOfAsync(hashContent(new Uint8Array(size), { format: "floe" }))).toBe("content-size");
    expect(codeOf(() => plaintextBytes(size))).toBe("content-size");
  });

  test.each([106 + 2 ** 20, 74 + 2 ** 20 + 1, 74 + 2 ** 20 + 31, -1, 106.5, Number.NaN, 2 ** 53])(
    "[CON-2] no writer makes floe content of %d bytes",
    (size) => {
      expect(codeOf(() => contentLayout("floe", size))).toBe("content-size");
      expect(codeOf(() => contentLayout("floe", 74 + 2 ** 20 + 33))).toBe("no error");
    },
  );
});

describe("reading", () => {
  test("[CON-12] [CON-13] a range is the slice of the whole, with a leaf list and without", async () => {
    const { plaintext, content, sealed, options } = seal(pattern(2 * whole + 999));
    const place = fc.oneof(
      fc.constantFrom(...edges.map((edge) => Math.min(edge, plaintext.length))),
      fc.nat(plaintext.length),
    );
    await fc.assert(
      fc.asyncProperty(place, place, fc.boolean(), async (a, b, listed) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const given = listed ? { ...options, leaves: sealed.leaves } : options;
        const range = await decryptRange(bytesReader(content), given, start, end);
        expect(plaintext.subarray(start, end).equals(range)).toBe(true);
        const stored = await verifyRange(bytesReader(content), given, start, end);
        expect(content.subarray(start, end).equals(stored)).toBe(true);
      }),
      fewer,
    );
    expect((await verifyRange(content, options, 0, content.length)).length).toBe(content.length);
  });

  test("a range reads the segments it touches and no others", async () => {
    const { content, sealed, options } = seal(pattern(3 * whole));
    const reads: number[] = [];
    const reader = bytesReader(content);
    const counting = {
      sizeBytes: reader.sizeBytes,
      read: (at: number, length: number) => (reads.push(at), reader.read(at, length)),
    };
    await decryptRange(counting, { ...options, leaves: sealed.leaves }, whole + 1, whole + 2);
    expect(reads).toEqual([0, 74 + 2 ** 20]); // the header, then the second segment
  });

  test.each([
    [-1, 2],
    [2, 1],
    [0, 4],
    [0.5, 1],
    [Number.NaN, 1],
  ])("the range %d to %d of 3 bytes is the caller's mistake", async (start, end) => {
    const { content, options } = seal(pattern(3));
    await expect(decryptRange(bytesReader(content), options, start, end)).rejects.toThrow(RangeError);
    await expect(decryptRange(chunked(content, [9]) as never, options, 0, 1)).rejects.toThrow(TypeError);
    expect((await decryptRange(content, options, 3, 3)).length).toBe(0);
  });

  test("released segments are the caller's own; lent ones are detached when the next is asked for", async () => {
    const { plaintext, content, options } = seal(pattern(2 * whole + 5));
    const own = await collect(decryptContent(content, options));
    expect(Buffer.concat(own).equals(plaintext)).toBe(true);
    const lent = await collect(decryptContent(content, { ...options, lend: true }));
    expect(lent.map(({ length }) => length)).toEqual([0, 0, 0]);
    const copied = await drain(decryptContent(content, { ...options, lend: true }));
    expect(copied.bytes.equals(plaintext)).toBe(true);
    const stored = await drain(readVerified(content, { content: options.content, lend: true }));
    expect(stored.bytes.equals(content.subarray(74))).toBe(true);
  });

  test("[CON-12] a stream without a leaf list is refused, unless its root is its only leaf", async () => {
    const long = seal(pattern(whole + 1));
    expect(await codeOfAsync(collect(decryptContent(chunked(long.content, [5000]), long.options)))).toBe(
      "content-leaf-list",
    );
    const short = seal(pattern(1000));
    expect(
      (await drain(decryptContent(chunked(short.content, [100]), short.options))).bytes.equals(short.plaintext),
    ).toBe(true);
  });

  test("a reader that stops early lets go of the stream", async () => {
    const { content, sealed, options } = seal(pattern(3 * whole));
    const state: { closed?: boolean } = {};
    for await (const segment of decryptContent(chunked(content, [100_000], state), {
      ...options,
      leaves: sealed.leaves,
    })) {
      expect(segment.length).toBe(whole);
      break;
    }
    expect(state.closed).toBe(true);
  });

  test("opaque content is verified and handed out as it is stored", async () => {
    for (const size of [0, 5, 2 ** 20, 2 ** 20 + 5]) {
      const bytes = pattern(size, 3);
      const hashed = await hashContent(bytes, { format: "opaque", hashAlg: -43 });
      const content: SignedContent = { format: "opaque", sizeBytes: size, root: hashed.root };
      const read = await drain(readVerified(chunked(bytes, [3000]), { content, leaves: hashed.leaves, hashAlg: -43 }));
      expect(read.error).toBeUndefined();
      expect(read.bytes.equals(bytes)).toBe(true);
      expect(
        Buffer.from(await verifyRange(bytes, { content }, Math.floor(size / 2), size)).equals(
          bytes.subarray(Math.floor(size / 2)),
        ),
      ).toBe(true);
      await expect(decryptRange(bytes, { content, dataKey, aad }, 0, 0)).rejects.toThrow(TypeError);
      const withHeader = { content: { ...content, floeHeader: Buffer.alloc(74) } };
      expect(await codeOfAsync(verifyContent(bytes, withHeader))).toBe("content-header");
      expect(await codeOfAsync(verifyContent(Buffer.concat([bytes, Buffer.of(1)]), { content }))).toBe("content-size");
    }
  });
});

describe("files", () => {
  const folder = mkdtempSync(join(tmpdir(), "content-"));

  test("content is sealed from a file and opened from a file", async () => {
    const path = join(folder, "plain");
    const plaintext = pattern(whole + 77);
    writeFileSync(path, plaintext);
    const written: Buffer[] = [];
    await using source = await openFile(path);
    const sealed = await encryptContent(source, {
      dataKey,
      aad,
      write: (chunk) => void written.push(Buffer.from(chunk)),
    });
    writeFileSync(`${path}.sealed`, Buffer.concat(written));
    await using stored = await openFile(`${path}.sealed`);
    const { sizeBytes, root, header } = sealed;
    const options = { content: { format: "floe", sizeBytes, root, floeHeader: header }, dataKey, aad } as const;
    const opened = await drain(decryptContent(stored, { ...options, lend: true }));
    expect(opened.error).toBeUndefined();
    expect(opened.bytes.equals(plaintext)).toBe(true);
    expect(
      Buffer.from(await decryptRange(stored, options, whole - 1, whole + 1)).equals(
        plaintext.subarray(whole - 1, whole + 1),
      ),
    ).toBe(true);
  });

  test("a missing file, a folder and a file that shrinks are unreadable", async () => {
    expect(await codeOfAsync(openFile(join(folder, "missing")))).toBe("input-unreadable");
    expect(await codeOfAsync(openFile(folder))).toBe("input-unreadable");
    const path = join(folder, "shrinks");
    writeFileSync(path, pattern(2 * whole));
    await using source = await openFile(path);
    truncateSync(path, whole + 3);
    expect(await codeOfAsync(encryptContent(source, { dataKey, aad, write: () => undefined }))).toBe(
      "input-unreadable",
    );
  });
});
