// A folder of its own for one test, gone when the test ends.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { root } from "./repository.ts";

/** Makes a temporary folder with these files (path to text) and returns its absolute path. */
export function scratchFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "writ-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Lets code in the folder import what the checkout has installed, the packages of the workspace included. */
export function linkDependencies(folder: string): void {
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
}
