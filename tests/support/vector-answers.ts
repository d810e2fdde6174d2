// What our code answers to each vector, for the tests that read them and for a page alike: so it imports nothing of node,
// and of the packages only what a browser has.
import {
  GovernanceError,
  artifactIdText,
  decodeCbor,
  encodeCbor,
  ingest,
  nameOf,
  openSignedTrust,
  parseTrust,
  readReceiptFile,
  splitCarrier,
  verifyReceipts,
} from "@writ/core";
import type {
  CborValue,
  Digest,
  JsonObject,
  JsonValue,
  SignatureAlg,
  Store,
  TrustPolicy,
  VerifiedArtifact,
} from "@writ/core";
import { createSecretKey } from "@writ/core/keys";
import { createEvaluator } from "@writ/evaluator";
import { concatBytes, fromHex, toHex } from "../../packages/core/src/bytes-browser.ts";
import { contentAad } from "../../packages/core/src/content.ts";
import type { SignedContent } from "../../packages/core/src/content.ts";
import { decryptContent, readVerified } from "../../packages/core/src/content-open.ts";
import { decryptSegment, startDecryption } from "../../packages/core/src/floe.ts";
import type { ContentVector } from "../../test-vectors/content.ts";
import type { DecisionVector } from "../evaluator/vector-files.ts";
import { decided, expectedDecision, instantOf } from "./decision-answers.ts";

/** The folders of vectors. */
export const vectorSets = [
  "artifacts",
  "trust/cases",
  "policies",
  "decisions",
  "receipts",
  "cbor",
  "content",
  "floe",
] as const;

/** A folder of vectors. */
export type VectorSet = (typeof vectorSets)[number];

/** Where vectors and what they name come from; the text of each file. */
export interface VectorSource {
  /** Vectors of a folder, in the order of their names. */
  readonly vectors: Readonly<Record<VectorSet, readonly unknown[]>>;
  /** Trust policies by file name. */
  readonly trust: Readonly<Record<string, string>>;
  /** Prefixes of terms and what they stand for. */
  readonly prefixes: Readonly<Record<string, string>>;
  /** What is stored for a vector of content, by its name. */
  readonly stored: (name: string) => Promise<Uint8Array>;
}

/** An answer, and what the vector expects. */
export interface Answer {
  readonly id: string;
  readonly found: string;
  readonly expected: string;
}

interface Vector {
  readonly id?: string;
  readonly name?: string;
  readonly expect?: unknown;
}

/** An artifact, and under which trust policy and when it is ingested. */
export interface ArtifactVector extends Vector {
  readonly trust: string;
  readonly now: string;
  readonly artifact?: string;
  readonly carrier?: string;
  readonly content?: string;
  readonly store?: readonly string[];
  readonly limits?: { readonly maxArtifactBytes?: number; readonly maxContentBytes?: number };
}

/** A trust policy as text, or signed. */
export interface TrustVector extends Vector {
  readonly text?: string;
  readonly signed?: string;
  readonly pinned?: readonly { readonly alg: SignatureAlg; readonly publicKey: string }[];
  readonly highestSeen?: number;
  readonly now?: string;
}

/** Receipts as entries or as a file. */
export interface ReceiptVector extends Vector {
  readonly trust: string | null;
  readonly now?: string;
  readonly entries?: readonly string[];
  readonly file?: string;
}

/** Encodings with their values, or the codes of their faults. */
export interface CborVectors extends Vector {
  readonly cases: readonly { readonly hex: string; readonly value?: unknown; readonly code?: string }[];
}

/** A policy that is refused for one fault, or accepted in one form. */
export interface PolicyVector extends Vector {
  /** The text as written, where the fault is in the text; else the document. */
  readonly text?: string;
  readonly document?: JsonObject;
  /** Spaces are appended up to this size. */
  readonly padToBytes?: number;
  /** `artifact`: the document is handed over as it stands in an artifact. */
  readonly source?: "artifact";
  readonly expect:
    | { readonly code: string; readonly pointer: string }
    | { readonly expanded: JsonObject; readonly sha384: string };
}

interface KnownAnswer extends Vector {
  readonly segmentBytes: number;
  readonly key: string;
  readonly aad: string;
  readonly plaintext: string;
  readonly ciphertext: string;
}

/** JSON with members sorted; absent and undefined are one. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

const bytes = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** What a call gives, or `{code}` of what it throws; rejects with anything but a GovernanceError. */
export async function outcomeOf(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof GovernanceError) return { code: error.code };
    throw error;
  }
}

/** A store over bytes at hand, by their names. */
function storeOf(contents: readonly Uint8Array[]): Store {
  const byName = new Map(contents.map((content) => [nameOf(content), content]));
  return { get: (name) => byName.get(name) };
}

