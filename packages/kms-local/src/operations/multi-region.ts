import { admit } from "../admit.ts";
import { authoriseAccount, leavesControl, tagFacts } from "../authorise.ts";
import { type Call, type Operations, writing } from "../call.ts";
import { invalid, KmsFault, malformedPolicy, notFound, unsupported } from "../fault.ts";
import { findOwnKey, keyIdField } from "../find-key.ts";
import { arnOf, type Key, metadataOf, newImportSecret, primaryRegionOf, withoutSecret } from "../key.ts";
import { relatedKeys, replicasOf } from "../multi-region.ts";
import { defaultPolicy, parsePolicy } from "../policy.ts";
import { flag, list, optional, type Read, text } from "../shape.ts";
import { addTags, tagField } from "./tags.ts";

const regionField = text({ min: 1, max: 32, pattern: /^[a-z]{2}(-[a-z]+)+-\d+$/ });

const replicateShape = {
  KeyId: keyIdField,
  ReplicaRegion: regionField,
  Policy: optional(text({ min: 1, max: 131_072 })),
  BypassPolicyLockoutSafetyCheck: optional(flag),
  Description: optional(text({ max: 8192 })),
  Tags: optional(list(tagField)),
};

// Source: AWS KMS API Reference, ReplicateKey, UpdatePrimaryRegion.
/** ReplicateKey and UpdatePrimaryRegion. */
export const multiRegionOperations: Operations = {
  ReplicateKey: writing(replicateShape, replicateKey),

  UpdatePrimaryRegion: writing({ KeyId: keyIdField, PrimaryRegion: regionField }, (input, call) => {
    const primary = findOwnKey(call, input.KeyId);
    const facts = { PrimaryRegion: input.PrimaryRegion };
    admit(call, { key: primary, action: "UpdatePrimaryRegion", facts });
    assertPrimary(primary);
    const region = input.PrimaryRegion;
    if (region === primary.region) throw invalid(`${region} is the primary Region already.`);
    const next = call.state.keys.get(arnOf({ ...primary, region }));
    if (!next) throw notFound(`Key '${arnOf({ ...primary, region })}' does not exist`);
    admit(inRegion(call, region), { key: next, action: "UpdatePrimaryRegion", facts });
    for (const key of [primary, next]) {
      // A second change before the first one is over still ends in the state before both.
      key.transition = { until: call.now + call.transitionMs, state: key.transition?.state ?? key.state };
      key.state = "Updating";
    }
    for (const key of relatedKeys(call.state, primary)) key.primaryRegion = region;
    delete next.primaryRegion;
    const body = { KeyId: arnOf(next), PrimaryRegion: region };
    call.trail.beside.push({ operation: "UpdatePrimaryRegion", region, body, resources: [] });
    return undefined;
  }),
};

function replicateKey(input: Read<typeof replicateShape>, call: Call): Record<string, unknown> {
  const primary = findOwnKey(call, input.KeyId);
  const region = input.ReplicaRegion;
  const policy = input.Policy === undefined ? defaultPolicy(primary.accountId) : parsePolicy(input.Policy, "key");
  const bypass = input.BypassPolicyLockoutSafetyCheck ?? false;
  const facts = { ReplicaRegion: region, BypassPolicyLockoutSafetyCheck: String(bypass) };
  admit(call, { key: primary, action: "ReplicateKey", facts });
  const there = inRegion(call, region);
  authoriseAccount(there, "CreateKey", "*", newKeyFacts(primary, input.Tags ?? []));
  if (input.Tags && input.Tags.length > 0) authoriseAccount(there, "TagResource", "*", tagFacts(input.Tags));
  assertPrimary(primary);
  if (call.state.keys.has(arnOf({ ...primary, region }))) {
    throw new KmsFault("AlreadyExistsException", `Key ${arnOf({ ...primary, region })} already exists`);
  }
  const replica = copyOf(primary, call, { region, policy, description: input.Description ?? "" });
  addTags(replica, input.Tags ?? []);
  if (!bypass && !leavesControl(there, replica, policy)) {
    throw malformedPolicy("The new key policy will not allow you to update the key policy in the future.");
  }
  call.state.keys.set(arnOf(replica), replica);
  const metadata = metadataOf(replica, replicasOf(call.state, replica));
  const { KeyId: _, ReplicaRegion: __, ...body } = input;
  call.trail.beside.push({
    operation: "CreateKey",
    region,
    body: { ...body, KeySpec: replica.spec, KeyUsage: replica.usage, Origin: replica.origin, MultiRegion: true },
    answer: { KeyMetadata: metadata },
    resources: [arnOf(replica)],
  });
  return {
    ReplicaKeyMetadata: metadata,
    ReplicaPolicy: policy.text,
    ReplicaTags: [...replica.tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  };
}

/** Shares id and material; imported material has to be imported into the replica as well. */
function copyOf(primary: Key, call: Call, own: Pick<Key, "region" | "policy" | "description">): Key {
  const imported = primary.origin === "EXTERNAL";
  const { accountId, keyId, spec, usage, origin, rotation } = primary;
  return {
    accountId,
    keyId,
    spec,
    usage,
    origin,
    ...own,
    multiRegion: true,
    primaryRegion: primary.region,
    createdAt: call.now,
    state: "Creating",
    transition: { until: call.now + call.transitionMs, state: imported ? "PendingImport" : "Enabled" },
    tags: new Map(),
    materials: imported ? primary.materials.map(withoutSecret) : [...primary.materials],
    grants: [],
    ...(rotation && { rotation: { ...rotation } }),
    ...(imported && { importSecret: newImportSecret() }),
  };
}

function assertPrimary(key: Key): void {
  if (key.multiRegion && primaryRegionOf(key) === key.region) return;
  throw unsupported(`${arnOf(key)} is not a multi-Region primary key.`);
}

function inRegion(call: Call, region: string): Call {
  return { ...call, caller: { ...call.caller, region } };
}

function newKeyFacts(key: Key, tags: Parameters<typeof tagFacts>[0]): Map<string, readonly string[]> {
  return new Map<string, readonly string[]>([
    ...tagFacts(tags),
    ["kms:KeySpec", [key.spec]],
    ["kms:KeyUsage", [key.usage]],
    ["kms:KeyOrigin", [key.origin]],
    ["kms:MultiRegion", ["true"]],
    ["kms:MultiRegionKeyType", ["REPLICA"]],
  ]);
}
