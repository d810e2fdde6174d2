// Packs, receipts and roots as a case of evidence wants them, whole or with a fault.
import { nameOf } from "../../packages/core/src/artifact.ts";
import { saltedLeaf } from "../../packages/core/src/batch.ts";
import { inclusionPath, rootOfLeaves } from "../../packages/core/src/merkle.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { nameHash, suites } from "../../packages/core/src/suites.ts";
import type { Chain } from "./chain.ts";
import { coseSign } from "./cose.ts";
import type { CoseEdits, Header } from "./cose.ts";
import { bytesOf, register, seconds } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";

export const usedAt = seconds("2026-02-10T10:00:00Z");
const packedAt = seconds("2026-02-28T00:00:00Z");
export const name = (digest: Digest): Loose => [nameHash, digestBytes(digest)];
export const trustDigest = nameOf(bytesOf("trust policy", 40));

export interface Written {
  readonly bytes: Uint8Array;
  readonly salt: Uint8Array;
}

export type Edit = (map: Header) => void;

/** A receipt about an artifact. */
export function receipt({ draft }: Chain, sequence: number, edit: Edit = () => undefined): Written {
  const map: Header = new Map<number | string, Loose>([
    [1, 1],
    [2, "decision"],
    [3, draft.core.artifactId],
    [4, name(nameOf(draft.coreBytes))],
    [5, draft.policies.map((policy) => new Map<number, Loose>([[1, name(policy.name)]]))],
    [6, name(nameOf(bytesOf(`request ${sequence}`, 20)))],
    [7, "read"],
    [8, ["https://w3id.org/dpv#AcademicResearch"]],
    [9, new Map([["id", "svc-1"]])],
    [10, "permit"],
    [20, bytesOf("pack emitter", 16)],
    [21, sequence],
    [22, null],
    [23, usedAt + sequence],
  ]);
  edit(map);
  return { bytes: encodeRaw(map), salt: bytesOf(`pack salt ${sequence}`, 16) };
}

/** What a release of a decision changes. */
export const releasing =
  (decision: Written): Edit =>
  (map) => {
    map.delete(10);
    map
      .set(2, "release")
      .set(16, name(nameOf(decision.bytes)))
      .set(18, 26)
      .set(19, "complete");
  };

export const { hash: alg } = suites[register.suite];
const leavesOf = (receipts: readonly Written[]): Buffer =>
  Buffer.concat(receipts.map(({ bytes, salt }) => saltedLeaf(alg, "writ/1 receipt leaf", bytes, salt)));

/** A root message over receipts. */
export async function rootOver(receipts: readonly Written[], time = usedAt + 3600): Promise<Uint8Array> {
  const leaves = leavesOf(receipts);
  const map: Header = new Map<number | string, Loose>([
    [1, bytesOf("pack batch", 16)],
    [2, receipts.length],
    [3, rootOfLeaves(alg, leaves)],
    [4, time],
    [5, register.suite],
  ]);
  return encodeRaw(await coseSign("receipt root", encodeRaw(map), register, true));
}

/** A receipt with its place under a root, where there is one. */
export function packed(
  { bytes, salt }: Written,
  under: { readonly receipts: readonly Written[]; readonly index: number; readonly root: Uint8Array } | null,
  edit: Edit = () => undefined,
): Uint8Array {
  const map: Header = new Map<number | string, Loose>([
    [1, bytes],
    [2, salt],
  ]);
  if (under) {
    const place: Header = new Map<number | string, Loose>([
      [1, under.receipts.length],
      [2, under.index],
      [3, [...inclusionPath(alg, leavesOf(under.receipts), under.index)]],
      [4, name(nameOf(under.root))],
    ]);
    edit(place);
    map.set(3, place);
  }
  return encodeRaw(map);
}

export type Item = readonly [number, Uint8Array];

interface PackOptions {
  readonly signer?: Signer;
  readonly madeAt?: number;
  readonly use?: string;
  readonly cose?: CoseEdits;
  /** The items after the manifest was signed. */
  readonly items?: (items: Uint8Array[]) => Uint8Array[];
  readonly members?: (members: Loose[]) => Loose;
}

export const sorted = (items: readonly Uint8Array[]): Uint8Array[] =>
  items.toSorted((a, b) => a.length - b.length || Buffer.compare(a, b));

/** The bytes of a pack. */
export async function pack(items: readonly Item[], options: PackOptions = {}): Promise<Uint8Array> {
  const { signer = register, madeAt = packedAt, use = "evidence pack", cose } = options;
  const encoded = sorted(items.map(([kind, content]) => encodeRaw([kind, content])));
  const manifest: Header = new Map<number | string, Loose>([
    [1, 1],
    [2, madeAt],
    [
      3,
      new Map<number, Loose>([
        [1, "base"],
        [2, 7],
        [3, name(trustDigest)],
      ]),
    ],
    [4, encoded.map((item) => name(nameOf(item)))],
  ]);
  const message = encodeRaw(await coseSign(use, encodeRaw(manifest), signer, true, cose));
  const members: Loose[] = ["writ-evidence", 1, message, options.items?.(encoded) ?? encoded];
  return encodeRaw(options.members?.(members) ?? members);
}
