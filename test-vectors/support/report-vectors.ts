// Reports of campaigns: what one says, and what is wrong with others.
import type { ErrorCode } from "../../packages/core/src/errors.ts";
import { leafHash, rootOfLeaves } from "../../packages/core/src/merkle.ts";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import { nameOf } from "../../packages/core/src/artifact.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { nameHash, suites } from "../../packages/core/src/suites.ts";
import { coseSign, flipped } from "./cose.ts";
import type { CoseEdits, Header } from "./cose.ts";
import { bytesOf, clerk, coveredAt, defaultNow, issuer, notary, register, stranger } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";
import type { VectorFile } from "./vector.ts";

const outcomes = ["anchored", "current", "planned", "set-aside", "quarantined", "not-reached"];

interface EntryFacts {
  readonly path: string;
  readonly outcome: string;
  readonly attempts: number;
}

const facts: readonly EntryFacts[] = [
  { path: "a.sealed.writ", outcome: "anchored", attempts: 1 },
  { path: "b.sealed.writ", outcome: "anchored", attempts: 2 },
  { path: "c.sealed.writ", outcome: "current", attempts: 1 },
  { path: "d.sealed.writ", outcome: "set-aside", attempts: 3 },
  { path: "e.sealed.writ", outcome: "not-reached", attempts: 0 },
];

function entry({ path, outcome, attempts }: EntryFacts, edit: (map: Header) => void = () => undefined): Uint8Array {
  const name: Loose = [nameHash, digestBytes(nameOf(bytesOf(path, 20)))];
  const map: Header = new Map<number | string, Loose>([
    [1, path],
    [2, outcome],
    [3, attempts],
    ...(outcome === "anchored"
      ? ([
          [4, bytesOf(path, 16)],
          [5, name],
          [6, name],
        ] as const)
      : []),
    ...(outcome === "set-aside"
      ? ([
          [7, "anchor-chain"],
          [8, "the anchors before it are not those that it covers"],
        ] as const)
      : []),
  ]);
  edit(map);
  return encodeRaw(map);
}

export interface ReportOptions {
  readonly signer?: Signer;
  readonly entries?: readonly Uint8Array[];
  readonly statement?: (map: Header) => void;
  readonly use?: string;
  readonly cose?: CoseEdits;
  /** The entries after the statement was signed. */
  readonly stored?: (entries: readonly Uint8Array[]) => readonly Uint8Array[];
  readonly members?: (members: Loose[]) => Loose;
}

const all = facts.map((one) => entry(one));

/** A report by the notary, five items, ended by a limit. */
export async function report(options: ReportOptions = {}): Promise<Uint8Array> {
  const { signer = notary, entries = all, use = "report", cose, statement, stored = (same) => same } = options;
  const { hash: alg } = suites[signer.suite];
  const leaves = entries.map((one) => leafHash(alg, encodeCbor(["writ/1 report leaf", one])));
  const map: Header = new Map<number | string, Loose>([
    [1, 1],
    [2, bytesOf("campaign", 16)],
    [3, "corpus/2026"],
    [4, signer.suite],
    [5, "commit"],
    [6, coveredAt],
    [7, coveredAt + 60],
    [8, "limit"],
    [10, 7],
    [11, 1],
    [12, entries.length],
    [13, rootOfLeaves(alg, Buffer.concat(leaves))],
    [14, outcomes.map((outcome) => facts.slice(0, entries.length).filter((one) => one.outcome === outcome).length)],
  ]);
  statement?.(map);
  const message = encodeRaw(await coseSign(use, encodeRaw(map), signer, true, cose));
  const members: Loose[] = ["writ-report", 1, message, [...stored(entries)]];
  return encodeRaw(options.members?.(members) ?? members);
}

function found(signer: Signer, change: object = {}, count: number = facts.length): unknown {
  const shown = facts.slice(0, count);
  return {
    authority: signer.authority,
    campaign: Buffer.from(bytesOf("campaign", 16)).toString("hex"),
    corpus: "corpus/2026",
    suite: signer.suite,
    mode: "commit",
    startedAt: "2026-02-01T09:00:00Z",
    endedAt: "2026-02-01T09:01:00Z",
    ended: "limit",
    trustSequence: 7,
    signCalls: 1,
    counts: outcomes.map((outcome) => shown.filter((one) => one.outcome === outcome).length),
    entries: shown,
    ...change,
  };
}

interface ReportCase {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  readonly report: Uint8Array;
  readonly trust?: string;
  readonly now?: string;
  readonly expect: unknown;
}

