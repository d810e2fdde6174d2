// What a case seals: policies, content, recipients, core. Every part can be changed before it is signed.
import type { Core, Layer } from "../../packages/core/src/artifact.ts";
import { encodeCore, encodeKeys, nameOf } from "../../packages/core/src/artifact.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import { contentAad, encryptBytes } from "../../packages/core/src/content.ts";
import { aesKwWrap, createSecretKey, hash, hkdfSha384 } from "../../packages/core/src/crypto.ts";
import type { Recipient } from "../../packages/core/src/custody.ts";
import type { JsonValue } from "../../packages/core/src/evaluator.ts";
import { jsonToCbor } from "../../packages/core/src/policy.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { nameHash } from "../../packages/core/src/suites.ts";
import { coseSign } from "./cose.ts";
import type { CoseEdits, Header } from "./cose.ts";
import { bytesOf, issuer, office, randomOf, sealedAt } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";

/** A signed policy message. */
export interface PolicyFixture {
  readonly name: Digest;
  readonly bytes: Uint8Array;
}

/** What a case changes about a policy message. */
export interface PolicyOptions {
  readonly signer?: Signer;
  /** Members in place of the usual ones, or beside them. */
  readonly document?: Readonly<Record<string, JsonValue>>;
  readonly raw?: (document: Header) => Loose;
  readonly cose?: CoseEdits;
  readonly message?: (members: Loose[]) => Loose;
}

/** A policy message; its id is `urn:example:office:LABEL`. */
export async function policy(
  label = "research",
  { signer = office, document = {}, raw, cose, message }: PolicyOptions = {},
): Promise<PolicyFixture> {
  const json: JsonValue = {
    version: 1,
    kind: "grant",
    id: `${signer.authority}:${label}`,
    authority: signer.authority,
    classification: "internal",
    permissions: [{ id: "p1", operations: ["read"], purposes: ["https://w3id.org/dpv#AcademicResearch"] }],
    ...document,
  };
  const map = jsonToCbor(json) as Header;
  const documentBytes = encodeRaw(raw?.(map) ?? map);
  const members: Loose[] = [
    documentBytes,
    await coseSign("policy", hash(nameHash, documentBytes), signer, false, cose),
  ];
  const bytes = encodeRaw(message?.(members) ?? members);
  return { name: nameOf(bytes), bytes };
}

/** Key of account 111122223333 in Frankfurt: the usual recipient. */
export const usualKey = "aws-kms:arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** A wrap and the secret that a custody would give for it. */
export interface Wrap {
  readonly recipient: Recipient;
  readonly secret: Uint8Array;
  /** What gives the secret from the blob: seed, wrapping key or PKCS #8, of kinds other than `kms-symmetric`. */
  readonly key?: Uint8Array;
  /** Required pairs, which the artifact doesn't store. */
  readonly required?: ReadonlyMap<string, string>;
}

/** The data key of an artifact. */
export function dataKeyOf(label: string): Uint8Array {
  return bytesOf(`${label} data key`, 32);
}

/** What the key-encryption key of a wrap is derived with. Spec: RCP-2. */
export function wrapInfo(artifactId: Uint8Array, bound: Uint8Array | null = null): Uint8Array {
  return encodeCbor(["writ/1 wrap", artifactId, bound]);
}

/** The data key of an artifact wrapped to a key. Spec: RCP-1, RCP-2. */
export function wrapTo(label: string, custodyUri: string = usualKey, change: Partial<Recipient> = {}): Wrap {
  const secret = bytesOf(`${label} secret ${custodyUri}`, 32);
  const kek = createSecretKey(hkdfSha384(secret, wrapInfo(idOf(label)), 32));
  const recipient = {
    kind: "kms-symmetric" as const,
    custodyUri,
    blob: bytesOf(`${label} blob ${custodyUri}`, 72),
    wrappedKey: aesKwWrap(kek, dataKeyOf(label)),
    bound: null,
    ...change,
  };
  return { recipient, secret };
}

