import { constants, createDecipheriv, createHash, generateKeyPair, privateDecrypt } from "node:crypto";
import { promisify } from "node:util";
import { authoriseKey } from "../authorise.ts";
import { type Call, type Operations, reading, writing } from "../call.ts";
import { invalid, invalidCiphertext, KmsFault, notFound, unsupported } from "../fault.ts";
import { findOwnKey, keyIdField } from "../find-key.ts";
import { type ImportParameters, openToken, sealToken, wrappingAlgorithms } from "../import-token.ts";
import {
  arnOf,
  isWhole,
  type Key,
  type KeyMaterial,
  type PresentMaterial,
  primaryRegionOf,
  seconds,
  withoutSecret,
} from "../key.ts";
import { materialBytes, readMaterial } from "../key-specs.ts";
import { assertState } from "../key-state.ts";
import { relatedKeys } from "../multi-region.ts";
import { blob, oneOf, optional, type Read, real, text } from "../shape.ts";

const generate = promisify(generateKeyPair);
const dayMs = 86_400_000;
const materialId = text({ min: 64, max: 64, pattern: /^[a-f0-9]+$/ });

const importShape = {
  KeyId: keyIdField,
  ImportToken: blob({ min: 1, max: 6144 }),
  EncryptedKeyMaterial: blob({ min: 1, max: 6144 }),
  ValidTo: optional(real),
  ExpirationModel: optional(oneOf(["KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"])),
  ImportType: optional(oneOf(["NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"])),
  KeyMaterialDescription: optional(text({ max: 256 })),
  KeyMaterialId: optional(materialId),
};

type ImportInput = Read<typeof importShape>;

// Source: AWS KMS API Reference, GetParametersForImport, ImportKeyMaterial,
// DeleteImportedKeyMaterial.
/** GetParametersForImport, ImportKeyMaterial, DeleteImportedKeyMaterial. */
export const importOperations: Operations = {
  GetParametersForImport: reading(
    {
      KeyId: keyIdField,
      WrappingAlgorithm: oneOf([...wrappingAlgorithms, "RSAES_PKCS1_V1_5", "SM2PKE"]),
      WrappingKeySpec: oneOf(["RSA_2048", "RSA_3072", "RSA_4096", "SM2"]),
    },
    async (input, call) => {
      const algorithm = wrappingAlgorithms.find((each) => each === input.WrappingAlgorithm);
      const modulusLength = Number(input.WrappingKeySpec.slice(4));
      if (!algorithm) throw unsupported(`WrappingAlgorithm ${input.WrappingAlgorithm} is not supported`);
      if (!(modulusLength > 0)) throw unsupported(`WrappingKeySpec ${input.WrappingKeySpec} is not supported`);
      const { WrappingAlgorithm, WrappingKeySpec } = input;
      const key = importable(call, input.KeyId, { WrappingAlgorithm, WrappingKeySpec });
      assertWraps(key, algorithm);
      const { publicKey, privateKey } = await generate("rsa", { modulusLength });
      const validTo = call.now + dayMs;
      return {
        KeyId: arnOf(key),
        ImportToken: sealToken(key, { algorithm, wrappingKey: privateKey, validTo }).toString("base64"),
        PublicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
        ParametersValidTo: seconds(validTo),
      };
    },
  ),

  ImportKeyMaterial: writing(importShape, (input, call) => {
    const expiresAt = expiryOf(input, call.now);
    const key = importable(call, input.KeyId, {
      ExpirationModel: input.ExpirationModel ?? "KEY_MATERIAL_EXPIRES",
      ...(expiresAt !== undefined && { ValidTo: new Date(expiresAt).toISOString() }),
    });
    const symmetric = key.spec === "SYMMETRIC_DEFAULT";
    if (!symmetric && (input.ImportType ?? input.KeyMaterialDescription ?? input.KeyMaterialId) !== undefined) {
      throw invalid("ImportType, KeyMaterialDescription and KeyMaterialId are only for symmetric encryption keys.");
    }
    const bytes = unwrap(openToken(key, input.ImportToken, call.now), input.EncryptedKeyMaterial);
    const secret = readMaterial(key.spec, bytes);
    bytes.fill(0);
    if (!secret) throw incorrect(`The key material is not that of key spec ${key.spec}.`);
    const id = createHash("sha256").update(`${key.keyId}\n`).update(materialBytes(secret)).digest("hex");
    const material: PresentMaterial = {
      id,
      createdAt: call.now,
      secret,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(input.KeyMaterialDescription !== undefined && { description: input.KeyMaterialDescription }),
    };
    if (isNew(key, input)) addImported(call, key, material, input.KeyMaterialId);
    else replaceImported(key, material, input.KeyMaterialId);
    if (key.state === "PendingImport" && isWhole(key)) key.state = "Enabled";
    return { KeyId: arnOf(key), ...(symmetric && { KeyMaterialId: id }) };
  }),

  DeleteImportedKeyMaterial: writing({ KeyId: keyIdField, KeyMaterialId: optional(materialId) }, (input, call) => {
    const key = importable(call, input.KeyId);
    const wanted = input.KeyMaterialId ?? key.materials.findLast((each) => !each.pending)?.id;
    const material = key.materials.find((each) => each.id === wanted);
    if (!material && input.KeyMaterialId !== undefined) {
      throw notFound(`Key material ${input.KeyMaterialId} is not associated with ${arnOf(key)}`);
    }
    if (material?.pending === true && primaryRegionOf(key) === key.region) {
      for (const each of relatedKeys(call.state, key)) forgetMaterial(each, material.id);
    } else if (material) dropSecret(key, material);
    return { KeyId: arnOf(key), ...(material && key.spec === "SYMMETRIC_DEFAULT" && { KeyMaterialId: material.id }) };
  }),
};

