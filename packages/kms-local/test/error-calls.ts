import { constants, createPublicKey, generateKeyPairSync, publicEncrypt, randomBytes } from "node:crypto";
import { bytes, region } from "./client.ts";

type Input = Readonly<Record<string, unknown>>;

/** The keys that the calls need. */
export type Kind = "symmetric" | "external" | "multi-region" | "signing" | "agreement" | "encapsulation" | "mac";

/** A fresh server and what a call does on it. */
export interface Setting {
  readonly call: (operation: string, input: Input) => Promise<Input>;
  readonly callIn: (region: string, operation: string, input: Input) => Promise<Input>;
  /** Makes a key; gives its id. */
  readonly newKey: (kind: Kind) => Promise<string>;
  readonly passDays: (days: number) => void;
}

/** How an operation is called so that it succeeds. */
export interface Sample {
  readonly kind?: Kind;
  /** The member that names the key; `KeyId` if left out. */
  readonly member?: string;
  readonly input: (setting: Setting) => Input | Promise<Input>;
}

type Make = (setting: Setting) => Promise<Input>;

/** Bytes that are no ciphertext, MAC, signature or token of any key. */
export const bogus: Uint8Array = new Uint8Array(64).fill(7);

const message = bytes("message");
const principal = "arn:aws:iam::111122223333:role/worker";
const Policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "kms:*", Resource: "*" },
  ],
});
const longPolicy = Policy + " ".repeat(32_768);
const manyTags = Array.from({ length: 51 }, (_, n) => ({ TagKey: `tag-${n}`, TagValue: "" }));
const forever = { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" };
const wrapping = { WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" };
const replica = { ReplicaRegion: "eu-west-1" };
const peer = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "der" });
const mac = { Message: message, MacAlgorithm: "HMAC_SHA_256" };
const signing = { Message: message, SigningAlgorithm: "ECDSA_SHA_256" };
const encapsulation = { EncapsulationAlgorithm: "ML_KEM" };

/** The operation on a new key of the kind, with the members given. */
function on(kind: Kind, more: Input = {}): Sample {
  return { kind, input: async ({ newKey }) => ({ KeyId: await newKey(kind), ...more }) };
}

async function madeBy({ call }: Setting, operation: string, input: Input, ...members: string[]): Promise<Input> {
  const answer = await call(operation, input);
  return Object.fromEntries(members.map((member) => [member, answer[member]]));
}

async function sealed(setting: Setting, KeyId: string): Promise<Input> {
  return madeBy(setting, "Encrypt", { KeyId, Plaintext: message }, "CiphertextBlob");
}

async function granted(setting: Setting, member: "GrantId" | "GrantToken"): Promise<Input> {
  const KeyId = await setting.newKey("symmetric");
  const input = { KeyId, GranteePrincipal: principal, Operations: ["Decrypt"] };
  return { KeyId, ...(await madeBy(setting, "CreateGrant", input, member)) };
}

async function imported(setting: Setting, material: Uint8Array, known?: string): Promise<Input> {
  const KeyId = known ?? (await setting.newKey("external"));
  const answer = await setting.call("GetParametersForImport", { KeyId, ...wrapping });
  const der = Buffer.from(answer["PublicKey"] as Uint8Array);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  const options = { key, oaepHash: "sha256", padding: constants.RSA_PKCS1_OAEP_PADDING };
  const EncryptedKeyMaterial = publicEncrypt(options, material);
  return { KeyId, ImportToken: answer["ImportToken"], EncryptedKeyMaterial, ...forever };
}

async function aliased(setting: Setting, TargetKeyId: string, count = 1): Promise<Input> {
  const names = Array.from({ length: count }, (_, n) => `alias/a${n}`);
  for (const AliasName of names) await setting.call("CreateAlias", { AliasName, TargetKeyId });
  return { AliasName: "alias/a0", TargetKeyId };
}

async function replicated(setting: Setting): Promise<Input> {
  const KeyId = await setting.newKey("multi-region");
  await setting.call("ReplicateKey", { KeyId, ...replica });
  return { KeyId };
}

