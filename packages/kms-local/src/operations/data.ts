import { randomBytes } from "node:crypto";
import { admit, endDryRun, recipientField, refuseRecipient, type Use, useFields } from "../admit.ts";
import { type Call, type Operations, reading } from "../call.ts";
import { openBlob, readBlobHeader, sealBlob } from "../ciphertext.ts";
import { authoriseAccount } from "../authorise.ts";
import { assertContextSize, type EncryptionContext } from "../encryption-context.ts";
import { invalid, invalidCiphertext, KmsFault } from "../fault.ts";
import { findKey, keyIdField, noteKey } from "../find-key.ts";
import { arnOf, currentMaterial, type Key } from "../key.ts";
import { rsaDecrypt, rsaEncrypt } from "../rsa-encryption.ts";
import { blob, type Field, integer, list, oneOf, optional, type Read, text, textMap } from "../shape.ts";

const symmetric = "SYMMETRIC_DEFAULT";
const none: EncryptionContext = new Map();
const context: Field<Map<string, string> | undefined> = optional(textMap);
const algorithm = oneOf([symmetric, "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]);
const ciphertext = optional(blob({ min: 1, max: 6144 }));
const modifiers = optional(list(oneOf(["IGNORE_CIPHERTEXT"])));

const dataKeyShape = {
  KeyId: keyIdField,
  EncryptionContext: context,
  NumberOfBytes: optional(integer(1, 1024)),
  KeySpec: optional(oneOf(["AES_256", "AES_128"])),
  Recipient: recipientField,
  ...useFields,
};

const decryptShape = {
  CiphertextBlob: ciphertext,
  KeyId: optional(keyIdField),
  EncryptionContext: context,
  EncryptionAlgorithm: optional(algorithm),
  Recipient: recipientField,
  DryRunModifiers: modifiers,
  ...useFields,
};

const reEncryptShape = {
  CiphertextBlob: ciphertext,
  SourceKeyId: optional(keyIdField),
  SourceEncryptionContext: context,
  SourceEncryptionAlgorithm: optional(algorithm),
  DestinationKeyId: keyIdField,
  DestinationEncryptionContext: context,
  DestinationEncryptionAlgorithm: optional(algorithm),
  DryRunModifiers: modifiers,
  ...useFields,
};

// Source: AWS KMS API Reference, Encrypt, Decrypt, ReEncrypt, GenerateDataKey,
// GenerateDataKeyWithoutPlaintext, GenerateRandom.
/** Encryption, decryption, data keys and random bytes. */
export const dataOperations: Operations = {
  GenerateDataKey: reading(dataKeyShape, (input, call) => {
    const { Plaintext, ...rest } = generateDataKey(input, call);
    return { ...rest, Plaintext: Plaintext.toString("base64") };
  }),

  GenerateDataKeyWithoutPlaintext: reading(dataKeyShape, (input, call) => {
    const { Plaintext: _, ...rest } = generateDataKey(input, call);
    return rest;
  }),

  Encrypt: reading(
    {
      KeyId: keyIdField,
      Plaintext: blob({ min: 1, max: 4096 }),
      EncryptionContext: context,
      EncryptionAlgorithm: optional(algorithm),
      ...useFields,
    },
    (input, call) => {
      const pairs = checkContext(input.EncryptionContext, input.EncryptionAlgorithm);
      const key = findKey(call, input.KeyId);
      const use = encryptionUse(key, input.KeyId, "Encrypt", input.EncryptionAlgorithm, pairs, input.GrantTokens);
      admit(call, use);
      const sealed = seal(key, use.algorithm, input.Plaintext, pairs);
      if (use.algorithm === symmetric) call.trail.additional["keyMaterialId"] = currentMaterial(key).id;
      endDryRun(input.DryRun);
      return { CiphertextBlob: sealed.toString("base64"), KeyId: arnOf(key), EncryptionAlgorithm: use.algorithm };
    },
  ),

  Decrypt: reading(decryptShape, decrypt),
  ReEncrypt: reading(reEncryptShape, reEncrypt),

  GenerateRandom: reading(
    {
      NumberOfBytes: integer(1, 1024),
      CustomKeyStoreId: optional(text({ min: 1, max: 64 })),
      Recipient: recipientField,
    },
    (input, call) => {
      refuseRecipient(input.Recipient);
      if (input.CustomKeyStoreId !== undefined) {
        throw new KmsFault(
          "CustomKeyStoreNotFoundException",
          `Custom key store ${input.CustomKeyStoreId} does not exist`,
        );
      }
      authoriseAccount(call, "GenerateRandom");
      return { Plaintext: randomBytes(input.NumberOfBytes).toString("base64") };
    },
  ),
};

interface DataKey {
  readonly CiphertextBlob: string;
  readonly Plaintext: Buffer;
  readonly KeyId: string;
  readonly KeyMaterialId: string;
}

function generateDataKey(input: Read<typeof dataKeyShape>, call: Call): DataKey {
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
    throw invalid("Please specify either number of bytes or key spec.");
  }
  refuseRecipient(input.Recipient);
  const pairs = checkContext(input.EncryptionContext, symmetric);
  const key = findKey(call, input.KeyId);
  const use = encryptionUse(key, input.KeyId, call.operation, symmetric, pairs, input.GrantTokens);
  admit(call, use);
  const size = input.NumberOfBytes ?? (input.KeySpec === "AES_128" ? 16 : 32);
  const plaintext = randomBytes(size);
  const sealed = sealBlob(key, plaintext, pairs);
  const materialId = currentMaterial(key).id;
  call.trail.additional["keyMaterialId"] = materialId;
  endDryRun(input.DryRun);
  return {
    CiphertextBlob: sealed.toString("base64"),
    Plaintext: plaintext,
    KeyId: arnOf(key),
    KeyMaterialId: materialId,
  };
}

function decrypt(input: Read<typeof decryptShape>, call: Call): Record<string, unknown> {
  refuseRecipient(input.Recipient);
  const ignored = ignoresCiphertext(input, input.KeyId);
  const pairs = checkContext(input.EncryptionContext, input.EncryptionAlgorithm);
  const key = sourceKey(call, input.KeyId, input.CiphertextBlob, input.EncryptionAlgorithm);
  const use = encryptionUse(key, input.KeyId, "Decrypt", input.EncryptionAlgorithm, pairs, input.GrantTokens);
  admit(call, use);
  if (ignored || !input.CiphertextBlob) {
    endDryRun(true);
    return {};
  }
  const { plaintext, materialId } = open(key, use.algorithm, input.CiphertextBlob, pairs);
  if (materialId !== undefined) call.trail.additional["keyMaterialId"] = materialId;
  endDryRun(input.DryRun);
  return {
    KeyId: arnOf(key),
    Plaintext: plaintext.toString("base64"),
    EncryptionAlgorithm: use.algorithm,
    ...(materialId !== undefined && { KeyMaterialId: materialId }),
  };
}

function reEncrypt(input: Read<typeof reEncryptShape>, call: Call): Record<string, unknown> {
  const ignored = ignoresCiphertext(input, input.SourceKeyId);
  const from = checkContext(input.SourceEncryptionContext, input.SourceEncryptionAlgorithm);
  const to = checkContext(input.DestinationEncryptionContext, input.DestinationEncryptionAlgorithm);
  const source = sourceKey(call, input.SourceKeyId, input.CiphertextBlob, input.SourceEncryptionAlgorithm);
  const target = findKey(call, input.DestinationKeyId);
  const facts = { ReEncryptOnSameKey: String(arnOf(source) === arnOf(target)) };
  const tokens = input.GrantTokens;
  const fromUse = encryptionUse(
    source,
    input.SourceKeyId,
    "ReEncryptFrom",
    input.SourceEncryptionAlgorithm,
    from,
    tokens,
    facts,
  );
  const toUse = encryptionUse(
    target,
    input.DestinationKeyId,
    "ReEncryptTo",
    input.DestinationEncryptionAlgorithm,
    to,
    tokens,
    facts,
  );
  admit(call, fromUse, toUse);
  if (ignored || !input.CiphertextBlob) {
    endDryRun(true);
    return {};
  }
  const { plaintext, materialId } = open(source, fromUse.algorithm, input.CiphertextBlob, from);
  const sealed = seal(target, toUse.algorithm, plaintext, to);
  plaintext.fill(0);
  const toMaterial = toUse.algorithm === symmetric ? currentMaterial(target).id : undefined;
  if (toMaterial !== undefined) call.trail.additional["destinationKeyMaterialId"] = toMaterial;
  if (materialId !== undefined) call.trail.additional["sourceKeyMaterialId"] = materialId;
  endDryRun(input.DryRun);
  return {
    CiphertextBlob: sealed.toString("base64"),
    SourceKeyId: arnOf(source),
    KeyId: arnOf(target),
    SourceEncryptionAlgorithm: fromUse.algorithm,
    DestinationEncryptionAlgorithm: toUse.algorithm,
    ...(materialId !== undefined && { SourceKeyMaterialId: materialId }),
    ...(toMaterial !== undefined && { DestinationKeyMaterialId: toMaterial }),
  };
}

function encryptionUse(
  key: Key,
  name: string | undefined,
  action: string,
  chosen: string | undefined,
  pairs: EncryptionContext,
  grantTokens: readonly string[] | undefined,
  facts: Readonly<Record<string, string>> = {},
): Use & { readonly algorithm: string } {
  const wanted = chosen ?? symmetric;
  return {
    key,
    name,
    action,
    usage: "ENCRYPT_DECRYPT",
    algorithm: wanted,
    context: pairs,
    grantTokens,
    facts: { EncryptionAlgorithm: wanted, ...facts },
  };
}

/** The key that is to open the blob: the one named, else the one that the blob names. */
function sourceKey(call: Call, name: string | undefined, sealed: Buffer | undefined, chosen: string | undefined): Key {
  if (name !== undefined) return findKey(call, name);
  if ((chosen ?? symmetric) !== symmetric) throw invalid("KeyId is required for an asymmetric KMS key.");
  const header = sealed && readBlobHeader(sealed);
  if (!header) throw invalidCiphertext();
  const key = [...call.state.keys.values()].find(
    (each) => each.keyId === header.keyId && each.region === call.caller.region,
  );
  if (!key) {
    throw new KmsFault(
      "AccessDeniedException",
      "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
    );
  }
  noteKey(call, key);
  return key;
}

function open(
  key: Key,
  chosen: string,
  sealed: Buffer,
  pairs: EncryptionContext,
): { readonly plaintext: Buffer; readonly materialId?: string } {
  if (chosen !== symmetric) return { plaintext: rsaDecrypt(key, chosen, sealed) };
  const header = readBlobHeader(sealed);
  if (!header) throw invalidCiphertext();
  if (header.keyId !== key.keyId) {
    throw new KmsFault(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  }
  return { plaintext: openBlob(key, sealed, pairs), materialId: header.materialId };
}

function seal(key: Key, chosen: string, plaintext: Buffer, pairs: EncryptionContext): Buffer {
  return chosen === symmetric ? sealBlob(key, plaintext, pairs) : rsaEncrypt(key, chosen, plaintext);
}

function checkContext(pairs: Map<string, string> | undefined, chosen: string | undefined): EncryptionContext {
  if (!pairs) return none;
  if (pairs.size > 0 && (chosen ?? symmetric) !== symmetric) {
    throw invalid("EncryptionContext is not supported with an asymmetric encryption algorithm.");
  }
  assertContextSize(pairs);
  return pairs;
}

/** Checks the members that must be there; true when a dry run leaves the ciphertext out. */
function ignoresCiphertext(
  input: {
    readonly CiphertextBlob: Buffer | undefined;
    readonly DryRun: boolean | undefined;
    readonly DryRunModifiers: readonly string[] | undefined;
  },
  keyName: string | undefined,
): boolean {
  const ignored = (input.DryRunModifiers ?? []).length > 0;
  if (ignored && input.DryRun !== true) throw invalid("DryRunModifiers can only be used when DryRun is true.");
  if (ignored && keyName === undefined) throw invalid("The key must be named when the ciphertext is ignored.");
  if (!ignored && !input.CiphertextBlob) {
    throw invalid(
      "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
    );
  }
  return ignored;
}
