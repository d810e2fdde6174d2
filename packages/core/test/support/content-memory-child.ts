// One seal or one open of much content in a process of its own, which says how much memory it took at most. Arguments:
// `empty`, or `seal FILE BYTES`, or `open FILE`, or `hold FILE` (opens and keeps every segment: what must show up).
import { createSecretKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { contentAad, encryptContent } from "../../src/content.ts";
import type { SignedContent } from "../../src/content.ts";
import { openFile } from "../../src/content-file.ts";
import { decryptContent } from "../../src/content-open.ts";

const [mode = "empty", file = "", bytes = "0"] = process.argv.slice(2);
const dataKey = createSecretKey(Buffer.alloc(32, 1));
const aad = contentAad(Buffer.alloc(16, 2), "urn:example:issuer");
const chunk = Buffer.alloc(65_536);

async function* zeros(sizeBytes: number): AsyncGenerator<Uint8Array> {
  for (let left = sizeBytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
}

async function seal(): Promise<number> {
  await using out = await open(file, "w");
  const write = async (part: Uint8Array): Promise<void> => void (await out.write(part));
  const { sizeBytes, root, header } = await encryptContent(zeros(Number(bytes)), { dataKey, aad, write });
  const content = { format: "floe", sizeBytes, root, floeHeader: Buffer.from(header).toString("hex") };
  writeFileSync(`${file}.json`, JSON.stringify(content));
  return Number(bytes);
}

async function read(held: Uint8Array[] | null): Promise<number> {
  const said = JSON.parse(readFileSync(`${file}.json`, "utf8")) as SignedContent & { floeHeader: string };
  const content: SignedContent = { ...said, floeHeader: Buffer.from(said.floeHeader, "hex") };
  await using reader = await openFile(file);
  let sizeBytes = 0;
  for await (const segment of decryptContent(reader, { content, dataKey, aad, lend: held === null })) {
    sizeBytes += segment.length;
    held?.push(segment);
  }
  return sizeBytes;
}

const started = performance.now();
const cpu = process.cpuUsage();
let sizeBytes = 0;
if (mode === "seal") sizeBytes = await seal();
else if (mode !== "empty") sizeBytes = await read(mode === "hold" ? [] : null);
const { user, system } = process.cpuUsage(cpu);
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
const wallMs = Math.round(performance.now() - started);
console.log(
  JSON.stringify({ sizeBytes, peakBytes: Number(peak) * 1024, wallMs, cpuMs: Math.round((user + system) / 1000) }),
);
