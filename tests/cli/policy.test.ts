// Policies by the command: what differs, and the way from and to ODRL.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

let place: Workplace;

beforeAll(async () => {
  place = await workplace();
  place.put("a.json", policyDocument());
  place.put("b.json", policyDocument({ limits: { purposes: [["dpv:AcademicResearch"]], regions: [["EU", "CH"]] } }));
});
afterAll(() => place.remove());

async function json<T>(schema: string, argv: readonly string[]): Promise<T> {
  const ran = await place.ok(...argv, "--json");
  const value = ran.json<T>();
  expect(schemaFaults(schema, value)).toEqual([]);
  return value;
}

interface Diff {
  readonly cases: number;
  readonly differing: number;
  readonly changes: readonly { from: string; to: string; count: number }[];
}

describe("policy diff", () => {
  test("[CLI-30] counts what is decided apart; a policy and itself differ nowhere, signed or not", async () => {
    const diff = await json<Diff>("policy-diff", ["policy", "diff", "a.json", "b.json"]);
    expect(diff.differing).toBeGreaterThan(0);
    expect(diff.changes.reduce((sum, { count }) => sum + count, 0)).toBe(diff.differing);
    expect(diff.changes.map(({ from, to }) => `${from} ${to}`)).toContain("deny permit");
    await place.ok("policy", "sign", "a.json");
    const same = await json<Diff>("policy-diff", ["policy", "diff", "a.json", "a.policy"]);
    expect(same).toMatchObject({ differing: 0, changes: [] });
    const prose = await place.ok("policy", "diff", "a.json", "b.json");
    expect(prose.stdout.toString()).toMatch(/deny -> permit\n {8}for example: \w+ for .* in CH/);
  });

  test("[CLI-30] asks the requests of a file", async () => {
    const request = { operation: "read", purposes: ["dpv:AcademicResearch"], principal: { id: "u", kind: "human" } };
    const swiss = { ...request, region: "CH" };
    place.put(
      "requests.json",
      JSON.stringify([
        { ...request, region: "DE" },
        { request: swiss, state: { statusEntries: [], holds: [] } },
      ]),
    );
    const argv = ["policy", "diff", "a.json", "b.json", "--requests", "requests.json"];
    expect(await json<Diff>("policy-diff", argv)).toMatchObject({
      cases: 2,
      generated: false,
      differing: 1,
      changes: [{ from: "deny", to: "permit", count: 1 }],
      differences: [{ request: swiss, a: { verdict: "deny", reasons: ["region"] } }],
    });
    for (const [text, exit] of [
      ["{}", 3],
      ["[]", 3],
      ['[{"operation":"read"}]', 2],
    ] as const) {
      place.put("requests.json", text);
      expect((await place.writ(argv)).exit, text).toBe(exit);
    }
  });
});

describe("policy convert", () => {
  test("[CLI-31] goes to ODRL and back to a policy that decides alike", async () => {
    const made = await json<{ policy: object }>("policy-convert", ["policy", "convert", "a.json", "--to", "odrl"]);
    expect(made.policy).toMatchObject({ "@type": "Set", conflict: "prohibit", assigner: "urn:example:office" });
    await place.ok("policy", "convert", "a.json", "--to", "odrl", "-o", "a.odrl.json");
    await place.ok("policy", "convert", "a.odrl.json", "--to", "writ", "-o", "back.json");
    expect(await json<Diff>("policy-diff", ["policy", "diff", "a.json", "back.json"])).toMatchObject({ differing: 0 });
    await place.ok("policy", "sign", "back.json");
    expect((await place.writ(["policy", "convert", "a.json", "--to", "odrl", "-o", "a.odrl.json"])).exit).toBe(3);
  });

  test("[CLI-31] what has no counterpart is refused with its place, and nothing is written", async () => {
    const odrl = {
      "@context": "http://www.w3.org/ns/odrl.jsonld",
      uid: "urn:example:p",
      conflict: "perm",
      permission: [{ action: "read" }],
    };
    place.put("perm.json", JSON.stringify(odrl));
    const refused = await place.writ(["policy", "convert", "perm.json", "--to", "writ", "-o", "never.json"]);
    expect(refused).toMatchObject({ exit: 3 });
    expect(refused.stderr).toContain("odrl-unsupported");
    expect(refused.stderr).toContain("/conflict");
    expect(place.list()).not.toContain("never.json");
    place.put("ok.json", JSON.stringify({ ...odrl, conflict: undefined })); // control; the home's authority stands in
    expect(
      (await json<{ policy: object }>("policy-convert", ["policy", "convert", "ok.json", "--to", "writ"])).policy,
    ).toMatchObject({
      authority: "urn:example:office",
    });
    for (const argv of [
      ["--to", "xacml"],
      ["--to", "odrl", "--authority", "urn:example:x"],
    ])
      expect((await place.writ(["policy", "convert", "a.json", ...argv])).exit).toBe(2);
  });
});

describe("a misspelt purpose", () => {
  test("[CLI-18] comes with what may have been meant", async () => {
    place.put("data.txt", "1");
    await place.ok("seal", "data.txt", "--policy", "a.json", "-o", "data.writ");
    const ran = await place.writ(["check", "data.writ", "--operation", "read", "--purpose", "dpv:AcademicReserch"]);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain("did you mean `https://w3id.org/dpv#AcademicResearch`?");
  });
});
