// Attacks on recipients, contexts and custodies.
import { createSecretKey, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { decide, ingest, open } from "@writ/core";
import type { Custody, EncryptionContext, Recipient, VerifiedArtifact } from "@writ/core";
import { makeStatement, rootMessages, signAnchor } from "../../packages/core/src/anchor.ts";
import { decodeKeys, encodeKeys } from "../../packages/core/src/artifact.ts";
import type { Keys } from "../../packages/core/src/artifact.ts";
import { checkCustodyRule, schemeOf } from "../../packages/core/src/custody-rule.ts";
import { at, codeOf, drain, evaluator, keystore, request, sealed, signers, trust, verified } from "../support/scene.ts";
import type { Sealed } from "../support/scene.ts";
import { accepted, custodyWith, refusal, resealed, withParts } from "./forge.ts";

const a = await sealed(Buffer.from("the rows of A"));
const b = await sealed(Buffer.from("the rows of B"));
const [wholeA, wholeB] = [await verified(a.artifact), await verified(b.artifact)];

async function opened(artifact: VerifiedArtifact, stored: Uint8Array, custody: Custody = keystore): Promise<string> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(90) });
  return (await drain(open(artifact, permit!, { custody, content: stored, clock: at(90) }))).toString();
}

/** The artifact with other keys, as a trusted anchor signer can make it: a `rewrap`. */
async function rewrapped(artifact: VerifiedArtifact, change: (keys: Keys) => Keys): Promise<Uint8Array> {
  const { core, parts, anchors } = artifact;
  const keys = encodeKeys(change(decodeKeys(parts.keys)));
  const statement = makeStatement(
    { core: parts.core, keys, artifactId: core.artifactId, contentRoot: core.content.root },
    rootMessages(anchors, () => undefined),
    { kind: "rewrap", suite: signers.archive.suite, issuedAt: Math.floor(at(70)() / 1000) },
  );
  const anchor = await signAnchor(statement, signers.archive);
  return withParts(originalOf(artifact).artifact, ({ anchors: before }) => ({ keys, anchors: [...before, anchor] }));
}

function originalOf({ name }: VerifiedArtifact): Sealed {
  return name === a.name ? a : b;
}

const recipientOf = ({ keys }: VerifiedArtifact): Recipient => keys.recipients[0]!;

describe("recipients", () => {
  test("[ANC-7] keys of B, or one of their parts, don't stand under A's anchors", async () => {
    const [own, foreign] = [recipientOf(wholeA), recipientOf(wholeB)];
    const swaps: Record<string, Recipient> = {
      whole: foreign,
      blob: { ...own, blob: foreign.blob },
      wrapped: { ...own, wrappedKey: foreign.wrappedKey },
      uri: { ...own, custodyUri: "local:other" },
      bound: { ...own, bound: randomBytes(48) },
      batch: { ...own, batchId: "b1" },
      alias: { ...own, alias: "local:alias" },
      emptied: { ...own, blob: Uint8Array.of(1) },
    };
    for (const [name, recipient] of Object.entries(swaps)) {
      const swapped = withParts(a.artifact, ({ keys }) => ({
        keys: encodeKeys({ ...decodeKeys(keys), recipients: [recipient] }),
      }));
      expect(await refusal(swapped), name).toMatch(/^(anchor-keys|structure)$/);
    }
    const same = withParts(a.artifact, ({ keys }) => ({ keys: encodeKeys(decodeKeys(keys)) }));
    expect(await refusal(same), "control").toBe(accepted);
  });

  test("[RCP-2] [RCP-6] B's wrap in A opens nothing, even signed by a trusted anchor signer and with a custody that ignores contexts", async () => {
    const swapped = await verified(await rewrapped(wholeA, () => wholeB.keys), 80);
    expect(await codeOf(() => opened(swapped, a.stored))).toBe("custody-context");
    const contexts: EncryptionContext[] = [];
    await opened(
      wholeB,
      b.stored,
      custodyWith({ unwrap: (recipient, context) => (contexts.push(context), keystore.unwrap(recipient, context)) }),
    );
    const loose = custodyWith({ unwrap: (recipient) => keystore.unwrap(recipient, contexts[0]!) });
    expect(await codeOf(() => opened(swapped, a.stored, loose))).toBe("unwrap-failed");
    expect(await opened(wholeB, b.stored, loose), "control: the same custody opens B").toBe("the rows of B");
  });

  test("[RCP-5] a trusted anchor signer moves no key outside the custody rule", async () => {
    const moved = (uri: string): Promise<Uint8Array> =>
      rewrapped(wholeA, (keys) => ({ ...keys, recipients: [{ ...keys.recipients[0]!, custodyUri: uri }] }));
    for (const uri of [
      "aws-kms:arn:aws:kms:eu-west-1:111122223333:key/1234",
      "gcp-kms:projects/x",
      "locale",
      "local",
      ":local:data",
      "Local:data",
      " local:data",
    ])
      expect(await refusal(await moved(uri), trust, { seconds: 80 }), uri).toBe("custody-rule");
    expect(await refusal(await moved("local:other"), trust, { seconds: 80 }), "control: within the rule").toBe(
      accepted,
    );
  });

  test("[RCP-5] account and Region come from the key's own name, and what names none is outside", () => {
    const rule = { custodies: ["aws-kms"], accounts: ["111122223333"], regions: ["eu-west-1"] };
    const key = (region: string, account: string): string => `aws-kms:arn:aws:kms:${region}:${account}:key/1`;
    expect(() => checkCustodyRule(rule, key("eu-west-1", "111122223333"))).not.toThrow();
    for (const uri of [
      key("us-east-1", "111122223333"),
      key("eu-west-1", "444455556666"),
      "aws-kms:alias/x",
      "aws-kms:arn:aws:s3:eu-west-1:111122223333:key/1",
      "aws-kms:",
      "aws-kms",
    ])
      expect(() => checkCustodyRule(rule, uri), uri).toThrow(/outside/);
    expect([schemeOf("local:x"), schemeOf("localx"), schemeOf("")]).toEqual(["local", "", ""]);
  });

  test("[RCP-2] a symmetric wrap that claims a bound context is refused: nothing would compare it", async () => {
    const bound = await resealed(a.artifact, signers.issuer, {
      keys: (keys) => ({ ...keys, recipients: [{ ...keys.recipients[0]!, bound: randomBytes(48) }] }),
    });
    expect(await refusal(bound)).toBe("structure");
    expect(await refusal(await resealed(a.artifact, signers.issuer)), "control").toBe(accepted);
  });

  test("[RCP-1] [SEA-1] no recipients, one twice, or too many", async () => {
    const listing = (recipients: readonly Recipient[]): Promise<string> =>
      resealed(a.artifact, signers.issuer, { keys: (keys) => ({ ...keys, recipients }) }).then((artifact) =>
        refusal(artifact),
      );
    expect(await listing([])).toBe("structure");
    expect(
      await listing(Array.from({ length: 65 }, (_, index) => ({ ...recipientOf(wholeA), alias: `local:${index}` }))),
    ).toBe("structure");
    expect(
      await listing(Array.from({ length: 64 }, (_, index) => ({ ...recipientOf(wholeA), alias: `local:${index}` }))),
      "control",
    ).toBe(accepted);
  });
});

