// ingest: its order, what it says it did not check, and what a decision does with that.
import { inspect as inspectValue } from "node:util";
import { describe, expect, test } from "vitest";
import { GovernanceError, cover, decide, encodeCbor, ingest, nameOf, splitCarrier } from "@writ/core";
import type { Store } from "@writ/core";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  policy,
  request,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";
import { resealed } from "../attacks/forge.ts";
import { encodeAttachment, listAttachments } from "../../packages/core/src/attachments.ts";

const issued = await sealed(Buffer.from("ten rows"));

function flipped(bytes: Uint8Array, position: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[position]! ^= 1;
  return copy;
}

describe("ingest", () => {
  test("[ING-3] the first check that fails is the one that is told", async () => {
    const parts = decodeArtifact(issued.artifact);
    const expired = trustWith((draft) => (draft.expires = "2026-01-01T00:00:00Z"));
    const noIssuer = trustWith((draft) => (draft.signers = draft.signers.filter(({ role }) => role !== "issue")));
    const noPolicySigner = trustWith(
      (draft) => (draft.signers = draft.signers.filter(({ role }) => role !== "policy")),
    );
    const demanding = trustWith((draft) => (draft["demands"] = [{ classifications: ["internal"], status: true }]));
    const content = flipped(issued.stored, 100);
    const stray = await policy(
      document({ id: "urn:acme:policy:stray", permissions: [{ id: "p", operations: ["read"] }] }),
    );
    const unnamed = encodeArtifact({
      ...parts,
      attachments: [...parts.attachments, encodeAttachment("policy", stray)],
    });
    const unread = encodeCbor([encodeCbor(new Map()), null]);
    const named = await resealed(issued.artifact, signers.issuer, {
      core: (core) => ({ ...core, layers: [{ policy: nameOf(unread) }] }),
      keep: () => false,
      attach: [encodeAttachment("policy", unread)],
    });
    const junk = Buffer.from("junk");
    expect(await codeOf(() => ingest(junk, expired, { content, clock: at(60) }))).toBe("trust-expired");
    expect(await codeOf(() => ingest(junk, noIssuer, { content, clock: at(60) }))).toBe("format-unknown");
    expect(await codeOf(() => ingest(unnamed, noIssuer, { content, clock: at(60) }))).toBe("attachment-unnamed");
    expect(await codeOf(() => ingest(named, noIssuer, { content, clock: at(60) }))).toBe("structure");
    expect(await codeOf(() => ingest(issued.artifact, noIssuer, { content, clock: at(60) }))).toBe("signer-unknown");
    expect(await codeOf(() => ingest(issued.artifact, noPolicySigner, { content, clock: at(60) }))).toBe(
      "signer-unknown",
    );
    expect(await codeOf(() => ingest(issued.artifact, demanding, { content, clock: at(60) }))).toBe("status-missing");
    expect(await codeOf(() => ingest(issued.artifact, trust, { content, clock: at(60) }))).toBe("content-root");
    expect(await codeOf(() => ingest(issued.artifact, trust, { content: issued.stored, clock: at(60) }))).toBe(
      "nothing was thrown",
    );
  });

  test("[ING-5] [ING-8] what was not checked is said", async () => {
    const outcome = async (options: object, check: string): Promise<string | undefined> =>
      (await ingest(issued.artifact, trust, { clock: at(60), ...options })).checks.find(
        (entry) => entry.check === check,
      )?.outcome;
    expect([await outcome({}, "content"), await outcome({ content: issued.stored }, "content")]).toEqual([
      "unchecked",
      "ok",
    ]);
    expect([await outcome({}, "terms"), await outcome({ evaluator }, "terms")]).toEqual(["unchecked", "ok"]);
  });

  test("[ING-7] an evaluator refuses a document that it would not have prepared", async () => {
    const other = {
      ...evaluator,
      id: "other vocabulary",
      prepare: (source: Parameters<typeof evaluator.prepare>[0]) => ({
        ...evaluator.prepare(source),
        id: "urn:something:else",
      }),
    };
    expect(await codeOf(() => ingest(issued.artifact, trust, { evaluator: other, clock: at(60) }))).toBe(
      "policy-authority",
    );
    expect(await codeOf(() => ingest(issued.artifact, trust, { evaluator, clock: at(60) }))).toBe("nothing was thrown");
  });

  test("[ART-10] the head names core, keys and anchors; attachments don't count", async () => {
    const { artifact } = await cover(await verified(issued.artifact), { signer: signers.archive, clock: at(70) });
    const parts = decodeArtifact(artifact);
    const portable = await verified(artifact, 120);
    const attached = new Map(listAttachments(parts.attachments).map(({ content }) => [nameOf(content), content]));
    const store: Store = { get: (name) => attached.get(name) };
    const compact = await ingest(encodeArtifact({ ...parts, attachments: [] }), trust, { store, clock: at(120) });
    expect(compact.head).toBe(portable.head);
    expect((await verified(issued.artifact)).head).not.toBe(portable.head);
    expect(await codeOf(() => ingest(encodeArtifact({ ...parts, attachments: [] }), trust, { clock: at(120) }))).toBe(
      "attachment-missing",
    );
  });

  test("[CAR-3] content without its artifact is nothing that passes", async () => {
    expect(await codeOf(() => splitCarrier(issued.stored))).toBe("format-unknown");
    expect(await codeOf(() => ingest(issued.stored, trust, { clock: at(60) }))).toBe("format-unknown");
    expect(splitCarrier(issued.artifact).form).toBe("sidecar");
  });

  test("[ERR-1] what leaves for bad input is one of four classes with a code, and holds no plaintext", async () => {
    const plaintext = "a very secret sentence";
    const secret = await sealed(Buffer.from(plaintext));
    const failures = [
      () => ingest(Buffer.from("junk"), trust),
      () => ingest(secret.artifact, trust, { content: Buffer.from(plaintext) }),
      () => sealed(Buffer.from(plaintext), { recipients: [{ custody: keystore, keyUri: "local:missing" }] }),
    ];
    for (const failing of failures) {
      const error = await failing().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(GovernanceError);
      expect(`${inspectValue(error)} ${JSON.stringify(error)}`).not.toContain(plaintext);
    }
    await expect(ingest("text" as never, trust)).rejects.toThrow(TypeError);
    await expect(ingest(secret.artifact, trust, { contents: secret.stored } as never)).rejects.toThrow(TypeError);
  });
});

