// A former holder of a data key forges a segment of its content: FLOE written once more, from its specification, with
// node:crypto alone. The tag is genuine; what stops it is the leaf that the issuer signed.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { encodeCbor } from "@writ/core";

const headerBytes = 74;
const segmentBytes = 2 ** 20;

/** Unwraps a data key as whoever holds the secret of its recipient can. */
export function dataKeyOf(secret: KeyObject, artifactId: Uint8Array, wrapped: Uint8Array): Buffer {
  const kek = Buffer.from(
    hkdfSync("sha384", secret, Buffer.alloc(0), encodeCbor(["writ/1 wrap", artifactId, null]), 32),
  );
  const unwrap = createDecipheriv("id-aes256-wrap", kek, Buffer.alloc(8, 0xa6));
  return Buffer.concat([unwrap.update(wrapped), unwrap.final()]);
}

/** `writ-policy` of the encryption context: the policies in force, by digest. */
export function policyContextOf(policies: readonly string[]): string {
  const digests = policies
    .map((name) => encodeCbor([-43, Buffer.from(name.slice("sha384:".length), "hex")]))
    .toSorted((a, b) => Buffer.compare(a, b));
  const array = Buffer.concat([Buffer.of(0x80 + digests.length), ...digests]);
  return createHash("sha256").update(array).digest("base64url");
}

function expand(key: Uint8Array, info: readonly Uint8Array[], sizeBytes: number): Buffer {
  return createHmac("sha384", key).update(Buffer.concat(info)).update(Buffer.of(1)).digest().subarray(0, sizeBytes);
}

/** The content with its first segment rewritten by `change` and encrypted again under a fresh nonce. TypeError where the key isn't the content's. */
export function forgeFirstSegment(
  content: Uint8Array,
  dataKey: Uint8Array,
  artifactId: Uint8Array,
  issuer: string,
  change: (plain: Buffer) => void,
): Buffer {
  const forged = Buffer.from(content);
  const prefix = forged.subarray(0, headerBytes - 32);
  const aad = encodeCbor(["writ/1 content", artifactId, issuer]);
  const messageKey = expand(dataKey, [prefix, Buffer.from("MESSAGE_KEY:"), aad], 48);
  const key = expand(messageKey, [prefix, Buffer.from("DEK:"), Buffer.alloc(8), aad], 32);
  const segment = forged.subarray(headerBytes, headerBytes + segmentBytes);
  const final = forged.length <= headerBytes + segmentBytes;
  const segmentAad = Buffer.concat([Buffer.alloc(8), Buffer.of(final ? 1 : 0)]);
  const decipher = createDecipheriv("aes-256-gcm", key, segment.subarray(4, 16), { authTagLength: 16 });
  decipher.setAAD(segmentAad).setAuthTag(segment.subarray(-16));
  const plain = Buffer.concat([decipher.update(segment.subarray(16, -16)), decipher.final()]); // throws unless this is the key
  change(plain);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
  cipher.setAAD(segmentAad);
  segment.set(iv, 4);
  segment.set(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]), 16);
  return forged;
}
