// A SQLite file of counters: opened private and durable, told apart from other files, changed by one process at a time.
import { closeSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StatementSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { FormatError } from "@writ/core";
import type { FormatCode } from "@writ/core";
import { useKnownSeconds } from "./counters.ts";
import type { FaultListener } from "./counters.ts";

/** What a file of counters is, and how it is opened. */
export interface CounterFileOptions<Name extends string> {
  /** Four ASCII characters that say what the file holds. */
  readonly kind: string;
  /** SQL that makes its tables. */
  readonly tables: string;
  /** SQL of its statements, prepared as it is opened: tables that are missing show then. */
  readonly statements: Readonly<Record<Name, string>>;
  /** How long a process waits for another one, in milliseconds. */
  readonly busyTimeoutMs: number;
  readonly onFault: FaultListener;
}

const version = 1;
const maxWaitMs = 8;

/** The uses that a file knows, for as long as they are known. Spec: CNT-3. */
const chargedTable = `
  CREATE TABLE charged (
    use BLOB NOT NULL, counter TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (use, counter)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX charged_at ON charged (at);`;

function fault(code: FormatCode, path: string, why: string, cause?: unknown): FormatError {
  return new FormatError(code, `\`${path}\` ${why}`, { path, ...(cause === undefined ? {} : { cause }) });
}

function isSqliteFault(error: unknown): error is Error & { readonly errcode: number } {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

/** True where another process holds the file: SQLITE_BUSY, in any of its forms. */
function isBusy({ errcode }: { readonly errcode: number }): boolean {
  return (errcode & 0xff) === 5;
}

/** A counters' file, open. */
export class CounterFile<Name extends string> {
  readonly database: DatabaseSync;
  readonly statements: Readonly<Record<Name, StatementSync>>;
  readonly #onFault: FaultListener;
  readonly #busyTimeoutMs: number;
  readonly #known;
  readonly #note;
  readonly #forget;

  /** Opens or makes (0600) a file; `null` is kept in memory. Throws FormatError `output-unwritable`, `format-unknown`, `version-unknown`. Spec: CNT-2. */
  constructor(file: string | null, { kind, tables, statements, busyTimeoutMs, onFault }: CounterFileOptions<Name>) {
    this.#onFault = onFault;
    this.#busyTimeoutMs = busyTimeoutMs;
    const path = file === null ? ":memory:" : resolve(file);
    try {
      if (file !== null) closeSync(openSync(path, "a", 0o600)); // SQLite would make it readable to others
      this.database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    } catch (cause) {
      throw fault("output-unwritable", path, "can't be opened to count", cause);
    }
    try {
      this.#prepareFile(path, Buffer.from(kind, "ascii").readUInt32BE(), tables);
      this.statements = Object.fromEntries(
        Object.entries<string>(statements).map(([name, sql]) => [name, this.database.prepare(sql)]),
      ) as Record<Name, StatementSync>;
      this.#known = this.database.prepare("SELECT 1 FROM charged WHERE use = ? AND counter = ?");
      this.#note = this.database.prepare("INSERT INTO charged (use, counter, at) VALUES (?, ?, ?)");
      this.#forget = this.database.prepare("DELETE FROM charged WHERE at < ?");
      this.database.exec("PRAGMA busy_timeout = 0"); // from here on a wait doesn't block the process
    } catch (error) {
      this.database.close();
      if (!isSqliteFault(error)) throw error;
      if (isBusy(error)) throw fault("output-unwritable", path, "is kept busy by another process", error);
      throw fault("format-unknown", path, "can't be read as a file of counters", error);
    }
  }

  #pragma(name: string): unknown {
    return Object.values(this.database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  }

  #prepareFile(path: string, kind: number, tables: string): void {
    const { database } = this;
    // A committed use outlives a loss of power: every commit is synced.
    if (path !== ":memory:") this.#writeAhead();
    database.exec("PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF");
    this.#inTransaction(() => {
      const found = this.#pragma("application_id");
      if (found === 0 && database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined) {
        database.exec(`PRAGMA application_id = ${kind}; PRAGMA user_version = ${version}; ${chargedTable} ${tables}`);
        return;
      }
      if (found !== kind) throw fault("format-unknown", path, "is another kind of file");
      if (this.#pragma("user_version") !== version) throw fault("version-unknown", path, "is of another version");
    });
  }

  /** Puts the file in WAL mode. SQLite doesn't wait where several processes do that to a new file at once, so this does. */
  #writeAhead(): void {
    const end = performance.now() + this.#busyTimeoutMs;
    for (;;) {
      try {
        if (this.#pragma("journal_mode") !== "wal") this.database.exec("PRAGMA journal_mode = WAL");
        return;
      } catch (error) {
        if (!isSqliteFault(error) || !isBusy(error) || performance.now() >= end) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * maxWaitMs);
      }
    }
  }

  #inTransaction<T>(work: () => T): T {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.database.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Does all of `work` or nothing, while no other process changes the file; `otherwise` where SQLite can't: a file that stays busy, is full or broken. Spec: CNT-1, CNT-4. */
  atomically<T>(work: () => T, otherwise: T): Promise<T> {
    return this.read(() => this.#inTransaction(work), otherwise);
  }

  /** Reads; `otherwise` where SQLite can't. Waits for other processes without keeping this one from its other work. */
  async read<T>(work: () => T, otherwise: T): Promise<T> {
    const end = performance.now() + this.#busyTimeoutMs;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isSqliteFault(error)) throw error;
        if (!isBusy(error) || performance.now() >= end) {
          this.#onFault(error);
          return otherwise;
        }
      }
      await setTimeout(1 + Math.random() * maxWaitMs); // by chance, so that those who wait don't meet again
    }
  }

  /** True where the use was charged to the counter already. */
  isCharged(use: Buffer, counter: string): boolean {
    return this.#known.get(use, counter) !== undefined;
  }

  /** Notes a use and forgets those that no permit can stand for any more. Spec: CNT-3. */
  note(use: Buffer, counters: readonly string[], nowSeconds: number): void {
    this.#forget.run(nowSeconds - useKnownSeconds);
    for (const counter of counters) this.#note.run(use, counter, nowSeconds);
  }
}
