// What the walk over a corpus asks between an artifact and its sources where no ingest has: each rule with the side that holds.
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cover, describeSigner, ingest, localSigner, nameOf, parseTrust, signPolicy } from "@writ/core";
import type { Core, Digest, Signer, Source, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { signApproval } from "@writ/core/approval";
import { verifyLineage } from "@writ/core/lineage";
import type { LineageReport } from "@writ/core/lineage";
import { anchorsName } from "../../packages/core/src/anchor.ts";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { encodeAttachment, encodeSource } from "../../packages/core/src/attachments.ts";
import { compareBytes } from "../../packages/core/src/cbor.ts";
import { NodeReader } from "../../packages/core/src/lineage-node.ts";
import { LineageTable } from "../../packages/core/src/lineage-table.ts";
import { walkLineage } from "../../packages/core/src/lineage-walk.ts";
import { createEvaluator } from "@writ/evaluator";
import { newSetting, sealed } from "./corpus.ts";
import type { Change, Made } from "./corpus.ts";

const seconds = Date.parse("2026-03-01T12:00:00Z") / 1000;
const day = 86_400;
const at = (after: number) => (): number => (seconds + after) * 1000;
const newSigner = (authority: string): Signer =>
  localSigner(authority, "ed25519", [generateKeyPairSync("ed25519").privateKey]);
const p256 = localSigner("urn:example:old", "p256", [
  generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey,
]);

const setting = await newSetting();
const [office, timed, other, officer] = ["office-two", "notary", "other", "officer"].map((name) =>
  newSigner(`urn:example:${name}`),
) as [Signer, Signer, Signer, Signer];

async function policyOf(id: string, more: object = {}): Promise<Uint8Array> {
  const document = JSON.stringify({
    version: 1,
    kind: "grant",
    id: `${office.authority}:${id}`,
    authority: office.authority,
    permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }],
    ...more,
  });
  return (await signPolicy(document, { evaluator: createEvaluator(), signer: office })).message;
}

const aggregates = await policyOf("aggregates");
const extra = await policyOf("extra");
const strikes = await policyOf("strikes", {
  derive: { aggregate: { release: { policy: nameOf(aggregates), requires: { "output.k": { gte: 10 } } } } },
});
const held = new Map([setting.policy, aggregates, extra, strikes].map((bytes) => [nameOf(bytes), bytes]));

/** The corpus' trust policy with these signers beside; `lapsed` is when p256 ends, in seconds after the corpus' first. */
function trustWith(lapsed?: number): TrustPolicy {
  const text = JSON.parse(setting.trustText) as { signers: object[]; suites: object };
  const until = lapsed === undefined ? {} : { verifyUntil: new Date(at(lapsed)()).toISOString().replace(".000Z", "Z") };
  return parseTrust(
    JSON.stringify({
      ...text,
      signers: [
        ...text.signers,
        describeSigner(office, "policy"),
        describeSigner(other, "issue"),
        describeSigner(p256, "issue"),
        { ...describeSigner(timed, "issue"), trustedTime: true },
        describeSigner(officer, "approve"),
      ],
      suites: { ...text.suites, p256: until },
    }),
  );
}

const trust = trustWith();

const make = (label: string, parents: readonly Source[], change?: Change, signer = setting.signer): Promise<Made> =>
  sealed({ ...setting, signer }, label, parents, change);

const verify = (artifact: Uint8Array, by = trust, after = 600): Promise<VerifiedArtifact> =>
  ingest(artifact, by, { store: { get: (name) => held.get(name) }, clock: at(after) });

async function walked(made: readonly Pick<Made, "artifact">[], by = trust, after = 600): Promise<LineageReport> {
  const artifacts = await Promise.all(made.map(({ artifact }) => verify(artifact, by, after)));
  return verifyLineage(artifacts, { clock: at(after) });
}

const codesOf = ({ findings }: LineageReport): readonly string[] => findings.map(({ code }) => code);

/** With one anchor more; its source names them all. */
async function covered(made: Made, after: number, signer = setting.signer): Promise<Made> {
  const { artifact } = await cover(await verify(made.artifact), { signer, clock: at(after) });
  const pairs = decodeArtifact(artifact).anchors.map((anchor) => ({ anchor, root: null }));
  return { artifact, source: { ...made.source, anchors: anchorsName(pairs) } };
}

/** With attachments beside what it has: they are under no signature. */
function withAttachments({ artifact, source }: Made, attachments: readonly Uint8Array[]): Made {
  const parts = decodeArtifact(artifact);
  const all = [...parts.attachments, ...attachments].toSorted(compareBytes);
  return { artifact: encodeArtifact({ ...parts, attachments: all }), source };
}

function attachedSource({ artifact }: Made): Uint8Array {
  const { core, anchors } = decodeArtifact(artifact);
  return encodeAttachment("source", encodeSource(core, anchors));
}

