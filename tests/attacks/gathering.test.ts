// Attacks on what many callers share: a signer that gathers their statements, and memories of names and roots.
import { describe, expect, test } from "vitest";
import { batchSigner, cover, coverBatch, derive, ingest, nameOf } from "@writ/core";
import type { Store } from "@writ/core";
import { rewrap } from "@writ/core/rewrap";
import { decodeArtifact } from "../../packages/core/src/artifact.ts";
import { listAttachments } from "../../packages/core/src/attachments.ts";
import { keepName, nameOfKnown } from "../../packages/core/src/known-names.ts";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  policy,
  research,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";
import { accepted, attached, refusal, withParts } from "./forge.ts";

const gathering = (maxLeaves: number, signer = signers.hybrid): ReturnType<typeof batchSigner> =>
  batchSigner(signer, { maxLeaves, maxWaitMs: 20, clock: at(0) });
const source = await sealed();
const whole = await verified(source.artifact);

describe("a signer that gathers", () => {
  test("[BAT-6] [ANC-1] a statement that can't be written is refused to its caller, not to those who wait beside him", async () => {
    for (const reason of ["\ud800", "\ufeffx", "", "x".repeat(513)]) {
      const signer = gathering(1);
      const both = gathering(2);
      const beside = sealed(Buffer.from("x"), { signer: both });
      const failing = codeOf(() => cover(whole, { signer: both, reason, clock: at(90) }));
      expect(await failing, reason.slice(0, 4)).toMatch(/^(TypeError|RangeError)/);
      await both.flush();
      expect(await refusal((await beside).artifact)).toBe(accepted);
      for (const direct of [signer, signers.archive])
        expect(await codeOf(() => cover(whole, { signer: direct, reason, clock: at(90) }))).toMatch(
          /^(Type|Range)Error/,
        );
    }
    const long = await cover(whole, { signer: signers.archive, reason: "x".repeat(512), clock: at(90) });
    expect(await refusal(long.artifact, trust, { seconds: 120 }), "control").toBe(accepted);
  });

  test("[ANC-1] no reason leaves an artifact that nobody reads, by whichever writer", async () => {
    const reason = "x".repeat(513);
    const options = { signer: signers.archive, reason, clock: at(90) };
    expect(await codeOf(() => coverBatch([whole], options))).toMatch(/^RangeError/);
    expect(
      await codeOf(() =>
        rewrap(whole, { ...options, custody: keystore, add: [{ custody: keystore, keyUri: "local:other" }] }),
      ),
    ).toMatch(/^RangeError/);
    expect(await codeOf(() => coverBatch([whole], { ...options, reason: "of age" })), "control").toBe(accepted);
  });

  test("[BAT-4] [BAT-6] each gathers its own: issuers and suites don't share a root", async () => {
    const [hybrid, classical] = [gathering(2), gathering(2, signers.issuer)];
    const [a, b] = [sealed(Buffer.from("a"), { signer: hybrid }), sealed(Buffer.from("b"), { signer: classical })];
    const deriver = gathering(2, signers.deriver);
    const child = derive([whole], {
      operation: "aggregate",
      content: Buffer.from("sums"),
      write: () => undefined,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: deriver,
      evaluator,
      clock: at(100),
    });
    const issued = await Promise.all([a, b, child]);
    const roots = issued.map(({ artifact }) => {
      const found = listAttachments(decodeArtifact(artifact).attachments).filter(({ kind }) => kind === "root");
      return nameOf(found[0]!.content);
    });
    expect(new Set(roots).size).toBe(3);
    for (const { artifact } of issued) expect(await refusal(artifact, trust, { seconds: 200 })).toBe(accepted);
    const { anchors } = decodeArtifact(issued[0].artifact);
    const mixed = withParts(issued[1].artifact, () => ({ anchors }));
    expect(await refusal(mixed), "another caller's anchor").not.toBe(accepted);
  });

  test("[BAT-6] where the signer fails, nothing of the batch is an anchor and each is told", async () => {
    const broken = {
      ...signers.hybrid,
      keys: signers.hybrid.keys.map((key) => ({ ...key, sign: () => Promise.reject(new RangeError("no")) })),
    };
    const signer = gathering(2, broken);
    const told = await Promise.all([1, 2].map((n) => codeOf(() => sealed(Buffer.of(n), { signer }))));
    expect(told).toEqual(["RangeError: no", "RangeError: no"]);
    const working = gathering(2);
    const issued = await Promise.all([1, 2].map((n) => sealed(Buffer.of(n), { signer: working })));
    for (const { artifact } of issued) expect(await refusal(artifact), "control").toBe(accepted);
  });
});

describe("memories", () => {
  test("[ART-6] a remembered name serves no other bytes, though they have the same end and length", async () => {
    const content = Uint8Array.from(research);
    keepName(content, nameOf(content));
    const twin = Uint8Array.from(research);
    twin[40]! ^= 1;
    expect(nameOfKnown(twin)).toBe(nameOf(twin));
    expect(nameOfKnown(content), "control").toBe(nameOf(research));
    const swapped = withParts(source.artifact, ({ attachments }) => ({
      attachments: [
        ...listAttachments(attachments).flatMap(({ kind, bytes }) => (kind === "policy" ? [] : [bytes])),
        attached("policy", twin),
      ],
    }));
    expect(await refusal(swapped)).toBe("attachment-unnamed");
  });

  test("[ART-6] whoever changes the bytes of a verified policy in his hands changes no name that is remembered", async () => {
    const own = await policy(
      document({ id: "urn:acme:policy:held", permissions: [{ id: "p", operations: ["read"] }] }),
    );
    const { artifact } = await sealed(undefined, { policies: [{ message: own }] });
    const [held] = (await verified(artifact)).policies;
    const changed = Uint8Array.from(held!.bytes);
    changed[40]! ^= 1;
    held!.bytes.set(changed);
    const swapped = withParts(artifact, ({ attachments }) => ({
      attachments: [
        ...listAttachments(attachments).flatMap(({ kind, bytes }) => (kind === "policy" ? [] : [bytes])),
        attached("policy", changed),
      ],
    }));
    expect(await refusal(swapped)).toBe("attachment-unnamed");
    expect(await refusal(artifact), "control").toBe(accepted);
  });

  test("[TRU-14] [BAT-4] a root that verified under one trust policy is verified anew under another", async () => {
    const { covered } = await coverBatch([whole], { signer: signers.archive, clock: at(70) });
    const { artifact } = [...covered][0]!;
    expect(await refusal(artifact, trust, { seconds: 120 })).toBe(accepted);
    const without = trustWith((draft) => {
      draft.signers = draft.signers.filter(({ authority }) => authority !== "urn:acme:archive");
    });
    expect(await refusal(artifact, without, { seconds: 120 })).toBe("signer-unknown");
    const root = listAttachments(decodeArtifact(artifact).attachments).find(({ kind }) => kind === "root")!.content;
    const compact = withParts(artifact, ({ attachments }) => ({
      attachments: listAttachments(attachments).flatMap(({ kind, bytes }) => (kind === "root" ? [] : [bytes])),
    }));
    const forged = Uint8Array.from(root);
    forged[forged.length - 1]! ^= 1;
    const store = (message: Uint8Array): Store => ({ get: (name) => (name === nameOf(root) ? message : undefined) });
    const ingesting = (message: Uint8Array): Promise<string> =>
      codeOf(() => ingest(compact, trust, { store: store(message), clock: at(120) }));
    expect(await ingesting(forged), "remembered or not, it is not what the anchor names").toBe("attachment-missing");
    expect(await ingesting(root), "control").toBe(accepted);
  });
});
