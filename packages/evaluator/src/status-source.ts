// Status source: fetches the lists that artifacts name, keeps them, refreshes them ahead, and never goes back in time.
import type { Clock, StatusEntry, StatusReading, StatusSource, TrustPolicy } from "@writ/core";
import { readStatusList, signersOfList, statusAt } from "./status-list.ts";
import type { ListRefusal, StatusList } from "./status-list.ts";

/** Keeps tokens of lists over processes. What it gives is checked like what was fetched. */
export interface StatusCache {
  get(uri: string): Promise<string | null>;
  put(uri: string, token: string): Promise<void>;
}

/** Options of `statusSource`. */
export interface StatusSourceOptions {
  readonly trust: TrustPolicy;
  /** The token at a URI; asked only for URIs within the scope of a status or hold signer. Its own time limit is its matter. */
  readonly fetch: (uri: string) => Promise<string>;
  readonly cache?: StatusCache;
  readonly clock?: Clock;
  /** A list older than this is unknown; default 24 h. */
  readonly maxAgeMs?: number;
  /** How long before a list ceases to be current it is fetched again; default 5 min. */
  readonly refreshAheadMs?: number;
  /** Told why a list wasn't taken: `fetch`, `older`, or what is wrong with it. */
  readonly onRefused?: (uri: string, why: ListRefusal | "fetch" | "older") => void;
}

interface Kept {
  readonly list: StatusList;
  readonly fetchedMs: number;
}

const hourMs = 3_600_000;
const maxLists = 32;
const names = ["trust", "fetch", "cache", "clock", "maxAgeMs", "refreshAheadMs", "onRefused"];

class Lists {
  readonly #options: StatusSourceOptions;
  readonly #maxAgeMs: number;
  readonly #refreshAheadMs: number;
  readonly #kept = new Map<string, Kept>();
  readonly #issued = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #triedMs = new Map<string, number>();
  #seenMs = 0;

  constructor(options: StatusSourceOptions) {
    this.#options = options;
    this.#maxAgeMs = options.maxAgeMs ?? 24 * hourMs;
    this.#refreshAheadMs = options.refreshAheadMs ?? hourMs / 12;
    if (!(this.#maxAgeMs > 0) || !(this.#refreshAheadMs >= 0)) throw new RangeError("ages are milliseconds");
  }

  /** Never before what was seen: neither a clock set back nor an old copy makes a list young. Spec: STS-5. */
  nowMs(): number {
    const ms = (this.#options.clock ?? Date.now)();
    if (!(ms >= 0)) throw new RangeError("the clock gives no time: milliseconds since the epoch");
    return (this.#seenMs = Math.max(this.#seenMs, ms));
  }

  #endMs({ list }: Kept): number {
    return Math.min(list.issuedAt * 1000 + this.#maxAgeMs, (list.expires ?? Infinity) * 1000);
  }

  #currentUntilMs(kept: Kept): number {
    return Math.min(this.#endMs(kept), kept.fetchedMs + (kept.list.ttl ?? Infinity) * 1000);
  }

  /** Ahead of that, but not before half the time is over. */
  #refreshMs(kept: Kept): number {
    const untilMs = this.#currentUntilMs(kept);
    return untilMs - Math.min(this.#refreshAheadMs, Math.max(0, untilMs - kept.fetchedMs) / 2);
  }

  async #take(uri: string, token: string, nowMs: number, fetchedMs: number | null): Promise<boolean> {
    const list = await readStatusList(token, uri, this.#options.trust, Math.floor(nowMs / 1000));
    const why = typeof list === "string" ? list : list.issuedAt < (this.#issued.get(uri) ?? 0) ? "older" : null;
    if (typeof list === "string" || why !== null) {
      this.#options.onRefused?.(uri, why ?? "form");
      return false;
    }
    this.#issued.set(uri, list.issuedAt);
    this.#seenMs = Math.max(this.#seenMs, list.issuedAt * 1000);
    this.#kept.delete(uri);
    if (this.#kept.size >= maxLists) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(uri, { list, fetchedMs: fetchedMs ?? list.issuedAt * 1000 });
    return true;
  }

  async #refresh(uri: string): Promise<void> {
    let token: string;
    try {
      token = await this.#options.fetch(uri);
    } catch {
      this.#options.onRefused?.(uri, "fetch");
      return;
    }
    const nowMs = this.nowMs();
    if (await this.#take(uri, token, nowMs, nowMs)) await this.#options.cache?.put(uri, token).catch(() => undefined);
  }

  /** One fetch at a time for a URI, and at most one a second. */
  async #fetched(uri: string, nowMs: number): Promise<void> {
    const running = this.#running.get(uri);
    if (running) return running;
    if (nowMs < (this.#triedMs.get(uri) ?? -Infinity) + 1000) return;
    this.#triedMs.set(uri, nowMs);
    const started = this.#refresh(uri).finally(() => this.#running.delete(uri));
    this.#running.set(uri, started);
    await started;
  }

  /** The list of a URI as far as it is good at `nowMs`, else null. Spec: STS-5, STS-6. */
  async list(uri: string, nowMs: number): Promise<StatusList | null> {
    if (signersOfList(this.#options.trust, uri).length === 0) return null;
    if (!this.#issued.has(uri) && this.#options.cache) {
      const token = await this.#options.cache.get(uri).catch(() => null);
      if (token !== null) await this.#take(uri, token, nowMs, null); // how long it lay there isn't known
    }
    const before = this.#kept.get(uri);
    if (!before || nowMs >= this.#currentUntilMs(before)) await this.#fetched(uri, nowMs);
    else if (nowMs >= this.#refreshMs(before)) this.#fetched(uri, nowMs).catch(() => undefined);
    const kept = this.#kept.get(uri);
    return kept && nowMs < this.#endMs(kept) ? kept.list : null;
  }
}

type Entry = StatusReading["status"][number];

/** A source over status lists; `read` throws for nothing that a network, a cache or a list does. Throws TypeError and RangeError for wrong options. Spec: STS-1 to STS-6. */
export function statusSource(options: StatusSourceOptions): StatusSource {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`option \`${unknown}\` is not known here; known are ${names.join(", ")}`);
  if (typeof options.fetch !== "function") throw new TypeError("`fetch` is a function");
  const lists = new Lists(options);
  return {
    read: async (entries: readonly StatusEntry[], nowSeconds: number): Promise<StatusReading> => {
      const nowMs = Math.max(lists.nowMs(), nowSeconds * 1000);
      const uris = [...new Set(entries.map(({ uri }) => uri))];
      const expired = nowMs >= options.trust.expires * 1000;
      const read = new Map(
        await Promise.all(uris.map(async (uri) => [uri, expired ? null : await lists.list(uri, nowMs)] as const)),
      );
      const said = entries.map(({ uri, index }) => {
        const list = read.get(uri) ?? null;
        return { uri, index, list, status: list && statusAt(list, index) };
      });
      const status = said.map(({ uri, index, list, status: value }): Entry => {
        if (list === null || value === null) return { uri, index, value: "unknown" };
        return {
          uri,
          index,
          value: value === "held" ? "valid" : value,
          ageMs: Math.max(0, nowMs - list.issuedAt * 1000),
        };
      });
      const holds = said.filter(({ status: value }) => value === "held").map(({ uri, index }) => `${uri}#${index}`);
      const allKnown = said.every(
        ({ uri, status: value }) => value !== null || signersOfList(options.trust, uri)[0]?.role === "status",
      );
      return holds.length > 0 || allKnown ? { status, holds } : { status };
    },
  };
}
