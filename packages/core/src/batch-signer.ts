// A signer that gathers: seals that are made at about the same time share one signed root.
import { encodeStatement, signAnchor } from "./anchor.ts";
import type { Statement } from "./anchor.ts";
import { anchorBatch, maxBatchLeaves } from "./batch.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { rejectUnknownOptions } from "./options.ts";
import type { Signer } from "./signer.ts";

/** Options of `batchSigner`. */
export interface BatchSignerOptions {
  /** As many statements are signed at once, without waiting for more; 1 to 65,536, default 1,024. */
  readonly maxLeaves?: number;
  /** Most milliseconds that a statement waits for company, up to 2^31 - 1; default 50. */
  readonly maxWaitMs?: number;
  readonly clock?: Clock;
}

/** An anchor; `rootMessage` is null for a direct one. */
export interface SignedAnchor {
  readonly anchor: Uint8Array;
  readonly rootMessage: Uint8Array | null;
}

/** A signer whose anchors are leaves of batches. What isn't an anchor (a policy, a root, a report) it signs directly. */
export interface BatchSigner extends Signer {
  /** Resolves once the batch is signed. Rejects with what the signer throws: then nothing of the batch is an anchor. */
  anchor(statement: Statement): Promise<SignedAnchor>;
  /** Signs at once what waits. Resolves when that is over; whether it worked, those who wait are told. */
  flush(): Promise<void>;
}

/** What a timer can wait; a longer one would fire at once. */
const longestWaitMs = 2 ** 31 - 1;

interface Waiting {
  readonly statement: Statement;
  readonly resolve: (anchor: SignedAnchor) => void;
  readonly reject: (reason: unknown) => void;
}

async function signWaiting(waiting: readonly Waiting[], signer: Signer, clock: Clock | undefined): Promise<void> {
  const statements = waiting.map(({ statement }) => statement);
  try {
    const time = statements.reduce((latest, { issuedAt }) => Math.max(latest, issuedAt), secondsNow(clock));
    const { rootMessage, anchors } = await anchorBatch(statements, signer, time);
    waiting.forEach(({ resolve }, index) => resolve({ anchor: anchors[index]!, rootMessage }));
  } catch (reason) {
    for (const { reject } of waiting) reject(reason);
  }
}

/**
 * A signer for many seals: give it to `seal`, `derive` or `cover` calls that run side by side, and their anchors become leaves under one
 * root, signed once a batch. Throws RangeError for limits out of range. Spec: BAT-1 to BAT-3, BAT-6.
 */
export function batchSigner(signer: Signer, options: BatchSignerOptions = {}): BatchSigner {
  rejectUnknownOptions(options, ["maxLeaves", "maxWaitMs", "clock"]);
  const { maxLeaves = 1024, maxWaitMs = 50, clock } = options;
  if (!Number.isSafeInteger(maxLeaves) || maxLeaves < 1 || maxLeaves > maxBatchLeaves)
    throw new RangeError(`\`maxLeaves\` is 1 to ${maxBatchLeaves}`);
  if (!(maxWaitMs >= 0 && maxWaitMs <= longestWaitMs))
    throw new RangeError(`\`maxWaitMs\` is 0 to ${longestWaitMs} milliseconds`);
  let waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    const batch = waiting;
    waiting = [];
    return batch.length === 0 ? Promise.resolve() : signWaiting(batch, signer, clock);
  };
  return {
    ...signer,
    flush,
    anchor: async (statement) => {
      if (statement.suite !== signer.suite) throw new TypeError("every statement of a batch is of its signer's suite");
      encodeStatement(statement); // one that can't be written fails its caller, not those who wait beside him
      const { promise, resolve, reject } = Promise.withResolvers<SignedAnchor>();
      waiting.push({ statement, resolve, reject });
      if (waiting.length >= maxLeaves) void flush();
      else if (waiting.length === 1) timer = setTimeout(() => void flush(), maxWaitMs);
      return promise;
    },
  };
}

function gathers(signer: Signer): signer is BatchSigner {
  return "anchor" in signer && typeof signer.anchor === "function";
}

/** The anchor of a statement: a leaf where the signer gathers, else direct. */
export async function anchorBy(statement: Statement, signer: Signer): Promise<SignedAnchor> {
  return gathers(signer)
    ? signer.anchor(statement)
    : { anchor: await signAnchor(statement, signer), rootMessage: null };
}
