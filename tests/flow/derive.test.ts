// derive: children carry their parents' layers, status and custody, and verify back to originals offline.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cover, decide, derive, ingest, inspect, open, parsePolicy } from "@writ/core";
import type { DeriveOptions, Issued, VerifiedArtifact } from "@writ/core";
import { directoryStore, run } from "@writ/reanchor";
import { decodeArtifact, decodeCore, encodeArtifact, encodeCore } from "../../packages/core/src/artifact.ts";
import type { Core } from "../../packages/core/src/artifact.ts";
import { makeStatement, signAnchor } from "../../packages/core/src/anchor.ts";
import { encodeAttachment, listAttachments } from "../../packages/core/src/attachments.ts";
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
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";

const released = await policy(
  document({
    id: "urn:acme:policy:statistics",
    permissions: [{ id: "s1", operations: ["read", "share"], purposes: ["dpv:AcademicResearch"] }],
  }),
);
const licence = await policy(
  document({
    id: "urn:acme:policy:licence",
    limits: { notOperations: ["train"], regions: [["EU", "US"]] },
    permissions: [{ id: "p1", operations: ["aggregate"], purposes: ["dpv:AcademicResearch"] }],
    derive: {
      aggregate: { release: { policy: parsePolicy(released).digest, requires: { "output.k": { gte: 10 } } } },
      infer: { inherit: true, add: { notOperations: ["aggregate"] } },
      share: "forbid",
    },
  }),
);

interface Derived extends Issued {
  readonly stored: Uint8Array;
}

async function derived(parents: readonly VerifiedArtifact[], change: Partial<DeriveOptions> = {}): Promise<Derived> {
  const chunks: Uint8Array[] = [];
  const issued = await derive(parents, {
    operation: "aggregate",
    content: Buffer.from("year,strikes"),
    write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
    evaluator,
    recipients: [{ custody: keystore, keyUri: "local:data" }],
    signer: signers.deriver,
    clock: at(120),
    ...change,
  });
  return { ...issued, stored: Buffer.concat(chunks) };
}

const source = await sealed(randomBytes(500), { policies: [{ message: licence }], releasePolicies: [released] });
const parent = await verified(source.artifact);
const later = (artifact: Uint8Array): Promise<VerifiedArtifact> => verified(artifact, 200);

/** The child as a dishonest deriver would make it: its core changed and sealed anew by the deriver's own key. */
async function forged(
  artifact: Uint8Array,
  change: (core: Core) => Core,
  drop: (kind: string) => boolean = () => false,
): Promise<Uint8Array> {
  const parts = decodeArtifact(artifact);
  const core = change(decodeCore(parts.core));
  const coreBytes = encodeCore(core);
  const statement = makeStatement(
    { core: coreBytes, keys: parts.keys, artifactId: core.artifactId, contentRoot: core.content.root },
    [],
    { kind: "seal", suite: signers.deriver.suite, issuedAt: core.issuedAt },
  );
  const attachments = listAttachments(parts.attachments)
    .filter(({ kind }) => !drop(kind))
    .map(({ bytes }) => bytes);
  return encodeArtifact({
    core: coreBytes,
    keys: parts.keys,
    anchors: [await signAnchor(statement, signers.deriver)],
    attachments,
  });
}

