// Receipt logs: chains, roots, files.
import { nameOf } from "../../packages/core/src/artifact.ts";
import { saltedLeaf } from "../../packages/core/src/batch.ts";
import type { ErrorCode } from "../../packages/core/src/errors.ts";
import { rootOfLeaves } from "../../packages/core/src/merkle.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { nameHash, suites } from "../../packages/core/src/suites.ts";
import { coseSign, flipped } from "./cose.ts";
import type { CoseEdits, Header } from "./cose.ts";
import { bytesOf, defaultNow, issuer, register, registerP256, seconds, stranger } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";
import type { VectorFile } from "./vector.ts";

interface Written {
  readonly emitter: string;
  readonly sequence: number;
  readonly previous: Digest | null;
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly salt: Uint8Array;
}

const start = seconds("2026-02-10T10:00:00Z");
const name = (digest: Digest): Loose => [nameHash, digestBytes(digest)];
const digestOf = (label: string): Digest => nameOf(bytesOf(label, 20));

/** A receipt of an emitter after `before`, with the changes of a case. */
function receipt(
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
function chain(emitter: string, count: number, previous: Digest | null = null): Written[] {
  const out: Written[] = [];
  for (let sequence = 0; sequence < count; sequence += 1) {
    const last = out.at(-1);
    out.push(receipt(emitter, sequence, last ? nameOf(last.bytes) : previous));
  }
  return out;
}

const entry = ({ bytes, salt }: Written): Uint8Array => encodeRaw([1, bytes, salt]);

interface RootOptions {
  readonly signer?: Signer;
  readonly use?: string;
  readonly root?: (map: Header) => void;
  readonly cose?: CoseEdits;
}

/** The entry of a root over receipts. */
async function rootOver(
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
function fileOf(entries: readonly Uint8Array[]): Uint8Array {
  const framed = entries.map((one) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(one.length);
    return Buffer.concat([length, one]);
  });
  return Buffer.concat([Buffer.from("WRITREC1", "ascii"), ...framed]);
}

interface ReceiptCase {
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
function found(receipts: readonly Written[], rooted: (index: number) => boolean): unknown {
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
const sortedApprovals: readonly Loose[] = [digestOf("approval 1"), digestOf("approval 2")].toSorted().map(name);

/** Makes a discharge of a duty of `decision`. */
function discharging(decision: Written): (map: Header) => void {
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

async function refusedCases(): Promise<ReceiptCase[]> {
  const one = chain("one", 3);
  const entries = one.map(entry);
  const root = await rootOver(one);
  const edited = (index: number): Written =>
    receipt("one", index, one[index]!.previous, (map) => void map.set(7, "read"));
  const stray = chain("two", 1, digestOf("another log"));
  const nulled = chain("two", 1);
  const twoAfter = chain("two", 1, nameOf(one[2]!.bytes));
  const fourth = receipt("one", 3, nameOf(one[2]!.bytes));
  const of = (
    id: string,
    code: ErrorCode,
    spec: readonly string[],
    title: string,
    given: readonly Uint8Array[],
  ): ReceiptCase => ({ id, title, spec, entries: given, expect: { code } });
  const rooted = async (
    id: string,
    code: ErrorCode,
    spec: readonly string[],
    title: string,
    options: RootOptions,
  ): Promise<ReceiptCase> => of(id, code, spec, title, [...entries, await rootOver(one, options)]);
  const member = (id: string, title: string, edit: (map: Header) => void, code: ErrorCode = "structure"): ReceiptCase =>
    of(id, code, ["REC-1"], title, [entry(receipt("one", 0, null, edit))]);
  const discharge = (
    id: string,
    title: string,
    edit: (map: Header) => void,
    spec: readonly string[] = ["LIA-1"],
  ): ReceiptCase => {
    const done = receipt("one", 1, nameOf(one[0]!.bytes), (map) => {
      discharging(one[0]!)(map);
      edit(map);
    });
    return of(id, "structure", spec, title, [entries[0]!, entry(done)]);
  };
  const approved = (id: string, code: ErrorCode, title: string, edit: (map: Header) => void): ReceiptCase =>
    of(id, code, ["REC-11"], title, [entry(receipt("one", 0, null, edit))]);
  const tooLong = Buffer.concat([fileOf(entries.slice(0, 1)), Buffer.of(0x7f, 0xff, 0xff, 0xff)]);
  return [
    of("removed-from-the-middle", "receipt-chain", ["REC-4"], "the second receipt removed", [entries[0]!, entries[2]!]),
    of("removed-first", "receipt-chain", ["REC-4"], "the first receipt removed", entries.slice(1)),
    of("removed-last-before-root", "receipt-root", ["REC-5"], "the last receipt removed; the root shows it", [
      ...entries.slice(0, 2),
      root,
    ]),
    of("edited", "receipt-chain", ["REC-4"], "the second receipt edited", [entries[0]!, entry(edited(1)), entries[2]!]),
    of("edited-last-before-root", "receipt-root", ["REC-5"], "the last receipt edited; the root shows it", [
      ...entries.slice(0, 2),
      entry(edited(2)),
      root,
    ]),
    of("repeated", "receipt-chain", ["REC-4"], "the second receipt twice", [
      entries[0]!,
      entries[1]!,
      entries[1]!,
      entries[2]!,
    ]),
    of("exchanged", "receipt-chain", ["REC-4"], "two receipts exchanged", [entries[0]!, entries[2]!, entries[1]!]),
    of("inserted", "receipt-chain", ["REC-4"], "a receipt inserted after the second", [
      ...entries.slice(0, 2),
      entry(receipt("one", 2, nameOf(one[1]!.bytes), (map) => void map.set(7, "train"))),
      entries[2]!,
    ]),
    of("start-not-0", "receipt-chain", ["REC-1", "REC-4"], "an emitter that begins at 1", [
      entry(receipt("one", 1, null)),
    ]),
    of(
      "start-cites-nothing-known",
      "receipt-chain",
      ["REC-2"],
      "a second emitter that cites a receipt of another place",
      [...entries, ...stray.map(entry)],
    ),
    of(
      "start-cites-null-after-others",
      "receipt-chain",
      ["REC-2"],
      "a second emitter that cites nothing, though receipts stand before it",
      [...entries, ...nulled.map(entry)],
    ),
    of("salt-changed", "receipt-root", ["REC-5", "BAT-2"], "another salt than in the leaf", [
      ...entries.slice(0, 2),
      encodeRaw([1, one[2]!.bytes, bytesOf("other salt", 16)]),
      root,
    ]),
    of("root-twice", "receipt-root", ["REC-5"], "the root again, over nothing since the last one", [
      ...entries,
      root,
      root,
    ]),
    await rooted("root-size", "receipt-root", ["REC-5"], "a root that counts another number of receipts", {
      root: (map) => void map.set(2, 4),
    }),
    await rooted("root-by-issuer", "signer-role", ["REC-5"], "a root by a signer of role issue", { signer: issuer }),
    await rooted(
      "root-by-stranger",
      "signer-unknown",
      ["REC-5"],
      "a root by a key that the trust policy doesn't have",
      { signer: stranger },
    ),
    await rooted("root-flipped", "signature-invalid", ["REC-5"], "a bit of the root's signature changed", {
      cose: { signature: (signature) => flipped(signature) },
    }),
    await rooted(
      "root-of-anchors",
      "cose-structure",
      ["COS-2", "REC-5"],
      "a root of anchors in place of one of receipts",
      { use: "anchor root" },
    ),
    await rooted(
      "root-of-other-suite",
      "batch-structure",
      ["BAT-4", "REC-5"],
      "a root that names another suite than its signer's",
      { root: (map) => void map.set(5, "p256") },
    ),
    {
      ...of("root-after-signer-dates", "signer-dates", ["REC-5", "TRU-6"], "a root after its signer's notAfter", [
        ...entries,
        root,
      ]),
      trust: "register-until-2026-02-01.json",
    },
    {
      ...of(
        "root-by-marked-key",
        "signer-compromised",
        ["REC-5", "TRU-8"],
        "a root by a key that is marked, though the root says it is older",
        [...entries, root],
      ),
      trust: "register-marked.json",
    },
    {
      ...of(
        "root-of-unnamed-suite",
        "suite-lapsed",
        ["REC-5", "SUI-5"],
        "a root of a suite that the trust policy doesn't name",
        [...entries, root],
      ),
      trust: "no-ed25519.json",
    },
    member("version-2", "version 2", (map) => void map.set(1, 2), "version-unknown"),
    member("kind-unknown", "a kind that there isn't", (map) => void map.set(2, "note")),
    member("verdict-unknown", "a verdict that there isn't", (map) => void map.set(10, "maybe")),
    member("member-missing", "no principal", (map) => void map.delete(9)),
    member("member-unknown", "a member 26", (map) => void map.set(26, 1)),
    member(
      "principal-integer-keys",
      "a principal with integer keys",
      (map) => void map.set(9, new Map([[1, "svc-1"]])),
    ),
    member("principal-empty", "a principal without members", (map) => void map.set(9, new Map())),
    member("state-age-text", "an age that is a text", (map) => void map.set(14, new Map([["status", "60000"]]))),
    member("assurance-integer-keys", "assurances with integer keys", (map) => void map.set(15, new Map([[1, 2]]))),
    approved("approvals-empty", "structure", "approvals, and none of them", (map) => void map.set(25, [])),
    approved("approvals-unsorted", "set-order", "approvals out of order", (map) => {
      map.set(25, sortedApprovals.toReversed());
    }),
    approved("approvals-twice", "set-order", "an approval twice", (map) => {
      map.set(25, [sortedApprovals[0]!, sortedApprovals[0]!]);
    }),
    approved("approvals-no-name", "structure", "an approval by a digest that is no name", (map) => {
      map.set(25, [[-16, bytesOf("approval", 32)]]);
    }),
    discharge(
      "approvals-of-a-discharge",
      "a discharge that names approvals",
      (map) => void map.set(25, sortedApprovals),
      ["REC-11"],
    ),
    discharge("discharge-without-duty", "a discharge that names no duty", (map) => void map.delete(24)),
    discharge("discharge-without-decision", "a discharge that names no decision", (map) => void map.delete(16)),
    discharge(
      "decision-that-discharges",
      "a decision that names a duty",
      (map) => void map.set(2, "decision").set(10, "permit"),
    ),
    member("decision-without-verdict", "a decision without a verdict", (map) => void map.delete(10)),
    member("ingest-with-verdict", "an ingest with a verdict", (map) => void map.set(2, "ingest").set(19, "valid")),
    member("release-without-decision", "a release that names no decision", (map) => {
      map.delete(10);
      map.set(2, "release").set(18, 26).set(19, "complete");
    }),
    member("release-without-end", "a release that says not how it ended", (map) => {
      map.delete(10);
      map
        .set(2, "release")
        .set(16, name(digestOf("decision")))
        .set(18, 26);
    }),
    {
      ...of("root-in-the-future", "receipt-root", ["REC-5"], "a root that lies 301 s ahead of now", [...entries, root]),
      now: "2026-02-10T10:54:59Z",
    },
    await rooted(
      "root-older-than-its-receipts",
      "receipt-root",
      ["REC-5"],
      "a root dated back to 301 s before the last receipt that it is over",
      { root: (map) => void map.set(4, start + 20 - 301) },
    ),
    {
      ...of(
        "root-lapsed-by-now",
        "suite-lapsed",
        ["REC-8", "SUI-5"],
        "a root whose suite counted when it was made and counts no more",
        [...entries, root],
      ),
      trust: "ed25519-verified-until-2026-02-15.json",
    },
    {
      ...of(
        "root-lapsed-and-not-cited",
        "suite-lapsed",
        ["REC-8"],
        "a lapsed root over two emitters, of which the later root's receipts cite one alone",
        [
          ...entries,
          ...twoAfter.map(entry),
          await rootOver([...one, ...twoAfter]),
          entry(fourth),
          await rootOver([fourth], { signer: registerP256 }),
        ],
      ),
      trust: "receipts-p256-ed25519-verified-until-2026-02-15.json",
    },
    member("emitter-short", "an emitter of 15 bytes", (map) => void map.set(20, bytesOf("emitter", 15))),
    of("entry-kind-unknown", "structure", ["REC-6"], "an entry of kind 3", [encodeRaw([3, new Uint8Array(4)])]),
    of("entry-salt-short", "structure", ["REC-1"], "a salt of 15 bytes", [
      encodeRaw([1, one[0]!.bytes, bytesOf("salt", 15)]),
    ]),
    {
      id: "file-other-magic",
      title: "a file of another kind",
      spec: ["REC-6"],
      file: Buffer.from("WRITREC2"),
      expect: { code: "format-unknown" },
    },
    {
      id: "file-entry-too-long",
      title: "a length that no entry has",
      spec: ["REC-6"],
      file: tooLong,
      expect: { code: "input-too-large" },
    },
  ];
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Every case of receipts. */
export async function receiptVectors(): Promise<VectorFile[]> {
  return [...(await acceptedCases()), ...(await refusedCases())].map(
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
