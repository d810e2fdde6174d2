// What may leave the library when somebody else chose the bytes or the JSON: errors of ours with a code, and nothing secret in them.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, derive, GovernanceError, ingest, inspect, nameOf, open, parsePolicy, splitCarrier } from "@writ/core";
import type { CborMap, CborValue, Digest, VerifiedArtifact } from "@writ/core";
import { anchorsName, makeStatement, signAnchor } from "../../packages/core/src/anchor.ts";
import { decodeArtifact, decodeCore, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { encodeSource, listAttachments } from "../../packages/core/src/attachments.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import { signCose } from "../../packages/core/src/cose.ts";
import { hash } from "../../packages/core/src/crypto.ts";
import { at, drain, evaluator, keystore, request, sealed, signers, trust, verified } from "../support/scene.ts";
import { licence, plaintext, original, whole } from "./escape-scene.ts";
import { attached, custodyWith } from "./forge.ts";
import { changed, mutants } from "./mutants.ts";
import { errors, ours, oursOrWrongUse, runs, slow } from "./ours.ts";

const parts = decodeArtifact(original.artifact);
const child = await derive([whole], {
  operation: "aggregate",
  content: plaintext,
  write: () => undefined,
  output: { k: 12 },
  evaluator,
  recipients: [{ custody: keystore, keyUri: "local:data" }],
  signer: signers.deriver,
  clock: at(100),
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.uint8Array({ maxLength: 60 }).map((tail) => Buffer.concat([original.artifact.subarray(0, 7), tail])),
  fc.tuple(fc.nat({ max: original.artifact.length - 1 }), fc.integer({ min: 1, max: 255 })).map(([position, value]) => {
    const flipped = Uint8Array.from(original.artifact);
    flipped[position]! ^= value;
    return flipped;
  }),
  mutants(original.artifact),
  mutants(child.artifact),
);

/** An artifact whose core and keys are mutants, sealed by the real issuer: what comes after the signatures sees them. */
async function sealedMutant(
  core: Uint8Array,
  keys: Uint8Array,
  attachments: readonly Uint8Array[],
): Promise<Uint8Array> {
  const facts = { artifactId: whole.core.artifactId, contentRoot: whole.core.content.root };
  try {
    const { artifactId, content } = decodeCore(core);
    Object.assign(facts, { artifactId, contentRoot: content.root });
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
  }
  const statement = makeStatement({ core, keys, ...facts }, [], {
    kind: "seal",
    suite: signers.issuer.suite,
    issuedAt: whole.core.issuedAt,
  });
  return encodeArtifact({ core, keys, anchors: [await signAnchor(statement, signers.issuer)], attachments });
}

async function used(artifact: VerifiedArtifact): Promise<void> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(200) });
  if (permit) await drain(open(artifact, permit, { custody: keystore, content: original.stored, clock: at(200) }));
}

