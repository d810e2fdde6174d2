// Values that stay as they are: many callers of one process share what was parsed once.

/** Freezes plain objects and arrays all the way down; byte strings, maps and classes stay as they are. */
export function freezeDeep(value: unknown): void {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!plain || Object.isFrozen(value)) return;
  Object.freeze(value);
  if (Array.isArray(value)) value.forEach(freezeDeep);
  else for (const key in value) freezeDeep((value as Readonly<Record<string, unknown>>)[key]);
}

function refuseChange(): never {
  throw new TypeError("this map doesn't change");
}

const unchanging = { value: refuseChange };

/** A map that throws TypeError where somebody would change it. */
export function fixedMap<K, V>(entries: Iterable<readonly [K, V]>): ReadonlyMap<K, V> {
  return Object.freeze(
    Object.defineProperties(new Map(entries), { set: unchanging, delete: unchanging, clear: unchanging }),
  );
}
