// The codec: one encoding a value, one value an encoding, everything else refused. cborg is the oracle.
import { decode as oracleDecode, encode as oracleEncode, rfc8949EncodeOptions } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBytes, decodeCbor, encodeCbor, equalBytes, scanCbor } from "../src/cbor.ts";
import type { CborValue } from "../src/cbor.ts";
import { codeOf } from "./support/code-of.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytesOf = (text: string): Buffer => Buffer.from(text, "hex");

/** A value with byte strings as hex and maps as entries, so that two can be compared whatever class holds their bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (value instanceof Map)
    return { entries: [...(value as Map<unknown, unknown>)].map(([key, item]) => [key, plain(item)]) };
  return Array.isArray(value) ? value.map(plain) : value;
}

const edges = [
  0,
  23,
  24,
  255,
  256,
  65_535,
  65_536,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 1,
  Number.MAX_SAFE_INTEGER,
];
const integers = fc.oneof(
  fc.constantFrom(...edges),
  fc.constantFrom(...edges.slice(1).map((edge) => -edge)),
  fc.maxSafeInteger(),
);
const texts = fc
  .oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.string({ maxLength: 300 }))
  .filter((text) => !text.startsWith("\ufeff"));
const values = fc.letrec<{ value: CborValue; container: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 8, depthIdentifier: "value" },
    integers,
    texts,
    fc.uint8Array({ maxLength: 300 }),
    fc.boolean(),
    fc.constant(null),
    tie("container"),
  ),
  container: fc.oneof(
    { depthIdentifier: "value" },
    fc.array(tie("value"), { maxLength: 30, depthIdentifier: "value" }),
    fc
      .uniqueArray(fc.tuple(integers, tie("value")), {
        selector: ([key]) => key,
        maxLength: 30,
        depthIdentifier: "value",
      })
      .map((list) => new Map(list)),
    fc
      .uniqueArray(fc.tuple(texts, tie("value")), { selector: ([key]) => key, maxLength: 30, depthIdentifier: "value" })
      .map((list) => new Map(list)),
  ),
})).value;

/** Whatever `bytes` are: refused, or the one encoding of what they decode to. */
function refusedOrCanonical(bytes: Uint8Array): boolean {
  let value: CborValue;
  const code = codeOf(() => (value = decodeCbor(bytes)));
  if (code !== "no error") {
    expect(code).toMatch(/^cbor-/);
    return false;
  }
  expect(hex(encodeCbor(value!))).toBe(hex(bytes));
  expect(plain(oracleDecode(bytes, { useMaps: true, strict: true, allowIndefinite: false }))).toEqual(plain(value!));
  return true;
}

