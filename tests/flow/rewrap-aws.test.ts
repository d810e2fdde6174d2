// rewrap within AWS KMS, by the real SDK against the local KMS server: one ReEncrypt, and S never leaves.
import { CreateKeyCommand, KMSClient, ReplicateKeyCommand } from "@aws-sdk/client-kms";
import { awsCustody } from "@writ/custody-aws";
import { startKms } from "@writ/kms-local";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decide, open } from "@writ/core";
import type { Custody, VerifiedArtifact } from "@writ/core";
import { rewrap } from "@writ/core/rewrap";
import { at, codeOf, drain, evaluator, request, sealed, signers, verified } from "../support/scene.ts";

let server: Awaited<ReturnType<typeof startKms>>;
let custody: Custody;
let client: KMSClient;

beforeAll(async () => {
  server = await startKms();
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "test" };
  client = new KMSClient({ endpoint: server.endpoint, region: "eu-central-1", credentials });
  custody = awsCustody({ endpoint: server.endpoint, region: "eu-central-1", credentials });
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

async function newKey(multiRegion = false): Promise<string> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ MultiRegion: multiRegion }));
  return `aws-kms:${KeyMetadata!.Arn}`;
}

async function opened(artifact: VerifiedArtifact, stored: Uint8Array): Promise<string> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(100) });
  return (await drain(open(artifact, permit!, { custody, content: stored, clock: at(100) }))).toString();
}

test("[REW-1] another key is one ReEncrypt: S, and so the AES-KW bytes, stay; the material id is the new key's", async () => {
  const [from, to] = [await newKey(), await newKey()];
  const { artifact, stored } = await sealed(Buffer.from("rows"), { recipients: [{ custody, keyUri: from }] });
  const before = await verified(artifact);
  const options = { custody: [], signer: signers.archive, clock: at(90) };
  const result = await rewrap(before, { ...options, replace: [{ from, to: { custody, keyUri: to } }] });
  expect(result.calls.map(({ operation }) => operation)).toEqual(["ReEncrypt"]);
  const after = await verified(result.artifact, 95);
  const [was, is] = [before.keys.recipients[0]!, after.keys.recipients[0]!];
  expect(is.wrappedKey).toEqual(was.wrappedKey);
  expect([is.custodyUri, is.bound]).toEqual([to, null]);
  expect(is.materialId).not.toBe(was.materialId);
  expect(await opened(after, stored)).toBe("rows");
  const elsewhere = { replace: [{ from, to: { custody, keyUri: to.replace("111122223333", "444455556666") } }] };
  expect(await codeOf(() => rewrap(before, { ...options, ...elsewhere }))).toMatch(/^custody-/);
});

test("[REW-2] [CUS-17] another Region is beyond one ReEncrypt: the data key passes through this process", async () => {
  const from = await newKey(true);
  const arn = from.slice("aws-kms:".length);
  await client.send(new ReplicateKeyCommand({ KeyId: arn, ReplicaRegion: "eu-west-1" }));
  const { artifact, stored } = await sealed(Buffer.from("rows"), { recipients: [{ custody, keyUri: from }] });
  const before = await verified(artifact);
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "test" };
  const west = new KMSClient({ endpoint: server.endpoint, region: "eu-west-1", credentials });
  const { KeyMetadata } = await west.send(new CreateKeyCommand({}));
  west.destroy();
  const to = { custody, keyUri: `aws-kms:${KeyMetadata!.Arn}` };
  const result = await rewrap(before, {
    replace: [{ from, to }],
    custody,
    signer: signers.archive,
    clock: at(90),
  });
  expect(result.calls.map(({ operation }) => operation)).toEqual(["Decrypt", "GenerateDataKey"]);
  const after = await verified(result.artifact, 95);
  expect(after.keys.recipients[0]!.wrappedKey).not.toEqual(before.keys.recipients[0]!.wrappedKey);
  expect(await opened(after, stored)).toBe("rows");
});
