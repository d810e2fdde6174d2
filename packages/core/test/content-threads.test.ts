// Content that is hashed on libuv's threads: the same bytes, root and leaf list as on this one, and the same ends.
import { webcrypto } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { encryptContent } from "../src/content.ts";
import type { EncryptedContent } from "../src/content.ts";
import type { ContentSource } from "../src/content-source.ts";
import type { HashAlg } from "../src/suites.ts";
import { aad, chunked, countingRandom, dataKey, pattern, whole } from "./support/content.ts";

const edges = [0, 1, whole - 1, whole, whole + 1, 2 * whole - 1, 2 * whole, 2 * whole + 1, 5 * whole, 5 * whole + 7];
const sizes = fc.oneof(fc.constantFrom(...edges), fc.nat(Math.floor(4.5 * whole)));
const chunkSizes = fc
  .array(fc.oneof(fc.nat(70_000), fc.nat(3 * whole)), { minLength: 1, maxLength: 4 })
  .filter((list) => list.some((size) => size > 10_000));
const hashAlgs = fc.constantFrom<HashAlg[]>(-16, -43, -44);

/** What is kept of one run: everything that was written, and what the writer said of it. */
interface Run {
  readonly written: Buffer;
  readonly said: EncryptedContent;
}

async function run(source: ContentSource, threads: boolean, hashAlg: HashAlg = -16): Promise<Run> {
  const written: Buffer[] = [];
  const said = await encryptContent(source, {
    dataKey,
    aad,
    hashAlg,
    threads,
    random: countingRandom(),
    write: async (chunk) => {
      written.push(Buffer.from(chunk));
      chunk.fill(0xee); // the writer's own business: what is hashed was taken before
      await Promise.resolve();
    },
  });
  return { written: Buffer.concat(written), said: { ...said, header: Buffer.from(said.header) } };
}

/** Digests that threads were asked for, each under way until it is let go; a real one where `fail` doesn't name it. */
function heldDigests(fail: readonly number[] = []): { asked: number; finished: number; release: () => void } {
  const subtle = webcrypto.subtle.digest.bind(webcrypto.subtle);
  const gate = Promise.withResolvers<void>();
  const state = { asked: 0, finished: 0, release: gate.resolve };
  vi.spyOn(webcrypto.subtle, "digest").mockImplementation(async (...args) => {
    const turn = (state.asked += 1);
    const digest = await subtle(...args);
    await gate.promise;
    state.finished += 1;
    if (fail.includes(turn)) throw new RangeError(`digest ${turn} failed`);
    return digest;
  });
  return state;
}

