// HMAC and HKDF over node's hash are node's own HMAC and HKDF, whatever the lengths; known answers of the RFCs.
import { createHmac, createSecretKey, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hkdfExpandSha384, hkdfSha384, hmacSha384 } from "../src/crypto.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const lengths = fc.oneof(fc.nat(60), fc.nat(300), fc.constantFrom(127, 128, 129, 2047, 2048, 2049, 5000));
const bytes = lengths.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));

test("hmacSha384 is HMAC, of keys shorter and longer than a block, of messages shorter and longer than its memory", () => {
  fc.assert(
    fc.property(bytes, bytes, (key, message) => {
      const expected = createHmac("sha384", key).update(message).digest("hex");
      expect(hex(hmacSha384(key, message))).toBe(expected);
      if (key.length > 0) expect(hex(hmacSha384(createSecretKey(key), message))).toBe(expected);
    }),
  );
});

test("hkdfSha384 is extract and expand; hkdfExpandSha384 is its second half", () => {
  fc.assert(
    fc.property(
      bytes,
      bytes.map((info) => info.subarray(0, 1024)),
      fc.integer({ min: 1, max: 48 }),
      (secret, info, size) => {
        const expected = hex(new Uint8Array(hkdfSync("sha384", secret, Buffer.alloc(0), info, size)));
        expect(hex(hkdfSha384(secret, info, size))).toBe(expected);
        const extracted = createHmac("sha384", Buffer.alloc(48)).update(secret).digest();
        expect(hex(hkdfExpandSha384(extracted, info, size))).toBe(expected);
        expect(hex(hkdfExpandSha384(createSecretKey(extracted), info, size))).toBe(expected);
      },
    ),
  );
  expect(() => hkdfSha384(new Uint8Array(32), new Uint8Array(), 49)).toThrow(RangeError);
});

test("RFC 4231: test cases 1 to 4, 6 and 7", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "0b".repeat(20),
      hex(Buffer.from("Hi There")),
      "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
    ],
    [
      hex(Buffer.from("Jefe")),
      hex(Buffer.from("what do ya want for nothing?")),
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
    ],
    [
      "aa".repeat(20),
      "dd".repeat(50),
      "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
    ],
    [
      "0102030405060708090a0b0c0d0e0f10111213141516171819",
      "cd".repeat(50),
      "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
    ],
    [
      "aa".repeat(131),
      hex(Buffer.from("Test Using Larger Than Block-Size Key - Hash Key First")),
      "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
    ],
    [
      "aa".repeat(131),
      hex(
        Buffer.from(
          "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
        ),
      ),
      "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
    ],
  ];
  for (const [key, message, mac] of cases)
    expect(hex(hmacSha384(Buffer.from(key, "hex"), Buffer.from(message, "hex")))).toBe(mac);
});

test("one MAC inside the time of another leaves nothing in it, and the key that was given as it was", () => {
  const key = Buffer.alloc(48, 7);
  const message = Buffer.alloc(2000, 1);
  const first = hex(hmacSha384(key, message));
  hmacSha384(Buffer.alloc(128, 9), Buffer.alloc(2048, 2));
  expect(hex(hmacSha384(key, message))).toBe(first);
  expect(key.every((byte) => byte === 7)).toBe(true);
});
