// Large graphs of small artifacts: opaque content of no bytes, one policy in a store, each sealed directly.
import { generateKeyPairSync, hash } from "node:crypto";
import { describeSigner, ingest, localSigner, nameOf, parseTrust, signPolicy } from "@writ/core";
import type { Core, Signer, Source, Store, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { anchorsName, makeStatement, signAnchor } from "../../packages/core/src/anchor.ts";
import { encodeArtifact, encodeCore, encodeKeys } from "../../packages/core/src/artifact.ts";
import { createEvaluator } from "@writ/evaluator";

const seconds = Date.parse("2026-03-01T12:00:00Z") / 1000;
export const clock = (): number => (seconds + 60) * 1000;

/** What a corpus is made under. */
export interface Setting {
  readonly signer: Signer;
  /** Role approve. */
  readonly approver: Signer;
  readonly trustText: string;
  readonly trust: TrustPolicy;
  readonly policy: Uint8Array;
}

/** An artifact and how a child names it. */
export interface Made {
  readonly artifact: Uint8Array;
  readonly source: Source;
}

/** What differs from artifact to artifact. */
export interface Change {
  readonly core?: Partial<Core>;
  readonly operation?: Core["lineage"]["operation"];
  /** Seconds after the corpus' first second. */
  readonly after?: number;
}

/** Fresh keys, a trust policy that knows them, one signed policy. */
export async function newSetting(): Promise<Setting> {
  const signerOf = (authority: string): Signer =>
    localSigner(authority, "ed25519", [generateKeyPairSync("ed25519").privateKey]);
  const [signer, office, approver] = ["issuer", "office", "approver"].map((name) =>
    signerOf(`urn:example:${name}`),
  ) as [Signer, Signer, Signer];
  const document = JSON.stringify({
    version: 1,
    kind: "grant",
    id: "urn:example:office:policy",
    authority: "urn:example:office",
    permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }],
  });
  const { message } = await signPolicy(document, { evaluator: createEvaluator(), signer: office });
  const trustText = JSON.stringify({
    version: 1,
    sequence: 1,
    expires: "2040-01-01T00:00:00Z",
    signers: [describeSigner(signer, "issue"), describeSigner(office, "policy"), describeSigner(approver, "approve")],
    suites: { ed25519: {} },
  });
  return { signer, approver, trustText, trust: parseTrust(trustText), policy: message };
}

const noKeys = encodeKeys({ recipients: [], exposures: [] });

function idOf(label: string): Uint8Array {
  return hash("sha256", label, "buffer").subarray(0, 16);
}

/** Seals an artifact `label` over its sources. */
export async function sealed(
  { signer, policy }: Setting,
  label: string,
  parents: readonly Source[],
  { core: change = {}, operation = parents.length === 0 ? "seal" : "aggregate", after = 0 }: Change = {},
): Promise<Made> {
  const time = seconds + after;
  const core: Core = {
    artifactId: idOf(label),
    revision: 0,
    issuedAt: time,
    issuer: signer.authority,
    firstIssuer: signer.authority,
    content: { format: "opaque", sizeBytes: 0, root: `sha256:${hash("sha256", "")}` },
    layers: [{ policy: nameOf(policy) }],
    custodyRule: {},
    lineage: { operation, parents, receipts: [], actor: signer.authority },
    status: [],
    ...change,
  };
  const coreBytes = encodeCore(core);
  const parts = { core: coreBytes, keys: noKeys, artifactId: core.artifactId, contentRoot: core.content.root };
  const statement = makeStatement(parts, [], { kind: "seal", suite: signer.suite, issuedAt: time });
  const anchor = await signAnchor(statement, signer);
  return {
    artifact: encodeArtifact({ core: coreBytes, keys: noKeys, anchors: [anchor], attachments: [] }),
    source: {
      id: core.artifactId,
      core: nameOf(coreBytes),
      anchors: anchorsName([{ anchor, root: null }]),
      role: "parent",
    },
  };
}

const maxParents = 256;

/** A chain of `deep` artifacts, `wide` children of its last one, and joins of 256 until one is left. */
export async function* corpus(setting: Setting, deep: number, wide: number): AsyncGenerator<Uint8Array> {
  let last = await sealed(setting, "0", []);
  yield last.artifact;
  for (let at = 1; at < deep; at += 1) {
    last = await sealed(setting, `${at}`, [last.source]);
    yield last.artifact;
  }
  let row: Source[] = [];
  for (let at = 0; at < wide; at += 1) {
    const made = await sealed(setting, `wide ${at}`, [last.source]);
    row.push(made.source);
    yield made.artifact;
  }
  for (let level = 0; row.length > 1; level += 1) {
    const joins: Source[] = [];
    for (let at = 0; at < row.length; at += maxParents) {
      const made = await sealed(setting, `join ${level} ${at}`, row.slice(at, at + maxParents));
      joins.push(made.source);
      yield made.artifact;
    }
    row = joins;
  }
}

/** Ingests artifacts one after the other: nothing but the last is kept. */
export async function* ingested(
  artifacts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  trust: TrustPolicy,
  policy: Uint8Array,
): AsyncGenerator<VerifiedArtifact> {
  const name = nameOf(policy);
  const store: Store = { get: (wanted) => (wanted === name ? policy : undefined) };
  for await (const artifact of artifacts) yield await ingest(artifact, trust, { store, clock });
}
