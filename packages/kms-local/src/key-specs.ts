import { createSecretKey, generateKeyPair, randomBytes, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/** What AWS knows of a kind of key: its uses, its algorithms, and how its material is made. */
export interface SpecFacts {
  readonly usages: readonly KeyUsage[];
  readonly encryption?: readonly string[];
  readonly signing?: readonly string[];
  readonly mac?: readonly string[];
  readonly material: () => Promise<KeyObject>;
}

/** What a key is for; a key has exactly one use. */
export type KeyUsage = "ENCRYPT_DECRYPT" | "SIGN_VERIFY" | "GENERATE_VERIFY_MAC";

const rsaEncryption = ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"];
const rsaSigning = [
  "RSASSA_PKCS1_V1_5_SHA_256",
  "RSASSA_PKCS1_V1_5_SHA_384",
  "RSASSA_PKCS1_V1_5_SHA_512",
  "RSASSA_PSS_SHA_256",
  "RSASSA_PSS_SHA_384",
  "RSASSA_PSS_SHA_512",
];

function rsa(modulusLength: number): SpecFacts {
  return {
    usages: ["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
    encryption: rsaEncryption,
    signing: rsaSigning,
    material: async () => (await generate("rsa", { modulusLength })).privateKey,
  };
}

function ecc(namedCurve: string, algorithm: string): SpecFacts {
  return {
    usages: ["SIGN_VERIFY"],
    signing: [algorithm],
    material: async () => (await generate("ec", { namedCurve })).privateKey,
  };
}

function mlDsa(type: "ml-dsa-44" | "ml-dsa-65" | "ml-dsa-87"): SpecFacts {
  return {
    usages: ["SIGN_VERIFY"],
    signing: ["ML_DSA_SHAKE_256"],
    material: async () => (await generate(type)).privateKey,
  };
}

function hmac(bits: number): SpecFacts {
  return {
    usages: ["GENERATE_VERIFY_MAC"],
    mac: [`HMAC_SHA_${bits}`],
    material: async () => createSecretKey(randomBytes(bits / 8)),
  };
}

/** The kinds of key that this server makes. */
export const keySpecs = [
  "SYMMETRIC_DEFAULT",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_SECG_P256K1",
  "ECC_NIST_EDWARDS25519",
  "ML_DSA_44",
  "ML_DSA_65",
  "ML_DSA_87",
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "HMAC_224",
  "HMAC_256",
  "HMAC_384",
  "HMAC_512",
] as const;

/** A kind of key that this server makes. */
export type KeySpec = (typeof keySpecs)[number];

// Source: AWS KMS API Reference, CreateKey (KeySpec, KeyUsage) and KeyMetadata.
const specs: Readonly<Record<KeySpec, SpecFacts>> = {
  SYMMETRIC_DEFAULT: {
    usages: ["ENCRYPT_DECRYPT"],
    encryption: ["SYMMETRIC_DEFAULT"],
    material: async () => createSecretKey(randomBytes(32)),
  },
  ECC_NIST_P256: ecc("P-256", "ECDSA_SHA_256"),
  ECC_NIST_P384: ecc("P-384", "ECDSA_SHA_384"),
  ECC_NIST_P521: ecc("P-521", "ECDSA_SHA_512"),
  ECC_SECG_P256K1: ecc("secp256k1", "ECDSA_SHA_256"),
  ECC_NIST_EDWARDS25519: {
    usages: ["SIGN_VERIFY"],
    signing: ["ED25519_SHA_512", "ED25519_PH_SHA_512"],
    material: async () => (await generate("ed25519")).privateKey,
  },
  ML_DSA_44: mlDsa("ml-dsa-44"),
  ML_DSA_65: mlDsa("ml-dsa-65"),
  ML_DSA_87: mlDsa("ml-dsa-87"),
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  HMAC_224: hmac(224),
  HMAC_256: hmac(256),
  HMAC_384: hmac(384),
  HMAC_512: hmac(512),
};

/** The facts of one kind of key. */
export function factsOf(spec: KeySpec): SpecFacts {
  return specs[spec];
}
