// CBOR encodings: RFC 8949 appendix A, which of its rows the data model has, and one refusal a rule with its neighbour that is read.
import type { CborValue } from "../../packages/core/src/cbor.ts";
import type { FormatCode } from "../../packages/core/src/errors.ts";
import type { VectorFile } from "./vector.ts";

/** Rows of table 6 that are values of the data model. */
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

/** Rows of table 6 that are not, by the code of their refusal. */
const outside: Readonly<Partial<Record<FormatCode, readonly string[]>>> = {
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

const deep = (levels: number): string => `${"81".repeat(levels - 1)}00`;

/** One rule each: statement, code, bytes. */
const refusals: readonly (readonly [string, FormatCode, string])[] = [
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
  ["CBR-4", "cbor-depth", "81".repeat(1000)],
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

/** Just within the rules. */
const neighbours: readonly (readonly [string, string, CborValue])[] = [
  ["CBR-1", "1b001fffffffffffff", Number.MAX_SAFE_INTEGER],
  ["CBR-1", "3b001ffffffffffffe", Number.MIN_SAFE_INTEGER],
  ["CBR-2", "1818", 24],
  ["CBR-2", "190100", 256],
  ["CBR-2", "1a00010000", 65_536],
  ["CBR-2", "1b0000000100000000", 4_294_967_296],
  ["CBR-2", "3b0000000100000000", -4_294_967_297],
  ["CBR-4", deep(16), Array.from({ length: 15 }).reduce<CborValue>((inner) => [inner], 0)],
  ["CBR-5", "64f48fbfbf", "\u{10ffff}"],
  ["CBR-5", "6461efbbbf", "a\ufeff"],
  [
    "CBR-6",
    "a200002000",
    new Map([
      [0, 0],
      [-1, 0],
    ]),
  ],
  [
    "CBR-6",
    "a2616200626161f6",
    new Map<string, CborValue>([
      ["b", 0],
      ["aa", null],
    ]),
  ],
];

/** A value as JSON: byte strings as `{"bytes": hex}`, maps as `{"map": [[key, value] …]}`. */
function plain(value: CborValue): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (value instanceof Map)
    return { map: [...(value as ReadonlyMap<number | string, CborValue>)].map(([key, item]) => [key, plain(item)]) };
  return Array.isArray(value) ? (value as CborValue[]).map(plain) : value;
}

function file(id: string, title: string, spec: readonly string[], cases: readonly unknown[]): VectorFile {
  return { path: `cbor/${id}.json`, json: { id, title, spec, cases } };
}

/** Every file of encodings. */
export function cborVectors(): VectorFile[] {
  const rules = [...new Set(refusals.map(([statement]) => statement))];
  return [
    file(
      "appendix-a-inside",
      "rows of RFC 8949 appendix A that are in the data model",
      ["CBR-1"],
      inside.map(([hex, value]) => ({ hex, value: plain(value) })),
    ),
    file(
      "appendix-a-outside",
      "rows of RFC 8949 appendix A that are not",
      ["CBR-1", "CBR-2"],
      Object.entries(outside).flatMap(([code, rows]) => rows.map((hex) => ({ hex, code }))),
    ),
    ...rules.map((rule) =>
      file(
        rule.toLowerCase(),
        `refusals of ${rule}, and neighbours that are read`,
        [rule],
        [
          ...refusals.filter(([statement]) => statement === rule).map(([, code, hex]) => ({ hex, code })),
          ...neighbours
            .filter(([statement]) => statement === rule)
            .map(([, hex, value]) => ({ hex, value: plain(value) })),
        ],
      ),
    ),
  ];
}
