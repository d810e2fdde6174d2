import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  type KeyMetadata,
  ListResourceTagsCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
} from "@aws-sdk/client-kms";
import type { KmsOptions } from "@writ/kms-local";
import { expect, test } from "vitest";
import { account, bytes, clientOf, refusal, refusalName, region as home, start } from "./client.ts";

const dayMs = 86_400_000;
const away = "us-west-2";

interface Setup {
  /** The clients of the primary's and the replica's Region. */
  readonly here: KMSClient;
  readonly there: KMSClient;
  readonly KeyId: string;
  readonly time: { now: number };
}

async function setUp(options: KmsOptions = {}): Promise<Setup> {
  const time = { now: Date.parse("2030-01-01T00:00:00Z") };
  const server = await start({ clock: () => time.now, ...options });
  const here = clientOf(server);
  const { KeyMetadata } = await here.send(new CreateKeyCommand({ MultiRegion: true }));
  return { here, there: clientOf(server, "AKIDROOT", away), KeyId: KeyMetadata?.KeyId ?? "", time };
}

async function describe(kms: KMSClient, KeyId: string): Promise<KeyMetadata | undefined> {
  return (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
}

// Source: AWS KMS API Reference, ReplicateKey; Developer Guide, "Key states of AWS KMS keys".
test("a replica is Creating until the clock says otherwise, then opens what its primary sealed", async () => {
  const { here, there, KeyId, time } = await setUp();
  const sealed = await here.send(new EncryptCommand({ KeyId, Plaintext: bytes("x"), EncryptionContext: { a: "1" } }));
  const Tags = [{ TagKey: "team", TagValue: "b" }];
  const made = await here.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: away, Description: "copy", Tags }));
  const primary = { Arn: `arn:aws:kms:${home}:${account}:key/${KeyId}`, Region: home };
  const replica = { Arn: `arn:aws:kms:${away}:${account}:key/${KeyId}`, Region: away };
  const MultiRegionConfiguration = { MultiRegionKeyType: "REPLICA", PrimaryKey: primary, ReplicaKeys: [replica] };
  expect(made.ReplicaKeyMetadata).toMatchObject({
    KeyId,
    Arn: replica.Arn,
    Description: "copy",
    KeyState: "Creating",
    Enabled: false,
    MultiRegion: true,
    MultiRegionConfiguration,
  });
  expect(KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
  expect(made.ReplicaTags).toEqual(Tags);
  expect(made.ReplicaPolicy).toBe((await there.send(new GetKeyPolicyCommand({ KeyId }))).Policy);
  const open = new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: { a: "1" } });
  expect(await refusal(there.send(open))).toEqual({
    name: "KMSInvalidStateException",
    message: `${replica.Arn} is creating.`,
  });
  time.now += 2000;
  const opened = await there.send(open);
  expect(opened).toMatchObject({
    KeyId: replica.Arn,
    Plaintext: bytes("x"),
    KeyMaterialId: made.ReplicaKeyMetadata?.CurrentKeyMaterialId,
  });
  expect((await describe(here, KeyId))?.MultiRegionConfiguration).toEqual({
    ...MultiRegionConfiguration,
    MultiRegionKeyType: "PRIMARY",
  });
  expect((await here.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual([]); // tags are each key's own
  const back = await there.send(new EncryptCommand({ KeyId, Plaintext: bytes("y") }));
  expect((await here.send(new DecryptCommand({ CiphertextBlob: back.CiphertextBlob }))).Plaintext).toEqual(bytes("y"));
});

test("only a primary multi-Region key is replicated, once in a Region", async () => {
  const { here, there, KeyId } = await setUp({ transitionMs: 0 });
  const plain = await here.send(new CreateKeyCommand({}));
  const replicate = (kms: KMSClient, key: string | undefined, ReplicaRegion: string): Promise<string> =>
    refusalName(kms.send(new ReplicateKeyCommand({ KeyId: key, ReplicaRegion })));
  expect(await replicate(here, plain.KeyMetadata?.KeyId, away)).toBe("UnsupportedOperationException");
  expect(await replicate(here, KeyId, home)).toBe("AlreadyExistsException");
  expect(await replicate(here, KeyId, "moon")).toBe("ValidationException");
  expect(await replicate(here, KeyId, away)).toBe("none");
  expect(await replicate(here, KeyId, away)).toBe("AlreadyExistsException");
  expect(await replicate(there, KeyId, "eu-west-1")).toBe("UnsupportedOperationException");
});

