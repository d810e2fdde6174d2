// Streams of unknown length through seal and open: every chunking, failures at every place, back-pressure.
import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, open } from "@writ/core";
import type { ContentSource, VerifiedArtifact } from "@writ/core";
import { at, codeOf, drain, evaluator, keystore, memorySink, request, sealed, verified } from "../support/scene.ts";

const whole = 2 ** 20 - 32;
const clock = at(60);
const plaintext = randomBytes(2 * whole + 1234);

/** What a stream was asked for and whether it was let go of. */
interface Watched {
  pulledBytes: number;
  closed: boolean;
}

/** A stream of unknown length in chunks of these sizes over and over, some of them empty; it fails after `failsAt` bytes. */
async function* streamOf(
  bytes: Uint8Array,
  sizes: readonly number[],
  { watched = { pulledBytes: 0, closed: false }, failsAt = Infinity }: { watched?: Watched; failsAt?: number } = {},
): AsyncGenerator<Uint8Array> {
  try {
    for (let from = 0, turn = 0; from < bytes.length || turn < sizes.length; turn += 1) {
      if (from >= failsAt) throw new RangeError("the source's own error");
      const chunk = bytes.subarray(from, from + sizes[turn % sizes.length]!);
      from += chunk.length;
      watched.pulledBytes += chunk.length;
      yield chunk;
    }
    if (failsAt <= bytes.length) throw new RangeError("the source's own error");
  } finally {
    watched.closed = true;
  }
}

async function opening(artifact: VerifiedArtifact, content: ContentSource): Promise<AsyncIterable<Uint8Array>> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock });
  return open(artifact, permit!, { custody: keystore, content, clock });
}

const lengths = fc.oneof(fc.constantFrom(0, 1, whole - 1, whole, whole + 1, 2 * whole), fc.nat(plaintext.length));
const chunkings = fc
  .array(fc.oneof(fc.constant(0), fc.nat(3000), fc.nat(3 * whole)), { minLength: 1, maxLength: 5 })
  .filter((sizes) => sizes.some((size) => size > 900));

