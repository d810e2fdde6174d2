import { admit, type Use } from "../admit.ts";
import { type Call, type Operations, reading, writing } from "../call.ts";
import { authoriseKey } from "../authorise.ts";
import { addMaterial, relatedKeys } from "../multi-region.ts";
import { KmsFault, unsupported } from "../fault.ts";
import { findKey, findOwnKey, keyIdField } from "../find-key.ts";
import {
  arnOf,
  isPresent,
  type Key,
  type KeyMaterial,
  newSymmetricMaterial,
  primaryRegionOf,
  seconds,
} from "../key.ts";
import type { State } from "../state.ts";
import { assertState } from "../key-state.ts";
import { pageFields, pageOf } from "../page.ts";
import { integer, oneOf, optional } from "../shape.ts";

const dayMs = 86_400_000;
const maxOnDemand = 25;
const noExpiry = "KEY_MATERIAL_DOES_NOT_EXPIRE";

// Source: AWS KMS API Reference, EnableKeyRotation, DisableKeyRotation, GetKeyRotationStatus,
// RotateKeyOnDemand, ListKeyRotations.
/** Rotation of symmetric keys; earlier material stays and opens what it sealed. */
export const rotationOperations: Operations = {
  EnableKeyRotation: writing(
    { KeyId: keyIdField, RotationPeriodInDays: optional(integer(90, 2560)) },
    (input, call) => {
      const key = findOwnKey(call, input.KeyId);
      const periodInDays = input.RotationPeriodInDays ?? key.rotation?.periodInDays ?? 365;
      admitRotation(call, { key, action: "EnableKeyRotation", facts: { RotationPeriodInDays: String(periodInDays) } });
      const next = call.now + periodInDays * dayMs;
      for (const each of relatedKeys(call.state, key)) each.rotation = { periodInDays, next };
      return undefined;
    },
  ),

  DisableKeyRotation: writing({ KeyId: keyIdField }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admitRotation(call, { key, action: "DisableKeyRotation" });
    for (const each of relatedKeys(call.state, key)) delete each.rotation;
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
    if (key.origin === "EXTERNAL") rotateToImported(call, key);
    else addMaterial(call.state, key, newSymmetricMaterial(call.now, "ON_DEMAND"));
    return { KeyId: arnOf(key) };
  }),

  ListKeyRotations: reading(
    { KeyId: keyIdField, IncludeKeyMaterial: optional(oneOf(["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"])), ...pageFields },
    (input, call) => {
      const key = findKey(call, input.KeyId, "no");
      assertState(call.operation, key);
      assertSymmetric(call, key);
      admit(call, { key, action: "ListKeyRotations" });
      const all = input.IncludeKeyMaterial === "ALL_KEY_MATERIAL";
      const rows = key.materials.map((material, i) => ({ material, i }));
      const wanted = rows.filter(({ material }) => all || material.rotation);
      const current = key.materials.findLastIndex((material) => !material.pending);
      const { entries, more } = pageOf(wanted, ({ i }) => String(i).padStart(4, "0"), input);
      const rotations = entries.map(({ material, i }) => ({
        KeyId: arnOf(key),
        KeyMaterialId: material.id,
        ...(all && { KeyMaterialState: i === current ? "CURRENT" : i < current ? "NON_CURRENT" : waiting(call, key) }),
        ...(key.origin === "EXTERNAL" && importOf(material)),
        ...(material.rotation && { RotationType: material.rotation, RotationDate: seconds(material.createdAt) }),
      }));
      return { Rotations: rotations, ...more };
    },
  ),
};

/** Imported material that waits becomes current, once every replica has it too. */
function rotateToImported(call: Call, key: Key): void {
  const related = relatedKeys(call.state, key);
  const next = key.materials.find((material) => material.pending);
  if (!next || waiting(call, key) !== "PENDING_ROTATION") {
    throw new KmsFault(
      "KMSInvalidStateException",
      `No available key material pending rotation for the key: ${arnOf(key)}.`,
    );
  }
  for (const each of related) {
    const i = each.materials.findIndex((material) => material.id === next.id);
    const { pending: _, ...material } = each.materials[i] ?? next;
    each.materials[i] = { ...material, createdAt: call.now, rotation: "ON_DEMAND" };
  }
}

function waiting(call: Call, key: Key): "PENDING_ROTATION" | "PENDING_MULTI_REGION_IMPORT_AND_ROTATION" {
  const pending = relatedKeys(call.state, key).map((each) => each.materials.find((material) => material.pending));
  return pending.every(isPresent) ? "PENDING_ROTATION" : "PENDING_MULTI_REGION_IMPORT_AND_ROTATION";
}

function importOf(material: KeyMaterial): Record<string, unknown> {
  const { expiresAt, description } = material;
  const present = isPresent(material);
  return {
    ImportState: present ? "IMPORTED" : "PENDING_IMPORT",
    ...(description !== undefined && { KeyMaterialDescription: description }),
    ...(present && { ExpirationModel: expiresAt === undefined ? noExpiry : "KEY_MATERIAL_EXPIRES" }),
    ...(present && expiresAt !== undefined && { ValidTo: seconds(expiresAt) }),
  };
}

/** Rotates what is due, a primary key with its replicas; gives the keys that got material. A key that can't be used waits. */
export function rotateDue(state: State, now: number): Key[] {
  const rotated: Key[] = [];
  for (const key of state.keys.values()) {
    if (!key.rotation || key.rotation.next > now || key.state !== "Enabled" || !isPrimary(key)) continue;
    addMaterial(state, key, newSymmetricMaterial(now, "AUTOMATIC"));
    for (const each of relatedKeys(state, key)) {
      each.rotation = { ...key.rotation, next: now + key.rotation.periodInDays * dayMs };
      rotated.push(each);
    }
  }
  return rotated;
}

function isPrimary(key: Key): boolean {
  return primaryRegionOf(key) === key.region;
}

function assertSymmetric(call: Call, key: Key): void {
  if (key.spec === "SYMMETRIC_DEFAULT") return;
  throw unsupported(`${arnOf(key)} key spec is ${key.spec} which is not valid for ${call.operation}.`);
}

function admitRotation(call: Call, use: Use): void {
  const { key } = use;
  assertState(call.operation, key);
  assertSymmetric(call, key);
  if (key.origin !== "AWS_KMS" && !(key.origin === "EXTERNAL" && call.operation === "RotateKeyOnDemand")) {
    throw unsupported(`${arnOf(key)} origin is ${key.origin} which is not valid for this operation.`);
  }
  if (call.operation !== "GetKeyRotationStatus" && !isPrimary(key)) {
    throw unsupported(`${arnOf(key)} is a multi-Region replica key: rotate its primary key.`);
  }
  authoriseKey(call, key, use);
}
