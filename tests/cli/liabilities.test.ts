// Duties from the command line: what uses owe, and the record that it was done.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Ran, Workplace } from "./shell.ts";

interface Owed {
  readonly duty: string;
  readonly decision: string;
  readonly overdue: boolean;
  readonly discharge: string | null;
}

const read = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
const steward = "urn:role:steward";
const monthMs = 31 * 86_400_000;
let place: Workplace;

const open = (): Promise<Ran> => place.ok("open", "data/plain.csv.writ", ...read, "-o", "out.csv", "--force");

async function owed(exit: number, ...more: string[]): Promise<readonly Owed[]> {
  const ran = await place.writ(["liabilities", "--json", ...more]);
  const value = ran.json<{ liabilities: readonly Owed[] }>();
  expect([ran.exit, schemaFaults("liabilities", value)]).toEqual([exit, []]);
  return value.liabilities;
}

beforeAll(async () => {
  place = await workplace();
  const document = JSON.parse(policyDocument()) as { permissions: { duties: string[] }[]; duties: object[] };
  document.permissions[0]!.duties.push("account");
  document.duties.push({ id: "account", type: "report", trigger: "each-use", within: "P1D", by: steward });
  place.put("policy.json", JSON.stringify(document));
  place.put("data/plain.csv", "a,b\n1,2\n");
  await place.ok("policy", "sign", "policy.json");
  await place.ok("seal", "data/plain.csv", "--policy", "policy.policy");
});
afterAll(() => place.remove());

describe("writ liabilities", () => {
  test("[CLI-27] [LIA-2] [LIA-3] exits with 15 while a duty is open, and lists the one that is due first", async () => {
    expect((await place.writ(["liabilities"])).exit).toBe(3); // no receipts yet
    await open();
    await open();
    const first = await owed(15);
    expect(first.map(({ duty }) => duty)).toEqual(["account", "account", "erase"]);
    expect(first.some(({ overdue }) => overdue)).toBe(false);
    const late = await place.writ(["liabilities"], { now: () => Date.now() + monthMs });
    expect(late.stderr).toContain("3 open, 3 of them overdue");
    for (const { decision, duty } of first) {
      const done = await place.ok(
        "discharge",
        decision,
        "--duty",
        duty,
        "--by",
        "urn:person:bob",
        "--role",
        steward,
        "--json",
      );
      expect(schemaFaults("discharge", done.json())).toEqual([]);
    }
    expect(await owed(0)).toEqual([]);
    expect((await owed(0, "--all")).every(({ discharge }) => discharge !== null)).toBe(true);
    const uses = (await place.ok("receipts", "data/plain.csv.writ", "--json")).json<{
      uses: { kind: string; discharged: string | null; rootedBy: string | null }[];
    }>();
    expect(schemaFaults("receipts", uses)).toEqual([]);
    expect(uses.uses.filter(({ kind }) => kind === "discharge").map(({ discharged }) => discharged)).toEqual([
      "account",
      "account",
      "erase",
    ]);
    expect(uses.uses.every(({ rootedBy }) => rootedBy !== null)).toBe(true);
    await open();
    expect(await owed(15)).toHaveLength(2);
  });

  test("[CLI-27] [LIA-4] a discharge that serves for nothing is refused, and writes nothing", async () => {
    const [account] = await owed(15);
    const { decision } = account!;
    const before = place.read("private/home/receipts.writ-receipts").length;
    const refused = async (...argv: string[]): Promise<number> => (await place.writ(["discharge", ...argv])).exit;
    expect(await refused(decision, "--duty", "account")).toBe(2); // without the role
    expect(await refused(decision, "--duty", "none", "--role", steward)).toBe(2);
    expect(await refused("sha384:0000000000000000", "--duty", "account", "--role", steward)).toBe(2);
    expect(await refused("sha384:", "--duty", "account", "--role", steward)).toBe(2);
    expect(await refused(decision, "--duty", "account", "--role", steward, "--receipts", "none")).not.toBe(0);
    expect(
      await refused(decision, "--duty", "account", "--role", steward, "--policy", `sha384:${"0".repeat(96)}`),
    ).toBe(2);
    expect(place.read("private/home/receipts.writ-receipts").length).toBe(before);
    expect(await refused(decision.slice(0, 24), "--duty", "account", "--role", steward)).toBe(0); // control
  });

  test("[CLI-27] a log that was cut is refused", async () => {
    const whole = place.read("private/home/receipts.writ-receipts");
    const flipped = Buffer.from(whole);
    flipped[200] = flipped[200]! ^ 1;
    place.put("flipped", flipped);
    expect([3, 10, 13]).toContain((await place.writ(["liabilities", "--receipts", "flipped"])).exit);
    place.put("copy", whole);
    expect((await place.writ(["liabilities", "--receipts", "copy"])).exit).toBe(15); // control
  });
});
