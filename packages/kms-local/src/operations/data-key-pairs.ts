import { createPublicKey, type KeyObject } from "node:crypto";
import { admit, endDryRun, recipientField, refuseRecipient, useFields } from "../admit.ts";
import { type Call, type Operations, reading } from "../call.ts";
import { sealBlob } from "../ciphertext.ts";
import { assertContextSize } from "../encryption-context.ts";
import { unsupported } from "../fault.ts";
import { findKey, keyIdField } from "../find-key.ts";
import { arnOf, currentMaterial } from "../key.ts";
import { factsOf, materialBytes } from "../key-specs.ts";
import { oneOf, optional, type Read, textMap } from "../shape.ts";

// Source: AWS KMS API Reference, GenerateDataKeyPair (KeyPairSpec).
const pairSpecs = [
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_SECG_P256K1",
  "ECC_NIST_EDWARDS25519",
  "ML_KEM_512",
  "ML_KEM_768",
  "ML_KEM_1024",
] as const;

const shape = {
  KeyId: keyIdField,
  KeyPairSpec: oneOf([...pairSpecs, "SM2"]),
  EncryptionContext: optional(textMap),
  Recipient: recipientField,
  ...useFields,
};

// Source: AWS KMS API Reference, GenerateDataKeyPair,
// GenerateDataKeyPairWithoutPlaintext.
/** GenerateDataKeyPair and GenerateDataKeyPairWithoutPlaintext. */
export const dataKeyPairOperations: Operations = {
  GenerateDataKeyPair: reading(shape, generate),

  GenerateDataKeyPairWithoutPlaintext: reading(shape, async (input, call) => {
    const { PrivateKeyPlaintext: _, ...rest } = await generate(input, call);
    return rest;
  }),
};

async function generate(input: Read<typeof shape>, call: Call): Promise<Record<string, unknown>> {
  refuseRecipient(input.Recipient);
  const context = input.EncryptionContext ?? new Map<string, string>();
  assertContextSize(context);
  const spec = pairSpecs.find((each) => each === input.KeyPairSpec);
  if (!spec) throw unsupported(`KeyPairSpec ${input.KeyPairSpec} is not supported by this server`);
  const key = findKey(call, input.KeyId);
  admit(call, {
    key,
    name: input.KeyId,
    action: call.operation,
    usage: "ENCRYPT_DECRYPT",
    algorithm: "SYMMETRIC_DEFAULT",
    context,
    grantTokens: input.GrantTokens,
    facts: { DataKeyPairSpec: spec, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" },
  });
  if (key.customKeyStoreId !== undefined) {
    throw unsupported(`${arnOf(key)} origin is ${key.origin} which is not valid for this operation.`);
  }
  const pair = await factsOf(spec).material();
  const privateKey = privateKeyBytes(pair);
  const sealed = sealBlob(key, privateKey, context);
  const material = currentMaterial(key).id;
  call.trail.additional["keyMaterialId"] = material;
  endDryRun(input.DryRun);
  return {
    PrivateKeyCiphertextBlob: sealed.toString("base64"),
    PrivateKeyPlaintext: privateKey.toString("base64"),
    PublicKey: createPublicKey(pair).export({ type: "spki", format: "der" }).toString("base64"),
    KeyId: arnOf(key),
    KeyPairSpec: spec,
    KeyMaterialId: material,
  };
}

const oidEnds: Readonly<Record<string, number>> = { "ml-kem-512": 1, "ml-kem-768": 2, "ml-kem-1024": 3 };

/** PKCS #8; of ML-KEM keys the seed alone, as AWS KMS gives them. Source: RFC 9935 section 6. */
function privateKeyBytes(pair: KeyObject): Buffer {
  const oidEnd = oidEnds[pair.asymmetricKeyType ?? ""];
  if (oidEnd === undefined) return materialBytes(pair);
  const seed = Buffer.from(pair.export({ format: "jwk" })["priv"] as string, "base64url");
  const algorithm = Buffer.from([0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, oidEnd]);
  return Buffer.concat([Buffer.from([0x30, 0x54, 2, 1, 0]), algorithm, Buffer.from([4, 0x42, 0x80, 0x40]), seed]);
}
