// Memory of content in a process of its own; the larger figures are measured by packages/bench/src/memory.ts.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const child = fileURLToPath(new URL("support/content-memory-child.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "content-memory-"));
const file = join(folder, "content");
const mebibyte = 2 ** 20;
const sizeBytes = 192 * mebibyte;

afterAll(() => rmSync(folder, { recursive: true }));

function peak(...args: string[]): { readonly peakBytes: number; readonly sizeBytes: number } {
  const output = execFileSync(process.execPath, [
    "--conditions=@writ/source",
    "--disable-warning=ExperimentalWarning",
    child,
    ...args,
  ]);
  return JSON.parse(output.toString()) as { peakBytes: number; sizeBytes: number };
}

test("192 MiB are sealed and opened in a few MiB, and a reader that keeps what it gets shows", (context) => {
  if (process.platform !== "linux") context.skip("peak memory is read from /proc, which only Linux has");
  const empty = peak("empty").peakBytes;
  const sealed = peak("seal", file, String(sizeBytes));
  const opened = peak("open", file);
  const held = peak("hold", file);
  expect([sealed.sizeBytes, opened.sizeBytes, held.sizeBytes]).toEqual([sizeBytes, sizeBytes, sizeBytes]);
  expect(sealed.peakBytes - empty).toBeLessThan(24 * mebibyte);
  expect(opened.peakBytes - empty).toBeLessThan(24 * mebibyte);
  expect(held.peakBytes - empty).toBeGreaterThan(sizeBytes / 2); // control
});
