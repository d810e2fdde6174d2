// What one caller was handed is his: nothing that he writes into it reaches others of the process, who share what was parsed once.
import { KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { batchSigner, coverBatch, decide, derive, ingest, nameOf, parsePolicy } from "@writ/core";
import type { BatchSigner, VerifiedArtifact } from "@writ/core";
import { verifyRoot } from "../../packages/core/src/batch.ts";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  policy,
  request,
  sealed,
  signers,
  trustWith,
} from "../support/scene.ts";
import type { TrustDraft } from "../support/scene.ts";

/** Writes into whatever is reached: bytes, maps, members. Returns how many took it. */
function spoil(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value !== "object" || value === null || value instanceof KeyObject || seen.has(value)) return 0;
  seen.add(value);
  if (value instanceof Uint8Array) {
    value.fill(0x58);
    return 1;
  }
  let written = 0;
  if (value instanceof Map)
    for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
      written += spoil(item, seen);
      try {
        value.delete(key);
        written += 1;
      } catch {
        // it keeps what it has
      }
    }
  const above = Object.getPrototypeOf(value) as object | null;
  const plain = above === null || above === Object.prototype || Array.isArray(value) || value instanceof Map;
  const names = (plain ? [value] : [value, above]).flatMap((owner) => Object.getOwnPropertyNames(owner));
  for (const name of new Set(names)) {
    const member: unknown = (value as Readonly<Record<string, unknown>>)[name];
    if (["constructor", "length", "__proto__"].includes(name) || typeof member === "function") continue;
    written += spoil(member, seen);
    if (Reflect.set(value, name, "spoilt")) written += 1;
  }
  return written;
}

/** Everything that a verified artifact says, as text. */
function textOf(artifact: VerifiedArtifact): string {
  return JSON.stringify({ ...artifact, checks: artifact.checks, trust: null }, (_, value: unknown) => {
    if (value instanceof Map) return [...(value as ReadonlyMap<unknown, unknown>)];
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  });
}

