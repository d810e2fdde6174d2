// The codec on the written examples of test-vectors/cbor: RFC 8949 appendix A, and refusals with neighbours that are read.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor, scanCbor } from "../src/cbor.ts";
import { bytesOf, hex } from "./support/cbor-text.ts";
import { codeOf } from "./support/code-of.ts";

interface Example {
  readonly hex: string;
  /** The refusal; absent where the bytes are read. */
  readonly code?: string;
}

const folder = new URL("../../../test-vectors/cbor/", import.meta.url);
const files = readdirSync(folder).map(
  (name) =>
    JSON.parse(readFileSync(new URL(name, folder), "utf8")) as {
      readonly id: string;
      readonly spec: readonly string[];
      readonly cases: readonly Example[];
    },
);

describe.each(files.map(({ id, spec, cases }) => ({ title: `[${spec.join("] [")}] ${id}`, cases })))(
  "$title",
  (file) => {
    const cases = file.cases.map(({ hex: text, code = "no error" }) => ({ text, code }));

    test.each(cases)("$text: $code", ({ text, code }) => {
      expect(codeOf(() => decodeCbor(bytesOf(text)))).toBe(code);
      expect(codeOf(() => scanCbor(bytesOf(text)))).toBe(code);
      if (code === "no error") expect(hex(encodeCbor(decodeCbor(bytesOf(text))))).toBe(text); // one encoding a value
    });
  },
);

describe("beside them", () => {
  test("control: all 81 rows of appendix A are among the examples, and both kinds of every rule", () => {
    const rows = files.flatMap(({ id, cases }) => (id.startsWith("appendix-a") ? cases.map((row) => row.hex) : []));
    expect(new Set(rows).size).toBe(81);
    const rules = files.filter(({ id }) => id.startsWith("cbr-") && id !== "cbr-3"); // what is cut off has no neighbour
    expect(rules.map(({ id }) => id)).toEqual(["cbr-1", "cbr-2", "cbr-4", "cbr-5", "cbr-6"]);
    for (const { cases } of rules) expect(new Set(cases.map(({ code }) => code === undefined)).size).toBe(2);
  });

  test("[CBR-4] a depth that would exhaust a stack is refused like any other", () => {
    expect(codeOf(() => decodeCbor(bytesOf("81".repeat(100_000))))).toBe("cbor-depth");
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
