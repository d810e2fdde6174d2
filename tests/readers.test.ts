// Readers that know the spec alone: what they make of cases that nobody has seen, and what the one in Python makes of all.
import { spawnSync } from "node:child_process";
import type { SpawnSyncReturns } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freshVectors, writeVectors } from "../test-vectors/fresh.ts";
import { kinds } from "../test-vectors/support/fresh-cases.ts";
import { root } from "./support/repository.ts";
import { scratchFolder } from "./support/scratch.ts";

/** Runs a reader with its arguments; its output is text. */
function read(command: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { encoding: "utf8", cwd: root, timeout: 60_000 });
}

const inNode = (...args: readonly string[]): SpawnSyncReturns<string> =>
  read(process.execPath, "test-vectors/verify.mjs", ...args);

/** Each case expects another core's name: a reader that compares nothing would agree still. */
function spoil(folder: string, path: string): void {
  const vector = JSON.parse(readFileSync(join(folder, path), "utf8")) as { expect: object };
  writeFileSync(join(folder, path), JSON.stringify({ ...vector, expect: { ...vector.expect, name: "sha384:00" } }));
}

/** A Python that has `cryptography`, or why there is none. */
function python(): { readonly command: string } | { readonly unavailable: string } {
  for (const command of ["python3", "/usr/bin/python3"]) {
    if (read(command, "-c", "import cryptography.hazmat.primitives.ciphers.aead").status === 0) return { command };
  }
  return { unavailable: "no python3 that has cryptography (Debian: apt-get install python3-cryptography)" };
}

describe("fresh cases", () => {
  const count = 24;
  const made = freshVectors("test", count);
  const written = async (): Promise<string> => {
    const folder = scratchFolder();
    writeVectors(await made, folder);
    return folder;
  };

  test("each kind is there without a fault, and a seed gives the same bytes again, another seed others", async () => {
    const files = await made;
    const titles = files.map(({ json }) => (json as { title?: string }).title);
    for (const kind of kinds) expect(titles).toContain(`${kind}: no fault`);
    const few = files.slice(0, 8);
    expect(await freshVectors("test", 4)).toEqual(few);
    expect(await freshVectors("other", 4)).not.toEqual(few);
  });

  test("a reader that imports nothing of ours agrees with ingest on them, and a spoiled expectation is found", async () => {
    const folder = await written();
    const agreed = inNode("--folder", folder);
    expect(agreed.stdout).toContain(`${2 * count} agreed, 0 disagreed`);
    expect(agreed.status).toBe(0);
    spoil(folder, "artifacts/test-000-seal.json");
    const disagreed = inNode("--folder", folder);
    expect(disagreed.stdout).toContain(`${2 * count - 1} agreed, 1 disagreed`);
    expect(disagreed.status).toBe(1);
  });

  test("the reader in Python agrees on them, and a spoiled expectation is found", async (context) => {
    const found = python();
    if ("unavailable" in found) return context.skip(found.unavailable);
    const folder = await written();
    const judge = (): SpawnSyncReturns<string> =>
      read(found.command, "test-vectors/verify-python/verify.py", "--folder", folder);
    expect(judge().stdout).toContain(`artifacts: ${count} agreed, 0 disagreed, 0 not judged`);
    spoil(folder, "artifacts/test-000-seal.json");
    expect(judge()).toMatchObject({ status: 1, stdout: expect.stringContaining("1 disagreed") as string });
  });
});

test("the reader in Python disagrees with no vector, and leaves few unjudged", (context) => {
  const found = python();
  if ("unavailable" in found) return context.skip(found.unavailable);
  const { stdout, status } = read(found.command, "test-vectors/verify-python/verify.py");
  const sets = [...stdout.matchAll(/^([a-z/]+): (\d+) agreed, (\d+) disagreed, (\d+) not judged$/gm)];
  expect(sets.length).toBe(14);
  for (const [line, , agreed, disagreed] of sets) {
    expect(Number(disagreed), line).toBe(0);
    expect(Number(agreed), line).toBeGreaterThan(0);
  }
  const sum = (at: number): number => sets.reduce((total, set) => total + Number(set[at]), 0);
  expect(sum(4)).toBeLessThan(sum(2) / 10);
  expect(status).toBe(0);
});
