// The CDDL of the spec as far as a text can be checked without a validator: rules that are used and rules that are there.
// And the numbers and names of the spec: those that the code has.
import { describe, expect, test } from "vitest";
import { hashes, signatureAlgs } from "../packages/core/src/suites.ts";
import { parseFiles, parseSource, readText, repositoryFiles } from "./support/repository.ts";

/** Names that every CDDL text has. Source: RFC 8610 D. */
const prelude = new Set(
  [
    "any uint nint int bstr bytes tstr text tdate time number biguint bignint bigint integer unsigned decfrac bigfloat",
    "eb64url eb64legacy eb16 encoded-cbor uri b64url b64legacy regexp mime-message cbor-any float16 float32 float64",
    "float16-32 float32-64 float false true bool nil null undefined",
  ].flatMap((line) => line.split(" ")),
);
/** Rules that nothing refers to: what is stored or signed as a whole. */
const roots = new Set(
  [
    "artifact sig-structure root-statement stored-anchors approval content-aad wrap-info policy-set head earlier leaf",
    "report-leaf layer-set receipt-entry evidence-pack evidence-manifest report-statement",
    "keystore keystore-info local-key-aad local-wrap-aad",
  ].flatMap((line) => line.split(" ")),
);

/** What is wrong with a CDDL text, one sentence each. */
function cddlFindings(source: string): string[] {
  const text = source.replace(/;.*$/gm, "").replace(/"[^"]*"/g, "0");
  const defined = [...text.matchAll(/^([a-z][a-z0-9-]*)(?:<[a-z]+>)? = /gm)].map((match) => match[1]!);
  const bodies = text.replace(/^[a-z][a-z0-9-]*(<[a-z]+>)? = /gm, "");
  const used = [...bodies.matchAll(/(?<![.\w-])[a-z][a-z0-9-]*(?![\w-]|: )/g)].map(([name]) => name);
  const known = new Set(defined);
  const named = new Set(used);
  const open = ["[", "{", "("].map((mark) => text.split(mark).length);
  const close = ["]", "}", ")"].map((mark) => text.split(mark).length);
  return [
    ...defined.filter((name, index) => defined.indexOf(name) !== index).map((name) => `${name} is defined twice`),
    ...defined.filter((name) => prelude.has(name)).map((name) => `${name} is a name of the prelude`),
    ...[...named].filter((name) => !known.has(name) && !prelude.has(name)).map((name) => `${name} is not defined`),
    ...defined.filter((name) => !named.has(name) && !roots.has(name)).map((name) => `${name} is not used`),
    ...[...roots].filter((name) => !known.has(name) && known.size > 3).map((name) => `${name} is gone`),
    ...(open.join() === close.join() ? [] : ["a bracket is not closed"]),
  ];
}

describe("artifact.cddl", () => {
  test("[ART-3] every rule is defined once, is used, and takes no name of the prelude", () => {
    expect(cddlFindings(readText("spec/artifact.cddl"))).toEqual([]);
  });

  test("control: what is defined twice, missing, unused or taken from the prelude is reported", () => {
    const text = ["head = [ key: one, two ]", "one = uint ; three", "one = bstr", "time = uint"].join("\n");
    expect(cddlFindings(text)).toEqual([
      "one is defined twice",
      "time is a name of the prelude",
      "two is not defined",
      "time is not used",
    ]);
    expect(cddlFindings("head = [ uint")).toEqual(["a bracket is not closed"]);
  });
});

describe("17-numbers.md", () => {
  const numbers = readText("spec/17-numbers.md");
  const core = repositoryFiles().filter((path) => /^packages\/core\/src\/[^/]*\.ts$/.test(path));

  test("[COS-2] every label and every use of a signature that core has stands there", () => {
    const labels = parseFiles(core).flatMap(({ strings }) =>
      strings.filter((text) => /^writ\/1 [a-z ]*[a-z]$/.test(text)),
    );
    const uses = parseSource("cose.ts", readText("packages/core/src/cose.ts")).unions.get("CosePurpose") ?? [];
    expect(new Set(labels).size).toBeGreaterThan(5);
    expect(uses.length).toBe(8);
    const rows = uses.map(
      (use) => `| ${use} | \`writ/1 ${use}\` | \`application/vnd.writ.${use.replace(" ", "-")}\` |`,
    );
    expect([...labels.map((label) => `\`${label}\``), ...rows].filter((text) => !numbers.includes(text))).toEqual([]);
  });

  test("[SUI-1] [ART-5] every algorithm and hash of core's tables stands there with its sizes", () => {
    const rowOf = (number: string): string =>
      numbers.split("\n").find((line) => line.startsWith(`| ${number.replace("-", "−")} |`)) ?? "";
    const size = (count: number): string => `| ${count.toLocaleString("en")} bytes`;
    const sized = [
      ...Object.entries(signatureAlgs).map(([alg, sizes]) => ({
        row: rowOf(alg),
        wanted: [size(sizes.publicKeyBytes), size(sizes.signatureBytes)],
      })),
      ...Object.entries(hashes).map(([alg, { text, sizeBytes }]) => ({
        row: rowOf(alg),
        wanted: [`\`${text}:\` | ${sizeBytes} |`],
      })),
    ];
    expect(sized.length).toBeGreaterThan(7);
    expect(sized.filter(({ row, wanted }) => !wanted.every((cell) => row.includes(cell)))).toEqual([]);
  });
});