describe("errors of ours alone", () => {
  test("[ERR-1] for any bytes given to ingest, inspect and splitCarrier", { timeout: 600_000 * slow }, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(bytes, async (input) => {
        seen.add(await ours(() => ingest(input, trust, { evaluator, clock: at(200) })));
        await ours(() => ingest(input, trust, { clock: at(200), store: { get: () => input }, content: input }));
        await ours(() => inspect(input));
        await ours(() => splitCarrier(input));
      }),
      runs(600),
    );
    expect(seen.size).toBeGreaterThan(8);
  });

  test(
    "[ERR-1] for a core and keys that the real issuer signed, whatever is in them",
    { timeout: 600_000 * slow },
    async () => {
      const seen = new Set<string>();
      const attachments = fc.constantFrom(parts.attachments, [...parts.attachments, attached("policy", licence)], []);
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(mutants(parts.core), fc.constant(parts.core)),
          fc.oneof(mutants(parts.keys), fc.constant(parts.keys)),
          attachments,
          async (core, keys, more) => {
            const artifact = await sealedMutant(core, keys, more);
            seen.add(await ours(async () => used(await ingest(artifact, trust, { evaluator, clock: at(200) }))));
            seen.add(
              await ours(async () => used(await ingest(artifact, trust, { clock: at(200), content: original.stored }))),
            );
          },
        ),
        runs(400),
      );
      expect(seen.size).toBeGreaterThan(3);
    },
  );

  test(
    "[ERR-1] for a child whose core, sources and policies are mutants, sealed by a real deriver",
    { timeout: 600_000 * slow },
    async () => {
      const own = decodeArtifact(child.artifact);
      const seen = new Set<string>();
      const issued = whole.core.issuedAt + 100;
      await fc.assert(
        fc.asyncProperty(mutants(own.core), mutants(parts.core), fc.boolean(), async (core, parentCore, sealParent) => {
          const artifactId = (decodeCbor(own.core) as CborMap).get(1) as Uint8Array;
          const root = ((decodeCbor(own.core) as CborMap).get(6) as CborMap).get(3) as readonly [number, Uint8Array];
          const contentRoot: Digest = `sha256:${Buffer.from(root[1]).toString("hex")}`;
          const parent = sealParent
            ? decodeArtifact(await sealedMutant(parentCore, parts.keys, parts.attachments))
            : parts;
          const reference: CborValue = new Map<number, CborValue>([
            [1, whole.core.artifactId],
            [2, [-43, hash(-43, parent.core)]],
            [
              3,
              [-43, Buffer.from(anchorsName(parent.anchors.map((anchor) => ({ anchor, root: null }))).slice(7), "hex")],
            ],
            [4, "parent"],
          ]);
          const named = sealParent ? encodeCbor(changed(decodeCbor(own.core), [9, 2], [reference])!) : core;
          const statement = makeStatement({ core: named, keys: own.keys, artifactId, contentRoot }, [], {
            kind: "seal",
            suite: "ed25519",
            issuedAt: issued,
          });
          const attachments = listAttachments(own.attachments)
            .filter(({ kind }) => kind !== "source")
            .map(({ bytes: kept }) => kept);
          const artifact = encodeArtifact({
            core: named,
            keys: own.keys,
            anchors: [await signAnchor(statement, signers.deriver)],
            attachments: [...attachments, attached("source", encodeSource(parent.core, parent.anchors))],
          });
          seen.add(await ours(() => ingest(artifact, trust, { evaluator, clock: at(300) })));
          seen.add(await ours(() => ingest(artifact, trust, { clock: at(300) })));
        }),
        runs(250),
      );
      expect(seen.size).toBeGreaterThan(5);
    },
  );

  test(
    "[ERR-1] for a policy document that its authority signed, whatever is in it",
    { timeout: 600_000 * slow },
    async () => {
      const seen = new Set<string>();
      const [documentBytes] = decodeCbor(licence) as readonly [Uint8Array, CborValue];
      await fc.assert(
        fc.asyncProperty(mutants(documentBytes), mutants(licence), async (mutant, message) => {
          const signed = encodeCbor([mutant, await signCose("policy", hash(-43, mutant), signers.privacy.keys, false)]);
          for (const policyMessage of [signed, message]) {
            seen.add(await ours(() => parsePolicy(policyMessage)));
            const layer = changed(
              decodeCbor(parts.core),
              [7, 0, 1],
              [-43, Buffer.from(nameOf(policyMessage).slice(7), "hex")],
            );
            const kept = listAttachments(parts.attachments)
              .filter(({ kind }) => kind !== "policy")
              .map(({ bytes: own }) => own);
            const artifact = await sealedMutant(encodeCbor(layer!), parts.keys, [
              ...kept,
              attached("policy", policyMessage),
            ]);
            seen.add(await ours(async () => used(await ingest(artifact, trust, { evaluator, clock: at(200) }))));
          }
        }),
        runs(200),
      );
      expect(seen.size).toBeGreaterThan(3);
    },
  );
});

