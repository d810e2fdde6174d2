// writ lineage: files are held against each other, whichever carries its sources.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { splitCarrier } from "@writ/core";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { listAttachments } from "../../packages/core/src/attachments.ts";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

let place: Workplace;

interface Lineage {
  readonly standing: string;
  readonly files: readonly { readonly standing: string; readonly reason: string | null }[];
  readonly gaps: readonly { readonly gap: string }[];
}

/** The artifact of a file without the sources that it carries. */
function withoutSources(file: Buffer): Uint8Array {
  const parts = decodeArtifact(splitCarrier(file).artifact);
  const kept = listAttachments(parts.attachments).filter(({ kind }) => kind !== "source");
  return encodeArtifact({ ...parts, attachments: kept.map(({ bytes }) => bytes) });
}

beforeAll(async () => {
  place = await workplace();
  place.put("policy.json", policyDocument());
  place.put("rows.csv", "a,b\n1,2\n");
  place.put("total.csv", "b\n2\n");
  await place.ok("policy", "sign", "policy.json");
  await place.ok("seal", "rows.csv", "--policy", "policy.policy");
  const asked = ["--operation", "aggregate", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
  await place.ok("derive", "rows.csv.writ", ...asked, "--content", "total.csv", "-o", "total.writ");
  place.put("bare.writ", withoutSources(place.read("total.writ")));
});
afterAll(() => place.remove());

async function lineageOf(...files: string[]): Promise<{ readonly exit: number; readonly found: Lineage }> {
  const ran = await place.writ(["lineage", ...files, "--json"]);
  const found = ran.json<Lineage>();
  expect(schemaFaults("lineage", found)).toEqual([]);
  return { exit: ran.exit, found };
}

describe("lineage", () => {
  test("[CLI-46] [LIN-20] a file without its source is unchecked alone and checked beside it", async () => {
    expect(await lineageOf("total.writ"), "control: it carries its source").toMatchObject({ exit: 0 });
    const alone = await lineageOf("bare.writ");
    expect(alone).toMatchObject({ exit: 13, found: { standing: "unchecked", gaps: [{ gap: "missing" }] } });
    expect(alone.found.files[0]!.reason).toContain("is not at hand");
    for (const files of [
      ["bare.writ", "rows.csv.writ"],
      ["rows.csv.writ", "bare.writ"],
    ]) {
      const { exit, found } = await lineageOf(...files);
      expect(exit).toBe(0);
      expect(found.files.map(({ standing }) => standing)).toEqual(["checked", "checked"]);
    }
    const tree = (await place.ok("lineage", "bare.writ", "rows.csv.writ", "--tree")).stdout.toString();
    expect(tree).toContain("CHECKED  bare.writ");
    expect(tree).toContain("└─ seal by urn:example:office");
  });

  test("[CLI-46] a source of another state of the artifact is none", async () => {
    place.put("other.csv", "a,b\n1,2\n");
    await place.ok("seal", "other.csv", "--policy", "policy.policy");
    expect(await lineageOf("bare.writ", "other.csv.writ")).toMatchObject({ exit: 13 });
  });
});
