// Which files of ours a browser would load, followed from an entry without a bundler, and what in them only node has.
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

/** Reads a file of the checkout; null where there is none. */
export type ReadFile = (path: string) => string | null;

/** What was found on the way. */
export interface BrowserGraph {
  /** Files of ours that are loaded. */
  readonly files: ReadonlySet<string>;
  /** Names of other packages that are loaded. */
  readonly packages: ReadonlySet<string>;
  /** What no browser has, with where it stands. */
  readonly findings: readonly string[];
}

type Target = string | null | { readonly [condition: string]: Target };

const conditions = new Set(["@writ/source", "browser", "import", "default"]);

/** The file that a target of `exports` or `imports` names in a browser; null where it names none. Source: Node's PACKAGE_TARGET_RESOLVE. */
function targetIn(target: Target | undefined): string | null {
  if (typeof target !== "object" || target === null) return target ?? null;
  for (const [condition, inner] of Object.entries(target)) if (conditions.has(condition)) return targetIn(inner);
  return null;
}

/** What is imported at run time, and globals that only node has. */
function readModule(path: string, text: string): { readonly imports: readonly string[]; readonly globals: string[] } {
  const { program, module } = parseSync(path, text);
  const imports = [
    ...module.staticImports
      .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
      .map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) => (moduleRequest && !isType ? [moduleRequest.value] : [])),
    ),
  ];
  const globals: string[] = [];
  new Visitor({
    ImportExpression({ source }) {
      if (source.type === "Literal" && typeof source.value === "string") imports.push(source.value);
    },
    Identifier({ name }) {
      if (name === "Buffer" || name === "__dirname" || name === "setImmediate") globals.push(name);
    },
    MemberExpression({ object }) {
      if (object.type === "Identifier" && object.name === "process") globals.push("process");
    },
  }).visit(program);
  return { imports, globals };
}

/** Follows every import from an entry such as `@writ/core`. */
export function browserGraph(entries: readonly string[], read: ReadFile): BrowserGraph {
  const files = new Set<string>();
  const packages = new Set<string>();
  const findings: string[] = [];
  const manifest = (name: string): Record<"exports" | "imports", Record<string, Target> | undefined> =>
    JSON.parse(read(`packages/${name}/package.json`) ?? "{}") as never;

  /** The file of ours that a specifier leads to; null for other packages and for what is not there. */
  const resolve = (specifier: string, from: string): string | null => {
    const [, name = from.split("/")[1]!, path = ""] = /^@writ\/([^/]+)(\/.+)?$/.exec(specifier) ?? [];
    if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
    if (!specifier.startsWith("@writ/") && !specifier.startsWith("#")) {
      if (isBuiltin(specifier)) findings.push(`${from} imports ${specifier}`);
      else packages.add(/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
      return null;
    }
    const { exports, imports } = manifest(name);
    const target = targetIn(specifier.startsWith("#") ? imports?.[specifier] : exports?.[`.${path}`]);
    if (target === null) findings.push(`${from} imports ${specifier}, which no browser gets`);
    return target === null ? null : posix.join(`packages/${name}`, target);
  };

  const follow = (specifier: string, from: string): void => {
    const path = resolve(specifier, from);
    if (path === null || files.has(path)) return;
    files.add(path);
    const text = read(path);
    if (text === null) return void findings.push(`${from} imports ${specifier}: there is no ${path}`);
    const { imports, globals } = readModule(path, text);
    for (const name of new Set(globals)) findings.push(`${path} uses ${name}`);
    for (const next of imports) follow(next, path);
  };
  for (const entry of entries) follow(entry, "the page");
  return { files, packages, findings };
}
