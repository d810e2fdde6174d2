// Counters by lease: a block of uses is reserved in a shared store and counted here, so that a machine without a network can go on.
import { randomBytes } from "node:crypto";
import type { Charge, ChargeOutcome, CounterStore, DecisionState } from "@writ/core";
import {
  assertName,
  assertOptions,
  assertWhole,
  atLimit,
  cannotCount,
  counterNames,
  idBytes,
  limitsOf,
} from "./counters.ts";
import type { FaultListener, ReservationOutcome, SharedCounters } from "./counters.ts";
import { CounterFile } from "./counters-file.ts";

export type { FaultListener, Reservation, ReservationOutcome, ReservationRequest, SharedCounters } from "./counters.ts";

/** Options of `leasedCounters`. */
export interface LeasedCountersOptions {
  /** Name under which the shared store shows what is reserved. */
  readonly holder: string;
  /** Uses of a counter to reserve at a time. */
  readonly size: number;
  /** How long a reservation may be counted from; what is left then is lost. */
  readonly ttlSeconds: number;
  /** Where reservations are kept (0600) over restarts; in memory unless told, and lost with the process. Never a copy: it would count again. */
  readonly file?: string;
  /** How long a call waits for other processes that use the file; 5,000 unless told. */
  readonly busyTimeoutMs?: number;
  /** Told why a use could not be counted here. */
  readonly onFault?: FaultListener;
}

/** A counter store over reservations. */
export interface LeasedCounters extends CounterStore {
  /** Closes the file; the shared store stays the caller's. */
  close(): void;
}

const tables = `
  CREATE TABLE leases (
    counter TEXT NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL, last INTEGER NOT NULL, ends_at INTEGER NOT NULL,
    PRIMARY KEY (counter, first)
  ) STRICT, WITHOUT ROWID;`;

const statements = {
  next: "SELECT next, ends_at FROM leases WHERE counter = ? AND ends_at > ? AND next <= last ORDER BY next LIMIT 1",
  take: "UPDATE leases SET next = next + 1 WHERE counter = ? AND next = ? AND next <= last",
  add: "INSERT INTO leases (counter, first, next, last, ends_at) VALUES (?, ?, ?, ?, ?)",
  drop: "DELETE FROM leases WHERE ends_at <= ? OR next > last",
};

/** The next use of a reservation and when that ends, in seconds since the epoch. */
interface Place {
  readonly next: number;
  readonly endsAt: number;
}

/** What a try to count locally came to; `short` are counters of which nothing is left. */
type LocalOutcome =
  | { readonly kind: "done"; readonly outcome: ChargeOutcome }
  | { readonly kind: "short"; readonly counters: readonly string[] };

class Leases implements LeasedCounters {
  readonly #store: SharedCounters;
  readonly #options: LeasedCountersOptions;
  readonly #file: CounterFile<keyof typeof statements>;
  /** Reservations under way, one a counter and limit. */
  readonly #asked = new Map<string, Promise<ReservationOutcome>>();

  constructor(store: SharedCounters, options: LeasedCountersOptions) {
    this.#store = store;
    this.#options = options;
    const { file = null, busyTimeoutMs = 5000, onFault = () => undefined } = options;
    this.#file = new CounterFile(file, { kind: "WrtL", tables, statements, busyTimeoutMs, onFault });
  }

