// Anchors over a draft, direct and batched, and the artifact that they make.
import { anchorsName, encodeStatement, makeStatement } from "../../packages/core/src/anchor.ts";
import type { CoveredAnchor, Statement } from "../../packages/core/src/anchor.ts";
import { encodeArtifact, nameOf } from "../../packages/core/src/artifact.ts";
import type { Source } from "../../packages/core/src/artifact.ts";
import { encodeAttachment, encodeSource } from "../../packages/core/src/attachments.ts";
import { saltedLeaf } from "../../packages/core/src/batch.ts";
import { decodeCbor } from "../../packages/core/src/cbor.ts";
import { inclusionPath, rootOfLeaves } from "../../packages/core/src/merkle.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { hashes, nameHash, suites } from "../../packages/core/src/suites.ts";
import type { SuiteName } from "../../packages/core/src/suites.ts";
import { coseSign } from "./cose.ts";
import type { CoseEdits, Header } from "./cose.ts";
import { draft } from "./draft.ts";
import type { Draft, DraftOptions } from "./draft.ts";
import { bytesOf, coveredAt, issuer, notary, sealedAt } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";

/** What a verifier should find about one anchor. */
export interface AnchorFacts {
  readonly kind: string;
  readonly suite: string;
  readonly authority: string;
  readonly time: number;
  readonly batched: boolean;
}

/** One anchor with its root message where it is batched. */
export interface Link extends CoveredAnchor {
  readonly facts: AnchorFacts;
}

/** A draft with anchors. */
export interface Chain {
  readonly draft: Draft;
  readonly links: readonly Link[];
  /** The keys part as it is now. */
  readonly keysBytes: Uint8Array;
  /** The content root as the last anchor gives it; default the core's. */
  readonly contentRoot?: Digest;
}

/** What a case changes about an anchor. */
export interface AnchorOptions {
  readonly signer?: Signer;
  readonly kind?: Statement["kind"];
  /** Seconds since the epoch. */
  readonly time?: number;
  /** Suite that the statement names; default the signer's. */
  readonly suite?: SuiteName;
  /** New keys part: a rewrap brings one. */
  readonly keysBytes?: Uint8Array;
  /** New content root: a rehash brings one. */
  readonly contentRoot?: Digest;
  readonly statement?: (statement: Header) => void;
  readonly rawStatement?: (statement: Header) => Loose;
  readonly cose?: CoseEdits;
  readonly anchor?: (anchor: Header) => Loose;
}

/** What a case changes about a batched anchor. */
export interface BatchOptions extends AnchorOptions {
  /** Leaves in the tree, this one included. */
  readonly size?: number;
  readonly index?: number;
  readonly label?: "writ/1 anchor leaf" | "writ/1 receipt leaf";
  /** Leaf in place of the right one. */
  readonly leaf?: (statement: Uint8Array, salt: Uint8Array) => Uint8Array;
  /** Time that the statement gives; the anchor's time is the root's. */
  readonly statedTime?: number;
  readonly root?: (root: Header) => void;
  readonly rootCose?: CoseEdits;
  readonly rootAttached?: boolean;
  readonly rootUse?: string;
  readonly proof?: (proof: Header) => void;
}

function statementBytes(
  { draft: { coreBytes, core }, links, keysBytes, contentRoot = core.content.root }: Chain,
  options: AnchorOptions,
  kind: Statement["kind"],
  time: number,
  signer: Signer,
): Uint8Array {
  const parts = { core: coreBytes, keys: keysBytes, artifactId: core.artifactId, contentRoot };
  const statement = makeStatement(parts, links, { kind, suite: options.suite ?? signer.suite, issuedAt: time });
  const map = decodeCbor(encodeStatement(statement)) as Header;
  options.statement?.(map);
  return encodeRaw(options.rawStatement?.(map) ?? map);
}

function withLink(chain: Chain, link: Link): Chain {
  return { ...chain, links: [...chain.links, link] };
}

function encodeAnchor(statement: Uint8Array, evidence: Loose, edit: AnchorOptions["anchor"]): Uint8Array {
  const map: Header = new Map<number | string, Loose>([
    [1, statement],
    [2, evidence],
  ]);
  return encodeRaw(edit?.(map) ?? map);
}

function changedBy(chain: Chain, { keysBytes, contentRoot }: AnchorOptions): Chain {
  return { ...chain, ...(keysBytes ? { keysBytes } : {}), ...(contentRoot ? { contentRoot } : {}) };
}

/** Adds a direct anchor: the seal where there is none yet, else a cover by the notary. */
export async function anchor(before: Chain, options: AnchorOptions = {}): Promise<Chain> {
  const chain = changedBy(before, options);
  const first = chain.links.length === 0;
  const signer = options.signer ?? (first ? issuer : notary);
  const kind = options.kind ?? (first ? "seal" : "cover");
  const time = options.time ?? (first ? sealedAt : coveredAt);
  const statement = statementBytes(chain, options, kind, time, signer);
  const bytes = encodeAnchor(
    statement,
    await coseSign("anchor", statement, signer, false, options.cose),
    options.anchor,
  );
  return withLink(chain, {
    anchor: bytes,
    root: null,
    facts: { kind, suite: options.suite ?? signer.suite, authority: signer.authority, time, batched: false },
  });
}

