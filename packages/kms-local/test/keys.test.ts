import {
  CancelKeyDeletionCommand,
  ConnectCustomKeyStoreCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, test } from "vitest";
import { account, bytes, clientOf, refusal, refusalName, region, start } from "./client.ts";

const dayMs = 86_400_000;

async function newKey(kms: KMSClient, input: CreateKeyCommandInput = {}): Promise<{ KeyId: string; Arn: string }> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand(input));
  return { KeyId: KeyMetadata?.KeyId ?? "", Arn: KeyMetadata?.Arn ?? "" };
}

async function stateOf(kms: KMSClient, KeyId: string): Promise<string | undefined> {
  return (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
}

describe("CreateKey and DescribeKey", () => {
  test("a key is described as it was made", async () => {
    const now = Date.parse("2030-05-06T07:08:09.010Z");
    const kms = clientOf(await start({ clock: () => now }));
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: "orders" }));
    expect(KeyMetadata).toMatchObject({
      AWSAccountId: account,
      CreationDate: new Date(now),
      Enabled: true,
      Description: "orders",
      KeyUsage: "ENCRYPT_DECRYPT",
      KeyState: "Enabled",
      Origin: "AWS_KMS",
      KeyManager: "CUSTOMER",
      KeySpec: "SYMMETRIC_DEFAULT",
      CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
      EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
      MultiRegion: false,
    });
    expect(KeyMetadata?.KeyId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(KeyMetadata?.Arn).toBe(`arn:aws:kms:${region}:${account}:key/${KeyMetadata?.KeyId}`);
    for (const KeyId of [KeyMetadata?.KeyId, KeyMetadata?.Arn]) {
      expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata).toEqual(KeyMetadata);
    }
  });

  test("a multi-Region key has an mrk id and is its own primary", async () => {
    const kms = clientOf(await start());
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ MultiRegion: true }));
    expect(KeyMetadata?.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
    const PrimaryKey = { Arn: KeyMetadata?.Arn, Region: region };
    expect(KeyMetadata?.MultiRegionConfiguration).toEqual({
      MultiRegionKeyType: "PRIMARY",
      PrimaryKey,
      ReplicaKeys: [],
    });
    const sealed = await kms.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: bytes("x") }));
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }));
    expect(opened.KeyId).toBe(KeyMetadata?.Arn);
  });

  test("other origins can be made for what reads them", async () => {
    const kms = clientOf(await start());
    const describeKey = async (input: CreateKeyCommandInput): Promise<unknown> =>
      (await kms.send(new DescribeKeyCommand({ KeyId: (await newKey(kms, input)).KeyId }))).KeyMetadata;
    expect(await describeKey({ Origin: "EXTERNAL" })).toMatchObject({
      Origin: "EXTERNAL",
      KeyState: "PendingImport",
      Enabled: false,
    });
    const store = { Origin: "AWS_CLOUDHSM", CustomKeyStoreId: "cks-1234567890abcdef0" } as const;
    expect(await describeKey(store)).toMatchObject({ ...store, CloudHsmClusterId: expect.any(String) as string });
    const xks = { Origin: "EXTERNAL_KEY_STORE", CustomKeyStoreId: "cks-1", XksKeyId: "outside" } as const;
    expect(await describeKey(xks)).toMatchObject({
      Origin: "EXTERNAL_KEY_STORE",
      XksKeyConfiguration: { Id: "outside" },
    });
  });

  test.each<[string, CreateKeyCommandInput, string]>([
    ["an asymmetric key without usage", { KeySpec: "ECC_NIST_P256" }, "ValidationException"],
    ["a usage that doesn't fit", { KeySpec: "ECC_NIST_P256", KeyUsage: "ENCRYPT_DECRYPT" }, "ValidationException"],
    ["an unknown spec", { KeySpec: "AES_512" as "RSA_2048" }, "ValidationException"],
    ["a spec that isn't here yet", { KeySpec: "SM2", KeyUsage: "SIGN_VERIFY" }, "UnsupportedOperationException"],
    ["two tags of one name", { Tags: [1, 2].map((n) => ({ TagKey: "a", TagValue: `${n}` })) }, "TagException"],
    ["a tag of AWS", { Tags: [{ TagKey: "aws:a", TagValue: "" }] }, "TagException"],
    ["a store without its origin", { CustomKeyStoreId: "cks-1" }, "CustomKeyStoreNotFoundException"],
  ])("refuses %s", async (_title, input, name) => {
    const kms = clientOf(await start());
    expect(await refusalName(kms.send(new CreateKeyCommand(input)))).toBe(name);
    expect((await kms.send(new ListKeysCommand({}))).Keys).toEqual([]);
  });

  test("what doesn't exist is named in full", async () => {
    const kms = clientOf(await start());
    const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    const about = (KeyId: string): Promise<unknown> => refusal(kms.send(new DescribeKeyCommand({ KeyId })));
    const arn = `arn:aws:kms:${region}:${account}`;
    const name = "NotFoundException";
    expect(await about(id)).toEqual({ name, message: `Key '${arn}:key/${id}' does not exist` });
    expect(await about(`${arn}:key/${id}`)).toEqual({ name, message: `Key '${arn}:key/${id}' does not exist` });
    expect(await about("alias/none")).toEqual({ name, message: `Alias ${arn}:alias/none is not found.` });
    expect(await about("none")).toEqual({ name, message: "Invalid keyId 'none'" });
    expect(await about("arn:aws:s3:::bucket")).toMatchObject({ name: "InvalidArnException" });
    expect(await about("x".repeat(2049))).toMatchObject({ name: "ValidationException" });
  });

  test("ListKeys goes page by page through the keys of one account and Region", async () => {
    const server = await start();
    const kms = clientOf(server);
    const made = [];
    for (let i = 0; i < 5; i++) made.push((await newKey(kms)).KeyId);
    await newKey(clientOf(server, "AKIDROOT", "us-east-1"));
    const seen: (string | undefined)[] = [];
    let marker: string | undefined;
    do {
      const page = await kms.send(new ListKeysCommand({ Limit: 2, ...(marker && { Marker: marker }) }));
      expect(page.Truncated).toBe(page.NextMarker !== undefined);
      seen.push(...(page.Keys ?? []).map((key) => key.KeyId));
      marker = page.NextMarker;
    } while (marker !== undefined);
    expect(seen).toEqual(made.toSorted());
    expect(await refusalName(kms.send(new ListKeysCommand({ Marker: "junk" })))).toBe("InvalidMarkerException");
    expect(await refusalName(kms.send(new ListKeysCommand({ Limit: 1001 })))).toBe("ValidationException");
  });

  test("a description can be changed", async () => {
    const kms = clientOf(await start());
    const { KeyId } = await newKey(kms);
    await kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: "new" }));
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Description).toBe("new");
  });
});