  #nextOf(counter: string, nowSeconds: number): Place | undefined {
    const row = this.#file.statements.next.get(counter, nowSeconds);
    return row && { next: row["next"] as number, endsAt: row["ends_at"] as number };
  }

  /** A counter with uses left here reads as the count before the next of them; others as the shared store has them. Spec: CNT-7. */
  async read(counters: readonly string[], nowSeconds: number): Promise<NonNullable<DecisionState["counters"]>> {
    const names = counterNames(counters);
    const here = await this.#file.read(
      () =>
        names.flatMap((name) => {
          const place = this.#nextOf(name, nowSeconds);
          return place ? [[name, { uses: place.next - 1, ageMs: 0, until: place.endsAt }] as const] : [];
        }),
      [],
    );
    const held = new Set(here.map(([name]) => name));
    const others = names.filter((name) => !held.has(name));
    const shared = others.length === 0 ? {} : await this.#store.read(others, nowSeconds);
    return { ...shared, ...Object.fromEntries(here) };
  }

  /** Spec: CNT-6, CNT-8. */
  async charge(charges: readonly Charge[], use: string, nowSeconds: number): Promise<ChargeOutcome> {
    const limits = limitsOf(charges);
    const id = idBytes(use);
    // Neighbours may use up what was just reserved. Each round takes uses off the shared store, so the limit ends it.
    for (;;) {
      const local = await this.#chargeHere(limits, id, nowSeconds);
      if (local.kind === "done") return local.outcome;
      const asked = await Promise.all(
        local.counters.map(async (counter) => {
          const { kind } = await this.#reserveOnce(counter, limits.get(counter)!, nowSeconds);
          return { counter, kind };
        }),
      );
      const named = (kind: string): string[] => asked.filter((one) => one.kind === kind).map(({ counter }) => counter);
      const [exhausted, unknown] = [named("exhausted"), named("unknown")];
      if (exhausted.length > 0 || unknown.length > 0) return { charged: false, exhausted, unknown };
    }
  }

  /** Counts in the reservations at hand. A place beyond the limit means that the shared count has reached it. Spec: CNT-6, CNT-9. */
  #chargeHere(limits: ReadonlyMap<string, number>, id: Buffer, nowSeconds: number): Promise<LocalOutcome> {
    return this.#file.atomically<LocalOutcome>(
      () => {
        const open = [...limits.keys()].filter((counter) => !this.#file.isCharged(id, counter));
        const places = new Map(open.map((counter) => [counter, this.#nextOf(counter, nowSeconds)]));
        const beyond = open.filter((counter) => (places.get(counter)?.next ?? 0) > limits.get(counter)!);
        if (beyond.length > 0) return { kind: "done", outcome: atLimit(beyond) };
        const short = open.filter((counter) => places.get(counter) === undefined);
        if (short.length > 0) return { kind: "short", counters: short };
        const taken = [...places].map(([counter, place]) => ({ counter, ...place! }));
        for (const { counter, next } of taken) this.#file.statements.take.run(counter, next);
        this.#file.note(id, open, nowSeconds);
        const ends = taken.map(({ endsAt }) => endsAt); // none where the use was counted before
        return { kind: "done", outcome: { charged: true, ...(ends.length > 0 ? { until: Math.min(...ends) } : {}) } };
      },
      { kind: "done", outcome: cannotCount(limits) },
    );
  }

  /** Many charges that find a counter used up share one reservation. */
  #reserveOnce(counter: string, limit: number, nowSeconds: number): Promise<ReservationOutcome> {
    const key = `${limit} ${counter}`;
    const before = this.#asked.get(key);
    if (before) return before;
    const asked = this.#reserve(counter, limit, nowSeconds).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked;
  }

  async #reserve(counter: string, limit: number, nowSeconds: number): Promise<ReservationOutcome> {
    const { holder, size, ttlSeconds } = this.#options;
    const lease = randomBytes(16).toString("hex");
    const endsAt = nowSeconds + ttlSeconds;
    const outcome = await this.#store.reserve({ counter, limit, size, holder, lease, endsAt }, nowSeconds);
    if (outcome.kind !== "reserved") return outcome;
    return this.#file.atomically<ReservationOutcome>(
      () => {
        this.#file.statements.drop.run(nowSeconds);
        const { first, last } = outcome.reservation;
        this.#file.statements.add.run(counter, first, first, last, endsAt);
        return outcome;
      },
      { kind: "unknown" },
    );
  }

  close(): void {
    this.#file.database.close();
  }
}

/**
 * Counters by lease over a shared store: as long as a reservation lasts, uses are counted without it. An exhausted lease is unknown while the
 * shared store can't be asked; an exhausted limit is a deny. Throws TypeError for unknown options, RangeError for wrong values, FormatError
 * `output-unwritable`, `format-unknown`, `version-unknown`. Spec: CNT-5 to CNT-8.
 */
export function leasedCounters(store: SharedCounters, options: LeasedCountersOptions): LeasedCounters {
  assertOptions(options, ["holder", "size", "ttlSeconds", "file", "busyTimeoutMs", "onFault"]);
  if (typeof store?.reserve !== "function") throw new TypeError("the store reserves nothing");
  assertName(options.holder, "a holder");
  assertWhole(options.size, 1, "`size`");
  assertWhole(options.ttlSeconds, 1, "`ttlSeconds`");
  if (options.file !== undefined) assertName(options.file, "the file of leases");
  if (options.busyTimeoutMs !== undefined) assertWhole(options.busyTimeoutMs, 0, "`busyTimeoutMs`");
  return new Leases(store, options);
}
