// Attacks on recipients of every kind, by a trusted anchor signer where one is needed: he may give an artifact other keys.
import { createSecretKey, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { decide, ingest, open } from "@writ/core";
import type { Custody, Recipient, RecipientKey, RecipientKind, VerifiedArtifact } from "@writ/core";
import { amend } from "@writ/core/amend";
import { createLocalKeystore } from "@writ/core/local";
import { pinnedRecipient } from "@writ/core/recipient-key";
import { assertRewrapOf, rewrap } from "@writ/core/rewrap";
import { makeStatement, rootMessages, signAnchor } from "../../packages/core/src/anchor.ts";
import { decodeKeys, encodeKeys } from "../../packages/core/src/artifact.ts";
import type { Keys } from "../../packages/core/src/artifact.ts";
import { contextDigest, contextsOf } from "../../packages/core/src/context.ts";
import { aesKwWrap, hkdfSha384 } from "../../packages/core/src/crypto.ts";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import { encapsulateTo } from "../../packages/core/src/kem-secret.ts";
import {
  at,
  codeOf,
  drain,
  evaluator,
  freshPath,
  keystore,
  policy,
  request,
  researchDocument,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";
import type { Sealed } from "../support/scene.ts";
import { testCustody } from "../support/test-custodies.ts";
import { accepted, refusal, resealed, withParts } from "./forge.ts";

const holder = await createLocalKeystore({ file: freshPath("holder"), keyFile: freshPath("holder-key") });
await holder.createRecipientKey("lab", "x-wing");
const entry = await holder.recipientKey("local:lab");
const pinned = pinnedRecipient(
  trustWith((draft) => void (draft["recipientKeys"] = [entry])),
  "local:lab",
  { clock: at(0) },
);
const outer = testCustody();
const custodies: readonly Custody[] = [keystore, holder, outer];
const custodyRule = { custodies: ["local", "test"] };
const ruled = { ...custodyRule, requiredPairs: ["shift"] };
const night = new Map([["shift", "night"]]);

const sealedTo = (recipients: readonly RecipientKey[], more: object = {}): Promise<Sealed> =>
  sealed(Buffer.from("the rows of A"), { recipients, custodyRule, ...more });

/** Other keys under a `rewrap` anchor that a trusted signer made. */
async function rewrapped({ artifact }: Sealed, change: (keys: Keys) => Keys): Promise<Uint8Array> {
  const { core, parts, anchors } = await verified(artifact);
  const keys = encodeKeys(change(decodeKeys(parts.keys)));
  const statement = makeStatement(
    { core: parts.core, keys, artifactId: core.artifactId, contentRoot: core.content.root },
    rootMessages(anchors, () => undefined),
    { kind: "rewrap", suite: signers.archive.suite, issuedAt: Math.floor(at(70)() / 1000) },
  );
  const anchor = await signAnchor(statement, signers.archive);
  return withParts(artifact, ({ anchors: before }) => ({ keys, anchors: [...before, anchor] }));
}

const withRecipient = (of: Sealed, change: (recipient: Recipient) => Recipient): Promise<Uint8Array> =>
  rewrapped(of, (keys) => ({ ...keys, recipients: keys.recipients.map(change) }));

async function opened(artifact: VerifiedArtifact, stored: Uint8Array, more: object = {}): Promise<string> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(90) });
  const options = { custody: custodies, content: stored, clock: at(90), ...more };
  return (await drain(open(artifact, permit!, options))).toString();
}

const a = await sealedTo([pinned]);
const b = await sealedTo([pinned]);
const [wholeA, wholeB] = [await verified(a.artifact), await verified(b.artifact)];
const [ofA, ofB] = [wholeA.keys.recipients[0]!, wholeB.keys.recipients[0]!];
const requiring = await sealedTo([pinned], { custodyRule: ruled, requiredContext: night });
const other = await sealedTo([pinned], { custodyRule: ruled, requiredContext: night });

