// The files of this checkout and what a TypeScript file imports, exports and says, for the tests that hold the house.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor } from "oxc-parser";

/** Absolute path of the checkout, with a final slash. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** Paths of every file that is tracked or could be (not ignored), relative to the checkout, sorted. */
export function repositoryFiles(): string[] {
  const listed = execFileSync(
    "git",
    ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return [...new Set(listed.split("\0"))].filter((path) => path !== "" && existsSync(root + path)).sort();
}

/** Text of a file of the checkout. */
export function readText(path: string): string {
  return readFileSync(root + path, "utf8");
}

export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  /** Specifiers of every import: static, re-export, dynamic with a literal, import type. */
  readonly imports: readonly string[];
  /** Names that exist at run time; a star export is listed as `*`. */
  readonly exportedValues: readonly string[];
  readonly starExports: number;
  /** Names of the classes, interfaces, types and functions declared. */
  readonly declared: readonly string[];
  /** Lines on which the type `any` is written. */
  readonly anyLines: readonly number[];
  /** Lines with `throw new Error(…)` or `throw Error(…)`: an error without a code. */
  readonly bareThrowLines: readonly number[];
  /** Every string literal and every fixed part of a template literal. */
  readonly strings: readonly string[];
  /** Union type aliases of string literals, by name. */
  readonly unions: ReadonlyMap<string, readonly string[]>;
}

/** Parses one TypeScript or JavaScript file. Throws TypeError when it doesn't parse. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new TypeError(`${path}: ${errors[0]?.message ?? "does not parse"}`);
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  const imports = module.staticImports.map((item) => item.moduleRequest.value);
  const exportedValues: string[] = [];
  let starExports = 0;
  for (const entry of module.staticExports.flatMap((item) => item.entries)) {
    if (entry.moduleRequest) imports.push(entry.moduleRequest.value);
    if (entry.importName.kind === "AllButDefault") starExports += 1;
    if (!entry.isType) exportedValues.push(entry.exportName.name ?? "*");
  }
  const declared: string[] = [];
  const anyLines: number[] = [];
  const bareThrowLines: number[] = [];
  const strings: string[] = [];
  const unions = new Map<string, string[]>();
  new Visitor({
    ImportExpression(node) {
      if (node.source.type === "Literal" && typeof node.source.value === "string") imports.push(node.source.value);
    },
    TSImportType(node) {
      imports.push(node.source.value);
    },
    ClassDeclaration(node) {
      if (node.id) declared.push(node.id.name);
    },
    FunctionDeclaration(node) {
      if (node.id) declared.push(node.id.name);
    },
    TSInterfaceDeclaration(node) {
      declared.push(node.id.name);
    },
    TSTypeAliasDeclaration(node) {
      declared.push(node.id.name);
      const members = node.typeAnnotation.type === "TSUnionType" ? node.typeAnnotation.types : [];
      const literals = members.flatMap((member) =>
        member.type === "TSLiteralType" && member.literal.type === "Literal" && typeof member.literal.value === "string"
          ? [member.literal.value]
          : [],
      );
      if (literals.length > 0) unions.set(node.id.name, literals);
    },
    TSAnyKeyword(node) {
      anyLines.push(lineOf(node.start));
    },
    ThrowStatement(node) {
      const thrown = node.argument;
      const built = thrown.type === "NewExpression" || thrown.type === "CallExpression" ? thrown.callee : undefined;
      if (built?.type === "Identifier" && built.name === "Error") bareThrowLines.push(lineOf(node.start));
    },
    Literal(node) {
      if (typeof node.value === "string") strings.push(node.value);
    },
    TemplateElement(node) {
      strings.push(node.value.cooked ?? node.value.raw);
    },
  }).visit(program);
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return { path, lines, imports, exportedValues, starExports, declared, anyLines, bareThrowLines, strings, unions };
}

/** Parses those files of the checkout whose path matches. */
export function parseFiles(paths: readonly string[]): SourceFile[] {
  return paths.map((path) => parseSource(path, readText(path)));
}
