// Counters in a SQLite file that the processes of one machine share.
import type { Charge, ChargeOutcome, DecisionState } from "@writ/core";
import {
  assertName,
  assertOptions,
  assertReservationRequest,
  assertWhole,
  atLimit,
  cannotCount,
  counterNames,
  idBytes,
  limitsOf,
  readReservations,
} from "./counters.ts";
import type { FaultListener, Reservation, ReservationOutcome, ReservationRequest, SharedCounters } from "./counters.ts";
import { CounterFile } from "./counters-file.ts";

export type { FaultListener, Reservation, ReservationOutcome, ReservationRequest, SharedCounters } from "./counters.ts";

/** Options of `sqliteCounters`. */
export interface SqliteCountersOptions {
  /** Path of the file, made (0600) where there is none; on a local disk, as SQLite's locks need one. */
  readonly file: string;
  /** How long a call waits for other processes; 5,000 unless told. After that the answer is unknown. */
  readonly busyTimeoutMs?: number;
  /** Told why a use could not be counted. */
  readonly onFault?: FaultListener;
}

const tables = `
  CREATE TABLE counters (
    counter TEXT PRIMARY KEY, uses INTEGER NOT NULL CHECK (uses >= 0)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE reservations (
    lease BLOB NOT NULL, counter TEXT NOT NULL, holder TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    reserved_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, PRIMARY KEY (lease, counter)
  ) STRICT, WITHOUT ROWID;`;

const reservationColumns = `counter, holder, first, last, reserved_at AS "reservedAt", ends_at AS "endsAt"`;

const statements = {
  uses: "SELECT uses FROM counters WHERE counter = ?",
  setUses:
    "INSERT INTO counters (counter, uses) VALUES (?, ?) ON CONFLICT (counter) DO UPDATE SET uses = excluded.uses",
  lease: `SELECT ${reservationColumns} FROM reservations WHERE lease = ? AND counter = ?`,
  addLease: "INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?, ?)",
  leases: `SELECT ${reservationColumns} FROM reservations ORDER BY counter, first`,
};

class SqliteCounters implements SharedCounters {
  readonly #file: CounterFile<keyof typeof statements>;

  constructor({ file, busyTimeoutMs = 5000, onFault = () => undefined }: SqliteCountersOptions) {
    this.#file = new CounterFile(file, { kind: "WrtC", tables, statements, busyTimeoutMs, onFault });
  }

  #usesOf(counter: string): number {
    return (this.#file.statements.uses.get(counter)?.["uses"] as number | undefined) ?? 0;
  }

  async read(counters: readonly string[]): Promise<NonNullable<DecisionState["counters"]>> {
    const names = counterNames(counters);
    return this.#file.read(
      () => Object.fromEntries(names.map((name) => [name, { uses: this.#usesOf(name), ageMs: 0 }])),
      {},
    );
  }

  /** Spec: CNT-1 to CNT-4. */
  async charge(charges: readonly Charge[], use: string, nowSeconds: number): Promise<ChargeOutcome> {
    const limits = limitsOf(charges);
    const id = idBytes(use);
    return this.#file.atomically<ChargeOutcome>(() => {
      const open = [...limits.keys()].filter((counter) => !this.#file.isCharged(id, counter));
      const exhausted = open.filter((counter) => this.#usesOf(counter) >= limits.get(counter)!);
      if (exhausted.length > 0) return atLimit(exhausted);
      for (const counter of open) this.#file.statements.setUses.run(counter, this.#usesOf(counter) + 1);
      this.#file.note(id, open, nowSeconds);
      return { charged: true };
    }, cannotCount(limits));
  }

  /** Spec: CNT-5. */
  async reserve(request: ReservationRequest, nowSeconds: number): Promise<ReservationOutcome> {
    assertReservationRequest(request);
    const { counter, limit, size, holder, lease, endsAt } = request;
    const id = idBytes(lease);
    return this.#file.atomically<ReservationOutcome>(
      () => {
        const before = this.#file.statements.lease.get(id, counter) as unknown as Reservation | undefined;
        if (before) return { kind: "reserved", reservation: { ...before } };
        const uses = this.#usesOf(counter);
        if (uses >= limit) return { kind: "exhausted" };
        const last = uses + Math.min(size, limit - uses);
        this.#file.statements.setUses.run(counter, last);
        this.#file.statements.addLease.run(id, counter, holder, uses + 1, last, nowSeconds, endsAt);
        const reservation = { counter, holder, first: uses + 1, last, reservedAt: nowSeconds, endsAt };
        return { kind: "reserved", reservation };
      },
      { kind: "unknown" },
    );
  }

  async reservations(): Promise<readonly Reservation[]> {
    const rows = await this.#file.read(() => this.#file.statements.leases.all(), null);
    return readReservations(rows && rows.map((row) => ({ ...row }) as unknown as Reservation));
  }

  close(): Promise<void> {
    this.#file.database.close();
    return Promise.resolve();
  }
}

/**
 * Counters in a SQLite file, for the processes of one machine. Throws TypeError for unknown options, RangeError for wrong values,
 * FormatError `output-unwritable`, `format-unknown`, `version-unknown`. Spec: CNT-1 to CNT-5.
 */
export function sqliteCounters(options: SqliteCountersOptions): SharedCounters {
  assertOptions(options, ["file", "busyTimeoutMs", "onFault"]);
  assertName(options.file, "the file of counters");
  if (options.busyTimeoutMs !== undefined) assertWhole(options.busyTimeoutMs, 0, "`busyTimeoutMs`");
  return new SqliteCounters(options);
}
