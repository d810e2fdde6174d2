// The bytes of a keystore file and of what it wraps.
import { decodeCbor, encodeCbor } from "./cbor.ts";
import type { CborValue } from "./cbor.ts";
import {
  aesGcmOpen,
  aesGcmSeal,
  createSecretKey,
  hkdfSha384,
  hmacSha384,
  randomBytes,
  timingSafeEqual,
  zero,
} from "./crypto.ts";
import type { KeyObject } from "./crypto.ts";
import type { EncryptionContext } from "./custody.ts";
import { CustodyError, FormatError } from "./errors.ts";
import { bytes, list, oneOf, optional, record, refuse, text, uint } from "./shape.ts";
import { kems, signatureAlgs } from "./suites.ts";
import type { KemKind, SignatureAlg } from "./suites.ts";

/** What a local key is for, in the words of the suites. */
export type LocalKeySpec = "aes-256-gcm" | LocalSigningSpec | KemKind;

/** Signing keys of a keystore. */
export type LocalSigningSpec = "ed25519" | "p256" | "p384" | "mldsa65" | "mldsa87";

/** Signature algorithm of each signing key that a keystore holds. Spec: CUS-25. */
export const algOfSpec: Readonly<Record<LocalSigningSpec, SignatureAlg>> = {
  ed25519: -19,
  p256: -9,
  p384: -51,
  mldsa65: -49,
  mldsa87: -50,
};

/** Every signing key's spec. */
export const signingSpecs = Object.keys(algOfSpec) as readonly LocalSigningSpec[];

/** Keys that secrets are encapsulated to. Spec: CUS-29. */
export const kemSpecs = Object.keys(kems) as readonly KemKind[];

/** True for the type of a key that secrets are encapsulated to. */
export function isKemSpec(spec: LocalKeySpec): spec is KemKind {
  return Object.hasOwn(kems, spec);
}

/** Bytes of a key's secret. Spec: CUS-25, CUS-29. */
function secretBytesOf(spec: LocalKeySpec): number {
  if (isKemSpec(spec)) return kems[spec].seedBytes;
  return spec === "aes-256-gcm" ? 32 : signatureAlgs[algOfSpec[spec]].secretBytes;
}

/** How the keystore's own keys come about. Spec: CUS-21. */
export interface Protection {
  readonly kind: "scrypt" | "key-file";
  /** 32 random bytes; also the keystore's identity. */
  readonly salt: Uint8Array;
  /** Tells a wrong passphrase or key file from a damaged keystore: 16 bytes. */
  readonly check: Uint8Array;
}

/** A key as it stands in the file. */
export interface StoredKey {
  readonly name: string;
  /** 16 random bytes; wraps name it, so that a later key of the same name is told apart. */
  readonly keyId: Uint8Array;
  readonly spec: LocalKeySpec;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly state: "enabled" | "disabled";
  readonly iv: Uint8Array;
  /** AES-256-GCM of the secret: 48 bytes, 64 for a P-384 scalar, 80 for an ML-KEM seed. */
  readonly sealed: Uint8Array;
  /** Raw public key of a signing key or of one that secrets are encapsulated to. */
  readonly publicKey?: Uint8Array;
}

/** A keystore file, not authenticated yet. */
export interface KeystoreFile {
  readonly protection: Protection;
  readonly body: Uint8Array;
  readonly mac: Uint8Array;
}

/** The keystore's own keys. */
export interface KeystoreKeys {
  readonly salt: Uint8Array;
  readonly seal: KeyObject;
  readonly mac: KeyObject;
  readonly check: Uint8Array;
}

const magic = "writ keystore";
const version = 1;
const keyName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const protectionShape = record<Protection>({ kind: oneOf("scrypt", "key-file"), salt: bytes(32), check: bytes(16) });
const keyShape = record<StoredKey>({
  name: text(64),
  keyId: bytes(16),
  spec: oneOf("aes-256-gcm", "ed25519", "p256", "p384", "mldsa65", "mldsa87", ...kemSpecs),
  createdAt: uint(),
  state: oneOf("enabled", "disabled"),
  iv: bytes(12),
  sealed: bytes(48, 80),
  publicKey: optional(bytes(32, 2592)),
});
/** Most keys of a keystore: with the largest public keys it stays below the 1 MiB that is read. */
export const maxKeys = 256;
const keysShape = list(keyShape, 0, maxKeys);

/** True for a name that a local key may have. */
export function isKeyName(name: string): boolean {
  return keyName.test(name);
}

/** The keystore's own keys from 32 bytes (the key file, or scrypt's output), which the caller zeroes. Spec: CUS-21. */
export function keystoreKeys(input: Uint8Array, salt: Uint8Array): KeystoreKeys {
  const part = (use: string, sizeBytes: number): Uint8Array =>
    hkdfSha384(input, encodeCbor(["writ/1 keystore", salt, use]), sizeBytes);
  const secret = (use: string): KeyObject => {
    const material = part(use, 32);
    try {
      return createSecretKey(material);
    } finally {
      zero(material);
    }
  };
  return { salt, seal: secret("seal"), mac: secret("mac"), check: part("check", 16) };
}

