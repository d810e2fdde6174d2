import { constants, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { invalid, unsupported } from "./fault.ts";
import { currentMaterial, type Key } from "./key.ts";

/** How the message of Sign and Verify is to be taken. */
export type MessageType = "RAW" | "DIGEST" | "EXTERNAL_MU";

interface Scheme {
  readonly kind: "ecdsa" | "pkcs1" | "pss" | "ed25519" | "ml-dsa";
  readonly hash?: "sha256" | "sha384" | "sha512";
  readonly messages: readonly MessageType[];
}

const hashed = ["RAW", "DIGEST"] as const;

// Source: AWS KMS API Reference, Sign (SigningAlgorithm, MessageType).
const schemes: Readonly<Record<string, Scheme>> = {
  ECDSA_SHA_256: { kind: "ecdsa", hash: "sha256", messages: hashed },
  ECDSA_SHA_384: { kind: "ecdsa", hash: "sha384", messages: hashed },
  ECDSA_SHA_512: { kind: "ecdsa", hash: "sha512", messages: hashed },
  RSASSA_PKCS1_V1_5_SHA_256: { kind: "pkcs1", hash: "sha256", messages: hashed },
  RSASSA_PKCS1_V1_5_SHA_384: { kind: "pkcs1", hash: "sha384", messages: hashed },
  RSASSA_PKCS1_V1_5_SHA_512: { kind: "pkcs1", hash: "sha512", messages: hashed },
  RSASSA_PSS_SHA_256: { kind: "pss", hash: "sha256", messages: hashed },
  RSASSA_PSS_SHA_384: { kind: "pss", hash: "sha384", messages: hashed },
  RSASSA_PSS_SHA_512: { kind: "pss", hash: "sha512", messages: hashed },
  ED25519_SHA_512: { kind: "ed25519", messages: ["RAW"] },
  ED25519_PH_SHA_512: { kind: "ed25519", messages: ["DIGEST"] },
  ML_DSA_SHAKE_256: { kind: "ml-dsa", messages: ["RAW", "EXTERNAL_MU"] },
};

const digestBytes = { sha256: 32, sha384: 48, sha512: 64 } as const;
const muBytes = 64;

/** The names of all signing algorithms that AWS KMS has. */
export const signingAlgorithms: readonly string[] = [...Object.keys(schemes), "SM2DSA"];

/** Throws ValidationException unless the message fits its type and the algorithm. */
export function assertMessage(algorithm: string, type: MessageType, message: Buffer): void {
  const scheme = schemeOf(algorithm);
  if (!scheme.messages.includes(type)) throw invalid(`MessageType ${type} is not valid for algorithm ${algorithm}.`);
  const wanted = scheme.kind === "ed25519" ? 64 : scheme.hash && digestBytes[scheme.hash];
  if (type === "DIGEST" && message.length !== wanted)
    throw invalid(`Digest is invalid length for algorithm ${algorithm}.`);
  if (type === "EXTERNAL_MU" && message.length !== muBytes) throw invalid(`External mu must be ${muBytes} bytes.`);
}

/** The public half of the key's current material. */
export function publicKeyOf(key: Key): KeyObject {
  return createPublicKey(currentMaterial(key).secret);
}

/** Signs; ECDSA signatures are DER, PSS salts as long as the digest. */
export async function signMessage(key: Key, algorithm: string, type: MessageType, message: Buffer): Promise<Buffer> {
  const { kind, hash } = schemeOf(algorithm);
  const secret = currentMaterial(key).secret;
  if (type === "EXTERNAL_MU") return (await import("./prehashed.ts")).signMu(secret, message);
  if (type === "DIGEST") {
    const prehashed = await import("./prehashed.ts");
    if (kind === "ecdsa") return prehashed.signEcdsa(secret, message);
    return kind === "pss"
      ? prehashed.signPss(secret, hash ?? "", message)
      : prehashed.signPkcs1(secret, hash ?? "", message);
  }
  return sign(hash, message, { key: secret, ...paddingOf(kind) });
}

/** True when the signature is one of this key over this message. Never throws for a bad signature. */
export async function verifyMessage(
  key: Key,
  algorithm: string,
  type: MessageType,
  message: Buffer,
  signature: Buffer,
): Promise<boolean> {
  const { kind, hash } = schemeOf(algorithm);
  const publicKey = publicKeyOf(key);
  if (type === "EXTERNAL_MU") return (await import("./prehashed.ts")).verifyMu(publicKey, message, signature);
  if (type === "DIGEST") {
    const prehashed = await import("./prehashed.ts");
    if (kind === "ecdsa") return prehashed.verifyEcdsa(publicKey, message, signature);
    return kind === "pss"
      ? prehashed.verifyPss(publicKey, hash ?? "", message, signature)
      : prehashed.verifyPkcs1(publicKey, hash ?? "", message, signature);
  }
  return verify(hash, message, { key: publicKey, ...paddingOf(kind) }, signature);
}

function schemeOf(algorithm: string): Scheme {
  const scheme = schemes[algorithm];
  if (!scheme || algorithm === "ED25519_PH_SHA_512") {
    throw unsupported(`SigningAlgorithm ${algorithm} is not supported by this server`);
  }
  return scheme;
}

function paddingOf(kind: Scheme["kind"]): { padding?: number; saltLength?: number; dsaEncoding?: "der" } {
  if (kind === "ecdsa") return { dsaEncoding: "der" };
  if (kind === "pkcs1") return { padding: constants.RSA_PKCS1_PADDING };
  if (kind === "pss") {
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  }
  return {};
}
