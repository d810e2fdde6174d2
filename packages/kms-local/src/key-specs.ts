import { createPrivateKey, createSecretKey, generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/** What AWS knows of a kind of key: its uses, its algorithms, and how its material is made. */
export interface SpecFacts {
  readonly usages: readonly KeyUsage[];
  readonly encryption?: readonly string[];
  readonly signing?: readonly string[];
  readonly mac?: readonly string[];
  readonly agreement?: readonly string[];
  readonly encapsulation?: readonly string[];
  /** Type and size of its material, as `kindOf` tells them. */
  readonly kind: string;
  readonly material: () => Promise<KeyObject>;
}

/** The uses that a key can have. */
export const keyUsages = [
  "ENCRYPT_DECRYPT",
  "SIGN_VERIFY",
  "GENERATE_VERIFY_MAC",
  "KEY_AGREEMENT",
  "ENCAPSULATE_DECAPSULATE",
] as const;

/** What a key is for; a key has exactly one use. */
export type KeyUsage = (typeof keyUsages)[number];

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
    kind: `rsa ${modulusLength}`,
    material: async () => (await generate("rsa", { modulusLength })).privateKey,
  };
}

function ecc(namedCurve: string, algorithm: string): SpecFacts {
  return {
    usages: ["SIGN_VERIFY"],
    signing: [algorithm],
    kind: `ec ${namedCurve}`,
    material: async () => (await generate("ec", { namedCurve })).privateKey,
  };
}

/** A curve that ECDH runs on as well. */
function nist(namedCurve: string, algorithm: string): SpecFacts {
  return { ...ecc(namedCurve, algorithm), usages: ["SIGN_VERIFY", "KEY_AGREEMENT"], agreement: ["ECDH"] };
}

function mlKem(type: "ml-kem-512" | "ml-kem-768" | "ml-kem-1024"): SpecFacts {
  return {
    usages: ["ENCAPSULATE_DECAPSULATE"],
    encapsulation: ["ML_KEM"],
    kind: type,
    material: async () => (await generate(type)).privateKey,
  };
}

function mlDsa(type: "ml-dsa-44" | "ml-dsa-65" | "ml-dsa-87"): SpecFacts {
  return {
    usages: ["SIGN_VERIFY"],
    signing: ["ML_DSA_SHAKE_256"],
    kind: type,
    material: async () => (await generate(type)).privateKey,
  };
}

function hmac(bits: number): SpecFacts {
  return {
    usages: ["GENERATE_VERIFY_MAC"],
    mac: [`HMAC_SHA_${bits}`],
    kind: `secret ${bits / 8}`,
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
  "ML_KEM_512",
  "ML_KEM_768",
  "ML_KEM_1024",
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
    kind: "secret 32",
    material: async () => createSecretKey(randomBytes(32)),
  },
  ECC_NIST_P256: nist("prime256v1", "ECDSA_SHA_256"),
  ECC_NIST_P384: nist("secp384r1", "ECDSA_SHA_384"),
  ECC_NIST_P521: nist("secp521r1", "ECDSA_SHA_512"),
  ECC_SECG_P256K1: ecc("secp256k1", "ECDSA_SHA_256"),
  ECC_NIST_EDWARDS25519: {
    usages: ["SIGN_VERIFY"],
    signing: ["ED25519_SHA_512", "ED25519_PH_SHA_512"],
    kind: "ed25519",
    material: async () => (await generate("ed25519")).privateKey,
  },
  ML_DSA_44: mlDsa("ml-dsa-44"),
  ML_DSA_65: mlDsa("ml-dsa-65"),
  ML_DSA_87: mlDsa("ml-dsa-87"),
  ML_KEM_512: mlKem("ml-kem-512"),
  ML_KEM_768: mlKem("ml-kem-768"),
  ML_KEM_1024: mlKem("ml-kem-1024"),
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

/** The algorithms that a key of this kind and use knows, with the name of the member that lists them. */
export function algorithmsOf(
  spec: KeySpec,
  usage: KeyUsage,
): { readonly member: string; readonly names: readonly string[] } {
  const facts = specs[spec];
  const lists: Readonly<Record<KeyUsage, readonly [string, readonly string[] | undefined]>> = {
    ENCRYPT_DECRYPT: ["EncryptionAlgorithms", facts.encryption],
    SIGN_VERIFY: ["SigningAlgorithms", facts.signing],
    GENERATE_VERIFY_MAC: ["MacAlgorithms", facts.mac],
    KEY_AGREEMENT: ["KeyAgreementAlgorithms", facts.agreement],
    ENCAPSULATE_DECAPSULATE: ["EncapsulationAlgorithms", facts.encapsulation],
  };
  const [member, names = []] = lists[usage];
  return { member, names };
}

/** Reads material of this kind: a bare secret or a PKCS #8 private key; null when it is none. */
export function readMaterial(spec: KeySpec, bytes: Buffer): KeyObject | null {
  const { kind } = specs[spec];
  const material = kind.startsWith("secret ") ? createSecretKey(bytes) : readPrivateKey(bytes);
  return material && kindOf(material) === kind ? material : null;
}

/** Material as `readMaterial` reads it. */
export function materialBytes(material: KeyObject): Buffer {
  return material.type === "secret" ? material.export() : material.export({ type: "pkcs8", format: "der" });
}

function readPrivateKey(bytes: Buffer): KeyObject | null {
  try {
    return createPrivateKey({ key: bytes, format: "der", type: "pkcs8" });
  } catch {
    return null;
  }
}

function kindOf(material: KeyObject): string {
  if (material.type === "secret") return `secret ${material.symmetricKeySize}`;
  const { namedCurve, modulusLength } = material.asymmetricKeyDetails ?? {};
  const size = namedCurve ?? modulusLength;
  return size === undefined ? `${material.asymmetricKeyType}` : `${material.asymmetricKeyType} ${size}`;
}