/** Adds an anchor under a signed root over `size` leaves. */
export async function batched(before: Chain, options: BatchOptions = {}): Promise<Chain> {
  const chain = changedBy(before, options);
  const first = chain.links.length === 0;
  const {
    size = 5,
    index = 2,
    signer = first ? issuer : notary,
    time = first ? sealedAt : coveredAt,
    label = "writ/1 anchor leaf",
  } = options;
  const kind = options.kind ?? (first ? "seal" : "cover");
  const { hash: alg } = suites[signer.suite];
  const statement = statementBytes(chain, options, kind, options.statedTime ?? time, signer);
  const salt = bytesOf(`${chain.draft.label} salt ${chain.links.length}`, 16);
  const leaf = options.leaf?.(statement, salt) ?? saltedLeaf(alg, label, statement, salt);
  const leaves = Buffer.concat(
    Array.from({ length: size }, (_, n) =>
      n === index ? leaf : bytesOf(`${chain.draft.label} leaf ${n}`, hashes[alg].sizeBytes),
    ),
  );
  const root: Header = new Map<number | string, Loose>([
    [1, bytesOf(`${chain.draft.label} batch ${chain.links.length}`, 16)],
    [2, size],
    [3, rootOfLeaves(alg, leaves)],
    [4, time],
    [5, signer.suite],
  ]);
  options.root?.(root);
  const message = encodeRaw(
    await coseSign(
      options.rootUse ?? "anchor root",
      encodeRaw(root),
      signer,
      options.rootAttached ?? true,
      options.rootCose,
    ),
  );
  const proof: Header = new Map<number | string, Loose>([
    [1, salt],
    [2, size],
    [3, index],
    [4, inclusionPath(alg, leaves, index)],
    [5, [nameHash, digestBytes(nameOf(message))]],
  ]);
  options.proof?.(proof);
  const bytes = encodeAnchor(statement, proof, options.anchor);
  return withLink(chain, {
    anchor: bytes,
    root: message,
    facts: { kind, suite: options.suite ?? signer.suite, authority: signer.authority, time, batched: true },
  });
}

/** A chain without anchors. */
export function chainOf(of: Draft): Chain {
  return { draft: of, links: [], keysBytes: of.keysBytes };
}

/** A draft sealed directly. */
export async function sealed(options: DraftOptions = {}, seal: AnchorOptions = {}): Promise<Chain> {
  return anchor(chainOf(await draft(options)), seal);
}

/** How a case changes the whole. */
export interface JoinOptions {
  readonly anchors?: (anchors: Uint8Array[]) => Uint8Array[];
  /** Attachments in place of the usual ones. */
  readonly attachments?: (attachments: Uint8Array[]) => Uint8Array[];
  /** The six members of the artifact, after sets were sorted. */
  readonly members?: (members: Loose[]) => Loose;
  readonly keysBytes?: Uint8Array;
}

/** Everything that a portable artifact attaches: policies, root messages, what its sources need. */
export function attachmentsOf({ draft: { policies, attachments }, links }: Chain): Uint8Array[] {
  return [
    ...policies.map(({ bytes }) => encodeAttachment("policy", bytes)),
    ...links.flatMap(({ root }) => (root ? [encodeAttachment("root", root)] : [])),
    ...attachments,
  ];
}

/** Bytes of the artifact. */
export function joined(
  chain: Chain,
  { anchors, attachments, members, keysBytes = chain.keysBytes }: JoinOptions = {},
): Uint8Array {
  const all = chain.links.map(({ anchor: bytes }) => bytes);
  const attached = attachmentsOf(chain);
  const bytes = encodeArtifact({
    core: chain.draft.coreBytes,
    keys: keysBytes,
    anchors: anchors?.(all) ?? all,
    attachments: attachments?.(attached) ?? attached,
  });
  return members ? encodeRaw(members([...(decodeCbor(bytes) as Loose[])])) : bytes;
}

/** A chain as a core names it. Spec: LIN-1. */
export function sourceOf(chain: Chain, role: Source["role"] = "parent"): Source {
  return {
    id: chain.draft.core.artifactId,
    core: nameOf(chain.draft.coreBytes),
    anchors: anchorsName(chain.links),
    role,
  };
}

/** What a child attaches for a parent: the source and whatever it carried. Spec: LIN-7. */
export function carried(chain: Chain): Uint8Array[] {
  const source = encodeSource(
    chain.draft.coreBytes,
    chain.links.map(({ anchor: bytes }) => bytes),
  );
  return [encodeAttachment("source", source), ...attachmentsOf(chain)];
}
