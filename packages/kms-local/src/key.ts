import { createSecretKey, type KeyObject, randomBytes, randomUUID } from "node:crypto";
import { algorithmsOf, factsOf, type KeySpec, type KeyUsage } from "./key-specs.ts";
import type { Grant } from "./grant.ts";
import type { KeyState } from "./key-state.ts";
import type { Policy } from "./policy.ts";

/** Where key material comes from. Keys of a custom key store are fixtures with local material. */
export type KeyOrigin = "AWS_KMS" | "EXTERNAL" | "AWS_CLOUDHSM" | "EXTERNAL_KEY_STORE";

/** One generation of a key's secret. Times are milliseconds since the epoch. */
export interface KeyMaterial {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** When it was made, or became current by rotation. */
  readonly createdAt: number;
  readonly rotation?: "AUTOMATIC" | "ON_DEMAND";
  /** Absent once imported material was deleted or has expired. */
  readonly secret?: KeyObject;
  /** Set for imported material that expires. */
  readonly expiresAt?: number;
  /** What its importer wrote of it. */
  readonly description?: string;
  /** True for imported material that waits for a rotation on demand. */
  readonly pending?: boolean;
}

/** Material that is there. */
export type PresentMaterial = KeyMaterial & { readonly secret: KeyObject };

/** A KMS key with all that decides over it. Times are milliseconds since the epoch. */
export interface Key {
  readonly accountId: string;
  readonly region: string;
  readonly keyId: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: KeyOrigin;
  readonly multiRegion: boolean;
  /** Of a multi-Region key: where its primary key is; absent when this is it. */
  primaryRegion?: string;
  readonly customKeyStoreId?: string;
  readonly xksKeyId?: string;
  readonly createdAt: number;
  description: string;
  state: KeyState;
  /** Set in a state that ends by itself: the state that follows, and when. */
  transition?: { readonly until: number; readonly state: KeyState };
  /** Set while the key is pending deletion. */
  deletion?: { readonly date: number };
  /** Set while a primary key waits for the deletion of its replicas. */
  deletionWindowInDays?: number;
  policy: Policy;
  readonly tags: Map<string, string>;
  /** Oldest first; the last one is current. Empty until material is imported. */
  readonly materials: KeyMaterial[];
  /** Set while the key rotates by itself. */
  rotation?: { readonly periodInDays: number; next: number };
  readonly grants: Grant[];
  /** Of a key with origin EXTERNAL: seals its import tokens. */
  readonly importSecret?: KeyObject;
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

/** Makes the secret that seals a key's import tokens. */
export function newImportSecret(): KeyObject {
  return createSecretKey(randomBytes(32));
}

function newMaterialId(): string {
  return randomBytes(32).toString("hex");
}

/** The material that new ciphertexts and signatures are made with. The key's state says that it is there. */
export function currentMaterial(key: Key): PresentMaterial {
  const material = key.materials.findLast((each) => !each.pending);
  if (!isPresent(material)) throw new RangeError(`key \`${key.keyId}\` has no material`);
  return material;
}

/** True for material whose secret is there. */
export function isPresent(material: KeyMaterial | undefined): material is PresentMaterial {
  return material?.secret !== undefined;
}

/** The material as a key knows it that has lost its secret, or waits for it. */
export function withoutSecret(material: KeyMaterial): KeyMaterial {
  const { secret: _, expiresAt: __, ...rest } = material;
  return rest;
}

/** True when nothing that the key ever used is missing. */
export function isWhole(key: Key): boolean {
  const used = key.materials.filter((material) => !material.pending);
  return used.length > 0 && used.every(isPresent);
}

/** The Region of the primary key of a multi-Region key. */
export function primaryRegionOf(key: Key): string {
  return key.primaryRegion ?? key.region;
}

/** The key's KeyMetadata as DescribeKey and CreateKey give it; `replicas` are those of a multi-Region key. */
export function metadataOf(key: Key, replicas: readonly Key[]): Record<string, unknown> {
  const algorithms = algorithmsOf(key.spec, key.usage);
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
    ...(key.deletionWindowInDays !== undefined && { PendingDeletionWindowInDays: key.deletionWindowInDays }),
    ...expirationOf(key),
    Origin: key.origin,
    ...(key.customKeyStoreId && { CustomKeyStoreId: key.customKeyStoreId }),
    ...(key.origin === "AWS_CLOUDHSM" && { CloudHsmClusterId: clusterOf(key) }),
    ...(key.xksKeyId && { XksKeyConfiguration: { Id: key.xksKeyId } }),
    KeyManager: "CUSTOMER",
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    [algorithms.member]: algorithms.names,
    MultiRegion: key.multiRegion,
    ...(key.multiRegion && {
      MultiRegionConfiguration: {
        MultiRegionKeyType: primaryRegionOf(key) === key.region ? "PRIMARY" : "REPLICA",
        PrimaryKey: placeOf({ ...key, region: primaryRegionOf(key) }),
        ReplicaKeys: replicas.map(placeOf),
      },
    }),
    ...(key.spec === "SYMMETRIC_DEFAULT" &&
      key.materials.length > 0 && { CurrentKeyMaterialId: key.materials.findLast((each) => !each.pending)?.id }),
  };
}

/** What the trail says of the place of a key with origin AWS_CLOUDHSM: a fixture, as the key is. */
export function backingKeyOf(key: Key): Record<string, string> {
  return { keyHandle: "1", backingKeyId: currentMaterial(key).id };
}

/** The CloudHSM cluster that a fixture of that origin is said to be in. */
export function clusterOf(key: Key): string {
  return `cluster-${key.customKeyStoreId?.replace(/^cks-/, "").slice(0, 11)}`;
}

/** Of imported material: whether it expires, and when the first of it does. */
function expirationOf(key: Key): Record<string, unknown> {
  const present = key.origin === "EXTERNAL" ? key.materials.filter(isPresent) : [];
  if (present.length === 0) return {};
  const ends = present.flatMap(({ expiresAt }) => expiresAt ?? []);
  if (ends.length === 0) return { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" };
  return { ValidTo: seconds(Math.min(...ends)), ExpirationModel: "KEY_MATERIAL_EXPIRES" };
}

function placeOf(key: Pick<Key, "accountId" | "region" | "keyId">): Record<string, string> {
  return { Arn: arnOf(key), Region: key.region };
}

/** A time as AWS JSON writes it: seconds since the epoch. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}
