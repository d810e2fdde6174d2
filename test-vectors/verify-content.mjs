// Reads the vectors of content and of FLOE with node:crypto and cborg alone, from the spec (spec/2-content.md), and
// imports nothing of ours. verify.mjs runs it; `node test-vectors/verify-content.mjs` runs it alone.
import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { encode } from "cborg";

const contentSegmentBytes = 2 ** 20;
const hashNames = { sha256: 32, sha384: 48, sha512: 64 };

class Refusal extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const refuse = (code) => {
  throw new Refusal(code);
};
const bytesOf = (hex) => Buffer.from(hex, "hex");
const digest = (name, ...parts) => parts.reduce((hash, part) => hash.update(part), createHash(name)).digest();
const uint = (value, sizeBytes) => bytesOf(value.toString(16).padStart(sizeBytes * 2, "0"));

/** CON-3, CON-4: HKDF-Expand-SHA-384 of one block. */
function kdf(key, prefix, purpose, aad, length) {
  const info = Buffer.concat([prefix, purpose, aad, Buffer.of(1)]);
  return createHmac("sha384", key).update(info).digest().subarray(0, length);
}

function parameters(segmentBytes) {
  return Buffer.concat([Buffer.of(0, 0), uint(segmentBytes, 4), uint(32, 4)]);
}

function messageOf(key, prefix, aad) {
  const messageKey = kdf(key, prefix, Buffer.from("MESSAGE_KEY:"), aad, 48);
  const segmentKey = (position) => {
    const first = BigInt(position) & ~0xfffffn;
    return kdf(messageKey, prefix, Buffer.concat([Buffer.from("DEK:"), uint(first, 8)]), aad, 32);
  };
  return { messageKey, segmentKey, tag: kdf(key, prefix, Buffer.from("HEADER_TAG:"), aad, 32) };
}

/** CON-5. */
function encryptSegment(message, position, final, iv, plaintext) {
  const cipher = createCipheriv("aes-256-gcm", message.segmentKey(position), iv);
  cipher.setAAD(Buffer.concat([uint(position, 8), Buffer.of(final ? 1 : 0)]));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  const marker = final ? uint(sealed.length + 16, 4) : bytesOf("ffffffff");
  return Buffer.concat([marker, iv, sealed]);
}

/** CON-5, CON-7. */
function decryptSegment(message, position, final, segment) {
  const marker = final ? uint(segment.length, 4) : bytesOf("ffffffff");
  if (!segment.subarray(0, 4).equals(marker)) refuse("content-segment");
  const options = { authTagLength: 16 };
  const decipher = createDecipheriv("aes-256-gcm", message.segmentKey(position), segment.subarray(4, 16), options);
  decipher.setAAD(Buffer.concat([uint(position, 8), Buffer.of(final ? 1 : 0)]));
  decipher.setAuthTag(segment.subarray(-16));
  const plaintext = decipher.update(segment.subarray(16, -16));
  try {
    decipher.final();
  } catch {
    refuse("content-segment");
  }
  return plaintext;
}

function cut(body, segmentBytes) {
  const count = Math.ceil(body.length / segmentBytes);
  return Array.from({ length: count }, (_, index) => body.subarray(index * segmentBytes, (index + 1) * segmentBytes));
}

/** CON-9: the recursive definition of RFC 9162 2.1.1, over leaf hashes. */
function treeRoot(name, leaves) {
  if (leaves.length === 0) return digest(name);
  if (leaves.length === 1) return leaves[0];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return digest(name, Buffer.of(1), treeRoot(name, leaves.slice(0, split)), treeRoot(name, leaves.slice(split)));
}

const leafOf = (name, segment) => digest(name, Buffer.of(0), segment); // CON-8

/** CON-1. */
function bindingOf({ artifactId, firstIssuer }) {
  return Buffer.from(encode(["writ/1 content", bytesOf(artifactId), firstIssuer]));
}

function patternBytes({ repeat, sizeBytes }) {
  return Buffer.alloc(sizeBytes, repeat, "hex");
}

function writtenBytes(written) {
  const plaintext = patternBytes(written.plaintext);
  if (written.format === "opaque") return plaintext;
  const aad = bindingOf(written);
  const prefix = Buffer.concat([parameters(contentSegmentBytes), bytesOf(written.floeIv)]);
  const message = messageOf(bytesOf(written.dataKey), prefix, aad);
  const parts = plaintext.length === 0 ? [plaintext] : cut(plaintext, contentSegmentBytes - 32);
  const segments = parts.map((part, index) =>
    encryptSegment(message, index, index === parts.length - 1, bytesOf(written.segmentIvs[index]), part),
  );
  return Buffer.concat([prefix, message.tag, ...segments]);
}

