// What attackers do: artifacts taken apart, changed and put together again with the format's own encoders and keys that the story
// gives them.
import { signAnchor, makeStatement } from "../../packages/core/src/anchor.ts";
import type { Statement } from "../../packages/core/src/anchor.ts";
import { decodeArtifact, decodeCore, decodeKeys, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { encodeCore, encodeKeys } from "../../packages/core/src/artifact.ts";
import type { ArtifactParts, Core, Keys } from "../../packages/core/src/artifact.ts";
import { encodeAttachment, listAttachments } from "../../packages/core/src/attachments.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborMap, CborValue } from "../../packages/core/src/cbor.ts";
import { ingest } from "@writ/core";
import type { Custody, IngestOptions, Signer, TrustPolicy } from "@writ/core";
import { at, codeOf, evaluator, keystore, trust } from "../support/scene.ts";

/** The artifact with some of its parts changed, bytes otherwise as they were. */
export function withParts(artifact: Uint8Array, change: (parts: ArtifactParts) => Partial<ArtifactParts>): Uint8Array {
  const parts = decodeArtifact(artifact);
  return encodeArtifact({ ...parts, ...change(parts) });
}

/** What an attacker who seals anew may change. */
export interface Resealing {
  readonly core?: (core: Core) => Core;
  readonly keys?: (keys: Keys) => Keys;
  readonly statement?: (statement: Statement) => Statement;
  /** Attachments to keep, by kind. */
  readonly keep?: (kind: string, content: Uint8Array) => boolean;
  /** Attachments to add. */
  readonly attach?: readonly Uint8Array[];
  /** Seconds since the epoch; default: as the core says. */
  readonly sealedAt?: number;
}

/** The artifact sealed anew by a key of the attacker's: a first anchor over a changed core or changed keys. */
export async function resealed(artifact: Uint8Array, signer: Signer, change: Resealing = {}): Promise<Uint8Array> {
  const parts = decodeArtifact(artifact);
  const core = (change.core ?? ((same) => same))(decodeCore(parts.core));
  const coreBytes = encodeCore(core);
  const keys = encodeKeys((change.keys ?? ((same) => same))(decodeKeys(parts.keys)));
  const statement = makeStatement(
    { core: coreBytes, keys, artifactId: core.artifactId, contentRoot: core.content.root },
    [],
    { kind: "seal", suite: signer.suite, issuedAt: change.sealedAt ?? core.issuedAt },
  );
  const kept = listAttachments(parts.attachments)
    .filter(({ kind, content }) => change.keep?.(kind, content) ?? true)
    .map(({ bytes }) => bytes);
  return encodeArtifact({
    core: coreBytes,
    keys,
    anchors: [await signAnchor((change.statement ?? ((same) => same))(statement), signer)],
    attachments: [...kept, ...(change.attach ?? [])],
  });
}

/** An attachment of bytes. */
export function attached(kind: "policy" | "root" | "source" | "list" | "leaves", content: Uint8Array): Uint8Array {
  return encodeAttachment(kind, content);
}

/** An anchor with the COSE_Sign in it changed: body protected, unprotected, payload, signers. */
export function withCose(anchor: Uint8Array, change: (cose: CborValue[]) => void): Uint8Array {
  const map = decodeCbor(anchor) as CborMap;
  const cose = structuredCloneOf(map.get(2)!) as CborValue[];
  change(cose);
  return encodeCbor(
    new Map<number, CborValue>([
      [1, map.get(1)!],
      [2, cose],
    ]),
  );
}

/** A copy that may be changed. */
function structuredCloneOf(value: CborValue): CborValue {
  if (Array.isArray(value)) return value.map((item) => structuredCloneOf(item as CborValue));
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  return value;
}

/** The code with which ingest refuses under the scene's trust policy, or `nothing was thrown`. */
export function refusal(
  artifact: Uint8Array,
  by: TrustPolicy = trust,
  options: IngestOptions & { seconds?: number } = {},
): Promise<string> {
  const { seconds = 60, ...rest } = options;
  return codeOf(() => ingest(artifact, by, { evaluator, clock: at(seconds), ...rest }));
}

/** What `codeOf` gives where a call went through. */
export const accepted = "nothing was thrown";

/** The scene's keystore with some of its methods replaced: a custody that lies, or one that notes what it is asked. */
export function custodyWith(change: Partial<Custody>): Custody {
  return {
    scheme: "local",
    describe: (uri) => keystore.describe(uri),
    generate: (uri, context) => keystore.generate(uri, context),
    unwrap: (recipient, context) => keystore.unwrap(recipient, context),
    rewrap: (recipient, from, to) => keystore.rewrap(recipient, from, to),
    sign: (uri, alg, message) => keystore.sign(uri, alg, message),
    publicKey: (uri) => keystore.publicKey(uri),
    ...change,
  };
}
