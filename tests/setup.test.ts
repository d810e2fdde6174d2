// The set-up of a checkout: installs once per lockfile, says when it can't, and leaves no mark of a broken install.
// The package manager is replaced by a stub on the PATH, so that nothing is fetched.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readText, root } from "./support/repository.ts";
import { scratchFolder } from "./support/scratch.ts";

/** Stands for npx: notes each call, then does what the file `outcome` says: install this Node, or fail. */
const packageManagerStub = `#!/bin/sh
cd "$(dirname "$0")/.."
printf '%s CI=%s input=%s\\n' "$*" "$CI" "$(cat | wc -c)" >> calls
outcome=$(cat outcome)
[ "$outcome" = fails ] && exit 1
mkdir -p node_modules/.bin
printf '#!/bin/sh\\necho %s\\n' "$outcome" > node_modules/.bin/node
chmod +x node_modules/.bin/node
`;

interface Checkout {
  readonly run: (outcome: "fails" | `v${string}`) => { status: number | null; stderr: string };
  readonly calls: () => string[];
  readonly isStamped: () => boolean;
  readonly setLockfile: (text: string) => void;
}

function checkout(): Checkout {
  const folder = scratchFolder({ "pnpm-lock.yaml": "a", "pnpm-workspace.yaml": "b", "bin/npx": packageManagerStub });
  chmodSync(join(folder, "bin/npx"), 0o755);
  mkdirSync(join(folder, "tools"));
  copyFileSync(`${root}tools/setup.mjs`, join(folder, "tools/setup.mjs"));
  const calls = (): string[] =>
    existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trim().split("\n") : [];
  return {
    run(outcome) {
      writeFileSync(join(folder, "outcome"), outcome);
      const { status, stderr } = spawnSync(process.execPath, ["tools/setup.mjs"], {
        cwd: folder,
        env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin` },
        input: "not for the package manager",
        encoding: "utf8",
      });
      return { status, stderr };
    },
    calls,
    isStamped: () => existsSync(join(folder, "node_modules/.writ-setup")),
    setLockfile: (text) => writeFileSync(join(folder, "pnpm-lock.yaml"), text),
  };
}

describe("set-up", () => {
  test("installs once, from the lockfile, with a pinned package manager and no input", () => {
    const { run, calls, isStamped } = checkout();
    expect(run("v24.21.0").status).toBe(0);
    expect(calls()).toEqual([
      expect.stringMatching(/^--yes pnpm@\d+\.\d+\.\d+ install --frozen-lockfile CI=1 input=0$/),
    ]);
    expect(isStamped()).toBe(true);
    expect(run("v24.21.0")).toEqual({ status: 0, stderr: "" });
    expect(calls()).toHaveLength(1);
  });

  test("control: another lockfile is installed again", () => {
    const { run, calls, setLockfile } = checkout();
    run("v24.21.0");
    setLockfile("changed");
    expect(run("v24.21.0").status).toBe(0);
    expect(calls()).toHaveLength(2);
  });

  test("an install that fails is tried once more, then reported, and leaves no mark", () => {
    const { run, calls, isStamped } = checkout();
    const { status, stderr } = run("fails");
    expect(status).toBe(1);
    expect(stderr).toContain("failed twice");
    expect(calls()).toHaveLength(2);
    expect(isStamped()).toBe(false);
  });

  test("going back to an earlier lockfile after a failed install installs again", () => {
    const { run, calls, setLockfile } = checkout();
    run("v24.21.0");
    setLockfile("changed");
    run("fails");
    setLockfile("a");
    expect(run("v24.21.0").status).toBe(0);
    expect(calls()).toHaveLength(4);
  });

  test("a Node below 24 is refused with its version, every time", () => {
    const { run, isStamped } = checkout();
    for (const _ of [1, 2]) {
      const { status, stderr } = run("v22.3.0");
      expect(status).toBe(1);
      expect(stderr).toMatch(/Node 24 or later is needed.*version 22/);
      expect(isStamped()).toBe(false);
    }
  });
});

describe("scripts", () => {
  const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };

  /** After the set-up, the same shell line must not call `node`: the shell remembers where it found the first one. */
  const staysOnOldNode = (script: string): boolean => /setup\.mjs\b.*&&(?!\s*npm run )/.test(script);

  test("test, demo and check set up first, and only npm follows on the same line", () => {
    for (const name of ["test", "demo", "check"])
      expect(scripts[name]).toMatch(/^node tools\/setup\.mjs && npm run -s /);
    expect(Object.entries(scripts).filter(([, script]) => staysOnOldNode(script))).toEqual([]);
  });

  test("control: a second node on the line is reported", () => {
    expect(staysOnOldNode("node tools/setup.mjs && node examples/demo.ts")).toBe(true);
    expect(staysOnOldNode("node tools/setup.mjs && npm run -s test:run && vitest")).toBe(true);
  });
});
