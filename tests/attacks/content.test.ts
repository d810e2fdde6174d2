// Attacks on content by whoever once held the data key, and on the moment between a check and a use.
import { describe, expect, test } from "vitest";
import { decide, ingest, open, openRange } from "@writ/core";
import type { ContentReader, ContentSource, OpenOptions, SeekableSource } from "@writ/core";
import { contentAad } from "../../packages/core/src/content.ts";
import {
  decryptSegment,
  encryptSegment,
  floeHeaderBytes,
  floeSegmentBytes,
  startDecryption,
} from "../../packages/core/src/floe.ts";
import { unwrapDataKey } from "../../packages/core/src/recipient.ts";
import { at, codeOf, drain, evaluator, keystore, request, sealed, trust, verified } from "../support/scene.ts";
import { custodyWith } from "./forge.ts";

const segmentPlaintext = floeSegmentBytes - 32;
const plaintext = Buffer.alloc(2 * segmentPlaintext + 1000, "rows ");
const original = await sealed(plaintext);
const artifact = await verified(original.artifact);
const { core } = artifact;
const stored = original.stored;

async function opened(content: ContentSource, options: Partial<OpenOptions> = {}): Promise<Buffer> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(90) });
  return drain(open(artifact, permit!, { custody: keystore, content, clock: at(90), ...options }));
}

async function range(content: SeekableSource, start: number, end: number): Promise<Uint8Array> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(90) });
  return openRange(artifact, permit!, { start, end }, { custody: keystore, content, clock: at(90) });
}

/** The data key, as one who was allowed to open has it. */
async function stolenKey(): Promise<Uint8Array> {
  const contexts: ReadonlyMap<string, string>[] = [];
  const noting = custodyWith({
    unwrap: (recipient, context) => (contexts.push(context), keystore.unwrap(recipient, context)),
  });
  await opened(stored, { custody: noting });
  const { dataKey } = await unwrapDataKey(core, artifact.keys.recipients, [keystore], () => contexts[0]!);
  return dataKey;
}

const message = startDecryption(
  await stolenKey(),
  contentAad(core.artifactId, core.firstIssuer),
  core.content.floeHeader!,
);
const place = (index: number): number => floeHeaderBytes + index * floeSegmentBytes;
const segment = (bytes: Uint8Array, index: number): Uint8Array => bytes.subarray(place(index), place(index + 1));

/** A segment of the attacker's text that decrypts at its place. */
function forged(index: number, final: boolean): Uint8Array {
  const out = Buffer.alloc(segment(stored, index).length);
  encryptSegment(message, index, final, Buffer.alloc(out.length - 32, "lies "), out);
  return out;
}

function replaced(index: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([stored.subarray(0, place(index)), bytes, stored.subarray(place(index + 1))]);
}

/** The content, given as bytes, as a reader and as a stream. */
function everyWay(bytes: Uint8Array): (() => ContentSource)[] {
  const stream = async function* (): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += 300_000)
      yield await Promise.resolve(bytes.subarray(from, from + 300_000));
  };
  const reader: ContentReader = {
    sizeBytes: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
  };
  return [() => bytes, () => reader, stream];
}

