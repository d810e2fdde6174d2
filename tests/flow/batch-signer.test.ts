// Seals that share one signed root: what a service under load makes.
import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchSigner, cover, decide, derive, ingest, open, signPolicy } from "@writ/core";
import type { Signer } from "@writ/core";
import {
  at,
  codeOf,
  drain,
  evaluator,
  keystore,
  document,
  request,
  sealed,
  signers,
  trust,
  verified,
} from "../support/scene.ts";

/** A signer, with the signatures it is asked for counted; one that fails while `broken`. */
function counted(signer: Signer): Signer & { calls: number; broken: boolean } {
  const state = { calls: 0, broken: false };
  const keys = signer.keys.map((key) => ({
    ...key,
    sign: (message: Uint8Array) => {
      state.calls += 1;
      return state.broken ? Promise.reject(new TypeError("no key today")) : key.sign(message);
    },
  }));
  return Object.assign(state, { authority: signer.authority, suite: signer.suite, keys });
}

const waitingLong = { maxWaitMs: 600_000, clock: at(0) };

describe("batch signer", () => {
  test("[BAT-6] seals made side by side share one root, verify and open; each alone is whole", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), async (count, maxLeaves) => {
        const direct = counted(signers.hybrid);
        const signer = batchSigner(direct, { ...waitingLong, maxLeaves });
        const contents = Array.from({ length: count }, () => randomBytes(20));
        const pending = contents.map((content) => sealed(content, { signer }));
        const sealing = Promise.all(pending);
        while (!(await Promise.race([sealing.then(() => true), settled()]))) await signer.flush();
        const roots = new Set<string>();
        for (const [index, { artifact, stored }] of (await sealing).entries()) {
          const checked = await ingest(artifact, trust, { evaluator, content: stored, clock: at(60) });
          expect(checked.evidence.anchors[0]).toMatchObject({ batched: true, suite: "ed25519+mldsa65" });
          roots.add(checked.anchors[0]!.batch!.root);
          const { permit } = await decide(checked, request, { evaluator, receipts: "none", clock: at(60) });
          const plain = await drain(open(checked, permit!, { custody: keystore, content: stored, clock: at(60) }));
          expect(plain.equals(contents[index]!)).toBe(true);
        }
        expect(direct.calls).toBe(2 * roots.size);
        expect(roots.size).toBeLessThanOrEqual(count);
        expect(roots.size).toBeGreaterThanOrEqual(Math.ceil(count / maxLeaves));
      }),
      { numRuns: 20 },
    );
  });

  test("[BAT-6] a full batch is signed at once, without its time being up; a direct signer signs each", async () => {
    const direct = counted(signers.hybrid);
    const signer = batchSigner(direct, { ...waitingLong, maxLeaves: 3 });
    await Promise.all([1, 2, 3].map(() => sealed(randomBytes(10), { signer })));
    expect(direct.calls).toBe(2);
    await Promise.all([1, 2, 3].map(() => sealed(randomBytes(10), { signer: direct })));
    expect(direct.calls).toBe(8);
  });

  test("[BAT-6] one that nobody joins is signed when its time is up", async () => {
    const signer = batchSigner(signers.hybrid, { maxWaitMs: 0, clock: at(0) });
    const { artifact } = await sealed(randomBytes(10), { signer });
    expect((await verified(artifact)).anchors[0]!.batch?.treeSize).toBe(1);
  });

  test("[BAT-6] the root is no older than any statement under it, whatever the clock of the batch says", async () => {
    const signer = batchSigner(signers.hybrid, { ...waitingLong, maxLeaves: 2 });
    const [early, late] = await Promise.all([10, 20].map((s) => sealed(randomBytes(5), { signer, clock: at(s) })));
    const times = await Promise.all([early!, late!].map(async ({ artifact }) => (await verified(artifact)).evidence));
    expect(times.map(({ anchors }) => anchors[0]!.time)).toEqual([at(20)() / 1000, at(20)() / 1000]);
  });

  test("where the signer fails, every seal of the batch does, nothing is an artifact, and the next batch is new", async () => {
    const direct = counted(signers.hybrid);
    const signer = batchSigner(direct, { ...waitingLong, maxLeaves: 2 });
    direct.broken = true;
    const both = await Promise.allSettled([1, 2].map(() => sealed(randomBytes(5), { signer })));
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    direct.broken = false;
    const again = await Promise.all([1, 2].map(() => sealed(randomBytes(5), { signer })));
    expect((await verified(again[0]!.artifact)).evidence.standing).toBe("valid");
  });

  test("[LIN-7] derive and cover take one as well; a child carries the roots of its parents", async () => {
    const parentSigner = batchSigner(signers.hybrid, { ...waitingLong, maxLeaves: 2 });
    const parents = await Promise.all(
      [1, 2].map(async () => verified((await sealed(randomBytes(30), { signer: parentSigner })).artifact)),
    );
    const child = await derive(parents, {
      operation: "aggregate",
      content: Buffer.from("sums"),
      write: () => undefined,
      evaluator,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: batchSigner(signers.deriver, { ...waitingLong, maxLeaves: 1 }),
      clock: at(70),
    });
    const checked = await verified(child.artifact, 90);
    expect(checked.lineage.standing).toBe("checked");
    const covered = await cover(checked, {
      signer: batchSigner(signers.archive, { ...waitingLong, maxLeaves: 1 }),
      clock: at(100),
    });
    expect((await verified(covered.artifact, 120)).evidence.anchors.map(({ batched }) => batched)).toEqual([
      true,
      true,
    ]);
  });

  test("what isn't an anchor is signed directly", async () => {
    const { message } = await signPolicy(document({ permissions: [{ id: "p", operations: ["read"] }] }), {
      evaluator,
      signer: batchSigner(signers.privacy, waitingLong),
    });
    expect((await verified((await sealed(undefined, { policies: [{ message }] })).artifact)).policies).toHaveLength(1);
  });

  test("limits out of range are refused at once", async () => {
    for (const options of [
      { maxLeaves: 0 },
      { maxLeaves: 65_537 },
      { maxLeaves: 1.5 },
      { maxWaitMs: -1 },
      { maxWaitMs: 2 ** 31 },
      { maxWaitMs: NaN },
    ])
      expect(() => batchSigner(signers.hybrid, options)).toThrow(RangeError);
    expect(await codeOf(() => batchSigner(signers.hybrid, { maxLeaf: 3 } as object))).toMatch(/maxLeaf/);
  });
});

/** False, a turn of the event loop later: time for what was started to come to its signature. */
async function settled(): Promise<false> {
  await setImmediate();
  return false;
}
