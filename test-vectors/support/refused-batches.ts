// Refusals of batches: proofs, leaves, root messages.
import { nameOf } from "../../packages/core/src/artifact.ts";
import { leafHash } from "../../packages/core/src/merkle.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import { batched, joined, sealed } from "./chain.ts";
import type { BatchOptions, Chain } from "./chain.ts";
import { bytesOf, notary } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

/** Negative cases of batches. */
export async function refusedBatches(): Promise<Case[]> {
  const seal = await sealed();
  const of = async (options: BatchOptions): Promise<Uint8Array> => joined(await batched(seal, options));
  const proof = (key: number, value: Loose): BatchOptions => ({ proof: (map) => void map.set(key, value) });
  const path = (edit: (path: Loose[]) => Loose[]): BatchOptions => ({
    proof: (map) => void map.set(4, edit([...(map.get(4) as Loose[])])),
  });
  const other = await batched(await sealed({ label: "c" }));
  const otherRoot = other.links[1]!.root!;
  const batch = await batched(seal);
  const moved: Chain = {
    ...batch,
    links: [
      batch.links[0]!,
      {
        ...(await batched(seal, { proof: (map) => void map.set(5, [-43, digestBytes(nameOf(otherRoot))]) })).links[1]!,
        root: otherRoot,
      },
    ],
  };
  const confused = (statement: Uint8Array, salt: Uint8Array): Uint8Array => leafHash(-16, encodeRaw([statement, salt]));
  const structure = (id: string, title: string, options: BatchOptions, spec = ["BAT-5"]): Promise<Case> =>
    of(options).then((bytes) => refused(id, "batch-structure", spec, title, bytes));
  return [
    refused(
      "batch-leaf-of-another",
      "batch-root",
      ["BAT-5"],
      "an anchor under the root of another batch",
      joined(moved),
    ),
    refused(
      "batch-salt-changed",
      "batch-root",
      ["BAT-2"],
      "another salt",
      await of(proof(1, bytesOf("other salt", 16))),
    ),
    refused("batch-index-of-neighbour", "batch-root", ["BAT-5"], "the index of its neighbour", await of(proof(3, 3))),
    refused(
      "batch-label-of-receipts",
      "batch-root",
      ["BAT-2"],
      "a leaf under the label of receipts",
      await of({ label: "writ/1 receipt leaf" }),
    ),
    refused("batch-leaf-without-label", "batch-root", ["BAT-2"], "a leaf without label", await of({ leaf: confused })),
    refused(
      "batch-leaf-as-node",
      "batch-root",
      ["BAT-2", "CON-9"],
      "a leaf hashed as an inner node",
      await of({ leaf: (statement, salt) => leafHash(-16, Buffer.concat([Buffer.of(1), statement, salt])) }),
    ),
    refused(
      "batch-path-changed",
      "batch-root",
      ["BAT-5"],
      "one digest of the path changed",
      await of(path(([, ...rest]) => [bytesOf("sibling", 32), ...rest])),
    ),
    refused(
      "batch-path-reordered",
      "batch-root",
      ["BAT-5"],
      "the path from root to leaf",
      await of(path((all) => all.toReversed())),
    ),
    await structure("batch-node-as-leaf", "a proof a level shorter, as if an inner node were the leaf", {
      proof: (map) =>
        void map
          .set(2, 3)
          .set(3, 1)
          .set(4, (map.get(4) as Loose[]).slice(1)),
    }),
    await structure("batch-size-changed", "the size of another tree in which the path is as long", proof(2, 6)),
    await structure("batch-index-beyond", "an index beyond the tree", proof(3, 5)),
    await structure(
      "batch-path-short",
      "a path that is too short",
      path((all) => all.slice(0, -1)),
    ),
    await structure(
      "batch-path-long",
      "a path that is too long",
      path((all) => [...all, bytesOf("sibling", 32)]),
    ),
    await structure(
      "batch-path-digest-sha384",
      "a path with a digest of SHA-384's length",
      path(([, ...rest]) => [bytesOf("sibling", 48), ...rest]),
    ),
    await structure("batch-root-digest-sha384", "a root of SHA-384's length over leaves under SHA-256", {
      root: (map) => void map.set(3, bytesOf("root", 48)),
    }),
    refused(
      "batch-root-over-32-kib",
      "input-too-large",
      ["BAT-3"],
      "a root message of more than 32 KiB",
      await of({ rootCose: { signature: () => bytesOf("long signature", 33_000) } }),
    ),
    await structure(
      "batch-of-none",
      "a root over no leaf",
      { size: 1, index: 0, root: (map) => void map.set(2, 0), proof: (map) => void map.set(2, 0) },
      ["BAT-1", "BAT-5"],
    ),
    await structure(
      "batch-root-of-other-suite",
      "a root that names another suite than its signer's",
      { root: (map) => void map.set(5, "p256") },
      ["BAT-4"],
    ),
    await structure(
      "batch-root-of-unknown-suite",
      "a root that names a suite that there isn't",
      { root: (map) => void map.set(5, "slhdsa") },
      ["BAT-4", "SUI-2"],
    ),
    await structure(
      "batch-statement-of-other-suite",
      "a statement of p256 under a root of ed25519",
      { suite: "p256" },
      ["BAT-4"],
    ),
    refused(
      "batch-path-empty-digest",
      "structure",
      ["BAT-5"],
      "an empty digest in the path",
      await of(path(([, ...rest]) => [new Uint8Array(), ...rest])),
    ),
    refused("batch-salt-short", "structure", ["BAT-2"], "a salt of 15 bytes", await of(proof(1, bytesOf("salt", 15)))),
    refused(
      "batch-root-too-many",
      "structure",
      ["BAT-1"],
      "a root over 65,537 leaves",
      await of({ root: (map) => void map.set(2, 65_537) }),
    ),
    refused(
      "batch-root-unknown-member",
      "structure",
      ["BAT-3", "ART-3"],
      "a root statement with a member 6",
      await of({ root: (map) => void map.set(6, 1) }),
    ),
    refused(
      "batch-root-signature",
      "signature-invalid",
      ["BAT-3"],
      "a root message whose signature doesn't verify",
      await of({ rootCose: { signed: bytesOf("payload", 64) } }),
    ),
    refused(
      "batch-root-stranger",
      "signer-unknown",
      ["ANC-8", "BAT-3"],
      "a root by a key that the trust policy doesn't have",
      joined(
        await batched(seal, {
          signer: { ...notary, keys: [{ ...notary.keys[0]!, publicKey: bytesOf("stranger", 32) }] },
        }),
      ),
    ),
  ];
}
