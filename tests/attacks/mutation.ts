// Mutants by number: each follows from a seed and its index alone, so that what one found can be made again. Two readers judge them.
import { encodeCbor, GovernanceError, ingest } from "@writ/core";
import type { CborMap, CborValue, VerifiedArtifact } from "@writ/core";
import { makeStatement, signAnchor } from "../../packages/core/src/anchor.ts";
import { decodeCore, encodeArtifact } from "../../packages/core/src/artifact.ts";
import type { Core } from "../../packages/core/src/artifact.ts";
import { compareBytes, decodeCbor } from "../../packages/core/src/cbor.ts";
import { signers } from "../support/scene.ts";
import { sealer } from "./corpus.ts";
import type { Base, Corpus } from "./corpus.ts";
import { changed, gently, placesOf, pool } from "./mutants.ts";
import type { Change } from "./mutants.ts";

/** Whole numbers below `limit`, the same for the same seed and index. */
type Random = (limit: number) => number;

/** Source: SplitMix32, as published by Guy Steele, Doug Lea and Christine Flood, 32 bits wide. */
function randomOf(seed: number, index: number): Random {
  let state = (Math.imul(seed, 0x85ebca6b) ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  return (limit) => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) % limit;
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

type Path = readonly (string | number)[];

/** A base with what changes in its structure need. */
interface Prepared extends Base {
  readonly value: CborValue;
  readonly places: readonly Path[];
  readonly strings: readonly { readonly path: Path; readonly bytes: Uint8Array }[];
}

/** What stands at a path, byte strings that hold CBOR opened on the way; undefined where nothing does. */
function valueAt(value: CborValue, path: Path): CborValue | undefined {
  let here: CborValue | undefined = value;
  for (const step of path) {
    const inner: CborValue | undefined = here instanceof Uint8Array ? decodeCbor(here) : here;
    if (Array.isArray(inner)) here = inner[step as number] as CborValue | undefined;
    else here = inner instanceof Map ? inner.get(step) : undefined;
  }
  return here;
}

/** The order of a set of byte strings: their heads put the shorter first. */
const byEncoding = (a: Uint8Array, b: Uint8Array): number => a.length - b.length || compareBytes(a, b);

/** Attachments are a set: a mutant of one is to be refused for what it is, not for its place. */
function resorted(bytes: Uint8Array): Uint8Array {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || !Array.isArray(value[5])) return bytes;
  const attachments = (value[5] as readonly CborValue[]).filter((entry) => entry instanceof Uint8Array);
  const once = new Map(attachments.map((entry) => [hex(entry), entry])).values();
  return encodeCbor([...(value.slice(0, 5) as CborValue[]), [...once].toSorted(byEncoding)]);
}

const heads = [
  0x00, 0x18, 0x1b, 0x38, 0x40, 0x58, 0x5f, 0x60, 0x7f, 0x80, 0x9b, 0x9f, 0xa0, 0xbf, 0xc0, 0xf4, 0xf6, 0xf7,
];
const moreHeads = [0xf9, 0xfb, 0xff];

type Mutation = (base: Prepared, random: Random, all: readonly Prepared[]) => Uint8Array | Promise<Uint8Array>;
type Bytes = (bytes: Uint8Array, random: Random, all: readonly Prepared[]) => Uint8Array;

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

function bits(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let left = 1 + random(2); left > 0; left -= 1) copy[random(copy.length)]! ^= 1 << random(8);
  return copy;
}

function oneByte(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const choices = [random(256), [...heads, ...moreHeads][random(heads.length + moreHeads.length)]!];
  copy[random(copy.length)] = choices[random(2)]!;
  return copy;
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random(bytes.length);
  const to = [from + 1 + random(8), bytes.length][random(2)]!;
  return joined(bytes.subarray(0, from), bytes.subarray(to));
}

function inserted(bytes: Uint8Array, random: Random): Uint8Array {
  const where = random(bytes.length + 1);
  const more = Uint8Array.from({ length: 1 + random(8) }, () => random(256));
  return joined(bytes.subarray(0, where), more, bytes.subarray(where));
}

/** A piece of these bytes, or of another artifact, over or between them. */
function spliced(bytes: Uint8Array, random: Random, all: readonly Prepared[]): Uint8Array {
  const from = random(2) === 0 ? bytes : all[random(all.length)]!.artifact;
  const first = random(from.length);
  const piece = from.subarray(first, first + 1 + random(400));
  const where = [first, random(bytes.length)][random(2)]!;
  const skipped = random(2) === 0 ? piece.length : 0;
  return joined(bytes.subarray(0, where), piece, bytes.subarray(where + skipped));
}

