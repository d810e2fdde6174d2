import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { TrailEvent } from "./trail.ts";

/** A folder laid out as the bucket of a CloudTrail trail: log files and, hour by hour, signed digest files. */
export interface TrailStore {
  append(event: TrailEvent): void;
  /** Ends the hour if it is over; told the time before each request. */
  tick(now: number): void;
  /** Writes what isn't written yet, and its digest. */
  close(now: number): void;
}

const bucket = "kms-local";
const trailName = "kms-local";
const hourMs = 3_600_000;
const maxPending = 10_000;

interface Signer {
  readonly key: KeyObject;
  readonly fingerprint: string;
}

interface LogFile {
  readonly s3Bucket: string;
  readonly s3Object: string;
  readonly hashValue: string;
  readonly hashAlgorithm: "SHA-256";
  readonly newestEventTime: string;
  readonly oldestEventTime: string;
}

/** Opens or makes the folder; throws the system's error when it can't be used. */
export function openTrailStore(folder: string): TrailStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const signer = openSigner(folder);
  const pending = join(folder, "pending.jsonl");
  const left = readPending(pending);
  // Written anew, so that no event is appended to a line that a crash cut short.
  if (left.length > 0) writeWhole(pending, left.map((event) => `${JSON.stringify(event)}\n`).join(""));
  else rmSync(pending, { force: true });
  let count = left.length;
  let hour: number | undefined;
  const end = (endMs: number): void => {
    if (count > 0) writeHour(folder, signer, readPending(pending), endMs);
    // Only now: a crash before this writes events twice, never loses one, as with CloudTrail itself.
    rmSync(pending, { force: true });
    count = 0;
  };
  return {
    append(event) {
      appendFileSync(pending, `${JSON.stringify(event)}\n`, { mode: 0o600 });
      count++;
      if (count >= maxPending) end(Date.parse(String(event["eventTime"])));
    },
    tick(now) {
      const current = Math.floor(now / hourMs);
      if (hour !== undefined && current > hour && count > 0) end((hour + 1) * hourMs);
      hour = current;
    },
    close: end,
  };
}

/** Events that wait; a line that a crash cut short is left out. */
function readPending(path: string): TrailEvent[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as TrailEvent);
}

/** One log file and one digest for each account and Region in which something happened. */
function writeHour(folder: string, signer: Signer, events: readonly TrailEvent[], endMs: number): void {
  const groups = Map.groupBy(events, (event) => `${String(event["recipientAccountId"])} ${String(event["awsRegion"])}`);
  for (const [name, records] of groups) {
    const [account = "", region = ""] = name.split(" ");
    const log = writeLog(folder, account, region, records, endMs);
    writeDigest(folder, signer, { account, region, log, endMs });
  }
}

function writeLog(
  folder: string,
  account: string,
  region: string,
  records: readonly TrailEvent[],
  endMs: number,
): LogFile {
  const times = records.map((record) => String(record["eventTime"])).toSorted();
  const stamp = compact(endMs).replace(/\d\dZ$/, "Z");
  const unique = randomBytes(8).toString("hex");
  const object = `${placeOf(account, "CloudTrail", region, endMs)}/${account}_CloudTrail_${region}_${stamp}_${unique}.json.gz`;
  const content = Buffer.from(JSON.stringify({ Records: records }));
  writeWhole(join(folder, object), gzipSync(content));
  return {
    s3Bucket: bucket,
    s3Object: object,
    hashValue: sha256(content),
    hashAlgorithm: "SHA-256",
    newestEventTime: times.at(-1) ?? "",
    oldestEventTime: times[0] ?? "",
  };
}

interface Previous {
  readonly object: string;
  readonly endMs: number;
  readonly hash: string;
  readonly signature: string;
}

/**
 * Writes a digest and, beside it, what S3 would keep as its metadata: the signature. Each digest
 * begins where the one before it ended, and signs its signature along.
 * Source: AWS CloudTrail User Guide, "CloudTrail digest file structure" and "Custom implementations
 * of CloudTrail log file integrity validation".
 */
