import { throttled } from "./fault-plan.ts";

/** A request quota: a bucket of tokens for each account and Region, as AWS KMS has them. */
export interface Quota {
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Tokens that a full bucket holds; `perSecond` by default. */
  readonly burst?: number;
  /** Names of the operations that share the bucket; left out, all of them. */
  readonly operations?: readonly string[];
}

/** Takes one token for a request; throws ThrottlingException when a bucket is empty. */
export type Throttle = (request: {
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}) => void;

const maxBuckets = 1000;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Reads the option `quotas`; throws TypeError for an unknown member, RangeError for a rate that is none. */
export function readQuotas(quotas: readonly Quota[]): Throttle {
  const takes = quotas.map(readQuota);
  return (request) => {
    for (const take of takes) if (!take(request)) throw throttled();
  };
}

function readQuota(quota: Quota): (request: Parameters<Throttle>[0]) => boolean {
  const { perSecond, burst = perSecond, operations, ...rest } = quota;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw new TypeError(`a quota has no member \`${unknown}\``);
  if (!(perSecond > 0) || !(burst >= 1)) throw new RangeError("a quota needs a positive rate and room for one request");
  const buckets = new Map<string, Bucket>();
  return ({ operation, accountId, region, now }) => {
    if (operations && !operations.includes(operation)) return true;
    const name = `${accountId} ${region}`;
    const bucket = buckets.get(name) ?? { tokens: burst, filledAt: now };
    buckets.set(name, bucket);
    // The client names its Region: invented ones must not pile up.
    const [oldest] = buckets.keys();
    if (buckets.size > maxBuckets && oldest !== undefined) buckets.delete(oldest);
    const passedMs = Math.max(0, now - bucket.filledAt);
    bucket.tokens = Math.min(burst, bucket.tokens + (passedMs * perSecond) / 1000);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  };
}
