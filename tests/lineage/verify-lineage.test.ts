// The lineage of a corpus: what artifacts are to each other, whatever their number, depth and order.
import { describe, expect, test } from "vitest";
import { ingest, nameOf, parseTrust } from "@writ/core";
import type { Core, Digest, Source, StatusEntry, Store, VerifiedArtifact } from "@writ/core";
import { signApproval } from "@writ/core/approval";
import { verifyLineage } from "@writ/core/lineage";
import type { LineageReport } from "@writ/core/lineage";
import { encodeEarlier } from "../../packages/core/src/anchor.ts";
import { decodeArtifact } from "../../packages/core/src/artifact.ts";
import { NodeReader } from "../../packages/core/src/lineage-node.ts";
import { LineageTable } from "../../packages/core/src/lineage-table.ts";
import { walkLineage } from "../../packages/core/src/lineage-walk.ts";
import { codeOf } from "../support/scene.ts";
import { clock, corpus, ingested, newSetting, sealed } from "./corpus.ts";
import type { Change, Made } from "./corpus.ts";

const setting = await newSetting();
const other = await newSetting();

const make = (label: string, parents: readonly Source[], change?: Change): Promise<Made> =>
  sealed(setting, label, parents, change);

async function verified(made: readonly Made[]): Promise<VerifiedArtifact[]> {
  const found: VerifiedArtifact[] = [];
  const bytes = made.map(({ artifact }) => artifact);
  for await (const one of ingested(bytes, setting.trust, setting.policy)) found.push(one);
  return found;
}

const walked = async (...made: Made[]): Promise<LineageReport> => verifyLineage(await verified(made), { clock });

/** Codes that the walk finds of a child and its parent; `parent` changes the reference. */
async function codes(
  parent: Change,
  child: Change,
  reference: (source: Source) => Source = (source) => source,
): Promise<readonly string[]> {
  const of = await make("parent", [], parent);
  return (await walked(of, await make("child", [reference(of.source)], child))).findings.map(({ code }) => code);
}

const entry: StatusEntry = { uri: "https://status.example/1", index: 7 };

