import { KmsFault } from "./fault.ts";

/** What can go wrong on demand. */
export type FaultName =
  | "throttling"
  | "latency"
  | "internal"
  | "dependency-timeout"
  | "key-unavailable"
  | "service-unavailable"
  | "reset"
  | "lost-answer"
  | "clock-skew";

/** One thing that goes wrong, and for which requests. */
export interface FaultRule {
  readonly fault: FaultName;
  /** Names of operations; left out, all of them. */
  readonly operations?: readonly string[];
  /** How many of the operations' requests pass before the rule begins; 0 by default. */
  readonly after?: number;
  /** How many requests it hits at most; left out, there is no end. */
  readonly times?: number;
  /** The share of requests that it hits from then on, above 0 to 1; 1 by default. */
  readonly share?: number;
  /** Of latency: how long; of clock-skew: how far the server's clock is ahead, negative for behind. */
  readonly ms?: number;
}

/** The faults of a server; the same seed and the same order of requests give the same faults. */
export interface FaultPlan {
  /** A whole number; 0 by default. */
  readonly seed?: number;
  readonly rules: readonly FaultRule[];
}

/** What a plan has in store for one request. */
export interface Doom {
  readonly error?: KmsFault;
  readonly latencyMs: number;
  readonly skewMs: number;
  /** The connection breaks before the operation, or after it and before its answer. */
  readonly reset?: "before" | "after";
}

/** Decides over request after request. */
export type Fate = (operation: string) => Doom;

// Source: AWS KMS API Reference, Common Errors and the errors of its operations.
const errors: Readonly<Partial<Record<FaultName, () => KmsFault>>> = {
  throttling: () => throttled(),
  internal: () =>
    new KmsFault("KMSInternalException", "The request was rejected because of an internal exception.", 500),
  "dependency-timeout": () =>
    new KmsFault("DependencyTimeoutException", "The system timed out while trying to fulfill the request.", 500),
  "key-unavailable": () => new KmsFault("KeyUnavailableException", "The specified KMS key was not available.", 500),
  "service-unavailable": () => new KmsFault("ServiceUnavailableException", "The service is unavailable.", 503),
};

const names: readonly FaultName[] = [
  "throttling",
  "latency",
  "internal",
  "dependency-timeout",
  "key-unavailable",
  "service-unavailable",
  "reset",
  "lost-answer",
  "clock-skew",
];

/** `ThrottlingException` in AWS's words. */
export function throttled(): KmsFault {
  return new KmsFault(
    "ThrottlingException",
    "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
  );
}

/** Reads a plan; throws TypeError for an unknown member or fault, RangeError for a number out of bounds. */
export function readPlan(plan: FaultPlan): Fate {
  assertMembers(plan, ["seed", "rules"], "a fault plan");
  const { seed = 0 } = plan;
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed \`${seed}\` is no whole number`);
  const rules = plan.rules.map((rule, i) => readRule(rule, seed + i));
  return (operation) => {
    const hit = rules.filter((applies) => applies.next(operation)).map(({ rule }) => rule);
    const total = (name: FaultName): number =>
      hit.reduce((sum, { fault, ms = 0 }) => (fault === name ? sum + ms : sum), 0);
    const error = hit.map(({ fault }) => errors[fault]?.()).find((each) => each !== undefined);
    const reset = hit.some(({ fault }) => fault === "reset") ? "before" : undefined;
    const lost = hit.some(({ fault }) => fault === "lost-answer") ? "after" : undefined;
    const broken = reset ?? lost;
    return {
      latencyMs: total("latency"),
      skewMs: total("clock-skew"),
      ...(error && { error }),
      ...(broken && { reset: broken }),
    };
  };
}

interface Applies {
  readonly rule: FaultRule;
  readonly next: (operation: string) => boolean;
}

function readRule(rule: FaultRule, seed: number): Applies {
  assertMembers(rule, ["fault", "operations", "after", "times", "share", "ms"], "a fault rule");
  const { fault, operations, after = 0, times = Infinity, share = 1, ms } = rule;
  if (!names.includes(fault)) throw new TypeError(`fault \`${String(fault)}\` is not known`);
  const timed = fault === "latency" || fault === "clock-skew";
  if (timed !== (ms !== undefined)) throw new TypeError("`ms` goes with latency and clock-skew, and only with them");
  const bad =
    !(after >= 0) || !(times >= 0) || !(share > 0 && share <= 1) || (fault === "latency" && !(Number(ms) >= 0));
  if (bad || (ms !== undefined && !Number.isFinite(ms)))
    throw new RangeError(`a number of fault \`${fault}\` is out of bounds`);
  const random = randomFrom(seed);
  let seen = 0;
  let hits = 0;
  const next = (operation: string): boolean => {
    if (operations && !operations.includes(operation)) return false;
    // One draw for each request that the rule looks at, so that what it hits depends on nothing else.
    const drawn = random() < share;
    if (seen++ < after || hits >= times || !drawn) return false;
    hits++;
    return true;
  };
  return { rule, next };
}

/** Numbers from 0 to 1 that depend on the seed alone: mulberry32. Not for secrets. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function assertMembers(value: object, known: readonly string[], what: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`${what} has no member \`${unknown}\``);
}
