// Rehash: the content's root under a stronger hash, beside the one that the issuer signed.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cover, coverBatch, decide, derive, ingest, open } from "@writ/core";
import type { VerifiedArtifact } from "@writ/core";
import { rehash } from "@writ/core/rehash";
import {
  at,
  codeOf,
  drain,
  evaluator,
  keystore,
  memorySink,
  request,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";

const plaintext = randomBytes(2_500_000); // three segments
const issued = await sealed(plaintext);
const clock = at(120);

async function rehashed(artifact: Uint8Array, seconds = 60): Promise<Uint8Array> {
  const options = { signer: signers.archive, content: issued.stored, contentHash: -43, clock } as const;
  return (await rehash(await verified(artifact, seconds), options)).artifact;
}

const contentCheck = ({ checks }: VerifiedArtifact): unknown => checks.find(({ check }) => check === "content");
const once = await rehashed(issued.artifact);

describe("rehash", () => {
  test("[ANC-11] [ING-8] content is checked against both roots, and the checks say so", async () => {
    const whole = await ingest(once, trust, { content: issued.stored, clock: at(180) });
    expect(contentCheck(whole)).toMatchObject({
      outcome: "ok",
      detail: expect.stringContaining("rehashed under sha384"),
    });
    const { statement } = whole.anchors.at(-1)!;
    expect([statement.kind, statement.contentRoot.slice(0, 7)]).toEqual(["rehash", "sha384:"]);
    expect(whole.core.content.root.slice(0, 7)).toBe("sha256:");
    const unread = await ingest(once, trust, { clock: at(180) });
    expect(contentCheck(unread)).toMatchObject({ outcome: "unchecked", detail: expect.stringContaining("sha384") });
    const before = await ingest(issued.artifact, trust, { content: issued.stored, clock: at(180) });
    expect(contentCheck(before)).toMatchObject({ detail: expect.not.stringContaining("rehashed") });
    const changed = Buffer.from(issued.stored);
    changed[changed.length - 1]! ^= 1;
    expect(await codeOf(() => ingest(once, trust, { content: changed, clock: at(180) }))).toBe("content-root");
  });

  test("[ANC-11] other content is refused before anything is signed", async () => {
    let signed = 0;
    const counting = {
      ...signers.archive,
      keys: signers.archive.keys.map((key) => ({
        ...key,
        sign: (message: Uint8Array) => {
          signed += 1;
          return key.sign(message);
        },
      })),
    };
    const artifact = await verified(issued.artifact);
    const attempt = (content: Uint8Array): Promise<unknown> =>
      rehash(artifact, { signer: counting, content, contentHash: -43, clock });
    const changed = Buffer.from(issued.stored);
    changed[100_000]! ^= 1;
    expect(await codeOf(() => attempt(changed))).toBe("content-root");
    expect(await codeOf(() => attempt(issued.stored.subarray(0, -1)))).toBe("content-size");
    expect(signed).toBe(0);
    await attempt(issued.stored);
    expect(signed).toBe(2);
  });

  test("[ANC-7] [ANC-11] covers, alone and in batches, repeat its root; a weaker or the same hash is refused", async () => {
    const covered = await cover(await verified(once, 180), { signer: signers.second, clock: at(240) });
    const batch = await coverBatch([await verified(covered.artifact, 300)], {
      signer: signers.archive,
      clock: at(360),
    });
    const last = [...batch.covered][0]!.artifact;
    const whole = await ingest(last, trust, { content: issued.stored, clock: at(420) });
    const roots = whole.anchors.map(({ statement }) => statement.contentRoot);
    expect(new Set(roots.slice(1)).size).toBe(1);
    expect(roots[0]).not.toBe(roots[1]);
    const again = (contentHash: -16 | -43 | -44): Promise<unknown> =>
      rehash(whole, { signer: signers.archive, content: issued.stored, contentHash, clock: at(480) });
    await expect(again(-16)).rejects.toThrow(RangeError);
    await expect(again(-43)).rejects.toThrow(RangeError);
    const twice = (await again(-44)) as { artifact: Uint8Array };
    const strongest = await ingest(twice.artifact, trust, { content: issued.stored, clock: at(540) });
    expect(contentCheck(strongest)).toMatchObject({ detail: expect.stringContaining("sha384, sha512") });
  });

  test("[ANC-11] a rehash whose key is marked, or whose suite has lapsed, states nothing about the content", async () => {
    const marked = trustWith((draft) => {
      for (const signer of draft.signers)
        if (signer.authority === signers.archive.authority) signer["invalidSince"] = "2026-03-01T12:00:00Z";
    });
    const whole = await ingest(once, marked, { content: issued.stored, clock: at(180) });
    expect(contentCheck(whole)).toMatchObject({ outcome: "ok", detail: expect.not.stringContaining("rehashed") });
  });

  test("[OPN-3] [LIN-7] what was rehashed opens, and is a parent, as before", async () => {
    const artifact = await ingest(once, trust, { evaluator, clock: at(180) });
    const { permit } = await decide(artifact, request, { evaluator, receipts: memorySink(), clock: at(180) });
    const opened = open(artifact, permit!, { custody: keystore, content: issued.stored, clock: at(180) });
    expect((await drain(opened)).equals(plaintext)).toBe(true);
    const child = await derive([artifact], {
      operation: "aggregate",
      content: Buffer.from("sums"),
      write: () => undefined,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      evaluator,
      clock: at(200),
    });
    expect((await ingest(child.artifact, trust, { evaluator, clock: at(260) })).lineage.standing).toBe("checked");
  });
});
