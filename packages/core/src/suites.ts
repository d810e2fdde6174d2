// The one table of algorithms: numbers, sizes, key types, eras. Every other file asks here.

/** How long evidence may be relied on: before, across and after the post-quantum transition. */
export type Era = "classical" | "hybrid" | "pq";

/** COSE numbers of the hash algorithms in use (RFC 9054). */
export type HashAlg = -16 | -43 | -44;

/** A hash algorithm's facts. */
export interface HashFacts {
  readonly text: "sha256" | "sha384" | "sha512";
  readonly sizeBytes: number;
}

/** Hash algorithms by COSE number. Source: RFC 9054. */
export const hashes: Readonly<Record<HashAlg, HashFacts>> = {
  [-16]: { text: "sha256", sizeBytes: 32 },
  [-43]: { text: "sha384", sizeBytes: 48 },
  [-44]: { text: "sha512", sizeBytes: 64 },
};

/** The hash of every name (cores, policies, attachments, receipts): SHA-384. Spec: ART-6. */
export const nameHash: HashAlg = -43;

/** COSE numbers of the signature algorithms in use (RFC 9864, RFC 9964). */
export type SignatureAlg = -19 | -9 | -51 | -49 | -50;

/** A signature algorithm's facts. */
export interface SignatureFacts {
  readonly name: string;
  /** Key type as node:crypto names it. */
  readonly keyType: "ed25519" | "ec" | "ml-dsa-65" | "ml-dsa-87";
  /** Curve as node:crypto names it, for key type `ec`. */
  readonly curve?: "prime256v1" | "secp384r1";
  /** Raw public key: 32 B (Ed25519), 0x04‖x‖y (EC), the FIPS 204 encoding (ML-DSA). */
  readonly publicKeyBytes: number;
  /** r‖s for ECDSA. */
  readonly signatureBytes: number;
  /** What the key pair is rebuilt from: seed (Ed25519, ML-DSA), scalar of the curve's size (EC). */
  readonly secretBytes: number;
  /** Hash that the algorithm itself applies; absent where it has none to choose. */
  readonly hash?: "sha256" | "sha384";
  readonly era: "classical" | "pq";
}

/** Signature algorithms by COSE number. Source: RFC 9864, RFC 9964, FIPS 204. */
export const signatureAlgs: Readonly<Record<SignatureAlg, SignatureFacts>> = {
  [-19]: {
    name: "Ed25519",
    keyType: "ed25519",
    publicKeyBytes: 32,
    signatureBytes: 64,
    secretBytes: 32,
    era: "classical",
  },
  [-9]: {
    name: "ESP256",
    keyType: "ec",
    curve: "prime256v1",
    publicKeyBytes: 65,
    signatureBytes: 64,
    secretBytes: 32,
    hash: "sha256",
    era: "classical",
  },
  [-51]: {
    name: "ESP384",
    keyType: "ec",
    curve: "secp384r1",
    publicKeyBytes: 97,
    signatureBytes: 96,
    secretBytes: 48,
    hash: "sha384",
    era: "classical",
  },
  [-49]: {
    name: "ML-DSA-65",
    keyType: "ml-dsa-65",
    publicKeyBytes: 1952,
    signatureBytes: 3309,
    secretBytes: 32,
    era: "pq",
  },
  [-50]: {
    name: "ML-DSA-87",
    keyType: "ml-dsa-87",
    publicKeyBytes: 2592,
    signatureBytes: 4627,
    secretBytes: 32,
    era: "pq",
  },
};

/** Names of the signature suites. */
export type SuiteName =
  | "ed25519"
  | "p256"
  | "p384"
  | "ed25519+mldsa65"
  | "p384+mldsa65"
  | "p384+mldsa87"
  | "mldsa65"
  | "mldsa87";

/** A suite: which signatures make one, in order, under which hash. */
export interface SuiteFacts {
  readonly algs: readonly SignatureAlg[];
  readonly hash: HashAlg;
  readonly era: Era;
}

/** Signature suites by name; signatures stand in the order of the name. CNSA 2.0 asks for `mldsa87`. Spec: SUI-1. */
export const suites: Readonly<Record<SuiteName, SuiteFacts>> = {
  ed25519: { algs: [-19], hash: -16, era: "classical" },
  p256: { algs: [-9], hash: -16, era: "classical" },
  p384: { algs: [-51], hash: -43, era: "classical" },
  "ed25519+mldsa65": { algs: [-19, -49], hash: -43, era: "hybrid" },
  "p384+mldsa65": { algs: [-51, -49], hash: -43, era: "hybrid" },
  "p384+mldsa87": { algs: [-51, -50], hash: -43, era: "hybrid" },
  mldsa65: { algs: [-49], hash: -43, era: "pq" },
  mldsa87: { algs: [-50], hash: -44, era: "pq" },
};

/** True for a suite that this version knows. Spec: SUI-2. */
export function isSuiteName(name: string): name is SuiteName {
  return Object.hasOwn(suites, name);
}

const eraRank: Readonly<Record<Era, number>> = { classical: 0, hybrid: 1, pq: 2 };

/** True where `era` is `least` or later. */
export function eraAtLeast(era: Era, least: Era): boolean {
  return eraRank[era] >= eraRank[least];
}

/** Kinds of recipient key in a trust policy. Spec: TRU-13. */
export type KemKind = "x-wing" | "ml-kem-768" | "ml-kem-1024";

/** A key encapsulation mechanism's facts. */
export interface KemFacts {
  /** Raw public key: the FIPS 203 encapsulation key, behind it for X-Wing the 32 bytes of X25519. */
  readonly publicKeyBytes: number;
  /** Bytes of the encapsulation key that hold the vector of coefficients (FIPS 203 7.2). */
  readonly coefficientBytes: number;
  /** Seed that a key pair is made from: d‖z of FIPS 203, or the 32 bytes of X-Wing. */
  readonly seedBytes: number;
  /** Ciphertext; no two mechanisms have one of the same length. */
  readonly ciphertextBytes: number;
  readonly era: "hybrid" | "pq";
}

/** Key encapsulation mechanisms by kind. Source: FIPS 203 table 3, draft-connolly-cfrg-xwing-kem. */
export const kems: Readonly<Record<KemKind, KemFacts>> = {
  "x-wing": { publicKeyBytes: 1216, coefficientBytes: 1152, seedBytes: 32, ciphertextBytes: 1120, era: "hybrid" },
  "ml-kem-768": { publicKeyBytes: 1184, coefficientBytes: 1152, seedBytes: 64, ciphertextBytes: 1088, era: "pq" },
  "ml-kem-1024": { publicKeyBytes: 1568, coefficientBytes: 1536, seedBytes: 64, ciphertextBytes: 1568, era: "pq" },
};
