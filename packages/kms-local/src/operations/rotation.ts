import { admit, type Use } from "../admit.ts";
import { type Call, type Operations, reading, writing } from "../call.ts";
import { authoriseKey } from "../authorise.ts";
import { KmsFault, unsupported } from "../fault.ts";
import { findKey, findOwnKey, keyIdField } from "../find-key.ts";
import { arnOf, type Key, newSymmetricMaterial, seconds } from "../key.ts";
import { assertState } from "../key-state.ts";
import { pageFields, pageOf } from "../page.ts";
import { integer, oneOf, optional } from "../shape.ts";

const dayMs = 86_400_000;
const maxOnDemand = 25;

/** Rotation of symmetric keys; earlier material stays and opens what it sealed. */
export const rotationOperations: Operations = {
  EnableKeyRotation: writing(
    { KeyId: keyIdField, RotationPeriodInDays: optional(integer(90, 2560)) },
    (input, call) => {
      const key = findOwnKey(call, input.KeyId);
      const periodInDays = input.RotationPeriodInDays ?? key.rotation?.periodInDays ?? 365;
      admitRotation(call, { key, action: "EnableKeyRotation", facts: { RotationPeriodInDays: String(periodInDays) } });
      key.rotation = { periodInDays, next: call.now + periodInDays * dayMs };
      return undefined;
    },
  ),

  DisableKeyRotation: writing({ KeyId: keyIdField }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admitRotation(call, { key, action: "DisableKeyRotation" });
    delete key.rotation;
    return undefined;
  }),

  GetKeyRotationStatus: reading({ KeyId: keyIdField }, (input, call) => {
    const key = findKey(call, input.KeyId, "no");
    admitRotation(call, { key, action: "GetKeyRotationStatus" });
    const { rotation } = key;
    return {
      KeyId: arnOf(key),
      KeyRotationEnabled: rotation !== undefined && key.state !== "PendingDeletion",
      ...(rotation && { RotationPeriodInDays: rotation.periodInDays, NextRotationDate: seconds(rotation.next) }),
    };
  }),

  RotateKeyOnDemand: writing({ KeyId: keyIdField }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admitRotation(call, { key, action: "RotateKeyOnDemand" });
    if (key.materials.filter((material) => material.rotation === "ON_DEMAND").length >= maxOnDemand) {
      throw new KmsFault("LimitExceededException", `A key is rotated on demand at most ${maxOnDemand} times`);
    }
    key.materials.push(newSymmetricMaterial(call.now, "ON_DEMAND"));
    return { KeyId: arnOf(key) };
  }),

  ListKeyRotations: reading(
    { KeyId: keyIdField, IncludeKeyMaterial: optional(oneOf(["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"])), ...pageFields },
    (input, call) => {
      const key = findKey(call, input.KeyId, "no");
      admit(call, { key, action: "ListKeyRotations" });
      const all = input.IncludeKeyMaterial === "ALL_KEY_MATERIAL";
      const rows = key.spec === "SYMMETRIC_DEFAULT" ? key.materials.map((material, i) => ({ material, i })) : [];
      const wanted = rows.filter(({ material }) => all || material.rotation);
      const { entries, more } = pageOf(wanted, ({ i }) => String(i).padStart(4, "0"), input);
      const rotations = entries.map(({ material, i }) => ({
        KeyId: arnOf(key),
        KeyMaterialId: material.id,
        ...(all && { KeyMaterialState: i === key.materials.length - 1 ? "CURRENT" : "NON_CURRENT" }),
        ...(material.rotation && { RotationType: material.rotation, RotationDate: seconds(material.createdAt) }),
      }));
      return { Rotations: rotations, ...more };
    },
  ),
};

/** Rotates what is due; true when anything changed. A key that can't be used waits. */
export function rotateDue(keys: Iterable<Key>, now: number): boolean {
  let changed = false;
  for (const key of keys) {
    if (!key.rotation || key.rotation.next > now || key.state !== "Enabled") continue;
    key.materials.push(newSymmetricMaterial(now, "AUTOMATIC"));
    key.rotation.next = now + key.rotation.periodInDays * dayMs;
    changed = true;
  }
  return changed;
}

function admitRotation(call: Call, use: Use): void {
  const { key } = use;
  assertState(call.operation, key);
  if (key.spec !== "SYMMETRIC_DEFAULT") {
    throw unsupported(`${arnOf(key)} key spec is ${key.spec} which is not valid for ${call.operation}.`);
  }
  if (key.origin !== "AWS_KMS") {
    throw unsupported(`${arnOf(key)} origin is ${key.origin} which is not valid for this operation.`);
  }
  authoriseKey(call, key, use);
}