const layersOf = (...layers: readonly (Uint8Array | Core["layers"][number])[]): Partial<Core> => ({
  layers: layers.map((layer) => (layer instanceof Uint8Array ? { policy: nameOf(layer) } : layer)) as Core["layers"],
});

/** A revision of `of`. */
const revise = (of: Made, more: Partial<Core> = {}, after = 5, signer = setting.signer): Promise<Made> =>
  make(
    "x",
    [],
    {
      operation: "amend",
      after,
      core: {
        revision: 1,
        firstIssuer: setting.signer.authority,
        supersedes: { ...of.source, role: "superseded" },
        ...more,
      },
    },
    signer,
  );

describe("layers", () => {
  const child = async (
    parent: Partial<Core>,
    own: Partial<Core>,
    operation: "aggregate" | "train",
  ): Promise<readonly string[]> => {
    const of = await make("parent", [], { core: parent });
    return codesOf(await walked([of, await make("child", [of.source], { core: own, operation })]));
  };

  test("[LIN-20] [LIN-3] every operation of a layer's via stands in the child", async () => {
    const policy = nameOf(setting.policy);
    const trained = layersOf({ policy, via: ["train"] });
    expect(await child(trained, layersOf({ policy, via: ["train", "aggregate"] }), "aggregate"), "control").toEqual([]);
    expect(await child(trained, layersOf({ policy, via: ["aggregate"] }), "aggregate")).toEqual(["layer-dropped"]);
    expect(await child(trained, layersOf(setting.policy), "aggregate")).toEqual(["layer-dropped"]);
  });

  test("[LIN-20] [LIN-3] a release is to the policy that is named, under the operation that it is named for", async () => {
    expect(await child(layersOf(strikes), layersOf(aggregates), "aggregate"), "control").toEqual([]);
    expect(await child(layersOf(strikes), layersOf(aggregates), "train")).toEqual(["layer-dropped"]);
    expect(await child(layersOf(strikes), layersOf(extra), "aggregate")).toEqual(["layer-dropped"]);
    expect(await child(layersOf(extra), layersOf(aggregates), "aggregate")).toEqual(["layer-dropped"]);
  });

  test("[LIN-20] [APR-7] what was dropped with approvals, which only an ingest with the source judges, is a gap", async () => {
    const first = await make("x", [], { core: layersOf(strikes) });
    const approval = await signApproval(
      {
        sources: [first.source.core],
        operation: "amend",
        layers: [{ policy: nameOf(extra) }],
        approver: "urn:example:person",
        lifetimeSeconds: day,
        clock: at(0),
      },
      officer,
    );
    const lineage = (approvals: readonly Digest[]): Partial<Core> => ({
      ...layersOf(extra),
      lineage: {
        operation: "amend",
        parents: [],
        receipts: [],
        actor: "urn:example:issuer",
        ...(approvals.length === 0 ? {} : { approvals }),
      },
    });
    const bare = await revise(first, lineage([]));
    expect(codesOf(await walked([first, bare])), "control").toEqual(["layer-dropped"]);
    const named = withAttachments(await revise(first, lineage([nameOf(approval)])), [
      encodeAttachment("approval", approval),
    ]);
    const report = await walked([first, named]);
    expect(report).toMatchObject({ standing: "unchecked", findings: [] });
    expect(report.gaps).toEqual([{ artifact: named.source.core, source: first.source.core, gap: "approvals" }]);
  });
});

describe("revisions", () => {
  test("[LIN-20] [LIN-8] are of one artifact and one content", async () => {
    const content = (key: string, mediaType = "text/csv"): Core["content"] => ({
      format: "opaque",
      sizeBytes: 0,
      root: `sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`,
      externalKey: key,
      mediaType,
    });
    const first = await make("x", [], { core: { content: content("urn:key:1") } });
    const found = async (more: Partial<Core>, signer?: Signer): Promise<readonly string[]> =>
      codesOf(await walked([first, await revise(first, { content: content("urn:key:1"), ...more }, 5, signer)]));
    const byOther = { issuer: other.authority };
    expect(await found({}), "control").toEqual([]);
    expect(await found(byOther, other), "control: another issuer").toEqual([]);
    expect(await found({ firstIssuer: other.authority })).toEqual(["parent-digest"]);
    expect(await found({ content: content("urn:key:2") })).toEqual(["parent-digest"]);
    expect(await found({ artifactId: new Uint8Array(16) })).toEqual(["parent-digest"]);
    expect(await found({ content: content("urn:key:1", "text/plain") }), "by the first issuer").toEqual([]);
    expect(await found({ ...byOther, content: content("urn:key:1", "text/plain") }, other)).toEqual(["parent-digest"]);
  });

  test("[LIN-20] [LIN-8] have the FLOE header of what they supersede", async () => {
    const first = await make("x", []);
    const [before, after] = await Promise.all([first, await revise(first)].map(({ artifact }) => verify(artifact)));
    const walk = (headers: readonly [number, number]): LineageReport => {
      const [reader, table] = [new NodeReader(), new LineageTable()];
      for (const [index, one] of [before!, after!].entries()) {
        const floeHeader = new Uint8Array(74).fill(headers[index]!);
        table.add(reader.read({ ...one, core: { ...one.core, content: { ...one.core.content, floeHeader } } }));
      }
      return walkLineage(table, trust, seconds + 600);
    };
    expect(codesOf(walk([1, 1])), "control").toEqual([]);
    expect(codesOf(walk([1, 2]))).toEqual(["parent-digest"]);
  });

  test("[LIN-21] the earliest revision is the one that ends its source; what is sealed in its second isn't stale, nor is a revision", async () => {
    const first = await make("x", []);
    const [second, twin] = [await revise(first, {}, 5), await revise(first, {}, 8)];
    const derived = (after: number): Promise<Made> => make(`derived ${after}`, [first.source], { after });
    const [same, between, late] = [await derived(5), await derived(6), await derived(9)];
    for (const revisions of [
      [second, twin],
      [twin, second],
    ]) {
      const { stale, forks } = await walked([first, ...revisions, same, between, late]);
      expect(stale).toEqual([
        { core: between.source.core, by: second.source.core },
        { core: late.source.core, by: second.source.core },
      ]);
      expect(forks, "control").toHaveLength(1);
    }
  });
});

