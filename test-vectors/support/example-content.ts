// Worked examples of content: AAD, every derivation of FLOE, a segment, leaf and root.
import { contentAad, encryptBytes } from "../../packages/core/src/content.ts";
import { createSecretKey, hkdfExpandSha384 } from "../../packages/core/src/crypto.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import { dataKeyOf, idOf } from "./draft.ts";
import { Encoded } from "./example.ts";
import type { Example } from "./example.ts";
import { issuer, randomOf } from "./material.ts";

const plaintext = Buffer.from("2019-04-01,pigeon,medium\n");

function info(header: Uint8Array, purpose: Uint8Array, aad: Uint8Array): Uint8Array {
  return Buffer.concat([header.subarray(0, 42), purpose, aad]);
}

function segmentPurpose(first: number): Uint8Array {
  const position = Buffer.alloc(8);
  position.writeBigUInt64BE(BigInt(first));
  return Buffer.concat([Buffer.from("DEK:"), position]);
}

/** Examples of content, of the artifact that the other examples follow. */
export function contentExamples(): readonly Example[] {
  const artifactId = idOf("a");
  const dataKey = dataKeyOf("a");
  const aad = contentAad(artifactId, issuer.authority);
  const written = encryptBytes(plaintext, {
    dataKey: createSecretKey(dataKey),
    aad,
    hashAlg: -16,
    random: randomOf("a content"),
  });
  const { header, content } = written;
  const derived = (key: Uint8Array, purpose: Uint8Array, sizeBytes: number): Uint8Array =>
    hkdfExpandSha384(createSecretKey(key), info(header, purpose, aad), sizeBytes);
  const messageKey = derived(dataKey, Buffer.from("MESSAGE_KEY:"), 48);
  const headerIv = header.subarray(10, 42);
  const segment = content.subarray(74);
  const later = 2 ** 20 + 5;
  return [
    {
      id: "content-aad",
      title: "the AAD of floe content",
      spec: ["CON-1"],
      computation: "content-aad",
      given: { artifactId, firstIssuer: issuer.authority },
      gives: { aad: new Encoded(aad) },
    },
    {
      id: "content-floe",
      title: "floe content of one segment: header, keys, segment, leaf and root",
      spec: ["CON-2", "CON-3", "CON-4", "CON-5", "CON-8", "CON-9"],
      computation: "floe",
      given: { dataKey, aad: new Encoded(aad), headerIv, segmentIv: segment.subarray(4, 16), plaintext },
      gives: {
        parameters: header.subarray(0, 10),
        headerTagInfo: info(header, Buffer.from("HEADER_TAG:"), aad),
        headerTag: header.subarray(42),
        messageKeyInfo: info(header, Buffer.from("MESSAGE_KEY:"), aad),
        messageKey,
        segmentKeyInfo: info(header, segmentPurpose(0), aad),
        segmentKey: derived(messageKey, segmentPurpose(0), 32),
        segmentAad: Buffer.from("000000000000000001", "hex"),
        segment,
        stored: content,
        sizeBytes: written.sizeBytes,
        leaf: written.leaves,
        root: digestBytes(written.root),
      },
    },
    {
      id: "content-segment-key",
      title: "the key of a segment further on: its position with the 20 low bits cleared",
      spec: ["CON-4"],
      computation: "segment-key",
      given: { messageKey, aad: new Encoded(aad), headerIv, position: later },
      gives: {
        first: 2 ** 20,
        segmentKeyInfo: info(header, segmentPurpose(2 ** 20), aad),
        segmentKey: derived(messageKey, segmentPurpose(2 ** 20), 32),
      },
    },
  ];
}