describe("chunks", () => {
  test("[CON-5] [OPN-3] what comes out is what went in, for every chunking of both streams", async () => {
    await fc.assert(
      fc.asyncProperty(lengths, chunkings, chunkings, async (length, chunks, storedChunks) => {
        const bytes = plaintext.subarray(0, length);
        const issued = await sealed(undefined, { content: streamOf(bytes, chunks) });
        const artifact = await verified(issued.artifact);
        const opened = await drain(await opening(artifact, streamOf(issued.stored, storedChunks)));
        expect(opened.equals(bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("[CON-2] no chunk at all and empty chunks alone are 0 bytes", async () => {
    for (const sizes of [[], [0], [0, 0, 0]]) {
      const issued = await sealed(undefined, { content: streamOf(new Uint8Array(), sizes) });
      expect(issued.stored.length).toBe(106);
      const artifact = await verified(issued.artifact);
      expect(await drain(await opening(artifact, streamOf(issued.stored, [0, 1, 0])))).toHaveLength(0);
    }
    const one = await sealed(undefined, { content: streamOf(Buffer.of(7), [0, 1]) });
    expect(one.stored.length).toBe(107); // control
  });

  test("a chunk that is no bytes is the caller's mistake, and the stream is let go of", async () => {
    const watched = { pulledBytes: 0, closed: false };
    const texts = (async function* chunks() {
      try {
        yield Buffer.of(1);
        yield "text" as unknown as Uint8Array;
      } finally {
        watched.closed = true;
      }
    })();
    await expect(sealed(undefined, { content: texts })).rejects.toThrow(TypeError);
    expect(watched.closed).toBe(true);
  });
});

describe("failures", () => {
  test.each([0, 1, whole - 1, whole, whole + 1, 2 * whole, plaintext.length])(
    "[SEA-1] a source that fails after %i bytes gives its own error and no artifact",
    async (failsAt) => {
      const watched = { pulledBytes: 0, closed: false };
      const content = streamOf(
        plaintext,
        [failsAt, 50_000].filter((size) => size > 0),
        { watched, failsAt },
      );
      await expect(sealed(undefined, { content })).rejects.toThrow("the source's own error");
      expect(watched.closed).toBe(true);
      const issued = await sealed(undefined, { content: streamOf(plaintext, [50_000]) });
      expect(issued.stored.length).toBeGreaterThan(plaintext.length); // control
    },
  );

  test.each([0, 1, 2, 3])(
    "[SEA-1] a write that fails at call %i ends the sealing and lets go of the source",
    async (at) => {
      const watched = { pulledBytes: 0, closed: false };
      let calls = 0;
      const write = async (): Promise<void> => {
        calls += 1;
        await setImmediate();
        if (calls > at) throw new RangeError("no space left");
      };
      const content = streamOf(plaintext, [100_000], { watched });
      await expect(sealed(undefined, { content, write })).rejects.toThrow("no space left");
      expect(calls).toBe(at + 1);
      expect(watched.closed || watched.pulledBytes === 0).toBe(true);
      calls = -10;
      await expect(sealed(undefined, { content: streamOf(plaintext, [100_000]), write })).resolves.toBeDefined(); // control
    },
  );

  test("[OPN-4] a stored stream that fails releases a true beginning, its own error and a receipt that says so", async () => {
    const issued = await sealed(undefined, { content: streamOf(plaintext, [65_536]) });
    const artifact = await verified(issued.artifact);
    for (const [failsAt, released] of [
      [0, 0],
      [74 + 2 ** 20 + 5, whole],
      [issued.stored.length, 2 * whole],
    ] as const) {
      const sink = memorySink();
      const { permit } = await decide(artifact, request, { evaluator, receipts: sink, clock });
      const watched = { pulledBytes: 0, closed: false };
      const content = streamOf(issued.stored, [70_000], { watched, failsAt });
      const parts: Uint8Array[] = [];
      const reading = async (): Promise<void> => {
        for await (const part of open(artifact, permit!, { custody: keystore, content, clock })) parts.push(part);
      };
      await expect(reading()).rejects.toThrow("the source's own error");
      expect(Buffer.concat(parts).equals(plaintext.subarray(0, released))).toBe(true);
      expect(sink.bodies.at(-1)).toMatchObject({ kind: "release", exit: "failed", releasedBytes: released });
      expect(watched.closed).toBe(true);
    }
    const short = streamOf(issued.stored.subarray(0, -1), [70_000]);
    expect(await codeOf(async () => drain(await opening(artifact, short)))).toBe("content-size");
  });
});

describe("back-pressure", () => {
  const chunk = 60_000;
  const ahead = 2 ** 20 + chunk; // a segment is gathered, and one chunk tells whether more follows

  test("[CON-5] seal waits for each write and pulls no more than a segment and a chunk ahead of it", async () => {
    const watched = { pulledBytes: 0, closed: false };
    let written = 0;
    let writing = 0;
    let most = 0;
    const write = async (bytes: Uint8Array): Promise<void> => {
      writing += 1;
      expect(writing).toBe(1);
      const before = watched.pulledBytes;
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      expect(watched.pulledBytes).toBe(before); // nothing is read while a write is under way
      most = Math.max(most, watched.pulledBytes - written);
      written += bytes.length;
      writing -= 1;
    };
    await sealed(undefined, { content: streamOf(plaintext, [chunk], { watched }), write });
    expect(watched.pulledBytes).toBe(plaintext.length);
    expect(most).toBeLessThanOrEqual(ahead);
    expect(most).toBeGreaterThan(2 ** 20 - 100); // control: it does gather
  });

  test("[OPN-3] open reads no further than its reader has come", async () => {
    const issued = await sealed(undefined, { content: streamOf(plaintext, [65_536]) });
    const artifact = await verified(issued.artifact);
    const watched = { pulledBytes: 0, closed: false };
    let released = 0;
    for await (const segment of await opening(artifact, streamOf(issued.stored, [chunk], { watched }))) {
      const before = watched.pulledBytes;
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      expect(watched.pulledBytes).toBe(before);
      expect(before - released).toBeLessThanOrEqual(74 + ahead);
      released += segment.length + 32;
    }
    expect(watched.pulledBytes).toBe(issued.stored.length);
    expect(watched.closed).toBe(true);
  });
});
