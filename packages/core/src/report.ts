// A campaign's report: what became of every artifact, failures included, under one signed Merkle root. Whoever runs a campaign
// signs it; a report proves what they said, and that nobody changed it since.
import { allocate } from "#bytes";
import { decodeCbor, encodeCbor, equalBytes, ownBytes } from "./cbor.ts";
import type { CborValue } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { parseCose, signCose } from "./cose.ts";
import { FormatError, VerificationError } from "./errors.ts";
import { maxAheadSeconds } from "./evidence.ts";
import { leafHash, rootOfLeaves } from "./merkle.ts";
import { rejectUnknownOptions } from "./options.ts";
import { bytes, list, nameDigest, oneOf, optional, record, text, tuple, uint } from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";
import type { Signer } from "./signer.ts";
import { hashes, suites } from "./suites.ts";
import type { HashAlg, SuiteName } from "./suites.ts";
import { assertLoneSignature, assertTrust, verifyCose } from "./trust.ts";
import type { TrustPolicy } from "./trust.ts";

const outcomeKinds = ["anchored", "current", "planned", "set-aside", "quarantined", "not-reached"] as const;

/** What became of an artifact in a campaign. */
export type OutcomeKind = (typeof outcomeKinds)[number];

/** One line of a report. */
export interface ReportEntry {
  /** Where the store keeps it. */
  readonly path: string;
  readonly outcome: OutcomeKind;
  readonly attempts: number;
  /** 16 bytes; absent where the artifact was not read or not verified. */
  readonly artifactId?: Uint8Array;
  /** Its head after the run. */
  readonly head?: Digest;
  /** Root message of the anchor that this run added. */
  readonly root?: Digest;
  /** Code of the error that ended it. */
  readonly code?: string;
  readonly reason?: string;
}

/** A report as its signer states it. Times are seconds since the epoch. */
export interface ReportBody {
  /** 16 random bytes a run. */
  readonly campaign: Uint8Array;
  readonly corpus: string;
  /** Target suite of the anchors. */
  readonly suite: SuiteName;
  /** `dry-run` wrote nothing. */
  readonly mode: "commit" | "dry-run";
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ended: "complete" | "limit" | "aborted" | "interrupted";
  /** Why it was aborted: the code of an error. */
  readonly endedCode?: string;
  /** Sequence of the trust policy that it ran under. */
  readonly trustSequence: number;
  /** Signature operations that were asked for, repeated ones included. */
  readonly signCalls: number;
  readonly entries: readonly ReportEntry[];
}

/** A report whose signature and root were verified. */
export interface CheckedReport extends ReportBody {
  readonly authority: string;
  /** Entries by outcome; they add up to the entries. */
  readonly counts: Readonly<Record<OutcomeKind, number>>;
}

interface SignedReport extends Omit<ReportBody, "entries" | "suite"> {
  readonly version: number;
  readonly suite: string;
  readonly treeSize: number;
  /** Bare digest under the hash of the signing suite. */
  readonly root: Uint8Array;
  /** In the order of the outcomes' list. */
  readonly counts: readonly number[];
}

const magic = "writ-report";
const maxEntries = 2 ** 26;
const maxReportBytes = 2 ** 31;

const entryShape: Shape<ReportEntry> = record<ReportEntry>({
  path: text(4096),
  outcome: oneOf(...outcomeKinds),
  attempts: uint(1000),
  artifactId: optional(bytes(16)),
  head: optional(nameDigest),
  root: optional(nameDigest),
  code: optional(text(64)),
  reason: optional(text(1024)),
});

const signedShape: Shape<SignedReport> = record<SignedReport>({
  version: uint(1),
  campaign: bytes(16),
  corpus: text(4096),
  suite: text(64),
  mode: oneOf("commit", "dry-run"),
  startedAt: uint(),
  endedAt: uint(),
  ended: oneOf("complete", "limit", "aborted", "interrupted"),
  endedCode: optional(text(64)),
  trustSequence: uint(),
  signCalls: uint(),
  treeSize: uint(maxEntries),
  root: bytes(32, 64),
  counts: list(uint(maxEntries), outcomeKinds.length, outcomeKinds.length),
});

const entriesShape: Shape<readonly Uint8Array[]> = list(bytes(1, 1 << 16), 0, maxEntries);

