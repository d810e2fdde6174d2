import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateRandomCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
} from "@aws-sdk/client-kms";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KmsServer, Principal, TrailEvent } from "@writ/kms-local";
import { expect, onTestFinished, test } from "vitest";
import { account, bytes, clientOf, refusalName, region, start } from "./client.ts";

const now = Date.parse("2026-10-18T19:10:44.250Z");

async function startWithTrail(
  principals?: Record<string, Principal>,
): Promise<{ server: KmsServer; events: TrailEvent[] }> {
  const events: TrailEvent[] = [];
  const onEvent = (event: TrailEvent): void => void events.push(event);
  const server = await start({ onEvent, clock: () => now, ...(principals && { principals }) });
  return { server, events };
}

// Source: the samples of AWS KMS events in the Developer Guide, "Examples of AWS KMS log entries".
test("a decryption is told with key, context and material, without any payload", async () => {
  const { server, events } = await startWithTrail();
  const kms = clientOf(server);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.Arn ?? "";
  const EncryptionContext = { Department: "Engineering" };
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId, Plaintext: bytes("secret"), EncryptionContext }),
  );
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  expect(events.at(-1)).toEqual({
    eventVersion: "1.11",
    userIdentity: {
      type: "Root",
      principalId: account,
      arn: `arn:aws:iam::${account}:root`,
      accountId: account,
      accessKeyId: "AKIDROOT",
    },
    eventTime: "2026-10-18T19:10:44Z",
    eventSource: "kms.amazonaws.com",
    eventName: "Decrypt",
    awsRegion: region,
    sourceIPAddress: "127.0.0.1",
    userAgent: expect.stringContaining("aws-sdk-js/3") as string,
    requestParameters: { encryptionAlgorithm: "SYMMETRIC_DEFAULT", encryptionContext: EncryptionContext },
    responseElements: null,
    additionalEventData: { keyMaterialId: KeyMetadata?.CurrentKeyMaterialId },
    requestID: opened.$metadata.requestId,
    eventID: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    readOnly: true,
    resources: [{ accountId: account, type: "AWS::KMS::Key", ARN: KeyId }],
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: "Management",
  });
  const text = JSON.stringify(events);
  expect(text).not.toContain(Buffer.from("secret").toString("base64"));
  expect(text).not.toContain(Buffer.from(CiphertextBlob ?? []).toString("base64"));
});

test("both keys of ReEncrypt stand in order, each with its material and context", async () => {
  const { server, events } = await startWithTrail();
  const kms = clientOf(server);
  const made = [await kms.send(new CreateKeyCommand({})), await kms.send(new CreateKeyCommand({}))];
  const [from, to] = made.map((each) => each.KeyMetadata);
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: from?.Arn, Plaintext: bytes("x") }));
  const DestinationEncryptionContext = { Level: "3A" };
  await kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: to?.KeyId, DestinationEncryptionContext }));
  expect(events.at(-1)).toMatchObject({
    requestParameters: {
      sourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      destinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      destinationKeyId: to?.KeyId,
      destinationEncryptionContext: DestinationEncryptionContext,
    },
    additionalEventData: {
      sourceKeyMaterialId: from?.CurrentKeyMaterialId,
      destinationKeyMaterialId: to?.CurrentKeyMaterialId,
    },
    resources: [{ ARN: from?.Arn }, { ARN: to?.Arn }],
  });
});

test("administration shows its parameters and answers", async () => {
  const { server, events } = await startWithTrail();
  const kms = clientOf(server);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }));
  const KeyId = KeyMetadata?.KeyId ?? "";
  expect(events.at(-1)).toMatchObject({
    eventName: "CreateKey",
    readOnly: false,
    requestParameters: { keySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY", description: "", origin: "AWS_KMS" },
    responseElements: {
      keyMetadata: { aWSAccountId: account, keyId: KeyId, creationDate: "Oct 18, 2026, 7:10:44 PM" },
    },
  });
  await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "Department", TagValue: "IT" }] }));
  expect(events.at(-1)).toMatchObject({ requestParameters: { tags: [{ tagKey: "Department", tagValue: "IT" }] } });
  await kms.send(new CreateAliasCommand({ AliasName: "alias/a", TargetKeyId: KeyId }));
  expect(events.at(-1)).toMatchObject({
    resources: [{ ARN: KeyMetadata?.Arn }, { ARN: `arn:aws:kms:${region}:${account}:alias/a` }],
  });
  await kms.send(new SignCommand({ KeyId, Message: bytes("m"), SigningAlgorithm: "ECDSA_SHA_256" }));
  const signing = { messageType: "RAW", keyId: KeyId, signingAlgorithm: "ECDSA_SHA_256" };
  expect(events.at(-1)?.["requestParameters"]).toEqual(signing);
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 20 }));
  expect(events.at(-1)).toMatchObject({
    requestParameters: { keyId: KeyId, pendingWindowInDays: 20 },
    responseElements: { keyId: KeyMetadata?.Arn, keyState: "PendingDeletion" },
  });
  await kms.send(new GenerateRandomCommand({ NumberOfBytes: 1 }));
  expect(events.at(-1)).toMatchObject({ requestParameters: null, responseElements: null, resources: [] });
});

test("what failed is told as well, a denial without its parameters", async () => {
  const role = { accountId: account, arn: `arn:aws:sts::${account}:assumed-role/app/s1`, identityPolicies: [] };
  const root = { accountId: account, arn: `arn:aws:iam::${account}:root` };
  const { server, events } = await startWithTrail({ AKIDROOT: root, AKIDAPP: role });
  const KeyId = (await clientOf(server).send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
  const request = new EncryptCommand({ KeyId, Plaintext: bytes("x") });
  expect(await refusalName(clientOf(server, "AKIDAPP").send(request))).toBe("AccessDeniedException");
  expect(events.at(-1)).toMatchObject({
    userIdentity: {
      type: "AssumedRole",
      sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/app`, userName: "app" } },
    },
    errorCode: "AccessDenied",
    errorMessage: expect.stringContaining("is not authorized to perform: kms:Encrypt") as string,
    requestParameters: null,
    resources: [{ ARN: KeyId }],
  });
  const junk = new DecryptCommand({ KeyId, CiphertextBlob: bytes("junk") });
  expect(await refusalName(clientOf(server).send(junk))).toBe("InvalidCiphertextException");
  expect(events.at(-1)).toMatchObject({ errorCode: "InvalidCiphertextException", requestParameters: { keyId: KeyId } });
  expect(events.at(-1)).not.toHaveProperty("errorMessage");
});

test("a file of JSON lines gets the same events", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kms-trail-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const trailFile = join(folder, "trail.jsonl");
  const events: TrailEvent[] = [];
  const kms = clientOf(await start({ trailFile, onEvent: (event) => void events.push(event) }));
  await kms.send(new CreateKeyCommand({}));
  await kms.send(new GenerateRandomCommand({ NumberOfBytes: 8 }));
  const lines = readFileSync(trailFile, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(events)));
  expect(lines).toHaveLength(2);
  expect(statSync(trailFile).mode & 0o777).toBe(0o600);
});
