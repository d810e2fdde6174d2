// Recipients of every kind, end to end: sealed to, verified, opened; their contexts, their batches, their eras.
import { createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, open } from "@writ/core";
import { amend } from "@writ/core/amend";
import type {
  Custody,
  EncryptionContext,
  RecipientKey,
  RequiredContext,
  SealOptions,
  VerifiedArtifact,
} from "@writ/core";
import { createLocalKeystore } from "@writ/core/local";
import { pinnedRecipient } from "@writ/core/recipient-key";
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
  trustWith,
  verified,
} from "../support/scene.ts";
import { testCustody } from "../support/test-custodies.ts";

const holder = await createLocalKeystore({ file: freshPath("holder"), keyFile: freshPath("holder-key") });
const kinds = ["x-wing", "ml-kem-768", "ml-kem-1024"] as const;
for (const kind of kinds) await holder.createRecipientKey(`to-${kind}`, kind);
const recipientKeys = await Promise.all(kinds.map((kind) => holder.recipientKey(`local:to-${kind}`)));
const trust = trustWith((draft) => void (draft["recipientKeys"] = recipientKeys));
const pinned = (kind: string): RecipientKey => pinnedRecipient(trust, `local:to-${kind}`, { clock: at(0) });

async function opened(
  artifact: VerifiedArtifact,
  stored: Uint8Array,
  custody: Custody | readonly Custody[],
  requiredContext?: RequiredContext,
): Promise<string> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(90) });
  const required = requiredContext ? { requiredContext } : {};
  return (await drain(open(artifact, permit!, { custody, content: stored, clock: at(90), ...required }))).toString();
}

const toKeys = (recipients: readonly RecipientKey[], more: Partial<SealOptions> = {}): ReturnType<typeof sealed> =>
  sealed(Buffer.from("rows"), { recipients, ...more });
const data: RecipientKey = { custody: keystore, keyUri: "local:data" };

