// Counters in PostgreSQL, shared by processes on many machines.
import { Pool } from "pg";
import type { PoolClient } from "pg";
import { FormatError } from "@writ/core";
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
  useKnownSeconds,
} from "./counters.ts";
import type { FaultListener, Reservation, ReservationOutcome, ReservationRequest, SharedCounters } from "./counters.ts";

export type { FaultListener, Reservation, ReservationOutcome, ReservationRequest, SharedCounters } from "./counters.ts";

/** Options of `postgresCounters`. */
export interface PostgresCountersOptions {
  /** A connection URI, `postgres://user@host/database?sslmode=verify-full`; it is in no message. */
  readonly connection: string;
  /** Schema of the tables, made where it isn't there; `writ` unless told. */
  readonly schema?: string;
  /** How long a call waits for a connection, and a statement for its answer; 5,000 unless told. After that the answer is unknown. */
  readonly timeoutMs?: number;
  /** Only reads: no tables are made, and a counter of tables that aren't there reads as 0. False unless told. */
  readonly readOnly?: boolean;
  /** Connections of this process at most; 4 unless told. */
  readonly maxConnections?: number;
  /** Told why a use could not be counted. */
  readonly onFault?: FaultListener;
}

/** Tables, made by one process at a time. `schema` is an identifier that needs no quotes. */
function tablesOf(schema: string): string {
  return `
    SELECT pg_advisory_xact_lock(hashtext('${schema} counters'));
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${schema}.counters (counter text PRIMARY KEY, uses bigint NOT NULL CHECK (uses >= 0));
    CREATE TABLE IF NOT EXISTS ${schema}.charged (
      use bytea NOT NULL, counter text NOT NULL, at bigint NOT NULL, PRIMARY KEY (use, counter)
    );
    CREATE INDEX IF NOT EXISTS charged_at ON ${schema}.charged (at);
    CREATE TABLE IF NOT EXISTS ${schema}.reservations (
      lease bytea NOT NULL, counter text NOT NULL, holder text NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
      reserved_at bigint NOT NULL, ends_at bigint NOT NULL, PRIMARY KEY (lease, counter)
    );`;
}

interface CountRow {
  readonly counter: string;
  /** PostgreSQL's bigint comes as text. */
  readonly uses: string;
}

interface ReservationRow extends Pick<Reservation, "counter" | "holder"> {
  readonly first: string;
  readonly last: string;
  readonly reserved_at: string;
  readonly ends_at: string;
}

function reservationOf(row: ReservationRow): Reservation {
  const { counter, holder } = row;
  return {
    counter,
    holder,
    first: Number(row.first),
    last: Number(row.last),
    reservedAt: Number(row.reserved_at),
    endsAt: Number(row.ends_at),
  };
}

/** How often an operation is tried: a connection that broke, or two transactions that met, deserve a second attempt. */
const attempts = 2;
const forgetEverySeconds = 60;

class PostgresCounters implements SharedCounters {
  readonly #pool: Pool;
  readonly #schema: string;
  readonly #onFault: FaultListener;
  /** False only for reading where nobody has counted yet. */
  readonly #there: boolean;
  #forgottenAt = 0;

  constructor(pool: Pool, schema: string, onFault: FaultListener, there: boolean) {
    this.#there = there;
    this.#pool = pool;
    this.#schema = schema;
    this.#onFault = onFault;
  }