async function acceptedCases(): Promise<ReportCase[]> {
  const aborted = { mode: "dry-run", ended: "aborted" };
  return [
    {
      id: "five-items",
      title: "a run that a limit ended: every item with its outcome",
      spec: ["RAN-15", "RAN-16", "RAN-17"],
      report: await report(),
      expect: found(notary),
    },
    {
      id: "by-issuer",
      title: "a report by a signer of role issue",
      spec: ["RAN-17"],
      report: await report({ signer: issuer }),
      expect: found(issuer),
    },
    {
      id: "of-no-item",
      title: "a dry run over an empty corpus, aborted",
      spec: ["RAN-15", "RAN-16"],
      report: await report({
        entries: [],
        statement: (map) => void map.set(5, "dry-run").set(8, "aborted").set(9, "custody-denied"),
      }),
      expect: found(notary, { ...aborted, endedCode: "custody-denied" }, 0),
    },
  ];
}

async function refusedCases(): Promise<ReportCase[]> {
  const of = async (
    id: string,
    code: ErrorCode,
    title: string,
    options: ReportOptions,
    more: Partial<ReportCase> = {},
  ): Promise<ReportCase> => ({ id, title, spec: ["RAN-17"], report: await report(options), expect: { code }, ...more });
  const signed = (key: number, value: Loose): ReportOptions => ({ statement: (map) => void map.set(key, value) });
  const spec = ["RAN-15"];
  const entries = { spec: ["RAN-16", "RAN-17"] };
  return [
    await of(
      "other-word",
      "format-unknown",
      "a file of another kind",
      { members: ([, ...rest]) => ["writ", ...rest] },
      { spec },
    ),
    await of(
      "version-2",
      "version-unknown",
      "version 2",
      { members: ([word, , ...rest]) => [word!, 2, ...rest] },
      { spec },
    ),
    await of("five-members", "structure", "a member more", { members: (members) => [...members, []] }, { spec }),
    await of("statement-version-2", "structure", "a statement of version 2", signed(1, 2), { spec }),
    await of(
      "statement-member-missing",
      "structure",
      "a statement without its corpus",
      { statement: (map) => void map.delete(3) },
      { spec },
    ),
    await of("mode-unknown", "structure", "a mode that there isn't", signed(5, "test"), { spec }),
    await of("counts-of-five", "structure", "five counts for six outcomes", signed(14, [2, 1, 0, 1, 0]), { spec }),
    await of(
      "outcome-unknown",
      "structure",
      "an outcome that there isn't",
      { entries: [entry({ ...facts[0]!, outcome: "done" })] },
      entries,
    ),
    await of(
      "use-of-evidence",
      "cose-structure",
      "a signature of use evidence pack",
      { use: "evidence pack" },
      { spec },
    ),
    await of("signature-flipped", "signature-invalid", "a signature that doesn't verify", {
      cose: { signature: (signature) => flipped(signature) },
    }),
    await of("by-stranger", "signer-unknown", "a key that the trust policy doesn't have", { signer: stranger }),
    await of("by-register", "signer-role", "a signer of role receipt", { signer: register }),
    await of("suite-of-another", "report-root", "another target suite than the signer's", signed(4, "p256")),
    await of("entry-removed", "report-root", "an item left out", { stored: (all) => all.slice(0, -1) }, entries),
    await of("entry-added", "report-root", "an item added", { stored: (all) => [...all, all[2]!] }, entries),
    await of(
      "entries-exchanged",
      "report-root",
      "two items exchanged",
      { stored: ([a, b, ...rest]) => [b!, a!, ...rest] },
      entries,
    ),
    await of(
      "failure-made-success",
      "report-root",
      "a failed item that is said to be anchored",
      { stored: (all) => all.with(3, entry({ ...facts[3]!, outcome: "anchored" })) },
      entries,
    ),
    await of(
      "tree-size-changed",
      "report-root",
      "a tree size that isn't the number of entries",
      signed(12, 6),
      entries,
    ),
    await of(
      "counts-changed",
      "report-root",
      "counts that aren't those of the entries",
      signed(14, [3, 1, 0, 0, 0, 1]),
      entries,
    ),
    await of(
      "leaves-unlabelled",
      "report-root",
      "a root over entries without their label",
      signed(13, rootOfLeaves(-16, Buffer.concat(all.map((one) => leafHash(-16, one))))),
      entries,
    ),
    await of(
      "from-the-future",
      "report-root",
      "a run that ends more than 300 s ahead of now",
      {},
      { now: "2026-02-01T08:55:59Z" },
    ),
    await of(
      "suite-lapsed",
      "suite-lapsed",
      "a suite that counts no more",
      { signer: clerk },
      { trust: "p256-verified-until-2026-02-15.json" },
    ),
  ];
}

/** Every case of reports. */
export async function reportVectors(): Promise<VectorFile[]> {
  return [...(await acceptedCases()), ...(await refusedCases())].map(
    ({ id, title, spec, report: bytes, trust = "base.json", now = defaultNow, expect }) => ({
      path: `reports/${id}.json`,
      json: { id, title, spec, trust, now, report: Buffer.from(bytes).toString("base64"), expect },
    }),
  );
}