describe("states and times", () => {
  test("[LIN-20] [LIN-6] a source's last anchor is at most 300 s younger than the seal that names it", async () => {
    const root = await make("root", []);
    for (const [after, codes] of [
      [310, []],
      [311, ["lineage-time"]],
    ] as const) {
      const later = await covered(root, after);
      expect(codesOf(await walked([later, await make("child", [later.source], { after: 10 })]))).toEqual(codes);
    }
  });

  test("[LIN-20] [LIN-1] a source may be there with more anchors than it was named with, whenever they came", async () => {
    const root = await make("root", []);
    const child = await make("child", [root.source], { after: 10 });
    const later = await covered(await covered(root, 100), 590);
    expect(await walked([later, child])).toMatchObject({ standing: "checked", findings: [], gaps: [] });
    const ofLater = await make("of later", [later.source], { after: 400 });
    expect((await walked([root, ofLater])).gaps, "control: not with fewer").toMatchObject([{ gap: "other-anchors" }]);
  });

  test("[LIN-20] of two sightings the one with more anchors stays, and what one ingest has checked is checked", async () => {
    const root = await make("root", []);
    const later = await covered(root, 100);
    const ofLater = await make("of later", [later.source], { after: 400 });
    for (const sightings of [
      [root, later],
      [later, root],
    ])
      expect(await walked([...sightings, ofLater])).toMatchObject({ standing: "checked", gaps: [] });
    const child = await make("child", [root.source], { after: 10 });
    const whole = withAttachments(child, [attachedSource(root)]);
    expect((await verify(whole.artifact)).lineage.standing, "control").toBe("checked");
    for (const sightings of [
      [child, whole],
      [whole, child],
    ])
      expect(await walked(sightings)).toMatchObject({ standing: "checked", artifacts: 1, gaps: [] });
    expect((await walked([child])).standing, "control").toBe("unchecked");
  });

  test("[LIN-20] what an ingest checked with a state of its source that isn't there is no gap", async () => {
    const root = await make("root", []);
    const [one, another] = [await covered(root, 100), await covered(root, 200)];
    const child = await make("child", [one.source], { after: 400 });
    expect((await walked([another, child])).gaps, "control").toMatchObject([{ gap: "other-anchors" }]);
    expect(await walked([another, withAttachments(child, [attachedSource(one)])])).toMatchObject({
      standing: "checked",
      gaps: [],
    });
  });

  test("[LIN-20] [LIN-2] a source is judged at the earliest time at which any of the corpus has it judged", async () => {
    const lapsing = trustWith(day);
    const root = await make("root", [], { core: { issuer: p256.authority, firstIssuer: p256.authority } }, p256);
    const shared = await make("shared", [root.source], { after: 10 });
    const undated = await make("undated", [shared.source], { after: 20 });
    const own = { issuer: timed.authority, firstIssuer: timed.authority };
    const dated = await make("dated", [shared.source], { after: 20, core: own }, timed);
    const found = async (...made: Made[]): Promise<readonly string[]> => codesOf(await walked(made, lapsing, 2 * day));
    expect(codesOf(await walked([root, shared, undated], lapsing)), "control: before it lapses").toEqual([]);
    expect(await found(root, shared, undated), "nothing dates it").toEqual(["suite-lapsed"]);
    expect(await found(root, shared, dated)).toEqual([]);
    expect(await found(root, shared, dated, undated)).toEqual([]);
    expect(await found(undated, dated, shared, root)).toEqual([]);
  });
});