describe("state of a decision", () => {
  test("[DEC-3] custody is what recipients and rule say; the rest is unknown", async () => {
    const limited = await policy(
      document({
        id: "urn:acme:policy:hsm",
        limits: { custody: { origins: ["AWS_CLOUDHSM", "local"] } },
        permissions: [{ id: "p", operations: ["read"] }],
      }),
    );
    const verdict = async (origins: string[] | undefined): Promise<string> => {
      const { artifact } = await sealed(undefined, {
        policies: [{ message: limited }],
        ...(origins ? { custodyRule: { custodies: ["local"], origins } } : {}),
      });
      const decision = await decide(await verified(artifact), request, { evaluator, receipts: "none", clock: at(60) });
      return `${decision.verdict} ${decision.missing.map(({ fact }) => fact).join()}`.trim();
    };
    expect(await verdict(undefined)).toBe("unknown custody.origins");
    expect(await verdict(["local"])).toBe("permit");
    expect(await verdict(["local", "EXTERNAL"])).toBe("deny");
  });

  test("[DEC-3] a status entry without a source keeps the answer open; one that is read settles it", async () => {
    const status = [{ uri: "https://status.example/list", index: 3 }];
    const artifact = await verified((await sealed(undefined, { status })).artifact);
    const ask = async (value?: "valid" | "revoked"): Promise<string> =>
      (
        await decide(artifact, request, {
          evaluator,
          receipts: "none",
          clock: at(60),
          ...(value ? { state: { status: [{ ...status[0]!, value, ageMs: 10 }], holds: [] } } : {}),
        })
      ).verdict;
    expect([await ask(), await ask("valid"), await ask("revoked")]).toEqual(["unknown", "permit", "deny"]);
  });
});
