// rewrap: other keys, the same data key. What stays, what is noted, what is refused; chains of rewraps as a property.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchSigner, cover, decide, encodeCbor, ingest, open } from "@writ/core";
import type { Custody, RecipientKey, Signer, VerifiedArtifact } from "@writ/core";
import { amend } from "@writ/core/amend";
import { createLocalKeystore } from "@writ/core/local";
import { pinnedRecipient } from "@writ/core/recipient-key";
import { assertRewrapOf, rewrap } from "@writ/core/rewrap";
import type { RewrapOptions } from "@writ/core/rewrap";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import {
  at,
  codeOf,
  document,
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
import { testCustody } from "../support/test-custodies.ts";

const holder = await createLocalKeystore({ file: freshPath("holder"), keyFile: freshPath("holder-key") });
const kinds = ["x-wing", "ml-kem-768", "ml-kem-1024"] as const;
for (const kind of kinds) await holder.createRecipientKey(kind, kind);
const recipientKeys = await Promise.all(kinds.map((kind) => holder.recipientKey(`local:${kind}`)));
const withKeys = trustWith((draft) => void (draft["recipientKeys"] = recipientKeys));
const test_ = testCustody();
const custodies: readonly Custody[] = [keystore, holder, test_];

const keyTo = (uri: string): RecipientKey => {
  if (uri.startsWith("test:")) return { custody: test_, keyUri: uri };
  if (kinds.some((kind) => uri === `local:${kind}`)) return pinnedRecipient(withKeys, uri, { clock: at(0) });
  return { custody: keystore, keyUri: uri };
};
const custodyRule = { custodies: ["local", "test"] };

async function start(
  uris: readonly string[] = ["local:data"],
): Promise<{ stored: Uint8Array; artifact: VerifiedArtifact }> {
  const { artifact, stored } = await sealed(Buffer.from("rows"), { recipients: uris.map(keyTo), custodyRule });
  return { stored, artifact: await verified(artifact) };
}

async function opened(
  artifact: VerifiedArtifact,
  stored: Uint8Array,
  by: readonly Custody[] = custodies,
): Promise<string> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(100) });
  return (await drain(open(artifact, permit!, { custody: by, content: stored, clock: at(100) }))).toString();
}

function rewrapping(artifact: VerifiedArtifact, options: Partial<RewrapOptions>): ReturnType<typeof rewrap> {
  return rewrap(artifact, { custody: custodies, signer: signers.archive, clock: at(90), ...options });
}

const move = (from: string, to: string): Pick<RewrapOptions, "replace"> => ({ replace: [{ from, to: keyTo(to) }] });

