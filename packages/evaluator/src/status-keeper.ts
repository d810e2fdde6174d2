// Keeps signed state: fetches it, refreshes it ahead, and never goes back in time.
import type { Clock, StateEnd, TrustPolicy } from "@writ/core";
import type { StateToken, TokenRefusal } from "./status-token.ts";

/** Keeps tokens over processes. What it gives is checked like what was fetched. */
export interface StatusCache {
  get(uri: string): Promise<string | null>;
  put(uri: string, token: string): Promise<void>;
}

/** Where signed state comes from, and how old it may be. */
export interface KeeperOptions {
  readonly trust: TrustPolicy;
  /** The token at a URI; asked only for URIs within the scope of a signer for it. Its own time limit is its matter. */
  readonly fetch: (uri: string) => Promise<string>;
  readonly cache?: StatusCache;
  readonly clock?: Clock;
  /** A token older than this is unknown. */
  readonly maxAgeMs?: number;
  /** How long before a token ceases to be current it is fetched again; default 5 min. */
  readonly refreshAheadMs?: number;
  /** Told why a token wasn't taken: `fetch`; `older` or `conflict`, another one of the same `iat`, than was taken; or what is wrong with it. */
  readonly onRefused?: (uri: string, why: TokenRefusal | "fetch" | Superseded) => void;
}

/** Names of the options. */
export const keeperNames: readonly string[] = [
  "trust",
  "fetch",
  "cache",
  "clock",
  "maxAgeMs",
  "refreshAheadMs",
  "onRefused",
];

/** Throws TypeError for an option that isn't known, or without `fetch`. */
export function checkOptions(options: KeeperOptions, allowed: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !allowed.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`option \`${unknown}\` is not known here; known are ${allowed.join(", ")}`);
  if (typeof options.fetch !== "function") throw new TypeError("`fetch` is a function");
}

type Superseded = "older" | "conflict";

type Kind = Pick<StateToken, "issuedAt" | "expires" | "ttl" | "digest">;

interface Kept<T> {
  readonly list: T;
  readonly fetchedMs: number;
  /** Memory that it takes, about. */
  readonly sizeBytes: number;
}

/** Reads a token about a URI; says why where it doesn't count. */
export type TokenReader<T> = (token: string, uri: string, trust: TrustPolicy, now: number) => Promise<T | TokenRefusal>;

/** A bound of memory, not of number: the lists of many issuers are small, and one that is forgotten is unknown until it was fetched again. */
const maxKeptBytes = 64 << 20;
/** What a list takes beside its token and its contents, about. */
const overheadBytes = 1024;
const defaultTtlSeconds = 300;
/** An artifact names any URI, so tries are forgotten: when they no longer hold a fetch back, or are too many. */
const maxTried = 65_536;
const betweenTriesMs = 1000;

/** Drops entries from the front, as long as `isOver` says so. */
function dropFirst<V>(entries: Map<string, V>, isOver: (value: V) => boolean): void {
  for (const [key, value] of entries) {
    if (!isOver(value)) return;
    entries.delete(key);
  }
}

/** Tokens of one kind by URI. Spec: STS-5, STS-6. */
export class StatusKeeper<T extends Kind> {
  readonly #options: KeeperOptions;
  readonly #read: TokenReader<T>;
  readonly #maxAgeMs: number;
  readonly #refreshAheadMs: number;
  readonly #sizeOf: (list: T) => number;
  readonly #kept = new Map<string, Kept<T>>();
  #keptBytes = 0;
  /** The newest token taken of each URI, those first that were taken longest ago. */
  readonly #taken = new Map<string, Pick<Kind, "issuedAt" | "digest">>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #triedMs = new Map<string, number>();
  #seenMs = 0;