describe("custodies that lie", () => {
  test("[RCP-1] one that gives a short or foreign secret at seal seals nothing", async () => {
    const generating = (change: object): Custody =>
      custodyWith({ generate: async (uri, context) => ({ ...(await keystore.generate(uri, context)), ...change }) });
    const sealing = (custody: Custody) => (): Promise<unknown> =>
      sealed(Buffer.from("x"), { recipients: [{ custody, keyUri: "local:data" }] });
    for (const sizeBytes of [1, 16, 31, 33, 64])
      expect(
        await codeOf(sealing(generating({ secret: createSecretKey(randomBytes(sizeBytes)) }))),
        String(sizeBytes),
      ).toBe("custody-unsupported");
    expect(await codeOf(sealing(generating({ secret: randomBytes(32) })))).toBe("custody-unsupported");
    expect(await codeOf(sealing(generating({ uri: "local:other" })))).toBe("custody-key-mismatch");
    expect(await codeOf(sealing(generating({ blob: new Uint8Array() })))).toBe("structure");
    expect(await codeOf(sealing(generating({ blob: randomBytes(6145) })))).toBe("structure");
    expect(await codeOf(sealing(generating({ secret: createSecretKey(randomBytes(32)) }))), "control: 32 bytes").toBe(
      accepted,
    );
  });

  test("[RCP-6] one that gives a wrong or short secret when asked to open gives nothing", async () => {
    const { call } = (await keystore.unwrap(recipientOf(wholeA), new Map()).catch(() => null)) ?? {
      call: { operation: "unwrap" },
    };
    const answering = (secret: unknown): Custody =>
      custodyWith({ unwrap: () => Promise.resolve({ secret, call } as never) });
    for (const secret of [
      createSecretKey(randomBytes(32)),
      createSecretKey(randomBytes(16)),
      createSecretKey(Buffer.alloc(32)),
      randomBytes(32),
      undefined,
      "x".repeat(32),
    ])
      expect(await codeOf(() => opened(wholeA, a.stored, answering(secret)))).toBe("unwrap-failed");
    expect(
      await codeOf(() => opened(wholeA, a.stored, custodyWith({ unwrap: () => Promise.resolve(undefined as never) }))),
    ).toBe("custody-no-recipient");
    expect(await codeOf(() => opened(wholeA, a.stored, custodyWith({ unwrap: () => Promise.resolve(null) })))).toBe(
      "custody-no-recipient",
    );
    expect(await opened(wholeA, a.stored, custodyWith({})), "control").toBe("the rows of A");
  });

  test("[RCP-5] one that describes another key than was asked, or one outside the rule, is not asked to open", async () => {
    let unwraps = 0;
    const describing = (change: object): Custody =>
      custodyWith({
        describe: async (uri) => ({ ...(await keystore.describe(uri)), ...change }),
        unwrap: (recipient, context) => {
          unwraps += 1;
          return keystore.unwrap(recipient, context);
        },
      });
    const ruled = await sealed(Buffer.from("ruled"), {
      custodyRule: { custodies: ["local"], origins: ["local"], managers: ["customer"] },
    });
    const artifact = await verified(ruled.artifact);
    for (const change of [
      { origin: "EXTERNAL" },
      { manager: "provider" },
      { uri: "aws-kms:arn:aws:kms:eu-west-1:111122223333:key/1" },
    ])
      expect(await codeOf(() => opened(artifact, ruled.stored, describing(change))), JSON.stringify(change)).toBe(
        "custody-rule",
      );
    expect(unwraps).toBe(0);
    expect(await opened(artifact, ruled.stored, describing({})), "control").toBe("ruled");
    expect(unwraps).toBe(1);
  });

  test("[OPN-1] one that can't open leaves the next recipient to another; the first failure is told", async () => {
    const two = await sealed(Buffer.from("two"), {
      recipients: [
        { custody: keystore, keyUri: "local:data" },
        { custody: keystore, keyUri: "local:other" },
      ],
    });
    const artifact = await verified(two.artifact);
    const wrongFor = (uris: readonly string[]): Custody =>
      custodyWith({
        unwrap: async (recipient, context) => {
          const answer = await keystore.unwrap(recipient, context);
          return uris.includes(recipient.custodyUri)
            ? { ...answer!, secret: createSecretKey(randomBytes(32)) }
            : answer;
        },
      });
    expect(await opened(artifact, two.stored, wrongFor(["local:data"]))).toBe("two");
    expect(await opened(artifact, two.stored, wrongFor(["local:other"]))).toBe("two");
    expect(await codeOf(() => opened(artifact, two.stored, wrongFor(["local:data", "local:other"])))).toBe(
      "unwrap-failed",
    );
  });
});

