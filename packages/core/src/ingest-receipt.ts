// The receipt of an ingest: which state of an artifact a process took in, what was found, and what it left unchecked.
import { appendDurably, principalForReceipt } from "./decide.ts";
import type { Principal } from "./evaluator.ts";
import type { ReceiptSink } from "./receipt.ts";
import type { Digest } from "./shape.ts";
import { assertVerified } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** Records that `principal` verified an artifact; returns the receipt's name. Throws PolicyError `receipt-not-durable`. Spec: REC-9. */
export async function recordIngest(
  sink: ReceiptSink,
  artifact: VerifiedArtifact,
  principal: Principal,
): Promise<Digest> {
  assertVerified(artifact);
  const unchecked = artifact.checks.filter(({ outcome }) => outcome === "unchecked");
  return appendDurably(sink, {
    kind: "ingest",
    artifactId: artifact.core.artifactId,
    core: artifact.name,
    policies: artifact.layers.map(({ policy, parameters }) => ({ policy, ...(parameters ? { parameters } : {}) })),
    request: artifact.head,
    operation: "ingest",
    purposes: [],
    principal: principalForReceipt(principal),
    ...(unchecked.length === 0
      ? {}
      : { reasons: unchecked.map(({ check }) => ({ code: "unchecked", subject: check })) }),
    exit: artifact.evidence.standing,
  });
}
