// What a browser loads of core and the evaluator needs nothing of node, whichever bundler there is, or none.
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readText, root } from "../support/repository.ts";
import { browserGraph } from "./graph.ts";
import type { ReadFile } from "./graph.ts";

const read: ReadFile = (path) => (existsSync(root + path) ? readText(path) : null);

interface Manifest {
  readonly exports: Record<string, Record<string, unknown>>;
}

/** Entries of a package, and those of them that a browser gets. */
function entriesOf(name: string): { readonly all: readonly string[]; readonly inBrowser: readonly string[] } {
  const { exports } = JSON.parse(readText(`packages/${name}/package.json`)) as Manifest;
  const specifier = (path: string): string => `@writ/${name}${path.slice(1)}`;
  return {
    all: Object.keys(exports).map(specifier),
    inBrowser: Object.keys(exports)
      .filter((path) => exports[path]?.["browser"] !== null)
      .map(specifier),
  };
}

const entries = [...entriesOf("core").inBrowser, ...entriesOf("evaluator").inBrowser];

/** The checkout with a file put in the place of another. */
const withFile =
  (path: string, text: string): ReadFile =>
  (asked) =>
    asked === path ? text : read(asked);

describe("what a browser loads", () => {
  test("core and the evaluator are among it, and nothing in it is node's", () => {
    const { files, packages, findings } = browserGraph(entries, read);
    expect(findings).toEqual([]);
    expect(files.size).toBeGreaterThan(80);
    expect([...packages].toSorted()).toEqual([
      "@noble/ciphers",
      "@noble/curves",
      "@noble/hashes",
      "@noble/post-quantum",
      "cbor-x",
      "jose",
    ]);
  });

  test("the twins are loaded, what they stand for is not", () => {
    const { files } = browserGraph(entries, read);
    const core = (name: string): boolean => files.has(`packages/core/src/${name}.ts`);
    expect(
      ["crypto-browser", "bytes-browser", "files-browser", "ingest", "open"].filter((name) => !core(name)),
    ).toEqual([]);
    expect(["crypto", "bytes", "content-file", "receipt-file", "local"].filter(core)).toEqual([]);
  });

  test("the keystore, counters in files and databases, and status lists are node's alone", () => {
    const { all, inBrowser } = [entriesOf("core"), entriesOf("evaluator")].reduce((a, b) => ({
      all: [...a.all, ...b.all],
      inBrowser: [...a.inBrowser, ...b.inBrowser],
    }));
    const withheld = all.filter((entry) => !inBrowser.includes(entry));
    expect(withheld).toContain("@writ/core/local");
    for (const entry of withheld)
      expect(browserGraph([entry], read).findings).toEqual([`the page imports ${entry}, which no browser gets`]);
  });

  test.each([
    ["a module of node", 'import { readFileSync } from "node:fs";'],
    ["one without its prefix", 'import "crypto";'],
    ["one that is loaded later", 'export const later = (): unknown => import("node:util");'],
    ["a re-export", 'export { sep } from "node:path";'],
    ["a file that reaches it", 'import "./crypto.ts";'],
    ["Buffer", "export const empty: Uint8Array = Buffer.alloc(0);"],
    ["process", "export const name: string = process.title;"],
    ["the keystore", 'import "@writ/core/local";'],
    ["an import that package.json lacks", 'import "#nothing";'],
    ["a file that isn't there", 'import "./nothing.ts";'],
  ])("control: %s is found", (_what, line) => {
    const path = "packages/core/src/ingest.ts";
    const { findings } = browserGraph(["@writ/core"], withFile(path, `${readText(path)}\n${line}\n`));
    expect(findings).not.toEqual([]);
  });

  test("control: a type of node's is free", () => {
    const path = "packages/core/src/ingest.ts";
    const text = `${readText(path)}\nimport type { Readable } from "node:stream";\nexport type Given = Readable;\n`;
    expect(browserGraph(["@writ/core"], withFile(path, text)).findings).toEqual([]);
  });
});
