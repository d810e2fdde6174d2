// The last line of a test run counts what vitest's own count leaves out: files that don't load, hooks that throw,
// skips without a reason, runs without tests.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/repository.ts";
import { linkDependencies, scratchFolder } from "./support/scratch.ts";

const header = 'import { beforeAll, describe, expect, test } from "vitest";\n';
const passing = `${header}test("holds", () => expect(1).toBe(1));\n`;

function runTests(files: Record<string, string>): { status: number | null; lastLine: string; counts: string } {
  const config = `
    import { testSummary } from ${JSON.stringify(`${root}tools/test-summary.ts`)};
    export default { test: { reporters: [testSummary(process.env.WRIT_TEST_COUNTS)] } };`;
  const folder = scratchFolder({ "vitest.config.ts": config, ...files });
  linkDependencies(folder);
  const countsFile = join(folder, "counts");
  const { status, stdout } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run"], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", CI: "true", WRIT_TEST_COUNTS: countsFile },
    encoding: "utf8",
  });
  return {
    status,
    lastLine: stdout.trim().split("\n").at(-1) ?? "",
    counts: existsSync(countsFile) ? readFileSync(countsFile, "utf8").trim() : "",
  };
}

test("a run in which everything holds passes; a skip that says why is counted, not failed", () => {
  const noted = `${passing}test("needs an HSM", (context) => context.skip("no PKCS#11 module on this machine"));\n`;
  expect(runTests({ "a.test.ts": noted })).toEqual({
    status: 0,
    lastLine: "1 passed, 0 failed, 1 skipped",
    counts: "1 0 1",
  });
});

test.each([
  ["a failing test", `${header}test("fails", () => expect(1).toBe(2));`],
  ["a skip without a reason", `${header}test.skip("silent", () => {});`],
  ["a test to be written", `${header}test.todo("later");`],
  ["a file that does not load", 'throw new TypeError("at load");'],
  ["a file without tests", "export {};"],
  ["a hook that throws", `${header}describe("s", () => { beforeAll(() => { throw new TypeError("hook"); }); });`],
  [
    "an error outside any test",
    `${header}test("x", () => { setImmediate(() => { throw new TypeError("stray"); }); });`,
  ],
])("control: %s beside a passing file fails the run", (_, text) => {
  const { status, counts } = runTests({ "a.test.ts": passing, "b.test.ts": text });
  expect(status).not.toBe(0);
  expect(Number(counts.split(" ")[1])).toBeGreaterThan(0);
});

test("control: a run without tests fails", () => {
  expect(runTests({})).toEqual({ status: 1, lastLine: "0 passed, 1 failed, 0 skipped", counts: "0 1 0" });
});
