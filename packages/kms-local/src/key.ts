import { createSecretKey, type KeyObject, randomBytes, randomUUID } from "node:crypto";
import type { KeySpec, KeyUsage } from "./key-specs.ts";
import { factsOf } from "./key-specs.ts";
import type { Grant } from "./grant.ts";
import type { KeyState } from "./key-state.ts";
import type { Policy } from "./policy.ts";

/** Where key material comes from. Only AWS_KMS has material here; the others are fixtures. */
export type KeyOrigin = "AWS_KMS" | "EXTERNAL" | "AWS_CLOUDHSM" | "EXTERNAL_KEY_STORE";

/** One generation of a key's secret. Times are milliseconds since the epoch. */
export interface KeyMaterial {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly createdAt: number;
  readonly rotation?: "AUTOMATIC" | "ON_DEMAND";
  readonly secret: KeyObject;
}

/** A KMS key with all that decides over it. Times are milliseconds since the epoch. */
export interface Key {
  readonly accountId: string;
  readonly region: string;
  readonly keyId: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: KeyOrigin;
  readonly multiRegion: boolean;
  readonly customKeyStoreId?: string;
  readonly xksKeyId?: string;
  readonly createdAt: number;
  description: string;
  state: KeyState;
  /** Set while the key is pending deletion. */
  deletion?: { readonly date: number };
  policy: Policy;
  readonly tags: Map<string, string>;
  /** Oldest first; the last one is current. Empty until material is imported. */
  readonly materials: KeyMaterial[];
  /** Set while the key rotates by itself. */
  rotation?: { readonly periodInDays: number; next: number };
  readonly grants: Grant[];
}

/** The key's ARN: its name everywhere outside of its own account and Region. */
export function arnOf(key: Pick<Key, "accountId" | "region" | "keyId">): string {
  return `arn:aws:kms:${key.region}:${key.accountId}:key/${key.keyId}`;
}

/** A fresh key id: a UUID, or `mrk-` and 32 hexadecimal digits for a multi-Region key. */
export function newKeyId(multiRegion: boolean): string {
  return multiRegion ? `mrk-${randomBytes(16).toString("hex")}` : randomUUID();
}

/** Makes new material; its id is random and says nothing of the secret. */
export async function newMaterial(spec: KeySpec, createdAt: number): Promise<KeyMaterial> {
  return { id: newMaterialId(), createdAt, secret: await factsOf(spec).material() };
}

/** Makes the next material of a symmetric encryption key. */
export function newSymmetricMaterial(createdAt: number, rotation: "AUTOMATIC" | "ON_DEMAND"): KeyMaterial {
  return { id: newMaterialId(), createdAt, secret: createSecretKey(randomBytes(32)), rotation };
}

function newMaterialId(): string {
  return randomBytes(32).toString("hex");
}

/** The material that new ciphertexts and signatures are made with. */
export function currentMaterial(key: Key): KeyMaterial {
  const material = key.materials.at(-1);
  if (!material) throw new RangeError(`key \`${key.keyId}\` has no material`);
  return material;
}

/** The key's KeyMetadata as DescribeKey and CreateKey give it. */
export function metadataOf(key: Key): Record<string, unknown> {
  const facts = factsOf(key.spec);
  const encryption = key.usage === "ENCRYPT_DECRYPT" ? facts.encryption : undefined;
  const signing = key.usage === "SIGN_VERIFY" ? facts.signing : undefined;
  return {
    AWSAccountId: key.accountId,
    KeyId: key.keyId,
    Arn: arnOf(key),
    CreationDate: seconds(key.createdAt),
    Enabled: key.state === "Enabled",
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    ...(key.deletion && { DeletionDate: seconds(key.deletion.date) }),
    Origin: key.origin,
    ...(key.customKeyStoreId && { CustomKeyStoreId: key.customKeyStoreId }),
    ...(key.origin === "AWS_CLOUDHSM" && { CloudHsmClusterId: "cluster-1a23b4cdefg" }),
    ...(key.xksKeyId && { XksKeyConfiguration: { Id: key.xksKeyId } }),
    KeyManager: "CUSTOMER",
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...(encryption && { EncryptionAlgorithms: encryption }),
    ...(signing && { SigningAlgorithms: signing }),
    ...(facts.mac && { MacAlgorithms: facts.mac }),
    MultiRegion: key.multiRegion,
    ...(key.multiRegion && {
      MultiRegionConfiguration: {
        MultiRegionKeyType: "PRIMARY",
        PrimaryKey: { Arn: arnOf(key), Region: key.region },
        ReplicaKeys: [],
      },
    }),
    ...(key.spec === "SYMMETRIC_DEFAULT" &&
      key.materials.length > 0 && { CurrentKeyMaterialId: currentMaterial(key).id }),
  };
}

/** A time as AWS JSON writes it: seconds since the epoch. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}
