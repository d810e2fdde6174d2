// Flags of the vectors: a closed list, each shown, each counted, and none missing where a class is known.
import { describe, expect, test } from "vitest";
import { flagsFindings, vectorFiles } from "../test-vectors/generate.ts";
import { flagFindings, flagsIn, withFlagTable } from "../test-vectors/support/flagged.ts";
import { flags } from "../test-vectors/support/flags.ts";
import { readText } from "./support/repository.ts";

const files = await vectorFiles();
const first = files.find((file) => flagsIn(file).includes("SignatureMalleability"))!;
const changed = (member: object): readonly { path: string; json: unknown }[] =>
  files.map((file) => (file === first ? { ...file, json: { ...(file.json as object), ...member } } : file));

describe("flags", () => {
  test("every flag is of the list and has a vector, every vector about a class has one, the README counts them", () => {
    expect(flagsFindings(files)).toEqual([]);
    expect(Object.keys(flags).length).toBeGreaterThan(30);
    const used = new Set(files.flatMap(flagsIn));
    expect([...used].toSorted()).toEqual(Object.keys(flags).toSorted());
  });

  test("positive vectors have none", () => {
    const accepted = files.filter(({ json }) => {
      const { expect: of, cases } = json as { expect?: { code?: string }; cases?: unknown };
      return cases === undefined && of?.code === undefined;
    });
    expect(accepted.length).toBeGreaterThan(100);
    expect(accepted.filter((file) => flagsIn(file).length > 0)).toEqual([]);
  });

  test("control: an unknown flag, a missing one and one that names no vector are reported", () => {
    expect(flagFindings(changed({ flags: ["SignatureMalleability", "Unheard"] }))).toEqual([
      `${first.path} has flag Unheard, which no list has`,
    ]);
    expect(flagFindings(changed({ flags: undefined }))).toEqual([
      `${first.path} shows signature-invalid and has no flag`,
    ]);
    const without = files.filter((file) => file !== first);
    expect(flagFindings(without)).toEqual([
      `flag SignatureMalleability names ${first.path.replace(".json", "")}, which isn't there`,
    ]);
  });

  test("control: a README that counts otherwise differs", () => {
    const readme = readText("test-vectors/README.md");
    expect(withFlagTable(readme, files)).toBe(readme);
    expect(
      withFlagTable(
        readme,
        files.filter((file) => file !== first),
      ),
    ).not.toBe(readme);
    expect(() => withFlagTable("no marks", files)).toThrow(TypeError);
  });
});
