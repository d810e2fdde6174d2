// Uses counted from the command line: open and derive cost one each, check none, and the limit is a deny.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyDocument, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

const file = "data/plain.csv.writ";
const read = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
let place: Workplace;

beforeAll(async () => {
  place = await workplace();
  place.put("data/plain.csv", "a,b\n1,2\n");
  const document = JSON.parse(policyDocument()) as { limits: object };
  document.limits = { ...document.limits, maxUses: { "urn:example:counter:study": 2 } };
  place.put("policy.json", JSON.stringify(document));
  await place.ok("policy", "sign", "policy.json");
  await place.ok("seal", "data/plain.csv", "--policy", "policy.policy");
});
afterAll(() => place.remove());

const open = async (...more: string[]): Promise<number> =>
  (await place.writ(["open", file, ...read, "--force", "-o", "plain", ...more])).exit;
const check = async (...more: string[]): Promise<number> => (await place.writ(["check", file, ...read, ...more])).exit;

describe("counting", () => {
  test("[CLI-26] [STA-2] two uses are permitted, the third is denied; checks cost none and make no file", async () => {
    const named = ["--counters", "study.counters"];
    const path = join(place.folder, "study.counters");
    for (let n = 0; n < 3; n += 1) expect(await check(...named)).toBe(0);
    expect(existsSync(path)).toBe(false);
    expect(await open(...named)).toBe(0);
    expect(existsSync(path)).toBe(true);
    for (let n = 0; n < 3; n += 1) expect(await check(...named)).toBe(0);
    expect(await open(...named)).toBe(0);
    expect([await check(...named), await open(...named)]).toEqual([12, 12]);
    const why = await place.writ(["open", file, ...read, "--force", "-o", "plain", ...named]);
    expect(why.stderr).toContain("uses-exhausted");
  });

  test("[CLI-26] without --counters the home counts, and deriving costs a use of the same counter", async () => {
    expect(await open()).toBe(0);
    place.put("new.csv", "c\n3\n");
    const derive = ["derive", file, ...read, "--content", "new.csv", "--force", "-o", "child.writ"];
    expect((await place.writ(derive)).exit).toBe(0);
    expect([await open(), (await place.writ(derive)).exit, await check()]).toEqual([12, 12, 12]);
    expect(await open("--counters", "another")).toBe(0); // control: it was the count
  });

  test("[CLI-26] a file that is no file of counters is an error before anything is opened", async () => {
    place.put("junk", "this is no file of counters, and long enough to be looked at as a database of some kind");
    const ran = await place.writ(["open", file, ...read, "--counters", "junk", "-o", "never", "--json"]);
    expect([ran.exit, ran.stderr.includes("format-unknown")]).toEqual([3, true]);
    expect(existsSync(join(place.folder, "never"))).toBe(false);
    expect(place.read("junk").toString()).toContain("no file of counters");
  });
});
