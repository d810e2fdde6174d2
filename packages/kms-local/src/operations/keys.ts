import { admit } from "../admit.ts";
import { authoriseAccount, leavesControl, tagFacts } from "../authorise.ts";
import { type Call, type Operations, reading, writing } from "../call.ts";
import { invalid, KmsFault, malformedPolicy, unsupported } from "../fault.ts";
import { findKey, findOwnKey, keyIdField, noteKey } from "../find-key.ts";
import {
  arnOf,
  backingKeyOf,
  clusterOf,
  isWhole,
  type Key,
  type KeyOrigin,
  metadataOf,
  newImportSecret,
  newKeyId,
  newMaterial,
  primaryRegionOf,
  seconds,
} from "../key.ts";
import { algorithmsOf, factsOf, type KeySpec, keySpecs, type KeyUsage, keyUsages } from "../key-specs.ts";
import { assertState } from "../key-state.ts";
import { replicasOf } from "../multi-region.ts";
import { pageFields, pageOf } from "../page.ts";
import { defaultPolicy, parsePolicy } from "../policy.ts";
import { flag, integer, list, oneOf, optional, type Read, text } from "../shape.ts";
import { addTags, tagField } from "./tags.ts";

const dayMs = 86_400_000;
const knownSpecs = [...keySpecs, "SM2"] as const;

const createShape = {
  Policy: optional(text({ min: 1, max: 131_072 })),
  Description: optional(text({ max: 8192 })),
  KeyUsage: optional(oneOf(keyUsages)),
  CustomerMasterKeySpec: optional(oneOf(knownSpecs)),
  KeySpec: optional(oneOf(knownSpecs)),
  Origin: optional(oneOf(["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"])),
  CustomKeyStoreId: optional(text({ min: 1, max: 64 })),
  XksKeyId: optional(text({ min: 1, max: 128 })),
  BypassPolicyLockoutSafetyCheck: optional(flag),
  Tags: optional(list(tagField)),
  MultiRegion: optional(flag),
};

type CreateInput = Read<typeof createShape>;

// Source: AWS KMS API Reference, CreateKey, DescribeKey, ListKeys, UpdateKeyDescription,
// EnableKey, DisableKey, ScheduleKeyDeletion, CancelKeyDeletion, GetPublicKey.
/** CreateKey, DescribeKey, ListKeys and what changes a key as a whole. */
export const keyOperations: Operations = {
  CreateKey: writing(createShape, createKey),

  DescribeKey: reading(
    { KeyId: keyIdField, GrantTokens: optional(list(text({ min: 1, max: 8192 }), { max: 10 })) },
    (input, call) => {
      const key = findKey(call, input.KeyId);
      admit(call, { key, name: input.KeyId, action: "DescribeKey", grantTokens: input.GrantTokens });
      return { KeyMetadata: metadataOf(key, replicasOf(call.state, key)) };
    },
  ),

  ListKeys: reading(pageFields, (input, call) => {
    authoriseAccount(call, "ListKeys");
    const { accountId, region } = call.caller;
    const own = [...call.state.keys.values()].filter((key) => key.accountId === accountId && key.region === region);
    const { entries, more } = pageOf(own, (key) => key.keyId, input);
    return { Keys: entries.map((key) => ({ KeyId: key.keyId, KeyArn: arnOf(key) })), ...more };
  }),

  UpdateKeyDescription: writing({ KeyId: keyIdField, Description: text({ max: 8192 }) }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admit(call, { key, action: "UpdateKeyDescription" });
    key.description = input.Description;
    return undefined;
  }),

  EnableKey: writing({ KeyId: keyIdField }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admit(call, { key, action: "EnableKey" });
    if (key.state !== "Unavailable") key.state = "Enabled";
    return undefined;
  }),

  DisableKey: writing({ KeyId: keyIdField }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admit(call, { key, action: "DisableKey" });
    if (key.state !== "Unavailable") key.state = "Disabled";
    return undefined;
  }),

  ScheduleKeyDeletion: writing({ KeyId: keyIdField, PendingWindowInDays: optional(integer(7, 30)) }, (input, call) => {
    const days = input.PendingWindowInDays ?? 30;
    const key = findOwnKey(call, input.KeyId);
    const facts = { ScheduleKeyDeletionPendingWindowInDays: String(days) };
    admit(call, { key, action: "ScheduleKeyDeletion", facts });
    delete key.transition;
    // A primary key outlives its replicas: its window begins when the last of them is gone.
    if (primaryRegionOf(key) === key.region && replicasOf(call.state, key).length > 0) {
      key.state = "PendingReplicaDeletion";
      key.deletionWindowInDays = days;
    } else {
      key.state = "PendingDeletion";
      key.deletion = { date: call.now + days * dayMs };
    }
    if (key.origin === "AWS_CLOUDHSM" && key.customKeyStoreId !== undefined) {
      Object.assign(call.trail.additional, {
        customKeyStoreId: key.customKeyStoreId,
        clusterId: clusterOf(key),
        backingKeys: JSON.stringify([backingKeyOf(key)]),
      });
    }
    return {
      KeyId: arnOf(key),
      ...(key.deletion && { DeletionDate: seconds(key.deletion.date) }),
      KeyState: key.state,
      PendingWindowInDays: days,
    };
  }),

  CancelKeyDeletion: writing({ KeyId: keyIdField }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admit(call, { key, action: "CancelKeyDeletion" });
    delete key.deletion;
    delete key.deletionWindowInDays;
    key.state = isWhole(key) ? "Disabled" : "PendingImport";
    return { KeyId: arnOf(key) };
  }),

  GetPublicKey: reading(
    { KeyId: keyIdField, GrantTokens: optional(list(text({ min: 1, max: 8192 }), { max: 10 })) },
    async (input, call) => {
      const key = findKey(call, input.KeyId);
      const algorithms = algorithmsOf(key.spec, key.usage);
      assertState(call.operation, key);
      if (key.spec === "SYMMETRIC_DEFAULT" || key.usage === "GENERATE_VERIFY_MAC") {
        throw unsupported(`${arnOf(key)} key spec is ${key.spec} which is not valid for GetPublicKey.`);
      }
      admit(call, { key, name: input.KeyId, action: "GetPublicKey", grantTokens: input.GrantTokens });
      const { publicKeyOf } = await import("../signature.ts");
      return {
        KeyId: arnOf(key),
        PublicKey: publicKeyOf(key).export({ type: "spki", format: "der" }).toString("base64"),
        CustomerMasterKeySpec: key.spec,
        KeySpec: key.spec,
        KeyUsage: key.usage,
        [algorithms.member]: algorithms.names,
      };
    },
  ),
};