describe("wraps of one artifact in another", () => {
  test("[RCP-2] [REW-5] B's wrap in A is refused as A is ingested; where pairs are required, as it is opened", async () => {
    expect(await refusal(await withRecipient(a, () => ofB), trust, { seconds: 80 })).toBe("context-invalid");
    expect(await refusal(await withRecipient(a, () => ofA), trust, { seconds: 80 }), "control").toBe(accepted);
    const foreign = (await verified(other.artifact)).keys.recipients[0]!;
    const own = (await verified(requiring.artifact)).keys.recipients[0]!;
    const swapped = await verified(await withRecipient(requiring, () => foreign), 80);
    const kept = await verified(await withRecipient(requiring, () => own), 80);
    const required = { requiredContext: night };
    expect(await codeOf(() => opened(swapped, requiring.stored, required))).toBe("custody-context");
    expect(await opened(kept, requiring.stored, required), "control").toBe("the rows of A");
  });

  test("[RCP-11] [RCP-6] B's ciphertext, or its wrapped key, in A's recipient unwraps nothing", async () => {
    const swaps: readonly Partial<Recipient>[] = [
      { blob: ofB.blob },
      { wrappedKey: ofB.wrappedKey },
      { blob: ofB.blob, wrappedKey: ofB.wrappedKey }, // the artifact id is in the key-encryption key
    ];
    for (const swap of swaps) {
      const artifact = await verified(await withRecipient(a, (own) => ({ ...own, ...swap })), 80);
      expect(await codeOf(() => opened(artifact, a.stored))).toBe("unwrap-failed");
    }
    const same = await verified(await withRecipient(a, (own) => ({ ...own, alias: "local:renamed" })), 80);
    expect(await opened(same, a.stored), "control").toBe("the rows of A");
  });

  test("[CON-6] [REW-2] [AMD-3] a ciphertext and a data key of the attacker's own unwrap, and commit to other content", async () => {
    const { secret, blob } = encapsulateTo({
      uri: "local:lab",
      kind: "x-wing",
      publicKey: Buffer.from(entry.publicKey, "base64url"),
    });
    const info = encodeCbor(["writ/1 wrap", wholeA.core.artifactId, ofA.bound]);
    const kek = createSecretKey(hkdfSha384(secret, info, 32));
    const forged = { blob, wrappedKey: aesKwWrap(kek, randomBytes(32)) };
    const artifact = await verified(await withRecipient(a, (own) => ({ ...own, ...forged })), 80);
    expect(await codeOf(() => opened(artifact, a.stored))).toBe("content-commitment");
    expect(await opened(wholeA, a.stored), "control").toBe("the rows of A");
    const replace = [{ from: "local:lab", to: pinned }];
    const options = { replace, custody: custodies, signer: signers.archive, clock: at(90) };
    expect(await codeOf(() => rewrap(artifact, options)), "nor is it wrapped anew").toBe("content-commitment");
    expect(await codeOf(() => rewrap(wholeA, options)), "control").toBe(accepted);
    const revising = { recipients: [pinned], custody: custodies, evaluator, signer: signers.issuer, clock: at(90) };
    expect(await codeOf(() => amend(artifact, revising)), "nor for a revision").toBe("content-commitment");
    expect(await codeOf(() => amend(wholeA, revising)), "control").toBe(accepted);
  });

  test("[REW-2] [CON-6] a trusted anchor signer who opens nothing gives himself nothing: a wrap of his own carries no data key", async () => {
    const own = await createLocalKeystore({ file: freshPath("own"), keyFile: freshPath("own-key") });
    await own.createSymmetricKey("mine");
    const rewrapping = (custody: readonly Custody[]): Promise<string> => {
      const add = [{ custody: own, keyUri: "local:mine" }];
      return codeOf(() => rewrap(wholeA, { add, custody, signer: signers.archive, clock: at(90) }));
    };
    expect(await rewrapping([own])).toMatch(/^(custody|unwrap)-/);
    expect(await rewrapping(custodies), "control: who may open may wrap anew").toBe(accepted);
    const context = contextsOf(wholeA.core, wholeA.layers, undefined)({});
    const mine = await own.generate("local:mine", context);
    const kek = createSecretKey(hkdfSha384(mine.secret, encodeCbor(["writ/1 wrap", wholeA.core.artifactId, null]), 32));
    const wrappedKey = aesKwWrap(kek, randomBytes(32));
    const forged = { kind: "kms-symmetric", custodyUri: mine.uri, blob: mine.blob, wrappedKey, bound: null } as const;
    const taken = await verified(await rewrapped(a, (keys) => ({ ...keys, recipients: [forged] })), 80);
    expect(await codeOf(() => opened(taken, a.stored, { custody: own }))).toBe("content-commitment");
    expect(await opened(wholeA, a.stored), "control: whoever holds it as it was opens it").toBe("the rows of A");
  });
});

