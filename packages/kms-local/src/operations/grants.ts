import { randomBytes } from "node:crypto";
import { admit, endDryRun, useFields } from "../admit.ts";
import { authoriseAccount } from "../authorise.ts";
import { type Call, type Operations, reading, writing } from "../call.ts";
import { invalid, KmsFault, notFound } from "../fault.ts";
import { findKey, keyIdField } from "../find-key.ts";
import type { Grant } from "../grant.ts";
import { arnOf, type Key, seconds } from "../key.ts";
import { pageFields, pageOf } from "../page.ts";
import { isPrincipal, rootOf } from "../policy.ts";
import { flag, list, oneOf, optional, type Read, structure, text, textMap } from "../shape.ts";

const encryption = ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"] as const;
const dataKeys = [
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
] as const;
const signing = ["Sign", "Verify"] as const;
const macs = ["GenerateMac", "VerifyMac"] as const;
const everyKey = ["CreateGrant", "RetireGrant", "DescribeKey"] as const;
const agreement = ["DeriveSharedSecret"] as const;
const encapsulation = ["Encapsulate", "Decapsulate"] as const;

const principal = text({ min: 1, max: 256, pattern: /^[\w+=,.@:/-]+$/ });
const grantId = text({ min: 1, max: 128 });

const createShape = {
  KeyId: keyIdField,
  GranteePrincipal: principal,
  RetiringPrincipal: optional(principal),
  Operations: list(
    oneOf([
      ...encryption,
      ...dataKeys,
      ...signing,
      ...macs,
      ...everyKey,
      ...agreement,
      ...encapsulation,
      "GetPublicKey",
    ]),
    { min: 1 },
  ),
  Constraints: optional(
    structure({ EncryptionContextSubset: optional(textMap), EncryptionContextEquals: optional(textMap) }),
  ),
  Name: optional(text({ min: 1, max: 256, pattern: /^[a-zA-Z0-9:/_-]+$/ })),
  ...useFields,
};

// Source: AWS KMS API Reference, CreateGrant, ListGrants, ListRetirableGrants, RetireGrant, RevokeGrant.
/** CreateGrant, ListGrants, ListRetirableGrants, RetireGrant, RevokeGrant. */
export const grantOperations: Operations = {
  CreateGrant: writing(createShape, createGrant),

  ListGrants: reading(
    { KeyId: keyIdField, GrantId: optional(grantId), GranteePrincipal: optional(principal), ...pageFields },
    (input, call) => {
      if (input.GrantId !== undefined) assertGrantId(input.GrantId);
      const key = findKey(call, input.KeyId, "no");
      admit(call, { key, action: "ListGrants" });
      const shown = key.grants.filter((grant) => call.now >= grant.createdAt + call.grantDelayMs);
      const wanted = shown.filter(
        (grant) =>
          (input.GrantId === undefined || grant.id === input.GrantId) &&
          (input.GranteePrincipal === undefined || grant.grantee === input.GranteePrincipal),
      );
      const { entries, more } = pageOf(wanted, (grant) => grant.id, { ...input, Limit: input.Limit ?? 50 });
      return { Grants: entries.map((grant) => entryOf(key, grant)), ...more };
    },
  ),

  ListRetirableGrants: reading({ RetiringPrincipal: principal, ...pageFields }, (input, call) => {
    assertArn(input.RetiringPrincipal);
    authoriseAccount(call, "ListRetirableGrants");
    const keys = [...call.state.keys.values()].filter((key) => key.region === call.caller.region);
    const own = keys.filter((key) => key.accountId === call.caller.accountId);
    const pairs = own.flatMap((key) => key.grants.map((grant) => ({ key, grant })));
    const wanted = pairs.filter(({ grant }) => grant.retiring === input.RetiringPrincipal);
    const { entries, more } = pageOf(wanted, ({ grant }) => grant.id, { ...input, Limit: input.Limit ?? 50 });
    return { Grants: entries.map(({ key, grant }) => entryOf(key, grant)), ...more };
  }),

  RetireGrant: writing(
    {
      GrantToken: optional(text({ min: 1, max: 8192 })),
      KeyId: optional(keyIdField),
      GrantId: optional(grantId),
      DryRun: optional(flag),
    },
    (input, call) => {
      const { key, grant } = findGrant(call, input);
      call.trail.additional["grantId"] = grant.id;
      const { arn, accountId } = call.caller;
      const may =
        (grant.retiring !== undefined && isPrincipal(grant.retiring, arn)) ||
        (grant.operations.includes("RetireGrant") && isPrincipal(grant.grantee, arn)) ||
        (arn === rootOf(accountId) && accountId === key.accountId);
      if (!may) {
        throw new KmsFault(
          "AccessDeniedException",
          `User: ${arn} is not authorized to perform: kms:RetireGrant on resource: ${arnOf(key)}`,
        );
      }
      endDryRun(input.DryRun);
      key.grants.splice(key.grants.indexOf(grant), 1);
      return undefined;
    },
  ),

  RevokeGrant: writing({ KeyId: keyIdField, GrantId: grantId, DryRun: optional(flag) }, (input, call) => {
    assertGrantId(input.GrantId);
    const key = findKey(call, input.KeyId, "no");
    admit(call, { key, action: "RevokeGrant" });
    const grant = key.grants.find((each) => each.id === input.GrantId);
    if (!grant) throw notFound(`Grant ID ${input.GrantId} not found`);
    endDryRun(input.DryRun);
    key.grants.splice(key.grants.indexOf(grant), 1);
    return undefined;
  }),
};

