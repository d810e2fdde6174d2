// FLOE against the known answers of its authors, and what its framing must refuse.
import { createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decryptSegment, encryptSegment, startDecryption, startEncryption } from "../src/floe.ts";
import { codeOf } from "./support/code-of.ts";

interface KnownAnswer {
  readonly name: string;
  readonly segmentBytes: number;
  readonly key: string;
  readonly aad: string;
  readonly plaintext: string;
  readonly ciphertext: string;
}

const folder = new URL("../../../test-vectors/floe/", import.meta.url);
const knownAnswers = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as KnownAnswer,
);
const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");
const secret = (byte: number): KeyObject => createSecretKey(Buffer.alloc(32, byte));

/** Segments of a body: full ones, then what is left; FLOE allows an empty final one. */
function split(body: Buffer, segmentBytes: number): Buffer[] {
  const segments: Buffer[] = [];
  for (let at = 0; at < body.length; at += segmentBytes) segments.push(body.subarray(at, at + segmentBytes));
  return segments;
}

function decryptAll(key: KeyObject, aad: Uint8Array, ciphertext: Buffer, segmentBytes: number): Buffer {
  const message = startDecryption(key, aad, ciphertext.subarray(0, 74), segmentBytes);
  const segments = split(ciphertext.subarray(74), segmentBytes);
  return Buffer.concat(
    segments.map((segment, index) => {
      const out = Buffer.alloc(segment.length - 32);
      decryptSegment(message, index, index === segments.length - 1, segment, out);
      return out;
    }),
  );
}

/** Random bytes as a known answer used them: the header's IV, then each segment's. */
function recordedRandom(ciphertext: Buffer, segmentBytes: number): (size: number) => Uint8Array {
  const ivs = [
    ciphertext.subarray(10, 42),
    ...split(ciphertext.subarray(74), segmentBytes).map((segment) => segment.subarray(4, 16)),
  ];
  return (size) => {
    const iv = ivs.shift();
    expect(iv?.length).toBe(size);
    return iv!;
  };
}

describe("known answers", () => {
  test("all four are there", () => {
    expect(knownAnswers.map(({ name }) => name).toSorted()).toEqual([
      "last-segment-aligned",
      "last-segment-empty",
      "segments-of-4096",
      "segments-of-64",
    ]);
  });

  test.each(knownAnswers)(
    "[CON-3] [CON-4] [CON-5] $name decrypts to its plaintext",
    ({ segmentBytes, key, aad, plaintext, ciphertext }) => {
      const dataKey = createSecretKey(bytesOf(key));
      expect(decryptAll(dataKey, bytesOf(aad), bytesOf(ciphertext), segmentBytes).toString("hex")).toBe(plaintext);
    },
  );

  test.each(knownAnswers)("[CON-3] [CON-4] [CON-5] $name encrypts to the same bytes with the same IVs", (answer) => {
    const expected = bytesOf(answer.ciphertext);
    const { segmentBytes } = answer;
    const random = recordedRandom(expected, segmentBytes);
    const { header, message } = startEncryption(createSecretKey(bytesOf(answer.key)), bytesOf(answer.aad), {
      segmentBytes,
      random,
    });
    const lengths = split(expected.subarray(74), segmentBytes).map(({ length }) => length);
    const plaintext = bytesOf(answer.plaintext);
    const segments = lengths.map((length, index) => {
      const out = Buffer.alloc(length);
      const at = index * (segmentBytes - 32);
      encryptSegment(message, index, index === lengths.length - 1, plaintext.subarray(at, at + length - 32), out, {
        random,
      });
      return out;
    });
    expect(Buffer.concat([header, ...segments]).toString("hex")).toBe(answer.ciphertext);
  });

  test.each(knownAnswers)(
    "control: $name with any bit of its header or AAD changed has no message",
    ({ segmentBytes, key, aad, ciphertext }) => {
      const dataKey = createSecretKey(bytesOf(key));
      fc.assert(
        fc.property(fc.nat(73), fc.nat(7), (at, bit) => {
          const changed = bytesOf(ciphertext);
          changed[at]! ^= 1 << bit;
          const code = at < 10 ? "content-header" : "content-commitment";
          expect(codeOf(() => decryptAll(dataKey, bytesOf(aad), changed, segmentBytes))).toBe(code);
        }),
      );
      expect(codeOf(() => decryptAll(dataKey, bytesOf(`${aad}00`), bytesOf(ciphertext), segmentBytes))).toBe(
        "content-commitment",
      );
    },
  );

  test.each(knownAnswers)(
    "[CON-5] control: $name with any bit of its body changed is refused",
    ({ segmentBytes, key, aad, ciphertext }) => {
      const dataKey = createSecretKey(bytesOf(key));
      const size = ciphertext.length / 2;
      fc.assert(
        fc.property(fc.integer({ min: 74, max: size - 1 }), fc.nat(7), (at, bit) => {
          const changed = bytesOf(ciphertext);
          changed[at]! ^= 1 << bit;
          expect(codeOf(() => decryptAll(dataKey, bytesOf(aad), changed, segmentBytes))).toBe("content-segment");
        }),
      );
    },
  );
});

