// The main job on real data: seal, verify, decide, derive, migrate, audit; every part in a process of its own.
// This process starts them one after the other and passes on folders, files and the endpoint of the KMS, nothing else.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { accessKeyId, layout, region } from "./cast.ts";
import type { Caller } from "./cast.ts";
import type { Step } from "./expectation.ts";
import { isSabotageName, sabotages } from "./sabotage.ts";
import type { Moment, SabotageName } from "./sabotage.ts";
import { grouped, heading, paint, print, table } from "./screen.ts";

const scripts = {
  kms: new URL("./kms.ts", import.meta.url),
  authority: new URL("./authority.ts", import.meta.url),
  producer: new URL("./producer.ts", import.meta.url),
  consumer: new URL("./consumer.ts", import.meta.url),
  migration: new URL("./migration.ts", import.meta.url),
  auditor: new URL("./auditor.ts", import.meta.url),
  attacker: new URL("./attacker.ts", import.meta.url),
};
const noNetwork = new URL("./no-network.ts", import.meta.url);
const dataSets = new URL("../data/", import.meta.resolve("vega-datasets"));
const allFiles = ["birdstrikes.csv", "jobs.json", "flights-200k.arrow", "flights-3m.parquet"];
const usage = `npm run demo                       the main job on four files of real data
npm run demo -- --quick            the same on one file
npm run demo -- --sabotage=NAME    with one change that has to make it fail
npm run demo -- --list             the changes
npm run demo -- --keep             leaves the files and says where\n`;

/** Environment of a child: no AWS setting of the user's; endpoint and credentials only for those who call the KMS. */
function environment(caller: Caller | null, endpoint: string, sabotage: SabotageName | undefined): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));
  const nowhere = fileURLToPath(new URL("./no-such-profile", import.meta.url));
  return {
    ...own,
    ...(sabotage === undefined ? {} : { WRIT_DEMO_SABOTAGE: sabotage }),
    ...(caller === null
      ? {}
      : {
          AWS_ENDPOINT_URL_KMS: endpoint,
          AWS_REGION: region,
          AWS_ACCESS_KEY_ID: accessKeyId(caller),
          AWS_SECRET_ACCESS_KEY: "the-local-kms-asks-for-none",
          AWS_CONFIG_FILE: nowhere,
          AWS_SHARED_CREDENTIALS_FILE: nowhere,
        }),
  };
}

/** One run of the demo in one folder. */
class Demo {
  readonly #folder: string;
  readonly #sabotage: SabotageName | undefined;
  #endpoint = "";
  #kms: ChildProcess | undefined;

  constructor(folder: string, sabotage: SabotageName | undefined) {
    this.#folder = folder;
    this.#sabotage = sabotage;
  }

  async startKms(): Promise<void> {
    mkdirSync(dirname(layout(this.#folder).trail), { recursive: true });
    const kms = spawn(process.execPath, [...process.execArgv, fileURLToPath(scripts.kms), this.#folder], {
      stdio: ["pipe", "pipe", "inherit"],
      env: environment(null, "", undefined),
    });
    this.#kms = kms;
    const [line] = (await Promise.race([once(kms.stdout, "data"), once(kms, "exit")])) as [unknown];
    if (!Buffer.isBuffer(line)) throw new TypeError("the local KMS did not start");
    this.#endpoint = line.toString("utf8").trim();
  }

  async stopKms(): Promise<void> {
    const kms = this.#kms;
    if (kms === undefined || kms.exitCode !== null) return;
    const ended = once(kms, "exit");
    kms.stdin?.end();
    await ended;
  }

  /** Runs a process to its end; false where it failed. */
  async scene(
    script: keyof typeof scripts,
    caller: Caller | null,
    args: readonly string[],
    preload: boolean = false,
  ): Promise<boolean> {
    const flags = [...process.execArgv, ...(preload ? [`--import=${noNetwork.href}`] : [])];
    const child = spawn(process.execPath, [...flags, fileURLToPath(scripts[script]), this.#folder, ...args], {
      stdio: ["ignore", "inherit", "inherit"],
      env: environment(caller, this.#endpoint, this.#sabotage),
    });
    const [status] = (await once(child, "exit")) as [number | null];
    return status === 0;
  }

  /** Lets the attacker act where this run's change is due. */
  async moment(moment: Moment): Promise<boolean> {
    const name = this.#sabotage;
    if (name === undefined || sabotages[name].moment !== moment) return true;
    return this.scene("attacker", null, [name, this.#endpoint]);
  }

  /** All scenes in order, up to the first that fails. */
  async run(sources: readonly string[]): Promise<boolean> {
    const files = layout(this.#folder);
    const keepOldCopies = (): boolean => {
      cpSync(files.corpus, files.old, { recursive: true, filter: (path) => !path.endsWith(".sealed") });
      cpSync(files.trust, join(files.old, "trust.signed"));
      return true;
    };
    const offline = this.#sabotage !== "socket-opened";
    const scenes: (() => boolean | Promise<boolean>)[] = [
      () => this.scene("authority", "authority", ["found"]),
      () => this.moment("before-sealing"),
      () => this.scene("producer", "producer", sources),
      () => this.moment("sealed"),
      () => this.scene("consumer", null, ["verify"], offline),
      () => this.moment("verified"),
      () => this.scene("consumer", "consumer", ["use"]),
      keepOldCopies,
      () => this.scene("migration", "migration", []),
      () => this.scene("authority", "authority", ["tighten"]),
      () => this.moment("migrated"),
      () => this.scene("consumer", null, ["recheck"], offline),
      () => this.scene("consumer", "consumer", ["reopen"]),
      () => this.moment("used"),
      () => this.scene("auditor", null, [], true),
    ];
    for (const scene of scenes) if (!(await scene())) return false;
    return true;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function printTimes(stepsFile: string): void {
  const steps = readFileSync(stepsFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Step);
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1000;
  const cpu = steps.reduce((sum, { cpuMs }) => sum + cpuMs, own);
  heading(7, "Where the time went");
  table(
    [
      ["process", "step", "wall", "CPU"],
      ...steps.map(({ process: name, step, wallMs, cpuMs }) => [
        name,
        step,
        seconds(wallMs).padStart(8),
        seconds(cpuMs).padStart(8),
      ]),
      ["main", "starting the others", "", seconds(own).padStart(8)],
      ["together", "", seconds(performance.now()).padStart(8), seconds(cpu).padStart(8)],
    ],
    ["cyan"],
  );
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
  const folder = mkdtempSync(join(tmpdir(), "writ-demo-"));
  const demo = new Demo(folder, sabotage);
  const sources = (values.quick === true ? allFiles.slice(0, 1) : allFiles).map((file) =>
    fileURLToPath(new URL(file, dataSets)),
  );
  try {
    const size = sources.reduce((sum, file) => sum + statSync(file).size, 0);
    print(
      `${paint("bold", "Writ: policy that travels with the data")}  ${sources.length} file(s) of real data, ${grouped(size)} B, from the npm package vega-datasets`,
    );
    if (sabotage !== undefined) print(paint("yellow", `sabotage: ${sabotages[sabotage].does}`));
    await demo.startKms();
    const held = await demo.run(sources);
    await demo.stopKms();
    if (held) printTimes(layout(folder).steps);
    print();
    print(held ? paint("green", "every expectation held") : paint("red", "the demo ended at a failed expectation"));
    return held ? 0 : 1;
  } finally {
    await demo.stopKms();
    if (values.keep === true) print(`files: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
