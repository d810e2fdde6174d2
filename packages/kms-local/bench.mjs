// Speed of the server, driven by the AWS SDK: node --conditions=@writ/source packages/kms-local/bench.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { CreateKeyCommand, DecryptCommand, GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { startKms } from "@writ/kms-local";

const rounds = 2000;
const warmUp = 200;

/** Times requests that follow one another, each after the answer of the one before. */
async function measure(name, request) {
  for (let i = 0; i < warmUp; i++) await request();
  const took = [];
  for (let i = 0; i < rounds; i++) {
    const begin = performance.now();
    await request();
    took.push(performance.now() - begin);
  }
  took.sort((a, b) => a - b);
  const at = (share) => (took[Math.floor(rounds * share)] ?? 0).toFixed(2);
  const total = took.reduce((sum, ms) => sum + ms, 0);
  const rate = Math.round((rounds * 1000) / total);
  process.stdout.write(`${name}: ${at(0.5)} ms median, ${at(0.99)} ms p99, ${rate} requests/s\n`);
}

/** From the start of a process to its first word that the server listens. */
async function measureStart() {
  const script = 'import("@writ/kms-local").then((kms) => kms.startKms()).then((server) => console.log(server.port))';
  const took = [];
  for (let i = 0; i < 5; i++) {
    const begin = performance.now();
    const child = spawn(process.execPath, ["--conditions=@writ/source", "-e", script], { cwd: import.meta.dirname });
    await once(child.stdout, "data");
    took.push(performance.now() - begin);
    const gone = once(child, "exit");
    child.kill();
    await gone;
  }
  took.sort((a, b) => a - b);
  process.stdout.write(`start-up of a process: ${Math.round(took[2] ?? 0)} ms median of 5\n`);
}

await measureStart();
const server = await startKms();
const credentials = { accessKeyId: "AKIDBENCH", secretAccessKey: "x" };
const kms = new KMSClient({ endpoint: server.endpoint, region: "eu-central-1", credentials });
const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
const KeyId = KeyMetadata?.KeyId;
const EncryptionContext = { artifact: "00112233445566778899aabbccddeeff" };
const dataKey = { KeyId, KeySpec: "AES_256", EncryptionContext };
const { CiphertextBlob } = await kms.send(new GenerateDataKeyCommand(dataKey));
await measure("GenerateDataKey", () => kms.send(new GenerateDataKeyCommand(dataKey)));
await measure("Decrypt", () => kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext })));
kms.destroy();
await server.close();