function describeArtifact(verified: VerifiedArtifact): unknown {
  const { name, head, core, evidence, wrapEra, lineage, classification, contentChecked } = verified;
  return {
    name,
    head,
    artifactId: artifactIdText(core),
    era: evidence.era,
    standing: evidence.standing,
    wrapEra,
    lineage: lineage.standing,
    sources: lineage.sources,
    classification,
    content: contentChecked ? "checked" : "unchecked",
    judgedAt: instantOf(evidence.judgedAt),
    anchors: evidence.anchors.map(({ kind, suite, signer, time, batched, counts }) => ({
      kind,
      suite,
      authority: signer.authority,
      batched,
      time: instantOf(time),
      counts,
    })),
    unknownLater: evidence.unknownLater,
    reported: evidence.reported.map(({ suites }) => suites),
  };
}

/** What ingest finds about a vector; `change` is made to the bytes first. */
export async function ingested(
  vector: ArtifactVector,
  trust: TrustPolicy,
  change: (input: Uint8Array) => Uint8Array = (input) => input,
): Promise<unknown> {
  const { maxArtifactBytes, maxContentBytes } = vector.limits ?? {};
  const given = change(bytes(vector.carrier ?? vector.artifact ?? ""));
  const { artifact, content } =
    vector.carrier === undefined
      ? { artifact: given, content: null }
      : splitCarrier(given, {
          ...(maxArtifactBytes === undefined ? {} : { maxArtifactBytes }),
          ...(maxContentBytes === undefined ? {} : { maxContentBytes }),
        });
  const stored = vector.content === undefined ? content : bytes(vector.content);
  const verified = await ingest(artifact, trust, {
    clock: () => Date.parse(vector.now),
    ...(vector.store === undefined ? {} : { store: storeOf(vector.store.map(bytes)) }),
    ...(stored === null ? {} : { content: stored }),
    ...(maxArtifactBytes === undefined ? {} : { maxBytes: maxArtifactBytes }),
  });
  return describeArtifact(verified);
}

/** What is read of a trust policy. */
export function trustRead({ text, signed, pinned = [], highestSeen, now }: TrustVector): unknown {
  if (text === undefined && signed === undefined) return ingest(new Uint8Array(), undefined as unknown as TrustPolicy);
  const keys = pinned.map(({ alg, publicKey }) => ({ alg, publicKey: bytes(publicKey) }));
  const { name, sequence, expires, signers } =
    text === undefined
      ? openSignedTrust(bytes(signed ?? ""), keys, highestSeen ?? null, () => Date.parse(now ?? ""))
      : parseTrust(text);
  return {
    name,
    sequence,
    expires: instantOf(expires),
    signers: signers.map(({ authority, role, suite }) => ({ authority, role, suite })),
  };
}

/** What is verified of receipts. */
export function receiptsRead({ now, entries = [], file }: ReceiptVector, trust: TrustPolicy | null): unknown {
  const read = file === undefined ? { entries: entries.map(bytes) } : readReceiptFile(bytes(file));
  const options = now === undefined ? undefined : { clock: () => Date.parse(now) };
  const receipts = verifyReceipts(read.entries, trust, options).map(({ name, receipt, rootedBy }) => ({
    name,
    emitter: toHex(receipt.emitter),
    sequence: receipt.sequence,
    previous: receipt.previous,
    time: instantOf(receipt.time),
    rootedBy,
  }));
  return "wholeBytes" in read ? { wholeBytes: read.wholeBytes, receipts } : { receipts };
}

function plain(value: CborValue): unknown {
  if (value instanceof Uint8Array) return { bytes: toHex(value) };
  if (value instanceof Map)
    return { map: [...(value as ReadonlyMap<number | string, CborValue>)].map(([key, item]) => [key, plain(item)]) };
  return Array.isArray(value) ? (value as CborValue[]).map(plain) : value;
}

/** Values, or the codes of faults, where they are written as they were read. */
export async function decoded({ cases }: CborVectors): Promise<unknown> {
  return Promise.all(
    cases.map(({ hex }) =>
      outcomeOf(() => {
        const value = decodeCbor(fromHex(hex));
        return toHex(encodeCbor(value)) === hex ? { value: plain(value) } : { rewritten: toHex(encodeCbor(value)) };
      }),
    ),
  );
}

/** What `decoded` gives where each encoding is as the vector says. */
export function expectedValues({ cases }: CborVectors): unknown {
  return cases.map(({ value, code }) => (code === undefined ? { value } : { code }));
}

