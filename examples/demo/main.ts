// The main job on real data: seal, verify, decide, derive, migrate, audit; every part in a process of its own.
// This process starts them one after the other and passes on folders, files and the endpoint of the KMS, nothing else.
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { layout } from "./cast.ts";
import type { Step } from "./expectation.ts";
import { isSabotageName, sabotages } from "./sabotage.ts";
import type { SabotageName } from "./sabotage.ts";
import { Demo } from "./scenes.ts";
import { grouped, heading, paint, print, table } from "./screen.ts";

const dataSets = new URL("../data/", import.meta.resolve("vega-datasets"));
const allFiles = ["birdstrikes.csv", "jobs.json", "flights-200k.arrow", "flights-3m.parquet"];
const usage = `npm run demo                       the main job on four files of real data
npm run demo -- --quick            the same on one file
npm run demo -- --sabotage=NAME    with one change that has to make it fail
npm run demo -- --list             the changes
npm run demo -- --keep             leaves the files and says where\n`;

function seconds(ms: number | null): string {
  return ms === null ? "" : `${(ms / 1000).toFixed(2)} s`;
}

/** The closing table; returns how many expectations held. */
function printTimes(stepsFile: string): number {
  const steps = readFileSync(stepsFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Step);
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1000;
  const cpu = steps.reduce((sum, { cpuMs }) => sum + cpuMs, own);
  const all = steps.reduce((sum, { held }) => sum + held, 0);
  heading(7, "Where the time went");
  table(
    [
      ["process", "step", "checks", "wall", "CPU"],
      ...steps.map(({ process: name, step, held, wallMs, cpuMs }) => [
        name,
        step,
        held,
        seconds(wallMs),
        seconds(cpuMs),
      ]),
      ["main", "starts the others", 0, "", seconds(own)],
      ["together", "", all, seconds(performance.now()), seconds(cpu)],
    ],
    ["cyan"],
  );
  return all;
}

function list(): void {
  table(
    [
      ["--sabotage=", "what is done", "fails"],
      ...Object.entries(sabotages).map(([name, { does, fails }]) => [name, does, fails]),
    ],
    ["cyan"],
  );
}

async function main(): Promise<number> {
  const options = {
    sabotage: { type: "string" },
    quick: { type: "boolean" },
    list: { type: "boolean" },
    keep: { type: "boolean" },
    help: { type: "boolean" },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    process.stderr.write(`${(error as TypeError).message}\n${usage}`);
    return 2;
  }
  if (values.help === true) return (print(usage.trimEnd()), 0);
  if (values.list === true) return (list(), 0);
  const { sabotage } = values;
  if (sabotage !== undefined && !isSabotageName(sabotage)) {
    process.stderr.write(`no change is called \`${sabotage}\`: --list names them\n`);
    return 2;
  }
  return play(values.quick === true ? allFiles.slice(0, 1) : allFiles, sabotage, values.keep === true);
}

/** One run; returns the exit status. What it made is removed, also when it is interrupted. */
async function play(names: readonly string[], sabotage: SabotageName | undefined, keep: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "writ-demo-"));
  const demo = new Demo(folder, sabotage);
  let interrupted = false;
  process.once("SIGINT", () => (interrupted = true)); // the process under way gets it too, and ends
  try {
    const sources = names.map((name) => fileURLToPath(new URL(name, dataSets)));
    const size = sources.reduce((sum, file) => sum + statSync(file).size, 0);
    print(
      `${paint("bold", "Writ: policy that travels with the data")}   ${grouped(size)} bytes of real data in ${sources.length === 1 ? "one file" : `${sources.length} files`}, from the npm package vega-datasets`,
    );
    if (sabotage !== undefined) print(paint("yellow", `sabotage: ${sabotages[sabotage].does}`));
    await demo.startKms();
    const ending = await demo.run(sources);
    await demo.stopKms();
    if (interrupted) return 130;
    const checks = ending === "held" ? printTimes(layout(folder).steps) : 0;
    print();
    if (ending === "held") print(paint("green", `all ${checks} expectations held`));
    else print(paint("red", ending === "failed" ? "an expectation failed" : "a process broke off: see above"));
    return ending === "held" ? 0 : 1;
  } finally {
    await demo.stopKms();
    if (keep) print(`files: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
