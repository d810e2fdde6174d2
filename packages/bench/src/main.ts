// npm run bench: seal, open, ingest and decide beside their raw primitives, in one process.
import { createCipheriv, createHash, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import {
  cover,
  coverBatch,
  cryptoBackend,
  decide,
  describeSigner,
  ingest,
  localSigner,
  open,
  parseTrust,
  seal,
  signPolicy,
  suites,
} from "@writ/core";
import type { DecisionRequest, Issued, Signer, SuiteName, VerifiedArtifact } from "@writ/core";
import { createLocalKeystore } from "@writ/core/local";
import { createEvaluator } from "@writ/evaluator";
import { formatFigure, measure } from "./measure.ts";

const kib = 1024;
const mib = 1024 * kib;
const folder = mkdtempSync(join(tmpdir(), "writ-bench-"));

function signer(authority: string, suite: SuiteName): Signer {
  const keys = suites[suite].algs.map((alg) => {
    if (alg === -19) return generateKeyPairSync("ed25519").privateKey;
    if (alg === -9) return generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey;
    return generateKeyPairSync("ml-dsa-65").privateKey;
  });
  return localSigner(authority, suite, keys);
}

const evaluator = createEvaluator();
const privacy = signer("urn:bench:privacy", "ed25519");
const issuer = signer("urn:bench:issuer", "ed25519+mldsa65");
const classical = signer("urn:bench:legacy", "p256");
const archive = signer("urn:bench:archive", "ed25519+mldsa65");
const trust = parseTrust(
  JSON.stringify({
    version: 1,
    sequence: 1,
    expires: "2099-01-01T00:00:00Z",
    signers: [
      describeSigner(privacy, "policy"),
      describeSigner(issuer, "issue"),
      describeSigner(classical, "issue"),
      { ...describeSigner(archive, "anchor"), trustedTime: true },
    ],
    suites: { ed25519: {}, p256: {}, "ed25519+mldsa65": {} },
  }),
);
const policy = await signPolicy(
  JSON.stringify({
    version: 1,
    kind: "grant",
    id: "urn:bench:policy",
    authority: "urn:bench:privacy",
    classification: "internal",
    limits: { purposes: [["dpv:ResearchAndDevelopment"]], notPurposes: ["dpv:Advertising"], regions: [["EU", "US"]] },
    permissions: [{ id: "p1", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"] }],
  }),
  { evaluator, signer: privacy },
);
writeFileSync(join(folder, "key"), randomBytes(32), { mode: 0o600 });
const custody = await createLocalKeystore({ file: join(folder, "keystore"), keyFile: join(folder, "key") });
await custody.createSymmetricKey("data");

async function sealBytes(plaintext: Uint8Array, by: Signer): Promise<{ issued: Issued; content: Uint8Array }> {
  const chunks: Uint8Array[] = [];
  const issued = await seal({
    content: plaintext,
    write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
    policies: [{ message: policy.message }],
    recipients: [{ custody, keyUri: "local:data" }],
    signer: by,
    evaluator,
  });
  return { issued, content: Buffer.concat(chunks) };
}

const request: DecisionRequest = {
  operation: "read",
  purposes: ["dpv:AcademicResearch"],
  principal: { id: "bench", kind: "service", org: null, roles: [] },
  region: "US",
};

async function decided(
  artifact: Awaited<ReturnType<typeof ingest>>,
): Promise<NonNullable<Awaited<ReturnType<typeof decide>>["permit"]>> {
  const { permit, reasons } = await decide(artifact, request, { evaluator, receipts: "none" });
  if (permit === null) throw new TypeError(`the bench's request is not permitted: ${JSON.stringify(reasons)}`);
  return permit;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function small(): Promise<void> {
  say("\n1 KiB");
  const message = randomBytes(kib);
  const ed = generateKeyPairSync("ed25519");
  const ml = generateKeyPairSync("ml-dsa-65");
  const edSignature = sign(null, message, ed.privateKey);
  const mlSignature = sign(null, message, ml.privateKey);
  const rawVerify = await measure(
    "raw: verify Ed25519 and ML-DSA-65",
    () => verify(null, message, ed.publicKey, edSignature) && verify(null, message, ml.publicKey, mlSignature),
  );
  say(formatFigure(rawVerify));
  const rawSign = await measure("raw: sign Ed25519 and ML-DSA-65", () => [
    sign(null, message, ed.privateKey),
    sign(null, message, ml.privateKey),
  ]);
  say(formatFigure(rawSign));
  const { issued, content } = await sealBytes(message, issuer);
  say(formatFigure(await measure("seal, hybrid", () => sealBytes(message, issuer)), rawSign));
  const hybrid = await ingest(issued.artifact, trust);
  say(formatFigure(await measure("ingest, hybrid", () => ingest(issued.artifact, trust)), rawVerify));
  say(
    formatFigure(
      await measure("ingest with evaluator and decide, hybrid", async () =>
        decide(await ingest(issued.artifact, trust, { evaluator }), request, { evaluator, receipts: "none" }),
      ),
      rawVerify,
    ),
  );
  say(formatFigure(await measure("decide", () => decided(hybrid))));
  const batched = await batchedArtifact(message);
  const verified = await ingest(batched.artifact, trust, { evaluator });
  say(
    formatFigure(
      await measure("ingest and decide, batched seal, root known", async () =>
        decide(await ingest(batched.artifact, trust, { evaluator }), request, { evaluator, receipts: "none" }),
      ),
      rawVerify,
    ),
  );
  say(
    formatFigure(
      await measure("decide and open", async () =>
        drain(open(verified, await decided(verified), { custody, content: batched.content })),
      ),
    ),
  );
  say(
    `sizes: hybrid portable ${issued.artifact.length} B, with a batched cover ${batched.artifact.length} B, content ${content.length} B for ${kib} B`,
  );
}

/** As many artifacts as a batch of 1,024 takes, all one and the same: the cost is per artifact. */
function batchOf(artifact: VerifiedArtifact): VerifiedArtifact[] {
  return Array.from({ length: 1024 }, () => artifact);
}

/** Sealed classically, then covered in a batch of 1,024. */
async function batchedArtifact(plaintext: Uint8Array): Promise<{ artifact: Uint8Array; content: Uint8Array }> {
  const { issued, content } = await sealBytes(plaintext, classical);
  const { covered } = await coverBatch(batchOf(await ingest(issued.artifact, trust)), { signer: archive });
  const [first] = covered;
  return { artifact: first!.artifact, content };
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let total = 0;
  for await (const segment of stream) total += segment.length;
  return total;
}

async function large(): Promise<void> {
  say("\n64 MiB in memory");
  const plaintext = randomBytes(64 * mib);
  const raw = await measure("raw: AES-256-GCM and SHA-256, summed", () => {
    const cipher = createCipheriv("aes-256-gcm", randomBytes(32), randomBytes(12));
    const hash = createHash("sha256");
    for (let at = 0; at < plaintext.length; at += 64 * kib)
      hash.update(cipher.update(plaintext.subarray(at, at + 64 * kib)));
    cipher.final();
    return hash.digest();
  });
  say(formatFigure(raw));
  const { issued, content } = await sealBytes(plaintext, issuer);
  const sealing = await measure("seal", () =>
    seal({
      content: plaintext,
      write: () => undefined,
      policies: [{ message: policy.message }],
      recipients: [{ custody, keyUri: "local:data" }],
      signer: issuer,
      evaluator,
    }),
  );
  say(formatFigure(sealing, raw));
  const verified = await ingest(issued.artifact, trust);
  say(
    formatFigure(
      await measure("open", async () =>
        drain(open(verified, await decided(verified), { custody, content, lend: true })),
      ),
      raw,
    ),
  );
}

async function covering(): Promise<void> {
  say("\nre-anchor");
  const { issued } = await sealBytes(randomBytes(kib), classical);
  const verified = await ingest(issued.artifact, trust);
  say(formatFigure(await measure("cover, direct hybrid anchor", () => cover(verified, { signer: archive }))));
  const all = batchOf(verified);
  const batch = await measure("cover 1,024 in one batch, encoded", async () => [
    ...(await coverBatch(all, { signer: archive })).covered,
  ]);
  say(formatFigure(batch));
  say(`  ${(batch.wallUs / all.length).toFixed(1)} µs an artifact`);
}

say(
  `node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, crypto backend ${cryptoBackend}`,
);
say("medians of 7 rounds; wall time, CPU time, rate; the last column compares wall time with the raw primitive");
try {
  await small();
  await large();
  await covering();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