function createGrant(input: Read<typeof createShape>, call: Call): Record<string, unknown> {
  const key = findKey(call, input.KeyId, "no");
  const grant = describe(input, call);
  const constraint = [
    grant.contextEquals && "EncryptionContextEquals",
    grant.contextSubset && "EncryptionContextSubset",
  ];
  admit(call, {
    key,
    action: "CreateGrant",
    grantTokens: input.GrantTokens,
    newGrant: grant,
    facts: {
      GrantOperations: grant.operations,
      GranteePrincipal: grant.grantee,
      RetiringPrincipal: grant.retiring,
      GrantConstraintType: constraint.filter((name) => name !== undefined),
      GrantIsForAWSResource: String(call.caller.viaService !== undefined),
    },
  });
  assertFits(key, grant);
  endDryRun(input.DryRun);
  const token = randomBytes(96).toString("base64url");
  const twin = grant.name === undefined ? undefined : key.grants.find((each) => isTwin(each, grant));
  if (twin) twin.tokens.push(token);
  else key.grants.push({ ...grant, tokens: [token] });
  return { GrantId: twin?.id ?? grant.id, GrantToken: token };
}

function describe(input: Read<typeof createShape>, call: Call): Grant {
  assertArn(input.GranteePrincipal);
  if (input.RetiringPrincipal !== undefined) assertArn(input.RetiringPrincipal);
  const { EncryptionContextEquals: contextEquals, EncryptionContextSubset: contextSubset } = input.Constraints ?? {};
  return {
    id: randomBytes(32).toString("hex"),
    tokens: [],
    ...(input.Name !== undefined && { name: input.Name }),
    grantee: input.GranteePrincipal,
    ...(input.RetiringPrincipal !== undefined && { retiring: input.RetiringPrincipal }),
    issuingAccount: call.caller.accountId,
    operations: [...new Set(input.Operations)],
    ...(contextEquals && { contextEquals }),
    ...(contextSubset && { contextSubset }),
    createdAt: call.now,
  };
}

/** Throws ValidationException for operations or constraints that the key can't have. */
function assertFits(key: Key, grant: Grant): void {
  const symmetric = key.spec === "SYMMETRIC_DEFAULT";
  const fitting: readonly string[] = [
    ...everyKey,
    ...(key.usage === "ENCRYPT_DECRYPT" ? encryption : []),
    ...(symmetric ? dataKeys : []),
    ...(key.usage === "SIGN_VERIFY" ? signing : []),
    ...(key.usage === "GENERATE_VERIFY_MAC" ? macs : []),
    ...(key.usage === "KEY_AGREEMENT" ? agreement : []),
    ...(key.usage === "ENCAPSULATE_DECAPSULATE" ? encapsulation : []),
    ...(symmetric || key.usage === "GENERATE_VERIFY_MAC" ? [] : ["GetPublicKey"]),
  ];
  const unfit = grant.operations.find((each) => !fitting.includes(each));
  if (unfit !== undefined) throw invalid(`Grant operation ${unfit} is not valid for key spec ${key.spec}.`);
  if (!symmetric && (grant.contextEquals ?? grant.contextSubset)) {
    throw invalid("Encryption context constraints are only valid for symmetric encryption KMS keys.");
  }
}

function isTwin(a: Grant, b: Grant): boolean {
  const facts = ({ name, grantee, retiring, operations, contextEquals, contextSubset }: Grant): string =>
    JSON.stringify([name, grantee, retiring, operations.toSorted(), sorted(contextEquals), sorted(contextSubset)]);
  return facts(a) === facts(b);
}

function sorted(context: ReadonlyMap<string, string> | undefined): unknown {
  return context && [...context].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function assertArn(name: string): void {
  if (/^arn:aws:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/.+)$/.test(name)) return;
  throw new KmsFault("InvalidArnException", "A principal of a grant is named by its ARN");
}

function assertGrantId(id: string): void {
  if (/^[0-9a-f]{64}$/.test(id)) return;
  throw new KmsFault("InvalidGrantIdException", "A grant ID is 64 hexadecimal digits");
}

function findGrant(
  call: Call,
  input: {
    readonly GrantToken: string | undefined;
    readonly KeyId: string | undefined;
    readonly GrantId: string | undefined;
  },
): { readonly key: Key; readonly grant: Grant } {
  const { GrantToken: token, KeyId: keyName, GrantId: id } = input;
  if (token !== undefined && keyName === undefined && id === undefined) {
    for (const key of call.state.keys.values()) {
      const grant = key.grants.find((each) => each.tokens.includes(token));
      if (grant && key.region === call.caller.region) return { key: findKey(call, arnOf(key)), grant };
    }
    throw new KmsFault("InvalidGrantTokenException", "The grant token is not valid.");
  }
  if (token !== undefined || keyName === undefined || id === undefined) {
    throw invalid("Name the grant by its token, or by key ARN and grant ID.");
  }
  assertGrantId(id);
  const key = findKey(call, keyName, "no");
  const grant = key.grants.find((each) => each.id === id);
  if (!grant) throw notFound(`Grant ID ${id} not found`);
  return { key, grant };
}

function entryOf(key: Key, grant: Grant): Record<string, unknown> {
  const { contextEquals, contextSubset } = grant;
  return {
    KeyId: arnOf(key),
    GrantId: grant.id,
    ...(grant.name !== undefined && { Name: grant.name }),
    CreationDate: seconds(grant.createdAt),
    GranteePrincipal: grant.grantee,
    ...(grant.retiring !== undefined && { RetiringPrincipal: grant.retiring }),
    IssuingAccount: rootOf(grant.issuingAccount),
    Operations: grant.operations,
    ...((contextEquals ?? contextSubset) && {
      Constraints: {
        ...(contextEquals && { EncryptionContextEquals: Object.fromEntries(contextEquals) }),
        ...(contextSubset && { EncryptionContextSubset: Object.fromEntries(contextSubset) }),
      },
    }),
  };
}