/** Lets everything run that can. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

afterEach(async () => {
  vi.restoreAllMocks();
  await turns();
  expect(unhandled.splice(0)).toEqual([]);
});

describe("the same content", () => {
  test("[CON-5] [CON-8] [CON-9] bytes, root and leaf list, for every size, chunking and hash", async () => {
    const digest = vi.spyOn(webcrypto.subtle, "digest");
    let aside = 0;
    await fc.assert(
      fc.asyncProperty(sizes, chunkSizes, hashAlgs, async (size, chunks, hashAlg) => {
        const plaintext = pattern(size, size);
        const inline = await run(chunked(plaintext, chunks), false, hashAlg);
        expect(digest).toHaveBeenCalledTimes(aside);
        const threaded = await run(chunked(plaintext, chunks), true, hashAlg);
        const segments = Math.max(1, Math.ceil(size / whole));
        aside += segments === 1 ? 0 : segments; // one segment alone has nothing to be hashed beside
        expect(digest).toHaveBeenCalledTimes(aside);
        expect(threaded.written.equals(inline.written)).toBe(true);
        expect(threaded.said).toEqual(inline.said);
      }),
      { numRuns: 40 },
    );
    expect(aside).toBeGreaterThan(40);
  });

  test("[CON-8] bytes in memory, and the control: another plaintext has other leaves", async () => {
    const plaintext = pattern(3 * whole + 5);
    const inline = await run(plaintext, false);
    const same = await run(plaintext, true);
    expect([same.written.equals(inline.written), same.said.root]).toEqual([true, inline.said.root]);
    plaintext[2 * whole]! ^= 1;
    const other = await run(plaintext, true);
    expect(other.said.root).not.toBe(inline.said.root);
    const leaf = (of: Run, index: number): Uint8Array => of.said.leaves.subarray(index * 32, index * 32 + 32);
    expect([0, 1, 2, 3].map((index) => Buffer.compare(leaf(other, index), leaf(inline, index)) === 0)).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  test("bytes that are handed to `write` are lent: kept past the call, they are detached", async () => {
    const kept: Uint8Array[] = [];
    const write = (chunk: Uint8Array): void => void kept.push(chunk);
    await encryptContent(pattern(2 * whole + 5), { dataKey, aad, threads: true, write });
    expect(kept.map(({ length }) => length)).toEqual([74, 0, 0, 0]);
  });
});

describe("what is under way", () => {
  test("is bounded: no seventh segment is encrypted while six are hashed", async () => {
    const digests = heldDigests();
    let writes = 0;
    const done = encryptContent(pattern(9 * whole), {
      dataKey,
      aad,
      threads: true,
      write: () => void (writes += 1),
    });
    await turns();
    expect([digests.asked, writes]).toEqual([6, 7]);
    digests.release();
    await done;
    expect([digests.asked, digests.finished, writes]).toEqual([9, 9, 10]);
  });

  const ends: readonly [string, (fail: () => never) => { source: ContentSource; write: () => void }][] = [
    [
      "write",
      (fail) => {
        let calls = 0;
        const write = (): void => void ((calls += 1) === 3 && fail());
        return { source: pattern(6 * whole), write };
      },
    ],
    [
      "source",
      (fail) => {
        async function* source(): AsyncGenerator<Uint8Array> {
          yield pattern(whole + 1);
          await turns();
          fail();
        }
        return { source: source(), write: () => undefined };
      },
    ],
  ];
  test.each(ends)("a failing %s is what is thrown, once nothing is hashed any more", async (name, make) => {
    const digests = heldDigests([1]); // that digest fails too, and later: it hides nothing and is nobody's surprise
    const { source, write } = make(() => {
      throw new RangeError(`the ${name}'s own`);
    });
    let ended = false;
    const done = encryptContent(source, { dataKey, aad, threads: true, write }).finally(() => (ended = true));
    done.catch(() => undefined);
    await turns();
    await turns();
    expect([digests.asked > 0, digests.finished, ended]).toEqual([true, 0, false]);
    digests.release();
    await expect(done).rejects.toThrow(`the ${name}'s own`);
    expect(digests.finished).toBe(digests.asked);
  });

  test.each([false, true])("plaintext in our memory is zeroed however it ends, threads %s", async (threads) => {
    for (const failing of [0, 1, 2, 3]) {
      let memory: Uint8Array = new Uint8Array();
      const held: boolean[] = [];
      let reads = 0;
      const read = async (_offset: number, length: number, into?: Uint8Array): Promise<Uint8Array> => {
        memory = into!;
        memory.fill(7, 0, length);
        await setImmediate();
        held.push(memory.includes(7));
        if ((reads += 1) === failing) throw new RangeError("the reader's own");
        return memory.subarray(0, length);
      };
      const source = { sizeBytes: 2 * whole + 9, read };
      const done = encryptContent(source, { dataKey, aad, threads, write: () => undefined });
      if (failing === 0) await done;
      else await expect(done).rejects.toThrow("the reader's own");
      expect(held).toEqual(Array.from({ length: failing === 0 ? 3 : failing }, () => true));
      expect(memory.subarray(0, whole).every((byte) => byte === 0)).toBe(true);
    }
  });

  test("a digest that fails while another failure is on its way is nobody's surprise", async () => {
    const digests = heldDigests([1]);
    digests.release();
    let writes = 0;
    const write = async (): Promise<void> => {
      if ((writes += 1) < 2) return;
      while (digests.finished === 0) await turns(); // the digest of this segment fails meanwhile
      await turns();
      throw new RangeError("the write's own");
    };
    const done = encryptContent(pattern(9 * whole), { dataKey, aad, threads: true, write });
    await expect(done).rejects.toThrow("the write's own");
  });

  test("a failing digest is thrown, and nothing is written or read after it", async () => {
    const digests = heldDigests([1]);
    digests.release();
    const state: { closed?: boolean } = {};
    let writes = 0;
    const write = (): void => void (writes += 1);
    const source = chunked(pattern(9 * whole), [whole], state);
    await expect(encryptContent(source, { dataKey, aad, threads: true, write })).rejects.toThrow("digest 1 failed");
    expect([writes, digests.asked, digests.finished, state.closed]).toEqual([7, 6, 6, true]);
  });
});