function toCbor(value: JsonValue): CborValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => toCbor(item as JsonValue));
  return new Map(Object.entries(value).map(([name, item]) => [name, toCbor(item)]));
}

/** What the evaluator makes of a policy; its place may be more exact than the vector's, which holds it. */
export function policyRead({ text, document, padToBytes = 0, source, expect }: PolicyVector): unknown {
  try {
    const given = source === "artifact" ? document! : (text ?? JSON.stringify(document)).padEnd(padToBytes);
    const { document: expanded } = createEvaluator().prepare(given);
    return { expanded, sha384: nameOf(encodeCbor(toCbor(expanded))).slice("sha384:".length) };
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
    const { code, path = "no path" } = error;
    const place = "pointer" in expect ? expect.pointer : "";
    return { code, pointer: path === place || (place !== "" && path.startsWith(`${place}/`)) ? place : path };
  }
}

async function* inChunks(whole: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += 60_000) yield await Promise.resolve(whole.subarray(at, at + 60_000));
}

async function sha256Of(data: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(data))));
}

async function contentOpened(vector: ContentVector, stored: Uint8Array): Promise<unknown> {
  const { source, content: said, dataKey = "", artifactId = "", firstIssuer = "", leaves } = vector.reader;
  const content: SignedContent = {
    ...said,
    root: said.root as Digest,
    floeHeader: said.floeHeader === undefined ? undefined : fromHex(said.floeHeader),
  };
  const given = source === "stream" ? inChunks(stored) : stored;
  const verify = { content, leaves: leaves === null ? undefined : fromHex(leaves) };
  const parts: Uint8Array[] = [];
  try {
    const released =
      content.format === "opaque"
        ? readVerified(given, verify)
        : decryptContent(given, {
            ...verify,
            dataKey: createSecretKey(fromHex(dataKey)),
            aad: contentAad(fromHex(artifactId), firstIssuer),
          });
    for await (const part of released) parts.push(Uint8Array.from(part));
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
    return { code: error.code, releasedBytes: concatBytes(parts).length };
  }
  const plaintext = concatBytes(parts);
  return { plaintextSha256: await sha256Of(plaintext), plaintextSizeBytes: plaintext.length };
}

function floeOpened({ segmentBytes, key, aad, ciphertext }: KnownAnswer): string {
  const stored = fromHex(ciphertext);
  const message = startDecryption(createSecretKey(fromHex(key)), fromHex(aad), stored.subarray(0, 74), segmentBytes);
  const body = stored.subarray(74);
  const count = Math.ceil(body.length / segmentBytes);
  return toHex(
    concatBytes(
      Array.from({ length: count }, (_, index) => {
        const segment = body.subarray(index * segmentBytes, (index + 1) * segmentBytes);
        return decryptSegment(message, index, index === count - 1, segment, new Uint8Array(segment.length - 32));
      }),
    ),
  );
}

/** What our code answers to one vector. */
async function answerOf(set: VectorSet, vector: Vector, source: VectorSource): Promise<[unknown, unknown]> {
  const { expect } = vector;
  const trustOf = (file: string): TrustPolicy => parseTrust(source.trust[file]!);
  switch (set) {
    case "artifacts": {
      const one = vector as ArtifactVector;
      return [await outcomeOf(() => ingested(one, trustOf(one.trust))), expect];
    }
    case "trust/cases":
      return [await outcomeOf(() => trustRead(vector)), expect];
    case "receipts": {
      const one = vector as ReceiptVector;
      return [await outcomeOf(() => receiptsRead(one, one.trust === null ? null : trustOf(one.trust))), expect];
    }
    case "cbor": {
      const one = vector as CborVectors;
      return [await decoded(one), expectedValues(one)];
    }
    case "policies":
      return [policyRead(vector as PolicyVector), expect];
    case "decisions": {
      const one = vector as unknown as DecisionVector;
      return [decided(one, source.prefixes), expectedDecision(one)];
    }
    case "content": {
      const one = vector as unknown as ContentVector;
      return [await contentOpened(one, await source.stored(one.name)), expect];
    }
    case "floe":
      return [floeOpened(vector as KnownAnswer), (vector as KnownAnswer).plaintext];
  }
}

/** What our code answers to each vector of a folder. */
export async function answersOf(set: VectorSet, source: VectorSource): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const vector of source.vectors[set] as readonly Vector[]) {
    const id = vector.id ?? vector.name ?? "";
    try {
      const [found, expected] = await answerOf(set, vector, source);
      answers.push({ id, found: sortedJson(found), expected: sortedJson(expected) });
    } catch (error) {
      answers.push({ id, found: `not an answer: ${String(error)}`, expected: sortedJson(vector.expect) });
    }
  }
  return answers;
}
