// Receipt logs: chains, roots, files.
import { nameOf } from "../../packages/core/src/artifact.ts";
import { defaultNow, registerP256 } from "./material.ts";
import type { Loose } from "./raw-cbor.ts";
import type { VectorFile } from "./vector.ts";
import { name, receipt, chain, entry, rootOver, fileOf, found, sortedApprovals, discharging } from "./receipt-scene.ts";
import type { ReceiptCase } from "./receipt-scene.ts";
import { refusedReceipts } from "./refused-receipts.ts";

async function acceptedCases(): Promise<ReceiptCase[]> {
  const one = chain("one", 3);
  const two = chain("two", 2, nameOf(one[2]!.bytes));
  const entries = one.map(entry);
  const root = await rootOver(one);
  const release = receipt("one", 1, nameOf(one[0]!.bytes), (map) => {
    map.delete(10);
    map
      .set(2, "release")
      .set(16, name(nameOf(one[0]!.bytes)))
      .set(17, [
        new Map<number, Loose>([
          [1, "Decrypt"],
          [2, "aws-kms:arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
          [3, "req-1"],
        ]),
      ])
      .set(18, 26)
      .set(19, "complete");
  });
  const done = receipt("one", 1, nameOf(one[0]!.bytes), discharging(one[0]!));
  const fourth = receipt("one", 3, nameOf(one[2]!.bytes));
  const taken = receipt("one", 0, null, (map) => {
    map.delete(10);
    map
      .set(2, "ingest")
      .set(7, "ingest")
      .set(8, [])
      .set(11, [
        new Map<number, Loose>([
          [1, "unchecked"],
          [3, "content"],
        ]),
      ])
      .set(19, "valid");
  });
  const whole = fileOf([...entries, root]);
  const approved = receipt("one", 0, null, (map) => void map.set(25, sortedApprovals));
  return [
    {
      id: "discharge",
      title: "a discharge receipt with its decision and its duty",
      spec: ["LIA-1"],
      entries: [entries[0]!, entry(done)],
      expect: { receipts: found([one[0]!, done], () => false) },
    },
    {
      id: "approvals",
      title: "a decision that names the approvals that were used up for it",
      spec: ["REC-11"],
      entries: [entry(approved)],
      expect: { receipts: found([approved], () => false) },
    },
    {
      id: "chain",
      title: "three receipts of one emitter, no root yet",
      spec: ["REC-1", "REC-4"],
      entries,
      expect: { receipts: found(one, () => false) },
    },
    {
      id: "root",
      title: "three receipts and a root over them",
      spec: ["REC-5", "BAT-2"],
      entries: [...entries, root],
      expect: { receipts: found(one, () => true) },
    },
    {
      id: "root-without-trust",
      title: "without a trust policy nobody signed",
      spec: ["REC-5"],
      trust: null,
      entries: [...entries, root],
      expect: { receipts: found(one, () => false) },
    },
    {
      id: "ingest",
      title: "an ingest receipt: the head that was verified, the standing, what was not checked",
      spec: ["REC-9"],
      entries: [entry(taken)],
      expect: { receipts: found([taken], () => false) },
    },
    {
      id: "root-300-s-ahead",
      title: "a root that lies 300 s ahead of now",
      spec: ["REC-5"],
      entries: [...entries, root],
      now: "2026-02-10T10:55:00Z",
      expect: { receipts: found(one, () => true) },
    },
    {
      id: "root-over-two-of-three",
      title: "a root that counts two of the three receipts before it: the third waits for the next",
      spec: ["REC-5"],
      entries: [...entries, await rootOver(one.slice(0, 2)), await rootOver(one.slice(2))],
      expect: { receipts: found(one, () => true) },
    },
    {
      id: "root-lapsed-and-cited",
      title: "a lapsed root, and a later one of another suite over a receipt that cites the last of them",
      spec: ["REC-8"],
      trust: "receipts-p256-ed25519-verified-until-2026-02-15.json",
      entries: [...entries, root, entry(fourth), await rootOver([fourth], { signer: registerP256 })],
      expect: { receipts: found([...one, fourth], () => true) },
    },
    {
      id: "root-signed-late-and-cited",
      title:
        "a root made after its suite's signUntil, and a later one of another suite over a receipt that cites the last",
      spec: ["REC-8", "SUI-5"],
      trust: "receipts-p256-ed25519-signed-until-2026-02-05.json",
      entries: [...entries, root, entry(fourth), await rootOver([fourth], { signer: registerP256 })],
      expect: { receipts: found([...one, fourth], () => true) },
    },
    {
      id: "root-of-unnamed-suite-and-cited",
      title: "a root of a suite that the trust policy doesn't name, and a later one over a receipt that cites the last",
      spec: ["REC-8", "SUI-5"],
      trust: "receipts-p256-alone.json",
      entries: [...entries, root, entry(fourth), await rootOver([fourth], { signer: registerP256 })],
      expect: { receipts: found([...one, fourth], () => true) },
    },
    {
      id: "root-over-the-first",
      title: "a root over the first two, a third after it",
      spec: ["REC-5"],
      entries: [...entries.slice(0, 2), await rootOver(one.slice(0, 2)), entries[2]!],
      expect: { receipts: found(one, (index) => index < 2) },
    },
    {
      id: "two-emitters",
      title: "a second emitter, which cites the last receipt before it",
      spec: ["REC-2", "REC-4"],
      entries: [...entries, ...two.map(entry), await rootOver([...one, ...two])],
      expect: { receipts: found([...one, ...two], () => true) },
    },
    {
      id: "release",
      title: "a release receipt with its decision, custody call, bytes and end",
      spec: ["REC-7"],
      entries: [entries[0]!, entry(release)],
      expect: { receipts: found([one[0]!, release], () => false) },
    },
    {
      id: "file",
      title: "a receipt file",
      spec: ["REC-6"],
      file: whole,
      expect: { wholeBytes: whole.length, receipts: found(one, () => true) },
    },
    {
      id: "file-empty",
      title: "a receipt file without entries",
      spec: ["REC-6"],
      file: fileOf([]),
      expect: { wholeBytes: 8, receipts: [] },
    },
    {
      id: "file-torn",
      title: "a file whose last entry was cut off: the entry was never durable",
      spec: ["REC-6"],
      file: fileOf(entries).subarray(0, -1),
      expect: { wholeBytes: fileOf(entries.slice(0, 2)).length, receipts: found(one.slice(0, 2), () => false) },
    },
    {
      id: "file-torn-in-length",
      title: "a file that was cut off in the length of its last entry",
      spec: ["REC-6"],
      file: Buffer.concat([fileOf(entries), Buffer.of(0, 0)]),
      expect: { wholeBytes: fileOf(entries).length, receipts: found(one, () => false) },
    },
  ];
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Every case of receipts. */
export async function receiptVectors(): Promise<VectorFile[]> {
  return [...(await acceptedCases()), ...(await refusedReceipts())].map(
    ({ id, title, spec, entries, file, trust = "base.json", now = defaultNow, expect }) => ({
      path: `receipts/${id}.json`,
      json: {
        id,
        title,
        spec,
        trust,
        now,
        ...(entries ? { entries: entries.map(base64) } : {}),
        ...(file ? { file: base64(file) } : {}),
        expect,
      },
    }),
  );
}