describe("rewrap", () => {
  test("[REW-1] within a custody S stays: KEK and AES-KW bytes are the same, the blob and the key are not", async () => {
    const { artifact, stored } = await start();
    const unwraps: string[] = [];
    const watched: Custody = Object.assign(Object.create(keystore) as typeof keystore, {
      rewrap: keystore.rewrap.bind(keystore),
      describe: keystore.describe.bind(keystore),
      unwrap: () => Promise.resolve(unwraps.push("unwrap")).then(() => null),
    });
    const result = await rewrapping(artifact, {
      replace: [{ from: "local:data", to: { custody: watched, keyUri: "local:other" } }],
      custody: [],
    });
    expect(result.calls).toEqual([{ operation: "rewrap", transportGroup: "none" }]);
    expect(unwraps).toEqual([]);
    const after = await verified(result.artifact, 95);
    const [before, now] = [artifact.keys.recipients[0]!, after.keys.recipients[0]!];
    expect(now).toMatchObject({ kind: "kms-symmetric", custodyUri: "local:other", bound: null });
    expect(now.wrappedKey).toEqual(before.wrappedKey);
    expect(now.blob).not.toEqual(before.blob);
    expect(after.evidence.anchors.at(-1)).toMatchObject({ kind: "rewrap" });
    expect(result.head).toBe(after.head);
    await keystore.disableKey("local:data");
    try {
      expect(await opened(after, stored)).toBe("rows");
    } finally {
      await keystore.enableKey("local:data");
    }
  });

  test("[REW-2] elsewhere the data key passes through into a fresh secret; core, ciphertext and header tag stay", async () => {
    const { artifact, stored } = await start(["test:rsa"]);
    const after = await verified((await rewrapping(artifact, move("test:rsa", "local:ml-kem-1024"))).artifact, 95);
    expect(after.parts.core).toEqual(artifact.parts.core);
    expect(after.parts.anchors[0]).toEqual(artifact.parts.anchors[0]);
    expect(after.keys.recipients).toHaveLength(1);
    expect(after.keys.recipients[0]).toMatchObject({ kind: "kem", custodyUri: "local:ml-kem-1024" });
    expect(await opened(after, stored, [holder])).toBe("rows");
    expect(await codeOf(() => opened(after, stored, [test_]))).toBe("custody-no-recipient");
  });

  test("[REW-3] the context that a custody enforces is given up only when told to", async () => {
    const { artifact, stored } = await start();
    for (const change of [
      move("local:data", "local:x-wing"),
      move("local:data", "test:rsa"),
      move("local:data", "test:aes"),
      { add: [keyTo("local:x-wing")] },
    ]) {
      expect(await codeOf(() => rewrapping(artifact, change))).toBe("custody-unsupported");
      const after = await verified((await rewrapping(artifact, { ...change, dropContext: true })).artifact, 95);
      expect(await opened(after, stored), "control").toBe("rows");
    }
    const without = await start(["test:aes"]);
    const after = await rewrapping(without.artifact, move("test:aes", "local:x-wing"));
    expect((await verified(after.artifact, 95)).wrapEra, "nothing is given up").toBe("hybrid");
  });

  test("[AMD-3] [REW-3] nor does a revision give it up unasked; a key that had such a wrap before gives up nothing", async () => {
    const revising = (of: VerifiedArtifact, uris: readonly string[], dropContext?: boolean): ReturnType<typeof amend> =>
      amend(of, {
        recipients: uris.map(keyTo),
        custody: custodies,
        evaluator,
        signer: signers.issuer,
        clock: at(90),
        ...(dropContext === undefined ? {} : { dropContext }),
      });
    const revised = async (...options: Parameters<typeof revising>): Promise<VerifiedArtifact> =>
      verified((await revising(...options)).artifact, 95);
    const { artifact, stored } = await start();
    for (const uri of ["local:x-wing", "test:rsa", "test:aes"]) {
      for (const uris of [[uri], ["local:data", uri]]) {
        expect(await codeOf(() => revising(artifact, uris)), uris.join()).toBe("custody-unsupported");
        expect(await codeOf(() => revising(artifact, uris, false)), uris.join()).toBe("custody-unsupported");
        const told = await revised(artifact, uris, true);
        expect(told.keys.recipients.map(({ custodyUri }) => custodyUri).sort()).toEqual(uris.toSorted());
        expect(await opened(told, stored), "control").toBe("rows");
      }
    }
    const other = await revised(artifact, ["local:other"]);
    expect(
      other.keys.recipients.map(({ kind }) => kind),
      "control",
    ).toEqual(["kms-symmetric"]);
    const without = await start(["test:aes"]);
    expect((await revised(without.artifact, ["local:x-wing"])).wrapEra, "nothing is given up").toBe("hybrid");
    const mixed = await start(["local:data", "local:x-wing"]);
    expect((await revised(mixed.artifact, ["local:data", "local:x-wing"])).keys.recipients).toHaveLength(2);
    expect(await codeOf(() => revising(mixed.artifact, ["local:data", "local:ml-kem-768"]))).toBe(
      "custody-unsupported",
    );
  });

  test("[REW-4] [RCP-7] [RCP-12] exposures only grow: what RSA or classical TLS once protected stays classical", async () => {
    const { artifact } = await start(["test:rsa"]);
    const pq = await verified((await rewrapping(artifact, move("test:rsa", "local:data"))).artifact, 95);
    expect(pq.keys.recipients.map(({ kind }) => kind)).toEqual(["kms-symmetric"]);
    expect(pq.keys.exposures).toEqual([{ kind: "classical-wrap", custodyUri: "test:rsa", notedAt: at(0)() / 1000 }]);
    expect(pq.wrapEra).toBe("classical");

    const unexposed = await start(["test:aes"]);
    const over = testCustody("secp256r1");
    const crossed = await rewrapping(unexposed.artifact, { ...move("test:aes", "local:data"), custody: over });
    const later = await verified(crossed.artifact, 95);
    expect(later.keys.exposures).toEqual([
      { kind: "classical-transport", custodyUri: "test:aes", notedAt: at(90)() / 1000 },
    ]);
    expect(later.wrapEra).toBe("classical");
    const clean = await rewrapping(unexposed.artifact, move("test:aes", "local:data"));
    expect((await verified(clean.artifact, 95)).wrapEra, "control").toBe("pq");
  });

  test("[REW-2] keys are added, removed, and left as they are; one stays", async () => {
    const { artifact, stored } = await start(["local:data", "test:aes"]);
    const more = await verified(
      (await rewrapping(artifact, { add: [keyTo("local:other")], remove: ["test:aes"] })).artifact,
      95,
    );
    expect(more.keys.recipients.map(({ custodyUri }) => custodyUri).toSorted()).toEqual(["local:data", "local:other"]);
    const [kept] = artifact.keys.recipients.filter(({ custodyUri }) => custodyUri === "local:data");
    expect(more.keys.recipients.filter(({ custodyUri }) => custodyUri === "local:data")).toEqual([kept]);
    expect(await opened(more, stored, [keystore])).toBe("rows");
    const message = (call: Promise<unknown>): Promise<string> => call.then(() => "nothing", String);
    expect(await message(rewrapping(artifact, { remove: ["local:data", "test:aes"] }))).toMatch(/RangeError/);
    const twice = { ...move("local:data", "local:other"), remove: ["local:data"] };
    expect(await message(rewrapping(artifact, twice))).toMatch(/RangeError/);
    expect(await codeOf(() => rewrapping(artifact, { remove: ["local:nobody"] }))).toBe("custody-no-recipient");
    expect(await codeOf(() => rewrapping(artifact, move("local:nobody", "local:other")))).toBe("custody-no-recipient");
    expect(await message(rewrapping(artifact, { drop: true } as never))).toMatch(/TypeError/);
    expect(await message(rewrapping({ ...artifact }, { add: [keyTo("local:other")] }))).toMatch(/TypeError/);
  });

  test("[RCP-5] [RCP-8] no key outside the custody rule, disabled, or unfit for the classification", async () => {
    const { artifact } = await sealed(Buffer.from("rows"), {});
    const local = await verified(artifact);
    expect(local.core.custodyRule.custodies).toEqual(["local"]);
    const leaving = { add: [keyTo("test:aes")], dropContext: true };
    expect(await codeOf(() => rewrapping(local, leaving))).toBe("custody-rule");
    await keystore.disableKey("local:other");
    try {
      expect(await codeOf(() => rewrapping(local, move("local:data", "local:other")))).toBe("custody-key-state");
    } finally {
      await keystore.enableKey("local:other");
    }
    const text = JSON.stringify({ ...(JSON.parse(researchDocument) as object), classification: "confidential" });
    const secret = await verified(
      (await sealed(Buffer.from("x"), { policies: [{ message: await policy(text) }] })).artifact,
    );
    const managed: Custody = Object.assign(Object.create(keystore) as typeof keystore, {
      describe: async (uri: string) => ({ ...(await keystore.describe(uri)), manager: "provider" }),
      rewrap: keystore.rewrap.bind(keystore),
    });
    const toManaged = { replace: [{ from: "local:data", to: { custody: managed, keyUri: "local:other" } }] };
    expect(await codeOf(() => rewrapping(secret, toManaged))).toBe("custody-unsupported");
    expect(await codeOf(() => rewrapping(local, toManaged)), "control: internal data").toBe("nothing was thrown");
    const shared = { replace: [{ from: "local:data", to: { ...keyTo("local:other"), batchId: "b" } }] };
    expect(await codeOf(() => rewrapping(secret, shared))).toBe("custody-rule");
    expect(await codeOf(() => rewrapping(secret, move("local:data", "local:other"))), "control").toBe(
      "nothing was thrown",
    );
    expect(await codeOf(() => rewrapping(local, move("local:data", "local:other"))), "control").toBe(
      "nothing was thrown",
    );
  });

  test("[RCP-13] a shared secret becomes no artifact's own: it is wrapped anew", async () => {
    const { artifact, stored } = await sealed(Buffer.from("rows"), {
      recipients: [{ custody: keystore, keyUri: "local:data", batchId: "b1" }],
    });
    const batch = await verified(artifact);
    const own = await verified((await rewrapping(batch, move("local:data", "local:other"))).artifact, 95);
    expect(own.keys.recipients[0]!.batchId).toBeUndefined();
    expect(own.keys.recipients[0]!.wrappedKey).not.toEqual(batch.keys.recipients[0]!.wrappedKey);
    expect(await opened(own, stored)).toBe("rows");
    const shared = { replace: [{ from: "local:data", to: { ...keyTo("local:other"), batchId: "b1" } }] };
    const same = await verified((await rewrapping(batch, shared)).artifact, 95);
    expect(same.keys.recipients[0]).toMatchObject({ batchId: "b1", wrappedKey: batch.keys.recipients[0]!.wrappedKey });
    expect(await opened(same, stored)).toBe("rows");
  });

  test("[RCP-3] required pairs are asked for, and an artifact whose pairs nobody knows is set aside", async () => {
    const night = new Map([["shift", "night"]]);
    const rule = { custodies: ["local"], requiredPairs: ["shift"] };
    const { artifact } = await sealed(Buffer.from("rows"), { custodyRule: rule, requiredContext: night });
    const whole = await verified(artifact);
    expect(await codeOf(() => rewrapping(whole, move("local:data", "local:other")))).toBe("context-invalid");
    const wrong = { ...move("local:data", "local:other"), requiredContext: new Map([["shift", "day"]]) };
    expect(await codeOf(() => rewrapping(whole, wrong))).toBe("custody-context");
    const right = { ...move("local:data", "local:other"), requiredContext: () => night };
    expect(await codeOf(() => rewrapping(whole, right)), "control").toBe("nothing was thrown");
  });

  test("[REW-5] what no reader would accept is not handed out: the outcome is ingested under the same trust policy", async () => {
    const { artifact } = await start();
    const to = move("local:data", "local:other");
    expect(await codeOf(() => rewrapping(artifact, { ...to, signer: signers.stranger }))).toBe("signer-unknown");
    expect(await codeOf(() => rewrapping(artifact, { ...to, signer: signers.deriver }))).toBe("signer-role");
    expect(await codeOf(() => rewrapping(artifact, to)), "control").toBe("nothing was thrown");
    const lapsing = trustWith((draft) => void (draft.suites["p256"] = { verifyUntil: "2026-03-01T12:01:20Z" }));
    const { artifact: bytes } = await sealed(Buffer.from("rows"));
    const lapsed = await ingest(bytes, lapsing, { evaluator, clock: at(60) });
    expect(await codeOf(() => rewrapping(lapsed, to))).toBe("suite-lapsed");
    const expired = await ingest(
      bytes,
      trustWith((draft) => void (draft.expires = "2026-03-01T12:01:20Z")),
      { clock: at(60) },
    );
    expect(await codeOf(() => rewrapping(expired, to))).toBe("trust-expired");
  });

  test("[REW-5] compact artifacts, and signers that gather", async () => {
    const { artifact: portable, stored } = await sealed(Buffer.from("rows"));
    const parts = decodeArtifact(portable);
    const message = parts.attachments.length > 0 ? (await verified(portable)).policies[0]! : undefined;
    const store = { get: (name: string) => (name === message!.digest ? message!.bytes : undefined) };
    const compact = await ingest(encodeArtifact({ ...parts, attachments: [] }), trust, {
      store,
      evaluator,
      clock: at(60),
    });
    expect(await codeOf(() => rewrapping(compact, move("local:data", "local:other")))).toBe("attachment-missing");
    const signer: Signer = batchSigner(signers.archive, { clock: at(90) });
    const done = await rewrapping(compact, { ...move("local:data", "local:other"), store, signer });
    const after = await ingest(done.artifact, trust, { store, evaluator, clock: at(95) });
    expect(after.evidence.anchors.at(-1)).toMatchObject({ kind: "rewrap", batched: true });
    expect(await opened(after, stored)).toBe("rows");
  });

  test("[REW-2] a data key that isn't this content's is not wrapped anew", async () => {
    const { artifact } = await start(["test:aes"]);
    const other = await start(["test:aes"]);
    const wraps = other.artifact.keys.recipients[0]!;
    const foreign = await test_.unwrap(wraps, new Map());
    const lying: Custody = { ...test_, unwrap: () => Promise.resolve(foreign) };
    const to = move("test:aes", "local:data");
    expect(await codeOf(() => rewrapping(artifact, { ...to, custody: lying }))).toBe("unwrap-failed");
    expect(await codeOf(() => rewrapping(artifact, to)), "control").toBe("nothing was thrown");
  });

  test("[CUS-3] a custody that answers for another key moves nothing", async () => {
    const { artifact } = await start();
    const answering = (uri: string): Custody =>
      Object.assign(Object.create(keystore) as typeof keystore, {
        describe: keystore.describe.bind(keystore),
        rewrap: () => Promise.resolve({ blob: randomBytes(77), uri, call: { operation: "rewrap" } }),
      });
    const to = (uri: string): Pick<RewrapOptions, "replace"> => ({
      replace: [{ from: "local:data", to: { custody: answering(uri), keyUri: "local:other" } }],
    });
    expect(await codeOf(() => rewrapping(artifact, to("local:data")))).toBe("custody-key-mismatch");
    expect(await codeOf(() => rewrapping(artifact, to("local:other"))), "control").toBe("nothing was thrown");
  });
});

