// The evidence pack: one file for an auditor. What it holds proves itself under the auditor's own trust policy; who packed it
// signs that nothing was taken out or put in since. Keys never come from the pack.
import { toHex } from "#bytes";
import { decodeCbor, encodeCbor, equalBytes, ownBytes } from "./cbor.ts";
import type { CborValue } from "./cbor.ts";
import { nameOf } from "./artifact.ts";
import { maxBatchLeaves } from "./batch.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { parseCose, signCose } from "./cose.ts";
import { FormatError, VerificationError } from "./errors.ts";
import type { Evaluator } from "./evaluator.ts";
import { evidenceGaps } from "./evidence-gaps.ts";
import type { EvidenceGap } from "./evidence-gaps.ts";
import { maxAheadSeconds } from "./evidence.ts";
import { ingest } from "./ingest.ts";
import { inclusionPaths, rootFromPath } from "./merkle.ts";
import { rejectUnknownOptions } from "./options.ts";
import { decodeReceipt, receiptLeaves } from "./receipt.ts";
import type { StoredReceipt } from "./receipt.ts";
import { verifyReport } from "./report.ts";
import type { CheckedReport } from "./report.ts";
import { bytes, bytesSet, list, nameDigest, oneOf, optional, record, refuse, text, tuple, uint } from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";
import type { Signer } from "./signer.ts";
import { suites } from "./suites.ts";
import { assertLoneSignature, assertTrust, verifyCose } from "./trust.ts";
import type { TrustPolicy } from "./trust.ts";
import type { VerifiedArtifact } from "./verified.ts";
import { verifyLineage } from "./verify-lineage.ts";
import type { LineageReport } from "./verify-lineage.ts";
import { assertNotYounger, checkLog, judgeReceiptRoot } from "./verify-receipts.ts";
import type { CheckedLog, CheckedReceipt } from "./verify-receipts.ts";

/** The trust policy under which a pack was made: to compare, never to verify with. */
export interface PackedTrust {
  readonly name?: string;
  readonly sequence: number;
  /** SHA-384 of its text. */
  readonly digest: Digest;
}

/** What goes into a pack. */
export interface PackOptions {
  /** Portable artifacts, at least one. */
  readonly artifacts: readonly Uint8Array[];
  /** Entries of receipt logs, each log in its order: receipts about these artifacts are packed, with proofs of their place. */
  readonly logs?: readonly (readonly Uint8Array[])[];
  /** Signed reports of campaigns. */
  readonly reports?: readonly Uint8Array[];
  /** Status lists that decisions have read, as their signers wrote them. */
  readonly statusLists?: readonly Uint8Array[];
  readonly trust: TrustPolicy;
  /** SHA-384 of the trust policy's text. */
  readonly trustDigest: Digest;
  /** Role receipt. */
  readonly signer: Signer;
  readonly evaluator?: Evaluator;
  readonly clock?: Clock;
}