describe("a corpus", () => {
  test("[LIN-20] [LIN-6] what ingest left unchecked is checked where the sources are there, in any order", async () => {
    const [root, gap] = [await make("root", []), await make("gap", [])];
    const a = await make("a", [root.source]);
    const b = await make("b", [a.source, root.source]);
    const c = await make("c", [b.source, gap.source]);
    const child = (await verified([b]))[0]!;
    expect(child.lineage.standing, "control").toBe("unchecked");
    for (const order of [
      [root, a, b],
      [b, a, root],
    ]) {
      const report = await walked(...order);
      expect(report).toMatchObject({ standing: "checked", findings: [], gaps: [], forks: [], superseded: [] });
      expect(report.references).toBe(3);
      expect(order.map(({ source }) => report.standingOf(source.core))).toEqual(["checked", "checked", "checked"]);
    }
    const report = await walked(c, b, a, root);
    expect(report.gaps).toEqual([{ artifact: c.source.core, source: gap.source.core, gap: "missing" }]);
    expect(report.standingOf(c.source.core)).toBe("unchecked");
    expect(report.standingOf(b.source.core)).toBe("checked");
    const below = await walked(c, b, a, gap);
    expect([c, b, a, gap].map(({ source }) => below.standingOf(source.core))).toEqual([
      "unchecked",
      "unchecked",
      "unchecked",
      "checked",
    ]);
  });

  test("[LIN-20] [LIN-3] [LIN-5] [LIN-6] [LIN-8] each rule between a child and its source is asked", async () => {
    const layers: Core["layers"] = [{ policy: nameOf(setting.policy), parameters: new Map([["tenant", "a"]]) }];
    const changed: Core["layers"] = [{ policy: nameOf(setting.policy), parameters: new Map([["tenant", "b"]]) }];
    expect(await codes({}, {}), "control").toEqual([]);
    expect(await codes({ core: { layers } }, { core: { layers } }), "control").toEqual([]);
    expect(await codes({ core: { layers } }, { core: { layers: changed } })).toEqual(["layer-dropped"]);
    expect(await codes({ core: { status: [entry] } }, { core: { status: [entry] } }), "control").toEqual([]);
    expect(await codes({ core: { status: [entry] } }, {})).toEqual(["parent-status"]);
    expect(await codes({}, { core: { status: [entry] } }), "more is fine").toEqual([]);
    expect(await codes({ core: { custodyRule: { custodies: ["local"] } } }, {})).toEqual(["custody-rule"]);
    expect(await codes({ after: 5 }, {})).toEqual(["lineage-time"]);
    expect(await codes({}, { after: 5 }), "control").toEqual([]);
    expect(await codes({}, {}, (source) => ({ ...source, id: new Uint8Array(16) }))).toEqual(["parent-digest"]);
    const both = await codes({ after: 5, core: { status: [entry] } }, {});
    expect(both, "one doesn't hide the other").toEqual(["lineage-time", "parent-status"]);
  });

  test("[LIN-20] a source in a state that it never had is a gap, not a source", async () => {
    const root = await make("root", []);
    const child = await make("child", [{ ...root.source, anchors: nameOf(new Uint8Array(1)) }]);
    const report = await walked(root, child);
    expect(report.gaps).toEqual([{ artifact: child.source.core, source: root.source.core, gap: "other-anchors" }]);
    expect(report.standing).toBe("unchecked");
  });

  test("[LIN-21] [LIN-8] revisions: what is superseded, what was derived from it later, and forks", async () => {
    const first = await make("x", []);
    const next = (after: number, more: Partial<Core> = {}): Promise<Made> =>
      make("x", [], {
        operation: "amend",
        after,
        core: { revision: 1, supersedes: { ...first.source, role: "superseded" }, ...more },
      });
    const second = await next(5);
    const before = await make("before", [first.source], { after: 4 });
    const late = await make("late", [first.source], { after: 6 });
    const report = await walked(first, second, before, late);
    expect(report).toMatchObject({ standing: "checked", findings: [], forks: [] });
    expect(report.superseded).toEqual([{ core: first.source.core, by: second.source.core }]);
    expect(report.stale).toEqual([{ core: late.source.core, by: second.source.core }]);
    const twin = await next(7);
    expect((await walked(first, second, twin)).forks).toEqual([
      {
        artifactId: Buffer.from(first.source.id).toString("hex"),
        revision: 1,
        cores: [second.source.core, twin.source.core].sort(),
      },
    ]);
    const skipped = await next(5, { revision: 2 });
    expect((await walked(first, skipped)).findings.map(({ code }) => code)).toEqual(["parent-digest"]);
    const laxer = await next(5, { status: [] });
    expect((await walked(first, laxer)).findings, "control").toEqual([]);
  });

  test("[LIN-20] [APR-7] approvals that no ingest held against the source leave what was dropped unchecked, not broken, not checked", async () => {
    const layers: Core["layers"] = [{ policy: nameOf(setting.policy), parameters: new Map([["tenant", "a"]]) }];
    const first = await make("x", [], { core: { layers } });
    const approval = await signApproval(
      {
        sources: [first.source.core],
        operation: "amend",
        layers: [{ policy: nameOf(setting.policy) }],
        approver: "urn:example:person",
        lifetimeSeconds: 3600,
        clock,
      },
      setting.approver,
    );
    const held = new Map([setting.policy, approval].map((bytes) => [nameOf(bytes), bytes]));
    const store: Store = { get: (name) => held.get(name) };
    const amended = (approvals: readonly Digest[]): Promise<Made> =>
      make("x", [], {
        operation: "amend",
        after: 60,
        core: {
          revision: 1,
          supersedes: { ...first.source, role: "superseded" },
          lineage: {
            operation: "amend",
            parents: [],
            receipts: [],
            actor: "urn:example:issuer",
            ...(approvals.length === 0 ? {} : { approvals }),
          },
        },
      });
    const [bare, named] = [await amended([]), await amended([nameOf(approval)])];
    const child = await make("child", [named.source], { after: 60 });
    const report = async (...made: Made[]): Promise<LineageReport> => {
      const each = made.map(({ artifact }) => ingest(artifact, setting.trust, { store, clock }));
      return verifyLineage(await Promise.all(each), { clock });
    };
    expect(
      (await report(first, bare)).findings.map(({ code }) => code),
      "control",
    ).toEqual(["layer-dropped"]);
    const found = await report(first, named, child);
    expect(found.findings).toEqual([]);
    expect(found.gaps).toEqual([{ artifact: named.source.core, source: first.source.core, gap: "approvals" }]);
    expect([first, named, child].map(({ source }) => found.standingOf(source.core))).toEqual([
      "checked",
      "unchecked",
      "unchecked",
    ]);
    const { core, anchors } = decodeArtifact(first.artifact);
    for (const bytes of [core, encodeEarlier(anchors.map((anchor) => ({ anchor, root: null })))])
      held.set(nameOf(bytes), bytes);
    const whole = (): Promise<VerifiedArtifact> => ingest(named.artifact, setting.trust, { store, clock });
    expect(await codeOf(whole), "who has the source sees that nobody may lower the layer").toBe("lowering-refused");
  });

  test("[LIN-20] [LIN-9] the first issuer changes his own status entries and rule, not those of what he derived from", async () => {
    const entry = (index: number): StatusEntry => ({ uri: "urn:example:status", index });
    const parent = await make("p", [], { core: { status: [entry(1)], custodyRule: { custodies: ["local"] } } });
    const first = await make("x", [parent.source], {
      core: { status: [entry(1), entry(2)], custodyRule: { custodies: ["local"], managers: ["customer"] } },
    });
    const next = (of: Made, revision: number, more: Partial<Core>): Promise<Made> =>
      make("x", [], {
        operation: "amend",
        after: revision,
        core: {
          revision,
          supersedes: { ...of.source, role: "superseded" },
          custodyRule: { custodies: ["local"] },
          ...more,
        },
      });
    const own = await next(first, 1, { status: [entry(1), entry(3)] });
    const later = await next(own, 2, { status: [entry(1), entry(4)] });
    expect(await walked(parent, first, own, later)).toMatchObject({ standing: "checked", findings: [] });
    const shed = await next(own, 2, { status: [entry(4)] });
    const wide = await next(own, 2, { status: [entry(1)], custodyRule: {} });
    for (const [bad, code] of [
      [shed, "parent-status"],
      [wide, "custody-rule"],
    ] as const)
      expect((await walked(parent, first, own, bad)).findings).toMatchObject([{ code, source: parent.source.core }]);
    const gap = await walked(first, own, shed);
    expect([gap.standing, gap.findings]).toEqual(["unchecked", []]);
  });

  test("[LIN-20] a circle, which no digest allows, ends the walk and is told", async () => {
    const [a, b] = await verified([await make("a", []), await make("b", [])]);
    const reader = new NodeReader();
    const [first, second] = [reader.read(a!), reader.read(b!)];
    const to = (node: typeof first): typeof first.references => [
      { core: node.name, anchors: node.states[0]!, id: node.id, role: "parent" },
    ];
    const walk = (...nodes: readonly (typeof first)[]): LineageReport => {
      const table = new LineageTable();
      for (const node of nodes) table.add(node);
      return walkLineage(table, setting.trust, clock() / 1000);
    };
    const circle = walk({ ...first, references: to(second) }, { ...second, references: to(first) });
    expect(circle.findings.map(({ code }) => code)).toEqual(["parent-digest", "parent-digest"]);
    expect(circle.standing).toBe("broken");
    const line = walk(first, { ...second, references: to(first) });
    expect(line.standing, "control").toBe("checked");
  });

  test("[LIN-20] takes only what ingest made, under one trust policy that is current, no more than the limit", async () => {
    const made = await make("root", []);
    const [root] = await verified([made]);
    const over = (artifacts: readonly VerifiedArtifact[], options = {}): Promise<string> =>
      codeOf(() => verifyLineage(artifacts, { clock, ...options }));
    expect(await over([root!]), "control").toBe("nothing was thrown");
    expect(await over([{ ...root! }])).toMatch(/^TypeError/);
    const again = parseTrust(setting.trustText);
    const under = await ingest(made.artifact, again, { store: { get: () => setting.policy }, clock });
    expect(await over([root!, under])).toMatch(/^TypeError/);
    const child = (await verified([await make("child", [made.source])]))[0]!;
    expect(await over([root!, child], { maxArtifacts: 1 })).toBe("input-too-large");
    expect(await over([root!, root!], { maxArtifacts: 1 }), "the same twice counts once").toBe("nothing was thrown");
    expect(await over([root!], { clock: () => Date.parse("2041-01-01") })).toBe("trust-expired");
    expect(await over([])).toMatch(/^RangeError/);
    expect(await over([root!], { depth: 1 })).toMatch(/^TypeError/);
    expect(other.trustText).not.toBe(setting.trustText);
  });
});

describe("size", () => {
  test("[LIN-20] work grows with the number of references, alike layers are held against each other once", async () => {
    const report = async (deep: number, wide: number): Promise<LineageReport> =>
      verifyLineage(ingested(corpus(setting, deep, wide), setting.trust, setting.policy), { clock });
    const [small, large] = [await report(150, 300), await report(600, 1200)];
    expect(small).toMatchObject({ standing: "checked", findings: [], gaps: [] });
    expect(large).toMatchObject({ standing: "checked", findings: [], gaps: [] });
    expect([small.artifacts, large.artifacts]).toEqual([453, 1806]);
    expect(small.references).toBe(149 + 300 + 300 + 2);
    expect(large.references).toBe(599 + 1200 + 1200 + 5);
    expect(small.comparisons).toBe(1);
    expect(large.comparisons).toBe(1);
  });
});