describe("contexts", () => {
  test("[RCP-2] a bound that was changed, shortened or left out", async () => {
    const bound = (value: Uint8Array | null): Promise<string> =>
      withRecipient(a, (own) => ({ ...own, bound: value })).then((artifact) =>
        refusal(artifact, trust, { seconds: 80 }),
      );
    expect(await bound(randomBytes(48))).toBe("context-invalid");
    expect(await bound(randomBytes(32))).toBe("structure");
    expect(await bound(null)).toBe("structure");
    expect(await bound(ofA.bound), "control").toBe(accepted);
  });

  test("[RCP-2] [RCP-3] a wrap whose context leaves the required pair out opens for nobody who gives it", async () => {
    const whole = await verified(requiring.artifact);
    const weak = contextDigest(contextsOf({ ...whole.core, custodyRule }, whole.layers, undefined)({}));
    const { secret, blob } = encapsulateTo({
      uri: "local:lab",
      kind: "x-wing",
      publicKey: Buffer.from(entry.publicKey, "base64url"),
    });
    const dataKey = randomBytes(32);
    const wrappedKey = aesKwWrap(
      createSecretKey(hkdfSha384(secret, encodeCbor(["writ/1 wrap", whole.core.artifactId, weak]), 32)),
      dataKey,
    );
    const forged = await verified(
      await withRecipient(requiring, (own) => ({ ...own, blob, wrappedKey, bound: weak })),
      80,
    );
    expect(await codeOf(() => opened(forged, requiring.stored, { requiredContext: night }))).toBe("custody-context");
    expect(await codeOf(() => opened(forged, requiring.stored))).toBe("context-invalid");
    expect(await opened(whole, requiring.stored, { requiredContext: night }), "control").toBe("the rows of A");
    expect(await codeOf(() => opened(whole, requiring.stored))).toBe("context-invalid");
  });

  test("[REW-3] a rewrap gives up what the custody enforces only when told to", async () => {
    const symmetric = await verified((await sealedTo([{ custody: keystore, keyUri: "local:data" }])).artifact);
    const options = { custody: custodies, signer: signers.archive, clock: at(90) };
    const to = { ...options, replace: [{ from: "local:data", to: { custody: outer, keyUri: "test:rsa" } }] };
    expect(await codeOf(() => rewrap(symmetric, to))).toBe("custody-unsupported");
    expect(await codeOf(() => rewrap(symmetric, { ...to, dropContext: true })), "control").toBe(accepted);
  });
});

const rsa = await sealedTo([{ custody: outer, keyUri: "test:rsa" }]);

