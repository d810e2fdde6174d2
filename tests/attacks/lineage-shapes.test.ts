// Attacks through the shape of a lineage: diamonds, repetition, long lists, compact parents, anchors of tomorrow.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { coverBatch, ingest, nameOf } from "@writ/core";
import type { Store } from "@writ/core";
import { encodeAnchor, encodeStatement, makeStatement, rootMessages } from "../../packages/core/src/anchor.ts";
import { decodeArtifact, decodeCore } from "../../packages/core/src/artifact.ts";
import { listAttachments } from "../../packages/core/src/attachments.ts";
import {
  at,
  codeOf,
  document,
  evaluator,
  policy,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";
import { licence, source, parent, derived } from "./lineage-scene.ts";
import { accepted, attached, refusal, withParts } from "./forge.ts";

describe("shapes of lineage", () => {
  test("[LIN-2] a source that many name is verified once, its root looked up once a use", async () => {
    const [root] = [...(await coverBatch([parent], { signer: signers.archive, clock: at(60) })).covered];
    const shared = await verified(root!.artifact, 70);
    const children = await Promise.all(Array.from({ length: 12 }, () => derived([shared])));
    const middle = await Promise.all(children.map(({ artifact }) => verified(artifact, 200)));
    const last = await derived(middle, { clock: at(260) });
    const message = listAttachments(decodeArtifact(root!.artifact).attachments).find(
      ({ kind }) => kind === "root",
    )!.content;
    let asked = 0;
    const store: Store = {
      get: (name) => {
        if (name === nameOf(message)) asked += 1;
        return name === nameOf(message) ? message : undefined;
      },
    };
    const compact = withParts(last.artifact, ({ attachments }) => ({
      attachments: listAttachments(attachments)
        .filter(({ kind }) => kind !== "root")
        .map(({ bytes }) => bytes),
    }));
    const diamond = await ingest(compact, trust, { evaluator, store, clock: at(300) });
    expect(diamond.lineage).toMatchObject({ standing: "checked" });
    expect(diamond.lineage.sources.length).toBe(13);
    expect(asked).toBeLessThanOrEqual(2); // once to name the source, once to verify it
    expect(asked, "control").toBeGreaterThan(0);
  });

  test(
    "[ART-9] a parent listed many times is one parent; 257 parents are a long list",
    { timeout: 300_000 },
    async () => {
      const many = await derived(Array.from({ length: 300 }, () => parent));
      const one = await verified(many.artifact, 200);
      expect(one.core.lineage.parents).toHaveLength(1);
      const parents = await Promise.all(
        Array.from({ length: 257 }, async () =>
          verified((await sealed(Buffer.from("x"), { policies: [{ message: licence }] })).artifact),
        ),
      );
      const wide = await derived(parents);
      const artifact = await verified(wide.artifact, 200);
      expect(typeof artifact.core.lineage.parents).toBe("string");
      expect(artifact.lineage.standing).toBe("checked");
      expect(artifact.lineage.sources).toHaveLength(257);
      const narrow = await verified((await derived(parents.slice(1))).artifact, 200);
      expect(narrow.core.lineage.parents, "control: 256 stand in the core").toHaveLength(256);
      const next = await verified((await derived([artifact], { clock: at(260) })).artifact, 300);
      expect(next.lineage.sources).toHaveLength(258);
    },
  );

  test("[ART-9] [LIN-7] a child of a compact parent carries what the parent had from a store", async () => {
    const withParameter = await policy(
      document({
        id: "urn:acme:policy:tenants",
        parameters: { tenant: "string" },
        permissions: [
          {
            id: "p1",
            operations: ["read"],
            purposes: ["dpv:AcademicResearch"],
            when: { "principal.org": { ne: { param: "tenant" } } },
          },
        ],
      }),
    );
    const policies = Array.from({ length: 70 }, (_, index) => ({
      message: withParameter,
      parameters: { tenant: `urn:org:${index}` },
    }));
    const long = await sealed(randomBytes(10), { policies: [...policies, ...policies] });
    const { attachments } = decodeArtifact(long.artifact);
    expect(typeof decodeCore(decodeArtifact(long.artifact).core).layers).toBe("string");
    const held = new Map(listAttachments(attachments).map(({ content }) => [nameOf(content), content]));
    const store: Store = { get: (name) => held.get(name) };
    const compact = await ingest(
      withParts(long.artifact, () => ({ attachments: [] })),
      trust,
      { evaluator, store, clock: at(60) },
    );
    const child = await derived([compact]);
    expect((await ingest(child.artifact, trust, { evaluator, clock: at(200) })).lineage.standing).toBe("checked");
    const few = await sealed(randomBytes(10), { policies: Array.from({ length: 200 }, () => policies[0]!) });
    expect((await verified(few.artifact)).layers, "one layer given often is one").toHaveLength(1);
  });

  test("[ANC-10] [ATT-3] a child of a parent with later anchors of an unknown suite verifies without them", async () => {
    const accepting = trustWith((draft) => (draft["acceptUnknownLaterAnchors"] = true));
    const root = randomBytes(40);
    const statement = makeStatement(
      {
        core: parent.parts.core,
        keys: parent.parts.keys,
        artifactId: parent.core.artifactId,
        contentRoot: parent.core.content.root,
      },
      rootMessages(parent.anchors, () => undefined),
      { kind: "cover", suite: "ed25519", issuedAt: parent.core.issuedAt + 30 },
    );
    const proof = new Map<number, never>([
      [1, randomBytes(16)],
      [2, 1],
      [3, 0],
      [4, []],
      [5, [-43, Buffer.from(nameOf(root).slice(7), "hex")]],
    ] as never);
    const unknown = encodeAnchor(encodeStatement({ ...statement, suite: "falcon1024" }), proof);
    const future = withParts(source.artifact, ({ anchors, attachments }) => ({
      anchors: [...anchors, unknown],
      attachments: [...attachments, attached("root", root)],
    }));
    expect(await refusal(future)).toBe("suite-unknown");
    const known = await ingest(future, accepting, { evaluator, clock: at(60) });
    expect(known.evidence.unknownLater).toBe(1);
    const child = await derived([known]);
    expect((await ingest(child.artifact, accepting, { evaluator, clock: at(200) })).lineage.standing).toBe("checked");
    const elsewhere = await ingest(child.artifact, trust, { evaluator, clock: at(200) });
    expect(elsewhere.lineage.standing, "nor does a reader need to accept them").toBe("checked");
  });

  test("[SEA-1] what no reader would take is not sealed", async () => {
    for (const change of [
      { mediaType: "" },
      { mediaType: "x".repeat(257) },
      { actor: "" },
      { tool: "x".repeat(5000) },
      { custodyRule: { custodies: [] } },
      { custodyRule: { contextPairs: new Map() } },
      { status: [{ uri: "", index: 0 }] },
      { status: [{ uri: "https://status.example/1", index: -1 }] },
    ])
      expect(await codeOf(() => sealed(Buffer.from("x"), change)), JSON.stringify(change)).toMatch(
        /^(structure|custody-rule)$/,
      );
    expect(await codeOf(() => derived([parent], { output: {} }))).toBe("structure");
    expect(await codeOf(() => sealed(Buffer.from("x"), { mediaType: "text/csv" })), "control").toBe(accepted);
  });
});
