// seal: what goes into an artifact, and what is refused before anything is signed.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, ingest, inspect, open, parsePolicy, splitCarrier, encodeEnvelope } from "@writ/core";
import type { Custody, EncryptionContext } from "@writ/core";
import {
  at,
  codeOf,
  document,
  drain,
  evaluator,
  keystore,
  policy,
  request,
  research,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";

/** The keystore, with what it is asked noted down. */
function watched(): { custody: Custody; contexts: EncryptionContext[]; described: string[] } {
  const contexts: EncryptionContext[] = [];
  const described: string[] = [];
  const custody: Custody = {
    scheme: "local",
    describe: (uri) => {
      described.push(uri);
      return keystore.describe(uri);
    },
    generate: (uri, context, options) => {
      contexts.push(context);
      return keystore.generate(uri, context, options);
    },
    unwrap: (recipient, context, options) => keystore.unwrap(recipient, context, options),
    rewrap: (recipient, from, to, options) => keystore.rewrap(recipient, from, to, options),
    sign: (uri, alg, message, options) => keystore.sign(uri, alg, message, options),
    publicKey: (uri) => keystore.publicKey(uri),
  };
  return { custody, contexts, described };
}

describe("seal", () => {
  test("[SEA-1] [SEA-4] what was sealed verifies, opens, and names its issuer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (content) => {
        const issued = await sealed(content);
        const artifact = await ingest(issued.artifact, trust, { evaluator, content: issued.stored, clock: at(60) });
        expect(artifact.core.issuer).toBe("urn:acme:data");
        const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(60) });
        expect(
          Buffer.from(content).equals(
            await drain(open(artifact, permit!, { custody: keystore, content: issued.stored, clock: at(60) })),
          ),
        ).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test("[SEA-3] id, data key and secret are fresh each time", async () => {
    const [a, b] = await Promise.all([sealed(Buffer.from("same")), sealed(Buffer.from("same"))]);
    const [first, second] = [await verified(a.artifact), await verified(b.artifact)];
    expect(Buffer.from(first.core.artifactId).equals(second.core.artifactId)).toBe(false);
    expect(Buffer.from(first.keys.recipients[0]!.blob).equals(second.keys.recipients[0]!.blob)).toBe(false);
    expect(a.content.root).not.toBe(b.content.root);
  });

  test("[SEA-2] refuses layers under which nothing is permitted, parameters that don't fit, and no grant at all", async () => {
    const narrow = await policy(
      document({ kind: "restrict", id: "urn:acme:policy:none", limits: { notOperations: ["read"] } }),
    );
    expect(await codeOf(() => sealed(undefined, { policies: [{ message: narrow }] }))).toBe("empty-meet");
    expect(await codeOf(() => sealed(undefined, { policies: [{ message: research }, { message: narrow }] }))).toBe(
      "empty-meet",
    );
    const withParameter = await policy(
      document({
        parameters: { tenant: "string" },
        permissions: [{ id: "p1", operations: ["read"], when: { "principal.org": { eq: { param: "tenant" } } } }],
      }),
    );
    expect(await codeOf(() => sealed(undefined, { policies: [{ message: withParameter }] }))).toBe("policy-parameter");
    expect(
      await codeOf(() =>
        sealed(undefined, { policies: [{ message: withParameter, parameters: { tenant: "urn:acme", more: 1 } }] }),
      ),
    ).toBe("policy-parameter");
    const fits = await sealed(undefined, {
      policies: [{ message: withParameter, parameters: { tenant: "urn:acme" } }],
    });
    expect([...(await verified(fits.artifact)).layers[0]!.parameters!]).toEqual([["tenant", "urn:acme"]]);
  });

  test("[RCP-3] [RCP-4] the custody is asked with artifact, policies and the rule's pairs", async () => {
    const { custody, contexts } = watched();
    const issued = await sealed(undefined, {
      recipients: [{ custody, keyUri: "local:data" }],
      custodyRule: { custodies: ["local"], contextPairs: new Map([["tenant", "acme"]]), requiredPairs: ["shift"] },
      requiredContext: new Map([["shift", "night"]]),
    });
    const [context] = contexts;
    expect([...context!.keys()].sort()).toEqual(["shift", "tenant", "writ-artifact", "writ-policy"]);
    expect(context!.get("writ-artifact")).toBe(Buffer.from(issued.artifactId).toString("base64url"));
    const artifact = await verified(issued.artifact);
    expect(JSON.stringify(inspect(issued.artifact))).not.toContain("night");
    const opening = async (required: Map<string, string> | undefined): Promise<Buffer> => {
      const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(60) });
      return drain(
        open(artifact, permit!, {
          custody: keystore,
          content: issued.stored,
          clock: at(60),
          ...(required ? { requiredContext: required } : {}),
        }),
      );
    };
    expect(await codeOf(() => opening(undefined))).toBe("context-invalid");
    expect(await codeOf(() => opening(new Map([["shift", "day"]])))).toBe("custody-context");
    expect((await opening(new Map([["shift", "night"]]))).toString()).toBe("ten rows of data");
  });

  test("[RCP-3] refuses context pairs outside the rules", async () => {
    const withPair = (key: string, value: string) => () =>
      sealed(undefined, { custodyRule: { contextPairs: new Map([[key, value]]) } });
    for (const [key, value] of [
      ["Tenant", "a"],
      ["writ-artifact", "a"],
      ["aws:x", "a"],
      ["", "a"],
      ["a", ""],
      ["a", "x".repeat(385)],
    ] as const) {
      expect(await codeOf(withPair(key, value)), key).toBe("context-invalid");
    }
    expect(await codeOf(withPair("tenant", "x".repeat(384)))).toBe("nothing was thrown");
  });

  test("[RCP-5] [RCP-9] keys stay where the rule says", async () => {
    expect((await verified((await sealed()).artifact)).core.custodyRule).toEqual({ custodies: ["local"] });
    expect(await codeOf(() => sealed(undefined, { custodyRule: { custodies: ["aws-kms"] } }))).toBe("custody-rule");
    expect(await codeOf(() => sealed(undefined, { custodyRule: { origins: ["AWS_CLOUDHSM"] } }))).toBe("custody-rule");
    expect(await codeOf(() => sealed(undefined, { custodyRule: { custodies: ["local"] } }))).toBe("nothing was thrown");
  });

  test("[RCP-8] a disabled key and a signing key seal nothing", async () => {
    await keystore.createSymmetricKey("paused");
    await keystore.disableKey("local:paused");
    await keystore.createSigningKey("signs", -19);
    expect(await codeOf(() => sealed(undefined, { recipients: [{ custody: keystore, keyUri: "local:paused" }] }))).toBe(
      "custody-key-state",
    );
    expect(await codeOf(() => sealed(undefined, { recipients: [{ custody: keystore, keyUri: "local:signs" }] }))).toBe(
      "custody-unsupported",
    );
    expect(
      await codeOf(() => sealed(undefined, { recipients: [{ custody: keystore, keyUri: "local:missing" }] })),
    ).toBe("custody-not-found");
  });

  test("[RCP-1] [RCP-2] each of several recipients opens alone; a wrap of another artifact does not", async () => {
    const issued = await sealed(randomBytes(100), {
      recipients: [
        { custody: keystore, keyUri: "local:data" },
        { custody: keystore, keyUri: "local:other" },
      ],
    });
    const artifact = await verified(issued.artifact);
    for (const holds of ["local:data", "local:other"]) {
      const custody: Custody = {
        ...watched().custody,
        unwrap: async (recipient, context) =>
          recipient.custodyUri === holds ? keystore.unwrap(recipient, context) : null,
      };
      const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(60) });
      expect((await drain(open(artifact, permit!, { custody, content: issued.stored, clock: at(60) }))).length).toBe(
        100,
      );
    }
    const none: Custody = { ...watched().custody, unwrap: () => Promise.resolve(null) };
    const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(60) });
    expect(
      await codeOf(() => drain(open(artifact, permit!, { custody: none, content: issued.stored, clock: at(60) }))),
    ).toBe("custody-no-recipient");
  });

  test("[RCP-6] a secret that is not this artifact's fails with one code", async () => {
    const issued = await sealed();
    const artifact = await verified(issued.artifact);
    const other = await keystore.generate("local:data", new Map([["a", "b"]]));
    const custody: Custody = {
      ...watched().custody,
      unwrap: () => Promise.resolve({ secret: other.secret, call: other.call }),
    };
    const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(60) });
    expect(await codeOf(() => drain(open(artifact, permit!, { custody, content: issued.stored, clock: at(60) })))).toBe(
      "unwrap-failed",
    );
  });

  test.each([
    [0, false],
    [1000, false],
    [3 << 20, true],
  ])("[CON-14] the leaf list of several segments is attached, that of %d bytes: %s", async (sizeBytes, attached) => {
    const small = await sealed(randomBytes(sizeBytes)); // content-sparse.test.ts goes to the bound
    expect(inspect(small.artifact).attachments.some(({ kind }) => kind === "leaves")).toBe(attached);
    expect(small.leaves).toBeNull();
  });

  test("options that aren't known are refused, with those that are", async () => {
    await expect(sealed(undefined, { polices: [] } as never)).rejects.toThrow(/option `polices` is not known/);
  });

  test("nothing that was written is needed when the source fails: the artifact never exists", async () => {
    const failing = (async function* () {
      yield randomBytes(10);
      throw new RangeError("the disk went away");
    })();
    await expect(sealed(undefined, { content: failing })).rejects.toThrow("the disk went away");
  });
});