describe("what may follow", () => {
  test("[REW-4] rewraps and covers do; another core, another history and dropped notes don't", async () => {
    const { artifact } = await start(["test:rsa"]);
    const next = await verified((await rewrapping(artifact, move("test:rsa", "local:data"))).artifact, 95);
    const covered = await verified((await cover(next, { signer: signers.archive, clock: at(96) })).artifact, 97);
    for (const after of [artifact, next, covered]) assertRewrapOf(artifact, after);
    expect(await codeOf(() => assertRewrapOf(next, artifact))).toBe("anchor-chain");
    expect(await codeOf(() => assertRewrapOf(artifact, covered)), "control").toBe("nothing was thrown");
    const other = await start(["test:rsa"]);
    expect(await codeOf(() => assertRewrapOf(artifact, other.artifact))).toBe("anchor-core");
  });
});

test("[REW-1] [REW-2] [REW-4] any chain of rewraps keeps the data key, opens, only adds exposures, and each prefix verifies (property)", async () => {
  const message = await policy(document({ ...(JSON.parse(researchDocument) as object), classification: "restricted" }));
  const uris = [
    "local:data",
    "local:other",
    "local:x-wing",
    "local:ml-kem-768",
    "local:ml-kem-1024",
    "test:rsa",
    "test:aes",
    "test:kem",
  ];
  const step = fc.record({ to: fc.constantFrom(...uris), which: fc.nat(3), add: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...uris), fc.array(step, { minLength: 1, maxLength: 5 }), async (first, steps) => {
      const content = encodeCbor(steps.length);
      const { artifact, stored } = await sealed(content, {
        recipients: [keyTo(first)],
        custodyRule,
        policies: [{ message }],
      });
      let now = await verified(artifact);
      for (const [index, { to, which, add }] of steps.entries()) {
        const present = now.keys.recipients.map(({ custodyUri }) => custodyUri);
        if (present.includes(to) && add) continue;
        const change = add ? { add: [keyTo(to)] } : move(present[which % present.length]!, to);
        const { artifact: bytes } = await rewrapping(now, { ...change, dropContext: true, clock: at(61 + index) });
        const next = await verified(bytes, 70);
        expect(next.name).toBe(now.name);
        for (const note of now.keys.exposures) expect(next.keys.exposures).toContainEqual(note);
        if (present.includes("test:rsa")) expect(next.wrapEra).toBe("classical");
        assertRewrapOf(now, next);
        now = next;
      }
      for (const uri of new Set(now.keys.recipients.map(({ custodyUri }) => custodyUri))) {
        const by = uri.startsWith("test:") ? test_ : kinds.some((kind) => uri.endsWith(kind)) ? holder : keystore;
        expect(await opened(now, stored, [by]), uri).toBe(Buffer.from(content).toString());
      }
    }),
    { numRuns: 20 },
  );
});