function writeDigest(
  folder: string,
  signer: Signer,
  { account, region, log, endMs }: { account: string; region: string; log: LogFile; endMs: number },
): void {
  const previous = readPrevious(folder, account, region);
  // Names tell seconds: two digests of one second, or of a clock set back, come one after the other.
  const end = Math.max(endMs, (previous?.endMs ?? 0) + 1000);
  const start = previous?.endMs ?? Math.floor((Date.parse(log.oldestEventTime) || end) / hourMs) * hourMs;
  const name = `${account}_CloudTrail-Digest_${region}_${trailName}_${region}_${compact(end)}.json.gz`;
  const object = `${placeOf(account, "CloudTrail-Digest", region, end)}/${name}`;
  const content = Buffer.from(
    JSON.stringify({
      awsAccountId: account,
      digestStartTime: extended(start),
      digestEndTime: extended(end),
      digestS3Bucket: bucket,
      digestS3Object: object,
      digestPublicKeyFingerprint: signer.fingerprint,
      digestSignatureAlgorithm: "SHA256withRSA",
      newestEventTime: log.newestEventTime,
      oldestEventTime: log.oldestEventTime,
      previousDigestS3Bucket: previous ? bucket : null,
      previousDigestS3Object: previous?.object ?? null,
      previousDigestHashValue: previous?.hash ?? null,
      previousDigestHashAlgorithm: previous ? "SHA-256" : null,
      previousDigestSignature: previous?.signature ?? null,
      logFiles: [log],
    }),
  );
  const toSign = [extended(end), `${bucket}/${object}`, sha256(content), previous?.signature ?? "null"].join("\n");
  const signature = sign("sha256", Buffer.from(toSign), signer.key).toString("hex");
  // The signature first: a digest that is there has one.
  const metadata = { signature, "signature-algorithm": "SHA256withRSA" };
  writeWhole(join(folder, `${object}.metadata.json`), JSON.stringify(metadata));
  writeWhole(join(folder, object), gzipSync(content));
}

function readPrevious(folder: string, account: string, region: string): Previous | null {
  const root = `AWSLogs/${account}/CloudTrail-Digest/${region}`;
  if (!existsSync(join(folder, root))) return null;
  const names = readdirSync(join(folder, root), { recursive: true, encoding: "utf8" });
  const last = names
    .filter((name) => name.endsWith(".json.gz"))
    .toSorted()
    .at(-1);
  if (last === undefined) return null;
  const object = `${root}/${last.replaceAll("\\", "/")}`;
  const content = gunzipSync(readFileSync(join(folder, object)), { maxOutputLength: 1_048_576 });
  const { digestEndTime } = JSON.parse(content.toString()) as { digestEndTime: string };
  const metadata = JSON.parse(readFileSync(join(folder, `${object}.metadata.json`), "utf8")) as { signature: string };
  return { object, endMs: Date.parse(digestEndTime), hash: sha256(content), signature: metadata.signature };
}

/** The folder's signing key, and beside it its public half as CloudTrail's ListPublicKeys gives it. */
function openSigner(folder: string): Signer {
  const path = join(folder, "digest-key.pem");
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeWhole(path, privateKey.export({ type: "pkcs8", format: "pem" }));
  }
  const key = createPrivateKey(readFileSync(path));
  const der = createPublicKey(key).export({ type: "pkcs1", format: "der" });
  // A name to look the key up by, nothing more: CloudTrail's are MD5 as well.
  const fingerprint = createHash("md5").update(der).digest("hex");
  const list = { PublicKeyList: [{ Value: der.toString("base64"), Fingerprint: fingerprint }] };
  writeWhole(join(folder, "public-keys.json"), JSON.stringify(list));
  return { key, fingerprint };
}

function placeOf(account: string, kind: string, region: string, ms: number): string {
  return `AWSLogs/${account}/${kind}/${region}/${extended(ms).slice(0, 10).replaceAll("-", "/")}`;
}

function writeWhole(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.tmp`, content, { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}

/** As in `2015-08-17T15:01:31Z`. */
function extended(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** As in `20150817T150131Z`. */
function compact(ms: number): string {
  return extended(ms).replace(/[-:]/g, "");
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
