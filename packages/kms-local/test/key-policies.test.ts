import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  type KMSClient,
  ListKeyPoliciesCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
} from "@aws-sdk/client-kms";
import type { KmsServer, Principal } from "@writ/kms-local";
import { describe, expect, test } from "vitest";
import { account, bytes, clientOf, refusal, refusalName, start } from "./client.ts";

const partner = "444455556666";
const admin = `arn:aws:iam::${account}:role/admin`;
const app = `arn:aws:iam::${account}:role/team/app`;
const principals: Record<string, Principal> = {
  AKIDROOT: { accountId: account, arn: `arn:aws:iam::${account}:root` },
  AKIDADMIN: { accountId: account, arn: admin },
  AKIDAPP: { accountId: account, arn: `arn:aws:sts::${account}:assumed-role/app/session-1` },
  AKIDVIA: {
    accountId: account,
    arn: `arn:aws:sts::${account}:assumed-role/app/session-2`,
    viaService: "s3.eu-central-1.amazonaws.com",
  },
  AKIDPARTNER: { accountId: partner, arn: `arn:aws:iam::${partner}:user/guest` },
};

interface Statement {
  readonly [member: string]: unknown;
}

const allowAdmin = { Effect: "Allow", Principal: { AWS: admin }, Action: "kms:*", Resource: "*" };
const useActions = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];
const allowApp = { Effect: "Allow", Principal: { AWS: app }, Action: useActions, Resource: "*" };

