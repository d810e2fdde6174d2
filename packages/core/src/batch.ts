// Batches: many statements under one signed Merkle root. A signed leaf that was never stored is not an anchor.
import { concatBytes } from "#bytes";
import { encodeBatchedAnchor, encodeStatement } from "./anchor.ts";
import type { BatchProof, Statement } from "./anchor.ts";
import { CachePerOwner } from "./bounded-cache.ts";
import { arrayHead, byteStringHead, decodeCbor, encodeCbor, ownBytes } from "./cbor.ts";
import { parseCose, signCose } from "./cose.ts";
import type { CosePurpose } from "./cose.ts";
import { randomBytes, randomNonce } from "#crypto";
import { VerificationError } from "./errors.ts";
import { inclusionPaths, leafHash, rootOfLeaves } from "./merkle.ts";
import { bytes, record, text, uint } from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";
import { nameOf } from "./artifact.ts";
import { keepName } from "./known-names.ts";
import { KnownNodes } from "./known-nodes.ts";
import type { Signer } from "./signer.ts";
import { hashes, isSuiteName, suites } from "./suites.ts";
import type { HashAlg, SuiteName } from "./suites.ts";
import type { TrustPolicy, TrustedSigner } from "./trust.ts";
import { verifyCose } from "./trust.ts";

/** What a root message states. */
export interface RootStatement {
  readonly batchId: Uint8Array;
  readonly treeSize: number;
  /** Bare digest under the hash of `suite`. */
  readonly root: Uint8Array;
  /** Seconds since the epoch: the time of every anchor in the batch. */
  readonly time: number;
  readonly suite: string;
}

/** A root message whose signatures verified under one trust policy. */
export interface VerifiedRoot {
  readonly root: RootStatement;
  readonly suite: SuiteName;
  readonly signer: TrustedSigner;
  /** Upper nodes of its tree. */
  readonly nodes: KnownNodes;
}

/** Most leaves of one batch. Spec: BAT-1. */
export const maxBatchLeaves = 65_536;

/** Most bytes of a root message: a hybrid one is below 5 KiB. Spec: BAT-3. */
export const maxRootBytes: number = 32 << 10;

const rootShape: Shape<RootStatement> = record<RootStatement>({
  batchId: bytes(16),
  treeSize: uint(maxBatchLeaves),
  root: bytes(32, 64),
  time: uint(),
  suite: text(64),
});

/** `[label` of the array that a leaf hashes. */
const leafPrefixes = {
  "writ/1 anchor leaf": concatBytes([arrayHead(3), encodeCbor("writ/1 anchor leaf")]),
  "writ/1 receipt leaf": concatBytes([arrayHead(3), encodeCbor("writ/1 receipt leaf")]),
} as const;

/** The leaf of a salted message under its own label: hash(0x00 ‖ CBOR[label, message, salt]). Spec: BAT-2. */
export function saltedLeaf(
  alg: HashAlg,
  label: "writ/1 anchor leaf" | "writ/1 receipt leaf",
  message: Uint8Array,
  salt: Uint8Array,
): Uint8Array {
  return leafHash(
    alg,
    concatBytes([leafPrefixes[label], byteStringHead(message.length), message, byteStringHead(salt.length), salt]),
  );
}

/** Signs the root over leaves in order. Spec: BAT-3. */
export async function signRoot(
  purpose: RootPurpose,
  leaves: Uint8Array,
  signer: Signer,
  time: number,
  batchId: Uint8Array = randomBytes(16),
): Promise<Uint8Array> {
  const { hash: alg } = suites[signer.suite];
  const root = rootOfLeaves(alg, leaves);
  const payload = encodeCbor(
    rootShape.write({ batchId, treeSize: leaves.length / root.length, root, time, suite: signer.suite }),
  );
  return encodeCbor(await signCose(purpose, payload, signer.keys, true));
}

/** What `anchorBatch` gives: the root message and an anchor a statement, in order. */
export interface AnchorBatch {
  readonly rootMessage: Uint8Array;
  readonly anchors: readonly Uint8Array[];
}

