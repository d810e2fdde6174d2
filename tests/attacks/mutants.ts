// Values of the data model with one or two places changed, wherever they stand: in maps, lists and the CBOR inside byte strings.
import fc from "fast-check";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborMap, CborValue } from "../../packages/core/src/cbor.ts";

/** Values that a place may get instead of its own. */
export const pool: readonly CborValue[] = [
  0,
  1,
  -1,
  255,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  -Number.MAX_SAFE_INTEGER,
  "",
  "x",
  "__proto__",
  "constructor",
  "\u0000\u001b[2J",
  "x".repeat(3000),
  true,
  false,
  null,
  new Uint8Array(),
  new Uint8Array(16),
  new Uint8Array(48),
  [],
  [0],
  [null, null],
  [-43, new Uint8Array(48)],
  new Map(),
  new Map([[1, 1]]),
  new Map([["__proto__", new Map([["polluted", 1]])]]),
];

/** Every place in a value, by path; byte strings that hold CBOR are opened too. */
export function placesOf(value: CborValue, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const inner = value instanceof Uint8Array ? openedBytes(value) : value;
  if (Array.isArray(inner))
    return [path, ...inner.flatMap((item, index) => placesOf(item as CborValue, [...path, index]))];
  if (inner instanceof Map)
    return [path, ...[...(inner as CborMap)].flatMap(([key, item]) => placesOf(item, [...path, key]))];
  return [path];
}

function openedBytes(value: Uint8Array): CborValue {
  if (value.length < 2) return value;
  try {
    const inner = decodeCbor(value);
    return Array.isArray(inner) || inner instanceof Map ? inner : value;
  } catch {
    return value;
  }
}

/** A change that keeps the form: the next integer, another bit, a longer text, a shorter list. */
export const gently: unique symbol = Symbol("gently");
/** What a place gets: another value, none, or its own changed gently. */
export type Change = CborValue | undefined | typeof gently;

function gentlyChanged(value: CborValue): CborValue {
  if (typeof value === "number") return value < Number.MAX_SAFE_INTEGER ? value + 1 : 0;
  if (typeof value === "string") return `${value}x`;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return value.slice(1) as CborValue[];
  if (!(value instanceof Uint8Array)) return value;
  const flipped = Uint8Array.from(value);
  if (flipped.length > 0) flipped[flipped.length - 1]! ^= 1;
  return flipped;
}

/** The value with what stands at `path` replaced, or left out where `by` is undefined. */
export function changed(value: CborValue, path: readonly (string | number)[], by: Change): CborValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return by === gently ? gentlyChanged(value) : by;
  const wrapped = value instanceof Uint8Array;
  const inner = wrapped ? openedBytes(value) : value;
  let out: CborValue;
  if (Array.isArray(inner)) {
    if (typeof step !== "number" || step >= inner.length) throw new TypeError("no such place");
    const items = [...(inner as readonly CborValue[])];
    const next = changed(items[step]!, rest, by);
    if (next === undefined) items.splice(step, 1);
    else items[step] = next;
    out = items;
  } else {
    if (!(inner instanceof Map) || !inner.has(step)) throw new TypeError("no such place");
    const map = new Map(inner as CborMap);
    const next = changed(map.get(step)!, rest, by);
    if (next === undefined) map.delete(step);
    else map.set(step, next);
    out = map;
  }
  return wrapped ? encodeCbor(out) : out;
}

/** One or two places of a structure changed. */
export function mutants(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const value = decodeCbor(bytes);
  const places = placesOf(value).filter((path) => path.length > 0);
  const change = fc.tuple(
    fc.constantFrom(...places),
    fc.oneof(fc.constantFrom(...pool), fc.constant(undefined), { arbitrary: fc.constant(gently), weight: 3 }),
  );
  return fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => {
    let mutant = bytes;
    for (const [path, by] of changes) {
      try {
        mutant = encodeCbor(changed(decodeCbor(mutant), path, by) ?? null);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // the first change took away where the second would have been
      }
    }
    return mutant;
  });
}
