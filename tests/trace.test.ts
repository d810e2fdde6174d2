// The spec holds the code and the code holds the spec: every MUST has an address, every address is cited by code and
// shown by a test or a vector, every error code is a row of the spec and appears in a vector or a test.
import { describe, expect, test } from "vitest";
import { parseFiles, parseSource, readText, repositoryFiles } from "./support/repository.ts";

interface Text {
  readonly path: string;
  readonly text: string;
}

const idForm = "[A-Z]{2,5}-\\d+";

/** Statement ids in a text; `ABC-1 to ABC-3` stands for all three. */
function idsIn(text: string): string[] {
  const single = [...text.matchAll(new RegExp(`\\b${idForm}\\b`, "g"))].map((match) => match[0]);
  const ranges = [...text.matchAll(/\b([A-Z]{2,5})-(\d+) to \1-(\d+)\b/g)].flatMap(([, area, first, last]) => {
    const count = Math.max(0, Math.min(Number(last) - Number(first) + 1, 200));
    return Array.from({ length: count }, (_, n) => `${area}-${Number(first) + n}`);
  });
  return [...new Set([...single, ...ranges])];
}

/** Paragraphs, list items and table rows of a Markdown text, code blocks left out, wrapped lines joined. */
function blocksOf(text: string): string[] {
  const prose = text.replace(/^(```|~~~).*?^\1[ \t]*$/gms, "");
  return prose
    .split(/\n\s*\n|\n(?=\s*(?:[-*] |\d+\. |\||#))/)
    .map((block) => block.replace(/\s+/g, " ").trim())
    .filter((block) => block !== "");
}

/** The id with which a block starts, after its list mark or table bar. */
function leadingId(block: string): string | undefined {
  return new RegExp(`^(?:[-*] |\\d+\\. |\\| ?)?\\*\\*(${idForm})\\*\\*`).exec(block)?.[1];
}

interface Statements {
  readonly ids: string[];
  readonly findings: string[];
}

function statementsOf(documents: readonly Text[]): Statements {
  const ids: string[] = [];
  const findings: string[] = [];
  for (const { path, text } of documents) {
    for (const block of blocksOf(text)) {
      const id = leadingId(block);
      if (id !== undefined && ids.includes(id)) findings.push(`${path}: ${id} stands twice`);
      if (id !== undefined) ids.push(id);
      const explainsTheWord = /RFC 2119|BCP 14/.test(block);
      if (id === undefined && /\bMUST\b/.test(block) && !explainsTheWord) {
        findings.push(`${path}: a MUST without an id: ${block.slice(0, 80)}`);
      }
    }
  }
  return { ids, findings };
}

/** Ids in square brackets, the form of test titles: `[ABC-4]`, `[ABC-4, ABC-5]`. */
function bracketedIds(text: string): string[] {
  return [...text.matchAll(/\[([^[\]]+)\]/g)].flatMap((match) => idsIn(match[1] ?? ""));
}

/** Every string value in a JSON value. */
function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

interface Exception {
  readonly id: string;
  readonly reason: string;
}

/** A section of a Markdown text by its heading, or nothing. */
function sectionOf(text: string, heading: string): string {
  return text.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? "";
}

/** Rows `| ABC-4 | reason |` of spec/exceptions.md; `ABC-4, ABC-5` and `ABC-4 to ABC-6` share a reason. */
function exceptionsOf(text: string): Exception[] {
  return [...text.matchAll(/^\| ([A-Z].*?) \| (.*?) \|$/gm)].flatMap((match) =>
    idsIn(match[1] ?? "").map((id) => ({ id, reason: match[2] ?? "" })),
  );
}

/** Rows of codes in backticks, each with its reason. */
function codeExceptionsOf(text: string): Exception[] {
  return [...text.matchAll(/^\| `([a-z0-9-]+)` \| (.*?) \|$/gm)].map(([, id, reason]) => ({
    id: id ?? "",
    reason: reason ?? "",
  }));
}

/** What has neither a vector nor a reason why none can show it, and reasons for what has one or isn't there. */
function vectorFindings(
  wanted: readonly string[],
  inVectors: (id: string) => boolean,
  exceptions: readonly Exception[],
): string[] {
  const excepted = new Set(exceptions.map(({ id }) => id));
  return [
    ...wanted.filter((id) => !inVectors(id) && !excepted.has(id)).map((id) => `${id} has no vector`),
    ...exceptions.filter(({ id }) => !wanted.includes(id)).map(({ id }) => `${id} needs no vector`),
    ...exceptions
      .filter(({ id }) => inVectors(id))
      .map(({ id }) => `${id} has a vector: take it out of the exceptions`),
    ...exceptions.filter(({ reason }) => reason.length < 10).map(({ id }) => `${id} is excepted without a reason`),
  ];
}

interface Trace {
  readonly statements: readonly string[];
  readonly inCode: ReadonlySet<string>;
  readonly inTests: ReadonlySet<string>;
  readonly exceptions: readonly Exception[];
}

function coverageFindings({ statements, inCode, inTests, exceptions }: Trace): string[] {
  const excepted = new Map(exceptions.map(({ id, reason }) => [id, reason]));
  const gaps = statements.flatMap((id) => {
    const missing = [...(inCode.has(id) ? [] : ["code"]), ...(inTests.has(id) ? [] : ["test or vector"])];
    if (missing.length === 0) return excepted.has(id) ? [`${id} is covered: take it out of the exceptions`] : [];
    return excepted.has(id) ? [] : [`${id} has no ${missing.join(" and no ")}`];
  });
  const empty = exceptions.flatMap(({ id, reason }) => [
    ...(statements.includes(id) ? [] : [`${id} is excepted but stands in no document`]),
    ...(reason.length < 20 ? [`${id} is excepted without a reason`] : []),
  ]);
  return [...gaps, ...empty];
}

/** Citations of an area that the spec has, with a number that it doesn't have. */
function danglingFindings(statements: readonly string[], citations: readonly Text[]): string[] {
  const areas = new Set(statements.map((id) => id.split("-")[0]));
  return citations.flatMap(({ path, text }) =>
    idsIn(text)
      .filter((id) => areas.has(id.split("-")[0]) && !statements.includes(id))
      .map((id) => `${path} cites ${id}, which no document has`),
  );
}

interface CodeRow {
  readonly code: string;
  readonly kind: string;
}

/** Rows of the error table: code, class, meaning. */
function errorRows(text: string): CodeRow[] {
  return [...text.matchAll(/^\| `([a-z0-9-]+)` \| `?([A-Za-z]+)`? \| \S.*\|$/gm)].map((match) => ({
    code: match[1] ?? "",
    kind: match[2] ?? "",
  }));
}

/** Codes of core's error classes: `FormatCode` holds those of `FormatError`, and so on. */
function errorCodes(text: string): CodeRow[] {
  const { unions } = parseSource("errors.ts", text);
  return [...unions]
    .filter(([name]) => name.endsWith("Code"))
    .flatMap(([name, codes]) => codes.map((code) => ({ code, kind: name.replace(/Code$/, "Error") })));
}

function errorTableFindings(codes: readonly CodeRow[], rows: readonly CodeRow[]): string[] {
  const missing = codes
    .filter(({ code, kind }) => !rows.some((row) => row.code === code && row.kind === kind))
    .map(({ code, kind }) => `${code} of ${kind} has no row`);
  const unknown = rows.filter((row) => !codes.some(({ code }) => code === row.code));
  const twice = rows.filter((row, n) => rows.findIndex(({ code }) => code === row.code) !== n);
  return [
    ...missing,
    ...unknown.map(({ code }) => `${code} is a row but no code`),
    ...twice.map(({ code }) => `${code} has two rows`),
  ];
}

/** A code counts as shown where a string is the code, or holds it as a word of several parts. */
function shows(strings: readonly string[]): (code: string) => boolean {
  const words = new Set(strings.flatMap((text) => text.match(/[a-z0-9]+(?:-[a-z0-9]+)+/g) ?? []));
  const whole = new Set(strings);
  return (code) => whole.has(code) || words.has(code);
}

const files = repositoryFiles();
const read = (path: string): Text => ({ path, text: readText(path) });
const documents = files.filter((path) => /^spec\/[0-9][^/]*\.md$/.test(path)).map(read);
const code = files.filter((path) => /^packages\/[^/]+\/src\/.*\.ts$|^schemas\/.*\.json$/.test(path)).map(read);
const ownPath = "tests/trace.test.ts";
const testFiles = parseFiles(
  files.filter((path) => /^(tests|packages\/[^/]+\/test)\/.*\.ts$/.test(path) && path !== ownPath),
);
const vectorStrings = files
  .filter((path) => /^test-vectors\/.*\.json$/.test(path))
  .flatMap((path) => stringsIn(JSON.parse(readText(path))));
/** Every value that a vector has under `code`. */
function codesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = (value as { readonly code?: unknown }).code;
  return [...(typeof own === "string" ? [own] : []), ...Object.values(value).flatMap(codesIn)];
}
const vectorCodes = files
  .filter((path) => /^test-vectors\/.*\.json$/.test(path))
  .flatMap((path) => codesIn(JSON.parse(readText(path))));
const testStrings = testFiles.flatMap((file) => file.strings);
const { ids, findings } = statementsOf(documents);

describe("statements of the spec", () => {
  test("every MUST starts with an id, and no id stands twice", () => {
    expect(ids.length).toBeGreaterThan(0);
    expect(findings).toEqual([]);
  });

  test("the index lists every document", () => {
    const index = readText("spec/README.md");
    const names = documents.map(({ path }) => path.slice("spec/".length));
    expect(names.filter((name) => !index.includes(`](${name})`))).toEqual([]);
  });

  test("every statement is cited by code and by a test or vector, or stands in the exceptions", () => {
    const inCode = new Set(code.flatMap(({ text }) => idsIn(text)));
    const wholeIds = vectorStrings.filter((text) => new RegExp(`^${idForm}$`).test(text));
    const inTests = new Set([...testStrings.flatMap(bracketedIds), ...wholeIds]);
    const exceptions = exceptionsOf(sectionOf(readText("spec/exceptions.md"), "Statements without code or test"));
    expect(coverageFindings({ statements: ids, inCode, inTests, exceptions })).toEqual([]);
  });

  test("every statement of what bytes, policies and state mean has a vector, or a reason why none can", () => {
    const read = documents.filter(({ path }) => /^spec\/(?:[1-5]|14)-/.test(path));
    const cited = new Set(vectorStrings.filter((text) => new RegExp(`^${idForm}$`).test(text)));
    const exceptions = exceptionsOf(sectionOf(readText("spec/exceptions.md"), "Statements without a vector"));
    expect(vectorFindings(statementsOf(read).ids, (id) => cited.has(id), exceptions)).toEqual([]);
  });

  test("no code, test or vector cites a statement that doesn't exist", () => {
    const titles = testFiles.map(({ path, strings }) => ({ path, text: strings.flatMap(bracketedIds).join(" ") }));
    const vectors = { path: "test-vectors", text: vectorStrings.filter((text) => text.length < 12).join(" ; ") };
    expect(danglingFindings(ids, [...code, ...titles, vectors])).toEqual([]);
  });

  test("control: a MUST without an id and a doubled id are reported", () => {
    const text = [
      "# 0. Control",
      "The key word MUST is that of RFC 2119.",
      "**ZZZ-1** A writer MUST write,\neven on a second line that MUST wrap.",
      "- **ZZZ-2** A reader MUST read.\n- A reader MUST NOT guess.",
      "| **ZZZ-3** | MUST |\n| ZZZ-4 | MUST |",
      "```\nMUST in code is no statement\n```",
      "**ZZZ-1** again",
    ].join("\n\n");
    const control = statementsOf([{ path: "0.md", text }]);
    expect(control.ids).toEqual(["ZZZ-1", "ZZZ-2", "ZZZ-3", "ZZZ-1"]);
    expect(control.findings).toHaveLength(3);
  });

  test("control: uncovered statements, stale, unknown and unreasoned exceptions are reported", () => {
    const exceptions = exceptionsOf(
      [
        "| ZZZ-3 | it is shown elsewhere, for a reason given here |",
        "| ZZZ-4 | later |",
        "| ZZZ-9 | a statement that was removed long ago |",
      ].join("\n"),
    );
    const found = coverageFindings({
      statements: ["ZZZ-1", "ZZZ-2", "ZZZ-3", "ZZZ-4"],
      inCode: new Set(["ZZZ-1", "ZZZ-2", "ZZZ-3"]),
      inTests: new Set(["ZZZ-1", "ZZZ-3"]),
      exceptions,
    });
    expect(found).toHaveLength(4);
    const cites = { path: "a.ts", text: "// ZZZ-1 to ZZZ-3, SHA-256" };
    expect(danglingFindings(["ZZZ-1", "ZZZ-2"], [cites])).toEqual(["a.ts cites ZZZ-3, which no document has"]);
    expect(bracketedIds("[ZZZ-1, ZZZ-2] opens ZZZ-3")).toEqual(["ZZZ-1", "ZZZ-2"]);
  });
});

describe("error codes", () => {
  const codes = errorCodes(readText("packages/core/src/errors.ts"));

  test("every code is one row of the spec's error table, under its class", () => {
    expect(codes.length).toBeGreaterThan(0);
    expect(errorTableFindings(codes, errorRows(readText("spec/9-errors.md")))).toEqual([]);
  });

  test("every code appears in a vector or a test", () => {
    const shown = shows([...testStrings, ...vectorStrings]);
    expect(codes.filter((row) => !shown(row.code)).map((row) => row.code)).toEqual([]);
  });

  test("every code is the code of a vector, or there is a reason why none can be", () => {
    const inVectors = shows(vectorCodes);
    const exceptions = codeExceptionsOf(sectionOf(readText("spec/exceptions.md"), "Error codes without a vector"));
    expect(
      vectorFindings(
        codes.map((row) => row.code),
        inVectors,
        exceptions,
      ),
    ).toEqual([]);
  });

  test("control: what has no vector, and exceptions that are stale, unknown or without a reason, are reported", () => {
    const table = [
      "## A",
      "| ZZZ-2 to ZZZ-4 | for a good reason |",
      "| ZZZ-5 | later |",
      "## B",
      "| ZZZ-1 | elsewhere |",
    ];
    const exceptions = exceptionsOf(sectionOf(table.join("\n"), "A"));
    expect(exceptions.map(({ id }) => id).toSorted()).toEqual(["ZZZ-2", "ZZZ-3", "ZZZ-4", "ZZZ-5"]);
    const found = vectorFindings(["ZZZ-1", "ZZZ-2", "ZZZ-3", "ZZZ-5"], (id) => id === "ZZZ-2", exceptions);
    expect(found).toEqual([
      "ZZZ-1 has no vector",
      "ZZZ-4 needs no vector",
      "ZZZ-2 has a vector: take it out of the exceptions",
      "ZZZ-5 is excepted without a reason",
    ]);
    expect(codeExceptionsOf("| `a-b` | of others |")).toEqual([{ id: "a-b", reason: "of others" }]);
  });

  test("control: a missing row, a wrong class, an unknown row, a doubled row and an unshown code are reported", () => {
    const declared = errorCodes('export type FormatCode = "a-b" | "c-d" | "structure";');
    const rows = errorRows("| `a-b` | FormatError | m |\n| `c-d` | PolicyError | m |\n| `e` | FormatError | m |\n");
    expect(errorTableFindings(declared, [...rows, ...rows.slice(0, 1)])).toHaveLength(4);
    const shown = shows(["fails with a-b: …", "the structure"]);
    expect(declared.filter((row) => shown(row.code)).map((row) => row.code)).toEqual(["a-b"]);
  });
});
