// What counter stores have in common: the contract beyond core's, the checks of what they are given, how long a use is known.
import { FormatError } from "@writ/core";
import type { Charge, ChargeOutcome, CounterStore } from "@writ/core";

/** Uses kept back for one holder: the uses numbered `first` to `last` of a counter. */
export interface Reservation {
  readonly counter: string;
  /** Who holds it, by the name it gave. */
  readonly holder: string;
  readonly first: number;
  readonly last: number;
  /** Seconds since the epoch. */
  readonly reservedAt: number;
  /** Seconds since the epoch; from then on the holder counts nothing more from it. */
  readonly endsAt: number;
}

/** What a holder asks to be kept back for it. */
export interface ReservationRequest {
  readonly counter: string;
  /** The count that the reservation may reach at most. */
  readonly limit: number;
  /** Uses that are wanted; fewer are given near the limit. */
  readonly size: number;
  readonly holder: string;
  /** 16 random bytes in hex: the same lease is reserved once. */
  readonly lease: string;
  /** Seconds since the epoch. */
  readonly endsAt: number;
}

/** What became of a request for a reservation. */
export type ReservationOutcome =
  | { readonly kind: "reserved"; readonly reservation: Reservation }
  | { readonly kind: "exhausted" }
  | { readonly kind: "unknown" };

/** A counter store that several processes share. Spec: CNT-1 to CNT-6. */
export interface SharedCounters extends CounterStore {
  /** Counts up to `size` uses as taken and keeps them for the holder; they are never given back. Spec: CNT-5. */
  reserve(request: ReservationRequest, nowSeconds: number): Promise<ReservationOutcome>;
  /** All reservations ever made, by counter and place. Throws FormatError `input-unreadable` (retryable) where the store can't be asked. Spec: CNT-5. */
  reservations(): Promise<readonly Reservation[]>;
  close(): Promise<void>;
}

/** Told why a store could not count; what it is told stands in no decision. */
export type FaultListener = (fault: unknown) => void;

/** Seconds for which a use is known: the longest permit three times over. Spec: CNT-3. */
export const useKnownSeconds = 900;

const maxNameLength = 2048;

/** Throws TypeError for what is no plain object, or has a member that isn't known. */
export function assertOptions(options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) throw new TypeError("options are an object");
  for (const name in options) if (!known.includes(name)) throw new TypeError(`unknown option \`${name}\``);
}

function isName(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.length > 0 &&
    value.length <= maxNameLength &&
    value.isWellFormed() &&
    !value.includes("\0")
  );
}

/** Throws RangeError for what is no name of a counter or holder: 1 to 2,048 characters, well formed, no NUL. */
export function assertName(value: unknown, what: string): void {
  if (!isName(value)) throw new RangeError(`${what} is 1 to ${maxNameLength} characters without NUL`);
}

/** Throws RangeError for what is no whole number from `least` on. */
export function assertWhole(value: unknown, least: number, what: string): void {
  if (!Number.isSafeInteger(value) || (value as number) < least)
    throw new RangeError(`${what} is a whole number of at least ${least}`);
}

/** Names of counters, each once. Throws RangeError. */
export function counterNames(counters: readonly string[]): readonly string[] {
  for (const counter of counters) assertName(counter, "a counter");
  return [...new Set(counters)];
}

/** Charges by counter, the lowest limit counting, in the order of their names. Throws RangeError. */
export function limitsOf(charges: readonly Charge[]): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const { counter, limit } of charges) {
    assertName(counter, "a counter");
    assertWhole(limit, 0, "a limit");
    limits.set(counter, Math.min(limit, limits.get(counter) ?? limit));
  }
  return new Map([...limits].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The bytes of a use or lease. Throws RangeError. */
export function idBytes(id: string): Buffer {
  if (typeof id !== "string" || !/^[0-9a-f]{32}$/.test(id)) throw new RangeError("an id is 16 bytes in hex");
  return Buffer.from(id, "hex");
}

/** Throws RangeError for a request that can't be one. */
export function assertReservationRequest({ counter, limit, size, holder, endsAt }: ReservationRequest): void {
  assertName(counter, "a counter");
  assertName(holder, "a holder");
  assertWhole(limit, 0, "a limit");
  assertWhole(size, 1, "the size of a reservation");
  assertWhole(endsAt, 0, "the end of a reservation");
}

/** The outcome where nothing can be counted now. */
export function cannotCount(limits: ReadonlyMap<string, number>): ChargeOutcome {
  return { charged: false, exhausted: [], unknown: [...limits.keys()] };
}

/** The outcome where these counters are at their limit. */
export function atLimit(exhausted: readonly string[]): ChargeOutcome {
  return { charged: false, exhausted, unknown: [] };
}

/** Reservations as read; null where the store couldn't be asked. */
export function readReservations(read: readonly Reservation[] | null): readonly Reservation[] {
  if (read) return read;
  throw new FormatError("input-unreadable", "the reservations can't be read now", { retryable: true });
}
