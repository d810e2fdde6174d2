// The worked examples of spec 15, computed again from what they give: each name is a computation.
import { createCipheriv, createHmac, hkdfSync, verify } from "node:crypto";
import { inflateSync } from "node:zlib";
import { leafOf } from "./anchors.mjs";
import { decode, encode } from "./cbor.mjs";
import { coveredBytes, hash, readCoseSign, readKey, suites, verifySignatures } from "./cose.mjs";
import { treeRoot } from "./merkle.mjs";
import { must } from "./refusal.mjs";

const bytes = (hex) => Buffer.from(hex, "hex");
const ascii = (text) => Buffer.from(text, "utf8");
const sha384 = (...parts) => hash(-43, ...parts);
const digest = (alg, value) => [alg, value];
const name = (value) => digest(-43, value);
const hkdf = (secret, info, size) => Buffer.from(hkdfSync("sha384", secret, Buffer.alloc(0), info, size));

/** A JSON value as CBOR writes it. */
function cborOf(value) {
  if (Array.isArray(value)) return value.map(cborOf);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, member]) => [key, cborOf(member)]));
}

function aesGcm(key, iv, aad, plaintext) {
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function aesKw(key, plaintext) {
  const cipher = createCipheriv("id-aes256-wrap", key, Buffer.alloc(8, 0xa6));
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}

/** COS-4. */
function coseKey(alg, raw) {
  if (alg === -19)
    return new Map([
      [1, 1],
      [-1, 6],
      [-2, raw],
    ]);
  if (alg === -49 || alg === -50)
    return new Map([
      [1, 7],
      [3, alg],
      [-1, raw],
    ]);
  const half = (raw.length - 1) / 2;
  return new Map([
    [1, 2],
    [-1, alg === -9 ? 1 : 2],
    [-2, raw.subarray(1, 1 + half)],
    [-3, raw.subarray(1 + half)],
  ]);
}

function thumbprint({ alg, publicKey }) {
  const key = encode(coseKey(alg, bytes(publicKey)));
  return { coseKey: key, thumbprint: hash(-16, key) };
}

/** COS-1 to COS-3: headers and covered bytes are made anew; the signatures are then read as a reader reads them. */
function coseSign({ use, payload, keys }, { message, signatures }) {
  const body = encode(new Map([[16, `application/vnd.writ.${use.replaceAll(" ", "-")}`]]));
  const headers = keys.map((key) =>
    encode(
      new Map([
        [1, key.alg],
        [4, thumbprint(key).thumbprint],
      ]),
    ),
  );
  const content = bytes(payload);
  const isDetached = use === "anchor" || use === "policy";
  const covered = headers.map((header) => encode(["Signature", body, header, ascii(`writ/1 ${use}`), content]));
  const signers = headers.map((header, index) => [header, new Map(), bytes(signatures[index])]);
  const sign = readCoseSign(decode(bytes(message)), use);
  const publicKeys = keys.map(({ alg, publicKey }) => readKey(alg, bytes(publicKey)));
  verifySignatures(sign, publicKeys, isDetached ? content : null);
  must(
    coveredBytes(sign, isDetached ? content : null).every((one, index) => one.equals(covered[index])),
    "example",
  );
  return {
    externalAad: ascii(`writ/1 ${use}`),
    bodyProtected: body,
    signerProtected: headers,
    covered,
    signatures,
    message: encode([body, new Map(), isDetached ? null : content, signers]),
  };
}

/** HKDF-Expand-SHA-384 by its definition (RFC 5869 2.3). */
function expand(key, info, size) {
  const block = createHmac("sha384", key).update(info).update(Buffer.of(1)).digest();
  return block.subarray(0, size);
}

const parameters = bytes("00000010000000000020");

function position(value) {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}

/** CON-2 to CON-5, CON-8, CON-9, for content of one segment. */
function floe(given) {
  const [dataKey, aad, headerIv, iv, plaintext] = ["dataKey", "aad", "headerIv", "segmentIv", "plaintext"].map(
    (member) => bytes(given[member]),
  );
  const infoOf = (purpose) => Buffer.concat([parameters, headerIv, purpose, aad]);
  const headerTagInfo = infoOf(ascii("HEADER_TAG:"));
  const headerTag = expand(dataKey, headerTagInfo, 32);
  const messageKeyInfo = infoOf(ascii("MESSAGE_KEY:"));
  const messageKey = expand(dataKey, messageKeyInfo, 48);
  const segmentKeyInfo = infoOf(Buffer.concat([ascii("DEK:"), position(0)]));
  const segmentKey = expand(messageKey, segmentKeyInfo, 32);
  const segmentAad = Buffer.concat([position(0), Buffer.of(1)]);
  const marker = Buffer.alloc(4);
  marker.writeUInt32BE(32 + plaintext.length);
  const segment = Buffer.concat([marker, iv, aesGcm(segmentKey, iv, segmentAad, plaintext)]);
  const stored = Buffer.concat([parameters, headerIv, headerTag, segment]);
  const leaf = hash(-16, Buffer.of(0), segment);
  return {
    parameters,
    headerTagInfo,
    headerTag,
    messageKeyInfo,
    messageKey,
    segmentKeyInfo,
    segmentKey,
    segmentAad,
    segment,
    stored,
    sizeBytes: stored.length,
    leaf,
    root: treeRoot(-16, [leaf]),
  };
}

/** CON-4. */
function segmentKey({ messageKey, aad, headerIv, position: at }) {
  const first = at - (at % 2 ** 20);
  const purpose = Buffer.concat([ascii("DEK:"), position(first)]);
  const info = Buffer.concat([parameters, bytes(headerIv), purpose, bytes(aad)]);
  return { first, segmentKeyInfo: info, segmentKey: expand(bytes(messageKey), info, 32) };
}

/** ART-4. */
const sorted = (items) => items.toSorted((a, b) => Buffer.compare(encode(a), encode(b)));

/** RCP-3, RCP-4. */
function context({ artifactId, batchId, policies, pairs, required = {} }) {
  const policySet = encode(sorted(policies.map((policy) => name(bytes(policy)))));
  const writPolicy = hash(-16, policySet).toString("base64url");
  const subject =
    batchId === undefined ? { "writ-artifact": bytes(artifactId).toString("base64url") } : { "writ-batch": batchId };
  const encoded = encode(cborOf({ ...pairs, ...required, ...subject, "writ-policy": writPolicy }));
  return { policySet, writPolicy, context: encoded, contextDigest: sha384(encoded) };
}

/** RCP-1, RCP-2. */
function wrap({ secret, artifactId, bound, dataKey }) {
  const info = encode(["writ/1 wrap", bytes(artifactId), bound === null ? null : bytes(bound)]);
  const kek = hkdf(bytes(secret), info, 32);
  return { info, kek, wrappedKey: aesKw(kek, bytes(dataKey)) };
}

/** ANC-4. */
const earlierOf = (anchors) =>
  encode(anchors.map(({ anchor, root }) => [bytes(anchor), root === null ? null : bytes(root)]));

/** ANC-1. */
function statement({ kind, artifactId, core, keys, contentRoot, earlier, issuedAt, suite }) {
  const { hash: alg } = suites.get(suite);
  const earlierEncoded = earlierOf(earlier);
  const found = {
    hash: alg,
    coreDigest: hash(alg, bytes(core)),
    keysDigest: hash(alg, bytes(keys)),
    earlierEncoded,
    earlierDigest: hash(alg, earlierEncoded),
  };
  const members = [
    1,
    kind,
    bytes(artifactId),
    earlier.length,
    alg,
    found.coreDigest,
    found.keysDigest,
    digest(contentRoot[0], bytes(contentRoot[1])),
    found.earlierDigest,
    issuedAt,
    suite,
  ];
  return { ...found, statement: encode(new Map(members.map((member, index) => [index + 1, member]))) };
}

/** RFC 9162 2.1.3.1. */
function pathOf(alg, leaves, index) {
  if (leaves.length === 1) return [];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...pathOf(alg, left, index), treeRoot(alg, right)]
    : [...pathOf(alg, right, index - split), treeRoot(alg, left)];
}