describe("recipient keys of the trust policy", () => {
  test.each([
    ["x-wing", "hybrid"],
    ["ml-kem-768", "pq"],
    ["ml-kem-1024", "pq"],
  ] as const)(
    "[RCP-11] [RCP-14] sealed to a public %s key without an account, opened by its holder; wrap era %s",
    async (kind, era) => {
      const { artifact, stored, calls } = await toKeys([pinned(kind)]);
      const whole = await verified(artifact);
      expect(whole.keys.recipients[0]).toMatchObject({ kind: "kem", custodyUri: `local:to-${kind}` });
      expect(whole.keys.recipients[0]!.bound).toHaveLength(48);
      expect(whole.wrapEra).toBe(era);
      expect(whole.checks.find(({ check }) => check === "custody-rule")?.detail).toContain(`wrap era ${era}`);
      expect(calls).toMatchObject([{ operation: "encapsulate", transportGroup: "none" }]);
      expect(await opened(whole, stored, holder)).toBe("rows");
      expect(await codeOf(() => opened(whole, stored, keystore)), "another keystore holds no such key").toBe(
        "custody-no-recipient",
      );
    },
  );

  test("[RCP-14] a key that the trust policy doesn't have, or has for other dates, is sealed to by nobody", async () => {
    expect(await codeOf(() => pinnedRecipient(trust, "local:stranger", { clock: at(0) }))).toBe("custody-not-found");
    expect(await codeOf(() => pinnedRecipient(trust, "local:to-x-wing", { when: 1 } as never))).toMatch(/TypeError/);
    const dated = (dates: object): RecipientKey =>
      pinnedRecipient(
        trustWith((draft) => void (draft["recipientKeys"] = [{ ...recipientKeys[0], ...dates }])),
        "local:to-x-wing",
        { clock: at(0) },
      );
    for (const dates of [{ notBefore: "2026-03-01T12:00:01Z" }, { notAfter: "2026-03-01T12:00:00Z" }])
      expect(await codeOf(() => toKeys([dated(dates)])), JSON.stringify(dates)).toBe("custody-key-state");
    expect(
      await codeOf(() => dated({ notBefore: "2026-03-02T00:00:00Z" }).custody.generate("local:to-x-wing", new Map())),
    ).toBe("custody-key-state");
    const within = { notBefore: "2026-03-01T12:00:00Z", notAfter: "2026-03-01T12:00:01Z" };
    expect((await toKeys([dated(within)])).artifact.length, "control").toBeGreaterThan(0);
  });

  test("[RCP-14] it is a custody that opens nothing, and says of no key where its private half is kept", async () => {
    const { custody } = pinned("x-wing");
    expect(await custody.unwrap({} as never, new Map())).toBeNull();
    expect(await custody.rewrap({} as never, new Map(), { keyUri: "local:x", context: new Map() })).toBeNull();
    expect(await codeOf(() => custody.sign("local:to-x-wing", -19, Buffer.from("x")))).toBe("custody-unsupported");
    expect(await codeOf(() => custody.publicKey("local:to-x-wing"))).toBe("custody-unsupported");
    expect(await codeOf(() => custody.describe("local:other"))).toBe("custody-not-found");
    const rule = (origins: readonly string[]): Promise<string> =>
      codeOf(() => toKeys([pinned("x-wing")], { custodyRule: { custodies: ["local"], origins } }));
    expect(await rule(["AWS_CLOUDHSM"])).toBe("custody-rule");
    expect(await rule(["unknown"]), "control").toBe("nothing was thrown");
  });

  test("[CUS-29] the keystore keeps seeds, gives the same public key again, and keeps kinds apart", async () => {
    const file = freshPath("seeds");
    const keyFile = freshPath("seeds-key");
    const first = await createLocalKeystore({ file, keyFile });
    expect(await first.createRecipientKey("k", "ml-kem-768")).toMatchObject({ usage: "encrypt", spec: "ml-kem-768" });
    const { openLocalKeystore } = await import("@writ/core/local");
    const again = await openLocalKeystore({ file, keyFile });
    expect(await again.recipientKey("local:k")).toEqual(await first.recipientKey("local:k"));
    expect(await codeOf(() => keystore.recipientKey("local:data"))).toBe("custody-unsupported");
    const { blob } = await again.generate("local:k", new Map());
    const wrap = { custodyUri: "local:k", blob, wrappedKey: randomBytes(40), bound: null };
    expect(await codeOf(() => again.unwrap({ ...wrap, kind: "kem" }, new Map()))).toBe("nothing was thrown");
    expect(await codeOf(() => again.unwrap({ ...wrap, kind: "kms-symmetric" }, new Map()))).toBe("custody-unsupported");
    expect(await codeOf(() => again.unwrap({ ...wrap, kind: "kms-rsa" }, new Map()))).toBe("custody-unsupported");
    expect(await codeOf(() => again.unwrap({ ...wrap, kind: "kem", blob: blob.subarray(1) }, new Map()))).toBe(
      "custody-context",
    );
  });
});

describe("other kinds", () => {
  test.each([
    ["rsa", "kms-rsa", "classical"],
    ["aes", "kms-wrap-noaad", "pq"],
    ["kem", "kms-kem", "pq"],
  ] as const)(
    "[RCP-1] [RCP-7] [RCP-11] test:%s: %s is sealed to, bound, opened; wrap era %s",
    async (key, kind, era) => {
      const custody = testCustody();
      const { artifact, stored } = await toKeys([{ custody, keyUri: `test:${key}` }]);
      const whole = await verified(artifact);
      expect(whole.keys.recipients[0]).toMatchObject({ kind });
      expect(whole.wrapEra).toBe(era);
      expect(whole.keys.exposures.map((note) => note.kind)).toEqual(key === "rsa" ? ["classical-wrap"] : []);
      expect(await opened(whole, stored, custody)).toBe("rows");
    },
  );

  test("[RCP-12] a secret that crossed classical TLS is noted when it is sealed", async () => {
    const over = async (group: string): Promise<VerifiedArtifact> =>
      verified((await toKeys([{ custody: testCustody(group), keyUri: "test:aes" }])).artifact);
    const exposed = await over("X25519");
    expect(exposed.keys.exposures).toEqual([
      { kind: "classical-transport", custodyUri: "test:aes", notedAt: at(0)() / 1000 },
    ]);
    expect(exposed.wrapEra).toBe("classical");
    expect(exposed.checks.find(({ check }) => check === "custody-rule")?.detail).toContain("1 exposure");
    expect((await over("X25519MLKEM768")).wrapEra, "control").toBe("pq");
  });
});