test("replication needs the primary's permission and CreateKey in the other Region, and locks nobody out", async () => {
  const allow = (Action: string[]): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
  const identity = (name: string, Action: string[]): [string, object] => [
    `AKID${name.toUpperCase()}`,
    { accountId: account, arn: `arn:aws:iam::${account}:user/${name}`, identityPolicies: [allow(Action)] },
  ];
  const root = { accountId: account, arn: `arn:aws:iam::${account}:root` };
  const people = Object.fromEntries([
    identity("key", ["kms:ReplicateKey"]),
    identity("maker", ["kms:CreateKey", "kms:PutKeyPolicy"]),
    identity("both", ["kms:ReplicateKey", "kms:CreateKey", "kms:PutKeyPolicy"]),
  ]) as Record<string, typeof root>;
  const server = await start({ principals: { AKIDROOT: root, ...people } });
  const { KeyMetadata } = await clientOf(server).send(new CreateKeyCommand({ MultiRegion: true }));
  const request = { KeyId: KeyMetadata?.KeyId, ReplicaRegion: away };
  const ask = (id: string, Policy?: string): Promise<string> =>
    refusalName(clientOf(server, id).send(new ReplicateKeyCommand({ ...request, ...(Policy && { Policy }) })));
  expect(await ask("AKIDKEY")).toBe("AccessDeniedException");
  expect(await ask("AKIDMAKER")).toBe("AccessDeniedException");
  const stranger = { AWS: `arn:aws:iam::${account}:role/other` };
  const locked = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: stranger, Action: "kms:*", Resource: "*" }],
  };
  expect(await ask("AKIDBOTH", JSON.stringify(locked))).toBe("MalformedPolicyDocumentException");
  expect(await ask("AKIDBOTH")).toBe("none");
});

// Source: AWS KMS API Reference, UpdatePrimaryRegion.
test("the primary moves: both keys are Updating, usable meanwhile, and swap roles", async () => {
  const { here, there, KeyId, time } = await setUp();
  await here.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: away }));
  time.now += 2000;
  const move = (PrimaryRegion: string): Promise<string> =>
    refusalName(here.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion })));
  expect(await move("eu-west-1")).toBe("NotFoundException");
  expect(await move(home)).toBe("ValidationException");
  expect(await move(away)).toBe("none");
  expect((await describe(here, KeyId))?.KeyState).toBe("Updating");
  expect((await describe(there, KeyId))?.KeyState).toBe("Updating");
  expect(await refusalName(here.send(new EncryptCommand({ KeyId, Plaintext: bytes("x") })))).toBe("none");
  time.now += 2000;
  for (const [kms, type] of [
    [here, "REPLICA"],
    [there, "PRIMARY"],
  ] as const) {
    expect(await describe(kms, KeyId)).toMatchObject({
      KeyState: "Enabled",
      MultiRegionConfiguration: {
        MultiRegionKeyType: type,
        PrimaryKey: { Region: away },
        ReplicaKeys: [{ Region: home }],
      },
    });
  }
  expect(await move(away)).toBe("UnsupportedOperationException"); // no primary any more
});

test("rotation is the primary's and reaches every replica", async () => {
  const { here, there, KeyId, time } = await setUp({ transitionMs: 0 });
  await here.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: away }));
  const enable = new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 });
  expect(await refusalName(there.send(enable))).toBe("UnsupportedOperationException");
  await here.send(enable);
  expect(await there.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 180,
  });
  const before = (await describe(here, KeyId))?.CurrentKeyMaterialId;
  time.now += 180 * dayMs;
  const rotated = (await describe(here, KeyId))?.CurrentKeyMaterialId;
  expect(rotated).not.toBe(before);
  expect((await describe(there, KeyId))?.CurrentKeyMaterialId).toBe(rotated);
  await here.send(new RotateKeyOnDemandCommand({ KeyId }));
  const sealed = await here.send(new EncryptCommand({ KeyId, Plaintext: bytes("new") }));
  const opened = await there.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }));
  expect(opened.Plaintext).toEqual(bytes("new"));
});

// Source: AWS KMS Developer Guide, "Deleting multi-Region keys".
test("a primary key outlives its replicas", async () => {
  const { here, there, KeyId, time } = await setUp({ transitionMs: 0 });
  await here.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: away }));
  const schedule = new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 });
  const waiting = await here.send(schedule);
  expect(waiting).toMatchObject({ KeyState: "PendingReplicaDeletion", PendingWindowInDays: 7 });
  expect(waiting.DeletionDate).toBeUndefined();
  expect(await describe(here, KeyId)).toMatchObject({
    KeyState: "PendingReplicaDeletion",
    PendingDeletionWindowInDays: 7,
  });
  const encrypt = new EncryptCommand({ KeyId, Plaintext: bytes("x") });
  expect(await refusal(here.send(encrypt))).toMatchObject({
    name: "KMSInvalidStateException",
    message: expect.stringMatching(/ is pending replica deletion\.$/) as string,
  });
  time.now += 30 * dayMs;
  expect(await refusalName(there.send(encrypt))).toBe("none");
  await there.send(schedule);
  time.now += 7 * dayMs;
  expect(await refusalName(there.send(encrypt))).toBe("NotFoundException");
  const deletion = new Date(time.now + 7 * dayMs);
  expect(await describe(here, KeyId)).toMatchObject({ KeyState: "PendingDeletion", DeletionDate: deletion });
  await here.send(new CancelKeyDeletionCommand({ KeyId }));
  expect((await describe(here, KeyId))?.KeyState).toBe("Disabled");
  await here.send(schedule);
  time.now += 7 * dayMs;
  expect(await refusalName(here.send(encrypt))).toBe("NotFoundException");
});
