import { createCipheriv, createDecipheriv, createPrivateKey, type KeyObject, randomBytes } from "node:crypto";
import { KmsFault } from "./fault.ts";
import { arnOf, type Key } from "./key.ts";
import { oneOf, read, real, blob } from "./shape.ts";

/** The ways to wrap key material for its import. */
export const wrappingAlgorithms = [
  "RSAES_OAEP_SHA_1",
  "RSAES_OAEP_SHA_256",
  "RSA_AES_KEY_WRAP_SHA_1",
  "RSA_AES_KEY_WRAP_SHA_256",
] as const;

/** What an import token carries: how the material is wrapped, the key that unwraps it, and until when. */
export interface ImportParameters {
  readonly algorithm: (typeof wrappingAlgorithms)[number];
  readonly wrappingKey: KeyObject;
  /** Milliseconds since the epoch. */
  readonly validTo: number;
}

const nonceBytes = 12;
const tagBytes = 16;
const tokenShape = {
  algorithm: oneOf(wrappingAlgorithms),
  wrappingKey: blob({ min: 1 }),
  validTo: real,
};

/** Seals the parameters for one key, so that the server has to remember none of them. */
export function sealToken(key: Key, { algorithm, wrappingKey, validTo }: ImportParameters): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", secretOf(key), nonce);
  cipher.setAAD(Buffer.from(arnOf(key)));
  const der = wrappingKey.export({ type: "pkcs8", format: "der" });
  const text = JSON.stringify({ algorithm, wrappingKey: der.toString("base64"), validTo });
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** Opens a token; throws InvalidImportTokenException unless it was made for this key, ExpiredImportTokenException. */
export function openToken(key: Key, token: Buffer, now: number): ImportParameters {
  const { algorithm, wrappingKey, validTo } = read(decryptToken(key, token), tokenShape);
  if (validTo <= now) throw new KmsFault("ExpiredImportTokenException", "The import token has expired.");
  return { algorithm, validTo, wrappingKey: createPrivateKey({ key: wrappingKey, format: "der", type: "pkcs8" }) };
}

function decryptToken(key: Key, token: Buffer): Record<string, unknown> {
  try {
    const decipher = createDecipheriv("aes-256-gcm", secretOf(key), token.subarray(0, nonceBytes), {
      authTagLength: tagBytes, // a shorter one could be guessed
    });
    decipher.setAAD(Buffer.from(arnOf(key)));
    decipher.setAuthTag(token.subarray(-tagBytes));
    const text = Buffer.concat([decipher.update(token.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    return JSON.parse(text.toString()) as Record<string, unknown>;
  } catch {
    throw new KmsFault("InvalidImportTokenException", "The import token is invalid or belongs to another KMS key.");
  }
}

function secretOf(key: Key): KeyObject {
  if (!key.importSecret) throw new RangeError(`key \`${key.keyId}\` takes no imported material`);
  return key.importSecret;
}