describe("several recipients", () => {
  test("[RCP-6] two keys of one custody, another custody, a key that nobody here holds: whoever can, opens", async () => {
    const custody = testCustody();
    const rsa = { custody, keyUri: "test:rsa" };
    const { artifact, stored } = await toKeys([data, { ...data, keyUri: "local:other" }, pinned("x-wing"), rsa]);
    const whole = await verified(artifact);
    expect(whole.wrapEra, "the weakest").toBe("classical");
    for (const custodies of [[keystore], [holder], [custody], [holder, keystore], [keystore, holder, custody]])
      expect(await opened(whole, stored, custodies)).toBe("rows");
    await keystore.disableKey("local:data");
    try {
      expect(await opened(whole, stored, keystore), "the other key of that custody").toBe("rows");
    } finally {
      await keystore.enableKey("local:data");
    }
    const stranger = await createLocalKeystore({ file: freshPath("stranger"), keyFile: freshPath("stranger-key") });
    expect(await opened(whole, stored, [stranger, holder]), "two custodies of one scheme").toBe("rows");
    expect(await codeOf(() => opened(whole, stored, stranger))).toBe("custody-no-recipient");
  });
});

describe("required pairs", () => {
  const custodyRule = { custodies: ["local"], requiredPairs: ["shift"] };
  const night = new Map([["shift", "night"]]);

  test.each([
    ["kms-symmetric", [data], keystore],
    ["kem", [pinned("ml-kem-768")], holder],
  ] as const)(
    "[RCP-3] [RCP-2] %s: a resolver supplies them; another value, or none, opens nothing",
    async (_, recipients, custody) => {
      const { artifact, stored } = await toKeys(recipients, { custodyRule, requiredContext: night });
      const whole = await verified(artifact);
      const asked: string[] = [];
      const resolver: RequiredContext = async ({ custodyRule: rule }) => {
        asked.push(...(rule.requiredPairs ?? []));
        return night;
      };
      expect(await opened(whole, stored, custody, resolver)).toBe("rows");
      expect(asked).toEqual(["shift"]);
      expect(await opened(whole, stored, custody, night)).toBe("rows");
      expect(await codeOf(() => opened(whole, stored, custody))).toBe("context-invalid");
      expect(await codeOf(() => opened(whole, stored, custody, new Map([["shift", "day"]])))).toBe("custody-context");
      const plain = await toKeys(recipients);
      expect(
        await opened(await verified(plain.artifact), plain.stored, custody, () => {
          throw new RangeError("nobody asks where no pair is required");
        }),
      ).toBe("rows");
    },
  );
});

test("[RCP-2] [RCP-3] different required pairs never open each other, whoever checks them (property)", async () => {
  const value = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 6 });
  const custodyRule = { custodies: ["local", "test"], requiredPairs: ["shift", "ward"] };
  const custody = testCustody();
  const cases = [
    { key: data, by: keystore },
    { key: pinned("x-wing"), by: holder },
    { key: { custody, keyUri: "test:aes" }, by: custody },
  ] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...cases),
      fc.tuple(value, value),
      fc.tuple(value, value),
      async ({ key, by }, a, b) => {
        const [sealedUnder, openedUnder] = [a, b].map(
          ([shift, ward]) =>
            new Map([
              ["shift", shift],
              ["ward", ward],
            ]),
        );
        const { artifact, stored } = await toKeys([key], { custodyRule, requiredContext: sealedUnder! });
        const whole = await verified(artifact);
        const same = a[0] === b[0] && a[1] === b[1];
        expect(await codeOf(() => opened(whole, stored, by, openedUnder))).toBe(
          same ? "nothing was thrown" : "custody-context",
        );
        expect(await opened(whole, stored, by, sealedUnder), "control").toBe("rows");
      },
    ),
    { numRuns: 25 },
  );
});

