// Key encapsulation to a public key: ML-KEM, and X-Wing composed of ML-KEM-768 and X25519.
import {
  agreementPublicKey,
  mlKemDecapsulate,
  mlKemEncapsulate,
  randomBytes,
  sha3,
  shake256,
  x25519,
  zero,
} from "#crypto";
import { concatBytes } from "#bytes";
import { VerificationError } from "./errors.ts";
import { kems } from "./suites.ts";
import type { KemKind } from "./suites.ts";

/** A shared secret and what carries it to the holder of the private key. */
export interface Encapsulated {
  readonly ciphertext: Uint8Array;
  /** 32 bytes, zeroed by the caller. */
  readonly secret: Uint8Array;
}

const lattice = "ml-kem-768";
const label = new TextEncoder().encode("\\.//^\\");

/** The ML-KEM-768 seed and the X25519 scalar of an X-Wing seed; the caller zeroes `all`. Source: draft-connolly-cfrg-xwing-kem-10 5.2. */
function expand(seed: Uint8Array): {
  readonly all: Uint8Array;
  readonly seed: Uint8Array;
  readonly scalar: Uint8Array;
} {
  const all = shake256(seed, 96);
  return { all, seed: all.subarray(0, 64), scalar: all.subarray(64) };
}

/** Zeroes both secrets. Source: draft-connolly-cfrg-xwing-kem-10 5.3. */
function combine(secrets: readonly [Uint8Array, Uint8Array], point: Uint8Array, publicPoint: Uint8Array): Uint8Array {
  const input = concatBytes([...secrets, point, publicPoint, label]);
  const combined = sha3(input);
  for (const used of [...secrets, input]) zero(used);
  return combined;
}

/** Raw public key of a seed (see `KemFacts`); TypeError for one of another length. */
export function kemPublicKey(kind: KemKind, seed: Uint8Array): Uint8Array {
  if (seed.length !== kems[kind].seedBytes)
    throw new TypeError(`a ${kind} seed is ${kems[kind].seedBytes} bytes long, not ${seed.length}`);
  if (kind !== "x-wing") return agreementPublicKey(kind, seed);
  const expanded = expand(seed);
  try {
    return concatBytes([agreementPublicKey(lattice, expanded.seed), agreementPublicKey("x25519", expanded.scalar)]);
  } finally {
    zero(expanded.all);
  }
}

function xWingEncapsulate(publicKey: Uint8Array): Encapsulated {
  const publicPoint = publicKey.subarray(kems[lattice].publicKeyBytes);
  const first = mlKemEncapsulate(lattice, publicKey.subarray(0, kems[lattice].publicKeyBytes));
  const scalar = randomBytes(32);
  const point = agreementPublicKey("x25519", scalar);
  const agreed = x25519(scalar, publicPoint);
  zero(scalar);
  return {
    ciphertext: concatBytes([first.ciphertext, point]),
    secret: combine([first.secret, agreed], point, publicPoint),
  };
}

/** A fresh secret for the holder of a raw public key; throws `key-mismatch` where it is none. Spec: RCP-11. Source: FIPS 203 7.2. */
export function encapsulate(kind: KemKind, publicKey: Uint8Array): Encapsulated {
  try {
    if (publicKey.length === kems[kind].publicKeyBytes)
      return kind === "x-wing" ? xWingEncapsulate(publicKey) : mlKemEncapsulate(kind, publicKey);
  } catch {
    // a coefficient out of range, a point of small order
  }
  throw new VerificationError("key-mismatch", `the bytes are no ${kind} public key`);
}

/**
 * The 32 bytes that a ciphertext carries, zeroed by the caller; another key's ciphertext gives other bytes (implicit rejection). Null for
 * what is no ciphertext of this kind; TypeError for a seed of another length. Spec: RCP-11. Source: FIPS 203 7.3.
 */
export function decapsulate(kind: KemKind, seed: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  const publicKey = kemPublicKey(kind, seed);
  if (ciphertext.length !== kems[kind].ciphertextBytes) return null;
  if (kind !== "x-wing") return mlKemDecapsulate(kind, seed, ciphertext);
  const expanded = expand(seed);
  const point = ciphertext.subarray(kems[lattice].ciphertextBytes);
  try {
    const agreed = x25519(expanded.scalar, point);
    const first = mlKemDecapsulate(lattice, expanded.seed, ciphertext.subarray(0, kems[lattice].ciphertextBytes));
    return combine([first, agreed], point, publicKey.subarray(kems[lattice].publicKeyBytes));
  } catch {
    return null; // a point of small order
  } finally {
    zero(expanded.all);
  }
}

/** The mechanism whose ciphertexts are that long; null where none's are. Spec: RCP-11. */
export function kemOfCiphertext(sizeBytes: number): KemKind | null {
  for (const kind of Object.keys(kems) as KemKind[]) if (kems[kind].ciphertextBytes === sizeBytes) return kind;
  return null;
}