describe("properties", () => {
  test("[CBR-1] [CBR-7] what is encoded scans, decodes to itself and is what the oracle encodes", () => {
    fc.assert(
      fc.property(values, (value) => {
        const encoded = encodeCbor(value);
        expect(codeOf(() => scanCbor(encoded))).toBe("no error");
        const decoded = decodeCbor(encoded);
        expect(hex(encodeCbor(decoded))).toBe(hex(encoded));
        expect(hex(oracleEncode(value, rfc8949EncodeOptions))).toBe(hex(encoded));
        expect(plain(decoded)).toEqual(plain(oracleDecode(encoded, { useMaps: true, strict: true })));
      }),
      { numRuns: 400 },
    );
  });

  test("[CBR-1] decoding gives back the value itself", () => {
    const flat = fc.oneof(integers, texts, fc.uint8Array(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.oneof(flat, fc.array(fc.array(flat))), (value) => {
        expect(plain(decodeCbor(encodeCbor(value)))).toEqual(plain(value));
      }),
      { numRuns: 400 },
    );
  });

  test("[CBR-6] the order in which members were set changes nothing", () => {
    const entries = fc.uniqueArray(fc.tuple(texts, integers), { selector: ([key]) => key, maxLength: 20 });
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.nat()), (list, order) => {
        const shuffled = list.map((entry) => ({ entry, at: order.next().value! })).toSorted((a, b) => a.at - b.at);
        expect(encodeCbor(new Map(shuffled.map(({ entry }) => entry)))).toEqual(encodeCbor(new Map(list)));
      }),
    );
  });

  test("mutated encodings are refused or are the one encoding of another value", () => {
    const mutation = fc.record({
      at: fc.nat(),
      byte: fc.nat(255),
      kind: fc.constantFrom("set", "drop", "add", "double", "cut"),
    });
    let refused = 0;
    let accepted = 0;
    fc.assert(
      fc.property(values, fc.array(mutation, { minLength: 1, maxLength: 3 }), (value, mutations) => {
        let bytes = [...encodeCbor(value)];
        for (const { at, byte, kind } of mutations) {
          const place = at % (bytes.length + 1);
          if (kind === "set") bytes[Math.min(place, bytes.length - 1)] = byte;
          else if (kind === "drop") bytes.splice(place, 1);
          else if (kind === "add") bytes.splice(place, 0, byte);
          else if (kind === "double") bytes.splice(place, 0, ...bytes.slice(place, place + 4));
          else bytes = bytes.slice(0, place);
        }
        if (refusedOrCanonical(Uint8Array.from(bytes))) accepted += 1;
        else refused += 1;
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(refused, accepted)).toBeGreaterThan(50); // control: both outcomes happen
  });

  test("random bytes are refused or are the one encoding of a value", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => void refusedOrCanonical(bytes)),
      { numRuns: 5000 },
    );
  });

  test("every two bytes are refused or are the one encoding of a value", () => {
    for (let pair = 0; pair < 65_536; pair += 1) refusedOrCanonical(Uint8Array.of(pair >> 8, pair & 255));
  });
});

// RFC 8949 appendix A, table 6: encoding, and the value where the data model has it.
const inside: readonly (readonly [string, CborValue])[] = [
  ["00", 0],
  ["01", 1],
  ["0a", 10],
  ["17", 23],
  ["1818", 24],
  ["1819", 25],
  ["1864", 100],
  ["1903e8", 1000],
  ["1a000f4240", 1_000_000],
  ["1b000000e8d4a51000", 1_000_000_000_000],
  ["20", -1],
  ["29", -10],
  ["3863", -100],
  ["3903e7", -1000],
  ["f4", false],
  ["f5", true],
  ["f6", null],
  ["40", new Uint8Array()],
  ["4401020304", Uint8Array.of(1, 2, 3, 4)],
  ["60", ""],
  ["6161", "a"],
  ["6449455446", "IETF"],
  ["62225c", '"\\'],
  ["62c3bc", "\u00fc"],
  ["63e6b0b4", "\u6c34"],
  ["64f0908591", "\ud800\udd51"],
  ["80", []],
  ["83010203", [1, 2, 3]],
  ["8301820203820405", [1, [2, 3], [4, 5]]],
  ["98190102030405060708090a0b0c0d0e0f101112131415161718181819", Array.from({ length: 25 }, (_, index) => index + 1)],
  ["a0", new Map()],
  [
    "a201020304",
    new Map([
      [1, 2],
      [3, 4],
    ]),
  ],
  [
    "a26161016162820203",
    new Map<string, CborValue>([
      ["a", 1],
      ["b", [2, 3]],
    ]),
  ],
  ["826161a161626163", ["a", new Map([["b", "c"]])]],
  [
    "a56161614161626142616361436164614461656145",
    new Map([
      ["a", "A"],
      ["b", "B"],
      ["c", "C"],
      ["d", "D"],
      ["e", "E"],
    ]),
  ],
];