/** A policy that nobody in this process has parsed yet. */
const fresh = (id: string): Promise<Uint8Array> =>
  policy(
    document({
      id: `urn:acme:policy:${id}`,
      permissions: [
        { id: "p1", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"], duties: ["d1"] },
      ],
      duties: [{ id: "d1", type: "delete", trigger: "after-use", within: "P30D" }],
    }),
  );

const withRecipientKey = (draft: TrustDraft): void => {
  draft["recipientKeys"] = [
    { uri: "urn:acme:kem:1", kind: "ml-kem-768", publicKey: Buffer.alloc(1184, 1).toString("base64url") },
  ];
};

describe("shared by the callers of one process", () => {
  test("[TRU-14] [POM-1] whatever is written into a verified artifact, another ingest finds what the bytes say", async () => {
    const trust = trustWith(withRecipientKey);
    const { artifact } = await sealed(Buffer.from("rows"), { policies: [{ message: await fresh("ingest") }] });
    const single = await ingest(artifact, trust, { evaluator, clock: at(60) });
    const [covered] = [...(await coverBatch([single], { signer: signers.archive, clock: at(100) })).covered];
    const again = (under = trust): Promise<VerifiedArtifact> =>
      ingest(covered!.artifact, under, { evaluator, clock: at(200) });
    const before = textOf(await again());
    const handed = await again();
    expect(spoil(handed)).toBeGreaterThan(20); // control: much of it is the caller's own
    expect(textOf(handed)).not.toBe(before);
    expect(textOf(await again())).toBe(before);
    expect(textOf(await again(trustWith(withRecipientKey)))).toBe(before); // verified anew, of what was parsed once
  });

  test("[TRU-14] a trust policy stays as it was parsed", async () => {
    const trust = trustWith((draft) => {
      withRecipientKey(draft);
      draft["required"] = [{ from: "2026-01-01T00:00:00Z", suites: ["p256"], stage: "enforce" }];
      draft["demands"] = [{ classifications: ["restricted"], status: true }];
    });
    const { artifact } = await sealed();
    const textOfTrust = (): string => textOf({ ...trust, suites: [...trust.suites] } as unknown as VerifiedArtifact);
    const before = textOfTrust();
    const key = trust.signers[0]!.keys[0]!;
    const handed = { kid: key.kid, publicKey: trust.recipientKeys[0]!.publicKey };
    expect(spoil(handed)).toBe(4); // control: two copies, and the members that hold them
    spoil(trust);
    expect(textOfTrust()).toBe(before);
    expect(() => (trust.suites as Map<unknown, unknown>).set("ed25519", {})).toThrow(TypeError);
    expect(() => (trust.suites as Map<unknown, unknown>).clear()).toThrow(TypeError);
    await expect(ingest(artifact, trust, { evaluator, clock: at(60) })).resolves.toBeDefined();
  });

  test("[POM-1] whatever is written into a parsed policy, what is sealed and derived under it carries the authority's bytes", async () => {
    const trust = trustWith();
    const message = await fresh("derive");
    const { artifact } = await sealed(Buffer.from("rows"), { policies: [{ message }] });
    const parent = await ingest(artifact, trust, { evaluator, clock: at(60) });
    expect(spoil(parsePolicy(message))).toBe(1); // control: a copy took it
    expect(spoil(parent.policies)).toBe(1);
    expect(Buffer.from(parsePolicy(message).bytes)).toEqual(Buffer.from(message));
    const next = await sealed(Buffer.from("more rows"), { policies: [{ message }] });
    await expect(ingest(next.artifact, trustWith(), { evaluator, clock: at(60) })).resolves.toBeDefined();
    const child = await derive([parent], {
      operation: "aggregate",
      content: Buffer.from("sums"),
      write: () => undefined,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      evaluator,
      clock: at(100),
    });
    await expect(ingest(child.artifact, trustWith(), { evaluator, clock: at(200) })).resolves.toBeDefined();
  });

  test("[BAT-4] a root message is kept under no other name than its own", async () => {
    const trust = trustWith();
    const single = await ingest((await sealed()).artifact, trust, { evaluator, clock: at(60) });
    const roots: Uint8Array[] = [];
    for (const seconds of [100, 101]) {
      const { covered } = await coverBatch([single], { signer: signers.archive, clock: at(seconds) });
      const { attachments, anchors } = await ingest([...covered][0]!.artifact, trust, { evaluator, clock: at(200) });
      roots.push(attachments.root(anchors[1]!.batch!.root)!);
    }
    const [one, other] = roots as [Uint8Array, Uint8Array];
    const another = trustWith();
    expect(verifyRoot(one, nameOf(one), "anchor root", another).root.treeSize).toBe(1); // control
    const wrong = await codeOf(() => verifyRoot(one, nameOf(other), "anchor root", another));
    expect(wrong).toBe("batch-root");
    expect(verifyRoot(other, nameOf(other), "anchor root", another).root.time).toBe(at(101)() / 1000);
  });

  test("[ANC-4] whatever a signer writes into the statement that he is given, other seals stand and are made as before", async () => {
    const before = await sealed();
    let written = 0;
    const signer: BatchSigner = {
      ...signers.issuer,
      flush: () => Promise.resolve(),
      anchor: (statement) => {
        written = spoil(statement);
        return Promise.reject(new RangeError("spoilt"));
      },
    };
    expect(await codeOf(() => sealed(Buffer.from("rows"), { signer }))).toMatch(/spoilt/);
    expect(written, "control").toBeGreaterThan(3);
    for (const { artifact } of [before, await sealed()])
      await expect(ingest(artifact, trustWith(), { clock: at(60) })).resolves.toBeDefined();
  });

  test("what is handed out of a seal stands in memory that nothing else of the process is in", async () => {
    const signer = batchSigner(signers.issuer, { maxLeaves: 1 });
    for (const issued of [await sealed(), await sealed(Buffer.alloc(0), { signer })]) {
      const handed = [issued.artifact, issued.artifactId, issued.content.floeHeader!];
      expect(handed.map(({ buffer }) => buffer.byteLength)).toEqual(handed.map(({ length }) => length));
    }
    expect(Buffer.from("rows").buffer.byteLength, "control: what is short shares memory").toBeGreaterThan(4);
  });

  test("whatever is written into a decision, the next one is as it was", async () => {
    const { artifact } = await sealed(Buffer.from("rows"), { policies: [{ message: await fresh("decide") }] });
    const verified = await ingest(artifact, trustWith(), { evaluator, clock: at(60) });
    const texts = new Set<string>();
    for (let use = 0; use < 40; use += 1) {
      const decision = await decide(verified, request, { evaluator, receipts: "none", clock: at(70) });
      texts.add(JSON.stringify({ ...decision, permit: null }));
      expect(spoil({ ...decision, permit: null })).toBeGreaterThan(3);
    }
    expect(texts.size).toBe(1); // interpreted and compiled
  });
});
