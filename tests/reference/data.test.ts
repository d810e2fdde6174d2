// The data that the evaluator ships is what the spec prints.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { encode, rfc8949EncodeOptions } from "cborg";
import { describe, expect, test } from "vitest";
import { eu, expand, groups, includes, training } from "./tables.ts";

const root = new URL("../../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), "utf8");
const taxonomies = "packages/evaluator/taxonomies/";
const shipped = (file: string): unknown => JSON.parse(text(taxonomies + file));

interface Taxonomy {
  readonly iri: string;
  readonly version: string;
  readonly terms: Readonly<Record<string, readonly string[]>>;
  readonly digest: string;
}
/** TAX-1, by another CBOR library than the product's. */
function digestOf({ iri, version, terms }: Taxonomy): string {
  const sorted = Object.entries(terms).map(
    ([term, up]) => [term, [...new Set(up)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))] as const,
  );
  const bytes = encode({ iri, version, terms: Object.fromEntries(sorted) }, rfc8949EncodeOptions);
  return `sha384:${createHash("sha384").update(bytes).digest("hex")}`;
}
/** Rows of the tables of spec 3 whose first cell is code. */
const rows = text("spec/3-policy.md")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
const words = (cell: string | undefined): string[] => (cell ?? "").split(", ").filter((word) => word !== "–");

const { operations, trainingTerms, emergencyTerms } = shipped("operations.json") as {
  operations: Record<string, { includes: string[]; outbound: boolean; kAnonymity: boolean }>;
  trainingTerms: string[];
  emergencyTerms: string[];
};
const closure = (operation: string): string[] =>
  [...new Set(operations[operation]!.includes.flatMap((part) => [part, ...closure(part)]))].sort();

describe("shipped data", () => {
  test("[TAX-1] digests are those of the taxonomies, in the data and in the vectors", () => {
    const { taxonomies: list } = shipped("shipped.json") as { taxonomies: (Taxonomy & { file: string })[] };
    for (const { file, digest, iri, version } of list) {
      const taxonomy = shipped(file) as Taxonomy;
      expect([digestOf(taxonomy), taxonomy.iri, taxonomy.version]).toEqual([digest, iri, version]);
      expect(digestOf({ ...taxonomy, version: `${version}.1` })).not.toBe(digest); // the check can fail
    }
    const files = readdirSync(new URL("test-vectors/decisions/", root)).filter((file) => file.endsWith(".json"));
    for (const file of files) {
      const held = (JSON.parse(text(`test-vectors/decisions/${file}`)) as { taxonomies?: Taxonomy[] }).taxonomies ?? [];
      expect(held.map(digestOf)).toEqual(held.map(({ digest }) => digest));
    }
  });

  test("[POL-7] digests of expanded documents in the policy vectors", () => {
    const files = readdirSync(new URL("test-vectors/policies/", root)).filter((file) => file.endsWith(".json"));
    type Good = { expect: { expanded?: object; sha384?: string } };
    const good = files.map((file) => (JSON.parse(text(`test-vectors/policies/${file}`)) as Good).expect);
    const expanded = good.filter((one) => one.expanded !== undefined);
    expect(expanded.length).toBeGreaterThan(5);
    for (const { expanded: document, sha384 } of expanded) {
      expect(createHash("sha384").update(encode(document, rfc8949EncodeOptions)).digest("hex")).toBe(sha384);
    }
  });

  test("[TAX-3] the DPV's purposes: 123 terms, 11 with several parents, no cycle, no link outside", () => {
    const { terms } = shipped("dpv-2.3.json") as Taxonomy;
    const above = (term: string, seen: readonly string[]): void => {
      expect(seen).not.toContain(term);
      for (const up of terms[term]!) above(up, [...seen, term]);
    };
    for (const term of Object.keys(terms)) above(term, []);
    const several = Object.values(terms).filter((up) => up.length > 1);
    const rootTerms = Object.entries(terms).flatMap(([term, up]) => (up.length === 0 ? [term.split("#")[1]] : []));
    expect([Object.keys(terms).length, several.length]).toEqual([123, 11]);
    expect(rootTerms).toEqual(["Purpose", "RightsFulfilment", "Sector"]);
  });

  test("[OPS-1] the operation table", () => {
    const printed = rows.filter(([name, ...rest]) => name !== undefined && name in operations && rest.length === 4);
    const told = printed.map(([name, direct, out, k, all]) => [
      name,
      words(direct),
      out === "out",
      k === "k",
      words(all),
    ]);
    const data = Object.entries(operations).map(([name, row]) => [
      name,
      row.includes,
      row.outbound,
      row.kAnonymity,
      closure(name),
    ]);
    const byName = (a: unknown[], b: unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
    expect(data.length).toBe(19);
    expect([...told].sort(byName)).toEqual([...data].sort(byName));
    for (const [name, all] of includes) expect(all.filter((part) => part !== "").sort(), name).toEqual(closure(name));
  });

  test("[PUR-5, POL-16] training and emergency terms", () => {
    expect([...trainingTerms].sort()).toEqual([...training].sort());
    const printed = /\*Emergency terms\*: (.*?)\. Both/.exec(text("spec/3-policy.md"))?.[1]?.split(", ");
    expect(emergencyTerms).toEqual(printed?.map((term) => expand(term.replaceAll("`", ""))));
  });

  test("[POL-5] prefixes", () => {
    const prefixes = shipped("prefixes.json") as Record<string, string>;
    const printed = rows.filter((row) => row.length === 2 && /^(https?:|urn:).*[#:]$/.test(row[1] ?? ""));
    expect(Object.entries(prefixes)).toEqual(printed);
    for (const [prefix, base] of Object.entries(prefixes)) expect(expand(`${prefix}:X`)).toBe(`${base}X`);
  });

  test("[POL-19] every member of the schema has a row in the table of joins", () => {
    type Schema = { properties: Record<string, object>; $defs: { limits: { properties: Record<string, object> } } };
    const schema = JSON.parse(text("schemas/policy.schema.json")) as Schema;
    const limits = Object.entries(schema.$defs.limits.properties).flatMap(
      ([name, { properties }]: [string, { properties?: object }]) =>
        properties === undefined || name === "maxStaleness"
          ? [`limits.${name}`]
          : Object.keys(properties).map((inner) => `limits.${name}.${inner}`),
    );
    const members = [...Object.keys(schema.properties).filter((name) => name !== "limits"), ...limits].sort();
    const table = text("spec/3-policy.md").split("| member | join |")[1]!.split("\n\n")[0]!;
    const joined = (names: string): string[] =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name!.replace(/\.\*$/, ""));
    const rowsOf = (part: string): string[] => part.split("\n").flatMap((line) => joined(line.split("|")[1] ?? ""));
    expect(rowsOf(table).sort()).toEqual(members);
    expect(rowsOf(table.replace(/^.*keepUntil.*$/m, "")).sort()).not.toEqual(members); // the check can fail
  });

  test("[LIM-2] regions", () => {
    const { EU, EEA } = shipped("regions.json") as { EU: string[]; EEA: string[] };
    expect([EU.length, EEA.length]).toEqual([27, 30]);
    expect([...EU].sort()).toEqual([...eu].sort());
    expect([...EEA, "EU"].sort()).toEqual([...groups["EEA"]!].sort());
  });
});
