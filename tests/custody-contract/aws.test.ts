// The same contract over AWS KMS: the real SDK against the local KMS server. Keys are made by an administrator; the custody
// under test calls as another principal, so that key policies decide.
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import type { CreateKeyCommandInput } from "@aws-sdk/client-kms";
import { awsCustody } from "@writ/custody-aws";
import { startKms } from "@writ/kms-local";
import { custodyContract } from "./contract.ts";

const account = "111122223333";
const region = "eu-central-1";
const serviceArn = `arn:aws:iam::${account}:role/service`;
const admin = { accessKeyId: "AKIAADMIN", secretAccessKey: "admin" };
const service = { accessKeyId: "AKIASERVICE", secretAccessKey: "service" };
const principals = {
  [admin.accessKeyId]: { accountId: account, arn: `arn:aws:iam::${account}:root` },
  [service.accessKeyId]: { accountId: account, arn: serviceArn },
};

custodyContract(
  "AWS KMS",
  async () => {
    const server = await startKms({ principals });
    const { endpoint } = server;
    const administrator = new KMSClient({ endpoint, region, credentials: admin });
    const custody = awsCustody({ endpoint, region, credentials: service });
    const create = async (input: CreateKeyCommandInput = {}): Promise<string> => {
      const { KeyMetadata } = await administrator.send(new CreateKeyCommand(input));
      return `aws-kms:${KeyMetadata?.Arn}`;
    };
    const arn = (uri: string): string => uri.slice("aws-kms:".length);
    const symmetric = await create();
    await administrator.send(new CreateAliasCommand({ AliasName: "alias/records", TargetKeyId: arn(symmetric) }));
    return {
      custody,
      symmetric,
      otherSymmetric: await create(),
      signing: [
        { alg: -19, uri: await create({ KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" }) },
        { alg: -9, uri: await create({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }) },
        { alg: -51, uri: await create({ KeySpec: "ECC_NIST_P384", KeyUsage: "SIGN_VERIFY" }) },
        { alg: -49, uri: await create({ KeySpec: "ML_DSA_65", KeyUsage: "SIGN_VERIFY" }) },
        { alg: -50, uri: await create({ KeySpec: "ML_DSA_87", KeyUsage: "SIGN_VERIFY" }) },
      ],
      missing: `aws-kms:arn:aws:kms:${region}:${account}:key/00000000-0000-4000-8000-000000000000`,
      missingUnwraps: "custody-not-found",
      origin: "AWS_KMS",
      developmentOnly: false,
      alias: { uri: "aws-kms:alias/records", of: symmetric },
      disable: async (uri) => void (await administrator.send(new DisableKeyCommand({ KeyId: arn(uri) }))),
      enable: async (uri) => void (await administrator.send(new EnableKeyCommand({ KeyId: arn(uri) }))),
      pendingDeletion: async () => {
        const uri = await create();
        await administrator.send(new ScheduleKeyDeletionCommand({ KeyId: arn(uri), PendingWindowInDays: 7 }));
        return uri;
      },
      denied: async (context) => {
        const uri = await create();
        const wrapped = await custody.generate(uri, context);
        const Policy = JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
            {
              Effect: "Deny",
              Principal: { AWS: serviceArn },
              Action: ["kms:Decrypt", "kms:GenerateDataKey"],
              Resource: "*",
            },
          ],
        });
        await administrator.send(new PutKeyPolicyCommand({ KeyId: arn(uri), Policy }));
        return { uri, wrapped };
      },
      unreachable: async () => {
        const gone = await startKms();
        await gone.close();
        return awsCustody({ endpoint: gone.endpoint, region, credentials: service });
      },
      close: async () => {
        administrator.destroy();
        await server.close();
      },
    };
  },
  ["alias", "pendingDeletion", "denied", "unreachable"],
);
