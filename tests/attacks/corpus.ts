// Artifacts of every form under one trust policy: what mutants are made of.
import { randomBytes } from "node:crypto";
import { adopt, batchSigner, cover, coverBatch, derive, describeSigner, ingest, nameOf, parsePolicy } from "@writ/core";
import type { Digest, Layer, SealOptions, Signer, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { amend, amendedLayers } from "@writ/core/amend";
import { signApproval } from "@writ/core/approval";
import { createLocalKeystore } from "@writ/core/local";
import { pinnedRecipient } from "@writ/core/recipient-key";
import { rehash } from "@writ/core/rehash";
import { rewrap } from "@writ/core/rewrap";
import { parentsShape } from "../../packages/core/src/artifact.ts";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import {
  at,
  document,
  evaluator,
  freshPath,
  keystore,
  newSigner,
  policy,
  sealed,
  signers,
  start,
  trustWith,
} from "../support/scene.ts";
import { testCustody } from "../support/test-custodies.ts";
import { attached, resealed } from "./forge.ts";

/** One artifact with its content as stored. */
export interface Base {
  readonly name: string;
  readonly artifact: Uint8Array;
  readonly content: Uint8Array;
}

/** A corpus with the trust policy that accepts it, and the time at which it does. */
export interface Corpus {
  readonly bases: readonly Base[];
  readonly trust: TrustPolicy;
  readonly trustText: string;
  /** Seconds since the epoch. */
  readonly now: number;
}

const officer = newSigner("urn:role:dpo", "ed25519");
const owner = newSigner("urn:role:owner", "ed25519");
/** Seals mutants anew in the issuer's name: its signatures are the same each time. */
export const sealer: Signer = newSigner("urn:acme:data", "ed25519");
const strict = newSigner("urn:acme:data", "p384+mldsa87");
const grant = { permissions: [{ id: "p", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"] }] };

function guarded(name: string): Promise<Uint8Array> {
  const atMost = { notOperations: ["train"] };
  const declassify = { threshold: 2, approvers: ["urn:role:dpo", "urn:role:owner"], atMost };
  return policy(
    document({ ...grant, id: `urn:acme:policy:${name}`, limits: { notOperations: ["train"] }, declassify }),
  );
}

async function layered(count: number): Promise<SealOptions["policies"]> {
  const messages = Array.from({ length: count }, (_, n) => policy(document({ ...grant, id: `urn:acme:policy:${n}` })));
  return (await Promise.all(messages)).map((message) => ({ message }));
}

/** Makes the corpus: every recipient kind, anchors of every kind, batches, revisions with approvals, children, adopted bytes, long lists. */
export async function makeCorpus(): Promise<Corpus> {
  const holder = await createLocalKeystore({ file: freshPath("corpus"), keyFile: freshPath("corpus-key") });
  await holder.createRecipientKey("lab", "x-wing");
  const entry = await holder.recipientKey("local:lab");
  let trustText = "";
  const trust = trustWith((draft) => {
    draft.signers.push(describeSigner(officer, "approve"), describeSigner(owner, "approve"));
    draft.signers.push(describeSigner(strict, "issue"), describeSigner(sealer, "issue"));
    draft["recipientKeys"] = [entry];
    trustText = JSON.stringify(draft);
  });
  const lab = pinnedRecipient(trust, "local:lab", { clock: at(0) });
  const outer = testCustody();
  const custody = [keystore, holder, outer];
  const everyKind = [
    { custody: keystore, keyUri: "local:data" },
    { custody: keystore, keyUri: "local:other", batchId: "batch-7" },
    lab,
    ...["rsa", "aes", "kem"].map((key) => ({ custody: outer, keyUri: `test:${key}` })),
  ];
  const bases: Base[] = [];
  const keep = (name: string, artifact: Uint8Array, content: Uint8Array): Uint8Array => {
    bases.push({ name, artifact, content });
    return artifact;
  };
  const whole = (artifact: Uint8Array, seconds: number): Promise<VerifiedArtifact> =>
    ingest(artifact, trust, { evaluator, clock: at(seconds) });
  const [one, two, free] = [await guarded("one"), await guarded("two"), await guarded("free")];

  const plain = await sealed(randomBytes(90), {
    policies: [{ message: one }],
    status: [{ uri: "https://status.example/1", index: 3 }],
    custodyRule: { custodies: ["local"], contextPairs: new Map([["tenant", "x"]]) },
    mediaType: "text/csv",
  });
  keep("seal, classical", plain.artifact, plain.stored);
  const empty = await sealed(Buffer.alloc(0), { signer: signers.hybrid });
  keep("seal, hybrid, empty", empty.artifact, empty.stored);
  const severe = await sealed(randomBytes(40), { signer: strict, contentHash: -43 });
  keep("seal, p384 and mldsa87", severe.artifact, severe.stored);
  const many = await sealed(randomBytes(40), { recipients: everyKind, custodyRule: { custodies: ["local", "test"] } });
  keep("recipients of every kind", many.artifact, many.stored);
  const requiring = await sealed(randomBytes(40), {
    recipients: [lab],
    custodyRule: { custodies: ["local"], requiredPairs: ["shift"] },
    requiredContext: new Map([["shift", "night"]]),
  });
  keep("required pairs", requiring.artifact, requiring.stored);

  const moved = await rewrap(await whole(many.artifact, 60), {
    replace: [{ from: "local:data", to: { custody: keystore, keyUri: "local:other" } }],
    remove: ["test:rsa"],
    custody,
    signer: signers.archive,
    clock: at(70),
  });
  keep("rewrapped", moved.artifact, many.stored);
  const longer = await rehash(await whole(moved.artifact, 80), {
    signer: signers.second,
    content: many.stored,
    contentHash: -43,
    clock: at(90),
  });
  keep("rewrapped and rehashed", longer.artifact, many.stored);
  const { covered } = await coverBatch([await whole(longer.artifact, 100), await whole(plain.artifact, 100)], {
    signer: signers.archive,
    clock: at(110),
  });
  const [both, plainer] = [...covered].map(({ artifact }) => artifact) as [Uint8Array, Uint8Array];
  keep("anchors of every kind", both, many.stored);
  keep("covered in a batch", plainer, plain.stored);
  const covers = await cover(await whole(plainer, 120), { signer: signers.second, clock: at(130) });
  keep("covered twice", covers.artifact, plain.stored);

  const gathering = batchSigner(signers.hybrid, { maxLeaves: 3, clock: at(0) });
  const batched = await Promise.all([1, 2, 3].map((n) => sealed(randomBytes(n), { signer: gathering })));
  batched.forEach(({ artifact, stored }, n) => keep(`seal of a batch, ${n}`, artifact, stored));

  const tightened = await amend(await whole(plainer, 120), {
    add: [{ message: free }],
    custody,
    evaluator,
    signer: signers.deriver,
    clock: at(140),
  });
  keep("revision", tightened.artifact, plain.stored);
  const pair = await sealed(randomBytes(30), { policies: [{ message: one }, { message: two }] });
  keep("two layers", pair.artifact, pair.stored);
  const before = await whole(pair.artifact, 60);
  const remove: readonly Digest[] = [parsePolicy(two).digest];
  const layers: readonly Layer[] = amendedLayers(before, [], remove).layers;
  const people = [officer, owner].map((signer, n) =>
    signApproval(
      {
        sources: [before.name],
        operation: "amend",
        approver: `urn:person:${n}`,
        lifetimeSeconds: 86_400,
        clock: at(90),
        layers,
      },
      signer,
    ),
  );
  const lowered = await amend(before, {
    lower: { remove, approvals: await Promise.all(people), ledger: { spend: () => Promise.resolve(true) } },
    custody,
    evaluator,
    signer: signers.issuer,
    clock: at(100),
  });
  keep("revision with approvals", lowered.artifact, pair.stored);

  const below = async (of: readonly Uint8Array[], seconds: number, name: string): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = [];
    const child = await derive(await Promise.all(of.map((parent) => whole(parent, seconds))), {
      operation: "aggregate",
      content: randomBytes(20),
      write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      evaluator,
      clock: at(seconds + 1),
    });
    return keep(name, child.artifact, Buffer.concat(chunks));
  };
  const child = await below([plainer, lowered.artifact], 150, "child of two");
  await below([child, batched[0]!.artifact], 200, "grandchild");

  const foreign = randomBytes(100);
  const options = { policies: [{ message: one }], signer: signers.issuer, evaluator, clock: at(0) };
  const taken = await adopt({ ...options, content: foreign, externalKey: "aws-kms:alias/elsewhere" });
  keep("adopted", taken.artifact, foreign);
  const nothing = await adopt({ ...options, content: Buffer.alloc(0) });
  keep("adopted, empty", nothing.artifact, Buffer.alloc(0));
  const deep = await sealed(randomBytes(10), { policies: await layered(65) });
  keep("long list of layers", deep.artifact, deep.stored);

  const parents = Array.from({ length: 257 }, () => ({
    id: randomBytes(16),
    core: nameOf(randomBytes(9)),
    anchors: nameOf(randomBytes(9)),
    role: "parent" as const,
  }));
  const list = encodeCbor(parentsShape.write(parents));
  const wide = await resealed(plain.artifact, signers.issuer, {
    core: (core) => ({ ...core, lineage: { ...core.lineage, operation: "aggregate", parents: nameOf(list) } }),
    attach: [attached("list", list)],
  });
  keep("long list of parents", wide, plain.stored);
  return { bases, trust, trustText, now: start / 1000 + 300 };
}
