// The codec: one encoding a value, one value an encoding, everything else refused. cborg is the oracle.
import { decode as oracleDecode, encode as oracleEncode, rfc8949EncodeOptions } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBytes, decodeCbor, encodeCbor, equalBytes, scanCbor } from "../src/cbor.ts";
import type { CborValue } from "../src/cbor.ts";
import { bytesOf, hex, plain } from "./support/cbor-text.ts";
import { codeOf } from "./support/code-of.ts";

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
  let value: CborValue = null;
  const code = codeOf(() => (value = decodeCbor(bytes)));
  if (code !== "no error") {
    expect(code).toMatch(/^cbor-/);
    return false;
  }
  expect(hex(encodeCbor(value))).toBe(hex(bytes));
  expect(plain(oracleDecode(bytes, { useMaps: true, strict: true, allowIndefinite: false }))).toEqual(plain(value));
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

describe("one encoding inside another", () => {
  test("[CBR-7] a member whose getter encodes something else leaves both encodings whole", () => {
    const inner: Uint8Array[] = [];
    const items: CborValue[] = ["before", "within", "after"];
    Object.defineProperty(items, 1, {
      enumerable: true,
      get: () => {
        inner.push(encodeCbor(["another", 1]));
        return "within";
      },
    });
    expect(encodeCbor(items)).toEqual(encodeCbor(["before", "within", "after"]));
    expect(inner).toEqual([encodeCbor(["another", 1])]);
  });

  test("[CBR-7] a value that is refused half-way leaves nothing behind in the next encoding", () => {
    expect(() => encodeCbor(["begun", 1.5])).toThrow(TypeError);
    expect(encodeCbor(["whole"])).toEqual(oracleEncode(["whole"], rfc8949EncodeOptions));
  });
});