/** Anchors 1 to 65,536 statements of the signer's suite under one signed root. `time` is seconds since the epoch. Spec: BAT-1, BAT-2, BAT-3. */
export async function anchorBatch(
  statements: readonly Statement[],
  signer: Signer,
  time: number,
): Promise<AnchorBatch> {
  if (statements.length === 0 || statements.length > maxBatchLeaves)
    throw new RangeError(`a batch takes 1 to ${maxBatchLeaves} statements`);
  if (statements.some(({ suite }) => suite !== signer.suite))
    throw new TypeError("every statement of a batch is of its signer's suite");
  const { hash: alg } = suites[signer.suite];
  const encoded = statements.map(encodeStatement);
  const salts = encoded.map(() => randomNonce(16));
  const leaves = concatBytes(
    encoded.map((statement, index) => saltedLeaf(alg, "writ/1 anchor leaf", statement, salts[index]!)),
  );
  const rootMessage = await signRoot("anchor root", leaves, signer, time);
  const root = nameOf(rootMessage);
  const paths = inclusionPaths(alg, leaves);
  const anchors = encoded.map((statement, index) =>
    encodeBatchedAnchor(statement, { salt: salts[index]!, treeSize: encoded.length, index, path: paths[index]!, root }),
  );
  return { rootMessage, anchors };
}

type RootPurpose = CosePurpose & ("anchor root" | "receipt root");

const verifiedRoots: Readonly<Record<RootPurpose, CachePerOwner<TrustPolicy, VerifiedRoot>>> = {
  "anchor root": new CachePerOwner(4096),
  "receipt root": new CachePerOwner(4096),
};

/** A root that verified before under this very trust policy object. Spec: BAT-4. */
export function knownRoot(name: Digest, purpose: RootPurpose, trust: TrustPolicy): VerifiedRoot | undefined {
  return verifiedRoots[purpose].of(trust).get(name);
}

/** Verifies a root message's signatures under `trust` (cached by digest for that trust policy object). Throws `batch-structure`, `signer-unknown`, `signature-invalid`. Spec: BAT-4, TRU-14. */
export function verifyRoot(message: Uint8Array, name: Digest, purpose: RootPurpose, trust: TrustPolicy): VerifiedRoot {
  return verifiedRoots[purpose].of(trust).getOrMake(name, () => {
    const owned = ownBytes(message, { maxBytes: maxRootBytes }); // kept for long: not by way of the artifact's memory
    if (nameOf(owned) !== name)
      throw new VerificationError("batch-root", "the root message is not the one that is named");
    const cose = parseCose(decodeCbor(owned), purpose, true);
    const root = rootShape.read(decodeCbor(cose.payload!), "root");
    const signer = verifyCose(trust, cose, purpose, cose.payload!);
    if (!isSuiteName(root.suite) || signer.suite !== root.suite)
      throw new VerificationError("batch-structure", "the root message names another suite than its signer's");
    keepName(owned, name);
    const { hash: alg } = suites[root.suite];
    return { root, suite: root.suite, signer, nodes: new KnownNodes(alg, root.treeSize, root.root) };
  });
}

/** Checks that a statement is a leaf under a verified root; throws `batch-structure`, `batch-root`. Spec: BAT-5. */
export function checkInclusion(
  statementBytes: Uint8Array,
  proof: BatchProof,
  { root, suite, nodes }: VerifiedRoot,
): void {
  const { hash: alg } = suites[suite];
  if (proof.treeSize !== root.treeSize)
    throw new VerificationError("batch-structure", "the proof is for a tree of another size than the root's");
  if (root.root.length !== hashes[alg].sizeBytes)
    throw new VerificationError("batch-structure", "the root is no digest of its suite's hash");
  const leaf = saltedLeaf(alg, "writ/1 anchor leaf", statementBytes, proof.salt);
  const included = nodes.includes(leaf, proof.index, proof.path);
  if (included === null)
    throw new VerificationError("batch-structure", "the path is not one that this index and size have");
  if (!included) throw new VerificationError("batch-root", "the statement is not a leaf under this root");
}
