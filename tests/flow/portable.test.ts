// Portable and compact: what a store gives makes an artifact whole again, byte for byte, and nothing else changes.
import { describe, expect, test } from "vitest";
import { coverBatch, derive, ingest, nameOf } from "@writ/core";
import type { Digest, Store } from "@writ/core";
import { toCompact, toPortable } from "@writ/core/portable";
import { decodeArtifact } from "../../packages/core/src/artifact.ts";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  policy,
  sealed,
  signers,
  trust,
  verified,
} from "../support/scene.ts";

function storeOf(contents: readonly Uint8Array[]): Store & { readonly held: Map<Digest, Uint8Array> } {
  const held = new Map(contents.map((bytes) => [nameOf(bytes), bytes]));
  return { held, get: (name) => held.get(name) };
}

const empty = storeOf([]);

async function coveredBatch(artifact: Uint8Array, seconds: number): Promise<Uint8Array> {
  const { covered } = await coverBatch([await verified(artifact, seconds)], {
    signer: signers.archive,
    clock: at(seconds + 1),
  });
  return [...covered][0]!.artifact;
}

/** A child of a child of a covered artifact with 70 layers. */
async function grandchild(): Promise<Uint8Array> {
  const policies = await Promise.all(
    Array.from({ length: 65 }, (_, n) =>
      policy(document({ id: `urn:acme:policy:${n}`, permissions: [{ id: "p", operations: ["read", "aggregate"] }] })),
    ),
  );
  const parent = await sealed(Buffer.from("rows"), { policies: policies.map((message) => ({ message })) });
  const below = async (of: Uint8Array, seconds: number): Promise<Uint8Array> => {
    const { artifact } = await derive([await ingest(of, trust, { evaluator, clock: at(seconds) })], {
      operation: "aggregate",
      content: Buffer.from("sums"),
      write: () => undefined,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      evaluator,
      clock: at(seconds + 1),
    });
    return artifact;
  };
  const child = await below(await coveredBatch(parent.artifact, 60), 120);
  return coveredBatch(await below(await coveredBatch(child, 180), 240), 300);
}

const deep = await grandchild();

describe("portable and compact", () => {
  test("[ATT-4] [ATT-5] there and back is the same artifact, sources and long lists included", async () => {
    const { artifact, removed, leaves } = toCompact(deep);
    const before = decodeArtifact(deep);
    expect(decodeArtifact(artifact)).toEqual({ ...before, attachments: [] });
    expect(before.attachments.length).toBeGreaterThan(60);
    const store = storeOf(removed);
    const again = toPortable(artifact, store, leaves === null ? {} : { leaves });
    expect(Buffer.from(again).equals(deep)).toBe(true);
    expect(Buffer.from(toPortable(again, empty)).equals(deep)).toBe(true);
    expect((await ingest(again, trust, { evaluator, clock: at(400) })).lineage.standing).toBe("checked");
  });

  test("[ATT-5] [ING-4] a compact artifact verifies with a store, lineage included, to the same head", async () => {
    const { artifact, removed } = toCompact(deep);
    const options = { evaluator, clock: at(400) };
    const whole = await ingest(deep, trust, options);
    const compact = await ingest(artifact, trust, { ...options, store: storeOf(removed) });
    expect([compact.head, compact.lineage.standing, compact.lineage.sources.length]).toEqual([
      whole.head,
      "checked",
      whole.lineage.sources.length,
    ]);
    expect(await codeOf(() => ingest(artifact, trust, options))).toBe("attachment-missing");
  });

  test("[ATT-5] each thing that is in neither is missed by its code; a store that lies gives nothing", async () => {
    const { artifact, removed } = toCompact(deep);
    const reached = storeOf(removed);
    expect(await codeOf(() => toPortable(artifact, reached))).toBe("nothing was thrown");
    const top = decodeArtifact(artifact).core;
    for (const gone of removed.slice(0, 12)) {
      if (nameOf(gone) === nameOf(top)) continue;
      const store = storeOf(removed.filter((bytes) => nameOf(bytes) !== nameOf(gone)));
      expect(await codeOf(() => toPortable(artifact, store))).toBe("attachment-missing");
    }
    const other = removed[0]!;
    const lying: Store = { get: () => other };
    expect(await codeOf(() => toPortable(artifact, lying))).toBe("attachment-missing");
    const sources = await ingest(artifact, trust, {
      clock: at(400),
      store: { get: (name) => (name === nameOf(decodeArtifact(deep).core) ? other : reached.get(name)) },
    });
    expect(sources.lineage.standing).toBe("checked");
  });

  test("[ATT-3] a leaf list that isn't the content's is no attachment of it", async () => {
    const { artifact, removed } = toCompact(deep);
    const store = storeOf(removed);
    const wrong = toPortable(artifact, store, { leaves: Buffer.alloc(32, 7) });
    expect(await codeOf(() => ingest(wrong, trust, { clock: at(400) }))).toBe("attachment-unnamed");
  });
});

const kib = 1024;

describe("sizes", () => {
  test("hybrid: compact at most 5 KiB, portable with one policy at most 10 KiB", async () => {
    const { artifact } = await sealed(Buffer.alloc(kib), { signer: signers.hybrid });
    const compact = toCompact(artifact).artifact;
    expect(compact.length).toBeLessThanOrEqual(5 * kib);
    expect(compact.length).toBeGreaterThan(3 * kib); // the signatures are there
    expect(artifact.length).toBeLessThanOrEqual(10 * kib);
  });

  test("batched: compact at most 2.5 KiB, and 1.2 KiB for each further layer of anchors", async () => {
    const artifacts = await Promise.all(
      Array.from({ length: 64 }, () => sealed(Buffer.alloc(1024), { signer: signers.issuer })),
    );
    let layer = await Promise.all(artifacts.map(({ artifact }) => verified(artifact)));
    const sizes: number[] = [];
    for (const seconds of [100, 200, 300]) {
      const { covered } = await coverBatch(layer, { signer: signers.archive, clock: at(seconds) });
      const next = [...covered].map(({ artifact }) => artifact);
      sizes.push(Math.max(...next.map((artifact) => toCompact(artifact).artifact.length)));
      layer = await Promise.all(next.map((artifact) => verified(artifact, seconds + 10)));
    }
    const deeper = 10 * 50; // a path of 16 steps, for a full batch, has ten more than one of 64
    expect(sizes[0]! + deeper).toBeLessThanOrEqual(2.5 * kib);
    expect(sizes[1]! - sizes[0]! + deeper).toBeLessThanOrEqual(1.2 * kib);
    expect(sizes[2]! - sizes[1]! + deeper).toBeLessThanOrEqual(1.2 * kib);
  });
});
