// Attacks with what is carried beside an artifact: content of another, bytes adopted from somebody else, and requests that say too little.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { adopt, decide, open } from "@writ/core";
import type { DecisionRequest, VerifiedArtifact } from "@writ/core";
import { decodeKeys } from "../../packages/core/src/artifact.ts";
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
  start,
  trust,
  verified,
} from "../support/scene.ts";
import { sourceOf } from "../../packages/core/src/carried.ts";
import { encodeSource } from "../../packages/core/src/attachments.ts";
import { accepted, attached, custodyWith, refusal, resealed } from "./forge.ts";

const a = await sealed(Buffer.from("the rows of A"));
const b = await sealed(Buffer.from("the rows of B"));
const options = { policies: [{ message: research }], signer: signers.issuer, evaluator, clock: at(0) };

async function opened(artifact: VerifiedArtifact, content: Uint8Array, custody = custodyWith({})): Promise<Buffer> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: "none", clock: at(90) });
  return drain(open(artifact, permit!, { custody, content, clock: at(90) }));
}

describe("content of another", () => {
  test("[ING-8] the artifact that a locator leads to is held to the ciphertext that the locator came with", async () => {
    const withContent = (artifact: Uint8Array, content: Uint8Array): Promise<string> =>
      refusal(artifact, trust, { content });
    expect(a.stored.length, "same size, valid both").toBe(b.stored.length);
    expect(await withContent(b.artifact, a.stored)).toBe("content-header");
    const graft = Buffer.concat([b.stored.subarray(0, 74), a.stored.subarray(74)]);
    expect(await withContent(b.artifact, graft)).toBe("content-root");
    const [one, two] = [randomBytes(64), randomBytes(64)];
    const foreign = await adopt({ ...options, content: one });
    expect(await withContent(foreign.artifact, two)).toBe("content-root");
    expect(await withContent(foreign.artifact, one), "control").toBe(accepted);
    expect(await withContent(b.artifact, b.stored), "control").toBe(accepted);
    expect(await codeOf(async () => opened(await verified(b.artifact), a.stored))).toBe("content-header");
  });

  test("[ART-8] an extension that is critical and that nobody here knows is refused, an uncritical one carried", async () => {
    const withExt = (crit: readonly string[] | undefined): Promise<Uint8Array> =>
      resealed(a.artifact, signers.issuer, {
        core: (core) => ({ ...core, ...(crit ? { crit } : {}), ext: new Map([["urn:x:only-on-mondays", true]]) }),
      });
    expect(await refusal(await withExt(["urn:x:only-on-mondays"]))).toBe("crit-unknown");
    expect(await refusal(await withExt(["urn:x:other"]))).toBe("structure");
    expect(await refusal(await withExt(undefined)), "control").toBe(accepted);
  });
});

describe("adopted bytes", () => {
  test("[ADO-3] sealed content that somebody adopts gives its ciphertext, and no custody is asked, whatever recipients stand there", async () => {
    const asked: string[] = [];
    const noting = custodyWith({
      describe: (uri) => {
        asked.push(uri);
        return keystore.describe(uri);
      },
      unwrap: (recipient, context) => {
        asked.push(recipient.custodyUri);
        return keystore.unwrap(recipient, context);
      },
    });
    const taken = await adopt({ ...options, content: a.stored });
    const original = await verified(a.artifact);
    const withKeys = await resealed(taken.artifact, signers.issuer, {
      core: (core) => ({ ...core, artifactId: original.core.artifactId }),
      keys: () => decodeKeys(original.parts.keys),
    });
    for (const artifact of [taken.artifact, withKeys])
      expect((await opened(await verified(artifact), a.stored, noting)).equals(a.stored)).toBe(true);
    expect(asked).toEqual([]);
    expect((await opened(original, a.stored, noting)).toString(), "control").toBe("the rows of A");
    expect(asked).not.toEqual([]);
  });

  test("[LIN-8] [ADO-1] a revision turns adopted bytes into no sealed ones, nor names another key or other bytes for them", async () => {
    const content = randomBytes(90);
    const taken = await adopt({ ...options, content, externalKey: "aws-kms:alias/theirs" });
    const [whole, ofA] = [await verified(taken.artifact), await verified(a.artifact)];
    const revised = async (change: object): Promise<string> =>
      refusal(
        await resealed(taken.artifact, signers.issuer, {
          core: (core) => ({
            ...core,
            revision: 1,
            issuedAt: start / 1000 + 100,
            content: { ...core.content, ...change },
            supersedes: sourceOf(whole, "superseded"),
            lineage: { operation: "amend", parents: [], receipts: [], actor: core.issuer },
          }),
          keys: (keys) => ("format" in change ? decodeKeys(whole.parts.keys) : keys),
          attach: [attached("source", encodeSource(whole.parts.core, whole.parts.anchors))],
        }),
        trust,
        { seconds: 200 },
      );
    expect(await revised({ externalKey: "aws-kms:alias/mine" })).toBe("parent-digest");
    expect(await revised({ externalKey: undefined })).toBe("parent-digest");
    expect(await revised({ sizeBytes: 89 })).toBe("parent-digest");
    expect(await revised({ format: "floe", sizeBytes: 180, floeHeader: ofA.core.content.floeHeader })).toBe(
      "structure",
    );
    expect(await revised({}), "control").toBe(accepted);
  });

  test("[CON-8] [ADO-1] nothing adopted stays nothing: one byte more is refused", async () => {
    const nothing = await adopt({ ...options, content: Buffer.alloc(0) });
    expect(await refusal(nothing.artifact, trust, { content: Buffer.of(0) })).toBe("content-size");
    const whole = await verified(nothing.artifact);
    expect(await codeOf(() => opened(whole, Buffer.of(0)))).toBe("content-size");
    expect((await opened(whole, Buffer.alloc(0))).length, "control").toBe(0);
    const lied = await resealed(nothing.artifact, signers.issuer, {
      core: (core) => ({ ...core, content: { ...core.content, sizeBytes: 1 } }),
    });
    expect(await refusal(lied, trust, { content: Buffer.of(0) }), "a size that its root doesn't have").toBe(
      "content-root",
    );
  });
});

