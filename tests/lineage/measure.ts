// CPU time and peak memory of verifyLineage over a corpus as deep and wide as asked, in a process of its own:
//   npm run measure:lineage -- [DEEP] [WIDE]        (default 100000 10000; takes a minute, most of it to seal the corpus)
// The child runs what is built: from source, stripping types takes as much memory again. Signatures are ingest's: its share of the
// CPU time is told apart.
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { corpus, newSetting } from "./corpus.ts";

interface Measured {
  readonly standing: string;
  readonly artifacts: number;
  readonly references: number;
  readonly comparisons: number;
  readonly ingestMs: number;
  readonly lineageMs: number;
  readonly peakMiB: number;
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

/** Else what is seen is how much garbage of ingest node lets lie: 3 x 32 MiB and the buffers that hang on it. */
const youngSpace = "--max-semi-space-size=2";
const [deep = "100000", wide = "10000"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "writ-lineage-"));
try {
  await write(folder, Number(deep), Number(wide));
  const child = fileURLToPath(new URL("../../packages/bench/dist/lineage-child.js", import.meta.url));
  const found = JSON.parse(
    execFileSync(process.execPath, [youngSpace, child, folder], { encoding: "utf8" }),
  ) as Measured;
  console.log(
    `${process.version}, ${deep} deep and ${wide} wide: ${found.artifacts} artifacts, ${found.references} references, ${found.standing}`,
  );
  console.log(`verifyLineage  ${(found.lineageMs / 1000).toFixed(1)} s CPU (10 s at most)`);
  console.log(`ingest before  ${(found.ingestMs / 1000).toFixed(1)} s CPU`);
  console.log(`peak memory    ${found.peakMiB} MiB of the whole process under ${youngSpace} (256 MiB at most)`);
  process.exitCode = found.lineageMs <= 10_000 && found.peakMiB <= 256 && found.standing === "checked" ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
