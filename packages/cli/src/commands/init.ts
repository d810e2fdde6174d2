// writ init: a home with keys, signers, a trust policy and an example policy. All of it, or nothing.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, resolve } from "node:path";
import { custodySigner, describeSigner, FormatError, parseTrust, suites } from "@writ/core";
import type { Role, SuiteName } from "@writ/core";
import { createLocalKeystore } from "@writ/core/local";
import type { LocalKeystore } from "@writ/core/local";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { UsageError } from "../fault.ts";
import { homeFolder, homePaths } from "../home.ts";
import type { HomeFile, HomePaths, HomeSigner } from "../home.ts";
import { faultCode, instantText } from "../print.ts";
import { examplePolicy } from "../example-policy.ts";

/** Options of `init`. */
export interface InitOptions extends CommonOptions {
  readonly dir?: string;
  readonly authority?: string;
}

/** A year: the home keeps the highest sequence it has seen, so an old trust policy can't come back meanwhile. */
const trustDays = 365;
const dataKey = "data";

/** Who signs what, under which suites. A key is in exactly one signer. Spec: CLI-11. */
const roles: readonly { readonly role: Role; readonly suites: readonly SuiteName[] }[] = [
  { role: "policy", suites: ["ed25519+mldsa65"] },
  { role: "issue", suites: Object.keys(suites) as SuiteName[] },
  { role: "derive", suites: ["ed25519+mldsa65"] },
  { role: "anchor", suites: ["ed25519+mldsa65", "mldsa65", "mldsa87"] },
  { role: "receipt", suites: ["ed25519+mldsa65"] },
];

/** What signs trust policies for others; in no trust policy itself. */
const rootSuite: SuiteName = "ed25519+mldsa65";

function authorityOf(option: string | undefined): string {
  if (option === undefined)
    return `urn:writ:local:${encodeURIComponent(userInfo().username)}-${randomBytes(4).toString("hex")}`;
  if (/^[a-z][a-z0-9+.-]*:[^\s]+$/.test(option)) return option;
  throw new UsageError(`--authority: \`${option}\` is no URN`, "write it as urn:example:privacy-office");
}

async function createKeys(keystore: LocalKeystore, name: string, suite: SuiteName): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const [index, alg] of suites[suite].algs.entries()) {
    const { uri } = await keystore.createSigningKey(`${name}-${suite.replace("+", "-")}-${index + 1}`, alg);
    keys.push(uri);
  }
  return keys;
}

async function createSigners(keystore: LocalKeystore): Promise<readonly HomeSigner[]> {
  const signers: HomeSigner[] = [];
  for (const { role, suites: wanted } of roles)
    for (const suite of wanted) signers.push({ role, suite, keys: await createKeys(keystore, role, suite) });
  return signers;
}

async function trustText(
  authority: string,
  signers: readonly HomeSigner[],
  keystore: LocalKeystore,
  now: number,
): Promise<string> {
  const described = await Promise.all(
    signers.map(async ({ role, suite, keys }) => ({
      ...describeSigner(await custodySigner(authority, suite, keystore, keys), role),
      ...(role === "issue" || role === "anchor" ? { trustedTime: true } : {}),
    })),
  );
  const trust = {
    version: 1,
    name: authority,
    sequence: 1,
    expires: instantText(Math.floor(now / 1000) + trustDays * 86_400),
    signers: described,
    suites: Object.fromEntries(Object.keys(suites).map((name) => [name, {}])),
    demands: [{ classifications: ["confidential", "restricted"], parents: true, receipts: true }],
  };
  const text = `${JSON.stringify(trust, null, 2)}\n`;
  parseTrust(text);
  return text;
}

/** Fills a folder with a home. */
async function fill(paths: HomePaths, authority: string, now: number): Promise<readonly HomeSigner[]> {
  const keystore = await createLocalKeystore({ file: paths.keystore, keyFile: paths.keyFile });
  await keystore.createSymmetricKey(dataKey);
  const signers = await createSigners(keystore);
  const root = { suite: rootSuite, keys: await createKeys(keystore, "root", rootSuite) };
  const home: HomeFile = { version: 1, authority, dataKey: `local:${dataKey}`, signers, root };
  const put = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o600, flag: "wx", flush: true });
  put(paths.trust, await trustText(authority, signers, keystore, now));
  put(paths.seen, `${JSON.stringify({ [authority]: 1 })}\n`);
  put(paths.examplePolicy, examplePolicy(authority));
  put(paths.file, `${JSON.stringify(home, null, 2)}\n`);
  return signers;
}

function unwritable(folder: string, fault: unknown): FormatError {
  return new FormatError("output-unwritable", `\`${folder}\` can't be made (${faultCode(fault)})`, { path: folder });
}

/** Makes the folder above the home, and one beside the home's place to fill. */
function makeRoom(folder: string): string {
  const beside = `${folder}.new-${randomBytes(4).toString("hex")}`;
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new FormatError("output-exists", `\`${folder}\` exists already and is not empty`, { path: folder });
    mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
    mkdirSync(beside, { mode: 0o700 });
  } catch (fault) {
    if (fault instanceof FormatError) throw fault;
    throw unwritable(folder, fault);
  }
  return beside;
}

/** Makes a home. Spec: CLI-10, CLI-11. */
export async function init({ io, homeOption }: Context, _args: readonly [], options: InitOptions): Promise<Answer> {
  const authority = authorityOf(options.authority);
  if (options.dir === "") throw new UsageError("--dir: the folder has an empty name");
  const folder = options.dir === undefined ? homeFolder(io, homeOption) : resolve(io.cwd, options.dir);
  const room = makeRoom(folder);
  let signers;
  try {
    signers = await fill(homePaths(room), authority, io.now());
    renameSync(room, folder);
  } catch (fault) {
    rmSync(room, { recursive: true, force: true });
    throw fault instanceof Error && "syscall" in fault ? unwritable(folder, fault) : fault;
  }
  const paths = homePaths(folder);
  const summary = signers.map(({ role, suite }) => ({ role, suite }));
  return {
    json: {
      home: folder,
      authority,
      dataKey: `local:${dataKey}`,
      signers: summary,
      trust: paths.trust,
      examplePolicy: paths.examplePolicy,
      custody: "development-only",
    },
    lines: [
      { text: `home       ${folder}`, tone: "strong" },
      `authority  ${authority}`,
      `data key   local:${dataKey}`,
      ...summary.map(({ role, suite }) => `signer     ${role} (${suite})`),
      `trust      ${paths.trust}`,
      `policy     ${paths.examplePolicy}, to start from`,
    ],
    notes: [
      "keys in a file are for development: production keys belong in a KMS",
      ...(options.dir === undefined ? [] : [`use it with --home ${folder} or WRIT_HOME=${folder}`]),
    ],
  };
}
