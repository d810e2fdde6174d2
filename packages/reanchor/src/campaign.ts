// One run's state: items are verified, wait for their batch, are anchored, stored, read back, and end as an outcome.
import { artifactIdText, coverBatch, encodeEnvelope, GovernanceError } from "@writ/core";
import type { Covered, ErrorCode, OutcomeKind, Signer, SuiteName } from "@writ/core";
import { examine, verify } from "./examine.ts";
import type { Examined, ExamineOptions, Refused } from "./examine.ts";
import { noOutcomes } from "./outcome.ts";
import type { Outcome, RunResult } from "./outcome.ts";
import type { CorpusStore, CorpusWriter, Replacement } from "./store.ts";
import { hasReached, standingOf, standingOfError } from "./target.ts";
import type { Obstacle } from "./target.ts";

/** What a run was asked for, checked and with its defaults. */
export interface CampaignTerms extends ExamineOptions {
  readonly suite: SuiteName;
  /** Null in a dry run. */
  readonly signer: Signer | null;
  readonly limit: number;
  readonly maxSetAside: number;
  readonly batchSize: number;
  readonly batchMs: number;
  readonly reason: string | undefined;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal | undefined;
  /** Items of the corpus, for the share that may be set aside. */
  readonly total: number;
}

/** Attempts at one item before it is set aside, and at one call before the run is aborted. */
const maxItemAttempts = 3;
const maxCallAttempts = 6;
/** Carriers held in memory for one batch, and written in one group. */
const maxHeldBytes = 64 << 20;
const maxGroupSize = 4096;

interface Pending {
  readonly examined: Examined;
  readonly attempts: number;
}

/** Why a run ended before the last item. */
interface Stop {
  readonly ended: "limit" | "aborted" | "interrupted";
  readonly code?: ErrorCode | "max-set-aside";
  readonly reason?: string;
}

/** A signer that counts what it is asked for. */
function counting(signer: Signer, count: () => void): Signer {
  const keys = signer.keys.map((key) => ({
    alg: key.alg,
    publicKey: key.publicKey,
    sign: (message: Uint8Array) => {
      count();
      return key.sign(message);
    },
  }));
  return { authority: signer.authority, suite: signer.suite, keys };
}

/** A run under way. */
export class Campaign {
  readonly outcomes: Outcome[] = [];
  readonly counts: Record<OutcomeKind, number> = noOutcomes();
  batches = 0;
  signCalls = 0;
  bytesWritten = 0;
  stopped: Stop | null = null;
  readonly #store: CorpusStore;
  readonly #writer: CorpusWriter | null;
  readonly #terms: CampaignTerms;
  readonly #signer: Signer | null;
  #pending: Pending[] = [];
  #heldBytes = 0;
  #firstPendingAt = 0;
  #taken = 0;
  #again: { readonly path: string; readonly attempts: number }[] = [];

  constructor(store: CorpusStore, writer: CorpusWriter | null, terms: CampaignTerms) {
    this.#store = store;
    this.#writer = writer;
    this.#terms = terms;
    this.#signer = terms.signer && counting(terms.signer, () => (this.signCalls += 1));
  }

  get pending(): number {
    return this.#pending.length;
  }

  /** Takes one item: examines it, or notes that the run has ended before it. Spec: RAN-6 to RAN-9. */
  async take(path: string, attempts = 1): Promise<void> {
    if (this.#terms.signal?.aborted) this.#stop({ ended: "interrupted" });
    if (this.stopped) return this.#notReached(path, attempts - 1);
    const examined = await this.#examine(path);
    if (examined === null) return this.#notReached(path, attempts - 1);
    if ("obstacle" in examined) return this.#refuse(path, attempts, examined.obstacle);
    const standing = standingOf(examined.artifact, this.#terms.suite, Math.floor(this.#terms.clock() / 1000));
    if (standing.kind === "due") return this.#takeDue(examined, attempts);
    this.#record(path, standing.kind, attempts, {
      ...identityOf(examined),
      ...("code" in standing ? { code: standing.code, reason: standing.reason } : {}),
    });
  }

  /** Null where the run can't go on: the trust policy lapsed under it. */
  async #examine(path: string): Promise<Examined | Refused | null> {
    try {
      return await examine(this.#store, path, this.#terms);
    } catch (error) {
      if (!(error instanceof GovernanceError)) throw error;
      this.#stop({ ended: "aborted", code: error.code, reason: error.message });
      return null;
    }
  }

