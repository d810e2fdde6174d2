// Suites, keys and COSE_Sign: spec 1.4.
import { createHash, createPublicKey, verify } from "node:crypto";
import { decode, encode } from "./cbor.mjs";
import { must } from "./refusal.mjs";

const ed25519 = -19;
const esp256 = -9;
const esp384 = -51;
const mldsa65 = -49;
const mldsa87 = -50;
const curves = new Map([
  [
    esp256,
    {
      name: "P-256",
      number: 1,
      size: 32,
      digest: "sha256",
      order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    },
  ],
  [
    esp384,
    {
      name: "P-384",
      number: 2,
      size: 48,
      digest: "sha384",
      order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    },
  ],
]);
const modules = new Map([
  [mldsa65, { name: "ML-DSA-65", size: 1952 }],
  [mldsa87, { name: "ML-DSA-87", size: 2592 }],
]);

/** SUI-1: the table of suites. */
export const suites = new Map([
  ["ed25519", { algorithms: [ed25519], hash: -16, era: "classical" }],
  ["p256", { algorithms: [esp256], hash: -16, era: "classical" }],
  ["p384", { algorithms: [esp384], hash: -43, era: "classical" }],
  ["ed25519+mldsa65", { algorithms: [ed25519, mldsa65], hash: -43, era: "hybrid" }],
  ["p384+mldsa65", { algorithms: [esp384, mldsa65], hash: -43, era: "hybrid" }],
  ["p384+mldsa87", { algorithms: [esp384, mldsa87], hash: -43, era: "hybrid" }],
  ["mldsa65", { algorithms: [mldsa65], hash: -43, era: "pq" }],
  ["mldsa87", { algorithms: [mldsa87], hash: -44, era: "pq" }],
]);
const hashNames = new Map([
  [-16, "sha256"],
  [-43, "sha384"],
  [-44, "sha512"],
]);
const signatureSizes = new Map([
  [ed25519, 64],
  [esp256, 64],
  [esp384, 96],
  [mldsa65, 3309],
  [mldsa87, 4627],
]);

/** The hash of a COSE number over parts. */
export function hash(algorithm, ...parts) {
  const state = createHash(hashNames.get(algorithm));
  for (const part of parts) state.update(part);
  return state.digest();
}

export const nameOf = (bytes) => hash(-43, bytes).toString("hex"); // ART-6

const base64url = (bytes) => bytes.toString("base64url");

/** The COSE_Key and JWK of a raw public key, or null where its bytes can't be one. */
function keyForms(algorithm, raw) {
  if (algorithm === ed25519 && raw.length === 32) {
    return {
      cose: [
        [1, 1],
        [-1, 6],
        [-2, raw],
      ],
      jwk: { kty: "OKP", crv: "Ed25519", x: base64url(raw) },
    };
  }
  const curve = curves.get(algorithm);
  if (curve !== undefined && raw.length === 1 + 2 * curve.size && raw[0] === 4) {
    const [x, y] = [raw.subarray(1, 1 + curve.size), raw.subarray(1 + curve.size)];
    return {
      cose: [
        [1, 2],
        [-1, curve.number],
        [-2, x],
        [-3, y],
      ],
      jwk: { kty: "EC", crv: curve.name, x: base64url(x), y: base64url(y) },
    };
  }
  const module = modules.get(algorithm);
  if (module !== undefined && raw.length === module.size) {
    return {
      cose: [
        [1, 7],
        [3, algorithm],
        [-1, raw],
      ],
      jwk: { kty: "AKP", alg: module.name, pub: base64url(raw) },
    };
  }
  return null;
}

/** COS-4: a key with its thumbprint in hex, or `key-mismatch`. */
export function readKey(algorithm, raw) {
  const forms = keyForms(algorithm, raw);
  must(forms !== null, "key-mismatch");
  const thumbprint = hash(-16, encode(new Map(forms.cose))).toString("hex");
  let publicKey = null;
  try {
    publicKey = createPublicKey({ key: forms.jwk, format: "jwk" });
  } catch {
    publicKey = null;
  }
  must(publicKey !== null, "key-mismatch");
  return { algorithm, thumbprint, publicKey };
}

const isEmptyMap = (value) => value instanceof Map && value.size === 0;

function protectedHeader(bytes, labels) {
  must(Buffer.isBuffer(bytes) && bytes.length > 0, "cose-structure"); // RFC 9052, 3: no bytes are an empty header
  const header = decode(bytes);
  must(header instanceof Map && header.size === labels.length, "cose-structure");
  must(
    labels.every((label) => header.has(label)),
    "cose-structure",
  ); // COS-5: no other header
  return header;
}

function readSignature(value) {
  must(Array.isArray(value) && value.length === 3 && isEmptyMap(value[1]), "cose-structure");
  const [headerBytes, , signature] = value;
  const header = protectedHeader(headerBytes, [1, 4]);
  const [algorithm, kid] = [header.get(1), header.get(4)];
  must(signatureSizes.has(algorithm), "cose-structure");
  must(Buffer.isBuffer(kid) && kid.length === 32, "cose-structure");
  must(Buffer.isBuffer(signature), "cose-structure");
  return { headerBytes, algorithm, thumbprint: kid.toString("hex"), signature };
}

const detached = ["anchor", "policy"]; // COS-3

/** COS-1, COS-2, COS-5: a COSE_Sign of a use, unverified: its payload (null if detached) and signatures. */
export function readCoseSign(value, use) {
  must(Array.isArray(value) && value.length === 4 && isEmptyMap(value[1]), "cose-structure");
  const [bodyBytes, , payload, list] = value;
  const typ = protectedHeader(bodyBytes, [16]).get(16);
  must(typ === `application/vnd.writ.${use.replaceAll(" ", "-")}`, "cose-structure");
  must(detached.includes(use) ? payload === null : Buffer.isBuffer(payload), "cose-structure");
  must(Array.isArray(list) && list.length >= 1 && list.length <= 4, "cose-structure");
  const signatures = list.map(readSignature);
  const kids = new Set(signatures.map(({ thumbprint }) => thumbprint));
  must(kids.size === signatures.length, "cose-structure");
  return { use, bodyBytes, payload, signatures };
}

function verifies({ algorithm, publicKey }, message, signature) {
  if (signature.length !== signatureSizes.get(algorithm)) return false; // SUI-4
  const curve = curves.get(algorithm);
  if (curve === undefined) return verify(null, message, publicKey, signature);
  const s = BigInt(`0x${signature.subarray(curve.size).toString("hex")}`);
  if (s > curve.order / 2n) return false;
  return verify(curve.digest, message, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
}

/** COS-3: what each signature covers. */
export function coveredBytes({ use, bodyBytes, payload, signatures }, detachedPayload = null) {
  const aad = Buffer.from(`writ/1 ${use}`, "utf8");
  return signatures.map(({ headerBytes }) =>
    encode(["Signature", bodyBytes, headerBytes, aad, payload ?? detachedPayload]),
  );
}

/** SUI-3: every signature under the keys of one signer, in order. */
export function verifySignatures(sign, keys, detachedPayload = null) {
  const covered = coveredBytes(sign, detachedPayload);
  must(
    keys.every((key, index) => verifies(key, covered[index], sign.signatures[index].signature)),
    "signature-invalid",
  );
}
