// What node:crypto has no call for: signatures over a value that the caller hashed. Loaded only
// when asked for, so that start-up doesn't wait for the elliptic curves and lattices.
import {
  constants,
  createHash,
  type KeyObject,
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";

const curves = { prime256v1: p256, secp384r1: p384, secp521r1: p521, secp256k1 };
const lattices = { "ml-dsa-44": ml_dsa44, "ml-dsa-65": ml_dsa65, "ml-dsa-87": ml_dsa87 };
// AWS KMS makes and takes signatures with either s.
const overDigest = { prehash: false, lowS: false, format: "der" } as const;

/** ECDSA over a digest, DER. */
export function signEcdsa(secret: KeyObject, digest: Uint8Array): Buffer {
  const scalar = Buffer.from(secret.export({ format: "jwk" }).d ?? "", "base64url");
  return Buffer.from(curveOf(secret).sign(digest, scalar, overDigest));
}

/** Checks a DER signature over a digest; false for anything that is none. */
export function verifyEcdsa(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  try {
    return curveOf(key).verify(signature, digest, point, overDigest);
  } catch {
    return false; // not DER
  }
}

/** ML-DSA over a message representative of 64 bytes. Source: FIPS 204 algorithm 7, line 6. */
export function signMu(secret: KeyObject, mu: Uint8Array): Buffer {
  const lattice = latticeOf(secret);
  const { secretKey } = lattice.keygen(Buffer.from(secret.export({ format: "jwk" }).priv as string, "base64url"));
  return Buffer.from(lattice.internal.sign(mu, secretKey, { externalMu: true }));
}

/** Checks an ML-DSA signature over a message representative; false for anything that is none. */
export function verifyMu(key: KeyObject, mu: Uint8Array, signature: Uint8Array): boolean {
  const lattice = latticeOf(key);
  const publicKey = Buffer.from(key.export({ format: "jwk" }).pub as string, "base64url");
  if (signature.length !== lattice.lengths.signature) return false;
  return lattice.internal.verify(signature, mu, publicKey, { externalMu: true });
}

// Source: RFC 8017 section 9.2, note 1.
const digestInfo: Readonly<Record<string, string>> = {
  sha256: "3031300d060960864801650304020105000420",
  sha384: "3041300d060960864801650304020205000430",
  sha512: "3051300d060960864801650304020305000440",
};

/** RSASSA-PKCS1-v1_5 over a digest. */
export function signPkcs1(key: KeyObject, hash: string, digest: Uint8Array): Buffer {
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, encodeDigest(hash, digest));
}

/** Checks RSASSA-PKCS1-v1_5 over a digest. */
export function verifyPkcs1(key: KeyObject, hash: string, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    const recovered = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return recovered.equals(encodeDigest(hash, digest));
  } catch {
    return false;
  }
}

/** RSASSA-PSS over a digest, salt as long as the digest. Source: RFC 8017 section 9.1.1. */
export function signPss(key: KeyObject, hash: string, digest: Uint8Array): Buffer {
  const size = modulusBytes(key);
  const salt = randomBytes(digest.length);
  const h = digestOf(hash, Buffer.alloc(8), digest, salt);
  const db = Buffer.concat([Buffer.alloc(size - salt.length - h.length - 2), Buffer.of(1), salt]);
  const masked = xor(db, mask(hash, h, db.length));
  masked[0] = (masked[0] ?? 0) & 0x7f;
  const encoded = Buffer.concat([masked, h, Buffer.of(0xbc)]);
  return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
}

/** Checks RSASSA-PSS over a digest. Source: RFC 8017 section 9.1.2. */
export function verifyPss(key: KeyObject, hash: string, digest: Uint8Array, signature: Uint8Array): boolean {
  const size = modulusBytes(key);
  if (signature.length !== size) return false;
  let encoded: Buffer;
  try {
    encoded = publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return false; // not less than the modulus
  }
  const h = encoded.subarray(size - digest.length - 1, size - 1);
  const masked = encoded.subarray(0, size - digest.length - 1);
  const db = xor(masked, mask(hash, h, masked.length));
  db[0] = (db[0] ?? 0) & 0x7f;
  const padding = Buffer.concat([Buffer.alloc(db.length - digest.length - 1), Buffer.of(1)]);
  const wellFormed =
    encoded[size - 1] === 0xbc && ((masked[0] ?? 0) & 0x80) === 0 && db.subarray(0, padding.length).equals(padding);
  const salt = db.subarray(padding.length);
  return wellFormed && timingSafeEqual(digestOf(hash, Buffer.alloc(8), digest, salt), h);
}

function curveOf(key: KeyObject): (typeof curves)[keyof typeof curves] {
  return curves[key.asymmetricKeyDetails?.namedCurve as keyof typeof curves];
}

function latticeOf(key: KeyObject): (typeof lattices)[keyof typeof lattices] {
  return lattices[key.asymmetricKeyType as keyof typeof lattices];
}

function encodeDigest(hash: string, digest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(digestInfo[hash] ?? "", "hex"), digest]);
}

/** MGF1. Source: RFC 8017 appendix B.2.1. */
function mask(hash: string, seed: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let i = 0; i * seed.length < length; i++) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(i);
    blocks.push(digestOf(hash, seed, counter));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}

function modulusBytes(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}

/** The digest of parts in order, by node's name of a hash. */
function digestOf(hash: string, ...parts: readonly Uint8Array[]): Buffer {
  const state = createHash(hash);
  for (const part of parts) state.update(part);
  return state.digest();
}
