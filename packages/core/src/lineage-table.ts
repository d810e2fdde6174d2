// Nodes of a lineage as bytes in pages: what a hundred thousand of them take is a few tens of MiB, and nothing of it is
// for the garbage collector to walk.
import { fromHex, toHex } from "#bytes";
import type { AnchorEvidence } from "./evidence.ts";
import type { LineageNode, Reference } from "./lineage-node.ts";
import type { Digest } from "./shape.ts";

const pageBytes = 1 << 22;
const digestBytes = 48;
/** Counts, flag, id, revision, profile, content. */
const fixedBytes = 3 * 4 + 1 + 16 + 8 + 4 + digestBytes;
const referenceBytes = 2 * digestBytes + 16 + 1;

/** What nodes have alike: kept once. */
type Profile = Omit<
  LineageNode,
  "name" | "id" | "revision" | "anchors" | "states" | "references" | "content" | "checked"
>;

/** A value for each of a small number of keys. */
class Numbered<T> {
  readonly #numbers = new Map<string, number>();
  readonly #values: T[] = [];

  of(key: string, value: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    this.#values.push(value);
    return this.#values.length - 1;
  }

  at(number: number): T {
    return this.#values[number]!;
  }
}

/** Numbers objects by identity: shared ones come from the node reader. */
class Identities {
  readonly #numbers = new Map<object, number>();

  of(value: object): number {
    const known = this.#numbers.get(value) ?? this.#numbers.size;
    this.#numbers.set(value, known);
    return known;
  }
}

function bytesOfDigest(name: Digest): Uint8Array {
  return fromHex(name.slice("sha384:".length));
}

/** A name as a string of a byte a character: half of what hex takes. */
function keyOf(name: Digest): string {
  return String.fromCharCode(...bytesOfDigest(name));
}

function nameOfKey(key: string): Digest {
  return `sha384:${toHex(Uint8Array.from(key, (character) => character.charCodeAt(0)))}`;
}

/** Writes or reads a record, one member after the other. */
class Cursor {
  at: number;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  write(value: Uint8Array): void {
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  read(length: number): Uint8Array {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  writeNumber(value: number): void {
    this.#view.setFloat64(this.at, value);
    this.at += 8;
  }

  number(): number {
    this.at += 8;
    return this.#view.getFloat64(this.at - 8);
  }

  writeCount(value: number): void {
    this.#view.setUint32(this.at, value);
    this.at += 4;
  }

  count(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4);
  }

  digest(): Digest {
    return `sha384:${toHex(this.read(digestBytes))}`;
  }
}

/** Nodes by the name of their core, in the order in which they came. */
export class LineageTable {
  readonly #pages: Uint8Array[] = [];
  #used = pageBytes;
  readonly #places: number[] = [];
  readonly #names: string[] = [];
  readonly #indices = new Map<string, number>();
  readonly #profiles = new Numbered<Profile>();
  readonly #signed = new Numbered<Omit<AnchorEvidence, "time">>();
  readonly #shared = new Identities();

  get size(): number {
    return this.#names.length;
  }

  indexOf(core: Digest): number | undefined {
    return this.#indices.get(keyOf(core));
  }