/** BAT-2, BAT-5. */
function tree({ hash: alg, leaves, index }) {
  const read = leaves.map(bytes);
  return { root: treeRoot(alg, read), path: pathOf(alg, read, index) };
}

/** ANC-2. */
function batchedAnchor({ statement: stated, salt, treeSize, index, path, rootMessage }) {
  const rootName = sha384(bytes(rootMessage));
  const proof = [bytes(salt), treeSize, index, path.map(bytes), name(rootName)];
  const evidence = new Map(proof.map((member, at) => [at + 1, member]));
  return {
    rootName,
    anchor: encode(
      new Map([
        [1, bytes(stated)],
        [2, evidence],
      ]),
    ),
  };
}

/** ART-1, ART-10. */
function artifact({ core, keys, anchors, attachments }) {
  const parts = [bytes(core), bytes(keys), anchors.map(bytes)];
  const head = encode(parts);
  return { head, headDigest: sha384(head), artifact: encode(["writ", 1, ...parts, attachments.map(bytes)]) };
}

/** CAR-1. */
function envelope({ artifact: bare, content }) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes(bare).length);
  return { envelope: Buffer.concat([bytes("89575249540d0a01"), length, bytes(bare), bytes(content)]) };
}

/** APR-1. */
function layerSet({ layers }) {
  const entries = layers.map(
    ({ policy, parameters, via }) =>
      new Map([
        [1, name(bytes(policy))],
        ...(parameters === undefined ? [] : [[2, cborOf(parameters)]]),
        ...(via === undefined ? [] : [[3, sorted(via)]]),
      ]),
  );
  const encoded = encode(sorted(entries));
  return { encoded, digest: sha384(encoded) };
}