/** Options of `verifyEvidence`. */
export interface VerifyEvidenceOptions {
  readonly evaluator?: Evaluator;
  /** Most bytes of a pack; default 64 MiB. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
}

/** What a pack proves under a trust policy, and what it doesn't. Times are seconds since the epoch. */
export interface EvidenceAudit {
  readonly madeAt: number;
  readonly packedBy: string;
  /** Under which trust policy it was packed; that it is the verifier's is for the caller to compare. */
  readonly trust: PackedTrust;
  readonly artifacts: readonly VerifiedArtifact[];
  readonly lineage: LineageReport;
  /** By time; `rootedBy` is null under no root that counts. */
  readonly receipts: readonly CheckedReceipt[];
  readonly reports: readonly CheckedReport[];
  /** Not verified here: who may speak for a list is the evaluator's to say. */
  readonly statusLists: readonly Uint8Array[];
  readonly gaps: readonly EvidenceGap[];
}

const magic = "writ-evidence";
const defaultMaxBytes = 64 << 20;
const maxItems = 65_536;

const kinds = { artifact: 1, receipt: 2, root: 3, report: 4, status: 5 } as const;
type Kind = keyof typeof kinds;

interface Manifest {
  readonly version: number;
  readonly madeAt: number;
  readonly trust: PackedTrust;
  /** Names of the items, in their order. */
  readonly items: readonly Digest[];
}

interface Place {
  readonly treeSize: number;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly root: Digest;
}

interface PackedReceipt extends StoredReceipt {
  /** Absent where no root is over it yet. */
  readonly place?: Place;
}

const manifestShape: Shape<Manifest> = record<Manifest>({
  version: uint(1),
  madeAt: uint(),
  trust: record<PackedTrust>({ name: optional(text(256)), sequence: uint(), digest: nameDigest }),
  items: list(nameDigest, 1, maxItems),
});

const receiptShape: Shape<PackedReceipt> = record<PackedReceipt>({
  receipt: bytes(1, 1 << 20),
  salt: bytes(16),
  place: optional(
    record<Place>({
      treeSize: uint(maxBatchLeaves),
      index: uint(maxBatchLeaves),
      path: list(bytes(32, 64), 0, 32),
      root: nameDigest,
    }),
  ),
});

const packShape: Shape<readonly [string, number, Uint8Array, readonly Uint8Array[]]> = tuple(
  oneOf(magic),
  uint(1),
  bytes(1, 8 << 20),
  bytesSet(bytes(1, defaultMaxBytes)),
);

function item(kind: Kind, content: Uint8Array): Uint8Array {
  return encodeCbor([kinds[kind], content]);
}

type Items = Record<Kind, Uint8Array[]>;

function readItems(encoded: readonly Uint8Array[], maxBytes: number): Items {
  const found: Items = { artifact: [], receipt: [], root: [], report: [], status: [] };
  encoded.forEach((input, index) => {
    const value = decodeCbor(input, { maxBytes });
    const kind = Array.isArray(value) && (Object.keys(kinds) as Kind[]).find((known) => kinds[known] === value[0]);
    if (!kind || !Array.isArray(value) || value.length !== 2 || !(value[1] instanceof Uint8Array))
      refuse(`items/${index}`, "an item of a known kind");
    found[kind].push(value[1]);
  });
  if (found.artifact.length === 0) refuse("items", "with at least one artifact");
  return found;
}

/** Receipts of a log that are about these artifacts, and the decisions that they cite. */
function selected({ receipts }: CheckedLog, artifacts: readonly VerifiedArtifact[]): ReadonlySet<number> {
  const ids = new Set(artifacts.map(({ core }) => toHex(core.artifactId)));
  const cited = new Set(
    artifacts.flatMap(({ core }) => (typeof core.lineage.receipts === "string" ? [] : core.lineage.receipts)),
  );
  const about = receipts.filter(({ name, receipt }) => cited.has(name) || ids.has(toHex(receipt.artifactId)));
  for (const { receipt } of about) if (receipt.decision) cited.add(receipt.decision);
  const names = new Set([...about.map(({ name }) => name), ...cited]);
  return new Set(receipts.flatMap(({ name }, index) => (names.has(name) ? [index] : [])));
}

/** What a log has for a pack. */
interface LogEvidence {
  readonly receipts: readonly PackedReceipt[];
  /** Root messages by name. */
  readonly roots: ReadonlyMap<Digest, Uint8Array>;
}

/** The receipts of a log with proofs of their place under its roots, and those roots. Spec: EVP-3. */
function packLog(log: CheckedLog, wanted: ReadonlySet<number>): LogEvidence {
  const receipts: PackedReceipt[] = [];
  const roots = new Map<Digest, Uint8Array>();
  const placed = new Set<number>();
  log.roots.forEach(({ suite, first, receipts: treeSize }, at) => {
    const own = Array.from({ length: treeSize }, (_, index) => first + index).filter((index) => wanted.has(index));
    if (own.length === 0) return;
    const message = log.rootMessages[at]!;
    const paths = inclusionPaths(suites[suite].hash, receiptLeaves(suite, log.stored.slice(first, first + treeSize)));
    roots.set(nameOf(message), message);
    for (const index of own) {
      const place = { treeSize, index: index - first, path: paths[index - first]!, root: nameOf(message) };
      receipts.push({ ...log.stored[index]!, place });
      placed.add(index);
    }
  });
  for (const index of wanted) if (!placed.has(index)) receipts.push(log.stored[index]!);
  return { receipts, roots };
}

/** Each receipt of several logs once, under a root where one of them has one: a log may be given twice, before and after its root. Spec: EVP-3. */
function receiptItems(logs: readonly LogEvidence[]): readonly Uint8Array[] {
  const byName = new Map<Digest, PackedReceipt>();
  for (const packed of logs.flatMap(({ receipts }) => receipts)) {
    const name = nameOf(packed.receipt);
    if (!byName.get(name)?.place) byName.set(name, packed);
  }
  const receipts = [...byName.values()];
  const named = new Set(receipts.map(({ place }) => place?.root));
  return [
    ...receipts.map((packed) => item("receipt", encodeCbor(receiptShape.write(packed)))),
    ...logs.flatMap(({ roots }) => [...roots].flatMap(([name, root]) => (named.has(name) ? [item("root", root)] : []))),
  ];
}

/**
 * Packs artifacts with the receipts about them, roots, reports and status lists, all verified first. Throws as `ingest`,
 * `verifyReceipts` and `verifyReport` do, RangeError for nothing to pack or more than a pack takes. Spec: EVP-1 to EVP-3.
 */
export async function packEvidence(options: PackOptions): Promise<Uint8Array> {
  rejectUnknownOptions(options, [
    "artifacts",
    "logs",
    "reports",
    "statusLists",
    "trust",
    "trustDigest",
    "signer",
    "evaluator",
    "clock",
  ]);
  const { artifacts, logs = [], reports = [], statusLists = [], trust, trustDigest, signer, evaluator } = options;
  if (artifacts.length === 0) throw new RangeError("a pack holds at least one artifact");
  const clock = options.clock ? { clock: options.clock } : {};
  const verified: VerifiedArtifact[] = [];
  for (const artifact of artifacts)
    verified.push(await ingest(artifact, trust, { ...clock, ...(evaluator ? { evaluator } : {}) }));
  for (const report of reports) verifyReport(report, trust, clock);
  const receipts = receiptItems(
    logs.map((entries) => {
      const log = checkLog(entries, trust, clock);
      return packLog(log, selected(log, verified));
    }),
  );
  const items = bytesSet(bytes(1, defaultMaxBytes)).write([
    ...artifacts.map((artifact) => item("artifact", artifact)),
    ...receipts,
    ...reports.map((report) => item("report", report)),
    ...statusLists.map((token) => item("status", token)),
  ]) as readonly Uint8Array[];
  const sizeBytes = items.reduce((sum, { length }) => sum + length, 0);
  if (items.length > maxItems || sizeBytes > defaultMaxBytes - (8 << 20))
    throw new RangeError(`${items.length} items of ${sizeBytes} bytes are more than a pack takes: make several`);
  const manifest = manifestShape.write({
    version: 1,
    madeAt: secondsNow(options.clock),
    trust: { ...(trust.name === null ? {} : { name: trust.name }), sequence: trust.sequence, digest: trustDigest },
    items: items.map(nameOf),
  });
  const message = await signCose("evidence pack", encodeCbor(manifest), signer.keys, true);
  return encodeCbor([magic, 1, encodeCbor(message), items]);
}

/** Who packed it, and that these are the items. Throws `signer-…`, `signature-invalid`, `evidence-pack`. Spec: EVP-1, EVP-2. */
function readManifest(
  message: Uint8Array,
  items: readonly Uint8Array[],
  trust: TrustPolicy,
  now: number,
): { readonly manifest: Manifest; readonly packedBy: string } {
  const limits = { maxBytes: 8 << 20 };
  const cose = parseCose(decodeCbor(message, limits), "evidence pack", true);
  const signer = verifyCose(trust, cose, "evidence pack", cose.payload!);
  const manifest = manifestShape.read(decodeCbor(cose.payload!, limits), "manifest");
  assertLoneSignature(trust, signer, ["receipt"], { signedAt: manifest.madeAt, judgedAt: now });
  if (manifest.madeAt > now + maxAheadSeconds)
    throw new VerificationError("evidence-pack", "the pack lies in the future");
  const same = items.length === manifest.items.length && items.every((one, at) => nameOf(one) === manifest.items[at]);
  if (!same)
    throw new VerificationError(
      "evidence-pack",
      "the items are not those that were signed: one is missing, added or altered",
    );
  return { manifest, packedBy: signer.authority };
}

/** Throws `evidence-pack` for a pack that says it was made before what it holds: a key's dates are judged at the time that it says. Spec: EVP-2. */
function assertNotBefore({
  artifacts,
  receipts,
  rootTimes,
  reports,
  madeAt,
}: {
  readonly artifacts: readonly VerifiedArtifact[];
  readonly receipts: readonly CheckedReceipt[];
  readonly rootTimes: readonly number[];
  readonly reports: readonly CheckedReport[];
  readonly madeAt: number;
}): void {
  const times = [
    ...artifacts.map(({ evidence }) => evidence.anchors.at(-1)!.time),
    ...receipts.map(({ receipt }) => receipt.time),
    ...rootTimes,
    ...reports.map(({ endedAt }) => endedAt),
  ];
  if (times.some((time) => time > madeAt + maxAheadSeconds))
    throw new VerificationError("evidence-pack", "the pack says that it was made before what it holds");
}

/** Receipts under the roots of the pack. Throws `receipt-root`, `evidence-pack`, `attachment-missing`, `attachment-unnamed`. Spec: EVP-3. */
function readReceipts(
  { receipt: encoded, root: messages }: Items,
  trust: TrustPolicy,
  now: number,
): { readonly receipts: readonly CheckedReceipt[]; readonly rootTimes: readonly number[] } {
  const roots = new Map(messages.map((message) => [nameOf(message), judgeReceiptRoot(message, trust, now)]));
  const used = new Set<Digest>();
  const receipts = encoded.map((input, index): CheckedReceipt => {
    const packed = receiptShape.read(decodeCbor(input, { maxBytes: 2 << 20 }), `receipts/${index}`);
    const receipt = decodeReceipt(packed.receipt);
    const name = nameOf(packed.receipt);
    const { place } = packed;
    if (!place) return { name, receipt, rootedBy: null };
    const found = roots.get(place.root);
    if (!found) throw new FormatError("attachment-missing", `root message \`${place.root}\` is not in the pack`);
    used.add(place.root);
    const { root, suite, signer, fault } = found;
    const { hash: alg } = suites[suite];
    const leaf = receiptLeaves(suite, [packed]);
    const reached = rootFromPath(alg, leaf, place.index, place.treeSize, place.path);
    if (place.treeSize !== root.treeSize || reached === null || !equalBytes(reached, root.root))
      throw new VerificationError("receipt-root", `receipt \`${name}\` is not a leaf under its root`);
    assertNotYounger(receipt, root.time);
    return { name, receipt, rootedBy: fault === null ? signer.authority : null };
  });
  // counted twice, a release would look like two of one permit
  if (new Set(receipts.map(({ name }) => name)).size < receipts.length)
    throw new VerificationError("evidence-pack", "the pack holds a receipt twice");
  for (const name of roots.keys())
    if (!used.has(name)) throw new FormatError("attachment-unnamed", `no receipt names root message \`${name}\``);
  return {
    receipts: receipts.toSorted((a, b) => a.receipt.time - b.receipt.time || a.receipt.sequence - b.receipt.sequence),
    rootTimes: [...roots.values()].map(({ root }) => root.time),
  };
}

/**
 * Verifies a pack under the caller's own trust policy, offline: who packed it, each artifact, their lineage, each receipt under its
 * root, each report. What it doesn't prove is told as gaps. Throws the first that doesn't verify: FormatError, VerificationError,
 * PolicyError with an evaluator. Spec: EVP-1 to EVP-5.
 */
export async function verifyEvidence(
  input: Uint8Array,
  trust: TrustPolicy,
  options: VerifyEvidenceOptions = {},
): Promise<EvidenceAudit> {
  rejectUnknownOptions(options, ["evaluator", "maxBytes", "clock"]);
  const { evaluator, maxBytes = defaultMaxBytes } = options;
  const clock = options.clock ? { clock: options.clock } : {};
  const now = secondsNow(options.clock);
  assertTrust(trust, now);
  const value = decodeCbor(ownBytes(input, { maxBytes }), { maxBytes });
  if (!Array.isArray(value) || value[0] !== magic)
    throw new FormatError("format-unknown", "the input is not an evidence pack");
  if (value[1] !== 1) throw new FormatError("version-unknown", "the pack is of a version that is not known here");
  const [, , message, encoded] = packShape.read(value as CborValue, "pack");
  const { manifest, packedBy } = readManifest(message, encoded, trust, now);
  const items = readItems(encoded, maxBytes);
  const artifacts: VerifiedArtifact[] = [];
  for (const artifact of items.artifact)
    artifacts.push(await ingest(artifact, trust, { ...clock, ...(evaluator ? { evaluator } : {}) }));
  const { receipts, rootTimes } = readReceipts(items, trust, now);
  const reports = items.report.map((report) => verifyReport(report, trust, clock));
  const { madeAt, trust: packedTrust } = manifest;
  assertNotBefore({ artifacts, receipts, rootTimes, reports, madeAt });
  return {
    madeAt,
    packedBy,
    trust: packedTrust,
    artifacts,
    lineage: await verifyLineage(artifacts, clock),
    receipts,
    reports,
    statusLists: items.status,
    gaps: evidenceGaps(artifacts, receipts),
  };
}
