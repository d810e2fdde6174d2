// The one place that imports node:crypto. The browser's twin is crypto-browser.ts (package.json, `imports`); the noble
// twin of signatures and key encapsulation (oracle, fallback) is crypto-noble.ts.
import * as node from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isLowS, isScalar, toLowS } from "./ecdsa.ts";
import { rawOfSpki, spkiPrefix } from "./spki.ts";
import { hashes, signatureAlgs } from "./suites.ts";
import type { HashAlg, HashFacts, SignatureAlg } from "./suites.ts";
import { CustodyError, VerificationError } from "./errors.ts";

export type { KeyObject };
export { hkdfExpandSha384, hkdfSha384, hmacSha384 } from "./crypto-kdf.ts";
export { rawSignature, toLowS } from "./ecdsa.ts";
export { parseSpki } from "./spki.ts";

/** A hash that takes its input piece by piece. */
export interface Hash {
  update(bytes: Uint8Array): Hash;
  digest(): Uint8Array;
}

/** A hash that takes its input piece by piece. */
export const createHash: (name: HashFacts["text"]) => Hash = node.createHash;

/** Random bytes of the platform. */
export const randomBytes: (sizeBytes: number) => Uint8Array = node.randomBytes;

/** True where both hold the same bytes, in a time that tells nothing of where they differ. RangeError for two lengths. */
export const timingSafeEqual: (a: Uint8Array, b: Uint8Array) => boolean = node.timingSafeEqual;

/** Numbers of scrypt; `maxmem` bounds what it takes, in bytes. */
export interface ScryptNumbers {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly maxmem: number;
}

/** A key of a passphrase. Source: RFC 7914. */
export const scryptSync: (
  passphrase: Uint8Array | string,
  salt: Uint8Array,
  sizeBytes: number,
  numbers: ScryptNumbers,
) => Uint8Array = node.scryptSync;

/** A secret key that holds a copy of `bytes`. */
export const createSecretKey: (bytes: Uint8Array) => KeyObject = node.createSecretKey;

/** Which implementation serves ML-DSA and ML-KEM in this process: reported at start-up. */
export const cryptoBackend: "native" | "noble" = supportsLattices() ? "native" : "noble";

/** The noble twin, loaded only where this Node lacks ML-DSA or ML-KEM. */
const noble = cryptoBackend === "noble" ? await import("./crypto-noble.ts") : null;

/** True where the noble twin serves this algorithm. */
function byNoble(alg: SignatureAlg): boolean {
  return noble !== null && signatureAlgs[alg].keyType.startsWith("ml-dsa");
}

/** A public key ready to verify with; raw bytes where the noble twin does it. */
export type PublicKey = KeyObject | Uint8Array;

function supportsLattices(): boolean {
  try {
    node.generateKeyPairSync("ml-dsa-65");
    node.encapsulate(node.generateKeyPairSync("ml-kem-768").publicKey);
    return true;
  } catch {
    return false; // a Node built against an OpenSSL without ML-DSA or ML-KEM
  }
}

/**
 * Digest of `bytes`, as a Buffer of the algorithm's size. It comes as text because node:crypto gives a Buffer memory of
 * its own, which costs three times what hashing a Merkle node does.
 */
export function hash(alg: HashAlg, bytes: Uint8Array): Uint8Array {
  return Buffer.from(node.hash(hashes[alg].text, bytes, "binary"), "latin1");
}

/** As `hash`, on a thread of libuv's pool. Takes a copy of `bytes` before it returns: they may be changed or detached at once. */
export async function hashAside(alg: HashAlg, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await node.webcrypto.subtle.digest(hashes[alg].text.replace("sha", "SHA-"), bytes));
}

const nonces = { pool: Buffer.alloc(4096), used: 4096 };

/** Random bytes that are public once used (nonces, salts); drawn in advance, because each draw costs what 4 KiB do. Never for keys. */
export function randomNonce(sizeBytes: number): Uint8Array {
  if (nonces.used + sizeBytes > nonces.pool.length) {
    node.randomFillSync(nonces.pool);
    nonces.used = 0;
  }
  const nonce = Uint8Array.from(nonces.pool.subarray(nonces.used, nonces.used + sizeBytes));
  nonces.used += sizeBytes;
  return nonce;
}

/** Digest of `bytes` in lower-case hex. */
export function hashHex(alg: HashAlg, bytes: Uint8Array): string {
  return node.hash(hashes[alg].text, bytes, "hex");
}