function authenticated(protection: Protection, body: Uint8Array): Uint8Array {
  return encodeCbor([magic, version, protectionShape.write(protection), body]);
}

/** Bytes of a keystore file. Spec: CUS-20, CUS-23. */
export function encodeKeystore(protection: Protection, stored: readonly StoredKey[], keys: KeystoreKeys): Uint8Array {
  const body = encodeCbor(keysShape.write(stored));
  return encodeCbor([
    magic,
    version,
    protectionShape.write(protection),
    body,
    hmacSha384(keys.mac, authenticated(protection, body)),
  ]);
}

/** A keystore file from untrusted bytes; throws FormatError `cbor-…`, `format-unknown`, `version-unknown`, `structure`. Spec: CUS-20. */
export function decodeKeystore(input: Uint8Array): KeystoreFile {
  const value = decodeCbor(input);
  if (!Array.isArray(value) || value[0] !== magic) throw new FormatError("format-unknown", "the file is no keystore");
  const [, found, protection, body, mac] = value as readonly CborValue[];
  if (found !== version) throw new FormatError("version-unknown", "the keystore is of another version");
  if (value.length !== 5) refuse("keystore", "an array of 5 items");
  return {
    protection: protectionShape.read(protection!, "protection"),
    body: bytes(1, 1 << 20).read(body!, "body"),
    mac: bytes(48).read(mac!, "mac"),
  };
}

/**
 * The keys of a file after its checks: a wrong passphrase or key file is CustodyError `custody-denied`, a changed file
 * FormatError `structure`. Spec: CUS-23.
 */
export function openKeystore(file: KeystoreFile, keys: KeystoreKeys): readonly StoredKey[] {
  const { protection, body, mac } = file;
  if (!timingSafeEqual(protection.check, keys.check)) {
    throw new CustodyError(
      "custody-denied",
      `the ${protection.kind === "scrypt" ? "passphrase" : "key file"} does not open this keystore`,
    );
  }
  if (!timingSafeEqual(hmacSha384(keys.mac, authenticated(protection, body)), mac))
    throw new FormatError("structure", "the keystore was changed or damaged");
  const stored = keysShape.read(decodeCbor(body), "keys");
  if (new Set(stored.map(({ name }) => name)).size !== stored.length)
    refuse("keys", "a list of keys with distinct names");
  if (stored.some(({ spec, sealed }) => sealed.length !== secretBytesOf(spec) + 16))
    refuse("keys", "a list of keys whose secrets have their types' lengths");
  return stored;
}

function sealedKeyContext(
  salt: Uint8Array,
  { name, keyId, spec }: Pick<StoredKey, "name" | "keyId" | "spec">,
): Uint8Array {
  return encodeCbor(["writ/1 local key", salt, name, keyId, spec]);
}

/** A new entry for a secret of its type, which the caller zeroes. Spec: CUS-22. */
export function sealKey(
  keys: KeystoreKeys,
  facts: Pick<StoredKey, "name" | "spec" | "createdAt" | "publicKey">,
  secret: Uint8Array,
): StoredKey {
  const keyId = randomBytes(16);
  const iv = randomBytes(12);
  const sealed = aesGcmSeal(keys.seal, iv, sealedKeyContext(keys.salt, { ...facts, keyId }), secret);
  return { ...facts, keyId, state: "enabled", iv, sealed };
}

/** The secret of an entry, owned by the caller; throws FormatError `structure` for an entry that was moved. Spec: CUS-22. */
export function unsealKey(keys: KeystoreKeys, stored: StoredKey): Uint8Array {
  const secret = aesGcmOpen(keys.seal, stored.iv, sealedKeyContext(keys.salt, stored), stored.sealed);
  if (secret === null) throw new FormatError("structure", `key \`${stored.name}\` was changed or damaged`);
  return secret;
}

const blobVersion = 1;
const blobBytes = 1 + 16 + 12 + 32 + 16;

function wrapContext(name: string, context: EncryptionContext): Uint8Array {
  return encodeCbor(["writ/1 local wrap", name, context]);
}

/** Wraps a 32-byte secret: version ‖ key id ‖ iv ‖ ciphertext ‖ tag, 77 bytes. Spec: CUS-24. */
export function wrapSecret(
  key: KeyObject,
  stored: StoredKey,
  context: EncryptionContext,
  secret: Uint8Array,
): Uint8Array {
  const iv = randomBytes(12);
  return Buffer.concat([
    Buffer.of(blobVersion),
    stored.keyId,
    iv,
    aesGcmSeal(key, iv, wrapContext(stored.name, context), secret),
  ]);
}

/** Key id that a blob names; null for bytes that are no blob of this version. */
export function keyIdOfBlob(blob: Uint8Array): Uint8Array | null {
  return blob.length === blobBytes && blob[0] === blobVersion ? blob.subarray(1, 17) : null;
}

/** Undoes `wrapSecret`; null where blob, name or context differ. The caller owns and zeroes the 32 bytes. Spec: CUS-24. */
export function unwrapSecret(
  key: KeyObject,
  stored: StoredKey,
  context: EncryptionContext,
  blob: Uint8Array,
): Uint8Array | null {
  return aesGcmOpen(key, blob.subarray(17, 29), wrapContext(stored.name, context), blob.subarray(29));
}
