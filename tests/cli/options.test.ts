// The table of options in the spec is the one that the help texts show.
import { describe, expect, test } from "vitest";
import { readText, repositoryFiles } from "../support/repository.ts";
import { schemaFaults, writ } from "./shell.ts";

/** Options that every command has; the table leaves them out. */
const everywhere = ["--json", "--home <dir>", "-h, --help"];

async function help(...command: string[]): Promise<string> {
  return (await writ([...command, "--help"])).stdout.toString();
}

/** First column of a section of a help text. */
function terms(text: string, section: string): string[] {
  const lines = text.split(`\n${section}:\n`)[1]?.split("\n\n")[0]?.split("\n") ?? [];
  return lines.flatMap((line) => /^ {2}(\S.*?)(?: {2,}.*)?$/.exec(line)?.[1] ?? []);
}

/** Each command with its arguments, and its options; those of a command that only holds others are none. */
async function commandsOf(...path: string[]): Promise<[command: string, options: string[]][]> {
  const text = await help(...path);
  const inner = terms(text, "Commands");
  if (inner.length > 0)
    return (await Promise.all(inner.map((term) => commandsOf(...path, term.split(" ")[0]!)))).flat();
  const [, usage = ""] = /^Usage: writ (.*)$/m.exec(text) ?? [];
  return [[usage.replace(" [options]", ""), terms(text, "Options").filter((term) => !everywhere.includes(term))]];
}

/** Rows of the spec's table of commands, the sets of options that they name written out. */
function tableOf(text: string): [command: string, options: string[]][] {
  const options = (cell: string): string[] =>
    [...cell.matchAll(/`([^`]*)`|\*(\w+)\*/g)].flatMap(([, option, set]) =>
      set === undefined ? (option ?? "").replaceAll("\\|", "|") : (sets.get(set) ?? [`no set ${set}`]),
    );
  const sets = new Map<string, string[]>();
  for (const [, name = "", cell = ""] of text.matchAll(/^\| \*(\w+)\* \| (.*) \|$/gm)) sets.set(name, options(cell));
  return [...text.matchAll(/^\| `writ ([^`]*)` \| (.*) \|$/gm)].map(([, command = "", cell = ""]) => [
    command,
    options(cell),
  ]);
}

describe("commands and options", () => {
  test("[CLI-51] are those of the spec's table, each once and in the order of the help", async () => {
    const commands = await commandsOf();
    expect(commands.length).toBeGreaterThan(25);
    expect(tableOf(readText("spec/8-command-line.md"))).toEqual(commands);
  });

  test("[CLI-51] an option that isn't in the table is a usage error", async () => {
    for (const [command] of await commandsOf())
      expect((await writ([...command.split(" ").filter((word) => /^[a-z]/.test(word)), "--unheard-of"])).exit).toBe(2);
  });

  test("[CLI-6] every command has a schema of what it prints with --json", async () => {
    const schemas = repositoryFiles().flatMap((path) => /^schemas\/cli\/(.*)\.schema\.json$/.exec(path)?.[1] ?? []);
    const named = (await commandsOf()).map(([command]) => command.replace(/ [<[].*/, "").replace(" ", "-"));
    expect(named.filter((name) => !schemas.includes(name))).toEqual([]);
    const parts = ["decision", "error", "fault", "flip", "sealed"];
    expect(schemas.filter((name) => !named.includes(name)).toSorted()).toEqual(parts);
  });

  test("control: a member too many and one too few are faults", () => {
    expect(schemaFaults("trust-add", {}).length).toBeGreaterThan(0);
    const fault = { code: "usage", exit: 2, message: "m", next: "n" };
    expect([schemaFaults("fault", fault), schemaFaults("fault", { ...fault, more: 1 }).length]).toEqual([[], 1]);
  });

  test("control: a changed row shows", () => {
    const text = "| *s* | `--c` |\n| `writ a <b>` | *s*, `-d, --e <f\\|g>` |\n| `writ g h` | – |\n| `writ i` | *t* |";
    expect(tableOf(text)).toEqual([
      ["a <b>", ["--c", "-d, --e <f|g>"]],
      ["g h", []],
      ["i", ["no set t"]],
    ]);
  });
});
