// What the README says is true: its code runs and prints what it says, its commands exist, its links lead somewhere.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { codeBlocks, headingAnchors, localLinks, npmScripts, writCommands } from "./support/markdown.ts";
import { readText, repositoryFiles, root } from "./support/repository.ts";
import { linkDependencies, scratchFolder } from "./support/scratch.ts";

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function node(args: readonly string[], cwd: string, home: string): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: home, NO_COLOR: "1" },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

/** Runs a code block in an empty folder that can import the packages from source. */
function runCode(code: string): Run {
  const folder = scratchFolder({ "package.json": '{ "type": "module" }', "example.ts": code });
  linkDependencies(folder);
  const flags = ["--conditions=@writ/source", "--disable-warning=ExperimentalWarning"];
  return node([...flags, "example.ts"], folder, folder);
}

function trimLines(text: string): string {
  return text.replace(/[ \t]+$/gm, "").trim();
}

/** Null where the code runs and prints what it should, else what went wrong. */
function codeFinding(code: string, output: string | undefined): string | null {
  const { status, stdout, stderr } = runCode(code);
  if (status !== 0) return `exit status ${status}: ${stderr}`;
  if (output !== undefined && trimLines(stdout) !== trimLines(output)) return `printed: ${stdout}`;
  return null;
}

/** Null where the command line knows the command, else what its help says instead. */
function commandFinding(words: readonly string[]): string | null {
  const [command = "", word] = words;
  const folder = scratchFolder();
  const { status, stdout, stderr } = node([`${root}packages/cli/bin/writ.mjs`, command, "--help"], folder, folder);
  if (status !== 0 || !stdout.includes(`writ ${command}`)) return `writ ${command}: ${stdout}${stderr}`;
  const subcommands = /^Commands:\n((?: +.*\n?)+)/m.exec(stdout)?.[1];
  if (word === undefined || subcommands === undefined) return null;
  return new RegExp(`^ +${word}\\b`, "m").test(subcommands) ? null : `writ ${command} has no ${word}: ${subcommands}`;
}

function linkFindings(path: string, text: string): string[] {
  return localLinks(text).flatMap((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(file)));
    if (target.startsWith("..") || (file !== "" && !existsSync(root + target)))
      return [`${path} leads to ${link}, which is not there`];
    if (!anchor || !target.endsWith(".md")) return [];
    const anchors = headingAnchors(file === "" ? text : readText(target));
    return anchors.includes(anchor) ? [] : [`${path} leads to ${link}, a heading that is not there`];
  });
}

const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };

describe("README", () => {
  const readme = existsSync(join(root, "README.md")) ? readText("README.md") : "";
  const blocks = codeBlocks(readme);

  test("has code to run", () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  test.each(blocks)("the code of line $line runs and prints what the text says", ({ code, output }) => {
    expect(codeFinding(code, output)).toBeNull();
  });

  test("every script it names exists", () => {
    expect(npmScripts(readme)).toEqual(expect.arrayContaining(["test", "demo"]));
    expect(npmScripts(readme).filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  test("every command it names exists", () => {
    const commands = new Map(writCommands(readme).map((words) => [words.slice(0, 2).join(" "), words]));
    expect(commands.size).toBeGreaterThan(0);
    expect([...commands.values()].map(commandFinding).filter((finding) => finding !== null)).toEqual([]);
  });
});

describe.each(["core", "evaluator"])("README of %s", (name) => {
  const text = readText(`packages/${name}/README.md`);
  const blocks = codeBlocks(text);
  const { exports } = JSON.parse(readText(`packages/${name}/package.json`)) as { exports: object };
  const entries = Object.keys(exports).map((entry) => `@writ/${name}${entry.slice(1)}`);

  test("has code to run, and says what each prints", () => {
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks.filter(({ output }) => output === undefined)).toEqual([]);
  });

  test.each(blocks)("the code of line $line runs and prints what the text says", ({ code, output }) => {
    expect(codeFinding(code, output)).toBeNull();
  });

  test("names every entry of the package, and every value that one exports", async () => {
    expect(entries.filter((entry) => !text.includes(entry))).toEqual([]);
    const values = await Promise.all(entries.map(async (entry) => Object.keys((await import(entry)) as object)));
    expect(values.flat().filter((value) => !new RegExp(`\\b${value}\\b`).test(text))).toEqual([]);
  });
});

test("every link in a document leads to a file or heading that is there", () => {
  const documents = repositoryFiles().filter((path) => path.endsWith(".md"));
  expect(documents.flatMap((path) => linkFindings(path, readText(path)))).toEqual([]);
});

describe("controls", () => {
  test("code that prints something else, throws or doesn't resolve is reported", () => {
    const [first, second] = codeBlocks("# A\n```ts\nconsole.log(1)\n```\n\n```text\n1\n```\n```ts\nx\n```\n");
    expect(first).toEqual({ line: 2, code: "console.log(1)", output: "1" });
    expect(second?.output).toBeUndefined();
    expect(codeFinding('const greeting: string = "1";\nconsole.log(greeting);', "1")).toBeNull();
    expect(codeFinding("console.log(1);", "2")).toContain("printed: 1");
    expect(codeFinding('throw new TypeError("no");', undefined)).toContain("exit status 1");
    expect(codeFinding('import "@writ/unheard-of";', undefined)).toContain("exit status 1");
  });

  test("the packages resolve from source", () => {
    expect(codeFinding('console.log(import.meta.resolve("@writ/core").endsWith("/src/index.ts"));', "true")).toBeNull();
  });

  test("a script or command that doesn't exist is reported", () => {
    const text = "`npm run unheard-of`, `npm test`\n\n```sh\nnpx writ unheard-of --flag\n$ writ policy new FILE\n```\n";
    expect(npmScripts(text)).toEqual(["unheard-of", "test"]);
    expect(writCommands(text)).toEqual([["unheard-of"], ["policy", "new"]]);
    expect(commandFinding(["unheard-of"])).not.toBeNull();
  });

  test("a link to nowhere is reported", () => {
    const text = "# One two\n[a](#one-two) [b](#three) [c](package.json) [d](gone.md) [e](https://example.test/)";
    expect(linkFindings("README.md", text)).toEqual([
      expect.stringContaining("#three"),
      expect.stringContaining("gone.md"),
    ]);
  });
});