describe("layers", () => {
  test("[LIN-3] [LIN-4] a release applies only where its condition is attested", async () => {
    const enough = await later((await derived([parent], { output: { k: 10 } })).artifact);
    expect(enough.policies.map(({ id }) => id)).toEqual(["urn:acme:policy:statistics"]);
    expect(enough.lineage.standing).toBe("checked");
    expect(
      (await decide(enough, { ...request, operation: "read" }, { evaluator, receipts: "none", clock: at(200) }))
        .verdict,
    ).toBe("permit");
    for (const output of [{ k: 9 }, undefined]) {
      const child = await derived([parent], output ? { output } : {});
      const kept = await later(child.artifact);
      expect(kept.policies.map(({ id }) => id)).toEqual(["urn:acme:policy:licence"]);
      expect(
        (await decide(kept, { ...request, operation: "read" }, { evaluator, receipts: "none", clock: at(200) }))
          .verdict,
      ).toBe("deny");
    }
  });

  test("[LIN-3] a child that drops a parent's layer is refused, with an evaluator and without", async () => {
    const child = await derived([parent], { add: [{ message: released }], allowEmpty: true });
    const dropped = await forged(child.artifact, (core) => ({
      ...core,
      layers: (core.layers as Core["layers"] & object[]).filter(
        (layer) => (layer as { policy: string }).policy !== parsePolicy(licence).digest,
      ) as Core["layers"],
    }));
    expect(await codeOf(() => ingest(dropped, trust, { evaluator, clock: at(200) }))).toBe("layer-dropped");
    const honest = await forged(child.artifact, (core) => core);
    expect((await ingest(honest, trust, { clock: at(200) })).lineage.standing).toBe("checked");
  });

  test("[LIN-4] a release without its condition passes only where no evaluator looks, and decide looks again", async () => {
    const child = await derived([parent], { output: { k: 10 } });
    const lying = await forged(child.artifact, (core) => ({
      ...core,
      lineage: { ...core.lineage, output: new Map([["k", 3]]) },
    }));
    expect(await codeOf(() => ingest(lying, trust, { evaluator, clock: at(200) }))).toBe("layer-dropped");
    const unchecked = await ingest(lying, trust, { clock: at(200) });
    expect(await codeOf(() => decide(unchecked, request, { evaluator, receipts: "none", clock: at(200) }))).toBe(
      "layer-dropped",
    );
  });

  test("a forbidden derivation is refused, and an unknown option", async () => {
    expect(await codeOf(() => derived([parent], { operation: "share" }))).toBe("derive-forbidden");
    await expect(derived([parent], { receipt: [] } as never)).rejects.toThrow(TypeError);
  });

  test("what a rule adds holds in the child and in all that derives from it", async () => {
    const child = await later((await derived([parent], { operation: "infer", allowEmpty: true })).artifact);
    expect(child.layers[0]!.via).toEqual(["infer"]);
    expect(
      (await decide(child, { ...request, operation: "aggregate" }, { evaluator, receipts: "none", clock: at(200) }))
        .verdict,
    ).toBe("deny");
    expect(
      (await decide(parent, { ...request, operation: "aggregate" }, { evaluator, receipts: "none", clock: at(200) }))
        .verdict,
    ).toBe("permit");
    expect(await codeOf(() => derived([parent], { operation: "infer" }))).toBe("empty-meet");
  });

  test("two parents: their layers unite and both restrict", async () => {
    const other = await verified((await sealed()).artifact);
    const child = await later((await derived([parent, other], { operation: "transform", allowEmpty: true })).artifact);
    expect(child.policies.map(({ id }) => id).sort()).toEqual(["urn:acme:policy:licence", "urn:acme:policy:research"]);
    const verdict = async (artifact: VerifiedArtifact, operation: "read" | "aggregate"): Promise<string> =>
      (await decide(artifact, { ...request, operation }, { evaluator, receipts: "none", clock: at(200) })).verdict;
    expect([await verdict(child, "aggregate"), await verdict(child, "read")]).toEqual(["permit", "deny"]);
    expect([await verdict(other, "read"), await verdict(parent, "read")]).toEqual(["permit", "deny"]);
  });
});

