// Peak memory of seal and open, each run in a process of its own: VmHWM, median of five.
//   npm run bench:memory -- [GiB …]        (default 1; 4 takes 5 GB of disk)
// It runs what is built: from source, stripping types takes as much memory again as the work.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Run {
  readonly peakBytes: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

const runs = 5;
const child = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "memory-child.ts" : "memory-child.js", import.meta.url),
);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function measure(args: readonly string[]): Run {
  const found = Array.from({ length: runs }, () => {
    const flags = child.endsWith(".ts") ? ["--conditions=@writ/source"] : [];
    return JSON.parse(execFileSync(process.execPath, [...flags, child, ...args], { encoding: "utf8" })) as Run;
  });
  return {
    peakBytes: median(found.map(({ peakBytes }) => peakBytes)),
    wallMs: median(found.map(({ wallMs }) => wallMs)),
    cpuMs: median(found.map(({ cpuMs }) => cpuMs)),
  };
}

/** Peak of a process that does nothing and loads nothing of ours. */
function barePeakBytes(): number {
  const program = `console.log(/VmHWM:\\s+(\\d+)/.exec(require("node:fs").readFileSync("/proc/self/status", "utf8"))[1])`;
  const peaks = Array.from({ length: runs }, () =>
    Number(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" })),
  );
  return median(peaks) * 1024;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function line(name: string, run: Run, bareBytes: number, loadedBytes: number): void {
  const over = `+${mebibytes(run.peakBytes - bareBytes)} over an empty process, +${mebibytes(run.peakBytes - loadedBytes)} over our modules loaded`;
  console.log(
    `${name.padEnd(20)} ${mebibytes(run.peakBytes).padStart(10)}  ${over}  ${run.wallMs} ms, ${run.cpuMs} ms CPU`,
  );
}

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1];
const folder = mkdtempSync(join(tmpdir(), "writ-memory-"));
try {
  const bare = barePeakBytes();
  const loaded = measure(["empty"]);
  console.log(`${process.version}, median of ${runs}; an empty process: ${mebibytes(bare)}`);
  line("modules loaded", loaded, bare, loaded.peakBytes);
  for (const gibibytes of sizes) {
    const file = join(folder, "content");
    const sealing = ["seal", file, String(gibibytes * 2 ** 30)];
    line(`seal ${gibibytes} GiB, threads`, measure([...sealing, "threads"]), bare, loaded.peakBytes);
    line(`seal ${gibibytes} GiB`, measure(sealing), bare, loaded.peakBytes);
    line(`open ${gibibytes} GiB`, measure(["open", file]), bare, loaded.peakBytes);
    rmSync(file);
  }
} finally {
  rmSync(folder, { recursive: true });
}
