// The main job end to end through the command: a home, a policy, sealing, deciding, opening, deriving, auditing, migrating.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schemaFaults, policyDocument, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

const research = ["--purpose", "dpv:AcademicResearch", "--region", "DE"];
let place: Workplace;

beforeAll(async () => {
  place = await workplace();
});
afterAll(() => place.remove());

/** Runs with --json, checks the object against its schema, and gives it. */
async function json<T>(schema: string, argv: readonly string[], exit = 0): Promise<T> {
  const ran = await place.writ([...argv, "--json"]);
  expect({ exit: ran.exit, stderr: ran.stderr }).toMatchObject({ exit });
  const value = ran.json<T>();
  expect(schemaFaults(schema, value)).toEqual([]);
  return value;
}

describe("the main job", () => {
  const data = Buffer.from("year,strikes\n1999,17\n2000,23\n");
  const large = Buffer.alloc(3_000_000, "0123456789abcdef");

  test("[CLI-6] a policy is checked and signed by its authority", async () => {
    place.put("data/research.json", policyDocument());
    const checked = await json<{ admits: { purposes: string[] }[] }>("policy-check", [
      "policy",
      "check",
      "data/research.json",
    ]);
    expect(checked.admits[0]?.purposes).toEqual(["https://w3id.org/dpv#AcademicResearch"]);
    const signed = await json<{ policy: string; authority: string }>("policy-sign", [
      "policy",
      "sign",
      "data/research.json",
    ]);
    expect(signed).toMatchObject({ policy: "data/research.policy", authority: "urn:example:office" });
  });

  test("[CLI-6] a template is printed, with the home's authority in it, and can be signed as it stands", async () => {
    for (const template of ["dataset-licence", "research-no-training", "internal"]) {
      const made = await json<{ text: string }>("policy-new", ["policy", "new", "--template", template]);
      expect(made.text).toContain('"authority": "urn:example:office"');
      const printed = await place.ok("policy", "new", "--template", template);
      expect(printed.stdout.toString()).toBe(made.text);
      place.put(`templates/${template}.json`, made.text);
      await place.ok("policy", "sign", `templates/${template}.json`);
    }
  });

  test("[CLI-6] explain says what an artifact's policies or a policy say", async () => {
    place.put("data/tiny.csv", "1\n");
    await place.ok(
      "seal",
      "data/tiny.csv",
      "--policy",
      "data/research.policy",
      "--policy",
      "templates/internal.policy",
      "-o",
      "tiny.writ",
    );
    const artifact = await json<{ verified: boolean; policies: { statements: string[] }[] }>("explain", [
      "explain",
      "tiny.writ",
    ]);
    expect(artifact).toMatchObject({ verified: true, policies: { length: 2 } });
    expect(artifact.policies.flatMap(({ statements }) => statements)).toContain("only within EU");
    for (const file of ["data/research.json", "data/research.policy"]) {
      expect(await json("explain", ["explain", file])).toMatchObject({ verified: false, kind: "policy" });
    }
    const prose = await place.ok("explain", "tiny.writ");
    expect(prose.stdout.toString()).toContain("2 policies are in force; every one of them must permit:");
  });

  test("[CLI-6] files are sealed as envelope and as sidecar, and verify", async () => {
    place.put("data/strikes.csv", data);
    place.put("data/large.bin", large);
    await json("seal", ["seal", "data/strikes.csv", "--policy", "data/research.policy"]);
    await json("seal", [
      "seal",
      "data/large.bin",
      "--policy",
      "data/research.policy",
      "--detached",
      "--suite",
      "ed25519",
      "--context",
      "team=birds",
    ]);
    expect(place.read("data/large.bin.sealed").includes("0123456789abcdef")).toBe(false);
    const { files } = await json<{
      files: { result: string; evidenceEra: string; checks: { check: string; outcome: string }[] }[];
    }>("verify", ["verify", "data/strikes.csv.writ", "data/large.bin.sealed.writ"]);
    expect(files.map(({ result, evidenceEra }) => [result, evidenceEra])).toEqual([
      ["valid", "hybrid"],
      ["valid", "classical"],
    ]);
    for (const { checks } of files) expect(checks.find(({ check }) => check === "content")?.outcome).toBe("ok");
  });

  test("[CLI-15] inspect says first that nothing is verified", async () => {
    const ran = await place.ok("inspect", "data/strikes.csv.writ");
    expect(ran.stdout.toString().split("\n")[0]).toContain("NOT VERIFIED");
    await json("inspect", ["inspect", "data/strikes.csv.writ"]);
  });

  test("[CLI-1, CLI-3, CLI-16] check permits, denies and names what is missing, and records nothing", async () => {
    const check = (...argv: string[]): string[] => ["check", "data/strikes.csv.writ", ...argv];
    await json("check", check("--operation", "aggregate", ...research));
    const denied = await json<{ decision: { verdict: string; reasons: { code: string }[] } }>(
      "check",
      check("--operation", "train", ...research),
      12,
    );
    expect(denied.decision.verdict).toBe("deny");
    expect(denied.decision.reasons.map(({ code }) => code)).toContain("operation-prohibited");
    const open = await json<{ decision: { missing: { fact: string; flag: string }[] } }>(
      "check",
      check("--operation", "read", "--purpose", "dpv:AcademicResearch"),
      16,
    );
    expect(open.decision.missing).toMatchObject([{ fact: "region", flag: "--region R" }]);
    const prose = await place.writ(check("--operation", "read", "--purpose", "dpv:AcademicResearch"));
    expect(prose.stdout.toString()).toContain("missing: region; supply it with --region R");
    expect(place.list().some((path) => path.includes("receipts"))).toBe(false);
  });

  test("[CLI-33] check and explain name the change that would flip the verdict, and it does", async () => {
    interface Flip {
      readonly text: string;
      readonly change: { readonly fact: string; readonly value: unknown } | null;
      readonly verdict: string | null;
      readonly why: string | null;
    }
    const ask = ["data/strikes.csv.writ", "--operation", "read", "--purpose", "dpv:AcademicResearch"];
    const { flip } = await json<{ flip: Flip }>("check", ["check", ...ask], 16);
    expect(flip).toMatchObject({ change: { fact: "region" }, verdict: "permit", why: null });
    expect((await place.writ(["check", ...ask, "--region", String(flip.change!.value)])).exit).toBe(0);
    const marketing = ["data/strikes.csv.writ", "--operation", "train", "--purpose", "dpv:Advertising"];
    const none = await json<{ flip: Flip }>("check", ["check", ...marketing], 12);
    expect(none.flip).toMatchObject({ change: null, verdict: null, why: "no-single-change" });
    expect((await place.writ(["check", ...marketing])).stdout.toString()).toContain(none.flip.text);
    const told = await json<{ policies: object[]; decision: { verdict: string }; flip: Flip }>("explain", [
      "explain",
      ...ask,
    ]);
    expect(told).toMatchObject({ decision: { verdict: "unknown" }, flip });
    expect(told.policies).toHaveLength(1);
    expect((await place.ok("explain", ...ask)).stdout.toString()).toContain(flip.text);
    const plain = await json<object>("explain", ["explain", "data/strikes.csv.writ"]);
    expect(plain).not.toHaveProperty("flip");
    expect((await place.writ(["explain", "data/strikes.csv.writ", "--region", "DE"])).exit).toBe(2);
    expect((await place.writ(["explain", "data/research.json", ...ask.slice(1)])).exit).toBe(2);
    const trust = JSON.parse(place.read("private/home/trust.json").toString()) as { suites: Record<string, object> };
    for (const name of Object.keys(trust.suites)) trust.suites[name] = { verifyUntil: "2090-01-01T00:00:00Z" };
    place.put("data/lapsing.json", JSON.stringify(trust));
    const late = ["check", ...ask, "--region", "DE", "--trust", "data/lapsing.json", "--at", "2091-01-01"];
    const lapsed = await json<{ flip: Flip }>("check", late, 12);
    expect(lapsed.flip).toMatchObject({ change: null, why: "not-by-policy" });
  });

  test("[CLI-16] check asks for another time than now", async () => {
    place.put(
      "data/brief.json",
      policyDocument({ limits: { purposes: [["dpv:AcademicResearch"]], notAfter: "2090-01-01T00:00:00Z" } }),
    );
    await place.ok("seal", "data/strikes.csv", "--policy", "data/brief.json", "-o", "data/brief.writ");
    const ask = ["check", "data/brief.writ", "--operation", "read", ...research];
    expect((await place.writ(ask)).exit).toBe(0);
    const late = await json<{ at: string; decision: { reasons: { code: string }[] } }>(
      "check",
      [...ask, "--at", "2091-01-01"],
      12,
    );
    expect(late.at).toBe("2091-01-01T00:00:00Z");
    expect(late.decision.reasons.map(({ code }) => code)).toContain("expired");
  });

  test("[CLI-6, CLI-13] open gives the plaintext to a pipe or a file, and a receipt to the home", async () => {
    const piped = await place.writ(["open", "data/strikes.csv.writ", "--operation", "read", ...research]);
    expect(piped.exit).toBe(0);
    expect(piped.stdout.equals(data)).toBe(true);
    expect(piped.stderr).toContain("obligation erase: delete, after-use within 30 days");
    const opened = await json<{ bytes: number; decision: { receipt: string } }>("open", [
      "open",
      "data/large.bin.sealed.writ",
      "--operation",
      "read",
      ...research,
      "-o",
      "large.out",
    ]);
    expect(opened.bytes).toBe(large.length);
    expect(opened.decision.receipt).toMatch(/^sha384:/);
    expect(place.read("large.out").equals(large)).toBe(true);
  });

  test("[CLI-1, CLI-5] open releases nothing where the policies deny or a fact is missing", async () => {
    const denied = await json<{ output: null }>(
      "open",
      ["open", "data/strikes.csv.writ", "--operation", "train", ...research, "-o", "never"],
      12,
    );
    expect(denied.output).toBeNull();
    await json(
      "open",
      ["open", "data/strikes.csv.writ", "--operation", "read", "--purpose", "dpv:AcademicResearch", "-o", "never"],
      16,
    );
    expect(place.list()).not.toContain("never");
  });

  test("[CLI-13] a child is derived once every parent permits it, and cites the receipts", async () => {
    place.put("data/total.csv", "strikes\n40\n");
    const parents = ["data/strikes.csv.writ", "data/large.bin.sealed.writ"];
    const derived = await json<{ child: { artifact: string } }>("derive", [
      "derive",
      ...parents,
      "--operation",
      "aggregate",
      ...research,
      "--content",
      "data/total.csv",
      "--output",
      "k=12",
    ]);
    expect(derived.child.artifact).toBe("data/total.csv.writ");
    const refused = await json<{ child: null }>(
      "derive",
      [
        "derive",
        ...parents,
        "--operation",
        "train",
        ...research,
        "--content",
        "data/total.csv",
        "-o",
        "data/model.writ",
      ],
      12,
    );
    expect(refused.child).toBeNull();
    expect(place.list()).not.toContain("data/model.writ");
    const { nodes, files } = await json<{
      files: { standing: string }[];
      nodes: { operation: string; receipts: number }[];
    }>("lineage", ["lineage", "data/total.csv.writ"]);
    expect(files).toMatchObject([{ standing: "checked" }]);
    expect(nodes.map(({ operation }) => operation).toSorted()).toEqual(["aggregate", "seal", "seal"]);
    expect(nodes[0]?.receipts).toBe(2);
    const tree = await place.ok("lineage", "data/total.csv.writ", "--tree");
    expect(tree.stdout.toString()).toMatch(/├─ seal by .*\n└─ seal by /);
  });

  test("a release that the authority signed beforehand replaces the layer, where its condition holds and the policy is at hand", async () => {
    const open = {
      id: "urn:example:office:policy:open",
      limits: { purposes: [["dpv:AcademicResearch"]] },
      permissions: [{ id: "any", operations: ["read", "share"] }],
      duties: undefined,
    };
    place.put("release/open.json", policyDocument(open));
    const { digest } = await json<{ digest: string }>("policy-sign", ["policy", "sign", "release/open.json"]);
    const release = { policy: digest, requires: { "output.k": { gte: 10 } } };
    place.put(
      "release/rows.json",
      policyDocument({ id: "urn:example:office:policy:rows", derive: { aggregate: { release } } }),
    );
    const seal = ["seal", "data/strikes.csv", "--policy", "release/rows.json"];
    await place.ok(...seal, "--release-policy", "release/open.policy", "-o", "rows.writ");
    const derive = (from: string, k: string, out: string): string[] => [
      "derive",
      from,
      "--operation",
      "aggregate",
      ...research,
      "--content",
      "data/total.csv",
      "--output",
      `k=${k}`,
      "-o",
      out,
    ];
    await place.ok(...derive("rows.writ", "12", "released.writ"));
    await place.ok(...derive("rows.writ", "9", "kept.writ"));
    const policiesOf = async (file: string): Promise<string[][]> =>
      (await place.ok("lineage", file, "--json"))
        .json<{ nodes: { operation: string; policies: string[] }[] }>()
        .nodes.filter(({ operation }) => operation === "aggregate")
        .map(({ policies }) => policies);
    expect(await policiesOf("released.writ")).toEqual([["urn:example:office:policy:open"]]);
    expect(await policiesOf("kept.writ")).toEqual([["urn:example:office:policy:rows"]]);
    await place.ok(...seal, "-o", "alone.writ");
    const refused = await place.writ([...derive("alone.writ", "12", "never.writ"), "--json"]);
    expect(refused.json()).toMatchObject({ error: { code: "release-refused", exit: 12 } });
  });

  test("[CLI-13] what opening needs is looked for before anything is decided", async () => {
    place.put("apart.sealed.writ", place.read("data/large.bin.sealed.writ"));
    const log = place.read("private/home/receipts.writ-receipts");
    const ran = await place.writ(["open", "apart.sealed.writ", "--operation", "read", ...research, "-o", "never"]);
    expect(ran).toMatchObject({ exit: 3, stderr: expect.stringContaining("name it with --content") as unknown });
    const verified = await json<{ files: { checks: { check: string; outcome: string }[] }[] }>("verify", [
      "verify",
      "apart.sealed.writ",
    ]);
    expect(verified.files[0]?.checks.find(({ check }) => check === "content")?.outcome).toBe("unchecked");
    expect(place.read("private/home/receipts.writ-receipts").equals(log)).toBe(true);
    expect(
      (
        await place.writ([
          "open",
          "apart.sealed.writ",
          "--operation",
          "read",
          ...research,
          "--content",
          "data/large.bin.sealed",
          "-o",
          "opened",
        ])
      ).exit,
    ).toBe(0);
  });

  test("[CLI-13] receipts says who used the artifact for which purpose, under signed roots", async () => {
    const { uses, logs } = await json<{
      logs: { receipts: number }[];
      uses: { operation: string; verdict: string | null; kind: string; rootedBy: string | null }[];
    }>("receipts", ["receipts", "data/strikes.csv.writ"]);
    expect(uses.map(({ kind, operation, verdict }) => [kind, operation, verdict])).toEqual([
      ["decision", "read", "permit"],
      ["release", "read", null],
      ["decision", "train", "deny"],
      ["decision", "read", "unknown"],
      ["decision", "aggregate", "permit"],
      ["decision", "train", "deny"],
    ]);
    expect(uses.every(({ rootedBy }) => rootedBy === "urn:example:office")).toBe(true);
    expect(logs[0]?.receipts).toBeGreaterThan(uses.length);
  });

  test("[CLI-1, CLI-17] the corpus is re-anchored, and what was classical is hybrid with the same content", async () => {
    const sidecar = "data/large.bin.sealed.writ";
    const before = place.read("data/large.bin.sealed");
    expect((await place.writ(["verify", sidecar, "--require-era", "hybrid"])).exit).toBe(13);
    const taken = await json<{ totals: { byEra: Record<string, number> } }>("reanchor-inventory", [
      "reanchor",
      "inventory",
      "data",
    ]);
    expect(taken.totals.byEra).toEqual({ classical: 1, hybrid: 3 });
    const planned = await json<{ totals: { cover: number } }>("reanchor-plan", ["reanchor", "plan", "data"]);
    expect(planned.totals.cover).toBe(1);
    const old = place.read(sidecar);
    const dry = await json<{ counts: { planned: number } }>("reanchor-run", ["reanchor", "run", "data"]);
    expect(dry.counts.planned).toBe(1);
    expect(place.read(sidecar).equals(old)).toBe(true);
    const done = await json<{ counts: { anchored: number }; report: string }>("reanchor-run", [
      "reanchor",
      "run",
      "data",
      "--commit",
      "--max-set-aside",
      "0.1%",
    ]);
    expect(done.counts.anchored).toBe(1);
    const report = await json<{ counts: { anchored: number }; path: string }>("reanchor-report", [
      "reanchor",
      "report",
      "data",
    ]);
    expect(report).toMatchObject({ counts: done.counts, path: done.report });
    expect((await place.writ(["verify", sidecar, "--require-era", "hybrid"])).exit).toBe(0);
    expect(place.read("data/large.bin.sealed").equals(before)).toBe(true);
    expect((await place.ok("open", sidecar, "--operation", "read", ...research)).stdout.equals(large)).toBe(true);
  });

  test("[CLI-17] a run that leaves something undone exits with 30", async () => {
    place.put("data/torn.writ", place.read("data/strikes.csv.writ").subarray(0, 2000));
    const left = await json<{ counts: Record<string, number>; outcomes: { path: string; code?: string }[] }>(
      "reanchor-run",
      ["reanchor", "run", "data", "--commit"],
      30,
    );
    expect(left.counts["set-aside"]).toBe(1);
    expect(left.outcomes.find(({ path }) => path === "torn.writ")?.code).toBeDefined();
    const listed = await place.writ(["reanchor", "inventory", "data", "--csv"]);
    expect(listed.stdout.toString().split("\n")[0]).toMatch(/^path,form,id,/);
  });
});
