// The run: every artifact of a corpus to its new anchor, in batches, or to an outcome that says why not.
import { setImmediate, setTimeout } from "node:timers/promises";
import { describeSigner, GovernanceError, VerificationError } from "@writ/core";
import type { Clock, Signer, Store, SuiteName, TrustedSigner, TrustPolicy } from "@writ/core";
import { Campaign } from "./campaign.ts";
import type { CampaignTerms } from "./campaign.ts";
import { assertCurrent } from "./examine.ts";
import { itemsPerTurn } from "./inventory.ts";
import { rejectUnknown } from "./options.ts";
import type { OutcomeCounts, RunResult } from "./outcome.ts";
import { checkBatchSize, defaultBatchSize } from "./plan.ts";
import type { Plan } from "./plan.ts";
import type { CorpusStore } from "./store.ts";
import { targetSuite } from "./target.ts";
import type { Target } from "./target.ts";

/** How far a run is. */
export interface RunProgress {
  readonly done: number;
  readonly total: number;
  readonly counts: OutcomeCounts;
  /** Verified and waiting for their batch. */
  readonly pending: number;
  readonly batches: number;
  readonly signCalls: number;
  readonly elapsedMs: number;
}

/** Options of `run`. */
export interface RunOptions {
  readonly trust: TrustPolicy;
  /** Of the target suite, with role anchor or issue in the trust policy. Needed to commit; a dry run checks it where it is given. */
  readonly signer?: Signer;
  /** False, the default, signs and writes nothing. */
  readonly commit?: boolean;
  /** Most artifacts that this run anchors: a canary. */
  readonly limit?: number;
  /** Share of the corpus, 0 to 1, that may be set aside; one more aborts the run. Default: any. */
  readonly maxSetAside?: number;
  /** Artifacts a batch, 1 to 65,536; default 2,048. */
  readonly batchSize?: number;
  /** Longest time that an artifact waits for its batch: 1 to 60,000 (default) ms. */
  readonly batchMs?: number;
  /** Put into every statement; at most 512 characters. */
  readonly reason?: string;
  readonly clock?: Clock;
  /** Where policies and root messages of compact artifacts come from. */
  readonly attachments?: Store;
  /** Waits between attempts, in ms; rejects when the signal aborts. Default: timers. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Drains: what is pending is anchored and stored, the rest is not reached. */
  readonly signal?: AbortSignal;
}

/** Throws VerificationError where anchors by this signer would not count, and returns the signer as trusted. Spec: RAN-7. */
function trustedSigner(signer: Signer, trust: TrustPolicy, now: number): TrustedSigner {
  const kids = describeSigner(signer, "anchor").keys.map(({ thumbprint }) => thumbprint);
  const known = trust.signers.find(
    ({ keys }) =>
      keys.length === kids.length && keys.every(({ kid }, index) => Buffer.from(kid).toString("hex") === kids[index]),
  );
  if (!known || known.authority !== signer.authority)
    throw new VerificationError(
      "signer-unknown",
      `the trust policy has no signer \`${signer.authority}\` with these keys: its anchors would be refused`,
    );
  if (known.role !== "anchor" && known.role !== "issue")
    throw new VerificationError(
      "signer-role",
      `the trust policy gives \`${signer.authority}\` role \`${known.role}\`; anchors take \`anchor\``,
    );
  if ((known.notBefore !== null && now < known.notBefore) || (known.notAfter !== null && now >= known.notAfter))
    throw new VerificationError("signer-dates", `the trust policy does not trust \`${signer.authority}\` now`);
  if (known.invalidSince !== null)
    throw new VerificationError(
      "signer-compromised",
      `the trust policy marks the key of \`${signer.authority}\` as invalid`,
    );
  const dates = trust.suites.get(signer.suite);
  if (
    dates === undefined ||
    (dates.signUntil !== null && now >= dates.signUntil) ||
    (dates.verifyUntil !== null && now >= dates.verifyUntil)
  )
    throw new VerificationError(
      "suite-lapsed",
      `the trust policy does not accept new signatures of suite \`${signer.suite}\``,
    );
  return known;
}

function checkSigner(options: RunOptions, suite: SuiteName, now: number): string[] {
  const { signer, trust, commit } = options;
  if (signer === undefined) {
    if (commit) throw new TypeError("committing takes a signer");
    return [];
  }
  if (signer.suite !== suite)
    throw new TypeError(`the signer is of suite \`${signer.suite}\`, the target is \`${suite}\``);
  const { trustedTime, authority } = trustedSigner(signer, trust, now);
  return trustedTime
    ? []
    : [
        `the trust policy does not trust \`${authority}\` for time: earlier anchors stay judged at the present date and lapse with their own suites`,
      ];
}

