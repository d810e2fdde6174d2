// The worked examples of the spec: the text shows what is generated, and the independent verifier gets the same values.
import { describe, expect, test } from "vitest";
import { exampleFindings } from "../test-vectors/generate.ts";
import { exampleFile } from "../test-vectors/support/example.ts";
import { withExamples } from "../test-vectors/support/example-text.ts";
import { allExamples } from "../test-vectors/support/examples.ts";
import { readText, root } from "./support/repository.ts";

interface ExampleJson {
  readonly computation: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly gives: Readonly<Record<string, unknown>>;
}

const examples = await allExamples();
const independent = (await import(`${root}test-vectors/verify/examples.mjs`)) as {
  computeExample(example: ExampleJson): unknown;
};

/** The example with one of what it is given changed, in its last hex digit: each that is a string of bytes. */
function changed({ computation, given, gives }: ExampleJson): ExampleJson[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (typeof value !== "string" || !/^[0-9a-f]{8,}$/.test(value)) return [];
    const digit = value.endsWith("0") ? "1" : "0";
    return [{ computation, gives, given: { ...given, [name]: `${value.slice(0, -1)}${digit}` } }];
  });
}

/** What the independent verifier computes, or what it throws. */
function computed(example: ExampleJson): unknown {
  try {
    return independent.computeExample(example);
  } catch (error) {
    return error;
  }
}

describe("worked examples", () => {
  test.each(examples.map((example) => [`[${example.spec.join(", ")}] ${example.id}`, example] as const))(
    "%s",
    (_title, example) => {
      const json = exampleFile(example).json as ExampleJson;
      expect(computed(json)).toEqual(json.gives);
      for (const other of changed(json)) expect(computed(other)).not.toEqual(json.gives);
    },
  );

  test("the spec shows each of them once, as it is", async () => {
    expect(await exampleFindings()).toEqual([]);
  });

  test("control: an example that is edited, shown twice, shown nowhere or not known is reported", () => {
    const text = readText("spec/15-examples.md");
    const [first, second] = [examples[0]!, examples[1]!];
    expect(withExamples(text.replace(first.title, "another title"), examples).text).toBe(text);
    const twice = text.replace(`<!-- example ${second.id} -->`, `<!-- example ${first.id} -->`);
    expect(withExamples(twice, examples).findings).toEqual([
      `example ${first.id} is shown twice`,
      `example ${second.id} is shown nowhere`,
    ]);
    const unknown = text.replace(`<!-- example ${first.id} -->`, "<!-- example never-written -->");
    expect(withExamples(unknown, examples).findings).toContain("example never-written is unknown");
  });
});
