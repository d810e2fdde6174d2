// Installs what the checkout needs: run before anything else, by any Node from 18 on.
// A second run with an unchanged lockfile does nothing but compare one hash.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = `${root}node_modules/.writ-setup`;
const pinnedNode = `${root}node_modules/.bin/node`;
const installTimeoutMs = 15 * 60_000;

const packageManager = "pnpm@12.21.0";
const stamp = createHash("sha256")
  .update(packageManager)
  .update(readFileSync(`${root}pnpm-lock.yaml`))
  .update(readFileSync(`${root}pnpm-workspace.yaml`))
  .digest("hex");

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}

function nodeMajor(command) {
  const run = spawnSync(command, ["--version"], { encoding: "utf8" });
  return run.status === 0 ? Number(run.stdout.slice(1).split(".")[0]) : 0;
}

function install() {
  const windows = process.platform === "win32";
  const run = spawnSync(windows ? "npx.cmd" : "npx", ["--yes", packageManager, "install", "--frozen-lockfile"], {
    cwd: root,
    stdio: ["ignore", process.stderr.fd, process.stderr.fd],
    env: { ...process.env, CI: "1", npm_config_fetch_retries: "1" },
    timeout: installTimeoutMs,
    shell: windows,
  });
  if (run.error) say(run.error.message);
  return run.status === 0;
}

const upToDate = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
if (!upToDate) {
  rmSync(stampFile, { force: true }); // an install that is broken off must not look done to a later run
  say(`installing with ${packageManager}`);
  if (!install()) {
    say("the install failed, trying once more");
    if (!install()) fail("the install failed twice; the lines above say why");
  }
}
const command = existsSync(pinnedNode) ? pinnedNode : "node";
const major = nodeMajor(command);
if (major < 24) {
  const found = major === 0 ? `${command} does not start` : `${command} is version ${major}`;
  fail(`Node 24 or later is needed, ${found} on this platform: install Node 24 and run again`);
}
if (!upToDate) {
  writeFileSync(stampFile, stamp);
  say("done");
}