function changed(stored, change, written) {
  if (change.kind === "cut") return stored.subarray(0, change.sizeBytes);
  if (change.kind === "append") return Buffer.concat([stored, bytesOf(change.hex)]);
  if (change.kind === "segments") {
    const segments = cut(stored.subarray(74), contentSegmentBytes);
    return Buffer.concat([stored.subarray(0, 74), ...change.order.map((index) => segments[index])]);
  }
  const copy = Buffer.from(stored);
  if (change.kind === "flip") copy[change.at] ^= change.mask;
  else if (change.kind === "forge") {
    const message = messageOf(bytesOf(written.dataKey), stored.subarray(0, 42), bindingOf(written));
    const segment = encryptSegment(
      message,
      change.position,
      change.final,
      bytesOf(change.iv),
      patternBytes(change.plaintext),
    );
    segment.copy(copy, 74 + change.index * contentSegmentBytes);
  } else throw new TypeError(`a change of unknown kind ${change.kind}`);
  return copy;
}

/** What a reader of spec 2 releases, and the code that ends it. */
function readContent(stored, { source, content, leaves, ...reader }) {
  const released = [];
  const { format, sizeBytes } = content;
  const [hashName, rootHex] = content.root.split(":");
  const headerBytes = format === "floe" ? 74 : 0;
  const segments = Math.ceil((sizeBytes - headerBytes) / contentSegmentBytes);
  const lastBytes = sizeBytes - headerBytes - (segments - 1) * contentSegmentBytes;
  try {
    if (format === "floe" && (segments < 1 || lastBytes < (segments > 1 ? 33 : 32))) refuse("content-size"); // CON-2
    const header = bytesOf(content.floeHeader ?? "");
    if (header.length !== headerBytes) refuse("content-header");
    let message;
    if (format === "floe") {
      if (!header.subarray(0, 10).equals(parameters(contentSegmentBytes))) refuse("content-header"); // CON-3
      message = messageOf(bytesOf(reader.dataKey), header.subarray(0, 42), bindingOf(reader));
      if (!timingSafeEqual(message.tag, header.subarray(42))) refuse("content-commitment"); // CON-6
    }
    if (source === "seekable" && stored.length !== sizeBytes) refuse("content-size"); // CON-7
    if (source === "seekable" && !stored.subarray(0, headerBytes).equals(header)) refuse("content-header");
    const root = bytesOf(rootHex);
    let list = leaves === null ? null : cut(bytesOf(leaves), hashNames[hashName]);
    if (list === null && segments === 1) list = [root]; // CON-12
    if (list === null && source === "stream") refuse("content-leaf-list");
    if (list === null) {
      list = cut(stored.subarray(headerBytes), contentSegmentBytes).map((segment) => leafOf(hashName, segment));
      if (!treeRoot(hashName, list).equals(root)) refuse("content-root");
    }
    if (list.length !== segments || !treeRoot(hashName, list).equals(root)) refuse("content-leaf-list"); // CON-11
    if (stored.length < headerBytes) refuse("content-size");
    if (!stored.subarray(0, headerBytes).equals(header)) refuse("content-header");
    for (let index = 0; index < segments; index += 1) {
      const final = index === segments - 1;
      const from = headerBytes + index * contentSegmentBytes;
      const segment = stored.subarray(from, from + (final ? lastBytes : contentSegmentBytes));
      if (segment.length < (final ? lastBytes : contentSegmentBytes)) refuse("content-size");
      if (final && stored.length > sizeBytes) refuse("content-size");
      if (!leafOf(hashName, segment).equals(list[index])) refuse("content-leaf"); // CON-13
      released.push(format === "floe" ? decryptSegment(message, index, final, segment) : segment);
    }
    return { bytes: Buffer.concat(released), code: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { bytes: Buffer.concat(released), code: error.code };
  }
}

/** The stored bytes of a range, read without a key (CON-15), or the code that refuses it. */
function readRange(stored, { content, leaves, range, rehashed, relyOn }) {
  const { format, sizeBytes } = content;
  try {
    const held = [content.root, ...rehashed].find((root) => relyOn === null || root.startsWith(`${relyOn}:`));
    if (held === undefined) refuse("content-root"); // CON-16
    const [hashName, rootHex] = held.split(":");
    const root = bytesOf(rootHex);
    const headerBytes = format === "floe" ? 74 : 0;
    const segments = Math.ceil((sizeBytes - headerBytes) / contentSegmentBytes);
    const header = bytesOf(content.floeHeader ?? "");
    if (format === "floe" && !header.subarray(0, 10).equals(parameters(contentSegmentBytes))) refuse("content-header");
    if (stored.length !== sizeBytes) refuse("content-size"); // CON-7
    if (!stored.subarray(0, headerBytes).equals(header)) refuse("content-header");
    const body = cut(stored.subarray(headerBytes), contentSegmentBytes);
    const list =
      leaves === null ? body.map((segment) => leafOf(hashName, segment)) : cut(bytesOf(leaves), hashNames[hashName]);
    if (list.length !== segments || !treeRoot(hashName, list).equals(root))
      refuse(leaves === null ? "content-root" : "content-leaf-list"); // CON-11, CON-12
    body.forEach((segment, index) => {
      const from = headerBytes + index * contentSegmentBytes;
      const touched = range.start < from + segment.length && range.end > from;
      if (touched && !leafOf(hashName, segment).equals(list[index])) refuse("content-leaf"); // CON-13
    });
    return { bytes: stored.subarray(range.start, range.end), code: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { bytes: Buffer.alloc(0), code: error.code };
  }
}

function rangeFindings({ name, written, changes, reader, expect }) {
  const stored = changes.reduce((bytes, change) => changed(bytes, change, written), writtenBytes(written));
  const { bytes, code } = readRange(stored, reader);
  const found =
    code === null ? { rangeSha256: digest("sha256", bytes).toString("hex"), rangeSizeBytes: bytes.length } : { code };
  const said = JSON.stringify(expect);
  return JSON.stringify(found) === said
    ? []
    : [`ranges/${name}: found ${JSON.stringify(found)}, the vector says ${said}`];
}

function contentFindings(vector) {
  const { name, written, intermediate, changes, reader, expect } = vector;
  const findings = [];
  const same = (what, found, said) => {
    if (found !== said) findings.push(`${name}: ${what} is ${found}, the vector says ${said}`);
  };
  const original = writtenBytes(written);
  same("what is stored", digest("sha256", original).toString("hex"), intermediate.storedSha256);
  if (intermediate.stored !== undefined) same("what is stored", original.toString("hex"), intermediate.stored);
  if (written.format === "floe") {
    const message = messageOf(bytesOf(written.dataKey), original.subarray(0, 42), bindingOf(written));
    same("the AAD", bindingOf(written).toString("hex"), intermediate.aad);
    same("the message key", message.messageKey.toString("hex"), intermediate.messageKey);
    same("the first segment's key", message.segmentKey(0).toString("hex"), intermediate.firstSegmentKey);
  }
  const stored = changes.reduce((bytes, change) => changed(bytes, change, written), original);
  const { bytes, code } = readContent(stored, reader);
  if ("code" in expect) {
    same("the code", code, expect.code);
    same("the number of released bytes", bytes.length, expect.releasedBytes);
  } else {
    same("the code", code, null);
    same("the plaintext", digest("sha256", bytes).toString("hex"), expect.plaintextSha256);
    same("the plaintext's size", bytes.length, expect.plaintextSizeBytes);
  }
  return findings;
}

function floeFindings({ name, segmentBytes, key, aad, plaintext, ciphertext }) {
  const bytes = bytesOf(ciphertext);
  const prefix = bytes.subarray(0, 42);
  const message = messageOf(bytesOf(key), prefix, bytesOf(aad));
  const segments = cut(bytes.subarray(74), segmentBytes);
  const opened = segments.map((segment, index) =>
    decryptSegment(message, index, index === segments.length - 1, segment),
  );
  return [
    ...(prefix.subarray(0, 10).equals(parameters(segmentBytes)) ? [] : [`${name}: other parameters`]),
    ...(message.tag.equals(bytes.subarray(42, 74)) ? [] : [`${name}: another header tag`]),
    ...(Buffer.concat(opened).toString("hex") === plaintext ? [] : [`${name}: another plaintext`]),
  ];
}

function vectorsIn(folder) {
  const url = new URL(`${folder}/`, import.meta.url);
  return readdirSync(url).map((file) => JSON.parse(readFileSync(new URL(file, url), "utf8")));
}

/** How many vectors were read, and what is wrong with them. */
export function verifyContentVectors() {
  const content = vectorsIn("content");
  const ranges = vectorsIn("ranges");
  const floe = vectorsIn("floe");
  return {
    count: content.length + ranges.length + floe.length,
    findings: [...content.flatMap(contentFindings), ...ranges.flatMap(rangeFindings), ...floe.flatMap(floeFindings)],
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { count, findings } = verifyContentVectors();
  for (const finding of findings) console.error(finding);
  console.log(`${count} content vectors, ${findings.length} findings`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
