// The house: who may import whom, where a library may enter, names, sizes, pins. Each rule has a control: bad input
// that it must report.
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { parseFiles, parseSource, readText, repositoryFiles } from "./support/repository.ts";
import type { SourceFile } from "./support/repository.ts";

const files = repositoryFiles();
const sources = parseFiles(files.filter((path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path)));
const packageNames = [...new Set(files.flatMap((path) => /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1] ?? []))];

/** Which packages of ours a package may import; `custody-*` share one row; undefined = the package has no row yet. */
function mayImport(name: string): readonly string[] | undefined {
  if (name.startsWith("custody-")) return ["core"];
  const rows: Record<string, readonly string[]> = {
    core: [],
    evaluator: ["core"],
    reanchor: ["core"],
    "kms-local": [],
    service: ["core", "evaluator"],
    inspector: ["core", "evaluator"],
    cli: packageNames.filter((other) => other !== "bench"),
    bench: packageNames,
  };
  return rows[name];
}

function packageOf(path: string): string {
  return path.split("/")[1] ?? "";
}

/** Name of the package of ours that a specifier leads to, or undefined for the file's own package and for others. */
function ourPackage(file: string, specifier: string): string | undefined {
  const scoped = /^@writ\/([^/]+)/.exec(specifier)?.[1];
  if (scoped !== undefined) return scoped;
  if (!specifier.startsWith(".")) return undefined;
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  return target.startsWith(`packages/${packageOf(file)}/`) ? undefined : `${target} (by path)`;
}