describe("states", () => {
  test("a disabled key does nothing until it is enabled", async () => {
    const kms = clientOf(await start());
    const { KeyId, Arn } = await newKey(kms);
    const use = (): Promise<unknown> => refusal(kms.send(new EncryptCommand({ KeyId, Plaintext: bytes("x") })));
    await kms.send(new DisableKeyCommand({ KeyId }));
    expect(await stateOf(kms, KeyId)).toBe("Disabled");
    expect(await use()).toEqual({ name: "DisabledException", message: `${Arn} is disabled.` });
    await kms.send(new EnableKeyCommand({ KeyId }));
    expect(await use()).toMatchObject({ name: "none" });
  });

  test("deletion waits for its window on the clock, can be taken back until then, and is final after", async () => {
    let now = Date.parse("2030-01-01T00:00:00Z");
    const kms = clientOf(await start({ clock: () => now }));
    const { KeyId, Arn } = await newKey(kms);
    await kms.send(new CreateAliasCommand({ AliasName: "alias/doomed", TargetKeyId: KeyId }));
    const scheduled = await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(scheduled).toMatchObject({
      KeyId: Arn,
      KeyState: "PendingDeletion",
      PendingWindowInDays: 7,
      DeletionDate: new Date(now + 7 * dayMs),
    });
    const use = (): Promise<unknown> => refusal(kms.send(new EncryptCommand({ KeyId, Plaintext: bytes("x") })));
    expect(await use()).toEqual({ name: "KMSInvalidStateException", message: `${Arn} is pending deletion.` });
    expect(await kms.send(new CancelKeyDeletionCommand({ KeyId }))).toMatchObject({ KeyId: Arn });
    expect(await stateOf(kms, KeyId)).toBe("Disabled");
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    now += 7 * dayMs - 1;
    expect(await stateOf(kms, KeyId)).toBe("PendingDeletion");
    now += 1;
    expect(await use()).toEqual({ name: "NotFoundException", message: `Key '${Arn}' does not exist` });
    expect((await kms.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
  });

  test.each([6, 31])("a window of %i days is refused", async (PendingWindowInDays) => {
    const kms = clientOf(await start());
    const { KeyId } = await newKey(kms);
    const request = kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
    expect(await refusalName(request)).toBe("ValidationException");
  });
});

describe("aliases", () => {
  test("an alias names a key, moves, and goes", async () => {
    const kms = clientOf(await start());
    const [one, two] = [await newKey(kms), await newKey(kms)];
    const AliasName = "alias/orders/current";
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: one.KeyId }));
    const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: one.KeyId }));
    const AliasArn = `arn:aws:kms:${region}:${account}:${AliasName}`;
    expect(Aliases).toMatchObject([{ AliasName, AliasArn, TargetKeyId: one.KeyId }]);
    const arnOf = async (KeyId: string): Promise<unknown> =>
      (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn;
    expect([await arnOf(AliasName), await arnOf(AliasArn)]).toEqual([one.Arn, one.Arn]);
    await kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: two.KeyId }));
    expect(await arnOf(AliasName)).toBe(two.Arn);
    await kms.send(new DeleteAliasCommand({ AliasName }));
    expect(await refusalName(kms.send(new DescribeKeyCommand({ KeyId: AliasName })))).toBe("NotFoundException");
  });

  test("an alias leaves a key that is pending deletion", async () => {
    const kms = clientOf(await start());
    const [one, two] = [await newKey(kms), await newKey(kms)];
    await kms.send(new CreateAliasCommand({ AliasName: "alias/a", TargetKeyId: one.KeyId }));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: one.KeyId }));
    await kms.send(new UpdateAliasCommand({ AliasName: "alias/a", TargetKeyId: two.KeyId }));
    const back = kms.send(new UpdateAliasCommand({ AliasName: "alias/a", TargetKeyId: one.KeyId }));
    expect(await refusalName(back)).toBe("KMSInvalidStateException");
  });

  test("what is refused", async () => {
    const kms = clientOf(await start());
    const { KeyId } = await newKey(kms);
    const create = (AliasName: string): Promise<unknown> =>
      refusal(kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId })));
    expect(await create("alias/a")).toMatchObject({ name: "none" });
    expect(await create("alias/a")).toEqual({
      name: "AlreadyExistsException",
      message: `An alias with the name arn:aws:kms:${region}:${account}:alias/a already exists`,
    });
    expect(await create("orders")).toMatchObject({ name: "ValidationException" });
    expect(await create("alias/a b")).toMatchObject({ name: "ValidationException" });
    expect(await create("alias/aws/s3")).toMatchObject({ name: "NotAuthorizedException" });
    const gone = { AliasName: "alias/none" };
    const missing = {
      name: "NotFoundException",
      message: `Alias arn:aws:kms:${region}:${account}:alias/none is not found.`,
    };
    expect(await refusal(kms.send(new DeleteAliasCommand(gone)))).toEqual(missing);
    expect(await refusal(kms.send(new UpdateAliasCommand({ ...gone, TargetKeyId: KeyId })))).toEqual(missing);
    const signing = await newKey(kms, { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
    const move = new UpdateAliasCommand({ AliasName: "alias/a", TargetKeyId: signing.KeyId });
    expect(await refusalName(kms.send(move))).toBe("ValidationException");
    const byAlias = kms.send(new DisableKeyCommand({ KeyId: "alias/a" }));
    expect(await refusal(byAlias)).toEqual({ name: "NotFoundException", message: "Invalid keyId 'alias/a'" });
  });
});