/** RAN-16. */
function report({ hash: alg, entries }) {
  const encoded = entries.map((entry) => encode(["writ/1 report leaf", bytes(entry)]));
  const leaves = encoded.map((one) => hash(alg, Buffer.of(0), one));
  return { encoded, leaves, root: treeRoot(alg, leaves) };
}

const jwsNames = new Map([
  [-19, "EdDSA"],
  [-49, "ML-DSA-65"],
]);

/** STS-2, STS-3, STS-9. */
function jws({ payload, protected: headers, keys }, { token, values }) {
  const body = ascii(payload).toString("base64url");
  const signed = headers.map((header) => `${ascii(header).toString("base64url")}.${body}`);
  const isCompact = keys.length === 1;
  const signatures = isCompact ? [{ signature: token.split(".")[2] }] : JSON.parse(token).signatures;
  for (const [index, { alg, publicKey }] of keys.entries()) {
    must(JSON.parse(headers[index]).alg === jwsNames.get(alg), "example");
    const signature = Buffer.from(signatures[index].signature, "base64url");
    must(verify(null, ascii(signed[index]), readKey(alg, bytes(publicKey)).publicKey, signature), "signature-invalid");
  }
  const parts = signed.map((one, index) => ({ protected: one.split(".")[0], signature: signatures[index].signature }));
  const whole = isCompact ? `${signed[0]}.${parts[0].signature}` : JSON.stringify({ payload: body, signatures: parts });
  if (values === undefined) return { signed, token: whole };
  const { bits, lst } = JSON.parse(payload).status_list;
  const list = inflateSync(Buffer.from(lst, "base64url"));
  const valueAt = (_, index) => (list[Math.floor((index * bits) / 8)] >> ((index * bits) % 8)) & (2 ** bits - 1);
  return { signed, token: whole, bytes: list, values: Array.from({ length: values.length }, valueAt) };
}

