// Layers as they were read, kept by policy digest within a budget of bytes; the ones in use are compiled.
import type { JsonObject, JsonValue, PolicyLayer } from "@writ/core";
import { compileLayer } from "./compile-layer.ts";
import type { CompiledLayer } from "./compile-layer.ts";
import type { Layer } from "./layer.ts";
import { layerNeeds } from "./state-needs.ts";
import type { LayerNeeds } from "./state-needs.ts";

/** Uses after which a layer is compiled: before, compiling costs more than it saves. */
const usesToCompile = 15;

/** What a layer takes, its closures included, as a multiple of its document. */
const layerFactor = 6;

/** A layer as it was read. */
export interface ReadLayer {
  readonly layer: Layer;
  /** Its policy's document, a copy of the evaluator's own. */
  readonly document: JsonObject;
}

/** A layer with how often it was asked. */
export class KnownLayer {
  readonly layer: Layer;
  /** Memory it takes once it is compiled, about. */
  readonly sizeBytes: number;
  /** The document as the evaluator keeps it. */
  readonly #document: JsonObject;
  /** Documents that say the same; theirs are others' to keep. */
  readonly #documents: WeakSet<JsonObject>;
  #uses = 0;
  #compiled: CompiledLayer | null | undefined;
  #needs: LayerNeeds | undefined;

  constructor({ layer, document }: ReadLayer, given: JsonObject, sizeBytes: number) {
    this.layer = layer;
    this.#document = document;
    this.#documents = new WeakSet([given]);
    this.sizeBytes = sizeBytes;
  }

  /** A digest is what the caller says; what a layer is known by is its document. */
  isOf(document: JsonObject): boolean {
    if (this.#documents.has(document)) return true;
    if (frozenBytes(document) === null || !isSame(this.#document, document)) return false;
    this.#documents.add(document);
    return true;
  }

  /** What it may ask of state. */
  get needs(): LayerNeeds {
    return (this.#needs ??= layerNeeds(this.layer));
  }

  /** The closures; undefined for as long as the interpreter is cheaper, null for a layer that has none. */
  use(): CompiledLayer | null | undefined {
    if (this.#compiled === undefined && ++this.#uses > usesToCompile) this.#compiled = compileLayer(this.layer);
    return this.#compiled;
  }
}

/** Memory that a deep-frozen value holds, about; null for one that may still change. */
function heldBytes(value: unknown): number | null {
  if (typeof value === "string") return 16 + value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (!Object.isFrozen(value)) return null;
  let bytes = 64;
  for (const name of Object.keys(value)) {
    const member = heldBytes((value as Readonly<Record<string, unknown>>)[name]);
    if (member === null) return null;
    bytes += 32 + member;
  }
  return bytes;
}

const sizes = new WeakMap<JsonObject, number>();

/** Memory that a document holds, about; null for one that may still change. */
export function frozenBytes(document: JsonObject): number | null {
  const known = sizes.get(document);
  if (known !== undefined) return known;
  const bytes = heldBytes(document);
  if (bytes !== null) sizes.set(document, bytes);
  return bytes;
}

/** Equal in every member, in whatever order. */
function isSame(a: JsonValue, b: JsonValue): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame((a as JsonObject)[name]!, (b as JsonObject)[name]!))
  );
}

function isEmpty(object: object): boolean {
  for (const _name in object) return false;
  return true;
}

/** Reads layers, those whose documents can't change any more only once, and forgets the ones not asked for lately. */
export class LayerCache {
  readonly #read: (layer: PolicyLayer) => ReadLayer;
  readonly #budgetBytes: number;
  /** Two generations: what is asked for moves to the new one; once that holds half the budget, the old one is forgotten. */
  #recent = new Map<string, KnownLayer>();
  #older = new Map<string, KnownLayer>();
  #recentBytes = 0;
  #olderBytes = 0;
  /** Keys of layers that can't change any more. */
  readonly #keys = new WeakMap<PolicyLayer, string>();

  constructor(read: (layer: PolicyLayer) => ReadLayer, budgetBytes: number) {
    this.#read = read;
    this.#budgetBytes = budgetBytes;
  }

  /** Memory that the kept layers take, about; never more than the budget. */
  get sizeBytes(): number {
    return this.#recentBytes + this.#olderBytes;
  }

  /** A layer, from the cache where its document, parameters and `via` are the same. Throws as `readLayer`. */
  of(layer: PolicyLayer): KnownLayer {
    const key = this.#keyOf(layer);
    const recent = this.#recent.get(key);
    if (recent?.isOf(layer.document)) return recent;
    const older = this.#older.get(key);
    if (older?.isOf(layer.document)) return this.#keep(key, older);
    const { document } = layer;
    const bytes = frozenBytes(document);
    const known = new KnownLayer(this.#read(layer), document, layerFactor * ((bytes ?? 0) + key.length));
    return bytes === null ? known : this.#keep(key, known);
  }

  #keep(key: string, known: KnownLayer): KnownLayer {
    if (this.#recentBytes + known.sizeBytes > this.#budgetBytes / 2) {
      this.#older = this.#recent;
      this.#olderBytes = this.#recentBytes;
      this.#recent = new Map();
      this.#recentBytes = 0;
    }
    if (known.sizeBytes > this.#budgetBytes / 2) return known;
    this.#recent.set(key, known);
    this.#recentBytes += known.sizeBytes;
    return known;
  }

  #keyOf(layer: PolicyLayer): string {
    const { policy, parameters, via } = layer;
    if (via.length === 0 && isEmpty(parameters)) return policy;
    const known = this.#keys.get(layer);
    if (known !== undefined) return known;
    const key = JSON.stringify([policy, parameters, via]);
    if (heldBytes(layer) !== null) this.#keys.set(layer, key);
    return key;
  }
}
