// CPU time and peak memory of verifyLineage over a corpus as deep and wide as asked, in a process of its own:
//   npm run measure:lineage -- [DEEP] [WIDE]        (default 100000 10000; takes a minute, most of it to seal the corpus)
// Signatures are ingest's: its share of the child's CPU time is told apart.
import { execFileSync } from "node:child_process";
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseTrust } from "@writ/core";
import type { VerifiedArtifact } from "@writ/core";
import { verifyLineage } from "@writ/core/lineage";
import { clock, corpus, ingested, newSetting } from "./corpus.ts";

interface Measured {
  readonly standing: string;
  readonly artifacts: number;
  readonly references: number;
  readonly comparisons: number;
  readonly ingestMs: number;
  readonly lineageMs: number;
  readonly peakMiB: number;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function* framed(file: string): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    while (at + 4 <= rest.length && at + 4 + rest.readUInt32BE(at) <= rest.length) {
      const end = at + 4 + rest.readUInt32BE(at);
      yield rest.subarray(at + 4, end);
      at = end;
    }
    rest = rest.subarray(at);
  }
}

async function measure(folder: string): Promise<Measured> {
  const trust = parseTrust(readFileSync(join(folder, "trust.json"), "utf8"));
  const policy = new Uint8Array(readFileSync(join(folder, "policy")));
  let ingestMs = 0;
  async function* timed(): AsyncGenerator<VerifiedArtifact> {
    let before = cpuMs();
    for await (const artifact of ingested(framed(join(folder, "corpus")), trust, policy)) {
      ingestMs += cpuMs() - before;
      yield artifact;
      before = cpuMs();
    }
  }
  const started = cpuMs();
  const { standing, artifacts, references, comparisons } = await verifyLineage(timed(), { clock });
  const lineageMs = cpuMs() - started - ingestMs;
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return {
    standing,
    artifacts,
    references,
    comparisons,
    ingestMs: Math.round(ingestMs),
    lineageMs: Math.round(lineageMs),
    peakMiB: Math.round(Number(peak) / 1024),
  };
}

async function write(folder: string, deep: number, wide: number): Promise<void> {
  const setting = await newSetting();
  writeFileSync(join(folder, "trust.json"), setting.trustText);
  writeFileSync(join(folder, "policy"), setting.policy);
  const file = openSync(join(folder, "corpus"), "w");
  for await (const artifact of corpus(setting, deep, wide)) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(artifact.length);
    writeSync(file, Buffer.concat([length, artifact]));
  }
  closeSync(file);
}

const [first = "100000", second = "10000"] = process.argv.slice(2);
if (first === "--child") console.log(JSON.stringify(await measure(second)));
else {
  const folder = mkdtempSync(join(tmpdir(), "writ-lineage-"));
  try {
    await write(folder, Number(first), Number(second));
    const child = [...process.execArgv, fileURLToPath(import.meta.url), "--child", folder];
    const found = JSON.parse(execFileSync(process.execPath, child, { encoding: "utf8" })) as Measured;
    console.log(
      `${process.version}, ${first} deep and ${second} wide: ${found.artifacts} artifacts, ${found.references} references, ${found.standing}`,
    );
    console.log(`verifyLineage  ${(found.lineageMs / 1000).toFixed(1)} s CPU (10 s at most)`);
    console.log(`ingest before  ${(found.ingestMs / 1000).toFixed(1)} s CPU`);
    console.log(`peak memory    ${found.peakMiB} MiB of the whole process (256 MiB at most)`);
    process.exitCode = found.lineageMs <= 10_000 && found.peakMiB <= 256 && found.standing === "checked" ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
