// The command in this process: arguments in, exit code and both streams out. And a workplace to run it in.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { run } from "@writ/cli";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readText, repositoryFiles } from "../support/repository.ts";

export interface Ran {
  readonly exit: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Stdout as JSON; throws where it is none. */
  json<T = Record<string, unknown>>(): T;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Both streams are terminals. */
  readonly terminal?: boolean;
  readonly signal?: AbortSignal;
  /** What is piped in; nothing unless told. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly now?: () => number;
  /** Called with what stdout is given, as it is given. */
  readonly onStdout?: (text: string) => void;
}

function collector(
  terminal: boolean,
  onChunk?: (text: string) => void,
): { sink: Writable & { isTTY?: boolean }; bytes: () => Buffer } {
  const chunks: Buffer[] = [];
  const sink: Writable & { isTTY?: boolean } = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      onChunk?.(chunk.toString());
      done();
    },
  });
  if (terminal) sink.isTTY = true;
  return { sink, bytes: () => Buffer.concat(chunks) };
}

/** What stdout has against the schema of its command, of a fault else; empty where it fits. */
function jsonFaults(argv: readonly string[], stdout: Buffer): string[] {
  const value = JSON.parse(stdout.toString()) as object;
  if ("error" in value) return schemaFaults("error", value);
  const inGroup = ajv.getSchema(`urn:writ:schema:cli:${argv[0]}:1`) === undefined;
  return schemaFaults(argv.slice(0, inGroup ? 2 : 1).join("-"), value);
}

/** Runs `writ` in this process. Whatever it prints as JSON is held against its schema. Spec: CLI-6. */
export async function writ(argv: readonly string[], around: Surroundings = {}): Promise<Ran> {
  const out = collector(around.terminal ?? false, around.onStdout);
  const err = collector(around.terminal ?? false);
  const exit = await run(argv, {
    stdout: out.sink,
    stderr: err.sink,
    ...(around.stdin ? { stdin: around.stdin } : {}),
    env: around.env ?? {},
    cwd: around.cwd ?? tmpdir(),
    signal: around.signal ?? new AbortController().signal,
    now: around.now ?? Date.now,
  });
  const stdout = out.bytes();
  const faults = argv.includes("--json") ? jsonFaults(argv, stdout) : [];
  if (faults.length > 0) throw new TypeError(`writ ${argv.join(" ")}: ${faults.join(", ")}`);
  return { exit, stdout, stderr: err.bytes().toString(), json: <T>() => JSON.parse(stdout.toString()) as T };
}

/** A folder with a home and whatever a test puts there. */
export interface Workplace {
  readonly folder: string;
  readonly home: string;
  /** Runs `writ` here, with this home; throws where the exit code isn't 0. */
  ok(...argv: string[]): Promise<Ran>;
  /** Runs `writ` here, with this home. */
  writ(argv: readonly string[], around?: Surroundings): Promise<Ran>;
  put(path: string, content: string | Uint8Array): string;
  read(path: string): Buffer;
  removeBelow(path: string): void;
  /** Every path below the folder, sorted. */
  list(): string[];
  remove(): void;
}

export const authority = "urn:example:office";

/** Makes a workplace; with `home` its home is made, too. */
export async function workplace(home = true): Promise<Workplace> {
  const folder = mkdtempSync(join(tmpdir(), "writ-cli-"));
  const place: Workplace = {
    folder,
    home: join(folder, "private", "home"),
    writ: (argv, around = {}) =>
      writ(argv, { cwd: folder, ...around, env: { WRIT_HOME: join(folder, "private", "home"), ...around.env } }),
    ok: async (...argv) => {
      const ran = await place.writ(argv);
      if (ran.exit !== 0) throw new TypeError(`writ ${argv.join(" ")} exits with ${ran.exit}: ${ran.stderr}`);
      return ran;
    },
    put: (path, content) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
      return path;
    },
    read: (path) => readFileSync(join(folder, path)),
    removeBelow: (path) => rmSync(join(folder, path), { recursive: true }),
    list: () => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  if (home) await place.ok("init", "--authority", authority);
  return place;
}

/** A policy document of the workplace's authority. */
export function policyDocument(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    version: 1,
    kind: "grant",
    id: `${authority}:policy:research`,
    authority,
    classification: "internal",
    limits: { purposes: [["dpv:AcademicResearch"]], notOperations: ["train"], regions: [["EU"]] },
    permissions: [{ id: "use", operations: ["read", "aggregate", "store"], duties: ["erase"] }],
    duties: [{ id: "erase", type: "delete", trigger: "after-use", within: "P30D" }],
    ...changes,
  });
}

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
for (const path of repositoryFiles().filter((file) => /^schemas\/(cli\/.*|request)\.schema\.json$/.test(file)))
  ajv.addSchema(JSON.parse(readText(path)) as object);

/** What a schema of schemas/cli has against a value; empty where it fits. */
export function schemaFaults(name: string, value: unknown): string[] {
  const validate = ajv.getSchema(`urn:writ:schema:cli:${name}:1`);
  if (!validate) throw new TypeError(`there is no schema ${name}`);
  return validate(value) === true
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
