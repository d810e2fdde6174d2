// Re-anchoring, core's part: statements over verified artifacts, and the artifacts with one anchor more. Ciphertext is not touched.
import { makeStatement, rootMessages } from "./anchor.ts";
import type { Statement } from "./anchor.ts";
import { encodeArtifact, headDigest, nameOf } from "./artifact.ts";
import { encodeAttachment } from "./attachments.ts";
import { anchorBatch } from "./batch.ts";
import { anchorBy } from "./batch-signer.ts";
import { compareBytes } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { VerificationError } from "./errors.ts";
import { rejectUnknownOptions } from "./options.ts";
import type { Digest } from "./shape.ts";
import type { Signer } from "./signer.ts";
import type { SuiteName } from "./suites.ts";
import { assertVerified, evidenceStands } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** Options of `cover` and `coverBatch`. */
export interface CoverOptions {
  /** Of an authority that consumers trust with role anchor or issue. */
  readonly signer: Signer;
  /** At most 512 characters, in every statement. */
  readonly reason?: string;
  readonly clock?: Clock;
}

/** An artifact with one anchor more. */
export interface Covered {
  readonly artifact: Uint8Array;
  readonly head: Digest;
}

/** What `coverBatch` gives. */
export interface CoveredBatch {
  /** Name of the root message, which every artifact of the batch has attached. */
  readonly root: Digest;
  /** Seconds since the epoch: the time of every anchor in the batch. */
  readonly time: number;
  /** In the order of the input; each is encoded when it is asked for, so that a batch is not held in memory twice. */
  readonly covered: Iterable<Covered>;
}

interface StatementTerms {
  /** Default `cover`. */
  readonly kind?: "rehash" | "rewrap";
  /** What a rehash states; default: what the last anchor gives. */
  readonly contentRoot?: Digest;
  /** The keys part that the anchor is over; default: the present one. */
  readonly keys?: Uint8Array;
  readonly suite: SuiteName;
  /** Seconds since the epoch; raised to one above the last anchor's time. */
  readonly time: number;
  readonly reason?: string;
}

/** Throws `anchor-chain` where later anchors of unknown suites would be dropped from sight. */
export function assertWhole(artifact: VerifiedArtifact): void {
  assertVerified(artifact);
  if (artifact.evidence.unknownLater > 0)
    throw new VerificationError(
      "anchor-chain",
      "the artifact has later anchors of a suite that is not known here; only a version that knows them can add to it",
    );
}

/** The earliest time, in seconds since the epoch, that a next anchor of this artifact may have. Spec: ANC-9. */
function nextAnchorTime(artifact: VerifiedArtifact, now: number): number {
  return Math.max(now, artifact.evidence.anchors.at(-1)!.time + 1);
}

/** A statement after those of a verified artifact, to sign directly or in a batch. Spec: ANC-1, ANC-5, ANC-7. */
export function nextStatement(artifact: VerifiedArtifact, options: StatementTerms): Statement {
  assertWhole(artifact);
  const { core, parts } = artifact;
  const contentRoot = options.contentRoot ?? artifact.anchors.at(-1)!.statement.contentRoot;
  return makeStatement(
    { core: parts.core, keys: options.keys ?? parts.keys, artifactId: core.artifactId, contentRoot },
    rootMessages(artifact.anchors, (name) => artifact.attachments.root(name)),
    {
      kind: options.kind ?? "cover",
      suite: options.suite,
      issuedAt: nextAnchorTime(artifact, options.time),
      verdict: evidenceStands(artifact, options.time) ? "valid" : "expired",
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    },
  );
}

/** The artifact with one anchor more, perhaps over other keys, and, for a batched one, its root message attached. All other bytes stay. Spec: ANC-5, ATT-4. */
export function withAnchor(
  artifact: VerifiedArtifact,
  anchor: Uint8Array,
  rootMessage: Uint8Array | null,
  keys: Uint8Array = artifact.parts.keys,
): Covered {
  assertWhole(artifact);
  const { parts } = artifact;
  const attached = rootMessage === null ? [] : [encodeAttachment("root", rootMessage)];
  const attachments = [...parts.attachments, ...attached].toSorted(compareBytes);
  const next = { ...parts, keys, anchors: [...parts.anchors, anchor], attachments };
  return { artifact: encodeArtifact(next), head: headDigest(next) };
}

/** Covers one artifact with a direct anchor. Throws RangeError for a reason of another length, `anchor-chain` and what the signer throws. Spec: ANC-3, ANC-5. */
export async function cover(artifact: VerifiedArtifact, options: CoverOptions): Promise<Covered> {
  rejectUnknownOptions(options, ["signer", "reason", "clock"]);
  const time = secondsNow(options.clock);
  const statement = nextStatement(artifact, {
    suite: options.signer.suite,
    time,
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  });
  const { anchor, rootMessage } = await anchorBy(statement, options.signer);
  return withAnchor(artifact, anchor, rootMessage);
}

/**
 * Covers 1 to 65,536 artifacts with batched anchors under one signed root: one Sign call a signature of the suite. All get one time, later
 * than every anchor that any of them has. Throws RangeError, `anchor-chain` and what the signer throws. Spec: ANC-5, ANC-9, BAT-1 to BAT-3.
 */
export async function coverBatch(artifacts: readonly VerifiedArtifact[], options: CoverOptions): Promise<CoveredBatch> {
  rejectUnknownOptions(options, ["signer", "reason", "clock"]);
  const { signer, reason } = options;
  const now = secondsNow(options.clock);
  const time = artifacts.reduce((latest, artifact) => Math.max(latest, nextAnchorTime(artifact, now)), now);
  const statements = artifacts.map((artifact) =>
    nextStatement(artifact, { suite: signer.suite, time, ...(reason === undefined ? {} : { reason }) }),
  );
  const { rootMessage, anchors } = await anchorBatch(statements, signer, time);
  function* covered(): Generator<Covered> {
    for (const [index, artifact] of artifacts.entries()) yield withAnchor(artifact, anchors[index]!, rootMessage);
  }
  return { root: nameOf(rootMessage), time, covered: { [Symbol.iterator]: covered } };
}
