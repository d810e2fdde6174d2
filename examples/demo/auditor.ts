// The auditor: who used one file for which purpose, from its artifact and the receipts alone. No network, no keys.
import { readFileSync } from "node:fs";
import { readReceiptFile, verifyReceipts } from "@writ/core";
import type { CheckedReceipt, CborMap } from "@writ/core";
import { layout } from "./cast.ts";
import { expect, expectWorks, play, stopwatch } from "./expectation.ts";
import { grouped, heading, print, short, table } from "./screen.ts";
import { ingestFile, loadTrust, sidecarOf } from "./verifier.ts";

const [, , folder = ""] = process.argv;
const files = layout(folder);
const lap = stopwatch("auditor", files.steps);
const source = "birdstrikes.csv";
const child = "strikes-by-year.csv";

function textOf(map: CborMap, member: string): string {
  const value = map.get(member);
  return typeof value === "string" ? value : "–";
}

/** The last part of a URN. */
function brief(urn: string): string {
  return urn.slice(urn.lastIndexOf(":") + 1);
}

function rowOf({ receipt }: CheckedReceipt): readonly string[] {
  const { kind, time, operation, purposes, principal, verdict, reasons, missing, releasedBytes, exit, calls } = receipt;
  const outcome = kind === "release" ? `${exit ?? ""}, ${grouped(releasedBytes ?? 0)} B` : (verdict ?? "");
  const why = [
    ...new Set(verdict === "deny" ? reasons?.map(({ code }) => code) : []),
    ...(missing?.map((fact) => `missing: ${fact}`) ?? []),
    ...(calls?.map((call) => `KMS ${call.operation} ${call.requestId?.slice(0, 8) ?? ""}`) ?? []),
  ];
  return [
    new Date(time * 1000).toISOString().slice(11, 19),
    kind,
    brief(textOf(principal, "id")),
    operation,
    purposes.join(" "),
    outcome,
    why.join(", "),
  ];
}

interface TrailEvent {
  readonly eventName: string;
  readonly requestID: string;
  readonly errorCode?: string;
}

/** Request ids of the KMS's own record of successful Decrypt calls. */
function decryptCalls(): string[] {
  const events = readFileSync(files.trail, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TrailEvent);
  return events
    .filter(({ eventName, errorCode }) => eventName === "Decrypt" && errorCode === undefined)
    .map(({ requestID }) => requestID);
}

await play(async () => {
  heading(6, `The auditor asks who used ${source}, and for what`);
  const trust = loadTrust(folder, "auditor");
  const artifact = await ingestFile(sidecarOf(files.corpus, source), trust, null);
  const derived = await ingestFile(sidecarOf(files.corpus, child), trust, null);
  const { entries } = readReceiptFile(readFileSync(files.receipts));
  const all = await expectWorks(
    "auditor: the receipts are whole and in order",
    () => verifyReceipts(entries, trust),
    (checked) => `${checked.length} receipts`,
  );
  expect(
    "auditor: every receipt stands under a signed root",
    all.every(({ rootedBy }) => rootedBy !== null),
    [...new Set(all.map(({ rootedBy }) => rootedBy ?? "none"))].join(", "),
  );
  const own = all.filter(({ receipt }) => receipt.core === artifact.name);
  const releases = own.filter(({ receipt }) => receipt.kind === "release");
  const permits = own
    .filter(({ receipt }) => receipt.kind === "decision" && receipt.verdict === "permit")
    .map(({ name }) => name);
  expect(
    "auditor: every release rests on a permit",
    releases.length > 0 &&
      releases.every(({ receipt }) => receipt.decision !== undefined && permits.includes(receipt.decision)),
    `${releases.length} releases`,
  );
  const { receipts: cited } = derived.core.lineage;
  expect(
    "auditor: the derived table cites the permit that it rests on",
    typeof cited !== "string" && cited.length > 0 && cited.every((name) => permits.includes(name)),
    `${short(derived.name)}`,
  );
  const recorded = all.flatMap(({ receipt }) => receipt.calls ?? []).map(({ requestId }) => requestId ?? "");
  expect(
    "auditor: the KMS's own trail knows the same Decrypt calls",
    decryptCalls().toSorted().join() === recorded.toSorted().join(),
    `${recorded.length} calls`,
  );
  print();
  table(
    [["time", "", "who", "operation", "purpose", "outcome", ""], ...own.map(rowOf)],
    ["dim", undefined, "cyan", undefined, undefined, "bold", "dim"],
  );
  lap("ingest, receipts, roots, trail");
});