/** leaf = hash(0x00 ‖ CBOR[`writ/1 report leaf`, entry]). Spec: RAN-16. */
function rootOfEntries(alg: HashAlg, entries: readonly Uint8Array[]): Uint8Array {
  const leaves = allocate(entries.length * hashes[alg].sizeBytes);
  entries.forEach((entry, index) =>
    leaves.set(leafHash(alg, encodeCbor(["writ/1 report leaf", entry])), index * hashes[alg].sizeBytes),
  );
  return rootOfLeaves(alg, leaves);
}

function countsOf(entries: readonly ReportEntry[]): number[] {
  const counts = outcomeKinds.map(() => 0);
  for (const { outcome } of entries) counts[outcomeKinds.indexOf(outcome)]! += 1;
  return counts;
}

/** Signs a report: CBOR `["writ-report", 1, COSE_Sign, entries]`. One Sign call a signature of the signer's suite. Spec: RAN-15, RAN-16. */
export async function signReport(report: ReportBody, signer: Signer): Promise<Uint8Array> {
  const { entries, ...facts } = report;
  if (facts.suite !== signer.suite)
    throw new TypeError("a report is signed by the campaign's anchor signer: its suite is the campaign's");
  const encoded = entries.map((entry) => encodeCbor(entryShape.write(entry)));
  const root = rootOfEntries(suites[signer.suite].hash, encoded);
  const payload = encodeCbor(
    signedShape.write({ ...facts, version: 1, treeSize: entries.length, root, counts: countsOf(entries) }),
  );
  return encodeCbor([magic, 1, encodeCbor(await signCose("report", payload, signer.keys, true)), encoded]);
}

const fileShape: Shape<readonly [string, number, Uint8Array, readonly Uint8Array[]]> = tuple(
  text(64),
  uint(1),
  bytes(1, 1 << 20),
  entriesShape,
);

function decodeReport(input: Uint8Array): readonly [Uint8Array, readonly Uint8Array[]] {
  const value = decodeCbor(ownBytes(input, { maxBytes: maxReportBytes }), { maxBytes: maxReportBytes });
  if (!Array.isArray(value) || value[0] !== magic) throw new FormatError("format-unknown", "the input is not a report");
  if (value[1] !== 1) throw new FormatError("version-unknown", "the report is of a version that is not known here");
  const [, , message, entries] = fileShape.read(value as CborValue, "report");
  return [message, entries];
}

/**
 * Verifies a report under a trust policy: signed by a signer of role anchor or issue, its root over exactly these entries, its counts theirs.
 * Throws FormatError, `report-root`, `signer-…`, `signature-invalid`, `suite-lapsed`, `trust-expired`. Spec: RAN-15 to RAN-17.
 */
export function verifyReport(
  input: Uint8Array,
  trust: TrustPolicy,
  options: { readonly clock?: Clock } = {},
): CheckedReport {
  rejectUnknownOptions(options, ["clock"]);
  const now = secondsNow(options.clock);
  assertTrust(trust, now);
  const [message, encoded] = decodeReport(input);
  const cose = parseCose(decodeCbor(message), "report", true);
  const signer = verifyCose(trust, cose, "report", cose.payload!);
  const {
    version: _version,
    treeSize,
    root,
    counts,
    suite,
    ...facts
  } = signedShape.read(decodeCbor(cose.payload!), "report");
  assertLoneSignature(trust, signer, ["anchor", "issue"], { signedAt: facts.endedAt, judgedAt: now });
  if (facts.endedAt > now + maxAheadSeconds)
    throw new VerificationError("report-root", "the report lies in the future");
  if (treeSize !== encoded.length || !equalBytes(root, rootOfEntries(suites[signer.suite].hash, encoded)))
    throw new VerificationError(
      "report-root",
      "the signed root is not over these entries: one is missing, added or altered",
    );
  const entries = encoded.map((entry, index) => entryShape.read(decodeCbor(entry), `entries/${index}`));
  if (countsOf(entries).some((count, index) => count !== counts[index]))
    throw new VerificationError("report-root", "the signed counts are not those of the entries");
  if (suite !== signer.suite)
    throw new VerificationError("report-root", "the report names another suite than its signer's");
  const byKind = Object.fromEntries(outcomeKinds.map((kind, index) => [kind, counts[index]!])) as Record<
    OutcomeKind,
    number
  >;
  return { ...facts, suite: signer.suite, entries, authority: signer.authority, counts: byKind };
}