const outside: Readonly<Record<string, readonly string[]>> = {
  "cbor-integer": ["1bffffffffffffffff", "3bffffffffffffffff"],
  "cbor-type": [
    "c249010000000000000000",
    "c349010000000000000000", // bignums
    "f90000",
    "f98000",
    "f93c00",
    "fb3ff199999999999a",
    "f93e00",
    "f97bff",
    "fa47c35000",
    "fa7f7fffff",
    "fb7e37e43c8800759c", // floats
    "f90001",
    "f90400",
    "f9c400",
    "fbc010666666666666",
    "f97c00",
    "f97e00",
    "f9fc00",
    "fa7f800000",
    "fa7fc00000",
    "faff800000",
    "fb7ff0000000000000",
    "fb7ff8000000000000",
    "fbfff0000000000000",
    "f7",
    "f0",
    "f8ff", // undefined, simple values
    "c074323031332d30332d32315432303a30343a30305a",
    "c11a514b67b0",
    "c1fb41d452d9e8200000",
    "d74401020304",
    "d818456449455446", // tags
    "d82076687474703a2f2f7777772e6578616d706c652e636f6d",
  ],
  "cbor-indefinite": [
    "5f42010243030405ff",
    "7f657374726561646d696e67ff",
    "9fff",
    "9f018202039f0405ffff",
    "9f01820203820405ff",
    "83018202039f0405ff",
    "83019f0203ff820405",
    "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff",
    "bf61610161629f0203ffff",
    "826161bf61626163ff",
    "bf6346756ef563416d7421ff",
  ],
};

describe("RFC 8949 appendix A", () => {
  test.each(inside)("[CBR-1] %s is in the data model", (text, value) => {
    expect(plain(decodeCbor(bytesOf(text)))).toEqual(plain(value));
    expect(hex(encodeCbor(value))).toBe(text);
  });

  test.each(Object.entries(outside).flatMap(([code, list]) => list.map((text) => [code, text] as const)))(
    "[CBR-1] %s: %s",
    (code, text) => {
      expect(codeOf(() => decodeCbor(bytesOf(text)))).toBe(code);
    },
  );

  test("control: all 81 rows of the table are here", () => {
    expect(new Set([...inside.map(([text]) => text), ...Object.values(outside).flat()]).size).toBe(81);
  });
});