/** True for a KeyObject that holds `sizeBytes` secret bytes. */
export function isSecretKey(key: unknown, sizeBytes: number): key is KeyObject {
  return key instanceof node.KeyObject && key.type === "secret" && key.symmetricKeySize === sizeBytes;
}

/** SHA-256 of `bytes`. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash(-16, bytes);
}

/** Zeroes a buffer that the caller owns (best effort: V8 may hold copies). */
export function zero(bytes: Uint8Array): void {
  bytes.fill(0);
}

const wrapIv = Buffer.alloc(8, 0xa6);

/** Wraps a key with AES-256-KW: 8 bytes longer than the input. Source: RFC 3394. */
export function aesKwWrap(kek: KeyObject, key: Uint8Array): Uint8Array {
  const cipher = node.createCipheriv("id-aes256-wrap", kek, wrapIv);
  return Buffer.concat([cipher.update(key), cipher.final()]);
}

/** Undoes `aesKwWrap`; any failure is one code, `unwrap-failed`. Spec: RCP-6. Source: RFC 3394. */
export function aesKwUnwrap(kek: KeyObject, wrapped: Uint8Array): Uint8Array {
  try {
    if (wrapped.length === 0) throw new RangeError("OpenSSL unwraps nothing to nothing, without a word");
    const decipher = node.createDecipheriv("id-aes256-wrap", kek, wrapIv);
    return decipher.update(wrapped); // all of it, checked: `final` has nothing to add
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
  const cipher = node.createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Undoes `aesGcmSeal`; null where the tag doesn't agree. `sealed` is at least 16 bytes. */
export function aesGcmOpen(
  key: KeyObject | Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  const split = sealed.length - 16;
  if (split < 0) return null;
  const decipher = node.createDecipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(split));
  const plaintext = decipher.update(sealed.subarray(0, split));
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return null;
  }
}

const sliceBytes = 65_536;

/** Gives memory back at once; left to the collector, the slices of 1 GiB add up to 100 MiB. */
function free(slice: Buffer<ArrayBuffer>): void {
  if (slice.length > 4096 && slice.length === slice.buffer.byteLength) slice.buffer.transfer(0);
}

/**
 * AES-256-GCM in slices and constant memory: ciphertext and tag go into `out` (16 bytes longer than `plaintext`), and
 * into `hash` while the processor's cache holds them.
 */
export function aesGcmSealInto(
  key: KeyObject,
  iv: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  out: Uint8Array,
  hash: Hash,
): void {
  const cipher = node.createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(aad);
  for (let at = 0; at < plaintext.length; at += sliceBytes) {
    const slice = cipher.update(plaintext.subarray(at, at + sliceBytes));
    out.set(slice, at);
    hash.update(slice);
    free(slice);
  }
  cipher.final();
  const tag = cipher.getAuthTag();
  out.set(tag, plaintext.length);
  hash.update(tag);
}

/** Undoes `aesGcmSealInto`: returns `out`, 16 bytes shorter than `sealed`; null, and `out` zeroed, where the tag doesn't agree. */
export function aesGcmOpenInto(
  key: KeyObject,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
  out: Uint8Array,
): Uint8Array | null {
  const split = sealed.length - 16;
  const decipher = node.createDecipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(split));
  for (let at = 0; at < split; at += sliceBytes) {
    const slice = decipher.update(sealed.subarray(at, Math.min(at + sliceBytes, split)));
    out.set(slice, at);
    free(slice);
  }
  try {
    decipher.final();
    return out;
  } catch {
    out.fill(0);
    return null;
  }
}

/** Public key of a raw encoding (see `SignatureFacts.publicKeyBytes`); throws `key-mismatch` where it isn't one. */
export function importPublicKey(alg: SignatureAlg, raw: Uint8Array): PublicKey {
  const facts = signatureAlgs[alg];
  if (raw.length !== facts.publicKeyBytes)
    throw new VerificationError(
      "key-mismatch",
      `a ${facts.name} public key is ${facts.publicKeyBytes} bytes long, not ${raw.length}`,
    );
  if (facts.curve !== undefined && raw[0] !== 4) {
    throw new VerificationError("key-mismatch", `a ${facts.name} public key is an uncompressed point`); // OpenSSL takes 6 and 7 too
  }
  if (byNoble(alg)) return Uint8Array.from(raw);
  try {
    return node.createPublicKey({ key: Buffer.concat([spkiPrefix[alg], raw]), format: "der", type: "spki" });
  } catch {
    throw new VerificationError("key-mismatch", `the bytes are no ${facts.name} public key`);
  }
}

