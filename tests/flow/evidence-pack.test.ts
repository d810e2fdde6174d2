// Evidence packs: one file that proves itself under the auditor's own trust policy, and says what it doesn't prove.
import { describe, expect, test } from "vitest";
import { createReceiptLog, decide, ingest, nameOf, open } from "@writ/core";
import type { ReceiptLog } from "@writ/core";
import { packEvidence, verifyEvidence } from "@writ/core/evidence-pack";
import type { EvidenceAudit, PackOptions } from "@writ/core/evidence-pack";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { signCose } from "../../packages/core/src/cose.ts";
import {
  at,
  codeOf,
  drain,
  evaluator,
  keystore,
  newSigner,
  request,
  sealed,
  signers,
  trust,
  trustWith,
} from "../support/scene.ts";

const [issued, other] = [await sealed(), await sealed(Buffer.from("other rows"))];
const clock = at(60);
const trustDigest = nameOf(new TextEncoder().encode("the text of the trust policy"));
const accepted = "nothing was thrown";

async function used(log: ReceiptLog, of = issued): Promise<void> {
  const artifact = await ingest(of.artifact, trust, { evaluator, clock });
  const { permit } = await decide(artifact, request, { evaluator, receipts: log, clock });
  await drain(open(artifact, permit!, { custody: keystore, content: of.stored, clock }));
}

const entries: Uint8Array[] = [];
const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock });
await used(log);
await used(log, other);
await used(log);
await log.signRoot(signers.receipts);
await used(log);

const packing = (change: Partial<PackOptions> = {}): Promise<Uint8Array> =>
  packEvidence({
    artifacts: [issued.artifact],
    logs: [entries],
    trust,
    trustDigest,
    signer: signers.receipts,
    evaluator,
    clock,
    ...change,
  });
const pack = await packing();
const read = (bytes: Uint8Array, by = trust, time = clock): Promise<EvidenceAudit> =>
  verifyEvidence(bytes, by, { evaluator, clock: time });
const verdict = (bytes: Uint8Array, by = trust, time = clock): Promise<string> => codeOf(() => read(bytes, by, time));

type Item = readonly [number, Uint8Array];
const itemsOf = (bytes: Uint8Array): Uint8Array[] => [...(decodeCbor(bytes) as readonly Uint8Array[][])[3]!];
const kindOf = (item: Uint8Array): number => (decodeCbor(item) as Item)[0];
const sorted = (items: readonly Uint8Array[]): Uint8Array[] =>
  items.toSorted((a, b) => a.length - b.length || Buffer.compare(a, b));

/** The pack with other items, signed again by its signer: a packer who lies, where `signer` is one. */
async function repacked(
  items: readonly Uint8Array[],
  { signer = signers.receipts, madeAt = 60 } = {},
): Promise<Uint8Array> {
  const manifest = new Map<number, CborValue>([
    [1, 1],
    [2, at(madeAt)() / 1000],
    [
      3,
      new Map<number, CborValue>([
        [2, 1],
        [3, [-43, new Uint8Array(48)]],
      ]),
    ],
    [4, items.map((item) => [-43, Buffer.from(nameOf(item).slice(7), "hex")])],
  ]);
  const message = await signCose("evidence pack", encodeCbor(manifest), signer.keys, true);
  return encodeCbor(["writ-evidence", 1, encodeCbor(message), items]);
}

