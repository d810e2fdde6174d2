// The browser's twin of crypto.ts: the same functions in JavaScript, by noble, since WebCrypto answers only later and
// lacks most of the algorithms. Slower than node:crypto, and not constant in time.
import { aeskw, gcm } from "@noble/ciphers/aes.js";
import { x25519 as noblex25519 } from "@noble/curves/ed25519.js";
import { p256, p384 } from "@noble/curves/nist.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { sha256 as nobleSha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { sha3_256, shake256 as nobleShake256 } from "@noble/hashes/sha3.js";
import { concatBytes, toHex } from "#bytes";
import type { Hash, KeyObject, ScryptNumbers } from "./crypto.ts";
import { nobleKeygen, nobleSign, nobleVerify } from "./crypto-noble.ts";
import { CustodyError, VerificationError } from "./errors.ts";
import { hashes, signatureAlgs } from "./suites.ts";
import type { HashAlg, HashFacts, SignatureAlg } from "./suites.ts";

export { nobleAgreementKey as agreementPublicKey } from "./crypto-noble.ts";
export { nobleDecapsulate as mlKemDecapsulate, nobleEncapsulate as mlKemEncapsulate } from "./crypto-noble.ts";
export { rawSignature, toLowS } from "./ecdsa.ts";
export { parseSpki } from "./spki.ts";
export type { Hash, KeyObject };

/** Which implementation serves ML-DSA and ML-KEM: in a browser always the JavaScript one. */
export const cryptoBackend: "native" | "noble" = "noble";

/** A public key ready to verify with: its raw bytes. */
export type PublicKey = KeyObject | Uint8Array;

const digests = { sha256: nobleSha256, sha384, sha512 } as const;

/** What a key holds stands here, not on it: neither JSON, a structured clone nor a console can show it. */
const held = new WeakMap<object, { readonly bytes: Uint8Array; readonly alg?: SignatureAlg }>();

/** A key whose bytes don't leave this file: what node's KeyObject is to the rest of core. */
class OpaqueKey {
  readonly type: "secret" | "private" | "public";
  readonly symmetricKeySize?: number;

  constructor(type: OpaqueKey["type"], bytes: Uint8Array, alg?: SignatureAlg) {
    this.type = type;
    if (type === "secret") this.symmetricKeySize = bytes.length;
    held.set(this, { bytes: Uint8Array.from(bytes), ...(alg === undefined ? {} : { alg }) });
    Object.freeze(this);
  }
}

/** The rest of core uses nothing of a KeyObject but its type and size. */
function keyObject(...of: ConstructorParameters<typeof OpaqueKey>): KeyObject {
  return new OpaqueKey(...of) as unknown as KeyObject;
}

/** The bytes of a secret key, or the bytes themselves. TypeError for anything else. */
function bytesOf(key: KeyObject | Uint8Array): Uint8Array {
  if (key instanceof Uint8Array) return key;
  const known = held.get(key);
  if (known === undefined || key.type !== "secret") throw new TypeError("the key is no secret key of this module");
  return known.bytes;
}

/** The bytes of a signature algorithm's key; throws `key-mismatch` where it is of another algorithm. */
function bytesOfAlg(alg: SignatureAlg, key: KeyObject, type: "private" | "public"): Uint8Array {
  const known = held.get(key);
  if (known?.alg !== alg || key.type !== type)
    throw new VerificationError("key-mismatch", `the key is no ${signatureAlgs[alg].name} key`);
  return known.bytes;
}

/** A secret key that holds a copy of `bytes`. */
export function createSecretKey(bytes: Uint8Array): KeyObject {
  return keyObject("secret", bytes);
}

/** Random bytes of the platform. */
export function randomBytes(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  const most = 65_536; // of one call
  for (let at = 0; at < sizeBytes; at += most) globalThis.crypto.getRandomValues(bytes.subarray(at, at + most));
  return bytes;
}

/** Random bytes that are public once used (nonces, salts). Never for keys. */
export function randomNonce(sizeBytes: number): Uint8Array {
  return randomBytes(sizeBytes);
}

/** True where both hold the same bytes, in a time that tells nothing of where they differ. RangeError for two lengths. */
export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) throw new RangeError("only bytes of one length are compared");
  let difference = 0;
  for (let index = 0; index < a.length; index += 1) difference |= a[index]! ^ b[index]!;
  return difference === 0;
}

