// Content that is hashed on libuv's threads while it is sealed: the same artifact to whoever opens it.
import { randomBytes, webcrypto } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { decide, derive, open } from "@writ/core";
import type { SealOptions } from "@writ/core";
import { at, codeOf, drain, evaluator, keystore, request, sealed, signers, verified } from "../support/scene.ts";

const mib = 2 ** 20;
const plaintext = randomBytes(3 * mib + 17);

async function* slices(): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < plaintext.length; from += 65_536) yield plaintext.subarray(from, from + 65_536);
}

async function opened(artifact: Uint8Array, content: Uint8Array): Promise<Buffer> {
  const known = await verified(artifact, 200);
  const { permit } = await decide(known, request, { evaluator, receipts: "none", clock: at(200) });
  return drain(open(known, permit!, { custody: keystore, content, clock: at(200) }));
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([true, false])(
  "[SEA-1] [CON-8] sealed and derived with threads %s, it opens to the same bytes",
  async (threads) => {
    const digest = vi.spyOn(webcrypto.subtle, "digest");
    const options: Partial<SealOptions> = { threads, content: slices() };
    const parent = await sealed(plaintext, options);
    expect(digest).toHaveBeenCalledTimes(threads ? 4 : 0);
    expect((await opened(parent.artifact, parent.stored)).equals(plaintext)).toBe(true);
    const broken = Buffer.from(parent.stored);
    broken[2 * mib]! ^= 1;
    expect(await codeOf(() => opened(parent.artifact, broken))).toBe("content-leaf");
    const chunks: Uint8Array[] = [];
    const child = await derive([await verified(parent.artifact, 120)], {
      operation: "read",
      content: plaintext,
      write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
      evaluator,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      threads,
      clock: at(120),
    });
    expect(digest).toHaveBeenCalledTimes(threads ? 8 : 0);
    expect((await opened(child.artifact, Buffer.concat(chunks))).equals(plaintext)).toBe(true);
  },
);

test("content of one segment is hashed on this thread", async () => {
  const digest = vi.spyOn(webcrypto.subtle, "digest");
  const small = await sealed(plaintext.subarray(0, 1000), { threads: true });
  expect(digest).not.toHaveBeenCalled();
  expect((await opened(small.artifact, small.stored)).equals(plaintext.subarray(0, 1000))).toBe(true);
});
