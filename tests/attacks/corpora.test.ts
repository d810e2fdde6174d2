// Attacks on whoever walks a corpus: artifacts that each verify, and that together make the walk slow or its report large.
import { describe, expect, test } from "vitest";
import type { Source, VerifiedArtifact } from "@writ/core";
import { verifyLineage } from "@writ/core/lineage";
import type { LineageReport } from "@writ/core/lineage";
import { clock, ingested, newSetting, sealed } from "../lineage/corpus.ts";
import type { Made } from "../lineage/corpus.ts";

const setting = await newSetting();
const entry = (uri: string): { uri: string; index: number } => ({ uri: `https://status.example/${uri}`, index: 0 });

async function walked(made: readonly Made[]): Promise<LineageReport> {
  const found: VerifiedArtifact[] = [];
  const bytes = made.map(({ artifact }) => artifact);
  for await (const one of ingested(bytes, setting.trust, setting.policy)) found.push(one);
  return verifyLineage(found, { clock });
}

/** Revisions by the first issuer, each with a status entry of its own and none of those before it. */
async function revisions(first: Made, label: string, count: number): Promise<readonly Made[]> {
  const made: Made[] = [];
  let before: Source = first.source;
  for (let revision = 1; revision <= count; revision += 1) {
    const supersedes = { ...before, role: "superseded" as const };
    const core = { artifactId: first.source.id, revision, supersedes, status: [entry(`own/${revision}`)] };
    const next = await sealed(setting, label, [], { core, operation: "amend", after: 10 + revision });
    made.push(next);
    before = next.source;
  }
  return made;
}

describe("an issuer whose artifacts multiply each other", () => {
  const [wide, long] = [12, 15];

  test("[LIN-20] [LIN-9] many revisions of what has many parents are one finding each, not one for each parent", async () => {
    const parents = await Promise.all(
      Array.from({ length: wide }, (_, n) => sealed(setting, `parent ${n}`, [], { core: { status: [entry(`${n}`)] } })),
    );
    const kept = parents.map((_, n) => entry(`${n}`));
    const named = parents.map(({ source }) => source);
    const first = await sealed(setting, "first", named, { core: { status: kept }, after: 5 });
    const after = await revisions(first, "first", long);
    const report = await walked([...parents, first, ...after]);
    expect(report.findings.filter(({ code }) => code === "parent-status")).toHaveLength(long);
    expect(report.standing).toBe("broken");
    const control = await walked([...parents, first]);
    expect(control).toMatchObject({ standing: "checked", findings: [] });
    const missing = await walked([first, ...after]);
    expect(missing.gaps, "one for each reference that leads nowhere, one for each revision").toHaveLength(wide + long);
    expect(missing.standing).toBe("unchecked");
  });

  test("[LIN-21] as many cores of one revision are one fork", async () => {
    const same = await Promise.all(
      Array.from({ length: long }, (_, n) => sealed(setting, "same", [], { core: { status: [entry(`${n}`)] } })),
    );
    const { forks } = await walked(same);
    expect(forks).toHaveLength(1);
    expect(forks[0]!.cores).toEqual(same.map(({ source }) => source.core).sort());
    expect((await walked(same.slice(1, 2))).forks, "control").toEqual([]);
  });
});