/** A hash that takes its input piece by piece. */
export function createHash(name: HashFacts["text"]): Hash {
  const state = digests[name].create();
  const running: Hash = {
    update: (bytes) => {
      state.update(bytes);
      return running;
    },
    digest: () => state.digest(),
  };
  return running;
}

/** A key of a passphrase. Source: RFC 7914. */
export function scryptSync(
  passphrase: Uint8Array | string,
  salt: Uint8Array,
  sizeBytes: number,
  { N, r, p, maxmem }: ScryptNumbers,
): Uint8Array {
  return scrypt(passphrase, salt, { N, r, p, maxmem, dkLen: sizeBytes });
}

/** Digest of `bytes`. */
export function hash(alg: HashAlg, bytes: Uint8Array): Uint8Array {
  return digests[hashes[alg].text](bytes);
}

/** As `hash`, done before it returns: a page has one thread. */
export function hashAside(alg: HashAlg, bytes: Uint8Array): Promise<Uint8Array> {
  return Promise.resolve(hash(alg, bytes));
}

/** Digest of `bytes` in lower-case hex. */
export function hashHex(alg: HashAlg, bytes: Uint8Array): string {
  return toHex(hash(alg, bytes));
}

/** True for a key that holds `sizeBytes` secret bytes. */
export function isSecretKey(key: unknown, sizeBytes: number): key is KeyObject {
  return key instanceof OpaqueKey && key.type === "secret" && key.symmetricKeySize === sizeBytes;
}

/** SHA-256 of `bytes`. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** SHA3-256 of `bytes`. Source: FIPS 202. */
export function sha3(bytes: Uint8Array): Uint8Array {
  return sha3_256(bytes);
}

/** SHAKE256 of `bytes`, `sizeBytes` long. Source: FIPS 202. */
export function shake256(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  return nobleShake256(bytes, { dkLen: sizeBytes });
}

/** HMAC-SHA-384, the whole MAC. */
export function hmacSha384(key: KeyObject | Uint8Array, bytes: Uint8Array): Uint8Array {
  return hmac(sha384, bytesOf(key), bytes);
}

/** HKDF-SHA-384 (extract with an empty salt, then expand). Source: RFC 5869. */
export function hkdfSha384(secret: KeyObject | Uint8Array, info: Uint8Array, sizeBytes: number): Uint8Array {
  return hkdf(sha384, bytesOf(secret), undefined, info, sizeBytes);
}

/** HKDF-Expand-SHA-384 of at most 48 bytes (one block); `info` may come in parts. Source: RFC 5869 2.3. */
export function hkdfExpandSha384(
  secret: KeyObject | Uint8Array,
  info: Uint8Array | readonly Uint8Array[],
  sizeBytes: number,
): Uint8Array {
  if (sizeBytes > 48) throw new RangeError("one block of HKDF-SHA-384 is 48 bytes");
  const parts = info instanceof Uint8Array ? [info] : info;
  const block = concatBytes([...parts, Uint8Array.of(1)]); // noble's own takes no secret shorter than the hash
  return hmac(sha384, bytesOf(secret), block).fill(0, sizeBytes).subarray(0, sizeBytes);
}

/** Zeroes a buffer that the caller owns (best effort: the engine may hold copies). */
export function zero(bytes: Uint8Array): void {
  bytes.fill(0);
}

/** Wraps a key with AES-256-KW: 8 bytes longer than the input. Source: RFC 3394. */
export function aesKwWrap(kek: KeyObject, key: Uint8Array): Uint8Array {
  return aeskw(bytesOf(kek)).encrypt(key);
}

/** Undoes `aesKwWrap`; any failure is one code, `unwrap-failed`. Spec: RCP-6. Source: RFC 3394. */
export function aesKwUnwrap(kek: KeyObject, wrapped: Uint8Array): Uint8Array {
  const cipher = aeskw(bytesOf(kek));
  try {
    return cipher.decrypt(wrapped);
  } catch {
    throw new CustodyError("unwrap-failed", "the data key does not unwrap under this recipient");
  }
}

/** AES-256-GCM: ciphertext followed by the 16-byte tag. */
export function aesGcmSeal(
  key: KeyObject | Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  return gcm(bytesOf(key), iv, aad).encrypt(plaintext);
}

/** Undoes `aesGcmSeal`; null where the tag doesn't agree. */
export function aesGcmOpen(
  key: KeyObject | Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  const cipher = gcm(bytesOf(key), iv, aad);
  try {
    return cipher.decrypt(sealed);
  } catch {
    return null;
  }
}

