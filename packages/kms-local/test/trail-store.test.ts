import { CreateKeyCommand, GenerateRandomCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { createHash, createPublicKey, verify } from "node:crypto";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { TrailEvent } from "@writ/kms-local";
import { expect, onTestFinished, test } from "vitest";
import { account, clientOf, region, start } from "./client.ts";

const hourMs = 3_600_000;

interface Digest {
  readonly awsAccountId: string;
  readonly digestStartTime: string;
  readonly digestEndTime: string;
  readonly digestS3Bucket: string;
  readonly digestS3Object: string;
  readonly digestPublicKeyFingerprint: string;
  readonly previousDigestS3Object: string | null;
  readonly previousDigestHashValue: string | null;
  readonly previousDigestSignature: string | null;
  readonly logFiles: readonly { readonly s3Object: string; readonly hashValue: string }[];
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kms-digests-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function unzip(path: string): Buffer {
  return gunzipSync(readFileSync(path));
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The digests of one Region, oldest first, by their names. */
function digestsOf(folder: string, inRegion = region): string[] {
  const root = `AWSLogs/${account}/CloudTrail-Digest/${inRegion}`;
  const found = readdirSync(join(folder, root), { recursive: true, encoding: "utf8" });
  return found
    .filter((name) => name.endsWith(".json.gz"))
    .toSorted()
    .map((name) => `${root}/${name}`);
}

/**
 * Checks a chain as CloudTrail's users do, with nothing of the server's but its files: what is
 * wrong, or nothing. Source: AWS CloudTrail User Guide, "Custom implementations of CloudTrail log
 * file integrity validation".
 */
function wrongIn(folder: string, objects: readonly string[]): string[] {
  const { PublicKeyList: keys } = JSON.parse(readFileSync(join(folder, "public-keys.json"), "utf8")) as {
    PublicKeyList: { Value: string; Fingerprint: string }[];
  };
  const found: string[] = [];
  let previous: { signature: string; hash: string; object: string } | undefined;
  for (const object of objects) {
    const content = unzip(join(folder, object));
    const digest = JSON.parse(content.toString()) as Digest;
    const metadata = readFileSync(join(folder, `${object}.metadata.json`), "utf8");
    const { signature } = JSON.parse(metadata) as { signature: string };
    const { Value = "" } = keys.find((key) => key.Fingerprint === digest.digestPublicKeyFingerprint) ?? {};
    const key = createPublicKey({ key: Buffer.from(Value, "base64"), format: "der", type: "pkcs1" });
    const signed = [
      digest.digestEndTime,
      `${digest.digestS3Bucket}/${object}`,
      sha256(content),
      digest.previousDigestSignature ?? "null",
    ].join("\n");
    if (!verify("sha256", Buffer.from(signed), key, Buffer.from(signature, "hex"))) found.push("signature");
    if (digest.digestS3Object !== object) found.push("place");
    if (digest.previousDigestSignature !== (previous?.signature ?? null)) found.push("previous signature");
    if (digest.previousDigestHashValue !== (previous?.hash ?? null)) found.push("previous hash");
    if (digest.previousDigestS3Object !== (previous?.object ?? null)) found.push("previous place");
    for (const log of digest.logFiles) {
      if (sha256(unzip(join(folder, log.s3Object))) !== log.hashValue) found.push("log file");
    }
    previous = { signature, hash: sha256(content), object };
  }
  return found;
}

function eventsIn(folder: string, objects: readonly string[]): TrailEvent[] {
  const digests = objects.map((object) => JSON.parse(unzip(join(folder, object)).toString()) as Digest);
  const logs = digests.flatMap((digest) => digest.logFiles.map((log) => log.s3Object));
  return logs.flatMap((log) => (JSON.parse(unzip(join(folder, log)).toString()) as { Records: TrailEvent[] }).Records);
}

test("each hour with events gets a signed digest that chains to the one before, over restarts too", async () => {
  const folder = newFolder();
  const time = { now: Date.parse("2030-01-01T10:20:30Z") };
  const events: TrailEvent[] = [];
  const options = { trailFolder: folder, clock: () => time.now, onEvent: (each: TrailEvent) => void events.push(each) };
  const random = new GenerateRandomCommand({ NumberOfBytes: 1 });
  const one = await start(options);
  await clientOf(one).send(new CreateKeyCommand({}));
  await clientOf(one, "AKIDROOT", "us-east-1").send(random);
  time.now += hourMs;
  await clientOf(one).send(random);
  await one.close();
  time.now += 5 * hourMs;
  const two = await start(options);
  await clientOf(two).send(random);
  await clientOf(two).send(random);
  await two.close();

  const objects = digestsOf(folder);
  const prefix = `AWSLogs/${account}/CloudTrail-Digest/${region}/2030/01/01/${account}_CloudTrail-Digest_${region}_`;
  expect(objects).toEqual(
    ["110000", "112030", "162030"].map((clock) => `${prefix}kms-local_${region}_20300101T${clock}Z.json.gz`),
  );
  expect(wrongIn(folder, objects)).toEqual([]);
  const digests = objects.map((object) => JSON.parse(unzip(join(folder, object)).toString()) as Digest);
  expect(digests.map((digest) => digest.digestStartTime)).toEqual([
    "2030-01-01T10:00:00Z",
    "2030-01-01T11:00:00Z",
    "2030-01-01T11:20:30Z",
  ]);
  const elsewhere = digestsOf(folder, "us-east-1");
  expect(wrongIn(folder, elsewhere)).toEqual([]);
  const stored = [...eventsIn(folder, objects), ...eventsIn(folder, elsewhere)];
  const ids = (all: readonly TrailEvent[]): Set<unknown> => new Set(all.map((event) => event["eventID"]));
  expect(ids(stored)).toEqual(ids(events));
  expect(stored).toHaveLength(5);
  expect(existsSync(join(folder, "pending.jsonl"))).toBe(false);
  expect(statSync(join(folder, "digest-key.pem")).mode & 0o777).toBe(0o600);
});

test("the chain shows a digest that is missing, put elsewhere or replaced", async () => {
  const folder = newFolder();
  const time = { now: Date.parse("2030-01-01T10:20:30Z") };
  const server = await start({ trailFolder: folder, clock: () => time.now });
  for (let i = 0; i < 4; i++) {
    await clientOf(server).send(new ListKeysCommand({}));
    time.now += hourMs;
  }
  await server.close();
  const objects = digestsOf(folder);
  expect(wrongIn(folder, objects)).toEqual([]);
  expect(objects).toHaveLength(4);
  const [a = "", b = "", c = "", d = ""] = objects;
  expect(wrongIn(folder, [a, c, d])).toContain("previous signature");
  expect(wrongIn(folder, [a, c, b, d])).toContain("previous hash");
  rmSync(join(folder, b));
  appendFileSync(join(folder, b), readFileSync(join(folder, c)));
  expect(wrongIn(folder, objects)).toContain("signature");
});

test("what a crash left is written by the next start, all but a line that was cut", async () => {
  const folder = newFolder();
  const now = Date.parse("2030-01-01T10:20:30Z");
  const record = { eventID: "left", eventTime: "2030-01-01T10:00:01Z", awsRegion: region, recipientAccountId: account };
  appendFileSync(join(folder, "pending.jsonl"), `${JSON.stringify(record)}\n{"eventID":"cu`);
  const server = await start({ trailFolder: folder, clock: () => now });
  await clientOf(server).send(new ListKeysCommand({}));
  await server.close();
  const objects = digestsOf(folder);
  expect(wrongIn(folder, objects)).toEqual([]);
  expect(eventsIn(folder, objects)).toMatchObject([{ eventID: "left" }, { eventName: "ListKeys" }]);
});
