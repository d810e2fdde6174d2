// A grant that lets one principal decrypt under the context of one artifact, and what its holder tries with it.
import { CreateGrantCommand, CreateKeyCommand, KMSClient, RevokeGrantCommand } from "@aws-sdk/client-kms";
import { awsCustody } from "@writ/custody-aws";
import { startKms } from "@writ/kms-local";
import type { Principal } from "@writ/kms-local";
import { expect, test } from "vitest";
import { decide, open } from "@writ/core";
import type { Custody, EncryptionContext, VerifiedArtifact } from "@writ/core";
import { rewrap } from "@writ/core/rewrap";
import { contextsOf } from "../../packages/core/src/context.ts";
import { at, codeOf, drain, evaluator, request, sealed, signers, verified } from "../support/scene.ts";
import { custodyWith } from "./forge.ts";

const account = "111122223333";
const region = "eu-central-1";
const admin = `arn:aws:iam::${account}:role/admin`;
const worker = `arn:aws:iam::${account}:role/worker`;
const principals: Record<string, Principal> = {
  AKIDADMIN: { accountId: account, arn: admin },
  AKIDWORKER: { accountId: account, arn: worker },
};
const Policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: admin }, Action: "kms:*", Resource: "*" }],
});

/** An artifact with its content. */
interface Sealed {
  readonly artifact: VerifiedArtifact;
  readonly stored: Uint8Array;
}

async function sealedBy(custody: Custody, keyUri: string, text: string): Promise<Sealed> {
  const issued = await sealed(Buffer.from(text), { recipients: [{ custody, keyUri }] });
  return { artifact: await verified(issued.artifact), stored: issued.stored };
}

/** What the custody authenticates of an artifact. */
function contextOf({ artifact: { core, layers } }: Sealed): EncryptionContext {
  return contextsOf(core, layers, undefined)({});
}

test("[OPN-1] [RCP-3] a grant for one artifact opens no other, carries no wrap away, and ends when it is revoked", async () => {
  const server = await startKms({ principals, grantDelayMs: 60_000 }); // only its token makes it count at once
  const credentialsOf = (accessKeyId: string): { accessKeyId: string; secretAccessKey: string } => ({
    accessKeyId,
    secretAccessKey: "not-checked",
  });
  const client = new KMSClient({ endpoint: server.endpoint, region, credentials: credentialsOf("AKIDADMIN") });
  const custodyOf = (accessKeyId: string): Custody =>
    awsCustody({ endpoint: server.endpoint, region, credentials: credentialsOf(accessKeyId) });
  try {
    const KeyId = (await client.send(new CreateKeyCommand({ Policy }))).KeyMetadata!.Arn!;
    const [asAdmin, asWorker] = [custodyOf("AKIDADMIN"), custodyOf("AKIDWORKER")];
    const granted = await sealedBy(asAdmin, `aws-kms:${KeyId}`, "granted");
    const other = await sealedBy(asAdmin, `aws-kms:${KeyId}`, "other");
    const { GrantToken, GrantId } = await client.send(
      new CreateGrantCommand({
        KeyId,
        GranteePrincipal: worker,
        Operations: ["Decrypt"],
        Constraints: { EncryptionContextEquals: Object.fromEntries(contextOf(granted)) },
      }),
    );
    const opened = async (
      { artifact, stored }: Sealed,
      custody: Custody,
      grantTokens: readonly string[],
    ): Promise<string> => {
      const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(100) });
      return (
        await drain(open(artifact, permit!, { custody, content: stored, grantTokens, clock: at(100) }))
      ).toString();
    };
    const token = [GrantToken!];
    expect(await opened(granted, asWorker, token), "control: what it is for").toBe("granted");
    expect(await opened(other, asAdmin, []), "control: the other opens for who may").toBe("other");
    expect(await codeOf(() => opened(granted, asWorker, []))).toBe("custody-denied");
    expect(await codeOf(() => opened(other, asWorker, token))).toBe("custody-denied");
    const claimed = custodyWith({
      scheme: "aws-kms", // asks under the context that the grant is for
      unwrap: (recipient, _context, options) => asWorker.unwrap(recipient, contextOf(granted), options),
    });
    expect(await codeOf(() => opened(other, claimed, token)), "the wrap is bound to its own context").toMatch(
      /^custody-/,
    );
    const away = rewrap(granted.artifact, {
      replace: [{ from: `aws-kms:${KeyId}`, to: { custody: asWorker, keyUri: `aws-kms:${KeyId}` } }],
      custody: asWorker,
      signer: signers.archive,
      clock: at(100),
    });
    await expect(away).rejects.toMatchObject({ code: "custody-denied" });
    await client.send(new RevokeGrantCommand({ KeyId, GrantId }));
    expect(await codeOf(() => opened(granted, asWorker, token))).toMatch(/^custody-/);
  } finally {
    client.destroy();
    await server.close();
  }
});