describe("lineage", () => {
  test("[LIN-1] [LIN-2] [LIN-7] grandchildren verify back to the original, offline", async () => {
    const first = await later((await derived([parent], { output: { k: 12 } })).artifact);
    const again = await derived([first], { operation: "transform", clock: at(260) });
    const grandchild = await ingest(again.artifact, trust, { evaluator, clock: at(300) });
    expect(grandchild.lineage).toMatchObject({ standing: "checked", sources: [first.name, parent.name] });
    const { permit } = await decide(grandchild, request, { evaluator, receipts: "none", clock: at(300) });
    expect(
      (await drain(open(grandchild, permit!, { custody: keystore, content: again.stored, clock: at(300) }))).toString(),
    ).toBe("year,strikes");
  });

  test("[LIN-2] [RAN-6] a source lapses with its suite, whatever date the child's seal names; a cover in time keeps both", async () => {
    const day = 86_400;
    const lapsing = trustWith((draft) => (draft.suites["p256"] = { verifyUntil: "2026-04-01T00:00:00Z" }));
    const child = (await derived([parent], { output: { k: 12 } })).artifact;
    const standing = (artifact: Uint8Array, days: number): Promise<string> =>
      codeOf(() => ingest(artifact, lapsing, { evaluator, clock: at(days * day) }));
    const verdict = await ingest(child, lapsing, { evaluator, clock: at(day) });
    expect(verdict.deadline).toEqual({ at: Date.parse("2026-04-01T00:00:00Z") / 1000, code: "suite-lapsed" });
    expect([await standing(child, 20), await standing(child, 40)]).toEqual(["nothing was thrown", "suite-lapsed"]);
    const folder = freshPath("corpus");
    mkdirSync(folder);
    writeFileSync(join(folder, "table.sealed.writ"), child);
    const options = { trust: lapsing, signer: signers.second, commit: true, clock: at(10 * day) };
    const first = await run(directoryStore(folder), { to: "mldsa65" }, options);
    const again = await run(directoryStore(folder), { to: "mldsa65" }, { ...options, clock: at(11 * day) });
    expect([first.counts.anchored, again.counts.current]).toEqual([1, 1]);
    const covered = readFileSync(join(folder, "table.sealed.writ"));
    expect([await standing(covered, 40), await standing(covered, 4000)]).toEqual([
      "nothing was thrown",
      "nothing was thrown",
    ]);
  });

  test("[RAN-6] a child sealed under the target suite is due where its sources lapse first", async () => {
    const lapsing = trustWith((draft) => {
      draft.suites["p256"] = { verifyUntil: "2026-04-01T00:00:00Z" };
      draft.signers.find(({ suite, role }) => suite === "ed25519+mldsa65" && role === "issue")!["role"] = "derive";
    });
    const child = (await derived([parent], { output: { k: 12 }, signer: signers.hybrid })).artifact;
    const folder = freshPath("corpus");
    mkdirSync(folder);
    writeFileSync(join(folder, "table.sealed.writ"), child);
    const counts = async (by: typeof lapsing): Promise<object> =>
      (
        await run(
          directoryStore(folder),
          { to: "ed25519+mldsa65" },
          { trust: by, signer: signers.archive, clock: at(10 * 86_400) },
        )
      ).counts;
    expect(await counts(lapsing)).toMatchObject({ planned: 1, current: 0 });
    expect(await counts(trust)).toMatchObject({ planned: 0, current: 1 }); // control: nothing lapses there
  });

  test("[LIN-1] a parent re-anchored between two uses is two sources", async () => {
    const recovered = await verified((await cover(parent, { signer: signers.archive, clock: at(130) })).artifact, 140);
    const [before, after] = [
      await later((await derived([parent], { output: { k: 12 } })).artifact),
      await later((await derived([recovered], { output: { k: 12 }, clock: at(150) })).artifact),
    ];
    const both = await ingest(
      (await derived([before, after], { operation: "transform", clock: at(260) })).artifact,
      trust,
      { evaluator, clock: at(300) },
    );
    expect(both.lineage.standing).toBe("checked");
  });

  test("[LIN-6] [ING-5] [LIN-7] [DEC-5] a source that isn't attached leaves the lineage unchecked, which denies for a deriver and where parents are demanded", async () => {
    /** A child without its sources: all that nothing names any more goes with them. */
    const alone = async (signer: typeof signers.deriver): Promise<Uint8Array> => {
      const parts = decodeArtifact((await derived([parent], { output: { k: 12 }, signer })).artifact);
      const own = listAttachments(parts.attachments).filter(
        ({ kind, content }) =>
          kind !== "source" && (kind !== "policy" || parsePolicy(content).id === "urn:acme:policy:statistics"),
      );
      return encodeArtifact({ ...parts, attachments: own.map(({ bytes }) => bytes) });
    };
    const demanding = trustWith((draft) => (draft["demands"] = [{ classifications: ["internal"], parents: true }]));
    const outcome = async (artifact: Uint8Array, by: typeof trust): Promise<string> => {
      const ingested = await ingest(artifact, by, { evaluator, clock: at(200) });
      const { verdict, reasons } = await decide(ingested, request, { evaluator, receipts: "none", clock: at(200) });
      const derivation = await codeOf(() => derived([ingested], { operation: "transform" }));
      return [ingested.lineage.standing, verdict, ...reasons.map(({ code }) => code), derivation].join(" ");
    };
    const refused = "unchecked deny lineage-unchecked lineage-unchecked";
    expect(await outcome(await alone(signers.deriver), trust)).toBe(refused);
    expect(await outcome(await alone(signers.issuer), demanding)).toBe(refused);
    expect(await outcome(await alone(signers.issuer), trust)).toBe("unchecked permit nothing was thrown");
    const whole = (await derived([parent], { output: { k: 12 } })).artifact;
    expect(await outcome(whole, demanding)).toBe("checked permit nothing was thrown");
  });

  test("[LIN-2] another artifact in the parent's place is refused", async () => {
    const child = await derived([parent], { output: { k: 12 } });
    const wrongId = await forged(child.artifact, (core) => ({
      ...core,
      lineage: {
        ...core.lineage,
        parents: [{ ...(core.lineage.parents as readonly { id: Uint8Array }[])[0]!, id: randomBytes(16) }] as never,
      },
    }));
    expect(await codeOf(() => ingest(wrongId, trust, { evaluator, clock: at(200) }))).toBe("parent-digest");
    const stranger = await sealed(randomBytes(10), {
      policies: [{ message: licence }],
      releasePolicies: [released],
      signer: signers.stranger,
    });
    expect(await codeOf(() => verified(stranger.artifact))).toBe("signer-unknown");
  });

  test("[LIN-5] a parent's status entries stand in the child", async () => {
    const status = [{ uri: "https://status.example/1", index: 7 }];
    const revocable = await verified(
      (await sealed(randomBytes(10), { policies: [{ message: licence }], releasePolicies: [released], status }))
        .artifact,
    );
    const child = await derived([revocable], { output: { k: 12 } });
    expect((await later(child.artifact)).core.status).toEqual(status);
    const shed = await forged(child.artifact, (core) => ({ ...core, status: [] }));
    expect(await codeOf(() => ingest(shed, trust, { evaluator, clock: at(200) }))).toBe("parent-status");
  });

  test("[LIN-6] a source is not younger than what it is a source of", async () => {
    const child = await derived([parent], { output: { k: 12 } });
    const early = await forged(child.artifact, (core) => ({ ...core, issuedAt: Math.floor(at(-100)() / 1000) }));
    expect(await codeOf(() => ingest(early, trust, { evaluator, clock: at(200) }))).toMatch(
      /^(lineage-time|anchor-time)$/,
    );
  });

  test("[RCP-10] a child's keys stay within the rules of its parents", async () => {
    const child = await derived([parent], { output: { k: 12 } });
    expect((await later(child.artifact)).core.custodyRule).toEqual({ custodies: ["local"] });
    expect(
      await codeOf(() => derived([parent], { output: { k: 12 }, custodyRule: { custodies: ["local", "aws-kms"] } })),
    ).toBe("custody-rule");
    const wider = await forged(child.artifact, (core) => ({ ...core, custodyRule: {} }));
    expect(await codeOf(() => ingest(wider, trust, { evaluator, clock: at(200) }))).toBe("custody-rule");
  });

  test("[ANC-6] a deriver can't seal an original", async () => {
    const original = await sealed(undefined, { signer: signers.deriver });
    expect(await codeOf(() => verified(original.artifact))).toBe("signer-role");
  });

  test("[ATT-3] an attachment that nothing names is refused", async () => {
    const parts = decodeArtifact((await derived([parent], { output: { k: 12 } })).artifact);
    const stray = await policy(
      document({ id: "urn:acme:policy:stray", permissions: [{ id: "p", operations: ["read"] }] }),
    );
    const attachments = [...parts.attachments, encodeAttachment("policy", stray)];
    expect(await codeOf(() => ingest(encodeArtifact({ ...parts, attachments }), trust, { clock: at(200) }))).toBe(
      "attachment-unnamed",
    );
  });

  test("inspect shows the parents", async () => {
    const child = await derived([parent], { output: { k: 12 } });
    expect(JSON.stringify(inspect(child.artifact).core)).toContain(parent.name);
  });
});
