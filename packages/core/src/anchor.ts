// Anchors: signatures over what the artifact was at one time. They are only added; an anchor adds evidence and never takes away.
import { allocate } from "#bytes";
import { arrayHead, decodeCbor, encodeCbor } from "./cbor.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { parseCose, signCose } from "./cose.ts";
import type { ParsedCose } from "./cose.ts";
import { createHash, hash } from "#crypto";
import { FormatError } from "./errors.ts";
import { bytes, digest, digestText, list, oneOf, optional, record, refuse, text, uint, int } from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";
import { nameDigest } from "./shape.ts";
import type { Signer } from "./signer.ts";
import { hashes, isSuiteName, nameHash, suites } from "./suites.ts";
import type { HashAlg, SuiteName } from "./suites.ts";

/** What an anchor states. `seal` alone confers the core; the others repeat it. Spec: ANC-1. */
export interface Statement {
  readonly version: number;
  readonly kind: "seal" | "cover" | "rehash" | "rewrap";
  readonly artifactId: Uint8Array;
  /** Position among the anchors, from 0. */
  readonly sequence: number;
  readonly hashAlg: number;
  /** Bare digests under `hashAlg`. */
  readonly coreDigest: Uint8Array;
  readonly keysDigest: Uint8Array;
  readonly contentRoot: Digest;
  /** Digest of the earlier anchors with their root messages. */
  readonly earlier: Uint8Array;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly suite: string;
  /** Verdict found on the earlier anchors when this one was made. */
  readonly verdict?: "valid" | "expired" | "unknown";
  readonly reason?: string;
}

/** A leaf of a batch: where the statement stands under a signed root. */
export interface BatchProof {
  readonly salt: Uint8Array;
  readonly treeSize: number;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  /** Name of the root message. */
  readonly root: Digest;
}

/** An anchor as parsed; nothing is verified. `signatures` is null under a suite that is not known here. */
export interface ParsedAnchor {
  readonly bytes: Uint8Array;
  readonly statementBytes: Uint8Array;
  readonly statement: Statement;
  readonly suite: SuiteName | null;
  readonly signatures: ParsedCose | null;
  readonly batch: BatchProof | null;
}

/** An anchor as a later statement covers it: with its root message where it is batched. */
export interface CoveredAnchor {
  readonly anchor: Uint8Array;
  readonly root: Uint8Array | null;
}

/** Most characters of a statement's reason. */
const maxReason = 512;
const bareDigest = bytes(32, 64);
const statementShape: Shape<Statement> = record<Statement>({
  version: uint(1),
  kind: oneOf("seal", "cover", "rehash", "rewrap"),
  artifactId: bytes(16),
  sequence: uint(4095),
  hashAlg: int,
  coreDigest: bareDigest,
  keysDigest: bareDigest,
  contentRoot: digest,
  earlier: bareDigest,
  issuedAt: uint(),
  suite: text(64),
  verdict: optional(oneOf("valid", "expired", "unknown")),
  reason: optional(text(maxReason)),
});

const batchShape: Shape<BatchProof> = record<BatchProof>({
  salt: bytes(16),
  treeSize: uint(2 ** 32),
  index: uint(2 ** 32),
  path: list(bareDigest, 0, 32),
  root: nameDigest,
});

/** Bytes of a statement. */
export function encodeStatement(statement: Statement): Uint8Array {
  return encodeCbor(statementShape.write(statement));
}

/** Parses an anchor; throws FormatError, `cose-structure`. Spec: ANC-1, ANC-2. */
export function parseAnchor(input: Uint8Array, index: number): ParsedAnchor {
  const path = `anchors/${index}`;
  const value = decodeCbor(input);
  if (!(value instanceof Map) || value.size !== 2) refuse(path, "an anchor");
  const map = value as CborMap;
  const statementBytes = map.get(1);
  const evidence = map.get(2);
  if (!(statementBytes instanceof Uint8Array) || evidence === undefined) refuse(path, "an anchor");
  const statement = statementShape.read(decodeCbor(statementBytes), `${path}/statement`);
  if (statement.version !== 1) refuse(`${path}/statement/version`, "1");
  const batch = evidence instanceof Map ? batchShape.read(evidence, `${path}/batch`) : null;
  const suite = isSuiteName(statement.suite) ? statement.suite : null;
  const signatures = batch === null && suite !== null ? parseCose(evidence, "anchor", false) : null;
  return { bytes: input, statementBytes, statement, suite, signatures, batch };
}

/** Bytes of an anchor. */
export function encodeAnchor(statementBytes: Uint8Array, evidence: CborValue): Uint8Array {
  return encodeCbor(
    new Map<number, CborValue>([
      [1, statementBytes],
      [2, evidence],
    ]),
  );
}

/** Bytes of a batched anchor. */
export function encodeBatchedAnchor(statementBytes: Uint8Array, proof: BatchProof): Uint8Array {
  return encodeAnchor(statementBytes, batchShape.write(proof));
}