describe("header", () => {
  const aad = Buffer.from("aad");

  test("[CON-2] [CON-3] content's own parameters: ids 0 and 0, segments of 2^20, IV of 32 bytes", () => {
    const { header } = startEncryption(secret(1), aad);
    expect(header.length).toBe(74);
    expect(Buffer.from(header.subarray(0, 10)).toString("hex")).toBe("00000010000000000020");
  });

  test.each([
    ["another AEAD", 0],
    ["another KDF", 1],
    ["another segment length", 3],
    ["another IV length", 9],
  ])("[CON-3] %s is refused before the key is used", (_name, at) => {
    const { header } = startEncryption(secret(1), aad);
    const changed = Buffer.from(header);
    changed[at]! ^= 1;
    expect(codeOf(() => startDecryption(secret(2), aad, changed))).toBe("content-header");
    expect(codeOf(() => startDecryption(secret(1), aad, header))).toBe("no error");
  });

  test.each([0, 10, 42, 73, 75])("[CON-3] a header of %i bytes is refused", (length) => {
    expect(codeOf(() => startDecryption(secret(1), aad, Buffer.alloc(length)))).toBe("content-header");
  });

  test("[CON-6] the header tag commits to key and AAD", () => {
    const { header } = startEncryption(secret(1), aad);
    expect(codeOf(() => startDecryption(secret(2), aad, header))).toBe("content-commitment");
    expect(codeOf(() => startDecryption(secret(1), Buffer.from("aaD"), header))).toBe("content-commitment");
  });

  test("a key of another length or type is the caller's mistake", () => {
    expect(() => startEncryption(createSecretKey(Buffer.alloc(16)), aad)).toThrow(TypeError);
    expect(() => startDecryption(createSecretKey(Buffer.alloc(48)), aad, Buffer.alloc(74))).toThrow(TypeError);
  });
});

describe("segments", () => {
  const { message } = startEncryption(secret(1), Buffer.from("aad"), { segmentBytes: 64 });
  const sealed = (position: number, final: boolean, plaintext: Uint8Array): Buffer => {
    const out = Buffer.alloc(plaintext.length + 32);
    encryptSegment(message, position, final, plaintext, out);
    return out;
  };
  const opened = (position: number, final: boolean, segment: Uint8Array): Buffer => {
    const out = Buffer.alloc(Math.max(0, segment.length - 32), 0xee);
    decryptSegment(message, position, final, segment, out);
    return out;
  };

  test("[CON-4] the key changes every 2^20 segments and only then", () => {
    const key = (position: number): Buffer => message.keyOf(position).export();
    expect(key(2 ** 20 - 1)).toEqual(key(0));
    expect(key(2 ** 20)).not.toEqual(key(0));
    expect(key(2 ** 33 + 2 ** 20 - 1)).toEqual(key(2 ** 33));
    expect(key(2 ** 33)).not.toEqual(key(2 ** 21));
    expect(key(0)).toEqual(key(1)); // and back again
  });

  test("[CON-5] a segment opens at its own place alone", () => {
    const plaintext = Buffer.alloc(32, 9);
    const inner = sealed(5, false, plaintext);
    const final = sealed(5, true, plaintext);
    expect(opened(5, false, inner)).toEqual(plaintext);
    expect(opened(5, true, final)).toEqual(plaintext);
    expect(codeOf(() => opened(6, false, inner))).toBe("content-segment");
    expect(codeOf(() => opened(5 + 2 ** 20, false, inner))).toBe("content-segment");
    expect(codeOf(() => opened(5, true, inner))).toBe("content-segment");
    expect(codeOf(() => opened(5, false, final))).toBe("content-segment");
  });

  test("[CON-5] final flag forged in the marker is refused by the tag", () => {
    const inner = sealed(0, false, Buffer.alloc(32));
    inner.writeUInt32BE(64);
    expect(codeOf(() => opened(0, true, inner))).toBe("content-segment");
  });

  test("a refused segment leaves no plaintext behind", () => {
    const segment = sealed(0, true, Buffer.alloc(20, 0xaa));
    segment[40]! ^= 1;
    const out = Buffer.alloc(20, 0xee);
    expect(codeOf(() => decryptSegment(message, 0, true, segment, out))).toBe("content-segment");
    expect(out).toEqual(Buffer.alloc(20));
  });

  test.each([0, 4, 31])("[CON-5] a segment of %i bytes is refused", (length) => {
    expect(codeOf(() => opened(0, true, Buffer.alloc(length)))).toBe("content-segment");
  });

  test("writing a segment of a length it can't have is the caller's mistake", () => {
    expect(() => sealed(0, false, Buffer.alloc(31))).toThrow(RangeError);
    expect(() => sealed(0, true, Buffer.alloc(33))).toThrow(RangeError);
    expect(() => encryptSegment(message, 0, true, Buffer.alloc(1), Buffer.alloc(34))).toThrow(RangeError);
  });
});
