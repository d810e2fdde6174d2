// Attacks on batches: leaves, nodes, roots.
import { describe, expect, test } from "vitest";
import { coverBatch, nameOf } from "@writ/core";
import { encodeBatchedAnchor, parseAnchor } from "../../packages/core/src/anchor.ts";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { listAttachments } from "../../packages/core/src/attachments.ts";
import { checkInclusion, saltedLeaf, signRoot, verifyRoot } from "../../packages/core/src/batch.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborMap, CborValue } from "../../packages/core/src/cbor.ts";
import { leafHash, rootFromPath } from "../../packages/core/src/merkle.ts";
import { at, codeOf, sealed, signers, trust, verified } from "../support/scene.ts";
import { accepted, attached, refusal, withParts } from "./forge.ts";

const artifacts = await Promise.all([sealed(Buffer.from("a")), sealed(Buffer.from("b")), sealed(Buffer.from("c"))]);
const ingested = await Promise.all(artifacts.map(({ artifact }) => verified(artifact)));
const batch = async (seconds: number): Promise<Uint8Array[]> =>
  [...(await coverBatch(ingested, { signer: signers.archive, clock: at(seconds) })).covered].map(
    ({ artifact }) => artifact,
  );
const first = await batch(60);
const second = await batch(61);
const rootOf = (artifact: Uint8Array): Uint8Array =>
  listAttachments(decodeArtifact(artifact).attachments).find(({ kind }) => kind === "root")!.content;

type Proof = NonNullable<ReturnType<typeof parseAnchor>["batch"]>;
function reproved(artifact: Uint8Array, change: (proof: Proof) => Proof, root = rootOf(artifact)): Uint8Array {
  return withParts(artifact, ({ anchors, attachments }) => {
    const { statementBytes, batch: proof } = parseAnchor(anchors[1]!, 1);
    return {
      anchors: [anchors[0]!, encodeBatchedAnchor(statementBytes, change({ ...proof!, root: nameOf(root) }))],
      attachments: [
        ...listAttachments(attachments)
          .filter(({ kind }) => kind !== "root")
          .map(({ bytes }) => bytes),
        attached("root", root),
      ],
    };
  });
}

