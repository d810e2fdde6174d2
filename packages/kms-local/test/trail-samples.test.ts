import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecapsulateCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  GenerateRandomCommand,
  GetKeyPolicyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
  UpdatePrimaryRegionCommand,
  VerifyCommand,
  VerifyMacCommand,
} from "@aws-sdk/client-kms";
import { constants, createPublicKey, publicEncrypt, randomBytes } from "node:crypto";
import { type TrailEvent, startKms } from "@writ/kms-local";
import { KMSClient } from "@aws-sdk/client-kms";
import { beforeAll, expect, test } from "vitest";
import { account, bytes } from "./client.ts";
import facts from "./trail-samples.json" with { type: "json" };

type Sample = (typeof facts.samples)[number];

const dayMs = 86_400_000;
const recorded = new Map<string, TrailEvent>();

/** Member names with their paths, without values; an encryption context is one member, its names are the caller's. */
function paths(value: unknown, prefix: string): string[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((each) => (typeof each === "object" ? paths(each, `${prefix}[]`) : [prefix]));
  }
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [prefix];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    return /EncryptionContext$/i.test(name) || name === "constraints" ? [path] : paths(member, path);
  });
}

function names(value: unknown): string[] | null {
  if (value === null) return null;
  const all = value === undefined || Object.keys(value).length === 0 ? [] : paths(value, "");
  return [...new Set(all)].toSorted();
}

// One of AWS's samples writes AWSAccountId, the others aWSAccountId.
function sampleNames(list: readonly string[] | null): string[] | null {
  return list && list.map((name) => name.replace(".AWSAccountId", ".aWSAccountId"));
}

interface Resource {
  readonly ARN: string;
  readonly type: string;
  readonly accountId: string;
}

/** What of a sample an event lacks or has otherwise. */
function differences(sample: Sample, event: TrailEvent): string[] {
  const found: string[] = [];
  const check = (what: string, same: boolean): void => void (same || found.push(what));
  check("eventName", event["eventName"] === sample.event);
  check("readOnly", event["readOnly"] === sample.readOnly);
  check("eventType", event["eventType"] === sample.eventType);
  check("errorCode", !("errorCode" in sample) || event["errorCode"] === sample.errorCode);
  for (const member of sample.members) check(member, member in event);
  const identity = sample.identity.filter((name) => name !== "sessionContext"); // of a console session
  check("userIdentity", same(identity, Object.keys(event["userIdentity"] as object).toSorted()));
  check("requestParameters", same(sample.request?.toSorted() ?? null, names(event["requestParameters"])));
  const [wanted, given] = [sampleNames(sample.response), names(event["responseElements"])];
  check("responseElements", wanted === null ? given === null : wanted.every((name) => given?.includes(name)));
  const additional = names(event["additionalEventData"]) ?? [];
  check(
    "additionalEventData",
    sample.additional.every((name) => additional.includes(name)),
  );
  const resources = event["resources"] as readonly Resource[] | undefined;
  const kinds = resources?.map(({ ARN }) => (ARN.includes(":alias/") ? "alias" : "key")) ?? null;
  check("resources", same(sample.resources, kinds));
  const whole = resources?.every((each) => each.type === "AWS::KMS::Key" && each.accountId === account) ?? true;
  check("resources' members", whole);
  return found;
}