const inBytes: readonly Bytes[] = [bits, bits, oneByte, cut, inserted, spliced];

/** Bytes of the artifact changed as they stand. */
const rough: Mutation = ({ artifact }, random, all) => inBytes[random(inBytes.length)]!(artifact, random, all);

/** Bytes of one byte string changed: core, keys, a statement, a signature, an attachment; the lengths around it fit. */
const within: Mutation = (base, random, all) => {
  const { path, bytes } = base.strings[random(base.strings.length)]!;
  const mutant = inBytes[random(inBytes.length)]!(bytes, random, all);
  return resorted(encodeCbor(changed(base.value, path, mutant)!));
};

/** One or two places of the structure changed: another value of the pool, the next one, none. */
function restructured(base: Pick<Prepared, "artifact" | "places">, random: Random): Uint8Array {
  let mutant = base.artifact;
  for (let left = 1 + random(2); left > 0; left -= 1) {
    const choices: readonly Change[] = [gently, gently, pool[random(pool.length)], undefined];
    const by = choices[random(choices.length)];
    const path = base.places[1 + random(base.places.length - 1)]!;
    try {
      mutant = encodeCbor(changed(decodeCbor(mutant), path, by) ?? null);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // the first change took away where the second would have been
    }
  }
  return random(2) === 0 ? resorted(mutant) : mutant;
}

/** What stands at a place of another artifact, or at another place of this one, put here. */
function exchanged(base: Prepared, random: Random, all: readonly Prepared[]): Uint8Array {
  const other = all[random(all.length)]!;
  const path = base.places[1 + random(base.places.length - 1)]!;
  const theirs = [path, other.places[random(other.places.length)]!][random(2)]!;
  let piece: CborValue | undefined;
  try {
    piece = valueAt(other.value, theirs);
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
  }
  if (piece === undefined) return restructured(base, random);
  return resorted(encodeCbor(changed(base.value, path, piece)!));
}

/** Whole parts of several artifacts put together: core, keys, anchors, attachments. */
function mixed(base: Prepared, random: Random, all: readonly Prepared[]): Uint8Array {
  const parts = [...(base.value as readonly CborValue[])];
  for (let left = 1 + random(2); left > 0; left -= 1) {
    const at = 2 + random(4);
    const theirs = (all[random(all.length)]!.value as readonly CborValue[])[at]!;
    const mine = parts[at]!;
    if (!Array.isArray(mine) || !Array.isArray(theirs)) parts[at] = theirs;
    else {
      const [a, b] = [mine as CborValue[], theirs as CborValue[]];
      const kept = a.slice(0, random(a.length + 1));
      parts[at] = [b, [...kept, ...b], [...a, ...b], kept, kept.toReversed(), [...a, ...a.slice(-1)]][random(6)]!;
    }
  }
  return resorted(encodeCbor(parts));
}

/** Core, keys or both changed, and sealed again by a signer who may: what comes after the signatures sees these. */
const resigned: Mutation = async (base, random) => {
  const parts = base.value as readonly CborValue[];
  const mutated = (part: Uint8Array): Uint8Array => restructured({ artifact: part, places: placesOf(part) }, random);
  const [core, keys] = [parts[2] as Uint8Array, parts[3] as Uint8Array].map((part, index) =>
    random(3) === index ? part : mutated(part),
  ) as [Uint8Array, Uint8Array];
  const { artifactId, content, issuer, issuedAt } = factsOf(core) ?? factsOf(parts[2] as Uint8Array)!;
  const signer = issuer === signers.deriver.authority ? signers.deriver : sealer;
  const statement = makeStatement({ core, keys, artifactId, contentRoot: content.root }, [], {
    kind: "seal",
    suite: signer.suite,
    issuedAt,
  });
  return encodeArtifact({
    core,
    keys,
    anchors: [await signAnchor(statement, signer)],
    attachments: parts[5] as readonly Uint8Array[],
  });
};

function factsOf(core: Uint8Array): Core | null {
  try {
    return decodeCore(core);
  } catch (error) {
    if (error instanceof GovernanceError) return null;
    throw error;
  }
}

const mutations: Readonly<Record<string, Mutation>> = {
  rough,
  within,
  withinAgain: within,
  restructured,
  exchanged,
  exchangedAgain: exchanged,
  mixed,
  resigned,
};

function prepared(base: Base): Prepared {
  const value = decodeCbor(base.artifact);
  const places = placesOf(value);
  const prefixes = new Map(
    places.flatMap((path) => path.map((_, end) => path.slice(0, end + 1))).map((path) => [JSON.stringify(path), path]),
  );
  const strings = [...prefixes.values()].flatMap((path) => {
    const bytes = valueAt(value, path);
    return bytes instanceof Uint8Array && bytes.length > 0 ? [{ path, bytes }] : [];
  });
  return { ...base, value, places, strings };
}