test("tags are set, replaced, listed and removed; limits hold", async () => {
  const kms = clientOf(await start());
  const { KeyId } = await newKey(kms, { Tags: [{ TagKey: "stage", TagValue: "dev" }] });
  const tags = async (): Promise<unknown> => (await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags;
  const tag = (...names: string[]): Promise<unknown> =>
    kms.send(new TagResourceCommand({ KeyId, Tags: names.map((TagKey) => ({ TagKey, TagValue: "new" })) }));
  await tag("stage", "owner");
  expect(await tags()).toEqual([
    { TagKey: "owner", TagValue: "new" },
    { TagKey: "stage", TagValue: "new" },
  ]);
  await kms.send(new UntagResourceCommand({ KeyId, TagKeys: ["stage", "never-there"] }));
  expect(await tags()).toEqual([{ TagKey: "owner", TagValue: "new" }]);
  expect(await refusalName(tag("a", "a"))).toBe("TagException");
  expect(await refusalName(tag("aws:a"))).toBe("TagException");
  const many = Array.from({ length: 50 }, (_, i) => `t${i}`);
  expect(await refusalName(tag(...many))).toBe("LimitExceededException");
  expect(await tags()).toEqual([{ TagKey: "owner", TagValue: "new" }]);
});

describe("rotation", () => {
  test("on demand: new material seals, old material still opens, 25 times at most", async () => {
    const kms = clientOf(await start());
    const { KeyId, Arn } = await newKey(kms);
    const Plaintext = bytes("before");
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
    const before = await kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(await kms.send(new RotateKeyOnDemandCommand({ KeyId }))).toMatchObject({ KeyId: Arn });
    const after = await kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(after).toMatchObject({ Plaintext, KeyMaterialId: before.KeyMaterialId });
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata?.CurrentKeyMaterialId).not.toBe(before.KeyMaterialId);
    for (let i = 1; i < 25; i++) await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect(await refusalName(kms.send(new RotateKeyOnDemandCommand({ KeyId })))).toBe("LimitExceededException");
    const { Rotations } = await kms.send(new ListKeyRotationsCommand({ KeyId }));
    expect(Rotations).toHaveLength(25);
    const all = await kms.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" }));
    expect(all.Rotations?.map((each) => each.KeyMaterialState)).toEqual([
      ...Array<string>(25).fill("NON_CURRENT"),
      "CURRENT",
    ]);
  });

  test("by period, on the clock, only while the key is enabled", async () => {
    let now = Date.parse("2030-01-01T00:00:00Z");
    const kms = clientOf(await start({ clock: () => now }));
    const { KeyId } = await newKey(kms);
    const material = async (): Promise<unknown> =>
      (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.CurrentKeyMaterialId;
    const status = (): Promise<object> => kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(await status()).toMatchObject({ KeyRotationEnabled: false });
    await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }));
    const NextRotationDate = new Date(now + 180 * dayMs);
    expect(await status()).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 180, NextRotationDate });
    const first = await material();
    now += 180 * dayMs - 1;
    expect(await material()).toBe(first);
    await kms.send(new DisableKeyCommand({ KeyId }));
    now += 1;
    expect(await material()).toBe(first);
    await kms.send(new EnableKeyCommand({ KeyId }));
    expect(await material()).not.toBe(first);
    await kms.send(new DisableKeyRotationCommand({ KeyId }));
    expect(await status()).toMatchObject({ KeyRotationEnabled: false });
  });

  test.each([89, 2561])("a period of %i days is refused", async (RotationPeriodInDays) => {
    const kms = clientOf(await start());
    const { KeyId } = await newKey(kms);
    const request = kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }));
    expect(await refusalName(request)).toBe("ValidationException");
  });

  test("asymmetric keys don't rotate", async () => {
    const kms = clientOf(await start());
    const { KeyId } = await newKey(kms, { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
    for (const request of [new EnableKeyRotationCommand({ KeyId }), new RotateKeyOnDemandCommand({ KeyId })]) {
      const name = await refusalName(kms.send(request));
      expect(name).toBe("UnsupportedOperationException");
    }
  });
});

test("an operation of AWS that isn't here says so", async () => {
  const kms = clientOf(await start());
  const request = new ConnectCustomKeyStoreCommand({ CustomKeyStoreId: "cks-1" });
  expect(await refusal(kms.send(request))).toEqual({
    name: "UnsupportedOperationException",
    message: "ConnectCustomKeyStore is not supported by this server",
  });
});
