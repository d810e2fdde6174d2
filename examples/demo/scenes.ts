// The processes of the demo: who starts when, with which credentials, with or without a network.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { accessKeyId, layout, region } from "./cast.ts";
import type { Caller } from "./cast.ts";
import { failedStatus } from "./expectation.ts";
import { sabotages } from "./sabotage.ts";
import type { Moment, SabotageName } from "./sabotage.ts";

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

/** How a process ended: every expectation held, one failed and was named, or the process itself broke. */
export type Ending = "held" | "failed" | "broke";

/** One run of the demo in one folder. */
export class Demo {
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

  /** Runs a process to its end. */
  async scene(
    script: keyof typeof scripts,
    caller: Caller | null,
    args: readonly string[],
    preload: boolean = false,
  ): Promise<Ending> {
    const flags = [...process.execArgv, ...(preload ? [`--import=${noNetwork.href}`] : [])];
    const child = spawn(process.execPath, [...flags, fileURLToPath(scripts[script]), this.#folder, ...args], {
      stdio: ["ignore", "inherit", "inherit"],
      env: environment(caller, this.#endpoint, this.#sabotage),
    });
    const [status] = (await once(child, "exit")) as [number | null];
    return status === 0 ? "held" : status === failedStatus ? "failed" : "broke";
  }

  /** Lets the attacker act where this run's change is due. */
  async moment(moment: Moment): Promise<Ending> {
    const name = this.#sabotage;
    if (name === undefined || sabotages[name].moment !== moment) return "held";
    return this.scene("attacker", null, [name, this.#endpoint]);
  }

  /** All scenes in order, up to the first that fails. */
  async run(sources: readonly string[]): Promise<Ending> {
    const files = layout(this.#folder);
    const keepOldCopies = (): Ending => {
      cpSync(files.corpus, files.old, { recursive: true, filter: (path) => !path.endsWith(".sealed") });
      cpSync(files.trust, join(files.old, "trust.signed"));
      return "held";
    };
    const offline = this.#sabotage !== "socket-opened";
    const scenes: (() => Ending | Promise<Ending>)[] = [
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
      () => this.moment("rechecked"),
      () => this.scene("consumer", "consumer", ["reopen"]),
      () => this.moment("used"),
      () => this.scene("auditor", null, [], true),
    ];
    for (const scene of scenes) {
      const ending = await scene();
      if (ending !== "held") return ending;
    }
    return "held";
  }
}