describe("a former holder of the data key", () => {
  test("[CON-13] [OPN-3] a segment that he encrypted anew decrypts and is refused, before a byte of it is released", async () => {
    for (const [index, final] of [
      [0, false],
      [1, false],
      [2, true],
    ] as const) {
      const bytes = replaced(index, forged(index, final));
      const decrypted = decryptSegment(message, index, final, segment(bytes, index));
      expect(Buffer.from(decrypted.subarray(0, 4)).toString(), "control: its tag agrees").toBe("lies");
      for (const source of everyWay(bytes)) {
        let released = 0;
        const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(90) });
        const code = await codeOf(async () => {
          for await (const part of open(artifact, permit!, { custody: keystore, content: source(), clock: at(90) }))
            released += part.length;
        });
        expect(code).toBe("content-leaf");
        expect(released).toBe(index * segmentPlaintext);
      }
      expect(await codeOf(() => range(bytes, index * segmentPlaintext, index * segmentPlaintext + 10))).toBe(
        "content-leaf",
      );
      expect(await codeOf(() => ingest(original.artifact, trust, { content: bytes, clock: at(90) }))).toBe(
        "content-root",
      );
    }
    for (const source of everyWay(stored)) expect((await opened(source())).equals(plaintext), "control").toBe(true);
  });

  test("[CON-7] segments dropped, doubled, reordered, cut or given another end are refused", async () => {
    const [header, zero, one, two] = [
      stored.subarray(0, floeHeaderBytes),
      segment(stored, 0),
      segment(stored, 1),
      segment(stored, 2),
    ];
    const cases: [string, Uint8Array[]][] = [
      ["dropped", [header, zero, two]],
      ["dropped last", [header, zero, one]],
      ["doubled", [header, zero, one, one, two]],
      ["reordered", [header, one, zero, two]],
      ["cut", [header, zero, one, two.subarray(0, -1)]],
      ["longer", [header, zero, one, two, Buffer.of(0)]],
      ["final flag early", [header, zero, forged(1, true), two]],
      ["final flag missing", [header, zero, one, Buffer.concat([Buffer.of(255, 255, 255, 255), two.subarray(4)])]],
      ["headless", [zero, one, two]],
      ["nothing", []],
    ];
    for (const [name, parts] of cases)
      for (const source of everyWay(Buffer.concat(parts)))
        expect(await codeOf(() => opened(source())), name).toMatch(/^content-/);
  });

  test("[CON-11] a leaf list of his own, or of another length, opens nothing", async () => {
    const { leaves } = artifact.attachments;
    for (const list of [
      new Uint8Array(96),
      leaves!.subarray(0, 64),
      leaves!.subarray(1),
      Buffer.concat([leaves!, leaves!]),
      new Uint8Array(),
    ])
      expect(await codeOf(() => opened(stored, { leaves: list }))).toBe("content-leaf-list");
    expect((await opened(stored, { leaves: leaves! })).equals(plaintext), "control").toBe(true);
  });
});

describe("between check and use", () => {
  test("[CON-13] content that changes between ingest and open is refused at open", async () => {
    const bytes = Uint8Array.from(stored);
    await ingest(original.artifact, trust, { content: bytes, clock: at(90) });
    bytes.set(forged(1, false), place(1));
    expect(await codeOf(() => opened(bytes))).toBe("content-leaf");
  });

  test("[CON-13] memory that is exchanged after its leaf was hashed releases none of what was put there", async () => {
    // a reader that gives its own memory, and puts the forged segment into it as soon as anything else runs
    const swapping = (delay: number): ContentReader => ({
      sizeBytes: stored.length,
      read: (offset, length) => {
        const own = Uint8Array.from(stored.subarray(offset, offset + length));
        const index = (offset - floeHeaderBytes) / floeSegmentBytes;
        const swap = async (): Promise<void> => {
          for (let turn = 0; turn < delay; turn += 1) await Promise.resolve();
          if (Number.isInteger(index) && index >= 0 && length === segment(stored, index).length)
            own.set(forged(index, index === 2));
        };
        return Promise.resolve(own).then((bytes) => (void swap(), bytes));
      },
    });
    for (let delay = 0; delay < 24; delay += 1) {
      for (const reading of [() => opened(swapping(delay)), () => range(swapping(delay), 5, plaintext.length - 5)]) {
        const outcome = await reading().then(
          (bytes) => Buffer.from(bytes).includes("lies"),
          (error: { code: string }) => error.code,
        );
        expect([false, "content-leaf"], `after ${delay} turns`).toContain(outcome);
      }
    }
  });

  test("[CON-13] memory that threads share is copied before it is checked", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(stored.length));
    shared.set(stored);
    expect((await opened(shared)).equals(plaintext)).toBe(true);
    expect(Buffer.from(await range(shared, 10, 30)).equals(plaintext.subarray(10, 30))).toBe(true);
    shared[place(1) + 100]! ^= 1;
    expect(await codeOf(() => opened(shared))).toBe("content-leaf");
  });

  test("[CON-7] memory that is resized or detached under its reader is input that can't be read, leaf list or not", async () => {
    const leaves = artifact.attachments.leaves!;
    const inMemory = (): Uint8Array<ArrayBuffer> => {
      const memory = new Uint8Array(new ArrayBuffer(stored.length, { maxByteLength: stored.length }));
      memory.set(stored);
      return memory;
    };
    const changes: ((buffer: ArrayBuffer) => void)[] = [
      (buffer) => buffer.resize(place(1) + 9),
      (buffer) => void buffer.transfer(),
    ];
    for (const lend of [false, true])
      for (const change of changes) {
        const memory = inMemory();
        const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(90) });
        const segments = open(artifact, permit!, { custody: keystore, content: memory, leaves, lend, clock: at(90) });
        expect((await segments.next()).value?.length).toBe(segmentPlaintext);
        change(memory.buffer);
        expect(await codeOf(() => segments.next())).toBe("input-unreadable");
      }
    expect(plaintext.equals(await opened(inMemory(), { leaves })), "control").toBe(true);
  });
});