describe("refusals, one rule each", () => {
  const deep = (levels: number): string => `${"81".repeat(levels - 1)}00`;
  const refusals: readonly (readonly [string, string, string])[] = [
    ["CBR-1", "cbor-integer", "1b0020000000000000"], // 2^53
    ["CBR-1", "cbor-integer", "3b001fffffffffffff"], // -2^53
    ["CBR-1", "cbor-type", "1c"], // reserved lengths
    ["CBR-1", "cbor-type", "fd"],
    ["CBR-1", "cbor-type", "ff"],
    ["CBR-1", "cbor-type", "81ff"],
    ["CBR-1", "cbor-type", "a1f500"], // key that is a boolean
    ["CBR-1", "cbor-type", "a1410000"], // key that is bytes
    ["CBR-1", "cbor-type", "a1800000"], // key that is an array
    ["CBR-1", "cbor-type", "a20000616100"], // integer and text keys
    ["CBR-2", "cbor-not-shortest", "1817"],
    ["CBR-2", "cbor-not-shortest", "1900ff"],
    ["CBR-2", "cbor-not-shortest", "1a0000ffff"],
    ["CBR-2", "cbor-not-shortest", "1b00000000ffffffff"],
    ["CBR-2", "cbor-not-shortest", "3817"],
    ["CBR-2", "cbor-not-shortest", "580100"],
    ["CBR-2", "cbor-not-shortest", "780161"],
    ["CBR-2", "cbor-not-shortest", "980100"],
    ["CBR-2", "cbor-not-shortest", "b8010000"],
    ["CBR-2", "cbor-indefinite", "5fff"],
    ["CBR-2", "cbor-indefinite", "bfff"],
    ["CBR-3", "cbor-truncated", ""],
    ["CBR-3", "cbor-truncated", "18"],
    ["CBR-3", "cbor-truncated", "1901"],
    ["CBR-3", "cbor-truncated", "4200"],
    ["CBR-3", "cbor-truncated", "6261"],
    ["CBR-3", "cbor-truncated", "81"],
    ["CBR-3", "cbor-truncated", "a100"],
    ["CBR-3", "cbor-truncated", "9affffffff00"],
    ["CBR-3", "cbor-truncated", "9b001fffffffffffff"],
    ["CBR-3", "cbor-truncated", "bb001fffffffffffff"],
    ["CBR-3", "cbor-truncated", "5b001fffffffffffff"],
    ["CBR-4", "cbor-depth", deep(17)],
    ["CBR-4", "cbor-depth", `${"a100".repeat(16)}00`],
    ["CBR-4", "cbor-depth", "81".repeat(100_000)],
    ["CBR-5", "cbor-utf8", "6180"],
    ["CBR-5", "cbor-utf8", "62c080"], // overlong
    ["CBR-5", "cbor-utf8", "63eda080"], // a surrogate
    ["CBR-5", "cbor-utf8", "64f4908080"], // beyond U+10FFFF
    ["CBR-5", "cbor-utf8", "63efbbbf"], // byte order mark
    ["CBR-5", "cbor-utf8", "64efbbbf61"],
    ["CBR-5", "cbor-utf8", "a163efbbbf00"],
    ["CBR-6", "cbor-key-order", "a201000000"],
    ["CBR-6", "cbor-key-order", "a200000000"],
    ["CBR-6", "cbor-key-order", "a2616200616100"],
    ["CBR-6", "cbor-key-order", "a2616100616100"],
    ["CBR-6", "cbor-key-order", "a262616100616200"], // by bytes, "b" is before "aa"
    ["CBR-6", "cbor-key-order", "a220000000"], // by bytes, 0 is before -1
    ["CBR-6", "cbor-trailing", "0000"],
    ["CBR-6", "cbor-trailing", "8000"],
  ];

  test.each(refusals)("[%s] %s: %s", (_id, code, text) => {
    expect(codeOf(() => decodeCbor(bytesOf(text)))).toBe(code);
    expect(codeOf(() => scanCbor(bytesOf(text)))).toBe(code);
  });

  const allowed = [
    "1b001fffffffffffff", // 2^53-1
    "3b001ffffffffffffe", // -(2^53-1)
    deep(16),
    "a200002000", // 0 before -1
    "a2616200626161f6", // "b" before "aa"
    "64f48fbfbf", // U+10FFFF
    "6461efbbbf", // a byte order mark that isn't first
  ];

  test.each(allowed)("control: %s, just within the rules, is read", (text) => {
    expect(codeOf(() => decodeCbor(bytesOf(text)))).toBe("no error");
  });

  test("[CBR-6] input over the limit is refused before it is looked at; the default is 1 MiB", () => {
    const encoded = encodeCbor(new Uint8Array(2 ** 20 - 5));
    expect(encoded.length).toBe(2 ** 20);
    expect(codeOf(() => decodeCbor(encoded))).toBe("no error");
    expect(codeOf(() => decodeCbor(encodeCbor(new Uint8Array(2 ** 20 - 4))))).toBe("input-too-large");
    expect(codeOf(() => decodeCbor(bytesOf("ffff"), { maxBytes: 1 }))).toBe("input-too-large");
    expect(codeOf(() => decodeCbor(bytesOf("820000"), { maxBytes: 3 }))).toBe("no error");
  });

  test("an error names the byte", () => {
    expect(() => decodeCbor(bytesOf("8200f7"))).toThrow(/at byte 2$/);
  });
});