/** A mutant, and whose. Content comes with every second one; of some of these a bit is flipped. */
interface Mutant {
  readonly base: Prepared;
  readonly kind: string;
  readonly artifact: Uint8Array;
  readonly content: Uint8Array | null;
  readonly contentIntact: boolean;
}

async function mutantAt(bases: readonly Prepared[], seed: number, index: number): Promise<Mutant> {
  const random = randomOf(seed, index);
  const base = bases[random(bases.length)]!;
  const kinds = Object.keys(mutations);
  const kind = kinds[random(kinds.length)]!;
  const contentIntact = random(20) > 0 || base.content.length === 0;
  const withContent = !contentIntact || random(2) === 0;
  const content = Uint8Array.from(base.content);
  if (!contentIntact) content[random(content.length)]! ^= 1 << random(8);
  const artifact = await mutations[kind]!(base, random, bases);
  return { base, kind, artifact, content: withContent ? content : null, contentIntact };
}

/** The mutants of a corpus by number, from 0. */
export async function* mutantsOf({ bases }: Corpus, seed: number, count: number): AsyncGenerator<Mutant> {
  const all = bases.map(prepared);
  for (let index = 0; index < count; index += 1) yield mutantAt(all, seed, index);
}

/** What the other reader gives: the members of an artifact vector's `expect`. */
type ReadBySpec = (input: {
  readonly bytes: Buffer;
  readonly content: Buffer | null;
  readonly store: readonly Buffer[];
  readonly trustBytes: Buffer;
  readonly now: number;
}) => Readonly<Record<string, unknown>>;

const { ingest: readBySpec } = (await import(
  new URL("../../test-vectors/verify/artifact.mjs", import.meta.url).href
)) as { readonly ingest: ReadBySpec };
const { Refusal } = (await import(new URL("../../test-vectors/verify/refusal.mjs", import.meta.url).href)) as {
  readonly Refusal: new (code: string) => Error & { readonly code: string };
};

/** What a run saw. */
export interface Findings {
  readonly mutants: number;
  readonly accepted: number;
  /** How many of those that were accepted an issuer's key had sealed anew: their core is another, and he may. */
  readonly sealedAnew: number;
  /** How many the other reader judged as well, and in how many both refused with other codes: there are several things wrong then. */
  readonly compared: number;
  readonly otherCodes: number;
  readonly codes: ReadonlyMap<string, number>;
  /** Most milliseconds that one mutant took, and which. */
  readonly slowest: { readonly ms: number; readonly index: number };
  /** Most bytes over what the process had at the beginning, looked at once a thousand. */
  readonly grownBytes: number;
  /** What must not be, each as a line, and the mutants that showed it. */
  readonly faults: readonly string[];
  readonly faulty: readonly Uint8Array[];
}

/** How a run goes. */
export interface RunOptions {
  readonly count: number;
  readonly seed: number;
  /** Every n-th mutant, and each one that is accepted or sealed anew, is judged by the other reader too. */
  readonly compareEvery: number;
  /** Artifacts whose states may be accepted; default: the corpus. */
  readonly signed?: readonly Base[];
  readonly progress?: (done: number) => void;
}

/** Signed states that exist: what is accepted is one of them, perhaps with fewer anchors. */
class KnownStates {
  readonly #keysOf = new Map<string, Set<string>>();
  readonly #anchorsOf = new Map<string, Set<string>>();

  add({ parts, core, name }: VerifiedArtifact): void {
    const keys = this.#keysOf.get(name) ?? new Set<string>();
    const anchors = this.#anchorsOf.get(name) ?? new Set<string>();
    this.#keysOf.set(name, keys.add(`${hex(parts.keys)} ${core.content.root}`));
    for (const anchor of parts.anchors) anchors.add(hex(anchor));
    this.#anchorsOf.set(name, anchors);
  }