function policyOf(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

async function keyWith(server: KmsServer, ...statements: readonly Statement[]): Promise<string> {
  const made = await clientOf(server, "AKIDADMIN").send(
    new CreateKeyCommand({ Policy: policyOf(allowAdmin, ...statements) }),
  );
  return made.KeyMetadata?.Arn ?? "";
}

function dataKey(kms: KMSClient, KeyId: string, EncryptionContext?: Record<string, string>): Promise<unknown> {
  const context = EncryptionContext && { EncryptionContext };
  return kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", ...context }));
}

const allowed = "none";
const denied = "AccessDeniedException";

describe("who may", () => {
  test("the default policy leaves a key to its account", async () => {
    const server = await start({ principals });
    const made = await clientOf(server, "AKIDROOT").send(new CreateKeyCommand({}));
    const KeyId = made.KeyMetadata?.Arn ?? "";
    const { Policy } = await clientOf(server).send(new GetKeyPolicyCommand({ KeyId }));
    expect(JSON.parse(Policy ?? "")).toMatchObject({
      Statement: [{ Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*" }],
    });
    expect(await refusalName(dataKey(clientOf(server, "AKIDAPP"), KeyId))).toBe(allowed);
    expect(await refusalName(dataKey(clientOf(server, "AKIDPARTNER"), KeyId))).toBe(denied);
  });

  test("a removed root statement locks the account's root out, and says so", async () => {
    const server = await start({ principals });
    const KeyId = await keyWith(server, allowApp);
    expect(await refusal(clientOf(server, "AKIDROOT").send(new DescribeKeyCommand({ KeyId })))).toEqual({
      name: denied,
      message:
        `User: arn:aws:iam::${account}:root is not authorized to perform: kms:DescribeKey on resource: ${KeyId} ` +
        "because no resource-based policy allows the kms:DescribeKey action",
    });
    expect(await refusalName(clientOf(server, "AKIDADMIN").send(new DescribeKeyCommand({ KeyId })))).toBe(allowed);
  });

  test("roles apart: who administers doesn't use, who uses doesn't administer", async () => {
    const server = await start({ principals });
    const administer = {
      ...allowAdmin,
      Action: ["kms:Put*", "kms:Describe*", "kms:Schedule*", "kms:Get*", "kms:List*"],
    };
    const made = await clientOf(server, "AKIDADMIN").send(
      new CreateKeyCommand({ Policy: policyOf(administer, allowApp) }),
    );
    const KeyId = made.KeyMetadata?.Arn ?? "";
    const [asAdmin, asApp] = [clientOf(server, "AKIDADMIN"), clientOf(server, "AKIDAPP")];
    expect(await refusalName(dataKey(asApp, KeyId))).toBe(allowed);
    expect(await refusalName(dataKey(asAdmin, KeyId))).toBe(denied);
    expect(await refusalName(asApp.send(new ScheduleKeyDeletionCommand({ KeyId })))).toBe(denied);
    expect(await refusalName(asAdmin.send(new ScheduleKeyDeletionCommand({ KeyId })))).toBe(allowed);
  });

  test("another account needs the key policy, and its own", async () => {
    const noIam: Record<string, Principal> = {
      ...principals,
      AKIDBARE: { accountId: partner, arn: `arn:aws:iam::${partner}:user/bare`, identityPolicies: [] },
    };
    const server = await start({ principals: noIam });
    const open = { Effect: "Allow", Principal: { AWS: partner }, Action: "kms:GenerateDataKey", Resource: "*" };
    const [closed, shared] = [await keyWith(server, allowApp), await keyWith(server, open)];
    expect(await refusalName(dataKey(clientOf(server, "AKIDPARTNER"), shared))).toBe(allowed);
    expect(await refusalName(dataKey(clientOf(server, "AKIDPARTNER"), closed))).toBe(denied);
    expect(await refusal(dataKey(clientOf(server, "AKIDBARE"), shared))).toMatchObject({
      name: denied,
      message: expect.stringContaining("because no identity-based policy allows the kms:GenerateDataKey action"),
    });
    const named = await keyWith(server, { ...open, Principal: { AWS: noIam["AKIDBARE"]?.arn } });
    expect(await refusalName(dataKey(clientOf(server, "AKIDBARE"), named))).toBe(denied);
    const schedule = new ScheduleKeyDeletionCommand({ KeyId: shared });
    expect(await refusalName(clientOf(server, "AKIDPARTNER").send(schedule))).toBe(denied);
  });

  test("a principal's own policies narrow what its account may do, but not what the key gives it by name", async () => {
    const only = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "kms:DescribeKey", Resource: "*" },
        { Effect: "Deny", Action: "kms:Encrypt", Resource: "*" },
      ],
    });
    const user = { accountId: account, arn: `arn:aws:iam::${account}:user/ann`, identityPolicies: [only] };
    const server = await start({ principals: { ...principals, AKIDANN: user } });
    const byAccount = { ...allowApp, Principal: { AWS: account }, Action: "kms:*" };
    const byName = { ...allowApp, Principal: { AWS: user.arn }, Action: "kms:*" };
    const [one, two] = [await keyWith(server, byAccount), await keyWith(server, byName)];
    const ann = clientOf(server, "AKIDANN");
    expect(await refusalName(ann.send(new DescribeKeyCommand({ KeyId: one })))).toBe(allowed);
    expect(await refusalName(dataKey(ann, one))).toBe(denied);
    expect(await refusalName(dataKey(ann, two))).toBe(allowed);
    const encrypt = ann.send(new EncryptCommand({ KeyId: two, Plaintext: bytes("x") }));
    expect(await refusal(encrypt)).toMatchObject({
      name: denied,
      message: expect.stringContaining("with an explicit deny in an identity-based policy"),
    });
    expect(await refusalName(ann.send(new ListKeysCommand({})))).toBe(denied);
  });

  test("an access key id that nobody has is refused", async () => {
    const server = await start({ principals });
    const request = clientOf(server, "AKIDNOBODY").send(new ListKeysCommand({}));
    expect(await refusalName(request)).toBe("UnrecognizedClientException");
  });

  test("an explicit deny wins, wherever it stands", async () => {
    const server = await start({ principals });
    const deny = { Effect: "Deny", Principal: "*", Action: "kms:GenerateDataKey", Resource: "*" };
    const [first, last, control] = [
      await keyWith(server, deny, allowApp),
      await keyWith(server, allowApp, deny),
      await keyWith(server, allowApp),
    ];
    const kms = clientOf(server, "AKIDAPP");
    for (const KeyId of [first, last]) {
      expect(await refusal(dataKey(kms, KeyId))).toMatchObject({
        name: denied,
        message: expect.stringContaining("with an explicit deny in a resource-based policy"),
      });
    }
    expect(await refusalName(dataKey(kms, control))).toBe(allowed);
  });
});