describe("contexts", () => {
  test("[RCP-3] a pair that is to be authenticated but that the rule doesn't name is refused, not dropped", async () => {
    const sealing =
      (requiredContext: ReadonlyMap<string, string>, requiredPairs?: readonly string[]) => (): Promise<unknown> =>
        sealed(Buffer.from("x"), {
          requiredContext,
          custodyRule: { custodies: ["local"], ...(requiredPairs ? { requiredPairs } : {}) },
        });
    expect(await codeOf(sealing(new Map([["shift", "night"]])))).toBe("context-invalid");
    expect(
      await codeOf(
        sealing(
          new Map([
            ["shift", "night"],
            ["more", "x"],
          ]),
          ["shift"],
        ),
      ),
    ).toBe("context-invalid");
    expect(await codeOf(sealing(new Map([["shift", "night"]]), ["shift"])), "control").toBe(accepted);
  });

  test("[RCP-3] no pair of a caller takes the place of one of ours", async () => {
    for (const name of ["writ-artifact", "writ-policy", "writ-batch", "aws:x"]) {
      expect(
        await codeOf(() =>
          sealed(Buffer.from("x"), { custodyRule: { requiredPairs: [name] }, requiredContext: new Map([[name, "x"]]) }),
        ),
      ).toBe("context-invalid");
      const forged = await resealed(a.artifact, signers.issuer, {
        core: (core) => ({ ...core, custodyRule: { ...core.custodyRule, contextPairs: new Map([[name, "x"]]) } }),
      });
      expect(await refusal(forged), name).toBe("context-invalid");
    }
    expect(
      (await ingest(a.artifact, trust, { clock: at(60) })).core.custodyRule.contextPairs,
      "control",
    ).toBeUndefined();
  });

  test("[RCP-3] names of required pairs are held to the form of all, in a core too, and none is stored besides", async () => {
    const ruled = (requiredPairs: readonly string[], contextPairs?: ReadonlyMap<string, string>): Promise<string> =>
      resealed(a.artifact, signers.issuer, {
        core: (core) => ({
          ...core,
          custodyRule: { ...core.custodyRule, requiredPairs, ...(contextPairs ? { contextPairs } : {}) },
        }),
      }).then((forged) => refusal(forged));
    for (const name of ["writ-artifact", "aws:x", "Shift", "\u0000", "a b", "é"])
      expect(await ruled([name]), name).toBe("context-invalid");
    expect(await ruled(["shift"], new Map([["shift", "night"]]))).toBe("context-invalid");
    expect(await ruled(["shift", "4th"], new Map([["tenant", "x"]])), "control").toBe(accepted);
    const both = { custodies: ["local"], requiredPairs: ["shift"], contextPairs: new Map([["shift", "night"]]) };
    const requiredContext = new Map([["shift", "day"]]);
    expect(await codeOf(() => sealed(Buffer.from("x"), { custodyRule: both, requiredContext }))).toBe(
      "context-invalid",
    );
  });
});
