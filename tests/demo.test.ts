// The demo: it holds on real data, and every named change makes it fail at the expectation that the change is about.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sabotages } from "../examples/demo/sabotage.ts";
import type { Sabotage } from "../examples/demo/sabotage.ts";
import { root } from "./support/repository.ts";

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const folder = mkdtempSync(join(tmpdir(), "writ-demo-test-"));

function demo(...args: readonly string[]): Promise<Run> {
  return example("demo", ...args);
}

async function example(name: string, ...args: readonly string[]): Promise<Run> {
  const flags = ["--conditions=@writ/source", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, join(root, "examples", name, "main.ts"), ...args], {
    env: { PATH: process.env["PATH"], TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}

/** Runs with these arguments, two at a time. */
async function demos(all: readonly (readonly string[])[]): Promise<Run[]> {
  const runs: Run[] = [];
  const next = all.entries();
  const worker = async (): Promise<void> => {
    for (const [index, args] of next) runs[index] = await demo(...args);
  };
  await Promise.all([worker(), worker()]);
  return runs;
}

/** Names of the expectations that failed. */
function failed({ stderr }: Run): string[] {
  return [...stderr.matchAll(/✗ expectation failed: (.*)$/gm)].map((match) => match[1] ?? "");
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the demo", () => {
  const changes = Object.entries<Sabotage>(sabotages);
  const runs = new Map<string, Run>();

  beforeAll(async () => {
    const all = [[], ["--quick"], ...changes.map(([name]) => ["--quick", `--sabotage=${name}`])];
    const done = await demos(all);
    done.forEach((run, index) => runs.set(all[index]!.join(" "), run));
  }, 600_000);

  test("holds on all files, without colours where nobody looks", () => {
    const { status, stdout, stderr } = runs.get("")!;
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^all \d+ expectations held$/m);
    expect(stdout).toContain("flights-3m.parquet");
    expect(stdout).toMatch(/^ +together .* s +\d+\.\d\d s$/m); // wall and CPU
    expect(stdout).not.toContain("\u001b");
  });

  test("control: on one file it holds as well", () => {
    const run = runs.get("--quick")!;
    expect({ status: run.status, failed: failed(run) }).toEqual({ status: 0, failed: [] });
  });

  test("names at least twelve changes", () => {
    expect(changes.length).toBeGreaterThanOrEqual(12);
  });

  test.each(changes)("fails, naming what failed, when %s", (name, { fails, code }) => {
    const run = runs.get(`--quick --sabotage=${name}`)!;
    expect(failed(run), run.stderr).toEqual([fails]);
    expect(run.status).toBe(1);
    if (code !== undefined) expect(run.stderr).toContain(`     ${code}: `);
    expect(run.stdout).not.toContain("expectations held");
  });

  test("lists the changes", async () => {
    const { status, stdout } = await demo("--list");
    expect(status).toBe(0);
    expect(changes.filter(([name, { fails }]) => !stdout.includes(name) || !stdout.includes(fails))).toEqual([]);
  });

  test.each([["--sabotage=unheard-of"], ["--unheard-of"], ["file"]])("refuses %s as wrong usage", async (arg) => {
    const { status, stdout, stderr } = await demo(arg);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).not.toBe("");
  });

  test("leaves nothing behind", () => {
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("two services pass a governed payload: opened for its purpose, refused for another, refused when changed", async () => {
  const { status, stdout, stderr } = await example("two-services");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout.trim().split("\n")).toEqual([
    'for delivery           200 {"order":4711,"street":"Hafenweg 3"}',
    "for advertising        403 deny: purpose-prohibited, no-permission",
    "with one bit changed   422 content-root",
  ]);
});