describe("batches", () => {
  test("[BAT-5] a leaf of another batch, another index, size, path or salt is refused", async () => {
    const artifact = first[0]!;
    expect(
      await refusal(
        reproved(artifact, (proof) => proof),
        trust,
        { seconds: 120 },
      ),
      "control",
    ).toBe(accepted);
    const { batch: foreign } = parseAnchor(decodeArtifact(second[0]!).anchors[1]!, 1);
    const cases: [string, Uint8Array][] = [
      ["batch-root", reproved(artifact, (proof) => proof, rootOf(second[0]!))],
      ["batch-root", reproved(artifact, (proof) => ({ ...proof, path: foreign!.path }))],
      ["batch-root", reproved(artifact, (proof) => ({ ...proof, index: 1 }))],
      ["batch-structure", reproved(artifact, (proof) => ({ ...proof, index: 2 }))],
      ["batch-structure", reproved(artifact, (proof) => ({ ...proof, index: 3 }))],
      ["batch-structure", reproved(artifact, (proof) => ({ ...proof, treeSize: 4 }))],
      ["batch-structure", reproved(artifact, (proof) => ({ ...proof, treeSize: 2 ** 32, index: 2 ** 31 }))],
      ["batch-structure", reproved(artifact, (proof) => ({ ...proof, path: [] }))],
      ["batch-structure", reproved(artifact, (proof) => ({ ...proof, path: [...proof.path, proof.path[0]!] }))],
      [
        "batch-structure",
        reproved(artifact, (proof) => ({ ...proof, path: proof.path.map((node) => node.subarray(0, 32)) })),
      ],
      ["batch-root", reproved(artifact, (proof) => ({ ...proof, salt: new Uint8Array(16) }))],
    ];
    for (const [code, forged] of cases) expect(await refusal(forged, trust, { seconds: 120 })).toBe(code);
  });

  test("[BAT-5] empty digests and an empty path lead nowhere", async () => {
    const { anchors } = decodeArtifact(first[0]!);
    const map = new Map(decodeCbor(anchors[1]!) as CborMap);
    const proof = new Map(map.get(2) as CborMap);
    for (const [key, value] of [
      [4, [new Uint8Array(), new Uint8Array()]],
      [1, new Uint8Array()],
      [5, [-43, new Uint8Array()]],
    ] as const) {
      const emptied = encodeCbor(
        new Map<number | string, CborValue>([...map, [2, new Map([...proof, [key, value as CborValue]])]]),
      );
      expect(
        await refusal(
          withParts(first[0]!, () => ({ anchors: [anchors[0]!, emptied] })),
          trust,
          { seconds: 120 },
        ),
      ).toBe("structure");
    }
    expect(rootFromPath(-43, new Uint8Array(), 0, 1, [])).toBeNull();
  });

  test("[BAT-2] an inner node is no leaf, and a leaf no node: no second preimage", async () => {
    // the attacker wants a statement whose leaf is the node over two real leaves; the hash of a node begins with another byte
    const roots = first.map((artifact) => parseAnchor(decodeArtifact(artifact).anchors[1]!, 1));
    const leaves = roots.map(({ statementBytes, batch: proof }) =>
      saltedLeaf(-43, "writ/1 anchor leaf", statementBytes, proof!.salt),
    );
    const node = Buffer.concat([leaves[0]!, leaves[1]!]);
    const inner = roots[2]!.batch!.path.at(-1)!;
    expect(Buffer.from(leafHash(-43, node)).equals(inner)).toBe(false);
    const { root } = verifyRoot(rootOf(first[0]!), nameOf(rootOf(first[0]!)), "anchor root", trust);
    expect(
      rootFromPath(-43, inner, 0, 2, [leaves[2]!])?.length,
      "control: the node itself would lead to the root",
    ).toBe(48);
    expect(Buffer.from(rootFromPath(-43, inner, 0, 2, [leaves[2]!])!).equals(root.root)).toBe(true);
    // so the size is what the root says, and a shorter path through an inner node is refused
    const short = { ...roots[0]!.batch!, treeSize: 2, index: 0, path: [leaves[2]!] };
    const trusted = verifyRoot(rootOf(first[0]!), nameOf(rootOf(first[0]!)), "anchor root", trust);
    expect(await codeOf(() => checkInclusion(node, short, trusted))).toBe("batch-structure");
  });

  test("[BAT-2] [COS-2] a receipt root or receipt leaf anchors nothing", async () => {
    const { statementBytes, batch: proof } = parseAnchor(decodeArtifact(first[0]!).anchors[1]!, 1);
    const time = Math.floor(at(60)() / 1000);
    const alone = (root: Uint8Array, salt: Uint8Array): Uint8Array =>
      withParts(first[0]!, ({ anchors, attachments }) => ({
        anchors: [
          anchors[0]!,
          encodeBatchedAnchor(statementBytes, { salt, treeSize: 1, index: 0, path: [], root: nameOf(root) }),
        ],
        attachments: [
          ...listAttachments(attachments)
            .filter(({ kind }) => kind !== "root")
            .map(({ bytes }) => bytes),
          attached("root", root),
        ],
      }));
    const anchorLeaf = saltedLeaf(-43, "writ/1 anchor leaf", statementBytes, proof!.salt);
    const receiptLeaf = saltedLeaf(-43, "writ/1 receipt leaf", statementBytes, proof!.salt);
    const asAnchor = await signRoot("anchor root", anchorLeaf, signers.archive, time);
    expect(await refusal(alone(asAnchor, proof!.salt), trust, { seconds: 120 }), "control").toBe(accepted);
    const asReceipt = await signRoot("receipt root", anchorLeaf, signers.archive, time);
    expect(await refusal(alone(asReceipt, proof!.salt), trust, { seconds: 120 })).toBe("cose-structure");
    const ofReceipt = await signRoot("anchor root", receiptLeaf, signers.archive, time);
    expect(await refusal(alone(ofReceipt, proof!.salt), trust, { seconds: 120 })).toBe("batch-root");
  });

  test("[BAT-4] a root of another suite, or by a signer of another, is refused", async () => {
    const { statementBytes, batch: proof } = parseAnchor(decodeArtifact(first[0]!).anchors[1]!, 1);
    const leaf = saltedLeaf(-43, "writ/1 anchor leaf", statementBytes, proof!.salt);
    const root = await signRoot("anchor root", leaf, signers.second, Math.floor(at(60)() / 1000));
    const forged = withParts(first[0]!, ({ anchors, attachments }) => ({
      anchors: [
        anchors[0]!,
        encodeBatchedAnchor(statementBytes, { ...proof!, treeSize: 1, index: 0, path: [], root: nameOf(root) }),
      ],
      attachments: [
        ...listAttachments(attachments)
          .filter(({ kind }) => kind !== "root")
          .map(({ bytes }) => bytes),
        attached("root", root),
      ],
    }));
    expect(await refusal(forged, trust, { seconds: 120 })).toBe("batch-structure");
  });

  test("[ATT-3] [ATT-4] a second root message that nothing names is refused", async () => {
    const stray = withParts(first[0]!, ({ attachments }) => ({
      attachments: [...attachments, attached("root", rootOf(second[0]!))],
    }));
    expect(await refusal(stray, trust, { seconds: 120 })).toBe("attachment-unnamed");
    expect(await refusal(encodeArtifact(decodeArtifact(first[0]!)), trust, { seconds: 120 }), "control").toBe(accepted);
  });
});
