import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
} from "@aws-sdk/client-kms";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { KmsOptions, Principal } from "@writ/kms-local";
import { expect, test } from "vitest";
import { account, bytes, clientOf, refusalName, start } from "./client.ts";

const admin = `arn:aws:iam::${account}:role/admin`;
const worker = `arn:aws:iam::${account}:role/worker`;
const helper = `arn:aws:iam::${account}:role/other`;
const principals: Record<string, Principal> = {
  AKIDADMIN: { accountId: account, arn: admin },
  AKIDWORKER: { accountId: account, arn: `arn:aws:sts::${account}:assumed-role/worker/1` },
  AKIDOTHER: { accountId: account, arn: helper },
};
const Policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: admin }, Action: "kms:*", Resource: "*" }],
});
const denied = "AccessDeniedException";
const delayMs = 1000;

interface Setup {
  readonly KeyId: string;
  readonly asAdmin: KMSClient;
  readonly asWorker: KMSClient;
  readonly asOther: KMSClient;
  readonly pass: (ms: number) => void;
  readonly grant: (more?: Partial<CreateGrantCommandInput>) => Promise<{ GrantId: string; GrantToken: string }>;
}

async function setUp(options: KmsOptions = {}): Promise<Setup> {
  let now = Date.parse("2030-01-01T00:00:00Z");
  const server = await start({ principals, clock: () => now, grantDelayMs: delayMs, ...options });
  const asAdmin = clientOf(server, "AKIDADMIN");
  const KeyId = (await asAdmin.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn ?? "";
  return {
    KeyId,
    asAdmin,
    asWorker: clientOf(server, "AKIDWORKER"),
    asOther: clientOf(server, "AKIDOTHER"),
    pass: (ms) => (now += ms),
    grant: async (more = {}) => {
      const Operations = ["Decrypt" as const];
      const made = await asAdmin.send(new CreateGrantCommand({ KeyId, GranteePrincipal: worker, Operations, ...more }));
      return { GrantId: made.GrantId ?? "", GrantToken: made.GrantToken ?? "" };
    },
  };
}

async function sealed(setup: Setup, EncryptionContext: Record<string, string> = {}): Promise<DecryptCommand["input"]> {
  const request = new EncryptCommand({ KeyId: setup.KeyId, Plaintext: bytes("x"), EncryptionContext });
  return { CiphertextBlob: (await setup.asAdmin.send(request)).CiphertextBlob, EncryptionContext };
}

test("a grant lets exactly its grantee do exactly its operations, from when it shows up", async () => {
  const setup = await setUp();
  const blob = await sealed(setup);
  const decrypt = (kms: KMSClient): Promise<string> => refusalName(kms.send(new DecryptCommand(blob)));
  expect(await decrypt(setup.asWorker)).toBe(denied);
  await setup.grant();
  setup.pass(delayMs);
  expect(await decrypt(setup.asWorker)).toBe("none");
  expect(await decrypt(setup.asOther)).toBe(denied);
  const encrypt = new EncryptCommand({ KeyId: setup.KeyId, Plaintext: bytes("x") });
  expect(await refusalName(setup.asWorker.send(encrypt))).toBe(denied);
});

test("its token works at once; without it the grant waits", async () => {
  const setup = await setUp();
  const blob = await sealed(setup);
  const { GrantToken } = await setup.grant();
  const decrypt = (GrantTokens: string[]): Promise<string> =>
    refusalName(setup.asWorker.send(new DecryptCommand({ ...blob, GrantTokens })));
  expect(await decrypt([])).toBe(denied);
  expect(await decrypt([GrantToken])).toBe("none");
  expect(await decrypt(["made-up"])).toBe("InvalidGrantTokenException");
  const other = new DecryptCommand({ ...blob, GrantTokens: [GrantToken] });
  expect(await refusalName(setup.asOther.send(other))).toBe(denied);
});

test("constraints: Equals is the whole context, Subset a part of it", async () => {
  for (const [constraint, exact, wider] of [
    ["EncryptionContextEquals", "none", denied],
    ["EncryptionContextSubset", "none", "none"],
  ] as const) {
    const setup = await setUp({ grantDelayMs: 0 });
    await setup.grant({ Operations: ["Decrypt", "DescribeKey"], Constraints: { [constraint]: { a: "1" } } });
    const decrypt = async (context: Record<string, string>): Promise<string> =>
      refusalName(setup.asWorker.send(new DecryptCommand(await sealed(setup, context))));
    expect(await decrypt({ a: "1" }), constraint).toBe(exact);
    expect(await decrypt({ a: "1", b: "2" }), constraint).toBe(wider);
    expect(await decrypt({ a: "2" }), constraint).toBe(denied);
    expect(await decrypt({ A: "1" }), constraint).toBe(denied);
    expect(await decrypt({}), constraint).toBe(denied);
    const about = setup.asWorker.send(new DescribeKeyCommand({ KeyId: setup.KeyId }));
    expect(await refusalName(about), constraint).toBe("none");
  }
});

test("a deny in the key policy wins over a grant", async () => {
  const setup = await setUp({ grantDelayMs: 0 });
  const deny = { Effect: "Deny", Principal: { AWS: worker }, Action: "kms:Decrypt", Resource: "*" };
  const document = JSON.parse(Policy) as { Statement: object[] };
  const blob = await sealed(setup);
  await setup.grant();
  expect(await refusalName(setup.asWorker.send(new DecryptCommand(blob)))).toBe("none");
  const { PutKeyPolicyCommand } = await import("@aws-sdk/client-kms");
  const denying = JSON.stringify({ ...document, Statement: [...document.Statement, deny] });
  await setup.asAdmin.send(new PutKeyPolicyCommand({ KeyId: setup.KeyId, Policy: denying }));
  expect(await refusalName(setup.asWorker.send(new DecryptCommand(blob)))).toBe(denied);
});

test("the same request with the same name gives the same grant and another token", async () => {
  const setup = await setUp({ grantDelayMs: 0 });
  const [one, two] = [await setup.grant({ Name: "job" }), await setup.grant({ Name: "job" })];
  expect(two.GrantId).toBe(one.GrantId);
  expect(two.GrantToken).not.toBe(one.GrantToken);
  expect((await setup.grant({ Name: "job", Operations: ["Encrypt"] })).GrantId).not.toBe(one.GrantId);
  expect((await setup.grant()).GrantId).not.toBe((await setup.grant()).GrantId);
  const { Grants } = await setup.asAdmin.send(new ListGrantsCommand({ KeyId: setup.KeyId }));
  expect(Grants).toHaveLength(4);
});

test("grants are listed, retired by whom they name, and revoked by administrators", async () => {
  const setup = await setUp({ grantDelayMs: 0 });
  const Constraints = { EncryptionContextSubset: { a: "1" } };
  const { GrantId } = await setup.grant({ RetiringPrincipal: helper, Name: "n", Constraints });
  const { Grants } = await setup.asAdmin.send(new ListGrantsCommand({ KeyId: setup.KeyId, GrantId }));
  const entry = { GrantId, GranteePrincipal: worker, RetiringPrincipal: helper, Name: "n", Constraints };
  expect(Grants).toMatchObject([{ ...entry, KeyId: setup.KeyId, Operations: ["Decrypt"] }]);
  const retirable = await setup.asOther.send(new ListRetirableGrantsCommand({ RetiringPrincipal: helper }));
  expect(retirable.Grants).toHaveLength(1);
  const retire = new RetireGrantCommand({ KeyId: setup.KeyId, GrantId });
  expect(await refusalName(setup.asWorker.send(retire))).toBe(denied);
  const dry = new RetireGrantCommand({ KeyId: setup.KeyId, GrantId, DryRun: true });
  expect(await refusalName(setup.asOther.send(dry))).toBe("DryRunOperationException");
  expect(await refusalName(setup.asOther.send(retire))).toBe("none");
  expect(await refusalName(setup.asOther.send(retire))).toBe("NotFoundException");
  const own = await setup.grant({ Operations: ["Decrypt", "RetireGrant"] });
  const byToken = new RetireGrantCommand({ GrantToken: own.GrantToken });
  expect(await refusalName(setup.asWorker.send(byToken))).toBe("none");
  const last = await setup.grant();
  const revoke = new RevokeGrantCommand({ KeyId: setup.KeyId, GrantId: last.GrantId });
  expect(await refusalName(setup.asWorker.send(revoke))).toBe(denied);
  expect(await refusalName(setup.asAdmin.send(revoke))).toBe("none");
  expect(await refusalName(setup.asWorker.send(new DecryptCommand(await sealed(setup))))).toBe(denied);
});

test("a grantee hands on no more than it has", async () => {
  const setup = await setUp({ grantDelayMs: 0 });
  const Constraints = { EncryptionContextSubset: { a: "1" } };
  await setup.grant({ Operations: ["Decrypt", "CreateGrant"], Constraints });
  const hand = (more: Partial<CreateGrantCommandInput>): Promise<string> => {
    const Operations = ["Decrypt" as const];
    const base = { KeyId: setup.KeyId, GranteePrincipal: helper, Operations, Constraints };
    return refusalName(setup.asWorker.send(new CreateGrantCommand({ ...base, ...more })));
  };
  expect(await hand({})).toBe("none");
  expect(await hand({ Operations: ["Encrypt"] })).toBe(denied);
  expect(await hand({ Constraints: {} })).toBe(denied);
});

test("what doesn't fit the key is refused, and DryRun makes nothing", async () => {
  const setup = await setUp({ grantDelayMs: 0 });
  expect(await refusalName(setup.grant({ Operations: ["Sign"] }))).toBe("ValidationException");
  expect(await refusalName(setup.grant({ Operations: [] }))).toBe("ValidationException");
  expect(await refusalName(setup.grant({ GranteePrincipal: "nobody" }))).toBe("InvalidArnException");
  expect(await refusalName(setup.grant({ DryRun: true }))).toBe("DryRunOperationException");
  const { Grants } = await setup.asAdmin.send(new ListGrantsCommand({ KeyId: setup.KeyId }));
  expect(Grants).toEqual([]);
  const dataKey = new GenerateDataKeyCommand({ KeyId: setup.KeyId, KeySpec: "AES_256" });
  expect(await refusalName(setup.asWorker.send(dataKey))).toBe(denied);
});