async function createKey(input: CreateInput, call: Call): Promise<Record<string, unknown>> {
  const spec = chooseSpec(input);
  const usage = chooseUsage(input, spec);
  const origin = chooseOrigin(input, spec);
  const { accountId, region } = call.caller;
  const policy = input.Policy === undefined ? defaultPolicy(accountId) : parsePolicy(input.Policy, "key");
  const facts = new Map<string, readonly string[]>([
    ...tagFacts(input.Tags ?? []),
    ["kms:KeySpec", [spec]],
    ["kms:KeyUsage", [usage]],
    ["kms:KeyOrigin", [origin]],
    ["kms:MultiRegion", [String(input.MultiRegion ?? false)]],
    ["kms:BypassPolicyLockoutSafetyCheck", [String(input.BypassPolicyLockoutSafetyCheck ?? false)]],
  ]);
  authoriseAccount(call, "CreateKey", "*", facts);
  if (input.Tags && input.Tags.length > 0) authoriseAccount(call, "TagResource", "*", facts);
  const key: Key = {
    accountId,
    region,
    keyId: newKeyId(input.MultiRegion ?? false),
    spec,
    usage,
    origin,
    multiRegion: input.MultiRegion ?? false,
    ...(input.CustomKeyStoreId !== undefined && { customKeyStoreId: input.CustomKeyStoreId }),
    ...(input.XksKeyId !== undefined && { xksKeyId: input.XksKeyId }),
    createdAt: call.now,
    description: input.Description ?? "",
    state: origin === "EXTERNAL" ? "PendingImport" : "Enabled",
    policy,
    tags: new Map(),
    materials: origin === "EXTERNAL" ? [] : [await newMaterial(spec, call.now)],
    grants: [],
    ...(origin === "EXTERNAL" && { importSecret: newImportSecret() }),
  };
  addTags(key, input.Tags ?? []);
  if (input.BypassPolicyLockoutSafetyCheck !== true && !leavesControl(call, key, policy)) {
    throw malformedPolicy("The new key policy will not allow you to update the key policy in the future.");
  }
  call.state.keys.set(arnOf(key), key);
  noteKey(call, key);
  if (origin === "AWS_CLOUDHSM") call.trail.additional["backingKey"] = JSON.stringify(backingKeyOf(key));
  return { KeyMetadata: metadataOf(key, []) };
}

function chooseSpec(input: CreateInput): KeySpec {
  if (input.KeySpec && input.CustomerMasterKeySpec && input.KeySpec !== input.CustomerMasterKeySpec) {
    throw invalid("You cannot specify KeySpec and CustomerMasterKeySpec in the same request.");
  }
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
  const made = keySpecs.find((each) => each === spec);
  if (!made) throw unsupported(`KeySpec ${spec} is not supported by this server`);
  return made;
}

function chooseUsage(input: CreateInput, spec: KeySpec): KeyUsage {
  const usages = factsOf(spec).usages;
  if (input.KeyUsage === undefined && spec !== "SYMMETRIC_DEFAULT") {
    throw invalid("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.");
  }
  const wanted = input.KeyUsage ?? "ENCRYPT_DECRYPT";
  const usage = usages.find((each) => each === wanted);
  if (usage) return usage;
  throw invalid(`KeyUsage ${wanted} is not compatible with KeySpec ${spec}`);
}

function chooseOrigin(input: CreateInput, spec: KeySpec): KeyOrigin {
  const origin = input.Origin ?? "AWS_KMS";
  const inStore = origin === "AWS_CLOUDHSM" || origin === "EXTERNAL_KEY_STORE";
  if (inStore && (spec !== "SYMMETRIC_DEFAULT" || input.MultiRegion === true)) {
    throw unsupported(`Origin ${origin} is only for symmetric encryption keys of one Region`);
  }
  if (inStore !== (input.CustomKeyStoreId !== undefined)) {
    throw inStore
      ? invalid(`Origin ${origin} needs a CustomKeyStoreId`)
      : new KmsFault("CustomKeyStoreNotFoundException", "CustomKeyStoreId goes with an origin of a custom key store");
  }
  if ((origin === "EXTERNAL_KEY_STORE") !== (input.XksKeyId !== undefined)) {
    throw invalid("XksKeyId goes with origin EXTERNAL_KEY_STORE and only with it");
  }
  return origin;
}
