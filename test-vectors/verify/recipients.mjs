// Recipients: spec 1.6. The form of each kind, what it is bound to, its era, and from a private key the way to its secret.
import {
  constants,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  privateDecrypt,
} from "node:crypto";
import { decode, encode } from "./cbor.mjs";
import { hash } from "./cose.mjs";
import { must } from "./refusal.mjs";

const eras = ["classical", "hybrid", "pq"];
const rsa = { 256: "classical", 384: "classical", 512: "classical" };
const kem = { 1088: "pq", 1120: "hybrid", 1568: "pq" };
const kinds = {
  "kms-symmetric": { carriesContext: true, eraOf: () => "pq" },
  kem: { carriesContext: false, eraOf: (size) => kem[size] },
  "kms-kem": { carriesContext: false, eraOf: (size) => kem[size] },
  "kms-rsa": { carriesContext: false, eraOf: (size) => rsa[size] },
  "kms-wrap-noaad": { carriesContext: false, eraOf: (size) => ({ 40: "pq" })[size] },
};

export const recipientKinds = Object.keys(kinds);

/** RCP-2, RCP-11. */
export function checkForm(recipient) {
  const { kind, blob, bound } = recipient;
  must(kinds[kind].eraOf(blob.length) !== undefined, "structure");
  must((bound === null) === kinds[kind].carriesContext, "structure");
  return recipient;
}

const isClassicalGroup = (group) => group !== undefined && group !== "none" && !/ml-?kem/i.test(group);

/** RCP-7. */
export function wrapEraOf({ recipients, exposures }) {
  if (exposures.length > 0) return "classical";
  const found = recipients.map(({ kind, blob, transportGroup }) =>
    isClassicalGroup(transportGroup) ? 0 : eras.indexOf(kinds[kind].eraOf(blob.length)),
  );
  return found.length === 0 ? null : eras[Math.min(...found)];
}

/** RCP-3, RCP-4. Required pairs aren't stored: their values are given. */
export function contextOf({ core, policyNames }, { batchId }, given = {}) {
  const digests = policyNames
    .map((name) => encode([-43, Buffer.from(name, "hex")]))
    .toSorted(Buffer.compare)
    .map((digest) => decode(digest));
  const required = (core.custodyRule.requiredPairs ?? []).map((name) => [name, given[name]]);
  const subject =
    batchId === undefined ? ["writ-artifact", core.artifactId.toString("base64url")] : ["writ-batch", batchId];
  return Object.fromEntries([
    ...(core.custodyRule.pairs ?? []),
    ...required,
    subject,
    ["writ-policy", hash(-16, encode(digests)).toString("base64url")],
  ]);
}

/** RCP-2: SHA-384 over the CBOR map of the whole context. */
export const contextDigest = (context) => hash(-43, encode(new Map(Object.entries(context))));

const callersPairLimit = 8 - 2; // writ-artifact and writ-policy are pairs too

/** RCP-3: the pairs of a custody rule and the names of its required ones. */
function checkPairs({ pairs = new Map(), requiredPairs = [] }) {
  const names = [...pairs.keys(), ...requiredPairs];
  must(names.length <= callersPairLimit && new Set(names).size === names.length, "context-invalid");
  for (const name of names) must(/^(?!writ-|aws:|aws-)[a-z0-9._-]{1,128}$/.test(name), "context-invalid");
}

/** What ingest asks of recipients besides RCP-5: RCP-3, RCP-2 where the context is known, RCP-13. */
export function checkRecipients(state, recipients, classification) {
  checkPairs(state.core.custodyRule);
  for (const recipient of recipients) {
    must(recipient.batchId === undefined || ["public", "internal"].includes(classification), "custody-rule");
    if (recipient.bound === null || state.core.custodyRule.requiredPairs !== undefined) continue;
    must(contextDigest(contextOf(state, recipient)).equals(recipient.bound), "context-invalid");
  }
}

/** RFC 3394: the key that was wrapped, or null. */
export function unwrapKey(kek, wrapped) {
  const decipher = createDecipheriv("id-aes256-wrap", kek, Buffer.alloc(8, 0xa6));
  try {
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    return null; // another key, or a changed wrap
  }
}

const der = {
  x25519: { pkcs8: "302e020100300506032b656e04220420", spki: "302a300506032b656e032100" },
  "ml-kem-768": { pkcs8: "3054020100300b060960864801650304040204428040" },
  "ml-kem-1024": { pkcs8: "3054020100300b060960864801650304040304428040" },
};

const privateKey = (type, raw) =>
  createPrivateKey({ key: Buffer.concat([Buffer.from(der[type].pkcs8, "hex"), raw]), format: "der", type: "pkcs8" });

/** draft-connolly-cfrg-xwing-kem: both secrets, the ciphertext's point, the public point and the label under SHA3-256. */
function xWing(seed, ciphertext) {
  const expanded = createHash("shake256", { outputLength: 96 }).update(seed).digest();
  const first = decapsulate(privateKey("ml-kem-768", expanded.subarray(0, 64)), ciphertext.subarray(0, 1088));
  const scalar = privateKey("x25519", expanded.subarray(64));
  const point = ciphertext.subarray(1088);
  const spki = Buffer.concat([Buffer.from(der.x25519.spki, "hex"), point]);
  const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
  const publicPoint = createPublicKey(scalar).export({ format: "der", type: "spki" }).subarray(12);
  const second = diffieHellman({ privateKey: scalar, publicKey });
  return createHash("sha3-256")
    .update(Buffer.concat([first, second, point, publicPoint]))
    .update("\\.//^\\")
    .digest();
}

/** The secret S that a blob holds, by the private key that a vector gives (RCP-1, RCP-11). */
export function secretOf({ kind, blob }, key) {
  const raw = Buffer.from(key, "hex");
  if (kind === "kms-wrap-noaad") return unwrapKey(raw, blob);
  if (kind === "kms-rsa")
    return privateDecrypt(
      {
        key: createPrivateKey({ key: raw, format: "der", type: "pkcs8" }),
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: "sha256",
      },
      blob,
    );
  if (blob.length === 1120) return xWing(raw, blob);
  return decapsulate(privateKey(blob.length === 1088 ? "ml-kem-768" : "ml-kem-1024", raw), blob);
}