describe("kinds", () => {
  test("[RCP-2] [RCP-11] an RSA wrap that is presented as another kind", async () => {
    const as = (kind: RecipientKind, bound?: null): Promise<Uint8Array> =>
      withRecipient(rsa, (own) => ({ ...own, kind, ...(bound === null ? { bound } : {}) }));
    for (const kind of ["kms-symmetric", "kem", "kms-kem", "kms-wrap-noaad"] as const)
      expect(await codeOf(() => as(kind).then((artifact) => ingest(artifact, trust, { clock: at(80) }))), kind).toBe(
        "structure",
      );
    const unbound = await verified(await as("kms-symmetric", null), 80);
    expect(unbound.wrapEra, "its exposure stays").toBe("classical");
    expect(await codeOf(() => opened(unbound, rsa.stored)), "its custody does no such thing").toBe(
      "custody-unsupported",
    );
    expect(await opened(await verified(await as("kms-rsa"), 80), rsa.stored), "control").toBe("the rows of A");
  });

  test("[CUS-5] a wrap to a recipient key that is presented as one of a KMS is asked of no keystore", async () => {
    await holder.createRecipientKey("lattice", "ml-kem-768");
    const lattice = await holder.recipientKey("local:lattice");
    const key = pinnedRecipient(
      trustWith((draft) => void (draft["recipientKeys"] = [lattice])),
      "local:lattice",
      { clock: at(0) },
    );
    const of = await sealedTo([key]);
    const relabelled = await verified(await withRecipient(of, (own) => ({ ...own, kind: "kms-kem" })), 80);
    expect(await codeOf(() => opened(relabelled, of.stored))).toBe("custody-unsupported");
    expect(await opened(await verified(of.artifact), of.stored), "control").toBe("the rows of A");
  });

  test("[RCP-5] a recipient key outside the custody rule, by a seal and by a trusted rewrap", async () => {
    const narrow = await sealed(Buffer.from("x"), { custodyRule: { custodies: ["local"] } });
    const recipient = { ...ofA, custodyUri: "test:lab" };
    const moved = await rewrapped(narrow, (keys) => ({ ...keys, recipients: [recipient] }));
    expect(await refusal(moved, trust, { seconds: 80 })).toBe("custody-rule");
    const sealing = sealed(Buffer.from("x"), { recipients: [pinned], custodyRule: { custodies: ["test"] } });
    expect(await codeOf(() => sealing)).toBe("custody-rule");
    expect(await refusal(a.artifact), "control").toBe(accepted);
  });

  test("[RCP-4] [RCP-13] a shared secret on confidential data, sealed or rewrapped past our writer", async () => {
    const text = JSON.stringify({ ...(JSON.parse(researchDocument) as object), classification: "confidential" });
    const secret = await sealedTo([pinned], { policies: [{ message: await policy(text) }] });
    const shared = (keys: Keys): Keys => ({
      ...keys,
      recipients: keys.recipients.map((own) => ({ ...own, batchId: "b" })),
    });
    expect(await refusal(await resealed(secret.artifact, signers.issuer, { keys: shared }))).toBe("custody-rule");
    expect(await refusal(await rewrapped(secret, shared), trust, { seconds: 80 })).toBe("custody-rule");
    expect(await refusal(await resealed(secret.artifact, signers.issuer)), "control").toBe(accepted);
  });
});

describe("exposures", () => {
  test("[REW-4] a trusted signer who drops one is found by whoever held the artifact before", async () => {
    const before = await verified(rsa.artifact);
    const honest = await rewrap(before, {
      replace: [{ from: "test:rsa", to: { custody: keystore, keyUri: "local:data" } }],
      custody: custodies,
      signer: signers.archive,
      clock: at(70),
    });
    const after = await verified(honest.artifact, 80);
    const dropped = await verified(await rewrapped(rsa, () => ({ ...after.keys, exposures: [] })), 80);
    expect(dropped.wrapEra, "an artifact alone doesn't show it").toBe("pq");
    expect(await codeOf(() => assertRewrapOf(before, dropped))).toBe("anchor-keys");
    const later = {
      ...after.keys,
      exposures: after.keys.exposures.map((note) => ({ ...note, notedAt: note.notedAt + 1 })),
    };
    const dated = await verified(await rewrapped(rsa, () => later), 80);
    expect(await codeOf(() => assertRewrapOf(before, dated)), "nor is one dated later").toBe("anchor-keys");
    expect(await codeOf(() => assertRewrapOf(before, after)), "control").toBe(accepted);
  });

  test("[REW-4] one that was never noted is asked for when its wrap goes", async () => {
    const both = await sealedTo([{ custody: outer, keyUri: "test:rsa" }, pinned]);
    const silent = await resealed(both.artifact, signers.issuer, { keys: (keys) => ({ ...keys, exposures: [] }) });
    const before = await verified(silent);
    expect(before.wrapEra, "RSA is classical, noted or not").toBe("classical");
    const options = { remove: ["test:rsa"], custody: custodies, signer: signers.archive, clock: at(70) };
    const after = await verified((await rewrap(before, options)).artifact, 80);
    expect(after.keys.exposures).toMatchObject([{ kind: "classical-wrap", custodyUri: "test:rsa" }]);
    assertRewrapOf(before, after);
    const of: Sealed = { ...both, artifact: silent };
    const quiet = await verified(await rewrapped(of, () => ({ ...after.keys, exposures: [] })), 80);
    expect(await codeOf(() => assertRewrapOf(before, quiet))).toBe("anchor-keys");
  });
});