/** A key that is Creating and takes imported material: a new replica of one elsewhere. */
async function creatingReplica({ callIn, ...setting }: Setting): Promise<Input> {
  const call: Setting["call"] = (operation, input) => callIn(replica.ReplicaRegion, operation, input);
  const { KeyMetadata } = await call("CreateKey", { Origin: "EXTERNAL", MultiRegion: true });
  const { KeyId } = KeyMetadata as { KeyId: string };
  await call("ImportKeyMaterial", await imported({ ...setting, callIn, call }, randomBytes(32), KeyId));
  await call("ReplicateKey", { KeyId, ReplicaRegion: region });
  return { KeyId };
}

async function ended(setting: Setting): Promise<Input> {
  const KeyId = await setting.newKey("symmetric");
  await setting.call("ScheduleKeyDeletion", { KeyId });
  return { KeyId };
}

/** Every operation that the server has, with a call of it that succeeds. */
export const inputs: Readonly<Record<string, Sample>> = {
  CancelKeyDeletion: { input: ended },
  CreateAlias: {
    member: "TargetKeyId",
    input: async ({ newKey }) => ({ AliasName: "alias/new", TargetKeyId: await newKey("symmetric") }),
  },
  CreateGrant: on("symmetric", { GranteePrincipal: principal, Operations: ["Decrypt"] }),
  CreateKey: { input: () => ({}) },
  Decapsulate: {
    kind: "encapsulation",
    input: async (setting) => {
      const input = { KeyId: await setting.newKey("encapsulation"), ...encapsulation };
      return { ...input, ...(await madeBy(setting, "Encapsulate", input, "SharedSecretCiphertextBlob")) };
    },
  },
  Decrypt: {
    input: async (setting) => {
      const KeyId = await setting.newKey("symmetric");
      return { KeyId, ...(await sealed(setting, KeyId)) };
    },
  },
  DeleteAlias: {
    member: "AliasName",
    input: async (setting) => {
      const { AliasName } = await aliased(setting, await setting.newKey("symmetric"));
      return { AliasName };
    },
  },
  DeleteImportedKeyMaterial: on("external"),
  DeriveSharedSecret: on("agreement", { KeyAgreementAlgorithm: "ECDH", PublicKey: peer }),
  DescribeKey: on("symmetric"),
  DisableKey: on("symmetric"),
  DisableKeyRotation: on("symmetric"),
  EnableKey: on("symmetric"),
  EnableKeyRotation: on("symmetric"),
  Encapsulate: on("encapsulation", encapsulation),
  Encrypt: on("symmetric", { Plaintext: message }),
  GenerateDataKey: on("symmetric", { KeySpec: "AES_256" }),
  GenerateDataKeyPair: on("symmetric", { KeyPairSpec: "ECC_NIST_P256" }),
  GenerateDataKeyPairWithoutPlaintext: on("symmetric", { KeyPairSpec: "ECC_NIST_P256" }),
  GenerateDataKeyWithoutPlaintext: on("symmetric", { KeySpec: "AES_256" }),
  GenerateMac: on("mac", mac),
  GenerateRandom: { input: () => ({ NumberOfBytes: 16 }) },
  GetKeyPolicy: on("symmetric"),
  GetKeyRotationStatus: on("symmetric"),
  GetParametersForImport: on("external", wrapping),
  GetPublicKey: on("signing"),
  ImportKeyMaterial: { kind: "external", input: (setting) => imported(setting, randomBytes(32)) },
  ListAliases: on("symmetric"),
  ListGrants: on("symmetric"),
  ListKeyPolicies: on("symmetric"),
  ListKeyRotations: on("symmetric"),
  ListKeys: { input: () => ({}) },
  ListResourceTags: on("symmetric"),
  ListRetirableGrants: { member: "RetiringPrincipal", input: () => ({ RetiringPrincipal: principal }) },
  PutKeyPolicy: on("symmetric", { Policy }),
  ReEncrypt: {
    member: "DestinationKeyId",
    input: async (setting) => {
      const DestinationKeyId = await setting.newKey("symmetric");
      return { DestinationKeyId, ...(await sealed(setting, await setting.newKey("symmetric"))) };
    },
  },
  ReplicateKey: on("multi-region", replica),
  RetireGrant: { input: (setting) => granted(setting, "GrantId") },
  RevokeGrant: { input: (setting) => granted(setting, "GrantId") },
  RotateKeyOnDemand: on("symmetric"),
  ScheduleKeyDeletion: on("symmetric"),
  Sign: on("signing", signing),
  TagResource: on("symmetric", { Tags: [{ TagKey: "a", TagValue: "b" }] }),
  UntagResource: on("symmetric", { TagKeys: ["a"] }),
  UpdateAlias: {
    member: "TargetKeyId",
    input: async (setting) => aliased(setting, await setting.newKey("symmetric")),
  },
  UpdateKeyDescription: on("symmetric", { Description: "new" }),
  UpdatePrimaryRegion: {
    kind: "multi-region",
    input: async (setting) => {
      const input = await replicated(setting);
      setting.passDays(1);
      await setting.call("DescribeKey", input);
      return { ...input, PrimaryRegion: replica.ReplicaRegion };
    },
  },
  Verify: {
    kind: "signing",
    input: async (setting) => {
      const input = { KeyId: await setting.newKey("signing"), ...signing };
      return { ...input, ...(await madeBy(setting, "Sign", input, "Signature")) };
    },
  },
  VerifyMac: {
    kind: "mac",
    input: async (setting) => {
      const input = { KeyId: await setting.newKey("mac"), ...mac };
      return { ...input, ...(await madeBy(setting, "GenerateMac", input, "Mac")) };
    },
  },
};