const pkcs8SeedPrefix: Readonly<Record<SignatureAlg, Buffer>> = {
  [-19]: Buffer.from("302e020100300506032b657004220420", "hex"),
  [-9]: Buffer.from("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420", "hex"),
  [-51]: Buffer.from("304e020100301006072a8648ce3d020106052b81040022043730350201010430", "hex"),
  [-49]: Buffer.from("3034020100300b060960864801650304031204228020", "hex"),
  [-50]: Buffer.from("3034020100300b060960864801650304031304228020", "hex"),
};

/**
 * Private key of a seed (Ed25519, ML-DSA) or scalar (ECDSA) of `SignatureFacts.secretBytes`; null where it is none. Where the noble twin serves
 * the algorithm it is a secret key that holds the seed. Source: RFC 8410, RFC 5915, RFC 9881.
 */
export function privateKeyOfSeed(alg: SignatureAlg, seed: Uint8Array): KeyObject | null {
  const { secretBytes, curve } = signatureAlgs[alg];
  if (seed.length !== secretBytes) return null;
  if (byNoble(alg)) return node.createSecretKey(seed);
  // OpenSSL takes 0 and what lies beyond the order without a word
  if (curve !== undefined && !isScalar(curve, seed)) return null;
  const der = Buffer.concat([pkcs8SeedPrefix[alg], seed]);
  try {
    return node.createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  } catch {
    return null;
  } finally {
    der.fill(0);
  }
}

/** Raw encoding of a public key; throws `key-mismatch` where the key is of another algorithm. */
export function exportPublicKey(alg: SignatureAlg, key: KeyObject): Uint8Array {
  const raw = rawOfSpki(alg, key.export({ format: "der", type: "spki" }));
  if (raw === null) throw new VerificationError("key-mismatch", `the key is no ${signatureAlgs[alg].name} key`);
  return raw;
}

/** Raw public key of a private key; throws `key-mismatch` where the key is of another algorithm. */
export function rawPublicKeyOf(alg: SignatureAlg, privateKey: KeyObject): Uint8Array {
  if (privateKey.type !== "secret") return exportPublicKey(alg, node.createPublicKey(privateKey));
  if (!byNoble(alg)) throw new VerificationError("key-mismatch", `the key is no ${signatureAlgs[alg].name} key`);
  return withSeed(privateKey, (seed) => noble!.nobleKeygen(alg, seed));
}

function withSeed<T>(key: KeyObject, use: (seed: Buffer) => T): T {
  const seed = key.export() as Buffer;
  try {
    return use(seed);
  } finally {
    seed.fill(0);
  }
}

/** A fresh key pair. */
export function generateSigningKey(alg: SignatureAlg): { publicKey: KeyObject; privateKey: KeyObject } {
  const facts = signatureAlgs[alg];
  if (facts.keyType === "ec") return node.generateKeyPairSync("ec", { namedCurve: facts.curve! });
  if (facts.keyType === "ed25519") return node.generateKeyPairSync("ed25519");
  if (facts.keyType === "ml-dsa-65") return node.generateKeyPairSync("ml-dsa-65");
  return node.generateKeyPairSync("ml-dsa-87");
}

/** Signs the message itself (never a digest of it); ECDSA as r‖s with low s, ML-DSA with an empty context. Source: RFC 9964. */
export function signBytes(alg: SignatureAlg, privateKey: KeyObject, message: Uint8Array): Uint8Array {
  if (privateKey.type === "secret" && byNoble(alg))
    return withSeed(privateKey, (seed) => noble!.nobleSign(alg, seed, message));
  const facts = signatureAlgs[alg];
  if (facts.curve === undefined) return node.sign(null, message, privateKey);
  return toLowS(alg, node.sign(facts.hash, message, { key: privateKey, dsaEncoding: "ieee-p1363" }));
}

