// A cache that forgets its oldest entry when full. Keys are digests or hold whatever decides trust.

/** At most `max` entries, oldest first out. */
export class BoundedCache<V, K extends string | number = string> {
  readonly #entries = new Map<K, V>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** The value of `key`; where there is none it is made, and kept unless `make` throws. */
  getOrMake(key: K, make: () => V): V {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.keep(key, value);
    return value;
  }

  /** The value of `key`, if it is kept. */
  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Keeps a value; one that is kept already stays. */
  keep(key: K, value: V): void {
    if (this.#entries.has(key)) return;
    if (this.#entries.size >= this.#max) this.#entries.delete(this.#entries.keys().next().value!);
    this.#entries.set(key, value);
  }
}

/** One cache an owner: nothing that one trust policy verified serves another. */
export class CachePerOwner<O extends WeakKey, V> {
  readonly #caches = new WeakMap<O, BoundedCache<V>>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** The cache of `owner`. */
  of(owner: O): BoundedCache<V> {
    let cache = this.#caches.get(owner);
    if (!cache) this.#caches.set(owner, (cache = new BoundedCache(this.#max)));
    return cache;
  }
}
