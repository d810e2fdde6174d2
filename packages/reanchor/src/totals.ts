// Figures over an inventory.
import type { InventoryEntry } from "./inventory.ts";

type Counts = Readonly<Record<string, number>>;

/** Figures over a corpus; each map counts artifacts by that trait. */
export interface InventoryTotals {
  /** All items: verified ones and findings. */
  readonly items: number;
  readonly verified: number;
  readonly refused: number;
  readonly sidecars: number;
  readonly envelopes: number;
  readonly distinctIds: number;
  /** Artifact ids of which one revision is there with different cores. */
  readonly forks: readonly string[];
  readonly artifactBytes: number;
  readonly contentBytes: number;
  readonly byEra: Counts;
  /** `none` for artifacts without recipients. */
  readonly byWrapEra: Counts;
  /** By the suite of the last anchor. */
  readonly bySuite: Counts;
  readonly byStanding: Counts;
  readonly byCustody: Counts;
  readonly byKey: Counts;
  readonly byHash: Counts;
  readonly byClassification: Counts;
  readonly byPolicy: Counts;
  /** Years since the seal, rounded down. */
  readonly byAgeYears: Counts;
  /** Year of the deadline under the trust policy, or `none`. */
  readonly byDeadlineYear: Counts;
  /** Artifacts whose data key was ever protected by classical means only: they need re-encryption. */
  readonly exposed: number;
  /** Artifacts that fail a requirement which is only reported so far. */
  readonly failingReported: number;
}

type Tally = {
  -readonly [K in keyof InventoryTotals]: InventoryTotals[K] extends Counts
    ? Record<string, number>
    : InventoryTotals[K];
};

/** Totals of nothing. */
export function totalsOf(): Tally {
  const counts = (): Record<string, number> => Object.create(null) as Record<string, number>;
  return {
    items: 0,
    verified: 0,
    refused: 0,
    sidecars: 0,
    envelopes: 0,
    distinctIds: 0,
    forks: [],
    artifactBytes: 0,
    contentBytes: 0,
    byEra: counts(),
    byWrapEra: counts(),
    bySuite: counts(),
    byStanding: counts(),
    byCustody: counts(),
    byKey: counts(),
    byHash: counts(),
    byClassification: counts(),
    byPolicy: counts(),
    byAgeYears: counts(),
    byDeadlineYear: counts(),
    exposed: 0,
    failingReported: 0,
  };
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

const secondsPerYear = 31_556_952;

/** Adds one artifact to the totals. */
export function countInto(totals: Tally, entry: InventoryEntry): void {
  totals.verified += 1;
  totals[entry.form === "sidecar" ? "sidecars" : "envelopes"] += 1;
  totals.artifactBytes += entry.artifactBytes;
  totals.contentBytes += entry.contentBytes;
  add(totals.byEra, entry.era);
  add(totals.byWrapEra, entry.wrapEra ?? "none");
  add(totals.bySuite, entry.suites.at(-1)!);
  add(totals.byStanding, entry.standing);
  for (const custody of entry.custodies) add(totals.byCustody, custody);
  for (const key of new Set(entry.keys)) add(totals.byKey, key);
  add(totals.byHash, entry.contentHash);
  add(totals.byClassification, entry.classification);
  for (const policy of new Set(entry.policies)) add(totals.byPolicy, policy);
  add(totals.byAgeYears, String(Math.floor(entry.ageSeconds / secondsPerYear)));
  add(
    totals.byDeadlineYear,
    entry.deadline === null ? "none" : String(new Date(entry.deadline * 1000).getUTCFullYear()),
  );
  if (entry.exposures > 0) totals.exposed += 1;
  if (entry.reportedRequirements > 0) totals.failingReported += 1;
}
