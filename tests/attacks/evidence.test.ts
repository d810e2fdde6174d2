// Attacks on evidence: logs and packs by an emitter or packer who says more than happened, or about something else.
import { describe, expect, test } from "vitest";
import { cover, createReceiptLog, decide, describeSigner, ingest, nameOf, open } from "@writ/core";
import type { ReceiptBody, ReceiptSink, VerifiedArtifact } from "@writ/core";
import { packEvidence, verifyEvidence } from "@writ/core/evidence-pack";
import { auditReceipts } from "@writ/core/receipt-audit";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { signCose } from "../../packages/core/src/cose.ts";
import {
  at,
  codeOf,
  drain,
  evaluator,
  keystore,
  newSigner,
  request,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";

const [a, b] = [await sealed(Buffer.from("rows of A")), await sealed(Buffer.from("rows of B"))];
const [wholeA, wholeB] = [await verified(a.artifact), await verified(b.artifact)];
const clock = at(60);

/** A log whose emitter may put other words into what a use leaves. */
async function emitted(
  change: (body: ReceiptBody, written: readonly string[]) => readonly ReceiptBody[],
  use: (sink: ReceiptSink) => Promise<void>,
): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  const names: string[] = [];
  const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock });
  await use({
    append: async (body) => {
      let name: Awaited<ReturnType<typeof log.append>> | undefined;
      for (const one of change(body, names)) names.push((name = await log.append(one)));
      return name!;
    },
  });
  await log.signRoot(signers.receipts);
  return entries;
}

async function used(sink: ReceiptSink, artifact: VerifiedArtifact = wholeA, stored = a.stored): Promise<void> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: sink, clock });
  if (permit) await drain(open(artifact, permit, { custody: keystore, content: stored, clock }));
}
const gaps = (entries: readonly Uint8Array[]): string[] =>
  auditReceipts(entries, trust, { clock }).gaps.map(({ gap }) => gap);
const asIs = (body: ReceiptBody): readonly ReceiptBody[] => [body];

describe("a log whose emitter lies", () => {
  test("[REC-10] a release of what was denied, of another artifact's permit, or twice of one permit", async () => {
    expect(gaps(await emitted(asIs, (sink) => used(sink))), "control").toEqual([]);
    const denied = await emitted(
      (body) => [body.kind === "decision" ? { ...body, verdict: "deny" } : body],
      (sink) => used(sink),
    );
    expect(gaps(denied)).toEqual(["no-decision"]);
    const crossed = await emitted(
      (body) => [body.kind === "release" ? { ...body, core: wholeB.name, artifactId: wholeB.core.artifactId } : body],
      (sink) => used(sink),
    );
    expect(gaps(crossed)).toEqual(["no-decision"]);
    const twice = await emitted(
      (body) => (body.kind === "release" ? [body, body] : [body]),
      (sink) => used(sink),
    );
    expect(gaps(twice)).toEqual(["no-decision", "no-decision"]);
    const both = await emitted(asIs, async (sink) => {
      await used(sink);
      await used(sink, wholeB, b.stored);
    });
    expect(gaps(both), "control: two uses, two permits").toEqual([]);
  });
});

/** The pack, signed again by its signer with another time in its manifest. */
async function backdated(pack: Uint8Array, seconds: number): Promise<Uint8Array> {
  const [magic, version, message, items] = decodeCbor(pack) as readonly CborValue[];
  const payload = (decodeCbor(message as Uint8Array) as readonly CborValue[])[2] as Uint8Array;
  const manifest = new Map(decodeCbor(payload) as ReadonlyMap<number, CborValue>).set(2, at(seconds)() / 1000);
  const signed = await signCose("evidence pack", encodeCbor(manifest), signers.receipts.keys, true);
  return encodeCbor([magic!, version!, encodeCbor(signed), items!]);
}