function same(a: readonly string[] | null, b: readonly string[] | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

beforeAll(async () => {
  const time = { now: Date.parse("2030-01-01T00:00:00Z") };
  const events: TrailEvent[] = [];
  const arn = `arn:aws:iam::${account}:user/Alice`;
  const server = await startKms({
    clock: () => time.now,
    principals: { AKIDALICE: { accountId: account, arn } },
    onEvent: (event) => void events.push(event),
    transitionMs: 0,
    grantDelayMs: 0,
  });
  const clientIn = (region: string): KMSClient =>
    new KMSClient({
      endpoint: server.endpoint,
      region,
      credentials: { accessKeyId: "AKIDALICE", secretAccessKey: "x" },
      maxAttempts: 1,
    });
  const [kms, there] = [clientIn("us-west-2"), clientIn("ap-northeast-1")];
  const last = (name: string, back = 1): void => void recorded.set(name, events.at(-back) ?? {});
  const find = (name: string, eventName: string): void =>
    void recorded.set(name, events.findLast((event) => event["eventName"] === eventName) ?? {});
  const create = async (input: CreateKeyCommandInput = {}): Promise<string> =>
    (await kms.send(new CreateKeyCommand(input))).KeyMetadata?.KeyId ?? "";
  const EncryptionContext = { Department: "Engineering" };

  const KeyId = await create();
  const other = await create();
  const external = await create({ Origin: "EXTERNAL" });
  last("createkey-0");
  const hsm = await create({ Origin: "AWS_CLOUDHSM", CustomKeyStoreId: "cks-1234567890abcdef0" });
  last("createkey-1");
  const inStore = {
    Origin: "EXTERNAL_KEY_STORE",
    CustomKeyStoreId: "cks-9876543210fedcba9",
    XksKeyId: "xks1",
  } as const;
  const xks = await create({ ...inStore, Tags: [], MultiRegion: false });
  last("createkey-2");

  const seal = async (key: string): Promise<Uint8Array | undefined> =>
    (await kms.send(new EncryptCommand({ KeyId: key, Plaintext: bytes("x"), EncryptionContext }))).CiphertextBlob;
  for (const [key, name] of [
    [KeyId, "decrypt-0"],
    [hsm, "decrypt-2"],
    [xks, "decrypt-3"],
  ] as const) {
    const CiphertextBlob = await seal(key);
    if (key === KeyId) last("encrypt-0");
    await kms.send(new DecryptCommand({ KeyId: key, CiphertextBlob, EncryptionContext }));
    last(name);
  }
  // AWS's sample is of a proxy that refused; here the key's state did. Its error code is the same for both.
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: xks }));
  const late = new DecryptCommand({ KeyId: xks, CiphertextBlob: bytes("x"), EncryptionContext });
  await kms.send(late).catch(() => undefined);
  last("decrypt-4");
  const SourceEncryptionContext = EncryptionContext;
  const DestinationEncryptionContext = { Level: "3A" };
  const CiphertextBlob = await seal(KeyId);
  const contexts = { SourceEncryptionContext, DestinationEncryptionContext };
  await kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: other, ...contexts }));
  last("reencrypt-0");
  await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", EncryptionContext }));
  last("generatedatakey-0");
  await kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: "ECC_NIST_P256", EncryptionContext }));
  last("generatedatakeypair-0");
  const pair = { KeyId, KeyPairSpec: "ECC_NIST_P256" as const, EncryptionContext };
  await kms.send(new GenerateDataKeyPairWithoutPlaintextCommand(pair));
  last("generatedatakeypairwithoutplaintext-0");
  await kms.send(new GenerateRandomCommand({ NumberOfBytes: 8 }));
  last("generaterandom-0");

  const signer = await create({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" });
  const unfit = new GenerateDataKeyWithoutPlaintextCommand({ KeyId: signer, KeySpec: "AES_256", EncryptionContext });
  await kms.send(unfit).catch(() => undefined);
  last("generatedatakeyplaintext-0");
  const SigningAlgorithm = "RSASSA_PKCS1_V1_5_SHA_256" as const;
  const message = { KeyId: signer, Message: bytes("m"), SigningAlgorithm };
  const { Signature } = await kms.send(new SignCommand(message));
  last("sign-0");
  await kms.send(new VerifyCommand({ ...message, Signature }));
  last("verify-0");
  const hmac = await create({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const macOf = { KeyId: hmac, Message: bytes("m"), MacAlgorithm: "HMAC_SHA_256" as const };
  const { Mac } = await kms.send(new GenerateMacCommand(macOf));
  last("generatemac-0");
  await kms.send(new VerifyMacCommand({ ...macOf, Mac }));
  last("verifymac-0");
  const kem = await create({ KeySpec: "ML_KEM_768", KeyUsage: "ENCAPSULATE_DECAPSULATE" });
  const SharedSecretCiphertextBlob = randomBytes(1088);
  const opening = { KeyId: kem, EncapsulationAlgorithm: "ML_KEM" as const, SharedSecretCiphertextBlob };
  await kms.send(new DecapsulateCommand(opening));
  last("decapsulate-1.11");

  await kms.send(new DescribeKeyCommand({ KeyId }));
  last("describekey-0");
  await kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: "new" }));
  last("update-key-description-0");
  await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "Department", TagValue: "IT" }] }));
  last("tagresource-0");
  await kms.send(new UntagResourceCommand({ KeyId, TagKeys: ["Department"] }));
  last("untagresource-0");
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
  last("getkeypolicy-0");
  await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy }));
  last("put-key-policy-0");
  for (const n of [1, 2]) await kms.send(new CreateAliasCommand({ AliasName: `alias/e${n}`, TargetKeyId: KeyId }));
  last("createalias-0");
  await kms.send(new UpdateAliasCommand({ AliasName: "alias/e1", TargetKeyId: other }));
  last("updatealias-0");
  const { NextMarker: Marker } = await kms.send(new ListAliasesCommand({ Limit: 1 }));
  await kms.send(new ListAliasesCommand({ Limit: 5, Marker }));
  last("listaliases-0");
  await kms.send(new DeleteAliasCommand({ AliasName: "alias/e1" }));
  last("deletealias-0");

  const grant = { KeyId, GranteePrincipal: arn, Operations: ["Encrypt" as const, "RetireGrant" as const] };
  const Constraints = { EncryptionContextSubset: { ContextKey1: "Value1" } };
  const grants = [];
  for (let i = 0; i < 2; i++) grants.push(await kms.send(new CreateGrantCommand({ ...grant, Constraints })));
  last("creategrant-0");
  const first = await kms.send(new ListGrantsCommand({ KeyId, Limit: 1 }));
  await kms.send(new ListGrantsCommand({ KeyId, Limit: 10, Marker: first.NextMarker }));
  last("listgrants-0");
  await kms.send(new RetireGrantCommand({ GrantToken: grants[0]?.GrantToken }));
  last("retire-grant-0");
  await kms.send(new RevokeGrantCommand({ KeyId, GrantId: grants[1]?.GrantId }));
  last("revoke-grant-0");

  const importing = { KeyId: external, WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" } as const;
  const { ImportToken, PublicKey = bytes("") } = await kms.send(new GetParametersForImportCommand(importing));
  last("getparametersforimport-0");
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const EncryptedKeyMaterial = publicEncrypt({ key: publicKey, oaepHash: "sha256", padding }, randomBytes(32));
  const ValidTo = new Date(time.now + dayMs);
  const expiry = { ValidTo, ExpirationModel: "KEY_MATERIAL_EXPIRES" } as const;
  await kms.send(new ImportKeyMaterialCommand({ KeyId: external, ImportToken, EncryptedKeyMaterial, ...expiry }));
  last("importkeymaterial-0");

  const shared = await create({ MultiRegion: true });
  await kms.send(new EnableKeyRotationCommand({ KeyId: shared }));
  last("enablekeyrotation-0");
  await kms.send(new ReplicateKeyCommand({ KeyId: shared, ReplicaRegion: "ap-northeast-1" }));
  last("replicate-key-0", 2);
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: shared, PendingWindowInDays: 30 }));
  last("schedule-key-deletion-1");
  await kms.send(new CancelKeyDeletionCommand({ KeyId: shared }));
  await kms.send(new EnableKeyCommand({ KeyId: shared }));
  last("enablekey-0");
  time.now += 366 * dayMs;
  await kms.send(new GenerateRandomCommand({ NumberOfBytes: 8 }));
  find("deleteexpiredkeymaterial-0", "DeleteExpiredKeyMaterial");
  find("rotatekey-0", "RotateKey");
  find("synchronize-multi-region-key-0", "SynchronizeMultiRegionKey");
  await kms.send(new UpdatePrimaryRegionCommand({ KeyId: shared, PrimaryRegion: "ap-northeast-1" }));
  last("update-primary-region-0", 2);
  last("update-primary-region-1");
  await there.send(new DisableKeyRotationCommand({ KeyId: shared }));
  last("disable-key-rotation-0");
  await kms.send(new DisableKeyCommand({ KeyId: other }));
  last("disablekey-0");
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: other, PendingWindowInDays: 7 }));
  last("schedule-key-deletion-0");
  await kms.send(new CancelKeyDeletionCommand({ KeyId: other }));
  last("cancel-key-deletion-0");
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: other, PendingWindowInDays: 7 }));
  time.now += 7 * dayMs;
  await kms.send(new GenerateRandomCommand({ NumberOfBytes: 8 }));
  find("delete-key-0", "DeleteKey");
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: hsm, PendingWindowInDays: 7 }));
  last("schedule-key-deletion-2");
  time.now += 7 * dayMs;
  await kms.send(new GenerateRandomCommand({ NumberOfBytes: 8 }));
  find("delete-key-1", "DeleteKey");
  for (const client of [kms, there]) client.destroy();
  await server.close();
});

// Source: AWS KMS Developer Guide, "Examples of AWS KMS log entries".
test.each(facts.samples)("an event has the members of AWS's sample $sample ($version)", (sample) => {
  const event = recorded.get(sample.sample);
  expect(event).toBeDefined();
  expect(differences(sample, event ?? {}), JSON.stringify(event, null, 1)).toEqual([]);
});

test("another event would not pass", () => {
  for (const sample of facts.samples) {
    const other = recorded.get(sample.sample === "encrypt-0" ? "sign-0" : "encrypt-0") ?? {};
    expect(differences(sample, other)).not.toEqual([]);
  }
});
