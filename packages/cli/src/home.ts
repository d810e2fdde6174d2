// The home: keystore, signers, trust policy and receipt log of whoever works here, in the user's configuration folder.
import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { custodySigner, CustodyError, FormatError, parseJson, suites, VerificationError } from "@writ/core";
import type { Role, Signer, SuiteName } from "@writ/core";
import type { LocalKeystore } from "@writ/core/local";
import { UsageError } from "./fault.ts";
import { readText } from "./input-file.ts";
import type { Io } from "./io.ts";

/** A signer of the home: keys of its keystore, in the order of the suite. */
export interface HomeSigner {
  readonly role: Role;
  readonly suite: SuiteName;
  readonly keys: readonly string[];
}

/** What `home.json` says. */
export interface HomeFile {
  readonly version: 1;
  readonly authority: string;
  /** Key that data is sealed to where none is named. */
  readonly dataKey: string;
  readonly signers: readonly HomeSigner[];
  /** What signs trust policies; homes of before have none. */
  readonly root?: HomeRoot;
}

/** Keys of the home's keystore that sign trust policies for others to pin. They are in no trust policy. */
export type HomeRoot = Omit<HomeSigner, "role">;

/** Paths within a home. */
export interface HomePaths {
  readonly folder: string;
  readonly file: string;
  readonly keystore: string;
  readonly keyFile: string;
  readonly trust: string;
  readonly seen: string;
  /** Root that signs this home's trust policies, where one was pinned. */
  readonly root: string;
  /** Which status lists and registers were seen. */
  readonly listsSeen: string;
  readonly receipts: string;
  readonly examplePolicy: string;
}

/** Where the parts of a home lie. */
export function homePaths(folder: string): HomePaths {
  return {
    folder,
    file: join(folder, "home.json"),
    keystore: join(folder, "keystore.writ-keys"),
    keyFile: join(folder, "keystore.key"),
    trust: join(folder, "trust.json"),
    seen: join(folder, "trust-seen.json"),
    root: join(folder, "trust-root.json"),
    listsSeen: join(folder, "lists-seen.json"),
    receipts: join(folder, "receipts.writ-receipts"),
    examplePolicy: join(folder, "example-policy.json"),
  };
}

/** The home's folder: `--home`, else WRIT_HOME, else `writ` in the user's configuration folder. Spec: CLI-10. */
export function homeFolder(io: Io, option: string | undefined): string {
  const named = option ?? io.env["WRIT_HOME"];
  if (named === "") throw new UsageError("the home's folder has an empty name");
  if (named !== undefined) return resolve(io.cwd, named);
  const configuration = io.env["XDG_CONFIG_HOME"];
  if (configuration !== undefined && configuration !== "") return resolve(io.cwd, configuration, "writ");
  return join(io.env["HOME"] ?? homedir(), ".config", "writ");
}

/** A home that was found. */
export class Home {
  readonly paths: HomePaths;
  readonly authority: string;
  readonly dataKey: string;
  readonly signers: readonly HomeSigner[];
  readonly #root: HomeRoot | undefined;
  #keystore: Promise<LocalKeystore> | null = null;

  constructor(paths: HomePaths, file: HomeFile) {
    this.paths = paths;
    this.authority = file.authority;
    this.dataKey = file.dataKey;
    this.signers = file.signers;
    this.#root = file.root;
  }

  /** The keystore, opened once. Throws FormatError, CustodyError. */
  keystore(): Promise<LocalKeystore> {
    return (this.#keystore ??= import("@writ/core/local").then(({ openLocalKeystore }) =>
      openLocalKeystore({ file: this.paths.keystore, keyFile: this.paths.keyFile }),
    ));
  }

  /** The home's signer of a role under a suite. Throws `signer-unknown` where it has none. */
  async signer(role: Role, suite: SuiteName): Promise<Signer> {
    const found = this.signers.find((signer) => signer.role === role && signer.suite === suite);
    if (!found)
      throw new VerificationError(
        "signer-unknown",
        `the home has no signer of role \`${role}\` under suite \`${suite}\``,
      );
    return custodySigner(this.authority, suite, await this.keystore(), found.keys);
  }

  /** The home's root of trust policies. Throws `signer-unknown` where it has none. */
  async rootSigner(): Promise<Signer> {
    if (!this.#root) throw new VerificationError("signer-unknown", "the home has no root for trust policies");
    return custodySigner(this.authority, this.#root.suite, await this.keystore(), this.#root.keys);
  }

  /** Throws `custody-denied` where the home is `folder` or stands in it: keys never beside the data. Spec: CLI-11. */
  assertNotBeside(folder: string): void {
    const home = realpathSync(this.paths.folder);
    const real = existsSync(folder) ? realpathSync(folder) : folder;
    if (real === home || real === dirname(home)) {
      throw new CustodyError(
        "custody-denied",
        `the keys in \`${this.paths.folder}\` would stand beside the data in \`${folder}\``,
        { path: folder },
      );
    }
  }
}

function malformed(path: string): never {
  throw new FormatError("structure", `\`${path}\` is no home file`, { path });
}

function parseHome(text: string, path: string): HomeFile {
  const value = parseJson(text) as Partial<HomeFile> | null;
  if (typeof value !== "object" || value === null || value.version !== 1) malformed(path);
  const { version, authority, dataKey, signers, root } = value;
  if (typeof authority !== "string" || typeof dataKey !== "string" || !Array.isArray(signers)) malformed(path);
  for (const signer of signers as readonly Partial<HomeSigner>[]) {
    const known = typeof signer.suite === "string" && Object.hasOwn(suites, signer.suite);
    if (typeof signer.role !== "string" || !known || !Array.isArray(signer.keys)) malformed(path);
  }
  if (root !== undefined && (!Object.hasOwn(suites, String(root.suite)) || !Array.isArray(root.keys))) malformed(path);
  return { version, authority, dataKey, signers: signers as readonly HomeSigner[], ...(root ? { root } : {}) };
}

/** The home, or null where there is none. Throws FormatError for one that can't be read. */
export async function findHome(io: Io, option: string | undefined): Promise<Home | null> {
  const paths = homePaths(homeFolder(io, option));
  if (!existsSync(paths.file)) return null;
  return new Home(paths, parseHome(await readText(io, paths.file), paths.file));
}

/** The home. Throws `input-unreadable` where there is none. */
export async function needHome(io: Io, option: string | undefined): Promise<Home> {
  const home = await findHome(io, option);
  if (home) return home;
  const { folder } = homePaths(homeFolder(io, option));
  throw new FormatError(
    "input-unreadable",
    `there is no home in \`${folder}\`: make one with \`writ init\`, or name one with --home`,
    { path: folder },
  );
}