interface Case {
  readonly title: string;
  readonly statement: Statement;
  readonly yes: Record<string, string>;
  readonly no: Record<string, string>;
}

const when = (Condition: object, more: object = {}): Statement => ({ ...allowApp, ...more, Condition });
const unless = (Condition: object): Statement[] => [
  allowApp,
  { ...allowApp, Effect: "Deny", Principal: "*", Condition },
];

describe("conditions on the encryption context", () => {
  const cases: readonly Case[] = [
    {
      title: "StringEquals on one pair",
      statement: when({ StringEquals: { "kms:EncryptionContext:policy": "p1" } }),
      yes: { policy: "p1", more: "x" },
      no: { policy: "p2" },
    },
    {
      title: "an absent pair meets no StringEquals",
      statement: when({ StringEquals: { "kms:EncryptionContext:policy": ["p1", "p2"] } }),
      yes: { policy: "p2" },
      no: { other: "p1" },
    },
    {
      title: "StringLike",
      statement: when({ StringLike: { "kms:EncryptionContext:path": "/in/*.cs?" } }),
      yes: { path: "/in/a/b.csv" },
      no: { path: "/out/a.csv" },
    },
    {
      title: "names of condition keys ignore case, values don't",
      statement: when({ StringEquals: { "KMS:encryptioncontext:POLICY": "p1" } }),
      yes: { policy: "p1" },
      no: { policy: "P1" },
    },
    {
      title: "ForAllValues on the names: none beside those listed",
      statement: when({
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["a", "b"] },
        Null: { "kms:EncryptionContextKeys": "false" },
      }),
      yes: { a: "1", b: "2" },
      no: { a: "1", c: "3" },
    },
    {
      title: "ForAnyValue on the names: at least one, case by case",
      statement: when({ "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "Tenant" } }),
      yes: { Tenant: "1", other: "2" },
      no: { tenant: "1" },
    },
    {
      title: "Null asks for absence",
      statement: when({ Null: { "kms:EncryptionContext:debug": "true" } }),
      yes: { a: "1" },
      no: { debug: "1" },
    },
    {
      title: "StringEqualsIfExists lets an absent pair pass",
      statement: when({ StringEqualsIfExists: { "kms:EncryptionContext:stage": "dev" } }),
      yes: { a: "1" },
      no: { stage: "prod" },
    },
    {
      title: "several operators are all asked",
      statement: when({
        StringEquals: { "kms:EncryptionContext:a": "1" },
        StringNotEquals: { "kms:EncryptionContext:b": "2" },
      }),
      yes: { a: "1", b: "1" },
      no: { a: "1", b: "2" },
    },
  ];

  test.each(cases)("$title", async ({ statement, yes, no }) => {
    const server = await start({ principals });
    const KeyId = await keyWith(server, statement);
    const kms = clientOf(server, "AKIDAPP");
    expect(await refusalName(dataKey(kms, KeyId, yes))).toBe(allowed);
    expect(await refusalName(dataKey(kms, KeyId, no))).toBe(denied);
  });

  test("a deny unless the pair is there binds Decrypt too, and requests without any context", async () => {
    const server = await start({ principals });
    const KeyId = await keyWith(server, ...unless({ StringNotEquals: { "kms:EncryptionContext:policy": "p1" } }));
    const [asAdmin, asApp] = [clientOf(server, "AKIDADMIN"), clientOf(server, "AKIDAPP")];
    const EncryptionContext = { policy: "p1" };
    const { CiphertextBlob } = await asApp.send(
      new EncryptCommand({ KeyId, Plaintext: bytes("x"), EncryptionContext }),
    );
    expect(await refusalName(asApp.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })))).toBe(allowed);
    expect(await refusalName(asApp.send(new DecryptCommand({ CiphertextBlob })))).toBe(denied);
    expect(await refusalName(dataKey(asAdmin, KeyId))).toBe(denied);
    expect(await refusalName(dataKey(asAdmin, KeyId, EncryptionContext))).toBe(allowed);
  });
});