/** CUS-21. */
function keystoreKeys({ input, salt }) {
  const infoOf = (use) => encode(["writ/1 keystore", bytes(salt), use]);
  const [sealInfo, macInfo, checkInfo] = ["seal", "mac", "check"].map(infoOf);
  const keyOf = (info, size) => hkdf(bytes(input), info, size);
  return {
    sealInfo,
    sealKey: keyOf(sealInfo, 32),
    macInfo,
    macKey: keyOf(macInfo, 32),
    checkInfo,
    check: keyOf(checkInfo, 16),
  };
}

/** CUS-22. */
function keystoreKey({ sealKey, salt, name: keyName, keyId, type, iv, secret }) {
  const aad = encode(["writ/1 local key", bytes(salt), keyName, bytes(keyId), type]);
  return { aad, sealed: aesGcm(bytes(sealKey), bytes(iv), aad, bytes(secret)) };
}

/** CUS-20, CUS-23, for a file of one AES key. */
function keystoreFile({
  macKey,
  protection: kind,
  salt,
  check,
  name: keyName,
  keyId,
  type,
  createdAt,
  state,
  iv,
  sealed,
}) {
  const entry = [keyName, bytes(keyId), type, createdAt, state, bytes(iv), bytes(sealed)];
  const body = encode([new Map(entry.map((member, index) => [index + 1, member]))]);
  const protection = new Map([
    [1, kind],
    [2, bytes(salt)],
    [3, bytes(check)],
  ]);
  const parts = ["writ keystore", 1, protection, body];
  const mac = createHmac("sha384", bytes(macKey)).update(encode(parts)).digest();
  return { file: encode([...parts, mac]) };
}

/** CUS-24. */
function keystoreWrap({ key, name: keyName, keyId, iv, context: pairs, secret }) {
  const aad = encode(["writ/1 local wrap", keyName, cborOf(pairs)]);
  const sealed = aesGcm(bytes(key), bytes(iv), aad, bytes(secret));
  return { aad, blob: Buffer.concat([Buffer.of(1), bytes(keyId), bytes(iv), sealed]) };
}

const computations = {
  thumbprint,
  "cose-sign": coseSign,
  "content-aad": ({ artifactId, firstIssuer }) => ({
    aad: encode(["writ/1 content", bytes(artifactId), firstIssuer]),
  }),
  floe,
  "segment-key": segmentKey,
  context,
  wrap,
  document: ({ document }) => ({ document: encode(cborOf(document)), digest: sha384(encode(cborOf(document))) }),
  "policy-message": ({ document, signature }) => {
    const message = encode([bytes(document), decode(bytes(signature))]);
    return { message, name: sha384(message) };
  },
  name: ({ bytes: named }) => ({ name: sha384(bytes(named)) }),
  names: ({ items }) => ({ names: items.map((item) => sha384(bytes(item))) }),
  statement,
  artifact,
  envelope,
  leaf: ({ hash: alg, label, message, salt }) => ({
    encoded: encode([label, bytes(message), bytes(salt)]),
    leaf: leafOf(alg, label, bytes(message), bytes(salt)),
  }),
  tree,
  "batched-anchor": batchedAnchor,
  "anchors-name": ({ anchors }) => ({ encoded: earlierOf(anchors), name: sha384(earlierOf(anchors)) }),
  "layer-set": layerSet,
  request: ({ request }) => ({ encoded: encode(cborOf(request)), digest: sha384(encode(cborOf(request))) }),
  report,
  jws,
  "keystore-keys": keystoreKeys,
  "keystore-key": keystoreKey,
  "keystore-file": keystoreFile,
  "keystore-wrap": keystoreWrap,
};

/** Bytes as an example's file has them. */
function shown(value) {
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([member, one]) => [member, shown(one)]));
}

/** What follows from what an example gives; signatures, which need private keys, are only verified. */
export function computeExample({ computation, given, gives }) {
  const compute = computations[computation];
  must(compute !== undefined, "example");
  return shown(compute(given, gives));
}
