// One seal or one open through the public entry points, in a process of its own, which says how much memory it took at most.
// Arguments: `empty`, or `seal FILE BYTES`, or `seal FILE BYTES threads`, or `open FILE`. State lies beside FILE.
import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { open as openHandle } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { decide, describeSigner, ingest, localSigner, open, openFile, parseTrust, seal, signPolicy } from "@writ/core";
import { createLocalKeystore, openLocalKeystore } from "@writ/core/local";
import { createEvaluator } from "@writ/evaluator";

const [mode = "empty", file = "", bytes = "0", where = ""] = process.argv.slice(2);
const chunk = Buffer.alloc(65_536);
const evaluator = createEvaluator();
const document = JSON.stringify({
  version: 1,
  kind: "grant",
  id: "urn:bench:policy",
  authority: "urn:bench:authority",
  permissions: [{ id: "p1", operations: ["read"] }],
});

async function* zeros(sizeBytes: number): AsyncGenerator<Uint8Array> {
  for (let left = sizeBytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
}

function newKey(name: string): KeyObject {
  const { privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(`${file}.${name}.pem`, privateKey.export({ type: "pkcs8", format: "pem" }));
  return privateKey;
}

async function sealFile(): Promise<number> {
  rmSync(`${file}.keystore`, { force: true });
  writeFileSync(`${file}.key`, Buffer.alloc(32, 1), { mode: 0o600 });
  const custody = await createLocalKeystore({ file: `${file}.keystore`, keyFile: `${file}.key` });
  await custody.createSymmetricKey("data");
  const authority = localSigner("urn:bench:authority", "ed25519", [newKey("authority")]);
  const issuer = localSigner("urn:bench:issuer", "ed25519", [newKey("issuer")]);
  const { message } = await signPolicy(document, { evaluator, signer: authority });
  await using out = await openHandle(file, "w");
  const { artifact } = await seal({
    content: zeros(Number(bytes)),
    threads: where === "threads",
    write: async (part) => void (await out.write(part)),
    policies: [{ message }],
    recipients: [{ custody, keyUri: "local:data" }],
    signer: issuer,
    evaluator,
  });
  writeFileSync(`${file}.writ`, artifact);
  const signers = [describeSigner(authority, "policy"), describeSigner(issuer, "issue")];
  const trust = { version: 1, sequence: 1, expires: "2099-01-01T00:00:00Z", signers, suites: { ed25519: {} } };
  writeFileSync(`${file}.trust`, JSON.stringify(trust));
  return Number(bytes);
}

async function openSealed(): Promise<number> {
  const custody = await openLocalKeystore({ file: `${file}.keystore`, keyFile: `${file}.key` });
  const artifact = await ingest(readFileSync(`${file}.writ`), parseTrust(readFileSync(`${file}.trust`, "utf8")), {
    evaluator,
  });
  const request = {
    operation: "read",
    purposes: ["dpv:AcademicResearch"],
    principal: { id: "bench", kind: "service" },
  } as const;
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none" });
  await using content = await openFile(file);
  let sizeBytes = 0;
  for await (const segment of open(artifact, permit!, { custody, content, lend: true })) sizeBytes += segment.length;
  return sizeBytes;
}

const started = performance.now();
const cpu = process.cpuUsage();
const sizeBytes = mode === "seal" ? await sealFile() : mode === "open" ? await openSealed() : 0;
const { user, system } = process.cpuUsage(cpu);
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
const wallMs = Math.round(performance.now() - started);
console.log(
  JSON.stringify({ sizeBytes, peakBytes: Number(peak) * 1024, wallMs, cpuMs: Math.round((user + system) / 1000) }),
);
