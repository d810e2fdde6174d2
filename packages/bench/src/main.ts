// npm run bench [-- PART…]: seal, open, ingest and decide beside their raw primitives, in one process.
import { createCipheriv, createHash, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { cpus } from "node:os";
import {
  batchSigner,
  cover,
  coverBatch,
  cryptoBackend,
  decide,
  describeSigner,
  ingest,
  localSigner,
  nameOf,
  open,
  parseTrust,
  seal,
  signPolicy,
  suites,
} from "@writ/core";
import type { DecisionRequest, Digest, Issued, Signer, Store, SuiteName, VerifiedArtifact } from "@writ/core";
import { toCompact } from "@writ/core/portable";
import { createEvaluator } from "@writ/evaluator";
import { decryptMessage, decryptStreamed, encryptMessage, encryptStreamed } from "./encryption-sdk.ts";
import { formatFigure, measure, measureInTurn } from "./measure.ts";
import type { Timed } from "./measure.ts";
import { memoryCustody } from "./memory-custody.ts";

const kib = 1024;
const mib = 1024 * kib;

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
const custody = memoryCustody();

async function sealBytes(plaintext: Uint8Array, by: Signer): Promise<{ issued: Issued; content: Uint8Array }> {
  const chunks: Uint8Array[] = [];
  const issued = await seal({
    content: plaintext,
    write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
    policies: [{ message: policy.message }],
    recipients: [{ custody, keyUri: custody.keyUri }],
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
  const { issued, content } = await sealBytes(message, issuer);
  const [rawSign, sealing] = await measureInTurn([
    {
      name: "raw: sign Ed25519 and ML-DSA-65",
      work: () => [sign(null, message, ed.privateKey), sign(null, message, ml.privateKey)],
    },
    { name: "seal, hybrid", work: () => sealBytes(message, issuer) },
  ]);
  say(formatFigure(rawSign!));
  say(formatFigure(sealing!, rawSign));
  const together = async (): Promise<unknown> =>
    Promise.all(
      Array.from({ length: 16 }, async () =>
        decide(await ingest(issued.artifact, trust, { evaluator, threads: true }), request, {
          evaluator,
          receipts: "none",
        }),
      ),
    );
  const [rawVerify, ...reading] = await measureInTurn([
    {
      name: "raw: verify Ed25519 and ML-DSA-65",
      work: () => verify(null, message, ed.publicKey, edSignature) && verify(null, message, ml.publicKey, mlSignature),
    },
    { name: "ingest, hybrid", work: () => ingest(issued.artifact, trust) },
    {
      name: "ingest with evaluator and decide, hybrid",
      work: async () =>
        decide(await ingest(issued.artifact, trust, { evaluator }), request, { evaluator, receipts: "none" }),
    },
    { name: "the same, 16 side by side on libuv's threads", work: together, items: 16 },
  ]);
  say(formatFigure(rawVerify!));
  for (const figure of reading) say(formatFigure(figure, rawVerify));
  say(`sizes: hybrid portable ${issued.artifact.length} B, content ${content.length} B for ${kib} B`);
}

/** An artifact with its content; a compact one with the store that holds what it names. */
interface Carried {
  readonly artifact: Uint8Array;
  readonly content: Uint8Array;
  readonly store?: Store;
}

/** The same artifacts without what a service that reads many of them has once. */
function compacted(sealing: readonly Carried[]): Carried[] {
  const removed = new Map<Digest, Uint8Array>();
  const store: Store = { get: (name) => removed.get(name) };
  return sealing.map(({ artifact, content }) => {
    const compact = toCompact(artifact);
    for (const bytes of compact.removed) removed.set(nameOf(bytes), bytes);
    return { artifact: compact.artifact, content, store };
  });
}

/** Ingest, decide and open of artifacts that were sealed 1,024 a root, each of them in turn, beside the Encryption SDK. */
async function batched(): Promise<void> {
  say("\n1 KiB, 1,024 sealed under one root");
  const message = randomBytes(kib);
  const gathering = batchSigner(issuer, { maxLeaves: 1024 });
  const portable: Carried[] = await Promise.all(
    Array.from({ length: 1024 }, async () => {
      const { issued, content } = await sealBytes(message, gathering);
      return { artifact: issued.artifact, content };
    }),
  );
  const compact = compacted(portable);
  let turn = 0;
  const next = (of: readonly Carried[]): Carried => of[(turn += 1) % of.length]!;
  const ingestNext = ({ artifact, store }: Carried): Promise<VerifiedArtifact> =>
    ingest(artifact, trust, { evaluator, ...(store ? { store } : {}) });
  for (const [form, all] of [
    ["portable", portable],
    ["compact", compact],
  ] as const) {
    const name = `ingest and decide, batched seal, root known, ${form}`;
    say(formatFigure(await measure(name, async () => decided(await ingestNext(next(all))))));
  }
  const verified = await ingestNext(next(portable));
  say(formatFigure(await measure("decide", () => decided(verified))));
  for (const signed of [false, true]) {
    const sealed = await encryptMessage(message, signed);
    const opening = (form: string, all: readonly Carried[]): Timed => ({
      name: `ingest, decide, unwrap and open, batched, ${form}`,
      work: async () => {
        const carried = next(all);
        const artifact = await ingestNext(carried);
        await drain(open(artifact, await decided(artifact), { custody, content: carried.content }));
      },
    });
    const [peer, ...ours] = await measureInTurn([
      { name: `Encryption SDK: decrypt, ${signed ? "signed" : "unsigned"}`, work: () => decryptMessage(sealed) },
      opening("portable", portable),
      opening("compact", compact),
    ]);
    say(formatFigure(peer!));
    for (const figure of ours) say(formatFigure(figure, peer));
  }
  say(`sizes: batched portable ${portable[0]!.artifact.length} B, compact ${compact[0]!.artifact.length} B`);
}

/** As many artifacts as a batch of 1,024 takes, all one and the same: the cost is per artifact. */
function batchOf(artifact: VerifiedArtifact): VerifiedArtifact[] {
  return Array.from({ length: 1024 }, () => artifact);
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
      recipients: [{ custody, keyUri: custody.keyUri }],
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

/** Streams of 64 KiB slices on both sides; what is written and what is read is counted, and dropped as it comes. */
async function streamed(): Promise<void> {
  say("\n64 MiB streamed");
  const plaintext = randomBytes(64 * mib);
  async function* slices(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < plaintext.length; at += 64 * kib) yield plaintext.subarray(at, at + 64 * kib);
  }
  const stored = new Uint8Array(80 * mib);
  let at = 0;
  const take = (chunk: Uint8Array): void => {
    stored.set(chunk, at);
    at += chunk.length;
  };
  let written = 0;
  const drop = ({ length }: Uint8Array): void => {
    written += length;
  };
  const sealStream = (threads: boolean, write: (chunk: Uint8Array) => void): Promise<Issued> =>
    seal({
      content: slices(),
      write,
      policies: [{ message: policy.message }],
      recipients: [{ custody, keyUri: custody.keyUri }],
      signer: issuer,
      evaluator,
      threads,
    });
  const issued = await sealStream(false, take);
  const content = stored.slice(0, at);
  async function* carried(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < content.length; from += 64 * kib) yield content.subarray(from, from + 64 * kib);
  }
  const verified = await ingest(issued.artifact, trust);
  for (const frameBytes of [undefined, mib]) {
    const frames = frameBytes === undefined ? "default frames" : "frames of 1 MiB";
    at = 0;
    await encryptStreamed(plaintext, take, frameBytes);
    const message = stored.slice(0, at);
    const [encrypting, ...sealing] = await measureInTurn([
      { name: `Encryption SDK: encrypt, ${frames}`, work: () => encryptStreamed(plaintext, drop, frameBytes) },
      { name: "seal, streamed", work: () => sealStream(false, drop) },
      { name: "seal, streamed, hashed on threads", work: () => sealStream(true, drop) },
    ]);
    say(formatFigure(encrypting!));
    for (const figure of sealing) say(formatFigure(figure, encrypting));
    const [decrypting, opening] = await measureInTurn([
      { name: `Encryption SDK: decrypt, ${frames}`, work: () => decryptStreamed(message, frameBytes) },
      {
        name: "open, streamed",
        work: async () => drain(open(verified, await decided(verified), { custody, content: carried(), lend: true })),
      },
    ]);
    say(formatFigure(decrypting!));
    say(formatFigure(opening!, decrypting));
  }
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

const parts: Readonly<Record<string, () => Promise<void>>> = { small, batched, large, streamed, covering };
const named = process.argv.slice(2);
const unknown = named.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new TypeError(`no part \`${unknown}\`; there are ${Object.keys(parts).join(", ")}`);
const chosen = named.length === 0 ? Object.keys(parts) : named;

say(
  `node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, crypto backend ${cryptoBackend}`,
);
say("medians of 7 rounds; wall time, CPU time, rate; the last column compares wall time with the raw primitive");
for (const name of chosen) await parts[name]!();