describe("requests that say too little or too much", () => {
  test("[REQ-3] [CND-1] an attribute left out, or of the wrong type, permits nothing", async () => {
    const message = await policy(
      document({
        id: "urn:acme:policy:attributes",
        permissions: [
          {
            id: "p",
            operations: ["read"],
            purposes: ["dpv:AcademicResearch"],
            when: { "principal.org": { ne: "urn:org:broker" }, "facts.urn:x:level": { gte: 2 } },
          },
        ],
      }),
    );
    const whole = await verified((await sealed(Buffer.from("x"), { policies: [{ message }] })).artifact);
    const asking = (change: object, principal: object = { org: "urn:org:acme" }): Promise<string> => {
      const { org: _org, ...person } = request.principal;
      const asked = {
        ...request,
        facts: { "urn:x:level": 3 },
        principal: { ...person, ...principal },
        ...change,
      } as DecisionRequest;
      return decide(whole, asked, { evaluator, receipts: "none", clock: at(90) }).then(
        ({ verdict }) => verdict,
        (error: unknown) => (error as Error).constructor.name,
      );
    };
    expect(await asking({}), "control").toBe("permit");
    expect(await asking({}, {})).toBe("unknown");
    expect(await asking({ facts: {} })).toBe("unknown");
    expect(await asking({ facts: { "urn:x:level": "3" } })).toBe("unknown");
    expect(await asking({ facts: { "urn:x:level": null } })).not.toBe("permit");
    expect(await asking({}, { org: 5 })).toBe("TypeError");
    expect(await asking({}, { org: ["urn:org:acme"] })).toBe("TypeError");
    expect(await asking({ purposes: "dpv:AcademicResearch" })).toBe("TypeError");
    expect(await asking({}, { org: "urn:org:broker" })).toBe("deny");
  });

  test("[PUR-2] [PUR-1] [PUR-3] a purpose that nobody knows, or a broader one than is permitted or banned, permits nothing", async () => {
    const message = await policy(
      document({
        id: "urn:acme:policy:purposes",
        limits: { notPurposes: ["dpv:TargetedAdvertising"] },
        permissions: [{ id: "p", operations: ["read"], purposes: ["dpv:AcademicResearch", "dpv:Marketing"] }],
      }),
    );
    const whole = await verified((await sealed(Buffer.from("x"), { policies: [{ message }] })).artifact);
    const asking = async (...purposes: string[]): Promise<string> => {
      const asked = { ...request, purposes };
      try {
        const decided = await decide(whole, asked, { evaluator, receipts: "none", clock: at(90) });
        return [decided.verdict, ...decided.reasons.map(({ code }) => code)].join(" ");
      } catch (error) {
        return String((error as { code?: string }).code);
      }
    };
    expect(await asking("dpv:AcademicResearch"), "control").toBe("permit");
    expect(await asking("dpv:ResearchAndDevelopment")).toMatch(/^deny/);
    expect(await asking("dpv:Marketing")).toMatch(/^deny.*purpose-too-broad/);
    expect(await asking("dpv:TargetedAdvertising")).toMatch(/^deny/);
    for (const unknown of ["dpv:NoSuchPurpose", "urn:x:anything", "https://w3id.org/dpv#academicresearch"])
      expect(await asking(unknown), unknown).not.toMatch(/^permit/);
    expect(await asking("dpv:AcademicResearch", "urn:x:anything")).not.toMatch(/^permit/);
  });
});