/** Artifact id of a label. */
export function idOf(label: string): Uint8Array {
  return bytesOf(`${label} artifact`, 16);
}

/** What a case changes about a draft. */
export interface DraftOptions {
  /** Names the artifact: id, keys and content follow from it. Default `a`. */
  readonly label?: string;
  readonly policies?: readonly PolicyFixture[];
  /** Members of the core in place of the usual ones. */
  readonly core?: Partial<Core>;
  readonly editCore?: (core: Header) => void;
  readonly rawCore?: (core: Header) => Loose;
  readonly wraps?: readonly Wrap[];
  readonly exposures?: readonly {
    readonly kind: "classical-wrap" | "classical-transport";
    readonly custodyUri: string;
    readonly notedAt: number;
  }[];
  readonly rawKeys?: (keys: Loose[]) => Loose;
  readonly plaintext?: string;
  readonly contentHash?: -16 | -43 | -44;
  /** Attached beside the policies. */
  readonly attachments?: readonly Uint8Array[];
}

/** An artifact before its first anchor. */
export interface Draft {
  readonly label: string;
  readonly core: Core;
  readonly coreBytes: Uint8Array;
  readonly keysBytes: Uint8Array;
  readonly policies: readonly PolicyFixture[];
  readonly wraps: readonly Wrap[];
  /** As stored. */
  readonly content: Uint8Array;
  readonly leaves: Uint8Array;
  readonly attachments: readonly Uint8Array[];
}

/** Bytes of a keys part. */
export function keysBytesOf({
  wraps = [],
  exposures = [],
  rawKeys,
}: Pick<DraftOptions, "wraps" | "exposures" | "rawKeys">): Uint8Array {
  const keys = encodeKeys({ recipients: wraps.map(({ recipient }) => recipient), exposures });
  return rawKeys ? encodeRaw(rawKeys(decodeCbor(keys) as Loose[])) : keys;
}

/** Writes content, core and keys of a case. */
export async function draft(options: DraftOptions = {}): Promise<Draft> {
  const { label = "a", plaintext = "2019-04-01,pigeon,medium\n", contentHash = -16 } = options;
  const policies = options.policies ?? [await policy()];
  const wraps = options.wraps ?? [wrapTo(label)];
  const artifactId = idOf(label);
  const issuerName = options.core?.issuer ?? issuer.authority;
  const { header, content, ...written } = encryptBytes(Buffer.from(plaintext), {
    dataKey: createSecretKey(dataKeyOf(label)),
    aad: contentAad(artifactId, options.core?.firstIssuer ?? issuerName),
    hashAlg: contentHash,
    random: randomOf(`${label} content`),
  });
  const core: Core = {
    artifactId,
    revision: 0,
    issuedAt: sealedAt,
    issuer: issuerName,
    firstIssuer: issuerName,
    content: {
      format: "floe",
      sizeBytes: written.sizeBytes,
      root: written.root,
      floeHeader: header,
      mediaType: "text/csv",
    },
    layers: policies.map(({ name }): Layer => ({ policy: name })),
    custodyRule: {
      custodies: ["aws-kms"],
      accounts: ["111122223333"],
      regions: ["eu-central-1"],
      contextPairs: new Map([["tenant", "blue"]]),
    },
    lineage: { operation: "seal", parents: [], receipts: [], actor: issuerName },
    status: [],
    ...options.core,
  };
  const map = decodeCbor(encodeCore(core)) as Header;
  options.editCore?.(map);
  return {
    label,
    core,
    coreBytes: encodeRaw(options.rawCore?.(map) ?? map),
    keysBytes: keysBytesOf({ ...options, wraps }),
    policies,
    wraps,
    content,
    leaves: written.leaves,
    attachments: options.attachments ?? [],
  };
}

/** Something signed for the use of approvals that says nothing. */
export async function approval(): Promise<Uint8Array> {
  const payload = encodeCbor(new Map([[1, "derive"]]));
  return encodeRaw(await coseSign("approval", payload, office, true));
}