  /** Why an accepted mutant is none of them; null where it is. */
  fault({ parts, core, name }: VerifiedArtifact): string | null {
    if (!this.#keysOf.has(name)) return "a core that nobody signed";
    if (!this.#keysOf.get(name)!.has(`${hex(parts.keys)} ${core.content.root}`)) return "keys that nobody signed";
    const anchors = this.#anchorsOf.get(name)!;
    return parts.anchors.every((anchor) => anchors.has(hex(anchor))) ? null : "an anchor that nobody made";
  }
}

function summaryOf(artifact: VerifiedArtifact): Readonly<Record<string, unknown>> {
  const { name, head, evidence, wrapEra, lineage, classification, contentChecked } = artifact;
  return {
    name,
    head,
    era: evidence.era,
    standing: evidence.standing,
    wrapEra,
    lineage: lineage.standing,
    sources: lineage.sources,
    classification,
    content: contentChecked ? "checked" : "unchecked",
    unknownLater: evidence.unknownLater,
  };
}

type Verdict = { readonly code: string } | { readonly whole: VerifiedArtifact };

async function judgedByUs({ artifact, content }: Mutant, { trust, now }: Corpus): Promise<Verdict> {
  try {
    return {
      whole: await ingest(artifact, trust, { clock: () => now * 1000, ...(content === null ? {} : { content }) }),
    };
  } catch (error) {
    if (error instanceof GovernanceError) return { code: error.code };
    throw error;
  }
}

/** The other reader's code, or what it found. */
function judgedBySpec({ artifact, content }: Mutant, { now }: Corpus, trustBytes: Buffer): string | object {
  try {
    const given = content === null ? null : Buffer.from(content);
    return readBySpec({ bytes: Buffer.from(artifact), content: given, store: [], trustBytes, now });
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/** How the two verdicts differ: null where they agree, `code` where both refuse for another reason. */
function difference(ours: Verdict, theirs: string | object): string | null {
  if ("code" in ours) {
    if (typeof theirs !== "string") return `refused here (${ours.code}), accepted there`;
    return ours.code === theirs ? null : "code";
  }
  if (typeof theirs === "string") return `accepted here, refused there (${theirs})`;
  const found = theirs as Readonly<Record<string, unknown>>;
  const differing = Object.entries(summaryOf(ours.whole)).filter(
    ([member, value]) => JSON.stringify(value) !== JSON.stringify(found[member]),
  );
  return differing.length === 0 ? null : `differ in ${differing.map(([member]) => member).join(", ")}`;
}

/** Judges `count` mutants of a corpus. Throws nothing that a mutant makes a reader throw: that is a fault. */
export async function runMutants(corpus: Corpus, options: RunOptions): Promise<Findings> {
  const { count, seed, compareEvery, signed = corpus.bases, progress } = options;
  const bases = corpus.bases.map(prepared);
  const states = new KnownStates();
  for (const { artifact } of signed)
    states.add(await ingest(artifact, corpus.trust, { clock: () => corpus.now * 1000 }));
  const trustBytes = Buffer.from(corpus.trustText);
  const codes = new Map<string, number>();
  const faults: string[] = [];
  const faulty: Uint8Array[] = [];
  let [accepted, sealedAnew, compared, otherCodes, grownBytes] = [0, 0, 0, 0, 0];
  let slowest = { ms: 0, index: 0 };
  const before = process.memoryUsage.rss();
  for (let index = 0; index < count; index += 1) {
    const mutant = await mutantAt(bases, seed, index);
    const fault = (what: string): void => {
      faults.push(`${index} (${mutant.kind} of ${mutant.base.name}): ${what}`);
      faulty.push(mutant.artifact);
    };
    try {
      const began = performance.now();
      const verdict = await judgedByUs(mutant, corpus);
      const ms = performance.now() - began;
      if (ms > slowest.ms) slowest = { ms, index };
      const code = "code" in verdict ? verdict.code : "accepted";
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if ("whole" in verdict) {
        accepted += 1;
        if (mutant.kind === "resigned") sealedAnew += 1;
        const wrong = mutant.kind === "resigned" ? null : states.fault(verdict.whole);
        if (wrong !== null) fault(`accepted with ${wrong}`);
        if (!mutant.contentIntact && verdict.whole.core.content.root === rootOf(mutant))
          fault("accepted with other content");
      }
      if (index % compareEvery === 0 || "whole" in verdict || mutant.kind === "resigned") {
        compared += 1;
        const differs = difference(verdict, judgedBySpec(mutant, corpus, trustBytes));
        if (differs === "code") otherCodes += 1;
        else if (differs !== null) fault(differs);
      }
    } catch (error) {
      fault(`an error that is none of ours: ${error instanceof Error ? error.stack : String(error)}`);
    }
    if (index % 1000 === 0) grownBytes = Math.max(grownBytes, process.memoryUsage.rss() - before);
    if (index % 20_000 === 0 && index > 0) progress?.(index);
  }
  return { mutants: count, accepted, sealedAnew, compared, otherCodes, codes, slowest, grownBytes, faults, faulty };
}

function rootOf({ base }: Mutant): string {
  const core = decodeCbor((base.value as readonly Uint8Array[])[2]!) as CborMap;
  const [alg, bytes] = (core.get(6) as CborMap).get(3) as readonly [number, Uint8Array];
  return `${alg === -16 ? "sha256" : "sha384"}:${hex(bytes)}`;
}