function arrowFindings(sourceFiles: readonly SourceFile[]): string[] {
  return sourceFiles.flatMap((file) =>
    file.imports.flatMap((specifier) => {
      const target = ourPackage(file.path, specifier);
      const allowed = mayImport(packageOf(file.path));
      if (allowed === undefined) return [`${file.path}: its package has no row in the table of import directions`];
      return target === undefined || allowed.includes(target) ? [] : [`${file.path} imports ${target}`];
    }),
  );
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function manifestFindings(path: string, manifest: Manifest): string[] {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest;
  const atRunTime = { ...dependencies, ...peerDependencies, ...optionalDependencies };
  const unpinned = Object.entries({ ...atRunTime, ...devDependencies })
    .filter(([, range]) => !/^(catalog:|workspace:\*$|\d+\.\d+\.\d+(-[\w.]+)?$)/.test(range))
    .map(([name, range]) => `${path}: ${name} is not exact: ${range}`);
  if (!path.startsWith("packages/")) return unpinned;
  const allowed = mayImport(packageOf(path)) ?? [];
  const arrows = Object.keys(atRunTime)
    .filter((name) => name.startsWith("@writ/") && !allowed.includes(name.slice("@writ/".length)))
    .map((name) => `${path} depends on ${name}`);
  return [...unpinned, ...arrows];
}

/** Libraries that enter core through one file only. */
const gates = [
  {
    files: ["packages/core/src/crypto.ts", "packages/core/src/crypto-kdf.ts"],
    guards: (name: string) => /^(node:)?crypto$/.test(name),
  },
  // The twins of crypto.ts: oracle and fallback, and what serves a browser.
  {
    files: ["packages/core/src/crypto-noble.ts", "packages/core/src/crypto-browser.ts"],
    guards: (name: string) => name.startsWith("@noble/"),
  },
  { files: ["packages/core/src/cbor.ts"], guards: (name: string) => /^cbor-x(\/|$)|^cborg(\/|$)/.test(name) },
];

function gateFindings(sourceFiles: readonly SourceFile[]): string[] {
  return sourceFiles
    .filter((file) => file.path.startsWith("packages/core/src/"))
    .flatMap((file) =>
      gates.flatMap((gate) =>
        gate.files.includes(file.path)
          ? []
          : file.imports.filter((name) => gate.guards(name)).map((name) => `${file.path} imports ${name}`),
      ),
    );
}

/** What a tool wrote has the tool's shape; its own test or check reproduces it. */
function isGenerated(path: string): boolean {
  return /^packages\/[^/]+\/src\/generated\//.test(path);
}

function shapeFindings(file: SourceFile): string[] {
  if (isGenerated(file.path)) return [];
  return [
    ...(file.lines > 450 ? [`${file.path}: ${file.lines} lines, at most 450`] : []),
    ...(file.starExports > 0 ? [`${file.path}: export * hides what is exported`] : []),
    ...file.anyLines.map((line) => `${file.path}:${line}: any`),
    ...file.bareThrowLines.map((line) => `${file.path}:${line}: throw new Error: an error has a code`),
    ...file.declared
      .filter((name) => /(Manager|Helper|Utils?|Base)$/.test(name))
      .map((name) => `${file.path}: ${name}: the name says nothing`),
  ];
}

/** Exported declarations without a docstring before them; a further overload is under the first one's. */
function undocumented(path: string, text: string): string[] {
  if (isGenerated(path)) return [];
  const lines = text.split("\n");
  const named = new Set<string>();
  return lines.flatMap((line, at) => {
    const name = /^export (?:abstract |async )*(?:function\*?|const|class|interface|type) (\w+)/.exec(line)?.[1];
    if (name === undefined) return [];
    const documented = /\*\/\s*$/.test(lines[at - 1] ?? "") || named.has(name);
    named.add(name);
    return documented ? [] : [`${path}:${at + 1}: ${name} has no docstring`];
  });
}

/** Tests, vectors and tools may be longer than sources, but not without end. */
function lengthFindings(path: string, text: string): string[] {
  const lines = text.split("\n").length - 1;
  return lines > 500 ? [`${path}: ${lines} lines, at most 500`] : [];
}

const emptyNames = new Set(["utils", "util", "types", "common", "errors", "testing", "helper", "helpers", "manager"]);

function nameFindings(paths: readonly string[]): string[] {
  return paths
    .filter((path) => /^(packages|tests|tools|spec|schemas|examples|test-vectors)\//.test(path))
    .flatMap((path) => {
      const parts = path.split("/");
      const findings = parts
        .filter((part) => emptyNames.has(part.split(".")[0] ?? "") && path !== "packages/core/src/errors.ts")
        .map((part) => `${path}: ${part} names no idea`);
      const file = parts.at(-1) ?? "";
      const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
      const document = /^(README|RESULTS|LICENSE|NOTICE)(\.md)?$/;
      return kebab.test(file) || document.test(file) ? findings : [...findings, `${path}: not kebab-case`];
    });
}

/** Most values that an entry file of a package may export; other packages have no limit. */
function exportLimit(name: string): number {
  if (name.startsWith("custody-")) return 6;
  return (
    new Map([
      ["core", 45],
      ["evaluator", 12],
      ["reanchor", 12],
    ]).get(name) ?? Infinity
  );
}

/** Entry files of a package: what its `exports` names by the source condition. */
function entryFiles(name: string): string[] {
  const manifest = JSON.parse(readText(`packages/${name}/package.json`)) as {
    exports?: Record<string, { "@writ/source"?: string }>;
  };
  return Object.values(manifest.exports ?? {}).flatMap((entry) =>
    entry["@writ/source"] ? [`packages/${name}/${entry["@writ/source"].replace("./", "")}`] : [],
  );
}

function exportFindings(name: string, entries: readonly SourceFile[]): string[] {
  return entries
    .filter(({ exportedValues }) => exportedValues.length > exportLimit(name))
    .map(({ path, exportedValues }) => `${path} exports ${exportedValues.length} values, at most ${exportLimit(name)}`);
}

type Target = string | null | { readonly [condition: string]: Target };

/** Where a package's `exports` and `imports` lead, each path with the conditions before it. */
function targetsOf(
  target: Target,
  conditions: readonly string[] = [],
): [conditions: readonly string[], path: string][] {
  if (target === null) return [];
  if (typeof target === "string") return [[conditions, target]];
  return Object.entries(target).flatMap(([condition, inner]) => targetsOf(inner, [...conditions, condition]));
}

/** Each target has a source, and its types and its built file are of that source: what a build makes needs no build to be checked. */
function targetFindings(name: string, targets: Record<string, Target>, sourceFiles: ReadonlySet<string>): string[] {
  return Object.entries(targets).flatMap(([entry, target]) => {
    const paths = targetsOf(target);
    const branches = Map.groupBy(paths, ([conditions]) => conditions.slice(0, -1).join(" "));
    return [...branches].flatMap(([branch, found]) => {
      const source = found.find(([conditions]) => conditions.at(-1) === "@writ/source")?.[1] ?? "";
      const stem = /^\.\/src\/(.+)\.ts$/.exec(source)?.[1];
      const wanted = ["@writ/source", source, "types", `./dist/${stem}.d.ts`, "default", `./dist/${stem}.js`];
      const given = found.flatMap(([conditions, path]) => [conditions.at(-1), path]);
      const whole = sourceFiles.has(`packages/${name}/${source.slice(2)}`) && wanted.join() === given.join();
      return whole ? [] : [`${name} ${entry}${branch && ` (${branch})`}: ${given.join(" ")}`];
    });
  });
}

function machineFindings(path: string, text: string): string[] {
  const patterns = [
    {
      what: "a package registry's host",
      pattern: /\bregistry\.[a-z0-9-]+\.(org|com|net|io|dev)\b|\bnpm\.pkg\.[a-z]+/i,
    },
    { what: "a tarball address", pattern: /\btarball:\s*['"]?https?:/i },
    { what: "a path of one machine", pattern: /(^|[\s"'`(=:[])\/(work|home\/[a-z]+|root|Users\/[a-z]+)\//im },
  ];
  return patterns.filter(({ pattern }) => pattern.test(text)).map(({ what }) => `${path} holds ${what}`);
}

const bad = (path: string, text: string): SourceFile => parseSource(path, text);

describe("import directions", () => {
  test("packages import only what the table of directions allows", () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(arrowFindings(sources)).toEqual([]);
  });

  test("every package has a row in the table of directions", () => {
    expect(packageNames.filter((name) => mayImport(name) === undefined)).toEqual([]);
  });

  test.each([
    ["packages/core/src/a.ts", 'import { x } from "@writ/evaluator";'],
    ["packages/evaluator/src/a.ts", 'import type { X } from "@writ/reanchor";'],
    ["packages/custody-aws/src/a.ts", 'export { x } from "@writ/custody-gcp";'],
    ["packages/kms-local/src/a.ts", 'const x = await import("@writ/core/local");'],
    ["packages/reanchor/src/a.ts", 'type X = import("@writ/evaluator").X;'],
    ["packages/evaluator/src/a.ts", 'import { x } from "../../core/src/seal.ts";'],
    ["packages/unheard-of/src/a.ts", 'import { x } from "@writ/core";'],
  ])("control: %s with %s is reported", (path, text) => {
    expect(arrowFindings([bad(path, text)])).toHaveLength(1);
  });

  test("crypto and CBOR libraries enter core through one file each", () => {
    expect(gateFindings(sources)).toEqual([]);
  });

  test("control: a second way in is reported", () => {
    const text = 'import { sign } from "node:crypto"; import "@noble/hashes/sha2.js"; import { encode } from "cbor-x";';
    expect(gateFindings([bad("packages/core/src/seal.ts", text)])).toHaveLength(3);
    expect(gateFindings([bad("packages/core/src/crypto.ts", text)])).toHaveLength(2);
    expect(gateFindings([bad("packages/core/src/crypto-noble.ts", text)])).toHaveLength(2);
  });
});

describe("dependencies", () => {
  test("every dependency is exact, from the catalog or of the workspace, and follows the directions", () => {
    const manifests = files.filter((path) => /^(packages\/[^/]+\/)?package\.json$/.test(path));
    expect(manifests.length).toBe(packageNames.length + 1);
    expect(manifests.flatMap((path) => manifestFindings(path, JSON.parse(readText(path)) as Manifest))).toEqual([]);
  });

  test("control: ranges and wrong directions are reported", () => {
    const path = "packages/core/package.json";
    expect(manifestFindings(path, { dependencies: { ajv: "^8.20.0" } })).toHaveLength(1);
    expect(manifestFindings(path, { devDependencies: { ajv: "latest" } })).toHaveLength(1);
    expect(manifestFindings(path, { optionalDependencies: { "@writ/cli": "workspace:*" } })).toHaveLength(1);
    expect(manifestFindings("package.json", { dependencies: { ajv: "catalog:" } })).toEqual([]);
  });
});

describe("shape", () => {
  test("no any, no bare throw, no star export, no file beyond 450 lines, no empty class name", () => {
    expect(sources.flatMap(shapeFindings)).toEqual([]);
  });

  test("control: each of them is reported", () => {
    const text = [
      'export * from "./b.ts";',
      "export function f(x: unknown): string { return (x as any).y; }",
      'export function g(): never { throw new Error("no code"); }',
      "export class KeyManager {}",
      "// any: a comment is no type",
      "//\n".repeat(450),
    ].join("\n");
    expect(shapeFindings(bad("packages/core/src/a.ts", text))).toHaveLength(5);
  });

  test("whatever a source exports has a docstring", () => {
    expect(sources.flatMap(({ path }) => undocumented(path, readText(path)))).toEqual([]);
  });

  test("control: an export without one is reported, a further overload is not", () => {
    const text = "/** A. */\nexport function a(): void;\nexport function a(b?: 1): void {}\nexport const c = 1;";
    expect(undocumented("packages/core/src/a.ts", text)).toEqual(["packages/core/src/a.ts:4: c has no docstring"]);
  });

  test("no test, vector module, tool or example beyond 500 lines", () => {
    const others = files.filter((path) => /\.(ts|mjs)$/.test(path) && !/^packages\/[^/]+\/src\//.test(path));
    expect(others.length).toBeGreaterThan(200);
    expect(others.flatMap((path) => lengthFindings(path, readText(path)))).toEqual([]);
    expect(lengthFindings("tests/a.test.ts", "\n".repeat(501)), "control").toHaveLength(1);
  });

  test("a generated file says from what it is generated", () => {
    const generated = sources.filter(({ path }) => isGenerated(path)).map(({ path }) => readText(path));
    expect(generated.filter((text) => !/^\/\/ Generated from \S+ by \S+/m.test(text))).toEqual([]);
  });

  test("files are named for one idea, in kebab-case", () => {
    expect(nameFindings(files)).toEqual([]);
  });

  test("control: empty names and other cases are reported", () => {
    const wrong = ["packages/core/src/utils.ts", "packages/common/src/a.ts", "packages/cli/src/errors.ts"];
    expect(nameFindings([...wrong, "packages/core/src/sealFile.ts", "spec/Terms.md"])).toHaveLength(5);
    expect(nameFindings(["packages/core/src/errors.ts", "schemas/policy.schema.json", "spec/README.md"])).toEqual([]);
  });

  test.each(packageNames)("no entry of %s exports more values than its limit", (name) => {
    expect(exportFindings(name, parseFiles(entryFiles(name)))).toEqual([]);
  });

  test("control: one value too many is reported, types are free", () => {
    const values = Array.from({ length: 12 }, (_, n) => `export const v${n} = ${n};`).join("\n");
    const entry = (text: string): SourceFile => bad("packages/reanchor/src/index.ts", text);
    expect(exportFindings("reanchor", [entry(values), entry('export type { T } from "./t.ts";')])).toEqual([]);
    expect(exportFindings("reanchor", [entry(`${values}\nexport { one } from "./one.ts";`)])).toHaveLength(1);
  });
});

describe("entries", () => {
  const sourceFiles = new Set(files);

  test.each(packageNames)("those of %s lead to a source, and to the types and code that are built of it", (name) => {
    const { exports = {}, imports = {} } = JSON.parse(readText(`packages/${name}/package.json`)) as {
      exports?: Record<string, Target>;
      imports?: Record<string, Target>;
    };
    expect(targetFindings(name, { ...exports, ...imports }, sourceFiles)).toEqual([]);
  });

  test("control: a file that isn't there, types of another file and a wrong order are reported", () => {
    const right = { "@writ/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" };
    const of = (target: Target): string[] => targetFindings("core", { "./x": target }, sourceFiles);
    expect(of({ browser: null, ...right })).toEqual([]);
    expect(of({ browser: { ...right, types: "./dist/other.d.ts" }, ...right })).toHaveLength(1);
    expect(of({ "@writ/source": "./src/gone.ts", types: "./dist/gone.d.ts", default: "./dist/gone.js" })).toHaveLength(
      1,
    );
    expect(
      of({ default: "./dist/index.js", "@writ/source": "./src/index.ts", types: "./dist/index.d.ts" }),
    ).toHaveLength(1);
  });
});

describe("repository", () => {
  test("no file names a registry's host or a path of one machine", () => {
    const texts = files.filter((path) => /\.(ts|mjs|js|json|md|yaml|yml|cddl|csv)$|\/run$|ignore$/.test(path));
    expect(texts).toContain("pnpm-lock.yaml");
    expect(texts.flatMap((path) => machineFindings(path, readText(path)))).toEqual([]);
  });

  test("control: both are reported", () => {
    const host = ["registry", "npmjs", "org"].join(".");
    expect(machineFindings("a.md", `from https://${host}/x`)).toHaveLength(1);
    expect(machineFindings("pnpm-lock.yaml", ["tarball", " https://example.test/x.tgz"].join(":"))).toHaveLength(1);
    expect(machineFindings("a.md", `see ${"/work"}/main`)).toHaveLength(1);
  });
});
