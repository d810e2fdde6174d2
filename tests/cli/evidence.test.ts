// writ evidence: what was used here becomes one file that proves itself elsewhere, or is refused.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

const read = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
let place: Workplace;
let auditor: Workplace;

interface Audit {
  readonly trust: { readonly same: boolean };
  readonly artifacts: readonly { readonly standing: string }[];
  readonly receipts: readonly { readonly kind: string; readonly rootedBy: string | null }[];
  readonly reports: readonly unknown[];
  readonly statusLists: readonly { readonly accepted: boolean }[];
  readonly gaps: readonly { readonly gap: string }[];
  readonly lineage: { readonly standing: string };
}

beforeAll(async () => {
  place = await workplace();
  auditor = await workplace(false);
  place.put("a.csv", "a,b\n1,2\n");
  place.put("b.csv", "a,b\n3,4\n");
  place.put("policy.json", policyDocument());
  await place.ok("policy", "sign", "policy.json");
  await place.ok("seal", "a.csv", "b.csv", "--policy", "policy.policy", "-o", "sealed/");
  await place.ok("open", "sealed/a.csv.writ", ...read, "-o", "a.out");
  await place.ok("open", "sealed/b.csv.writ", ...read, "-o", "b.out");
  await place.ok("reanchor", "run", "sealed", "--commit");
  await place.ok("evidence", "pack", "sealed/a.csv.writ", "-o", "case.writ-evidence");
  auditor.put("trust.json", place.read("private/home/trust.json"));
  auditor.put("case", place.read("case.writ-evidence"));
});
afterAll(() => {
  place.remove();
  auditor.remove();
});

describe("evidence", () => {
  test("[CLI-45] [EVP-4] an auditor with the trust policy and nothing else verifies the pack", async () => {
    const ran = await auditor.writ(["evidence", "verify", "case", "--trust", "trust.json", "--json"]);
    expect(ran.exit).toBe(0);
    const audit = ran.json<Audit>();
    expect(schemaFaults("evidence-verify", audit)).toEqual([]);
    expect(audit).toMatchObject({ trust: { same: true }, lineage: { standing: "checked" }, gaps: [] });
    expect(audit.artifacts).toHaveLength(1);
    expect(audit.receipts.map(({ kind, rootedBy }) => [kind, rootedBy])).toEqual([
      ["decision", "urn:example:office"],
      ["release", "urn:example:office"],
    ]);
    const prose = (await auditor.writ(["evidence", "verify", "case", "--trust", "trust.json"])).stdout.toString();
    for (const said of [
      "VERIFIED  case",
      "the one used here",
      "lineage: checked",
      "no gaps",
      "root by urn:example:office",
    ])
      expect(prose).toContain(said);
  });

  test("[CLI-45] [CLI-4] says what was packed; reports, several logs and none; replaces nothing", async () => {
    const report = place.list().find((path) => path.includes(".writ-reports/"))!;
    const all = [
      "evidence",
      "pack",
      "sealed/a.csv.writ",
      "sealed/b.csv.writ",
      "--report",
      report,
      "-o",
      "all",
      "--json",
    ];
    const ran = await place.writ(all);
    expect(schemaFaults("evidence-pack", ran.json())).toEqual([]);
    expect(ran.json()).toMatchObject({ artifacts: 2, receipts: 4, reports: 1, gaps: 0 });
    expect((await place.ok("evidence", "verify", "all", "--json")).json<Audit>().reports).toHaveLength(1);
    expect(await place.writ(all)).toMatchObject({ exit: 3 });
    const none = ["evidence", "pack", "sealed/a.csv.writ", "--receipts", "none", "-o", "none"];
    expect((await place.ok(...none, "--json")).json()).toMatchObject({ receipts: 0 });
  });

  test("[CLI-45] [EVP-2] a pack that was cut or changed, and one without trust, are refused", async () => {
    const whole = place.read("case.writ-evidence");
    auditor.put("cut", whole.subarray(0, whole.length - 1));
    auditor.put("changed", Buffer.from(whole).fill(whole.at(-9)! ^ 1, whole.length - 9, whole.length - 8));
    const exit = async (...argv: string[]): Promise<number> =>
      (await auditor.writ(["evidence", "verify", ...argv])).exit;
    expect(await exit("case", "--trust", "trust.json"), "control").toBe(0);
    expect(await exit("cut", "--trust", "trust.json")).toBe(3);
    expect([3, 10]).toContain(await exit("changed", "--trust", "trust.json"));
    expect(await exit("case")).toBe(13);
    const strangers = await workplace();
    try {
      auditor.put("other-trust.json", strangers.read("private/home/trust.json"));
      expect(await exit("case", "--trust", "other-trust.json")).toBe(13);
    } finally {
      strangers.remove();
    }
    expect(await exit("trust.json", "--trust", "trust.json")).toBe(3);
  });

  test("[REC-10] [CLI-13] `receipts` says up to where a log is under a root, and which permits nothing followed", async () => {
    const ran = await place.ok("receipts", "sealed/a.csv.writ", "--json");
    expect(schemaFaults("receipts", ran.json())).toEqual([]);
    expect(ran.json()).toMatchObject({ logs: [{ receipts: 4, shownUpTo: 4 }], gaps: [] });
    const asked = ["--purpose", "dpv:AcademicResearch", "--region", "DE"];
    await place.ok(
      "derive",
      "sealed/a.csv.writ",
      "--operation",
      "aggregate",
      ...asked,
      "--content",
      "b.csv",
      "-o",
      "d.writ",
    );
    const after = await place.ok("receipts", "sealed/a.csv.writ", "--json");
    expect(after.json<Audit>().gaps.map(({ gap }) => gap)).toEqual(["no-release"]);
    expect((await place.ok("receipts", "sealed/a.csv.writ")).stderr).toContain(
      "1 permit(s) that nothing says were used",
    );
  });

  test("[CLI-45] a status list that nobody may speak for is told and refused", async () => {
    place.put("no-list", "not.a.token");
    await place.ok("evidence", "pack", "sealed/a.csv.writ", "--status", "no-list", "-o", "with-list");
    const ran = await place.writ(["evidence", "verify", "with-list", "--json"]);
    expect(ran.exit).toBe(13);
    expect(schemaFaults("evidence-verify", ran.json())).toEqual([]);
    expect(ran.json<Audit>().statusLists).toMatchObject([{ accepted: false }]);
  });
});
