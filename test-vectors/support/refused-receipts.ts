// Receipts, roots and files of them that are refused.
import { nameOf } from "../../packages/core/src/artifact.ts";
import { sha256 } from "../../packages/core/src/crypto.ts";
import type { ErrorCode } from "../../packages/core/src/errors.ts";
import { flipped } from "./cose.ts";
import type { Header } from "./cose.ts";
import { bytesOf, issuer, registerP256, stranger } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import {
  start,
  name,
  digestOf,
  receipt,
  chain,
  entry,
  rootOver,
  fileOf,
  sortedApprovals,
  discharging,
} from "./receipt-scene.ts";
import type { Written, RootOptions, ReceiptCase } from "./receipt-scene.ts";

/** Cases of receipts that are refused. */
export async function refusedReceipts(): Promise<ReceiptCase[]> {
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
  const taken = (id: string, title: string, edit: (map: Header) => void): ReceiptCase => {
    const ingested = receipt("one", 0, null, (map) => {
      map.delete(10);
      map.set(2, "ingest").set(7, "ingest").set(8, []).set(19, "valid");
      edit(map);
    });
    return of(id, "structure", ["REC-9"], title, [entry(ingested)]);
  };
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
    of("sequence-left-out", "receipt-chain", ["REC-4"], "a sequence left out, though each cites the one before it", [
      entries[0]!,
      entry(receipt("one", 2, nameOf(one[0]!.bytes))),
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
    await rooted("root-over-none", "receipt-root", ["REC-5", "BAT-1"], "a root that counts no receipts", {
      root: (map) => void map.set(2, 0).set(3, sha256(new Uint8Array())),
    }),
    await rooted("root-by-issuer", "signer-role", ["REC-5"], "a root by a signer of role issue", { signer: issuer }),
    await rooted(
      "root-by-stranger",
      "signer-unknown",
      ["REC-5"],
      "a root by a key that the trust policy doesn't have",
      { signer: stranger },
    ),
    await rooted("root-over-32-kib", "input-too-large", ["BAT-3"], "a root message of more than 32 KiB", {
      cose: { signature: () => bytesOf("long signature", 33_000) },
    }),
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
        "root-after-signer-dates-and-cited",
        "signer-dates",
        ["REC-5", "REC-8"],
        "a root after its signer's notAfter, which no later root that counts stands in for",
        [...entries, root, entry(fourth), await rootOver([fourth], { signer: registerP256 })],
      ),
      trust: "receipts-p256-register-until-2026-02-01.json",
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
    {
      ...of("root-signed-late", "suite-lapsed", ["REC-8", "SUI-5"], "a root made after its suite's signUntil", [
        ...entries,
        root,
      ]),
      trust: "receipts-p256-ed25519-signed-until-2026-02-05.json",
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
    taken(
      "ingest-with-purposes",
      "an ingest with purposes",
      (map) => void map.set(8, ["https://w3id.org/dpv#Purpose"]),
    ),
    taken("ingest-of-another-operation", "an ingest whose operation is another", (map) => void map.set(7, "read")),
    taken("ingest-with-decision", "an ingest that names a decision", (map) => {
      map.set(16, name(digestOf("decision")));
    }),
    member("decision-with-decision", "a decision that names a decision", (map) => {
      map.set(16, name(digestOf("decision")));
    }),
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