describe("a pack", () => {
  test("[EVP-1] [EVP-3] [EVP-4] [EVP-5] holds the artifact and every receipt about it, with proofs, and no other", async () => {
    const audit = await read(pack);
    expect(audit).toMatchObject({
      packedBy: "urn:lab:receipts",
      madeAt: clock() / 1000,
      trust: { sequence: 1, digest: trustDigest },
    });
    expect(audit.artifacts.map(({ name }) => name)).toEqual([issued.name]);
    expect(audit.lineage.standing).toBe("checked");
    expect(audit.receipts.map(({ receipt, rootedBy }) => [receipt.kind, rootedBy])).toEqual([
      ["decision", "urn:lab:receipts"],
      ["release", "urn:lab:receipts"],
      ["decision", "urn:lab:receipts"],
      ["release", "urn:lab:receipts"],
      ["decision", null],
      ["release", null],
    ]);
    expect(audit.gaps.map(({ gap }) => gap)).toEqual(["no-root", "no-root"]);
    expect(Buffer.from(pack).includes(Buffer.from(other.artifactId)), "nothing of the other artifact").toBe(false);
    expect(
      Buffer.from(await packing({ artifacts: [other.artifact] })).includes(Buffer.from(other.artifactId)),
      "control",
    ).toBe(true);
  });

  test("[EVP-1] the same contents in another order are the same pack, but for the signature's chance", async () => {
    const twice = [issued.artifact, other.artifact];
    const [a, b] = [await packing({ artifacts: twice }), await packing({ artifacts: twice.toReversed() })];
    expect(Buffer.from(a).equals(Buffer.from(b))).toBe(true);
  });

  test("[EVP-2] a pack that is cut, or changed in any byte, is refused", async () => {
    expect(await verdict(pack), "control").toBe(accepted);
    for (let size = 0; size < pack.length; size += 97) expect(await verdict(pack.subarray(0, size))).not.toBe(accepted);
    for (let byte = 0; byte < pack.length; byte += 53) {
      const changed = Uint8Array.from(pack).fill(pack[byte]! ^ 1, byte, byte + 1);
      expect(await verdict(changed), `byte ${byte}`).not.toBe(accepted);
    }
  });

  test("[EVP-2] an item taken out, put in or exchanged is found, whoever has the items", async () => {
    const items = itemsOf(pack);
    const [, , message] = decodeCbor(pack) as readonly [string, number, Uint8Array];
    const of = (changed: readonly Uint8Array[]): Uint8Array => encodeCbor(["writ-evidence", 1, message, changed]);
    expect(await verdict(of(items)), "control").toBe(accepted);
    for (const item of items)
      expect(await verdict(of(items.filter((one) => one !== item))), `without an item of kind ${kindOf(item)}`).toBe(
        "evidence-pack",
      );
    expect(await verdict(of(sorted([...items, encodeCbor([5, new Uint8Array(3)])])))).toBe("evidence-pack");
    expect(await verdict(of([...items, items[0]!]))).toBe("set-order");
    expect(await verdict(of(items.toReversed()))).toBe("set-order");
  });

  test("[EVP-3] [EVP-4] a packer who lies is found by what is in the pack", async () => {
    const items = itemsOf(pack);
    const of = (kinds: readonly number[]): Uint8Array[] => items.filter((item) => kinds.includes(kindOf(item)));
    expect(await verdict(await repacked(items)), "control").toBe(accepted);
    expect(await verdict(await repacked(of([1, 2])))).toBe("attachment-missing");
    expect(await verdict(await repacked(of([1, 3])))).toBe("attachment-unnamed");
    expect(await verdict(await repacked(of([2, 3])))).toBe("structure");
    expect(await verdict(await repacked(sorted([...items, encodeCbor([6, new Uint8Array(3)])])))).toBe("structure");
    const edited = (change: (packed: Map<number, CborValue>) => void): Uint8Array[] =>
      sorted(
        items.map((item) => {
          const [kind, content] = decodeCbor(item) as Item;
          const packed = kind === 2 ? (decodeCbor(content) as Map<number, CborValue>) : null;
          if (!packed?.has(3)) return item;
          const copy = new Map(packed);
          change(copy);
          return encodeCbor([2, encodeCbor(copy)]);
        }),
      );
    const receiptOf = (packed: Map<number, CborValue>): Map<number, CborValue> =>
      new Map(decodeCbor(packed.get(1) as Uint8Array) as Map<number, CborValue>);
    const verb = edited((packed) => packed.set(1, encodeCbor(receiptOf(packed).set(7, "train"))));
    expect(await verdict(await repacked(verb))).toBe("receipt-root");
    expect(await verdict(await repacked(edited((packed) => packed.set(2, new Uint8Array(16)))))).toBe("receipt-root");
    const unplaced = edited((packed) => packed.delete(3));
    expect(await verdict(await repacked(unplaced)), "their root is named by nothing").toBe("attachment-unnamed");
    const bare = await read(await repacked(unplaced.filter((item) => kindOf(item) !== 3)));
    expect(
      bare.receipts.every(({ rootedBy }) => rootedBy === null),
      "without a root nobody speaks for them",
    ).toBe(true);
    const one = items.find(
      (item) => kindOf(item) === 2 && (decodeCbor((decodeCbor(item) as Item)[1]) as Map<number, CborValue>).has(3),
    )!;
    const again = new Map(decodeCbor((decodeCbor(one) as Item)[1]) as Map<number, CborValue>);
    again.delete(3);
    const twice = sorted([...items, encodeCbor([2, encodeCbor(again)])]);
    expect(await verdict(await repacked(twice)), "a receipt with its place and without").toBe("evidence-pack");
    const cut = items.map((item) => (kindOf(item) === 1 ? encodeCbor([1, issued.artifact.subarray(0, 900)]) : item));
    expect(await verdict(await repacked(sorted(cut)))).toMatch(/^cbor-/);
  });

  test("[EVP-2] only a signer of role receipt packs, one that counts now, at no time to come", async () => {
    const items = itemsOf(pack);
    const signed = (signer: typeof signers.receipts): Promise<Uint8Array> => repacked(items, { signer });
    expect(await verdict(await signed(signers.archive))).toBe("signer-role");
    expect(await verdict(await signed(newSigner("urn:lab:receipts", "ed25519")))).toBe("signer-unknown");
    expect(await verdict(await repacked(items, { madeAt: 360 })), "control").toBe(accepted);
    expect(await verdict(await repacked(items, { madeAt: 361 }))).toBe("evidence-pack");
    const marked = trustWith((draft) =>
      draft.signers
        .filter(({ role }) => role === "receipt")
        .forEach((signer) => Object.assign(signer, { invalidSince: "2027-01-01T00:00:00Z" })),
    );
    expect(await verdict(pack, marked)).toBe("signer-compromised");
    const expiring = trustWith((draft) => (draft.expires = "2026-03-01T12:10:00Z"));
    expect(await verdict(pack, expiring, at(599)), "control").toBe(accepted);
    expect(await verdict(pack, expiring, at(600))).toBe("trust-expired");
  });

  test("[EVP-5] what a pack leaves open is told", async () => {
    const alone = await read(await packing({ logs: [] }));
    expect(alone.gaps).toEqual([]);
    const both = await read(await packing({ artifacts: [issued.artifact, other.artifact] }));
    const receipts = itemsOf(await packing({ artifacts: [other.artifact] })).filter((item) => kindOf(item) > 1);
    const mixed = sorted([...itemsOf(await packing({ logs: [] })), ...receipts]);
    expect((await read(await repacked(mixed))).gaps.map(({ gap }) => gap)).toEqual(["no-artifact", "no-artifact"]);
    expect(
      both.gaps.filter(({ gap }) => gap === "no-artifact"),
      "control",
    ).toEqual([]);
    const lastTwo = (change: (receipt: Map<number, CborValue>) => void): Uint8Array[] =>
      sorted(
        itemsOf(pack).map((item) => {
          const [kind, content] = decodeCbor(item) as Item;
          const packed = kind === 2 ? (decodeCbor(content) as Map<number, CborValue>) : null;
          if (!packed || packed.has(3)) return item;
          const receipt = new Map(decodeCbor(packed.get(1) as Uint8Array) as Map<number, CborValue>);
          change(receipt);
          return encodeCbor([2, encodeCbor(new Map(packed).set(1, encodeCbor(receipt)))]);
        }),
      );
    const gaps = async (items: readonly Uint8Array[]): Promise<readonly string[]> =>
      (await read(await repacked(items))).gaps.map(({ gap }) => gap).filter((gap) => gap.startsWith("other"));
    expect(await gaps(lastTwo(() => undefined)), "control").toEqual([]);
    expect(await gaps(lastTwo((receipt) => receipt.set(4, [-43, new Uint8Array(48)])))).toEqual([
      "other-core",
      "other-core",
    ]);
    expect(await gaps(lastTwo((receipt) => receipt.set(5, [])))).toEqual(["other-policies", "other-policies"]);
  });

  test("[EVP-1] bytes of another kind, another version and more than the limit are refused", async () => {
    expect(await verdict(encodeCbor(["writ", 1]))).toBe("format-unknown");
    expect(await verdict(encodeCbor(["writ-evidence", 2, new Uint8Array(1), []]))).toBe("version-unknown");
    expect(await verdict(encodeCbor(["writ-evidence", 1, new Uint8Array(1)]))).toBe("structure");
    expect(await codeOf(() => verifyEvidence(pack, trust, { maxBytes: pack.length - 1, clock }))).toBe(
      "input-too-large",
    );
    expect(await codeOf(() => verifyEvidence(pack, trust, { maxBytes: pack.length, clock })), "control").toBe(accepted);
    expect(await codeOf(() => verifyEvidence(pack, trust, { bytes: 1 } as never))).toMatch(/^TypeError/);
    expect(await codeOf(() => packing({ artifacts: [] }))).toMatch(/^RangeError/);
    expect(await codeOf(() => packing({ artifacts: [issued.artifact.subarray(0, 90)] }))).toMatch(/^cbor-/);
    expect(await codeOf(() => packing({ logs: [entries.slice(1)] }))).toBe("receipt-chain");
  });
});