describe("carriers and inspection", () => {
  test("[CAR-1] [CAR-2] an envelope gives back what it took; sizes are bounded first", async () => {
    const issued = await sealed();
    const carried = splitCarrier(encodeEnvelope(issued.artifact, issued.stored));
    expect(carried.form).toBe("envelope");
    expect(Buffer.from(carried.content!).equals(issued.stored)).toBe(true);
    expect(splitCarrier(issued.artifact).form).toBe("sidecar");
    expect(
      await codeOf(() => splitCarrier(encodeEnvelope(issued.artifact, issued.stored), { maxContentBytes: 10 })),
    ).toBe("input-too-large");
    const lying = Uint8Array.from(encodeEnvelope(issued.artifact, issued.stored));
    lying.set([0xff, 0xff, 0xff, 0xff], 8);
    expect(await codeOf(() => splitCarrier(lying))).toBe("input-too-large");
    expect(await codeOf(() => splitCarrier(new Uint8Array()))).toBe("input-empty");
    expect(await codeOf(() => splitCarrier(Buffer.from("plain text")))).toBe("format-unknown");
  });

  test("[INS-1] inspect says that nothing is verified", async () => {
    const issued = await sealed(undefined, { signer: signers.stranger });
    expect(inspect(issued.artifact)).toMatchObject({ verified: false, notice: "NOT VERIFIED" });
    expect(await codeOf(() => ingest(issued.artifact, trust, { clock: at(60) }))).toBe("signer-unknown");
  });

  test("[TRU-11] an issuer with a scope seals only under policies of that scope", async () => {
    const issued = await sealed();
    const scoped = (prefix: string) =>
      trustWith((draft) =>
        draft.signers
          .filter(({ authority, role }) => authority === "urn:acme:data" && role === "issue")
          .forEach((signer) => (signer["scope"] = [prefix])),
      );
    expect(await codeOf(() => ingest(issued.artifact, scoped("urn:acme:policy:"), { clock: at(60) }))).toBe(
      "nothing was thrown",
    );
    expect(await codeOf(() => ingest(issued.artifact, scoped("urn:acme:other:"), { clock: at(60) }))).toBe(
      "signer-scope",
    );
  });

  test("[POM-2] the policy in the artifact is the one its authority signed", async () => {
    const artifact = await verified((await sealed()).artifact);
    expect(artifact.policies[0]!.digest).toBe(parsePolicy(research).digest);
  });
});