  name(index: number): Digest {
    return nameOfKey(this.#names[index]!);
  }

  /** Adds a node; of two sightings of one core, the one with more anchors stays, checked if either was. */
  add(node: LineageNode): void {
    const key = keyOf(node.name);
    const index = this.#indices.get(key);
    if (index === undefined) {
      this.#indices.set(key, this.#names.length);
      this.#names.push(key);
      this.#places.push(this.#put(node));
      return;
    }
    const known = this.at(index);
    const longer = node.anchors.length > known.anchors.length;
    const checked = node.checked || known.checked;
    if (longer || checked !== known.checked) this.#places[index] = this.#put({ ...(longer ? node : known), checked });
  }

  #put(node: LineageNode): number {
    const { anchors, states, references } = node;
    const sizeBytes =
      fixedBytes + anchors.length * 12 + states.length * digestBytes + references.length * referenceBytes;
    if (this.#used + sizeBytes > pageBytes) {
      this.#pages.push(new Uint8Array(Math.max(pageBytes, sizeBytes)));
      this.#used = 0;
    }
    const place = (this.#pages.length - 1) * pageBytes + this.#used;
    const cursor = new Cursor(this.#pages.at(-1)!, this.#used);
    this.#used += sizeBytes;
    cursor.writeCount(references.length);
    for (const { core, anchors: state, id, role } of references) {
      cursor.write(bytesOfDigest(core));
      cursor.write(bytesOfDigest(state));
      cursor.write(fromHex(id));
      cursor.write(Uint8Array.of(role === "parent" ? 0 : 1));
    }
    cursor.write(Uint8Array.of(node.checked ? 1 : 0));
    cursor.write(fromHex(node.id));
    cursor.writeNumber(node.revision);
    cursor.writeCount(this.#profileOf(node));
    cursor.write(bytesOfDigest(node.content));
    cursor.writeCount(anchors.length);
    for (const { time, ...signed } of anchors) {
      const { kind, suite, signer, batched, judgedAt, counts } = signed;
      cursor.writeNumber(time);
      const key = JSON.stringify([kind, suite, this.#shared.of(signer), batched, judgedAt, counts]);
      cursor.writeCount(this.#signed.of(key, signed));
    }
    cursor.writeCount(states.length);
    for (const state of states) cursor.write(bytesOfDigest(state));
    return place;
  }

  #profileOf({
    issuer,
    firstIssuer,
    operation,
    layers,
    status,
    custodyRule,
    mediaType,
    approvals,
  }: LineageNode): number {
    const of = (value: object): number => this.#shared.of(value);
    const key = [issuer, firstIssuer, operation, of(layers), of(status), of(custodyRule), mediaType ?? null, approvals];
    const profile = { issuer, firstIssuer, operation, layers, status, custodyRule, mediaType, approvals };
    return this.#profiles.of(JSON.stringify(key), profile);
  }

  #cursor(index: number): Cursor {
    const place = this.#places[index]!;
    const page = Math.floor(place / pageBytes);
    return new Cursor(this.#pages[page]!, place - page * pageBytes);
  }

  #references(cursor: Cursor): readonly Reference[] {
    return Array.from({ length: cursor.count() }, () => ({
      core: cursor.digest(),
      anchors: cursor.digest(),
      id: toHex(cursor.read(16)),
      role: cursor.read(1)[0] === 0 ? "parent" : "superseded",
    }));
  }

  references(index: number): readonly Reference[] {
    return this.#references(this.#cursor(index));
  }

  countReferences(index: number): number {
    return this.#cursor(index).count();
  }

  #afterReferences(index: number): Cursor {
    const cursor = this.#cursor(index);
    const count = cursor.count(); // moves the cursor, so before it is moved on
    cursor.at += count * referenceBytes;
    return cursor;
  }

  isChecked(index: number): boolean {
    return this.#afterReferences(index).read(1)[0] === 1;
  }

  /** Hex of the artifact id, and the revision. */
  identity(index: number): Pick<LineageNode, "id" | "revision"> {
    const cursor = this.#afterReferences(index);
    cursor.at += 1;
    const id = toHex(cursor.read(16));
    return { id, revision: cursor.number() };
  }

  at(index: number): LineageNode {
    const cursor = this.#cursor(index);
    const references = this.#references(cursor);
    const checked = cursor.read(1)[0] === 1;
    const id = toHex(cursor.read(16));
    const revision = cursor.number();
    const profile = this.#profiles.at(cursor.count());
    const content = cursor.digest();
    const anchors = Array.from({ length: cursor.count() }, () => {
      const time = cursor.number();
      return { time, ...this.#signed.at(cursor.count()) };
    });
    const states = Array.from({ length: cursor.count() }, () => cursor.digest());
    return { ...profile, name: this.name(index), id, revision, references, checked, content, anchors, states };
  }
}