/** True where `signature` is one of `publicKey` over `message`; wrong lengths and high s are false, never an exception. Spec: SUI-4. */
export function verifyBytes(
  alg: SignatureAlg,
  publicKey: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const facts = signatureAlgs[alg];
  if (signature.length !== facts.signatureBytes) return false;
  if (publicKey instanceof Uint8Array) return noble!.nobleVerify(alg, publicKey, message, signature);
  if (facts.curve === undefined) return node.verify(null, message, publicKey, signature);
  if (!isLowS(facts.curve, signature)) return false;
  return node.verify(facts.hash, message, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
}

/** As `verifyBytes`, on a thread of libuv's pool, so that other work goes on meanwhile. */
export function verifyBytesAside(
  alg: SignatureAlg,
  publicKey: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const { curve, hash: digest = null, signatureBytes } = signatureAlgs[alg];
  if (publicKey instanceof Uint8Array || signature.length !== signatureBytes || (curve && !isLowS(curve, signature)))
    return Promise.resolve(verifyBytes(alg, publicKey, message, signature));
  const key = curve === undefined ? publicKey : { key: publicKey, dsaEncoding: "ieee-p1363" as const };
  const { promise, resolve } = Promise.withResolvers<boolean>();
  node.verify(digest, message, key, signature, (error, isValid) => resolve(error === null && isValid));
  return promise;
}

/** DER around the raw bytes of keys that secrets are agreed with. Source: RFC 8410, RFC 9935. */
const agreementDer = {
  x25519: { spki: "302a300506032b656e032100", pkcs8: "302e020100300506032b656e04220420" },
  "ml-kem-768": {
    spki: "308204b2300b0609608648016503040402038204a100",
    pkcs8: "3054020100300b060960864801650304040204428040",
  },
  "ml-kem-1024": {
    spki: "30820632300b06096086480165030404030382062100",
    pkcs8: "3054020100300b060960864801650304040304428040",
  },
} as const;

/** What keys are agreed with: X25519, or ML-KEM of a size. */
export type AgreementAlg = keyof typeof agreementDer;

function agreementKey(alg: AgreementAlg, raw: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from(agreementDer[alg].spki, "hex"), raw]);
  return node.createPublicKey({ key, format: "der", type: "spki" });
}

function agreementPrivateKey(alg: AgreementAlg, seed: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from(agreementDer[alg].pkcs8, "hex"), seed]);
  try {
    return node.createPrivateKey({ key, format: "der", type: "pkcs8" });
  } finally {
    zero(key);
  }
}

/** Raw public key of a scalar (X25519, 32 bytes) or seed d‖z (ML-KEM, 64 bytes); throws for other lengths. Source: RFC 7748, FIPS 203 7.1. */
export function agreementPublicKey(alg: AgreementAlg, seed: Uint8Array): Uint8Array {
  if (noble !== null) return noble.nobleAgreementKey(alg, seed);
  const der = node.createPublicKey(agreementPrivateKey(alg, seed)).export({ format: "der", type: "spki" });
  return der.subarray(agreementDer[alg].spki.length / 2);
}

/** A fresh shared secret of 32 bytes, zeroed by the caller, and its ciphertext; throws where the bytes are no public key. Source: FIPS 203 7.2. */
export function mlKemEncapsulate(
  alg: Exclude<AgreementAlg, "x25519">,
  publicKey: Uint8Array,
): { readonly ciphertext: Uint8Array; readonly secret: Uint8Array } {
  if (noble !== null) return noble.nobleEncapsulate(alg, publicKey);
  const { ciphertext, sharedKey } = node.encapsulate(agreementKey(alg, publicKey));
  return { ciphertext, secret: sharedKey };
}

/** The shared secret of a ciphertext, zeroed by the caller; another one where it is another key's (implicit rejection). Throws for other lengths. Source: FIPS 203 7.3. */
export function mlKemDecapsulate(
  alg: Exclude<AgreementAlg, "x25519">,
  seed: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  if (noble !== null) return noble.nobleDecapsulate(alg, seed, ciphertext);
  return node.decapsulate(agreementPrivateKey(alg, seed), ciphertext);
}

/** X25519 of a scalar and a point, 32 bytes each; throws for a point of small order. Source: RFC 7748. */
export function x25519(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  return node.diffieHellman({
    privateKey: agreementPrivateKey("x25519", scalar),
    publicKey: agreementKey("x25519", point),
  });
}

/** SHAKE256 of `bytes`, `sizeBytes` long. Source: FIPS 202. */
export function shake256(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  return node.createHash("shake256", { outputLength: sizeBytes }).update(bytes).digest();
}

/** SHA3-256 of `bytes`. Source: FIPS 202. */
export function sha3(bytes: Uint8Array): Uint8Array {
  return node.createHash("sha3-256").update(bytes).digest();
}
