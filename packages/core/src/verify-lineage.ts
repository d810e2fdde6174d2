// The lineage of a corpus: artifacts that verify each by itself, and what they are to each other. What is kept of an artifact
// is small: a corpus may be read as a stream.
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { FormatError } from "./errors.ts";
import { NodeReader } from "./lineage-node.ts";
import { LineageTable } from "./lineage-table.ts";
import { walkLineage } from "./lineage-walk.ts";
import type { LineageReport } from "./lineage-walk.ts";
import { rejectUnknownOptions } from "./options.ts";
import { assertTrust } from "./trust.ts";
import type { TrustPolicy } from "./trust.ts";
import { assertVerified } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

export type {
  LineageFinding,
  LineageFork,
  LineageGap,
  LineageReport,
  LineageStanding,
  Superseded,
} from "./lineage-walk.ts";

/** Options of `verifyLineage`. */
export interface VerifyLineageOptions {
  readonly clock?: Clock;
  /** Most artifacts; default 1,000,000. */
  readonly maxArtifacts?: number;
}

const defaultMaxArtifacts = 1_000_000;

/**
 * Walks the graph of artifacts that ingest has verified, all under one trust policy: digests, circles, times, layers, status, custody rules, revisions. Reads a stream without keeping its artifacts. What doesn't hold is
 * told, not thrown; throws TypeError for what ingest didn't make, `input-too-large` for more than `maxArtifacts`, `trust-expired`.
 * Spec: LIN-20, LIN-21.
 */
export async function verifyLineage(
  artifacts: Iterable<VerifiedArtifact> | AsyncIterable<VerifiedArtifact>,
  options: VerifyLineageOptions = {},
): Promise<LineageReport> {
  rejectUnknownOptions(options, ["clock", "maxArtifacts"]);
  const { maxArtifacts = defaultMaxArtifacts } = options;
  if (!Number.isSafeInteger(maxArtifacts) || maxArtifacts < 1) throw new RangeError("`maxArtifacts` is at least 1");
  const now = secondsNow(options.clock);
  const reader = new NodeReader();
  const nodes = new LineageTable();
  let trust: TrustPolicy | null = null;
  for await (const artifact of artifacts) {
    assertVerified(artifact);
    trust ??= artifact.trust;
    if (artifact.trust !== trust) throw new TypeError("the artifacts were verified under several trust policies");
    assertTrust(trust, now);
    nodes.add(reader.read(artifact));
    if (nodes.size > maxArtifacts)
      throw new FormatError("input-too-large", `a lineage of more than ${maxArtifacts} artifacts`);
  }
  if (trust === null) throw new RangeError("a lineage has at least one artifact");
  return walkLineage(nodes, trust, now);
}