describe("encoding", () => {
  const foreign: readonly (readonly [string, unknown])[] = [
    ["a fraction", 1.5],
    ["NaN", Number.NaN],
    ["infinity", Number.POSITIVE_INFINITY],
    ["minus zero", -0],
    ["undefined", undefined],
    ["a BigInt", 1n],
    ["a symbol", Symbol("s")],
    ["a function", (): number => 1],
    ["a Date", new Date(0)],
    ["a plain object", { a: 1 }],
    ["a Set", new Set([1])],
    ["a wrapped number", Object(1)],
    ["another typed array", new Uint16Array(2)],
    ["an ArrayBuffer", new ArrayBuffer(2)],
    ["a lone surrogate", "a\ud800"],
    ["a leading byte order mark", "\ufeffa"],
    [
      "mixed keys",
      new Map<number | string, CborValue>([
        [1, 1],
        ["a", 2],
      ]),
    ],
    ["a key that is null", new Map([[null, 1]])],
    ["a key that is bytes", new Map([[Uint8Array.of(1), 1]])],
    ["an array with a hole", Array(2)],
  ];

  test.each(foreign)("[CBR-1] [CBR-7] %s is the caller's mistake, at any depth", (_name, value) => {
    const outer: readonly unknown[] = [value, [value], new Map([["k", [value]]])];
    for (const each of outer) expect(() => encodeCbor(each as CborValue)).toThrow(TypeError);
  });

  test("[CBR-1] integers beyond 2^53-1 and nesting beyond 16 are out of range", () => {
    expect(() => encodeCbor(2 ** 53)).toThrow(RangeError);
    expect(() => encodeCbor(-(2 ** 53))).toThrow(RangeError);
    const nested = (levels: number): CborValue => (levels === 1 ? 0 : [nested(levels - 1)]);
    expect(() => encodeCbor(nested(17))).toThrow(RangeError);
    expect(encodeCbor(nested(16)).length).toBe(16);
    const endless: CborValue[] = [];
    endless.push(endless);
    expect(() => encodeCbor(endless)).toThrow(RangeError);
  });

  test("what toJSON, prototypes or extra members say is not looked at", () => {
    const list = Object.assign([1, 2], { toJSON: () => "x", extra: 1 });
    expect(hex(encodeCbor(list))).toBe("820102");
    const map = Object.assign(
      new Map([
        ["__proto__", 1],
        ["constructor", 2],
      ]),
      { toJSON: () => "x" },
    );
    const decoded = decodeCbor(encodeCbor(map)) as Map<string, number>;
    expect([...decoded.keys()].toSorted()).toEqual(["__proto__", "constructor"]);
  });

  test("each encoding has its own memory; decoded byte strings alias the input", () => {
    const first = encodeCbor([1, 2, 3]);
    encodeCbor([4, 5, 6]);
    expect(hex(first)).toBe("83010203");
    const input = encodeCbor(Uint8Array.of(1, 2, 3));
    const decoded = decodeCbor(input) as Uint8Array;
    input[1] = 9;
    expect(decoded[0]).toBe(9);
  });

  test("views into larger memory are encoded by their own bytes", () => {
    const view = Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 3);
    expect(hex(encodeCbor(view))).toBe("420102");
    expect(hex(encodeCbor(Buffer.from("0102", "hex")))).toBe("420102");
    expect(plain(decodeCbor(Uint8Array.of(0xff, 0x41, 7, 0xff).subarray(1, 3)))).toEqual({ bytes: "07" });
  });

  test.each([23, 24, 255, 256, 65_535, 65_536, 70_000])("[CBR-2] lengths of %i in every kind of item", (size) => {
    const map = new Map(Array.from({ length: size }, (_, index) => [index, index] as const));
    for (const value of [
      new Uint8Array(size),
      "x".repeat(size),
      "\u00fc".repeat(size),
      Array<number>(size).fill(1),
      map,
    ]) {
      const encoded = encodeCbor(value);
      expect(equalBytes(encoded, oracleEncode(value, rfc8949EncodeOptions))).toBe(true);
      expect(equalBytes(encodeCbor(decodeCbor(encoded)), encoded)).toBe(true);
    }
  });
});

test("bytes compare bytewise, a beginning before the longer", () => {
  const ordered = ["", "00", "0000", "01", "0100", "7f", "80", "ff"].map(bytesOf);
  for (const [a, left] of ordered.entries()) {
    for (const [b, right] of ordered.entries()) {
      expect(Math.sign(compareBytes(left, right))).toBe(Math.sign(a - b));
      expect(equalBytes(left, right)).toBe(a === b);
    }
  }
});
