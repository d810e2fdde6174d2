// The clock of the process: an option everywhere, never part of a request.

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** The machine's clock. */
export const systemClock: Clock = () => Date.now();

/** Seconds since the epoch by a clock. Throws RangeError for a clock that gives no time: every comparison with NaN is false. */
export function secondsNow(clock: Clock = systemClock): number {
  const ms = clock();
  if (typeof ms !== "number" || !(ms >= 0 && ms <= Number.MAX_SAFE_INTEGER))
    throw new RangeError("the clock gives no time: milliseconds since the epoch");
  return Math.floor(ms / 1000);
}