describe("a pack whose packer lies", () => {
  const trustDigest = nameOf(Buffer.from("the text of the trust policy"));
  const packing = async (entries: readonly Uint8Array[], artifacts = [a.artifact, b.artifact]): Promise<string[]> => {
    const options = { logs: [entries], trust, trustDigest, signer: signers.receipts, evaluator, clock };
    const pack = await packEvidence({ ...options, artifacts });
    return (await verifyEvidence(pack, trust, { evaluator, clock })).gaps.map(({ gap }) => gap);
  };

  test("[EVP-5] receipts about artifacts that aren't there, or of one under the name of another's core, are told", async () => {
    const honest = await emitted(asIs, (sink) => used(sink));
    expect(await packing(honest), "control").toEqual([]);
    const nobody = await emitted(
      (body) => [{ ...body, artifactId: new Uint8Array(16) }],
      (sink) => used(sink),
    );
    expect(await packing(nobody), "it isn't even packed").toEqual([]);
    const crossed = await emitted(
      (body) => [{ ...body, core: wholeB.name }],
      (sink) => used(sink),
    );
    expect(await packing(crossed)).toEqual(["other-core", "other-core"]);
    const laxer = await emitted(
      (body) => [{ ...body, policies: [] }],
      (sink) => used(sink),
    );
    expect(await packing(laxer)).toEqual(["other-policies", "other-policies"]);
    const tenant = (body: ReceiptBody): readonly ReceiptBody[] => [
      { ...body, policies: body.policies.map((one) => ({ ...one, parameters: new Map([["tenant", "y"]]) })) },
    ];
    expect(await packing(await emitted(tenant, (sink) => used(sink)))).toEqual(["other-policies", "other-policies"]);
  });

  test("[EVP-2] a pack that says it was made before what it holds: a key that has ended since signs none", async () => {
    const entries = await emitted(asIs, (sink) => used(sink));
    const base = { artifacts: [a.artifact], logs: [entries], trustDigest, signer: signers.receipts, evaluator };
    const ended = trustWith((draft) => {
      const own = draft.signers.find(({ authority }) => authority === "urn:lab:receipts")!;
      own["notAfter"] = new Date(at(1000)()).toISOString().replace(".000Z", "Z");
    });
    const read = (pack: Uint8Array): Promise<string> =>
      codeOf(() => verifyEvidence(pack, ended, { evaluator, clock: at(5000) }));
    expect(await read(await packEvidence({ ...base, trust, clock: at(1500) }))).toBe("signer-dates");
    const late = await cover(wholeA, { signer: signers.archive, clock: at(900) });
    const pack = await packEvidence({ ...base, trust, artifacts: [late.artifact], clock: at(900) });
    expect(await read(pack), "control").toBe("nothing was thrown");
    expect(await read(await backdated(pack, 500))).toBe("evidence-pack");
    expect(await read(await backdated(pack, 600)), "control: 300 s are a matter of clocks").toBe("nothing was thrown");
  });

  test("[EVP-4] [EVP-2] trust that comes with a pack verifies nothing: its artifacts and packer stand under the reader's own", async () => {
    const mine = newSigner("urn:acme:data", "p256");
    const packer = newSigner("urn:lab:receipts", "ed25519");
    const theirs = trustWith((draft) => {
      draft.signers = draft.signers.filter(({ role }) => role === "policy");
      draft.signers.push(describeSigner(mine, "issue"), describeSigner(packer, "receipt"));
    });
    const forged = await sealed(Buffer.from("forged"), { signer: mine });
    const options = { artifacts: [forged.artifact], trustDigest, evaluator, clock };
    const pack = await packEvidence({ ...options, trust: theirs, signer: packer });
    const read = (by: typeof trust): Promise<string> => codeOf(() => verifyEvidence(pack, by, { evaluator, clock }));
    expect(await read(trust)).toBe("signer-unknown");
    const packerKnown = trustWith((draft) => void draft.signers.push(describeSigner(packer, "receipt")));
    expect(await read(packerKnown), "nor does a known packer vouch for an artifact").toBe("signer-unknown");
    expect(await read(theirs), "control").toBe("nothing was thrown");
    expect(await codeOf(() => ingest(forged.artifact, trust, { clock }))).toBe("signer-unknown");
  });
});