  /** `sizeOf` says how many bytes the contents of a list take, about. */
  constructor(options: KeeperOptions, defaultMaxAgeMs: number, read: TokenReader<T>, sizeOf: (list: T) => number) {
    this.#options = options;
    this.#read = read;
    this.#sizeOf = sizeOf;
    this.#maxAgeMs = options.maxAgeMs ?? defaultMaxAgeMs;
    this.#refreshAheadMs = options.refreshAheadMs ?? 300_000;
    if (!(this.#maxAgeMs > 0) || !(this.#refreshAheadMs >= 0)) throw new RangeError("ages are milliseconds");
  }

  /** Never before what was seen: neither a clock set back nor an old copy makes a list young. Spec: STS-5. */
  nowMs(nowSeconds = 0): number {
    const ms = (this.#options.clock ?? Date.now)();
    if (!(ms >= 0)) throw new RangeError("the clock gives no time: milliseconds since the epoch");
    this.#seenMs = Math.max(this.#seenMs, ms);
    return Math.max(this.#seenMs, nowSeconds * 1000);
  }

  #endMs({ list }: Pick<Kept<T>, "list">): number {
    return Math.min(list.issuedAt * 1000 + this.#maxAgeMs, (list.expires ?? Infinity) * 1000);
  }

  /** When a list that `list` gave ceases to be good, in whole seconds since the epoch. Spec: STS-8. */
  endOf(list: T): StateEnd {
    return Math.floor(this.#endMs({ list }) / 1000);
  }

  #currentUntilMs(kept: Kept<T>): number {
    return Math.min(this.#endMs(kept), kept.fetchedMs + (kept.list.ttl ?? defaultTtlSeconds) * 1000);
  }

  /** Ahead of that, but not before half the time is over. */
  #refreshMs(kept: Kept<T>): number {
    const untilMs = this.#currentUntilMs(kept);
    return untilMs - Math.min(this.#refreshAheadMs, Math.max(0, untilMs - kept.fetchedMs) / 2);
  }

  async #take(uri: string, token: string, nowMs: number, fetchedMs: number | null): Promise<boolean> {
    const list = await this.#read(token, uri, this.#options.trust, Math.floor(nowMs / 1000));
    const why = typeof list === "string" ? list : this.#behind(uri, list);
    if (typeof list === "string" || why !== null) {
      this.#options.onRefused?.(uri, why ?? "form");
      return false;
    }
    this.#seenMs = Math.max(this.#seenMs, list.issuedAt * 1000);
    this.#remember(uri, list);
    const sizeBytes = overheadBytes + token.length + this.#sizeOf(list);
    this.#keep(uri, { list, fetchedMs: fetchedMs ?? list.issuedAt * 1000, sizeBytes });
    return true;
  }

  /** Why a list can't follow the one that was taken; null where it can, and where it is that one. */
  #behind(uri: string, { issuedAt, digest }: T): Superseded | null {
    const taken = this.#taken.get(uri);
    if (taken === undefined || issuedAt > taken.issuedAt) return null;
    if (issuedAt < taken.issuedAt) return "older";
    return digest === taken.digest ? null : "conflict";
  }

  /** Forgets what has reached the bound of its age: time never runs back, so neither that nor anything older is good again. */
  #remember(uri: string, { issuedAt, digest }: T): void {
    this.#taken.delete(uri);
    this.#taken.set(uri, { issuedAt, digest });
    dropFirst(this.#taken, (taken) => taken.issuedAt * 1000 + this.#maxAgeMs <= this.#seenMs);
  }

  /** Keeps a list in place of what was kept of its URI, and forgets those kept longest once there are too many bytes. */
  #keep(uri: string, kept: Kept<T>): void {
    this.#forget(uri);
    this.#kept.set(uri, kept);
    this.#keptBytes += kept.sizeBytes;
    for (const other of this.#kept.keys()) {
      if (this.#keptBytes <= maxKeptBytes || other === uri) break;
      this.#forget(other);
    }
  }

  #forget(uri: string): void {
    this.#keptBytes -= this.#kept.get(uri)?.sizeBytes ?? 0;
    this.#kept.delete(uri);
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
    if (nowMs < (this.#triedMs.get(uri) ?? -Infinity) + betweenTriesMs) return;
    this.#triedMs.delete(uri);
    this.#triedMs.set(uri, nowMs);
    dropFirst(this.#triedMs, (triedMs) => triedMs + betweenTriesMs <= nowMs || this.#triedMs.size > maxTried);
    const started = this.#refresh(uri).finally(() => this.#running.delete(uri));
    this.#running.set(uri, started);
    await started;
  }

  /** The token about a URI as far as it is good at `nowMs`, else null. The caller has checked that someone may speak for it. Spec: STS-5, STS-6. */
  async list(uri: string, nowMs: number): Promise<T | null> {
    if (!this.#taken.has(uri) && this.#options.cache) {
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