/** The valid call of the operation, with other members. */
function changed(operation: string, more: Input): Make {
  return async (setting) => ({ ...(await inputs[operation]?.input(setting)), ...more });
}

const otherKeysCiphertext: Make = async (setting) => sealed(setting, await setting.newKey("symmetric"));

/** Calls for the errors that no recipe common to all operations provokes. */
export const specials: Readonly<Record<string, Make>> = {
  "CancelKeyDeletion KMSInvalidStateException": async ({ newKey }) => ({ KeyId: await newKey("symmetric") }),
  "CreateAlias AlreadyExistsException": async (setting) => aliased(setting, await setting.newKey("symmetric")),
  "CreateAlias LimitExceededException": async (setting) => ({
    ...(await aliased(setting, await setting.newKey("symmetric"), 50)),
    AliasName: "alias/more",
  }),
  "CreateKey CustomKeyStoreNotFoundException": async () => ({ CustomKeyStoreId: "cks-1" }),
  "CreateKey LimitExceededException": async () => ({ Tags: manyTags }),
  "CreateKey UnsupportedOperationException": async () => ({ KeySpec: "SM2", KeyUsage: "SIGN_VERIFY" }),
  "Decapsulate InvalidCiphertextException": changed("Decapsulate", { SharedSecretCiphertextBlob: bogus }),
  "Decrypt IncorrectKeyException": async (setting) => ({
    ...(await otherKeysCiphertext(setting)),
    KeyId: await setting.newKey("symmetric"),
  }),
  "DeleteAlias NotFoundException": async () => ({ AliasName: "alias/unknown" }),
  "DeleteImportedKeyMaterial KMSInvalidStateException": creatingReplica,
  "GenerateDataKeyPair UnsupportedOperationException": changed("GenerateDataKeyPair", { KeyPairSpec: "SM2" }),
  "GenerateDataKeyPairWithoutPlaintext UnsupportedOperationException": changed("GenerateDataKeyPair", {
    KeyPairSpec: "SM2",
  }),
  "GenerateRandom CustomKeyStoreNotFoundException": changed("GenerateRandom", { CustomKeyStoreId: "cks-1" }),
  "GenerateRandom UnsupportedOperationException": changed("GenerateRandom", { Recipient: {} }),
  "ImportKeyMaterial ExpiredImportTokenException": async (setting) => {
    const input = await imported(setting, randomBytes(32));
    setting.passDays(2);
    return input;
  },
  "ImportKeyMaterial IncorrectKeyMaterialException": (setting) => imported(setting, randomBytes(31)),
  "ImportKeyMaterial InvalidCiphertextException": changed("ImportKeyMaterial", { EncryptedKeyMaterial: bogus }),
  "ImportKeyMaterial InvalidImportTokenException": changed("ImportKeyMaterial", { ImportToken: bogus }),
  "ListGrants InvalidGrantIdException": changed("ListGrants", { GrantId: "no-grant-id" }),
  "PutKeyPolicy LimitExceededException": changed("PutKeyPolicy", { Policy: longPolicy }),
  "ReEncrypt IncorrectKeyException": async (setting) => ({
    ...(await otherKeysCiphertext(setting)),
    SourceKeyId: await setting.newKey("symmetric"),
    DestinationKeyId: await setting.newKey("symmetric"),
  }),
  "ReplicateKey AlreadyExistsException": async (setting) => ({ ...(await replicated(setting)), ...replica }),
  "ReplicateKey LimitExceededException": changed("ReplicateKey", { Tags: manyTags }),
  "RetireGrant InvalidGrantIdException": changed("RetireGrant", { GrantId: "no-grant-id" }),
  "RetireGrant InvalidGrantTokenException": async () => ({ GrantToken: "never-given" }),
  "RevokeGrant InvalidGrantIdException": changed("RevokeGrant", { GrantId: "no-grant-id" }),
  "RotateKeyOnDemand LimitExceededException": async ({ call, newKey }) => {
    const KeyId = await newKey("symmetric");
    for (let n = 0; n < 25; n += 1) await call("RotateKeyOnDemand", { KeyId });
    return { KeyId };
  },
  "TagResource LimitExceededException": changed("TagResource", { Tags: manyTags }),
  "UntagResource TagException": changed("UntagResource", { TagKeys: ["aws:reserved"] }),
  "UpdateAlias LimitExceededException": async (setting) => {
    const { TargetKeyId } = await aliased(setting, await setting.newKey("symmetric"), 50);
    const AliasName = "alias/moving";
    await setting.call("CreateAlias", { AliasName, TargetKeyId: await setting.newKey("symmetric") });
    return { AliasName, TargetKeyId };
  },
  "Verify KMSInvalidSignatureException": changed("Verify", { Signature: bogus }),
  "VerifyMac KMSInvalidMacException": changed("VerifyMac", { Mac: bogus }),
};

