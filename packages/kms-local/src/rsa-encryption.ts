import { constants, createPublicKey, privateDecrypt, publicEncrypt } from "node:crypto";
import { invalid, invalidCiphertext } from "./fault.ts";
import { currentMaterial, type Key } from "./key.ts";

const padding = constants.RSA_PKCS1_OAEP_PADDING;

/** Encrypts with RSAES-OAEP, label empty; throws ValidationException for what doesn't fit. */
export function rsaEncrypt(key: Key, algorithm: string, plaintext: Buffer): Buffer {
  const oaepHash = hashOf(algorithm);
  const publicKey = createPublicKey(currentMaterial(key).secret);
  const modulusBytes = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  // Source: RFC 8017 section 7.1.1: mLen <= k - 2hLen - 2
  const most = modulusBytes - 2 * (oaepHash === "sha1" ? 20 : 32) - 2;
  if (plaintext.length > most) {
    throw invalid(`Algorithm ${algorithm} and key spec ${key.spec} cannot encrypt data larger than ${most} bytes.`);
  }
  return publicEncrypt({ key: publicKey, oaepHash, padding }, plaintext);
}

/** Decrypts RSAES-OAEP; throws InvalidCiphertextException. */
export function rsaDecrypt(key: Key, algorithm: string, ciphertext: Buffer): Buffer {
  try {
    return privateDecrypt({ key: currentMaterial(key).secret, oaepHash: hashOf(algorithm), padding }, ciphertext);
  } catch {
    throw invalidCiphertext();
  }
}

function hashOf(algorithm: string): "sha1" | "sha256" {
  return algorithm === "RSAES_OAEP_SHA_1" ? "sha1" : "sha256";
}
