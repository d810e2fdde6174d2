// The noble twin of crypto.ts's signatures and key encapsulation: oracle in the tests, deterministic signer of the vectors,
// fallback where Node lacks ML-DSA or ML-KEM, and later the browser's. Never the silent hot path.
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { p256, p384 } from "@noble/curves/nist.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import { ml_kem1024, ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { equalBytes } from "#bytes";
import { signatureAlgs } from "./suites.ts";
import type { SignatureAlg } from "./suites.ts";

/** One algorithm: keys as raw bytes; a secret is what both sides can rebuild the pair from. */
interface NobleAlg {
  keygen(secret: Uint8Array): Uint8Array;
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

function ecdsa(curve: typeof p256): NobleAlg {
  return {
    keygen: (secret) => curve.getPublicKey(secret, false),
    sign: (secret, message) => curve.sign(message, secret, { lowS: true }), // RFC 6979
    verify: (publicKey, message, signature) => curve.verify(signature, message, publicKey, { lowS: true }),
  };
}

function mlDsa(alg: typeof ml_dsa65): NobleAlg {
  return {
    keygen: (seed) => alg.keygen(seed).publicKey,
    sign: (seed, message) => alg.sign(message, alg.keygen(seed).secretKey, { extraEntropy: false }),
    verify: (publicKey, message, signature) => alg.verify(signature, message, publicKey),
  };
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** True where s·B − k·A is R itself and not only R times the cofactor, which noble asks for: else this reader takes what OpenSSL refuses. Spec: SUI-4. Source: RFC 8032 5.1.7. */
function isExact(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const { Point } = ed25519;
  const R = signature.subarray(0, 32);
  const digest = sha512.create().update(R).update(publicKey).update(message).digest();
  const k = littleEndian(digest) % Point.Fn.ORDER;
  const s = littleEndian(signature.subarray(32));
  const expected = Point.BASE.multiplyUnsafe(s).subtract(Point.fromBytes(publicKey).multiplyUnsafe(k));
  return equalBytes(expected.toBytes(), R);
}

const algs: Readonly<Record<SignatureAlg, NobleAlg>> = {
  [-19]: {
    keygen: (seed) => ed25519.getPublicKey(seed),
    sign: (seed, message) => ed25519.sign(message, seed),
    verify: (publicKey, message, signature) =>
      ed25519.verify(signature, message, publicKey, { zip215: false }) && isExact(publicKey, message, signature),
  },
  [-9]: ecdsa(p256),
  [-51]: ecdsa(p384),
  [-49]: mlDsa(ml_dsa65),
  [-50]: mlDsa(ml_dsa87),
};

function checked(alg: SignatureAlg, secret: Uint8Array): NobleAlg {
  const { name, secretBytes } = signatureAlgs[alg];
  if (secret.length !== secretBytes) throw new TypeError(`a ${name} secret is ${secretBytes} bytes long`);
  return algs[alg];
}

/**
 * Raw public key (see `SignatureFacts.publicKeyBytes`) of a secret: 32-byte seed for Ed25519 and ML-DSA, scalar of the
 * curve's size for ECDSA. TypeError for another length, RangeError for a scalar outside the curve's order.
 */
export function nobleKeygen(alg: SignatureAlg, secret: Uint8Array): Uint8Array {
  const known = checked(alg, secret);
  try {
    return known.keygen(secret);
  } catch {
    throw new RangeError(`the secret is no ${signatureAlgs[alg].name} secret`);
  }
}

/** Signs as `signBytes`, but always to the same bytes: RFC 6979 for ECDSA, no added entropy for ML-DSA. Secrets as in `nobleKeygen`. */
export function nobleSign(alg: SignatureAlg, secret: Uint8Array, message: Uint8Array): Uint8Array {
  return checked(alg, secret).sign(secret, message);
}

/** As `verifyBytes` over a raw public key: wrong lengths, high s and keys that are none are false, never an exception. Spec: SUI-4. */
export function nobleVerify(
  alg: SignatureAlg,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { publicKeyBytes, signatureBytes } = signatureAlgs[alg];
  if (publicKey.length !== publicKeyBytes || signature.length !== signatureBytes) return false;
  try {
    return algs[alg].verify(publicKey, message, signature);
  } catch {
    return false; // noble throws where bytes decode to no point or scalar
  }
}

type MlKem = "ml-kem-768" | "ml-kem-1024";
const mlKems: Readonly<Record<MlKem, typeof ml_kem768>> = { "ml-kem-768": ml_kem768, "ml-kem-1024": ml_kem1024 };

/** As `agreementPublicKey`. */
export function nobleAgreementKey(alg: "x25519" | MlKem, seed: Uint8Array): Uint8Array {
  return alg === "x25519" ? x25519.getPublicKey(seed) : mlKems[alg].keygen(seed).publicKey;
}

/** As `mlKemEncapsulate`; 32 bytes of `randomness` make it the same each time. */
export function nobleEncapsulate(
  alg: MlKem,
  publicKey: Uint8Array,
  randomness?: Uint8Array,
): { readonly ciphertext: Uint8Array; readonly secret: Uint8Array } {
  const { cipherText, sharedSecret } = mlKems[alg].encapsulate(publicKey, randomness);
  return { ciphertext: cipherText, secret: sharedSecret };
}

/** As `mlKemDecapsulate`. */
export function nobleDecapsulate(alg: MlKem, seed: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return mlKems[alg].decapsulate(ciphertext, mlKems[alg].keygen(seed).secretKey);
}