describe("secrets that artifacts share", () => {
  /** The scene's keystore, giving one secret for each context: what a cache of data keys does. */
  function sharing(): { custody: Custody; contexts: EncryptionContext[] } {
    const contexts: EncryptionContext[] = [];
    const known = new Map<string, Awaited<ReturnType<Custody["generate"]>>>();
    const custody: Custody = {
      scheme: "local",
      describe: (uri) => keystore.describe(uri),
      generate: async (uri, context) => {
        contexts.push(context);
        const name = JSON.stringify([...context]);
        const generated = known.get(name) ?? (await keystore.generate(uri, context));
        known.set(name, generated);
        return { ...generated, secret: createSecretKey(generated.secret.export()) };
      },
      unwrap: (recipient, context) => keystore.unwrap(recipient, context),
      rewrap: (recipient, from, to) => keystore.rewrap(recipient, from, to),
      sign: (uri, alg, message) => keystore.sign(uri, alg, message),
      publicKey: (uri) => keystore.publicKey(uri),
    };
    return { custody, contexts };
  }

  test("[RCP-4] [RCP-13] one secret, a key-encryption key of each artifact's own", async () => {
    const { custody, contexts } = sharing();
    const shared = [{ custody, keyUri: "local:data", batchId: "batch-7" }];
    const [one, two] = [await toKeys(shared), await toKeys(shared)];
    expect(contexts.map((context) => [context.get("writ-batch"), context.has("writ-artifact")])).toEqual([
      ["batch-7", false],
      ["batch-7", false],
    ]);
    const [first, second] = [await verified(one.artifact), await verified(two.artifact)];
    expect(first.keys.recipients[0]!.blob).toEqual(second.keys.recipients[0]!.blob);
    expect(first.keys.recipients[0]!.wrappedKey).not.toEqual(second.keys.recipients[0]!.wrappedKey);
    expect(await opened(first, one.stored, keystore)).toBe("rows");
    expect(await opened(second, two.stored, keystore)).toBe("rows");
    expect(
      (await verified((await toKeys([data])).artifact)).keys.recipients[0]!.batchId,
      "off by default",
    ).toBeUndefined();
  });

  test("[RCP-13] a revision to confidential wraps under a secret of its own; another revision keeps the shared one", async () => {
    const { artifact, stored } = await toKeys([{ ...data, batchId: "batch-7" }]);
    const whole = await verified(artifact);
    const revised = async (classification: string): Promise<VerifiedArtifact> => {
      const text = JSON.stringify({
        ...(JSON.parse(researchDocument) as object),
        classification,
        id: "urn:acme:policy:more",
      });
      const options = { custody: keystore, evaluator, signer: signers.issuer, clock: at(70) };
      return verified((await amend(whole, { ...options, add: [{ message: await policy(text) }] })).artifact, 80);
    };
    const [secret, internal] = [await revised("confidential"), await revised("internal")];
    expect(secret.keys.recipients[0]!.batchId).toBeUndefined();
    expect(secret.keys.recipients[0]!.wrappedKey).not.toEqual(whole.keys.recipients[0]!.wrappedKey);
    expect(internal.keys.recipients[0]).toMatchObject({
      batchId: "batch-7",
      wrappedKey: whole.keys.recipients[0]!.wrappedKey,
    });
    for (const revision of [secret, internal]) expect(await opened(revision, stored, keystore)).toBe("rows");
  });

  test("[RCP-13] refused above internal when sealed", async () => {
    const under = async (classification: string): Promise<string> => {
      const message = await policy(document({ ...(JSON.parse(researchDocument) as object), classification }));
      return codeOf(() => toKeys([{ ...data, batchId: "b" }], { policies: [{ message }] }));
    };
    expect(await under("confidential")).toBe("custody-rule");
    expect(await under("restricted")).toBe("custody-rule");
    expect(await under("internal"), "control").toBe("nothing was thrown");
    expect(await under("public"), "control").toBe("nothing was thrown");
  });
});
