import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { encodeContext, type EncryptionContext } from "./encryption-context.ts";
import { invalidCiphertext } from "./fault.ts";
import { currentMaterial, isPresent, type Key } from "./key.ts";

// version 1, kind (1: multi-Region), key id 16, material id 32, nonce 12, ciphertext, tag 16
const version = 1;
const headerBytes = 50;
const nonceBytes = 12;
const tagBytes = 16;

/** What a blob says of itself before anything is verified. An attacker may have written it. */
export interface BlobHeader {
  readonly keyId: string;
  readonly materialId: string;
}

/** Encrypts under the key's current material; the blob's header and the context are authenticated. */
export function sealBlob(key: Key, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const material = currentMaterial(key);
  const header = Buffer.alloc(headerBytes);
  header[0] = version;
  header[1] = key.multiRegion ? 1 : 0;
  keyIdBytes(key.keyId).copy(header, 2);
  Buffer.from(material.id, "hex").copy(header, 18);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", material.secret, nonce);
  cipher.setAAD(Buffer.concat([header, encodeContext(context)]));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, nonce, body, cipher.getAuthTag()]);
}

/** Reads whose blob this is; null when it isn't one of ours. Nothing is verified yet. */
export function readBlobHeader(blob: Buffer): BlobHeader | null {
  if (blob.length < headerBytes + nonceBytes + tagBytes) return null;
  const kind = blob[1];
  if (blob[0] !== version || (kind !== 0 && kind !== 1)) return null;
  const id = blob.toString("hex", 2, 18);
  const keyId = kind === 1 ? `mrk-${id}` : id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  return { keyId, materialId: blob.toString("hex", 18, headerBytes) };
}

/** Decrypts; throws InvalidCiphertextException for any damage, foreign blob or other context. */
export function openBlob(key: Key, blob: Buffer, context: EncryptionContext): Buffer {
  const header = readBlobHeader(blob);
  const material = key.materials.find((each) => each.id === header?.materialId);
  if (header?.keyId !== key.keyId || !isPresent(material)) throw invalidCiphertext();
  const nonce = blob.subarray(headerBytes, headerBytes + nonceBytes);
  const decipher = createDecipheriv("aes-256-gcm", material.secret, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.concat([blob.subarray(0, headerBytes), encodeContext(context)]));
  decipher.setAuthTag(blob.subarray(-tagBytes));
  const body = blob.subarray(headerBytes + nonceBytes, -tagBytes);
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

function keyIdBytes(keyId: string): Buffer {
  return Buffer.from(keyId.replace(/^mrk-|-/g, ""), "hex");
}
