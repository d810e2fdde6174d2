// State files that somebody else had a hand in: several lists of one URI, forged ones that are to be remembered, facts that are none.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeSigner, parseJson } from "@writ/core";
import { signConsents, signStatusList } from "@writ/evaluator/status";
import { newSigner } from "../support/scene.ts";
import { policyDocument, workplace } from "./shell.ts";
import type { Ran, Workplace } from "./shell.ts";

const uri = "https://status.example/1";
const holds = "https://holds.example/1";
const registrar = newSigner("urn:example:registrar", "ed25519");
const court = newSigner("urn:example:court", "ed25519");
const stranger = newSigner("urn:example:registrar", "ed25519");
const read = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
const now = Math.floor(Date.now() / 1000);
let place: Workplace;

const open = (file: string, ...more: string[]): Promise<Ran> =>
  place.writ(["open", file, ...read, "--force", "-o", "plain", "--json", ...more]);
const codeOf = (ran: Ran): string | undefined => ran.json<{ error?: { code: string } }>().error?.code;

beforeAll(async () => {
  place = await workplace();
  const trust = parseJson(place.read("private/home/trust.json").toString()) as { sequence: number; signers: object[] };
  trust.sequence += 1;
  trust.signers.push(
    { ...describeSigner(registrar, "status"), scope: ["https://status.example/", "urn:example:consent:"] },
    { ...describeSigner(court, "hold"), scope: ["https://holds.example/"] },
  );
  place.put("trust.json", JSON.stringify(trust));
  await place.ok("trust", "add", "trust.json", "--pin");
  place.put("data.csv", "a,b\n1,2\n");
  place.put("policy.json", policyDocument());
  await place.ok("seal", "data.csv", "--policy", "policy.json", "--status-entry", `${uri}#3`, "-o", "listed.writ");
  await place.ok("seal", "data.csv", "--policy", "policy.json", "--status-entry", `${holds}#3`, "-o", "held.writ");
  await place.ok("seal", "data.csv", "--policy", "policy.json", "-o", "plain.writ");
  const list = (issuedAt: number, entries: ReadonlyMap<number, "revoked">): Promise<string> =>
    signStatusList({ uri, size: 8, entries, issuedAt }, registrar);
  place.put("before", await list(now - 3600, new Map()));
  place.put("after", await list(now - 10, new Map([[3, "revoked"]])));
  place.put("hold", await signStatusList({ uri: holds, size: 8, entries: new Map(), issuedAt: now - 10 }, court));
});
afterAll(() => place.remove());

describe("several lists", () => {
  test.each([
    ["before", "after"],
    ["after", "before"],
    ["after", "after"],
  ])("[CLI-24] of one URI, %s and %s, are a usage error: none of them is chosen by its place", async (...files) => {
    const both = await open("listed.writ", ...files.flatMap((file) => ["--status", file]));
    expect([both.exit, both.stderr]).toEqual([2, expect.stringContaining(`\`${uri}\``)]);
  });

  test("[CLI-24] control: each alone says what it says, and lists of other URIs may stand beside it", async () => {
    const checked = (...files: string[]): Promise<Ran> =>
      place.writ(["check", "listed.writ", ...read, ...files.flatMap((file) => ["--status", file])]);
    expect((await checked("before")).exit).toBe(0);
    expect((await checked("after")).exit).toBe(12);
    expect((await checked("before", "hold")).exit).toBe(0);
  });
});

describe("a forged file", () => {
  test("[CLI-24] [CLI-28] in the place of a register is refused and not remembered, though a hold signer may speak there", async () => {
    for (const signer of [stranger, court]) {
      const draft = {
        uri: holds,
        issuedAt: now + 200,
        consents: { "urn:example:consent:1": { value: "given" } },
      } as const;
      place.put("forged", await signConsents(draft, signer));
      const forged = await open("plain.writ", "--consents", "forged");
      expect([forged.exit, codeOf(forged)]).toEqual([13, "signer-scope"]);
    }
    const current = await open("held.writ", "--status", "hold");
    expect(codeOf(current), "the true list is no step back").toBeUndefined();
  });

  test("[CLI-24] [CLI-28] in the place of a list isn't remembered either", async () => {
    place.put(
      "forged",
      await signStatusList({ uri: holds, size: 8, entries: new Map(), issuedAt: now + 200 }, stranger),
    );
    expect(codeOf(await open("held.writ", "--status", "forged"))).toBe("signer-unknown");
    expect(codeOf(await open("held.writ", "--status", "hold"))).toBeUndefined();
    place.put("newer", await signStatusList({ uri: holds, size: 8, entries: new Map(), issuedAt: now + 200 }, court));
    expect(codeOf(await open("held.writ", "--status", "newer"))).toBeUndefined();
    expect(codeOf(await open("held.writ", "--status", "hold")), "control: a true one is").toBe("status-rollback");
  });
});

describe("facts that are none", () => {
  test.each([
    ["deeper than JSON may be", `urn:x:f=${"[".repeat(70)}${"]".repeat(70)}`],
    ["far deeper", `urn:x:f=${"[".repeat(50_000)}${"]".repeat(50_000)}`],
    ["deeper than a receipt may be", `urn:x:f=${"[".repeat(30)}${"]".repeat(30)}`],
    ["a member twice", 'urn:x:f=[{"a":1,"a":2}]'],
    ["a lone surrogate", 'urn:x:f="\\ud800"'],
  ])("[CLI-1] %s: a usage error", async (_what, fact) => {
    const ran = await place.writ(["check", "plain.writ", ...read, "--fact", fact]);
    expect([ran.exit, ran.stderr]).toEqual([2, expect.stringMatching(/^writ: usage: /)]);
    expect(ran.stderr.length).toBeLessThan(1000);
  });

  test("[CLI-1] control: lists are facts", async () => {
    expect((await place.writ(["check", "plain.writ", ...read, "--fact", 'urn:x:f=["a",["b"]]'])).exit).toBe(0);
  });
});