/** The operations that the server refuses by name. */
export const unsupported: readonly string[] = [
  "ConnectCustomKeyStore",
  "CreateCustomKeyStore",
  "DeleteCustomKeyStore",
  "DescribeCustomKeyStores",
  "DisconnectCustomKeyStore",
  "GetKeyLastUsage",
  "UpdateCustomKeyStore",
];

// Source: AWS KMS Developer Guide, "Key states of AWS KMS keys": these succeed in every state.
const everyState = "the table of key states lets it succeed in every state";
const noStores = "custom key stores aren't simulated";

/** The documented errors that the server never answers, and why. */
export const unreachable: Readonly<Record<string, string>> = {
  "CreateAlias InvalidAliasNameException": "AWS answers ValidationException to the names known to be refused",
  "CreateGrant LimitExceededException": "the quota of 50,000 grants of a key isn't simulated",
  "CreateKey CloudHsmClusterInvalidConfigurationException": noStores,
  "CreateKey CustomKeyStoreInvalidStateException": noStores,
  "CreateKey InvalidArnException": "its only ARNs are in the policy: MalformedPolicyDocumentException",
  "CreateKey XksKeyAlreadyInUseException": noStores,
  "CreateKey XksKeyInvalidConfigurationException": noStores,
  "CreateKey XksKeyNotFoundException": noStores,
  "DeleteAlias KMSInvalidStateException": everyState,
  "EnableKey LimitExceededException": "the quota of keys of an account isn't simulated",
  "GenerateRandom CustomKeyStoreInvalidStateException": noStores,
  "GetKeyPolicy KMSInvalidStateException": everyState,
  "GetKeyRotationStatus KMSInvalidStateException": "a state forbids it only to imported keys: unsupported origin",
  "GetPublicKey InvalidKeyUsageException": "every usage of an asymmetric key has a public key, others are unsupported",
  "ListGrants KMSInvalidStateException": everyState,
  "ListKeyPolicies KMSInvalidStateException": everyState,
  "ListKeyRotations KMSInvalidStateException": everyState,
  "ListRetirableGrants NotFoundException": "it names no KMS resource, and principals of IAM aren't simulated",
  "PutKeyPolicy KMSInvalidStateException": everyState,
  "PutKeyPolicy UnsupportedOperationException": "every key has a key policy",
  "RetireGrant KMSInvalidStateException": everyState,
  "RevokeGrant KMSInvalidStateException": everyState,
  "RotateKeyOnDemand ConflictException": "a rotation is over before its answer, so that none is in progress",
};
