// What cases of receipts share: receipts, chains, roots over them, the file that holds them.
import { nameOf } from "../../packages/core/src/artifact.ts";
import { saltedLeaf } from "../../packages/core/src/batch.ts";
import { rootOfLeaves } from "../../packages/core/src/merkle.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { nameHash, suites } from "../../packages/core/src/suites.ts";
import { coseSign } from "./cose.ts";
import type { CoseEdits, Header } from "./cose.ts";
import { bytesOf, register, seconds } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";

export interface Written {
  readonly emitter: string;
  readonly sequence: number;
  readonly previous: Digest | null;
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly salt: Uint8Array;
}

export const start = seconds("2026-02-10T10:00:00Z");
export const name = (digest: Digest): Loose => [nameHash, digestBytes(digest)];
export const digestOf = (label: string): Digest => nameOf(bytesOf(label, 20));

/** A receipt of an emitter after `before`, with the changes of a case. */
export function receipt(
  emitter: string,
  sequence: number,
  previous: Digest | null,
  edit: (map: Header) => void = () => undefined,
): Written {
  const time = start + 10 * sequence;
  const map: Header = new Map<number | string, Loose>([
    [1, 1],
    [2, "decision"],
    [3, bytesOf("a artifact", 16)],
    [4, name(digestOf("core"))],
    [5, [new Map<number, Loose>([[1, name(digestOf("policy"))]])]],
    [6, name(digestOf(`request ${sequence}`))],
    [7, "aggregate"],
    [8, ["https://w3id.org/dpv#AcademicResearch"]],
    [
      9,
      new Map([
        ["id", "svc-1"],
        ["kind", "service"],
      ]),
    ],
    [10, "permit"],
    [20, bytesOf(`emitter ${emitter}`, 16)],
    [21, sequence],
    [22, previous === null ? null : name(previous)],
    [23, time],
  ]);
  edit(map);
  return {
    emitter,
    sequence,
    previous,
    time,
    bytes: encodeRaw(map),
    salt: bytesOf(`receipt salt ${emitter} ${sequence}`, 16),
  };
}

/** `count` receipts of an emitter, the first one citing `previous`. */
export function chain(emitter: string, count: number, previous: Digest | null = null): Written[] {
  const out: Written[] = [];
  for (let sequence = 0; sequence < count; sequence += 1) {
    const last = out.at(-1);
    out.push(receipt(emitter, sequence, last ? nameOf(last.bytes) : previous));
  }
  return out;
}

export const entry = ({ bytes, salt }: Written): Uint8Array => encodeRaw([1, bytes, salt]);

export interface RootOptions {
  readonly signer?: Signer;
  readonly use?: string;
  readonly root?: (map: Header) => void;
  readonly cose?: CoseEdits;
}

/** The entry of a root over receipts. */
export async function rootOver(
  receipts: readonly Written[],
  { signer = register, use = "receipt root", root = () => undefined, cose }: RootOptions = {},
): Promise<Uint8Array> {
  const { hash: alg } = suites[signer.suite];
  const leaves = Buffer.concat(receipts.map(({ bytes, salt }) => saltedLeaf(alg, "writ/1 receipt leaf", bytes, salt)));
  const map: Header = new Map<number | string, Loose>([
    [1, bytesOf("receipt batch", 16)],
    [2, receipts.length],
    [3, rootOfLeaves(alg, leaves)],
    [4, start + 3600],
    [5, signer.suite],
  ]);
  root(map);
  return encodeRaw([2, encodeRaw(await coseSign(use, encodeRaw(map), signer, true, cose))]);
}

/** The bytes of a receipt file. */
export function fileOf(entries: readonly Uint8Array[]): Uint8Array {
  const framed = entries.map((one) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(one.length);
    return Buffer.concat([length, one]);
  });
  return Buffer.concat([Buffer.from("WRITREC1", "ascii"), ...framed]);
}

export interface ReceiptCase {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  readonly entries?: readonly Uint8Array[];
  readonly file?: Uint8Array;
  readonly trust?: string | null;
  readonly now?: string;
  readonly expect: unknown;
}

/** What reading receipts gives; `rooted` says which stand under a root. */
export function found(receipts: readonly Written[], rooted: (index: number) => boolean): unknown {
  return receipts.map(({ emitter, sequence, previous, time, bytes }, index) => ({
    name: nameOf(bytes),
    emitter: Buffer.from(bytesOf(`emitter ${emitter}`, 16)).toString("hex"),
    sequence,
    previous,
    time: new Date(time * 1000).toISOString().replace(".000Z", "Z"),
    rootedBy: rooted(index) ? register.authority : null,
  }));
}

/** Names of approvals, as a set. */
export const sortedApprovals: readonly Loose[] = [digestOf("approval 1"), digestOf("approval 2")].toSorted().map(name);

/** Makes a discharge of a duty of `decision`. */
export function discharging(decision: Written): (map: Header) => void {
  return (map) => {
    map.delete(10);
    map
      .set(2, "discharge")
      .set(16, name(nameOf(decision.bytes)))
      .set(
        24,
        new Map<number, Loose>([
          [1, name(digestOf("policy"))],
          [2, "report"],
          [3, "urn:example:role:steward"],
        ]),
      );
  };
}
