// A key with replicas: the custody rule names the Region of one of them.
import { CreateKeyCommand, KMSClient, ReplicateKeyCommand } from "@aws-sdk/client-kms";
import { awsCustody } from "@writ/custody-aws";
import { startKms } from "@writ/kms-local";
import { expect, test } from "vitest";
import { decide, open } from "@writ/core";
import type { Custody } from "@writ/core";
import { at, codeOf, drain, evaluator, request, sealed, verified } from "../support/scene.ts";

test("[RCP-5] a replica in a Region outside the custody rule is not asked", async () => {
  const server = await startKms();
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "test" };
  const client = new KMSClient({ endpoint: server.endpoint, region: "eu-central-1", credentials });
  const from = (region: string): Custody => awsCustody({ endpoint: server.endpoint, region, credentials });
  try {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ MultiRegion: true }));
    await client.send(new ReplicateKeyCommand({ KeyId: KeyMetadata!.Arn, ReplicaRegion: "us-east-1" }));
    const home = from("eu-central-1");
    const one = await sealed(Buffer.from("rows"), {
      recipients: [{ custody: home, keyUri: `aws-kms:${KeyMetadata!.Arn}` }],
      custodyRule: { custodies: ["aws-kms"], regions: ["eu-central-1"] },
    });
    const artifact = await verified(one.artifact);
    const opened = async (custody: Custody): Promise<string> => {
      const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(100) });
      return (await drain(open(artifact, permit!, { custody, content: one.stored, clock: at(100) }))).toString();
    };
    expect(await opened(home), "control").toBe("rows");
    expect(await codeOf(() => opened(from("us-east-1")))).toBe("custody-rule");
  } finally {
    client.destroy();
    await server.close();
  }
});
