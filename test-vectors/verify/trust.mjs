// Trust policies: spec 5.1.
import { readFileSync } from "node:fs";
import { readCoseSign, readKey, suites, verifySignatures } from "./cose.mjs";
import { must, refuse } from "./refusal.mjs";
import { readJson, satisfies } from "./schema.mjs";

const schema = JSON.parse(readFileSync(new URL("../../schemas/trust.schema.json", import.meta.url), "utf8"));
const isInstant = (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value);

/** An instant in seconds since the epoch; a date that doesn't exist is refused (TRU-1). */
function seconds(instant) {
  const milliseconds = Date.parse(instant);
  const exists = !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(instant.slice(0, 19));
  must(exists, "trust-schema");
  return milliseconds / 1000;
}

/** A copy with every instant in seconds. */
function withSeconds(value, name = "") {
  if (Array.isArray(value)) return value.map((item) => withSeconds(item));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withSeconds(member, key)]));
  }
  const dated = ["expires", "notBefore", "notAfter", "invalidSince", "signUntil", "verifyUntil", "from"];
  return dated.includes(name) && isInstant(value) ? seconds(value) : value;
}

const listRoles = ["status", "hold"];
const scopedRoles = ["issue", "policy", "derive", ...listRoles];
const timedRoles = ["issue", "anchor"];

/** TRU-2, TRU-3: the keys of a signer are those of its suite, in order. */
function readSigner(signer) {
  must(signer.scope === undefined || scopedRoles.includes(signer.role), "trust-schema");
  must(signer.scope !== undefined || !listRoles.includes(signer.role), "trust-schema");
  must(signer.trustedTime !== true || timedRoles.includes(signer.role), "trust-schema");
  const suite = suites.get(signer.suite);
  must(suite !== undefined && suite.algorithms.length === signer.keys.length, "trust-schema");
  const keys = signer.keys.map(({ thumbprint, publicKey }, index) => {
    const raw = Buffer.from(publicKey, "base64url");
    must(raw.toString("base64url") === publicKey, "key-mismatch");
    const key = readKey(suite.algorithms[index], raw);
    must(key.thumbprint === thumbprint, "trust-schema");
    return key;
  });
  return { ...signer, keys };
}

/** TRU-12: no prefix of a hold signer begins one of a status signer, or the other way round, and none ends in a host. */
function checkLists(signers) {
  const scopes = (role) => signers.filter((signer) => signer.role === role).flatMap(({ scope }) => scope);
  const shared = (hold) => scopes("status").some((one) => one.startsWith(hold) || hold.startsWith(one));
  must(!scopes("hold").some(shared), "trust-schema");
  const endsInHost = (prefix) => /^[a-z][a-z0-9+.-]*:\/\/[^/]*$/i.test(prefix);
  must(![...scopes("status"), ...scopes("hold")].some(endsInHost), "trust-schema");
}

const kems = {
  "x-wing": { size: 1216, coefficients: 768 },
  "ml-kem-768": { size: 1184, coefficients: 768 },
  "ml-kem-1024": { size: 1568, coefficients: 1024 },
};

/** TRU-13: one entry a URI, each key one of its kind. */
function checkRecipientKeys(keys) {
  const uris = new Set(keys.map(({ uri }) => uri));
  must(uris.size === keys.length, "trust-schema");
  for (const { kind, publicKey } of keys) {
    const raw = Buffer.from(publicKey, "base64url");
    must(raw.toString("base64url") === publicKey && raw.length === kems[kind].size, "key-mismatch");
    for (let index = 0; index < kems[kind].coefficients; index += 1) {
      const bit = index * 12;
      const pair = raw.readUInt16LE(Math.floor(bit / 8));
      must(((bit % 8 === 0 ? pair : pair >> 4) & 0xfff) < 3329, "key-mismatch");
    }
  }
}

/** TRU-1 to TRU-3, TRU-12, TRU-13. */
export function readTrustPolicy(bytes) {
  const document = readJson(bytes);
  must(satisfies(document, schema), "trust-schema");
  const policy = withSeconds(document);
  const signers = policy.signers.map(readSigner);
  checkLists(signers);
  checkRecipientKeys(policy.recipientKeys ?? []);
  const thumbprints = signers.flatMap(({ keys }) => keys.map(({ thumbprint }) => thumbprint));
  must(new Set(thumbprints).size === thumbprints.length, "trust-schema"); // TRU-2
  return { ...policy, signers, suites: new Map(Object.entries(policy.suites)) };
}

/** TRU-4. */
export function checkCurrent(trust, now) {
  must(now < trust.expires, "trust-expired");
}

/** TRU-5, SUI-3: the one signer whose keys these are, with every signature verified. */
export function verifySigner(trust, sign, detachedPayload) {
  const signer = trust.signers.find(
    ({ keys }) =>
      keys.length === sign.signatures.length &&
      keys.every(
        ({ algorithm, thumbprint }, index) =>
          sign.signatures[index].algorithm === algorithm && sign.signatures[index].thumbprint === thumbprint,
      ),
  );
  if (signer === undefined) refuse("signer-unknown");
  verifySignatures(sign, signer.keys, detachedPayload);
  return signer;
}

export const checkRole = (signer, ...roles) => must(roles.includes(signer.role), "signer-role"); // TRU-6

/** TRU-6: notBefore ≤ time < notAfter. */
export function checkDates({ notBefore = -Infinity, notAfter = Infinity }, time) {
  must(notBefore <= time && time < notAfter, "signer-dates");
}

/** TRU-11, POM-3. */
export const withinScope = ({ scope }, id) => scope === undefined || scope.some((prefix) => id.startsWith(prefix));

/** SUI-5: a suite that the trust policy names, before its signUntil. */
export function checkSuite(trust, suite, madeAt) {
  const dates = trust.suites.get(suite);
  must(dates !== undefined && madeAt < (dates.signUntil ?? Infinity), "suite-lapsed");
}

/** SUI-5, TRU-9: whether a suite that is named still counts when it is judged. */
export const acceptsSuite = (trust, suite, judgedAt) => judgedAt < (trust.suites.get(suite).verifyUntil ?? Infinity);

/** TRU-8: whether a signature of a signer isn't voided by its mark, given what dates it. */
export function markHolds({ authority, invalidSince }, dating) {
  if (invalidSince === undefined) return true;
  return dating.some(
    ({ counts, signer, time }) =>
      counts &&
      signer.authority !== authority &&
      signer.invalidSince === undefined &&
      signer.trustedTime === true &&
      time < invalidSince,
  );
}

/** TRU-15: what a reader may take that keeps no sequence. */
const maxSecondsWithoutMemory = 90 * 24 * 60 * 60;

/** TRU-7, TRU-15: the policy inside a COSE_Sign by pinned keys; a sequence below the highest seen is refused, and a late end where none is kept. */
export function readSignedTrustPolicy(message, pinned, highestSeen, now) {
  const sign = readCoseSign(message, "trust");
  const exact =
    sign.signatures.length === pinned.length &&
    pinned.every((key, index) => {
      const { algorithm, thumbprint } = sign.signatures[index];
      return key.algorithm === algorithm && key.thumbprint === thumbprint;
    });
  must(exact, "signer-unknown");
  verifySignatures(sign, pinned);
  const trust = readTrustPolicy(sign.payload);
  const accepted =
    highestSeen === undefined ? trust.expires - now <= maxSecondsWithoutMemory : trust.sequence >= highestSeen;
  must(accepted, "trust-sequence");
  return trust;
}