/** AES-256-GCM: ciphertext and tag go into `out` (16 bytes longer than `plaintext`) and into `hash`. */
export function aesGcmSealInto(
  key: KeyObject,
  iv: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  out: Uint8Array,
  hash: Hash,
): void {
  out.set(aesGcmSeal(key, iv, aad, plaintext));
  hash.update(out.subarray(0, plaintext.length + 16));
}

/** Undoes `aesGcmSealInto`: returns `out`, 16 bytes shorter than `sealed`; null, and `out` zeroed, where the tag doesn't agree. */
export function aesGcmOpenInto(
  key: KeyObject,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
  out: Uint8Array,
): Uint8Array | null {
  const plaintext = aesGcmOpen(key, iv, aad, sealed);
  if (plaintext === null) {
    out.fill(0);
    return null;
  }
  out.set(plaintext);
  zero(plaintext);
  return out;
}

const points = { prime256v1: p256.Point, secp384r1: p384.Point } as const;

/** Public key of a raw encoding (see `SignatureFacts.publicKeyBytes`); throws `key-mismatch` where it isn't one. */
export function importPublicKey(alg: SignatureAlg, raw: Uint8Array): PublicKey {
  const { name, publicKeyBytes, curve } = signatureAlgs[alg];
  if (raw.length !== publicKeyBytes)
    throw new VerificationError(
      "key-mismatch",
      `a ${name} public key is ${publicKeyBytes} bytes long, not ${raw.length}`,
    );
  if (curve === undefined) return Uint8Array.from(raw);
  if (raw[0] !== 4) throw new VerificationError("key-mismatch", `a ${name} public key is an uncompressed point`);
  try {
    points[curve].fromBytes(raw).assertValidity();
  } catch {
    throw new VerificationError("key-mismatch", `the bytes are no ${name} public key`);
  }
  return Uint8Array.from(raw);
}

/** Private key of a seed (Ed25519, ML-DSA) or scalar (ECDSA); null where it is none. */
export function privateKeyOfSeed(alg: SignatureAlg, seed: Uint8Array): KeyObject | null {
  try {
    nobleKeygen(alg, seed);
  } catch {
    return null;
  }
  return keyObject("private", seed, alg);
}

/** Raw encoding of a public key; throws `key-mismatch` where the key is of another algorithm. */
export function exportPublicKey(alg: SignatureAlg, key: KeyObject): Uint8Array {
  return Uint8Array.from(bytesOfAlg(alg, key, "public"));
}

/** Raw public key of a private key; throws `key-mismatch` where the key is of another algorithm. */
export function rawPublicKeyOf(alg: SignatureAlg, privateKey: KeyObject): Uint8Array {
  return nobleKeygen(alg, bytesOfAlg(alg, privateKey, "private"));
}

/** A fresh key pair. */
export function generateSigningKey(alg: SignatureAlg): { publicKey: KeyObject; privateKey: KeyObject } {
  for (;;) {
    const seed = randomBytes(signatureAlgs[alg].secretBytes);
    const privateKey = privateKeyOfSeed(alg, seed);
    zero(seed);
    if (privateKey !== null)
      return { privateKey, publicKey: keyObject("public", rawPublicKeyOf(alg, privateKey), alg) };
  }
}

/** Signs the message itself (never a digest of it); ECDSA as r‖s with low s, ML-DSA with an empty context. Always to the same bytes. Source: RFC 6979, RFC 9964. */
export function signBytes(alg: SignatureAlg, privateKey: KeyObject, message: Uint8Array): Uint8Array {
  return nobleSign(alg, bytesOfAlg(alg, privateKey, "private"), message);
}

/** True where `signature` is one of `publicKey` over `message`; wrong lengths and high s are false, never an exception. Spec: SUI-4. */
export function verifyBytes(
  alg: SignatureAlg,
  publicKey: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const raw = publicKey instanceof Uint8Array ? publicKey : bytesOfAlg(alg, publicKey, "public");
  return nobleVerify(alg, raw, message, signature);
}

/** As `verifyBytes`: a page has one thread. */
export function verifyBytesAside(
  alg: SignatureAlg,
  publicKey: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return Promise.resolve(verifyBytes(alg, publicKey, message, signature));
}

/** X25519 of a scalar and a point, 32 bytes each; throws for a point of small order. Source: RFC 7748. */
export function x25519(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  return noblex25519.getSharedSecret(scalar, point);
}