  /** What PostgreSQL answers, or `otherwise` where it can't. What is sent may be sent twice. Spec: CNT-4. */
  async #trying<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        this.#onFault(error);
      }
    }
    return otherwise;
  }

  /** Does all of `work` or nothing. Spec: CNT-1. */
  #atomically<T>(work: (client: PoolClient) => Promise<T>, otherwise: T): Promise<T> {
    return this.#trying(() => inTransaction(this.#pool, work), otherwise);
  }

  /** Counts of these counters, whose rows no other transaction can change until this one ends. Always locked in one order, so that none waits in a circle. */
  async #lock(client: PoolClient, counters: readonly string[]): Promise<ReadonlyMap<string, number>> {
    await client.query(
      `INSERT INTO ${this.#schema}.counters
       SELECT name, 0 FROM unnest($1::text[]) AS name ORDER BY name COLLATE "C" ON CONFLICT DO NOTHING`,
      [counters],
    );
    const { rows } = await client.query<CountRow>(
      `SELECT counter, uses FROM ${this.#schema}.counters WHERE counter = ANY($1) ORDER BY counter COLLATE "C" FOR UPDATE`,
      [counters],
    );
    return new Map(rows.map(({ counter, uses }) => [counter, Number(uses)]));
  }

  async read(counters: readonly string[]): Promise<NonNullable<DecisionState["counters"]>> {
    const names = counterNames(counters);
    if (!this.#there) return Object.fromEntries(names.map((name) => [name, { uses: 0, ageMs: 0 }]));
    return this.#trying<NonNullable<DecisionState["counters"]>>(async () => {
      const { rows } = await this.#pool.query<CountRow>(
        `SELECT counter, uses FROM ${this.#schema}.counters WHERE counter = ANY($1)`,
        [names],
      );
      const uses = new Map(rows.map((row) => [row.counter, Number(row.uses)]));
      return Object.fromEntries(names.map((name) => [name, { uses: uses.get(name) ?? 0, ageMs: 0 }]));
    }, {});
  }

  /** Spec: CNT-1 to CNT-4. */
  async charge(charges: readonly Charge[], use: string, nowSeconds: number): Promise<ChargeOutcome> {
    const limits = limitsOf(charges);
    const id = idBytes(use);
    const outcome = await this.#atomically<ChargeOutcome>(async (client) => {
      const uses = await this.#lock(client, [...limits.keys()]);
      const { rows } = await client.query<{ counter: string }>(
        `SELECT counter FROM ${this.#schema}.charged WHERE use = $1`,
        [id],
      );
      const charged = new Set(rows.map(({ counter }) => counter));
      const open = [...limits.keys()].filter((counter) => !charged.has(counter));
      const exhausted = open.filter((counter) => uses.get(counter)! >= limits.get(counter)!);
      if (exhausted.length > 0) return atLimit(exhausted);
      await client.query(
        `WITH noted AS (
           INSERT INTO ${this.#schema}.charged (use, counter, at) SELECT $1, unnest($2::text[]), $3
         ) UPDATE ${this.#schema}.counters SET uses = uses + 1 WHERE counter = ANY($2)`,
        [id, open, nowSeconds],
      );
      return { charged: true };
    }, cannotCount(limits));
    if (outcome.charged) await this.#forget(nowSeconds);
    return outcome;
  }

  /** Now and then, outside any charge: forgets uses that no permit can stand for any more, and steps over rows that others hold. Spec: CNT-3. */
  async #forget(nowSeconds: number): Promise<void> {
    if (Math.abs(nowSeconds - this.#forgottenAt) < forgetEverySeconds) return;
    this.#forgottenAt = nowSeconds;
    const charged = `${this.#schema}.charged`;
    await this.#pool
      .query(
        `DELETE FROM ${charged} WHERE (use, counter) IN
           (SELECT use, counter FROM ${charged} WHERE at < $1 FOR UPDATE SKIP LOCKED)`,
        [nowSeconds - useKnownSeconds],
      )
      .catch((error: unknown) => this.#onFault(error));
  }

  /** Spec: CNT-5. */
  async reserve(request: ReservationRequest, nowSeconds: number): Promise<ReservationOutcome> {
    assertReservationRequest(request);
    const { counter, limit, size, holder, lease, endsAt } = request;
    const id = idBytes(lease);
    return this.#atomically<ReservationOutcome>(
      async (client) => {
        const uses = (await this.#lock(client, [counter])).get(counter)!;
        const before = await client.query<ReservationRow>(
          `SELECT * FROM ${this.#schema}.reservations WHERE lease = $1 AND counter = $2`,
          [id, counter],
        );
        if (before.rows[0]) return { kind: "reserved", reservation: reservationOf(before.rows[0]) };
        if (uses >= limit) return { kind: "exhausted" };
        const last = uses + Math.min(size, limit - uses);
        const reservation = { counter, holder, first: uses + 1, last, reservedAt: nowSeconds, endsAt };
        await client.query(`UPDATE ${this.#schema}.counters SET uses = $2 WHERE counter = $1`, [counter, last]);
        await client.query(`INSERT INTO ${this.#schema}.reservations VALUES ($1, $2, $3, $4, $5, $6, $7)`, [
          id,
          counter,
          holder,
          reservation.first,
          last,
          nowSeconds,
          endsAt,
        ]);
        return { kind: "reserved", reservation };
      },
      { kind: "unknown" },
    );
  }

  async reservations(): Promise<readonly Reservation[]> {
    const read = await this.#trying(async () => {
      const { rows } = await this.#pool.query<ReservationRow>(
        `SELECT * FROM ${this.#schema}.reservations ORDER BY counter COLLATE "C", first`,
      );
      return rows.map(reservationOf);
    }, null);
    return readReservations(read);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

/** A transaction whose commit is on the server's disk when it ends. A connection that failed is not used again. */
async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const broken = (): void => undefined; // the query under way is told; without a listener the process would end
  client.on("error", broken);
  let failure: unknown;
  try {
    // A row that was waited for is read as the other transaction left it: that is READ COMMITTED.
    await client.query("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit TO on");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    client.release(failure !== undefined);
    if (failure === undefined) client.off("error", broken); // the pool listens again
  }
}

/**
 * Counters in PostgreSQL, for processes of many machines. Makes its tables where they are missing. Throws TypeError for unknown
 * options, RangeError for wrong values, FormatError `input-unreadable` (retryable) where the tables can't be reached or made. Spec: CNT-1 to CNT-5.
 */
export async function postgresCounters(options: PostgresCountersOptions): Promise<SharedCounters> {
  assertOptions(options, ["connection", "schema", "timeoutMs", "maxConnections", "readOnly", "onFault"]);
  const { connection, schema = "writ", timeoutMs = 5000, maxConnections = 4, readOnly = false } = options;
  const { onFault = () => undefined } = options;
  assertName(connection, "the connection");
  assertWhole(timeoutMs, 1, "`timeoutMs`");
  assertWhole(maxConnections, 1, "`maxConnections`");
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(schema)) throw new RangeError("a schema is named in a-z, 0-9 and _");
  const pool = new Pool({
    connectionString: connection,
    max: maxConnections,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs,
    application_name: "writ counters",
    allowExitOnIdle: true,
    ...(readOnly ? { options: "-c default_transaction_read_only=on" } : {}),
  });
  pool.on("error", (error) => onFault(error)); // an idle connection that breaks; the next call makes another one
  try {
    const { rows } = await pool.query<{ there: boolean }>(
      `SELECT to_regclass('${schema}.reservations') IS NOT NULL AS there`,
    );
    const there = rows[0]?.there === true;
    if (!there && !readOnly) await inTransaction(pool, (client) => client.query(tablesOf(schema)));
    return new PostgresCounters(pool, schema, onFault, there || !readOnly);
  } catch (cause) {
    await pool.end();
    onFault(cause);
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new FormatError("input-unreadable", `the database of counters can't be used${code}`, { retryable: true });
  }
}