describe("conditions on the request", () => {
  test("kms:ViaService tells a service's call from a direct one", async () => {
    const server = await start({ principals });
    const service = {
      StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com", "kms:CallerAccount": account },
    };
    const KeyId = await keyWith(server, when(service));
    expect(await refusalName(dataKey(clientOf(server, "AKIDVIA"), KeyId))).toBe(allowed);
    expect(await refusalName(dataKey(clientOf(server, "AKIDAPP"), KeyId))).toBe(denied);
    const other = await keyWith(server, when({ StringLike: { "kms:ViaService": "ec2.*.amazonaws.com" } }));
    expect(await refusalName(dataKey(clientOf(server, "AKIDVIA"), other))).toBe(denied);
  });

  test("kms:CallerAccount and aws:PrincipalArn", async () => {
    const server = await start({ principals });
    const open = { Principal: { AWS: "*" } };
    const byAccount = await keyWith(server, when({ StringEquals: { "kms:CallerAccount": partner } }, open));
    const byArn = await keyWith(
      server,
      when({ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/a*` } }, open),
    );
    expect(await refusalName(dataKey(clientOf(server, "AKIDPARTNER"), byAccount))).toBe(allowed);
    expect(await refusalName(dataKey(clientOf(server, "AKIDAPP"), byAccount))).toBe(denied);
    expect(await refusalName(dataKey(clientOf(server, "AKIDAPP"), byArn))).toBe(allowed);
    expect(await refusalName(dataKey(clientOf(server, "AKIDPARTNER"), byArn))).toBe(denied);
  });

  test("ReEncrypt asks both sides, and kms:ReEncryptOnSameKey knows whether they are one", async () => {
    const server = await start({ principals });
    const kms = clientOf(server, "AKIDAPP");
    const grant = (Action: string | string[], more: object = {}): Statement => ({ ...allowApp, Action, ...more });
    const encrypt = grant("kms:Encrypt");
    const from = await keyWith(server, encrypt, grant("kms:ReEncryptFrom"));
    const to = await keyWith(server, grant("kms:ReEncryptTo"));
    const same = await keyWith(
      server,
      encrypt,
      grant("kms:ReEncrypt*", { Condition: { Bool: { "kms:ReEncryptOnSameKey": true } } }),
    );
    const move = async (source: string, DestinationKeyId: string): Promise<string> => {
      const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: source, Plaintext: bytes("x") }));
      return refusalName(kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId })));
    };
    expect(await move(from, to)).toBe(allowed);
    expect(await move(from, from)).toBe(denied); // no ReEncryptTo
    expect(await move(same, same)).toBe(allowed);
    expect(await move(same, to)).toBe(denied);
  });

  test("numbers, tags and Null of a whole block", async () => {
    const server = await start({ principals });
    const kms = clientOf(server, "AKIDAPP");
    const days = { NumericGreaterThanEquals: { "kms:ScheduleKeyDeletionPendingWindowInDays": "20" } };
    const KeyId = await keyWith(server, when(days, { Action: "kms:ScheduleKeyDeletion" }));
    const schedule = (PendingWindowInDays: number): Promise<unknown> =>
      kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
    expect(await refusalName(schedule(7))).toBe(denied);
    expect(await refusalName(schedule(20))).toBe(allowed);
    const tagged = await keyWith(server, when({ StringEquals: { "aws:ResourceTag/stage": "dev" } }), {
      ...allowApp,
      Action: "kms:TagResource",
      Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["stage"] } },
    });
    const tag = (TagKey: string): Promise<unknown> =>
      kms.send(new TagResourceCommand({ KeyId: tagged, Tags: [{ TagKey, TagValue: "dev" }] }));
    expect(await refusalName(dataKey(kms, tagged))).toBe(denied);
    expect(await refusalName(tag("owner"))).toBe(denied);
    expect(await refusalName(tag("stage"))).toBe(allowed);
    expect(await refusalName(dataKey(kms, tagged))).toBe(allowed);
  });

  test("time comes from the server's clock", async () => {
    let now = Date.parse("2030-01-01T00:00:00Z");
    const server = await start({ principals, clock: () => now });
    const KeyId = await keyWith(server, when({ DateLessThan: { "aws:CurrentTime": "2030-01-02T00:00:00Z" } }));
    expect(await refusalName(dataKey(clientOf(server, "AKIDAPP"), KeyId))).toBe(allowed);
    now = Date.parse("2030-01-02T00:00:00Z");
    expect(await refusalName(dataKey(clientOf(server, "AKIDAPP"), KeyId))).toBe(denied);
  });
});

describe("policy documents", () => {
  test("PutKeyPolicy decides from then on; a policy that would lock its author out is refused", async () => {
    const server = await start({ principals });
    const KeyId = await keyWith(server);
    const [asAdmin, asApp] = [clientOf(server, "AKIDADMIN"), clientOf(server, "AKIDAPP")];
    const put = (Policy: string, BypassPolicyLockoutSafetyCheck = false): Promise<unknown> =>
      asAdmin.send(new PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck }));
    expect(await refusalName(dataKey(asApp, KeyId))).toBe(denied);
    await put(policyOf(allowAdmin, allowApp));
    expect(await refusalName(dataKey(asApp, KeyId))).toBe(allowed);
    expect(await refusal(put(policyOf(allowApp)))).toEqual({
      name: "MalformedPolicyDocumentException",
      message: "The new key policy will not allow you to update the key policy in the future.",
    });
    await put(policyOf(allowApp), true);
    expect(await refusalName(put(policyOf(allowAdmin)))).toBe(denied);
  });

  test("there is one policy, named default", async () => {
    const server = await start();
    const kms = clientOf(server);
    const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? "";
    const listed = await kms.send(new ListKeyPoliciesCommand({ KeyId }));
    expect(listed).toMatchObject({ PolicyNames: ["default"], Truncated: false });
    const request = kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "other" }));
    expect(await refusal(request)).toEqual({ name: "NotFoundException", message: "No such policy exists" });
  });

  test.each<[string, string]>([
    ["no JSON", "{"],
    ["no statement", policyOf()],
    ["unknown effect", policyOf({ ...allowApp, Effect: "Maybe" })],
    ["unknown member", policyOf({ ...allowApp, NotPrincipal: { AWS: "*" } })],
    ["no principal", policyOf({ Effect: "Allow", Action: "kms:*", Resource: "*" })],
    ["a principal that is none", policyOf({ ...allowApp, Principal: { AWS: "arn:aws:iam::1:role/*" } })],
    ["no action", policyOf({ Effect: "Allow", Principal: "*", Resource: "*" })],
    ["an action of another service", policyOf({ ...allowApp, Action: "s3:GetObject" })],
    ["unknown operator", policyOf(when({ StringIsh: { "kms:CallerAccount": "1" } }))],
    ["unknown condition key", policyOf(when({ StringEquals: { "kms:Nonsense": "1" } }))],
    ["a variable", policyOf(when({ StringEquals: { "kms:CallerAccount": "${aws:PrincipalAccount}" } }))],
    ["a value of the wrong kind", policyOf(when({ NumericEquals: { "kms:RotationPeriodInDays": "many" } }))],
  ])("refuses a document with %s", async (_title, Policy) => {
    const kms = clientOf(await start());
    const bypass = { BypassPolicyLockoutSafetyCheck: true };
    const request = kms.send(new CreateKeyCommand({ Policy, ...bypass }));
    expect(await refusalName(request)).toBe("MalformedPolicyDocumentException");
    const control = kms.send(new CreateKeyCommand({ Policy: policyOf(allowApp), ...bypass }));
    expect(await refusalName(control)).toBe(allowed);
  });

  // Source: AWS KMS Developer Guide, "Resource quotas" (key policy document size).
  test("refuses a document over its quota of 32 KB", async () => {
    const kms = clientOf(await start());
    const sized = (size: number): string => policyOf(allowApp).padEnd(size);
    const create = (Policy: string): Promise<string> =>
      refusalName(kms.send(new CreateKeyCommand({ Policy, BypassPolicyLockoutSafetyCheck: true })));
    expect(await create(sized(32_769))).toBe("LimitExceededException");
    expect(await create(sized(32_768))).toBe(allowed);
  });
});