/** Deletes imported material whose time is over; gives the keys that lost some. */
export function expireMaterial(keys: Iterable<Key>, now: number): Key[] {
  const expired: Key[] = [];
  for (const key of keys) {
    const over = key.materials.filter(({ expiresAt, secret }) => secret && expiresAt !== undefined && expiresAt <= now);
    for (const material of over) dropSecret(key, material);
    if (over.length > 0) expired.push(key);
  }
  return expired;
}

/** The key, once origin, state and authorisation allow what the operation wants of its material. */
function importable(call: Call, name: string, facts: Readonly<Record<string, string>> = {}): Key {
  const key = findOwnKey(call, name);
  if (key.origin !== "EXTERNAL") {
    throw unsupported(`${arnOf(key)} origin is ${key.origin} which is not valid for this operation.`);
  }
  assertState(call.operation, key);
  authoriseKey(call, key, { action: call.operation, facts });
  return key;
}

function expiryOf(input: ImportInput, now: number): number | undefined {
  if (input.ExpirationModel === "KEY_MATERIAL_DOES_NOT_EXPIRE") {
    if (input.ValidTo !== undefined) throw invalid("ValidTo is only for key material that expires.");
    return undefined;
  }
  if (input.ValidTo === undefined)
    throw invalid("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES.");
  const expiresAt = input.ValidTo * 1000;
  if (expiresAt <= now || expiresAt > now + 365 * dayMs) {
    throw invalid("ValidTo must be in the future and within 365 days.");
  }
  return expiresAt;
}

// Source: AWS KMS Developer Guide, "Select a wrapping algorithm".
function assertWraps(key: Key, algorithm: ImportParameters["algorithm"]): void {
  const hybrid = algorithm.startsWith("RSA_AES_");
  const secret = key.spec === "SYMMETRIC_DEFAULT" || key.spec.startsWith("HMAC_");
  const large = key.spec.startsWith("RSA_") || key.spec.startsWith("ML_");
  if ((secret && hybrid) || (large && !hybrid)) {
    throw unsupported(`WrappingAlgorithm ${algorithm} is not valid for key spec ${key.spec}.`);
  }
}

/** Unwraps key material; throws InvalidCiphertextException. Source: RFC 8017 section 7.1, RFC 5649. */
function unwrap({ algorithm, wrappingKey }: ImportParameters, wrapped: Buffer): Buffer {
  const oaepHash = algorithm.endsWith("_SHA_1") ? "sha1" : "sha256";
  const options = { key: wrappingKey, oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING };
  try {
    if (!algorithm.startsWith("RSA_AES_")) return privateDecrypt(options, wrapped);
    const modulusBytes = (wrappingKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
    const wrappingSecret = privateDecrypt(options, wrapped.subarray(0, modulusBytes));
    const decipher = createDecipheriv("id-aes256-wrap-pad", wrappingSecret, Buffer.from("A65959A6", "hex"));
    return Buffer.concat([decipher.update(wrapped.subarray(modulusBytes)), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

function isNew(key: Key, input: ImportInput): boolean {
  if (input.ImportType !== undefined) return input.ImportType === "NEW_KEY_MATERIAL";
  return key.materials.length === 0;
}

/** The first material is current at once; what comes later waits for a rotation, replicas for the same material. */
function addImported(call: Call, key: Key, material: PresentMaterial, named: string | undefined): void {
  if (named !== undefined) throw invalid("KeyMaterialId is not for new key material.");
  if (primaryRegionOf(key) !== key.region) {
    throw unsupported(`${arnOf(key)} is a multi-Region replica key: import new key material into its primary key.`);
  }
  if (key.materials.some((each) => each.id === material.id)) {
    throw incorrect("The key material is associated with the KMS key already.");
  }
  if (key.materials.some((each) => each.pending)) {
    throw new KmsFault("KMSInvalidStateException", `${arnOf(key)} has key material that waits for rotation.`);
  }
  const first = key.materials.length === 0;
  for (const each of relatedKeys(call.state, key)) {
    const known = each === key ? material : withoutSecret(material);
    each.materials.push({ ...known, ...(!first && { pending: true }) });
  }
}

function replaceImported(key: Key, material: PresentMaterial, named: string | undefined): void {
  const i = key.materials.findIndex((each) => each.id === material.id);
  const known = key.materials[i];
  if (!known || (named !== undefined && named !== material.id)) {
    throw incorrect("The key material is not the same as the key material that was imported before.");
  }
  const { expiresAt: _, ...kept } = known;
  const { createdAt: __, ...given } = material;
  key.materials[i] = { ...kept, ...given };
}

function dropSecret(key: Key, material: KeyMaterial): void {
  key.materials[key.materials.indexOf(material)] = withoutSecret(material);
  if ((key.state === "Enabled" || key.state === "Disabled") && !isWhole(key)) key.state = "PendingImport";
}

function forgetMaterial(key: Key, id: string): void {
  const i = key.materials.findIndex((each) => each.id === id);
  if (i >= 0) key.materials.splice(i, 1);
}

function incorrect(message: string): KmsFault {
  return new KmsFault("IncorrectKeyMaterialException", message);
}
