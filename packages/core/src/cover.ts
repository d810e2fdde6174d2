// Re-anchoring, core's part: a statement over a verified artifact, and the artifact with one anchor more. Ciphertext is not touched.
import { makeStatement, rootMessages, signAnchor } from "./anchor.ts";
import type { Statement } from "./anchor.ts";
import { encodeArtifact, headDigest } from "./artifact.ts";
import { encodeAttachment } from "./attachments.ts";
import { compareBytes } from "./cbor.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { VerificationError } from "./errors.ts";
import { rejectUnknownOptions } from "./options.ts";
import type { Digest } from "./shape.ts";
import type { Signer } from "./signer.ts";
import type { SuiteName } from "./suites.ts";
import { assertVerified } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** Options of `coverStatement`. */
export interface CoverOptions {
  readonly suite: SuiteName;
  /** Seconds since the epoch; raised to one above the last anchor's time. */
  readonly time: number;
  readonly reason?: string;
}

/** Throws `anchor-chain` where later anchors of unknown suites would be dropped from sight. */
function assertWhole(artifact: VerifiedArtifact): void {
  assertVerified(artifact);
  if (artifact.evidence.unknownLater > 0) throw new VerificationError("anchor-chain", "the artifact has later anchors of a suite that is not known here; only a version that knows them can add to it");
}

/** The earliest time, in seconds since the epoch, that a next anchor of this artifact may have. Spec: ANC-9. */
export function nextAnchorTime(artifact: VerifiedArtifact, now: number): number {
  return Math.max(now, artifact.evidence.anchors.at(-1)!.time + 1);
}

/** A cover statement over a verified artifact, to sign directly or in a batch. Spec: ANC-1, ANC-5, ANC-7. */
export function coverStatement(artifact: VerifiedArtifact, options: CoverOptions): Statement {
  assertWhole(artifact);
  rejectUnknownOptions(options, ["suite", "time", "reason"]);
  const { core, parts } = artifact;
  return makeStatement(
    { core: parts.core, keys: parts.keys, artifactId: core.artifactId, contentRoot: core.content.root },
    rootMessages(artifact.anchors, (name) => artifact.attachments.root(name)),
    {
      kind: "cover",
      suite: options.suite,
      issuedAt: nextAnchorTime(artifact, options.time),
      verdict: artifact.evidence.standing,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    },
  );
}

/** The artifact with one anchor more and, for a batched one, its root message attached. All other bytes stay. Spec: ANC-5, ATT-4. */
export function withAnchor(artifact: VerifiedArtifact, anchor: Uint8Array, rootMessage: Uint8Array | null): { readonly artifact: Uint8Array; readonly head: Digest } {
  assertWhole(artifact);
  const { parts } = artifact;
  const attached = rootMessage === null ? [] : [encodeAttachment("root", rootMessage)];
  const attachments = [...parts.attachments, ...attached].toSorted(compareBytes);
  const next = { ...parts, anchors: [...parts.anchors, anchor], attachments };
  return { artifact: encodeArtifact(next), head: headDigest(next) };
}

/** Covers one artifact with a direct anchor. Throws `anchor-chain` and what the signer throws. Spec: ANC-3, ANC-5. */
export async function cover(artifact: VerifiedArtifact, options: { readonly signer: Signer; readonly reason?: string; readonly clock?: Clock }): Promise<{ readonly artifact: Uint8Array; readonly head: Digest }> {
  rejectUnknownOptions(options, ["signer", "reason", "clock"]);
  const time = Math.floor((options.clock ?? systemClock)() / 1000);
  const statement = coverStatement(artifact, { suite: options.signer.suite, time, ...(options.reason === undefined ? {} : { reason: options.reason }) });
  return withAnchor(artifact, await signAnchor(statement, options.signer), null);
}
