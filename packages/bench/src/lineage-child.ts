// One walk of verifyLineage over a corpus in a file, in a process of its own, which says what CPU time and memory it took.
// Argument: a folder with `corpus` (artifacts, each behind its length as 4 bytes big-endian), `policy` and `trust.json`.
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { ingest, nameOf, parseTrust } from "@writ/core";
import type { VerifiedArtifact } from "@writ/core";
import { verifyLineage } from "@writ/core/lineage";

const [folder = "."] = process.argv.slice(2);
const trust = parseTrust(readFileSync(join(folder, "trust.json"), "utf8"));
const policy = new Uint8Array(readFileSync(join(folder, "policy")));
const policyName = nameOf(policy);
const store = { get: (name: string): Uint8Array | undefined => (name === policyName ? policy : undefined) };
const clock = (): number => Date.parse("2026-03-01T12:01:00Z");

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function* framed(file: string): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
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

let ingestMs = 0;
async function* ingested(): AsyncGenerator<VerifiedArtifact> {
  let before = cpuMs();
  for await (const artifact of framed(join(folder, "corpus"))) {
    const verified = await ingest(artifact, trust, { store, clock });
    ingestMs += cpuMs() - before;
    yield verified;
    before = cpuMs();
  }
}

const started = cpuMs();
const { standing, artifacts, references, comparisons } = await verifyLineage(ingested(), { clock });
const lineageMs = Math.round(cpuMs() - started - ingestMs);
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
const peakMiB = Math.round(Number(peak) / 1024);
console.log(
  JSON.stringify({ standing, artifacts, references, comparisons, ingestMs: Math.round(ingestMs), lineageMs, peakMiB }),
);