describe("nothing secret in errors", () => {
  /** Everything that could be printed of an error, its causes included. */
  function printed(error: unknown, depth = 0): string {
    if (!(error instanceof Error)) return String(error);
    const own = Object.getOwnPropertyNames(error).map(
      (name) =>
        JSON.stringify((error as unknown as Record<string, unknown>)[name], (_, value: unknown) =>
          typeof value === "bigint" ? String(value) : value,
        ) ?? "",
    );
    const cause = depth < 5 && error.cause !== undefined ? printed(error.cause, depth + 1) : "";
    return [error.message, error.stack ?? "", JSON.stringify(error), ...own, cause].join("\n");
  }

  const spellings = (secret: Uint8Array): string[] => {
    const buffer = Buffer.from(secret);
    return [
      buffer.toString("hex"),
      buffer.toString("base64").slice(0, 40),
      buffer.toString("base64url").slice(0, 40),
      buffer.toString("latin1"),
      JSON.stringify([...buffer]).slice(1, 60),
    ];
  };

  test("[ERR-1] no key, secret or plaintext shows in an error or in its JSON, wherever opening fails", async () => {
    const secrets: Uint8Array[] = [plaintext];
    const noting = custodyWith({
      unwrap: async (recipient, context) => {
        const answer = await keystore.unwrap(recipient, context);
        if (answer) secrets.push(answer.secret.export());
        return answer;
      },
    });
    const opening = async (change: object): Promise<void> => {
      const { permit } = await decide(openable, request, { evaluator, receipts: "none", clock: at(90) });
      await drain(open(openable, permit!, { custody: noting, content: simple.stored, clock: at(90), ...change }));
    };
    const simple = await sealed(plaintext);
    const openable = await verified(simple.artifact);
    await opening({});
    expect(secrets.length, "control: the secrets are known").toBe(2);
    const flipped = (position: number): Uint8Array => {
      const copy = Uint8Array.from(simple.stored);
      copy[position]! ^= 1;
      return copy;
    };
    const failing: object[] = [
      ...[0, 5, 20, 60, 80, 100, simple.stored.length - 1].map((position) => ({ content: flipped(position) })),
      { content: simple.stored.subarray(0, 90) },
      { leaves: randomBytes(32) },
      { leaves: randomBytes(31) },
      { custody: custodyWith({ unwrap: () => Promise.resolve(null) }) },
      {
        custody: custodyWith({
          unwrap: async (recipient, context) => ({
            ...(await keystore.unwrap(recipient, context))!,
            secret: plaintext as never,
          }),
        }),
      },
      { custody: [] },
      { more: plaintext },
      {
        requiredContext: new Map([["a", plaintext.toString()]]),
        custody: custodyWith({ unwrap: () => Promise.reject(new RangeError("no")) }),
      },
    ];
    errors.splice(10_000); // room for those that follow, where there were many
    const before = errors.length;
    for (const change of failing) expect(await oursOrWrongUse(() => opening(change))).not.toBe("accepted");
    expect(errors.length - before).toBe(failing.length);
    for (const error of errors) {
      const text = printed(error);
      for (const secret of secrets)
        for (const spelling of spellings(secret)) expect(text.includes(spelling), text.slice(0, 200)).toBe(false);
    }
    expect(
      spellings(plaintext).some((spelling) => printed(new RangeError(plaintext.toString())).includes(spelling)),
      "control",
    ).toBe(true);
    expect(errors.length, "control: the errors of all properties above").toBeGreaterThan(1000);
  });

  test("[ERR-1] messages begin in lower case and end without a full stop", () => {
    for (const error of errors) {
      if (!(error instanceof GovernanceError)) continue;
      expect(error.message).toMatch(/^[^A-Z]|^(JSON|COSE|FLOE)/);
      expect(error.message.endsWith(".")).toBe(false);
    }
  });
});