/** An anchor signed directly over its statement. Spec: ANC-3. */
export async function signAnchor(statement: Statement, signer: Signer): Promise<Uint8Array> {
  const statementBytes = encodeStatement(statement);
  return encodeAnchor(statementBytes, await signCose("anchor", statementBytes, signer.keys, false));
}

const piecemealBytes = 1 << 16;

/** `[[anchor, its root message or null] …]`: what a statement's digest of the earlier anchors is over. Spec: ANC-4. */
export function encodeEarlier(earlier: readonly CoveredAnchor[]): Uint8Array {
  return encodeCbor(earlier.map(({ anchor, root }) => [anchor, root]));
}

/** Most artifacts have a seal and nothing before it. */
const nothingEarlier = new Map<HashAlg, Uint8Array>();

const encodedPairs = new WeakMap<CoveredAnchor, Uint8Array>();

/** `[anchor, root message or null]`, encoded once: each of thousands of anchors covers all before it. Not kept where it is long: one root message may stand under all of them. */
function encodedPair(pair: CoveredAnchor): Uint8Array {
  const known = encodedPairs.get(pair);
  if (known) return known;
  const { anchor, root } = pair;
  const encoded = encodeCbor([anchor, root]);
  if (encoded.length <= piecemealBytes / 8) encodedPairs.set(pair, encoded);
  return encoded;
}

/** Digest over `encodeEarlier`: what the next statement carries. Spec: ANC-4. */
export function earlierDigest(alg: HashAlg, earlier: readonly CoveredAnchor[]): Uint8Array {
  if (earlier.length === 0) {
    const known = nothingEarlier.get(alg) ?? hash(alg, encodeEarlier(earlier));
    nothingEarlier.set(alg, known);
    return known;
  }
  const sizeBytes = earlier.reduce((size, { anchor, root }) => size + anchor.length + (root?.length ?? 0), 0);
  if (sizeBytes <= piecemealBytes) return hash(alg, encodeEarlier(earlier));
  const hashed = createHash(hashes[alg].text).update(arrayHead(earlier.length));
  const gathered = allocate(piecemealBytes);
  let length = 0;
  for (const pair of earlier) {
    const encoded = encodedPair(pair);
    if (length + encoded.length > piecemealBytes) {
      hashed.update(gathered.subarray(0, length));
      length = 0;
    }
    if (encoded.length > piecemealBytes) hashed.update(encoded);
    else {
      gathered.set(encoded, length);
      length += encoded.length;
    }
  }
  return hashed.update(gathered.subarray(0, length)).digest();
}

/** The anchors with the root messages that batched ones need; throws FormatError `attachment-missing`. */
export function rootMessages(
  anchors: readonly ParsedAnchor[],
  root: (name: Digest) => Uint8Array | undefined,
): readonly CoveredAnchor[] {
  return anchors.map(({ bytes, batch }) => {
    if (!batch) return { anchor: bytes, root: null };
    const message = root(batch.root);
    if (!message)
      throw new FormatError(
        "attachment-missing",
        `root message \`${batch.root}\` is neither attached nor in the store`,
      );
    return { anchor: bytes, root: message };
  });
}

/** What a next statement over these anchors would carry, under SHA-384: how a source names its anchors. Spec: LIN-1. */
export function anchorsName(anchors: readonly CoveredAnchor[]): Digest {
  return digestText(nameHash, earlierDigest(nameHash, anchors));
}

/** What a new statement says beside what follows from the artifact. */
export interface StatementOptions {
  readonly kind: Statement["kind"];
  readonly suite: SuiteName;
  /** Seconds since the epoch; raised to one above the previous anchor's time. */
  readonly issuedAt: number;
  readonly verdict?: "valid" | "expired" | "unknown";
  readonly reason?: string;
}

/** Throws RangeError and TypeError for a reason that no reader would take. */
function assertReason(reason: string): void {
  if (reason.length === 0 || reason.length > maxReason)
    throw new RangeError(`a reason has 1 to ${maxReason} characters, this one ${reason.length}`);
  encodeCbor(reason);
}

/** A statement over the parts as they are, which any writer can encode. `earlier` are all anchors so far with their root messages. Spec: ANC-1, ANC-4, ANC-5. */
export function makeStatement(
  parts: {
    readonly core: Uint8Array;
    readonly keys: Uint8Array;
    readonly artifactId: Uint8Array;
    readonly contentRoot: Digest;
  },
  earlier: readonly CoveredAnchor[],
  options: StatementOptions,
): Statement {
  const { hash: alg } = suites[options.suite];
  if (options.reason !== undefined) assertReason(options.reason);
  return {
    version: 1,
    kind: options.kind,
    artifactId: parts.artifactId,
    sequence: earlier.length,
    hashAlg: alg,
    coreDigest: hash(alg, parts.core),
    keysDigest: hash(alg, parts.keys),
    contentRoot: parts.contentRoot,
    earlier: Uint8Array.from(earlierDigest(alg, earlier)), // a signer of the caller's gets it; the one of nothing earlier is everybody's
    issuedAt: options.issuedAt,
    suite: options.suite,
    ...(options.verdict === undefined ? {} : { verdict: options.verdict }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  };
}