  async #takeDue(examined: Examined, attempts: number): Promise<void> {
    if (attempts === 1 && this.#taken >= this.#terms.limit) {
      this.#stop({ ended: "limit" });
      return this.#notReached(examined.path, 0);
    }
    if (attempts === 1) this.#taken += 1;
    if (this.#writer === null) return this.#record(examined.path, "planned", attempts, identityOf(examined));
    if (this.#pending.length === 0) this.#firstPendingAt = this.#terms.clock();
    this.#pending.push({ examined, attempts });
    this.#heldBytes += examined.sizeBytes;
    const { batchSize, batchMs, clock } = this.#terms;
    if (
      this.#pending.length >= batchSize ||
      this.#heldBytes >= maxHeldBytes ||
      clock() - this.#firstPendingAt >= batchMs
    )
      await this.#anchorPending();
  }

  /** Anchors what is pending and takes again what failed for a passing reason, until nothing is left to do. */
  async finish(): Promise<void> {
    await this.#anchorPending();
    while (this.#again.length > 0) {
      const again = this.#again;
      this.#again = [];
      if (!this.stopped) await this.#waitOrStop(1000);
      for (const { path, attempts } of again) await this.take(path, attempts);
      await this.#anchorPending();
    }
  }

  /** One batch: one root, then groups of artifacts, each verified before it is written and read back after. Spec: RAN-7, RAN-10. */
  async #anchorPending(): Promise<void> {
    const batch = this.#pending;
    this.#pending = [];
    this.#heldBytes = 0;
    if (batch.length === 0 || this.#signer === null) return;
    if (this.stopped?.ended === "aborted") return this.#release(batch);
    const signer = this.#signer;
    const { clock, reason } = this.#terms;
    const signed = await this.#attempt(() =>
      coverBatch(
        batch.map(({ examined }) => examined.artifact),
        { signer, clock, ...(reason === undefined ? {} : { reason }) },
      ),
    );
    if (signed === null) return this.#release(batch);
    this.batches += 1;
    let group: Anchored[] = [];
    let groupBytes = 0;
    for (const [index, covered] of enumerate(signed.covered)) {
      const anchored = await this.#prepare(batch[index]!, covered, signed.root);
      if (anchored === null) continue;
      group.push(anchored);
      groupBytes += anchored.bytes.length;
      if (group.length < maxGroupSize && groupBytes < maxHeldBytes) continue;
      await this.#write(group);
      group = [];
      groupBytes = 0;
    }
    await this.#write(group);
  }