function within(name: string, value: number, least: number, most: number): number {
  if (!(value >= least && value <= most))
    throw new RangeError(`\`${name}\` is from ${least} to ${most}, not \`${value}\``);
  return value;
}

function pathsOf(target: Plan | { readonly to: Target }): readonly string[] {
  return "items" in target ? target.items.map(({ path }) => path) : [];
}

/** The plan's paths in its order, then what the corpus has beside them: nothing is left out. */
async function* pathsToTake(store: CorpusStore, planned: readonly string[]): AsyncIterable<string> {
  const known = new Set(planned);
  yield* known;
  for await (const path of store.list()) if (!known.has(path)) yield path;
}

async function countPaths(paths: AsyncIterable<string>): Promise<number> {
  let count = 0;
  for await (const _ of paths) count += 1;
  return count;
}

function termsOf(options: RunOptions, suite: SuiteName, total: number): CampaignTerms {
  const { trust, clock = Date.now, attachments, reason, signal } = options;
  if (reason !== undefined && (reason.length === 0 || reason.length > 512))
    throw new RangeError("`reason` has 1 to 512 characters");
  return {
    trust,
    clock,
    attachments,
    suite,
    signer: options.commit ? options.signer! : null,
    limit: within("limit", options.limit ?? Infinity, 1, Infinity),
    maxSetAside: within("maxSetAside", options.maxSetAside ?? 1, 0, 1),
    batchSize: checkBatchSize(options.batchSize ?? defaultBatchSize),
    batchMs: within("batchMs", options.batchMs ?? 60_000, 1, 60_000),
    reason,
    wait: options.wait ?? ((ms, abort) => setTimeout(ms, undefined, abort ? { signal: abort } : {})),
    signal,
    total,
  };
}

function newCampaignId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/**
 * Re-anchors a corpus: a dry run unless `commit`. What is done is read from the artifacts themselves, so running again goes on where a run
 * ended, however it ended. Resolves with an outcome for every item; throws TypeError, RangeError, VerificationError (`trust-expired`,
 * `signer-…`, `suite-lapsed`) and FormatError (`input-unreadable`, `output-unwritable`) before anything is written. Spec: RAN-6 to RAN-14, RAN-18 to RAN-20.
 */
export async function run(
  store: CorpusStore,
  target: Plan | { readonly to: Target },
  options: RunOptions,
): Promise<RunResult> {
  rejectUnknown(options, [
    "trust",
    "signer",
    "commit",
    "limit",
    "maxSetAside",
    "batchSize",
    "batchMs",
    "reason",
    "clock",
    "attachments",
    "wait",
    "onProgress",
    "signal",
  ]);
  if ("location" in target && target.location !== store.location)
    throw new TypeError(`the plan is for \`${target.location}\`, the corpus is \`${store.location}\``);
  const suite = targetSuite(target.to);
  const clock = options.clock ?? Date.now;
  const started = clock();
  assertCurrent(options.trust, Math.floor(started / 1000));
  const warnings = checkSigner(options, suite, Math.floor(started / 1000));
  const planned = pathsOf(target);
  const terms = termsOf(options, suite, await countPaths(pathsToTake(store, planned)));
  const writer = options.commit ? await store.openWriter() : null;
  const campaign = new Campaign(store, writer, terms);
  try {
    await takeAll(campaign, pathsToTake(store, planned), terms.total, started, options);
    await campaign.finish();
  } finally {
    await writer?.close().catch((error: unknown) => {
      if (!(error instanceof GovernanceError)) throw error;
      campaign.closingFailed(error);
    });
  }
  return {
    version: 1,
    campaign: newCampaignId(),
    location: store.location,
    to: suite,
    committed: writer !== null,
    startedAt: Math.floor(started / 1000),
    endedAt: Math.floor(clock() / 1000),
    ...campaign.ending(),
    trustSequence: options.trust.sequence,
    counts: { ...campaign.counts },
    batches: campaign.batches,
    signCalls: campaign.signCalls,
    bytesWritten: campaign.bytesWritten,
    recovered: writer?.recovered ?? 0,
    warnings,
    outcomes: campaign.outcomes,
  };
}

async function takeAll(
  campaign: Campaign,
  paths: AsyncIterable<string>,
  total: number,
  started: number,
  options: RunOptions,
): Promise<void> {
  const { clock = Date.now, onProgress } = options;
  let taken = 0;
  for await (const path of paths) {
    await campaign.take(path);
    taken += 1;
    if (taken % itemsPerTurn !== 0) continue;
    const { counts, pending, batches, signCalls } = campaign;
    onProgress?.({
      done: taken,
      total,
      counts: { ...counts },
      pending,
      batches,
      signCalls,
      elapsedMs: clock() - started,
    });
    await setImmediate();
  }
}
