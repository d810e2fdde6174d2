// One stored item, read and verified. What can't be is an obstacle, never an exception: one bad file stops no campaign.
import { GovernanceError, ingest, splitCarrier, VerificationError } from "@writ/core";
import type { Carried, Clock, Store, TrustPolicy, VerifiedArtifact } from "@writ/core";
import type { CorpusStore } from "./store.ts";
import type { Obstacle } from "./target.ts";

/** What verifying items takes. */
export interface ExamineOptions {
  readonly trust: TrustPolicy;
  readonly clock: Clock;
  /** Policies and root messages of compact artifacts. */
  readonly attachments?: Store | undefined;
}

/** An item that verified. */
export interface Examined {
  readonly path: string;
  readonly version: string;
  /** The file as stored. */
  readonly sizeBytes: number;
  readonly carried: Carried;
  readonly artifact: VerifiedArtifact;
}

/** An item that did not; `sizeBytes` is null where it could not even be read. */
export interface Refused {
  readonly path: string;
  readonly sizeBytes: number | null;
  readonly obstacle: Obstacle;
}

/** The obstacle that an error is; throws what is not a GovernanceError, and a lapsed trust policy, which is no fault of the item. */
function obstacleOf(error: unknown): Obstacle {
  if (!(error instanceof GovernanceError) || error.code === "trust-expired") throw error;
  return { code: error.code, reason: error.message, retryable: error.retryable };
}

/** Reads and ingests one item. Spec: RAN-7, RAN-8. */
export async function examine(store: CorpusStore, path: string, options: ExamineOptions): Promise<Examined | Refused> {
  let sizeBytes: number | null = null;
  try {
    const { bytes, version } = await store.read(path);
    sizeBytes = bytes.length;
    const carried = splitCarrier(bytes);
    return { path, version, sizeBytes, carried, artifact: await verify(carried.artifact, options) };
  } catch (error) {
    return { path, sizeBytes, obstacle: obstacleOf(error) };
  }
}

/** Throws VerificationError `trust-expired`: a corpus is not judged by a lapsed trust policy, not even an empty one. `now` is seconds since the epoch. */
export function assertCurrent(trust: TrustPolicy, now: number): void {
  if (now >= trust.expires)
    throw new VerificationError("trust-expired", "the trust policy has expired: fetch the current one");
}

/** Ingests one artifact under the campaign's trust policy. */
export function verify(artifact: Uint8Array, { trust, clock, attachments }: ExamineOptions): Promise<VerifiedArtifact> {
  return ingest(artifact, trust, { clock, ...(attachments === undefined ? {} : { store: attachments }) });
}