  /** The carrier with its new artifact, which verifies under the campaign's trust policy and has reached the target; else it is set aside. */
  async #prepare(pending: Pending, covered: Covered, root: string): Promise<Anchored | null> {
    const { examined, attempts } = pending;
    try {
      const artifact = await verify(covered.artifact, this.#terms);
      if (!hasReached(artifact, this.#terms.suite)) {
        this.#setAside(
          examined.path,
          attempts,
          { code: "suite-required", reason: "its new anchor would not count under the trust policy", retryable: false },
          identityOf(examined),
        );
        return null;
      }
    } catch (error) {
      if (!(error instanceof GovernanceError)) throw error;
      this.#setAside(
        examined.path,
        attempts,
        { code: error.code, reason: `with its new anchor: ${error.message}`, retryable: false },
        identityOf(examined),
      );
      return null;
    }
    const { path, version, carried } = examined;
    const bytes = carried.content === null ? covered.artifact : encodeEnvelope(covered.artifact, carried.content);
    return { path, version, bytes, pending, head: covered.head, root };
  }

  /** Stores a group and reads every artifact of it back. Spec: RAN-10, RAN-12. */
  async #write(group: readonly Anchored[]): Promise<void> {
    if (group.length === 0) return;
    const writer = this.#writer!;
    const results = this.stopped?.ended === "aborted" ? null : await this.#attempt(() => writer.replace(group));
    if (results === null) return this.#release(group.map(({ pending }) => pending));
    for (const [index, anchored] of group.entries()) {
      const { path, pending } = anchored;
      const result = results[index]!;
      if (result.outcome === "failed")
        this.#refuse(
          path,
          pending.attempts,
          { code: result.error.code, reason: result.error.message, retryable: result.error.retryable },
          identityOf(pending.examined),
        );
      else if (result.outcome === "changed" || !(await this.#readsBack(anchored)))
        this.#refuse(path, pending.attempts, changed, identityOf(pending.examined));
      else
        this.#record(path, "anchored", pending.attempts, {
          id: artifactIdText(pending.examined.artifact.core),
          head: anchored.head,
          root: anchored.root,
        });
    }
  }

  /** True where the store gives exactly the bytes that were verified before they were written. */
  async #readsBack({ path, bytes }: Anchored): Promise<boolean> {
    try {
      const stored = await this.#store.read(path);
      if (Buffer.compare(stored.bytes, bytes) !== 0) return false;
      this.bytesWritten += bytes.length;
      return true;
    } catch (error) {
      if (error instanceof GovernanceError) return false;
      throw error;
    }
  }

  /** Calls until it works, waiting twice as long each time; null where the run can't go on. */
  async #attempt<T>(call: () => Promise<T>): Promise<T | null> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof GovernanceError)) throw error;
        const hopeless = !error.retryable || attempt >= maxCallAttempts || this.#terms.signal?.aborted === true;
        if (hopeless || !(await this.#waitOrStop(500 * 2 ** attempt))) {
          this.#stop({
            ended: this.#terms.signal?.aborted ? "interrupted" : "aborted",
            code: error.code,
            reason: error.message,
          });
          return null;
        }
      }
    }
  }

  /** False where the wait was interrupted. */
  async #waitOrStop(ms: number): Promise<boolean> {
    const { signal, wait } = this.#terms;
    try {
      await wait(ms, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
    return signal?.aborted !== true;
  }

  /** What was verified but not anchored: the run ended, the artifacts are as they were. */
  #release(batch: readonly Pending[]): void {
    for (const { examined, attempts } of batch) this.#notReached(examined.path, attempts, identityOf(examined));
  }

  /** A passing fault is tried again at the end of the run; any other ends the item. Spec: RAN-8. */
  #refuse(path: string, attempts: number, obstacle: Obstacle, identity: Partial<Outcome> = {}): void {
    if (obstacle.retryable && attempts < maxItemAttempts) this.#again.push({ path, attempts: attempts + 1 });
    else if (standingOfError(obstacle).kind === "quarantined")
      this.#record(path, "quarantined", attempts, { ...identity, code: obstacle.code, reason: obstacle.reason });
    else this.#setAside(path, attempts, obstacle, identity);
  }

  #setAside(path: string, attempts: number, { code, reason }: Obstacle, identity: Partial<Outcome>): void {
    this.#record(path, "set-aside", attempts, { ...identity, code, reason });
    const { maxSetAside, total } = this.#terms;
    if (this.counts["set-aside"] > maxSetAside * total)
      this.#stop({
        ended: "aborted",
        code: "max-set-aside",
        reason: `${this.counts["set-aside"]} of ${total} items were set aside, the last for \`${code}\``,
      });
  }

  #notReached(path: string, attempts: number, identity: Partial<Outcome> = {}): void {
    const { code } = this.stopped ?? {};
    this.#record(path, "not-reached", attempts, {
      ...identity,
      ...(code === undefined || code === "max-set-aside" ? {} : { code }),
    });
  }

  #record(path: string, outcome: OutcomeKind, attempts: number, rest: Partial<Outcome>): void {
    this.counts[outcome] += 1;
    this.outcomes.push({ path, outcome, attempts, ...rest });
  }

  #stop(stop: Stop): void {
    this.stopped ??= stop;
  }

  /** How the run ended. */
  ending(): Pick<RunResult, "ended" | "endedCode" | "endedReason"> {
    if (this.stopped === null || (this.stopped.ended !== "aborted" && this.counts["not-reached"] === 0))
      return { ended: "complete" };
    const { ended, code, reason } = this.stopped;
    return {
      ended,
      ...(code === undefined ? {} : { endedCode: code }),
      ...(reason === undefined ? {} : { endedReason: reason }),
    };
  }

  /** Notes that closing the store failed: what was written is recovered by the next run. */
  closingFailed(error: GovernanceError): void {
    this.stopped = { ended: "aborted", code: error.code, reason: error.message };
  }
}

interface Anchored extends Replacement {
  readonly pending: Pending;
  readonly head: string;
  readonly root: string;
}

const changed: Obstacle = { code: "head-changed", reason: "it was changed by someone else meanwhile", retryable: true };

function identityOf({ artifact }: Examined): Pick<Outcome, "id" | "head"> {
  return { id: artifactIdText(artifact.core), head: artifact.head };
}

function* enumerate<T>(items: Iterable<T>): Generator<readonly [number, T]> {
  let index = 0;
  for (const item of items) yield [index++, item];
}
