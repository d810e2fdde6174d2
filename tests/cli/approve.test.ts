// State from the command line: approvals that are used up, status lists and consents that must be signed.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeSigner, parseJson, readReceiptFile, verifyReceipts } from "@writ/core";
import type { Signer } from "@writ/core";
import { openLocalKeystore } from "@writ/core/local";
import { signConsents, signStatusList } from "@writ/evaluator/status";
import type { ListedStatus } from "@writ/evaluator/status";
import { newSigner } from "../support/scene.ts";
import { authority, policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Ran, Workplace } from "./shell.ts";

const uri = "https://status.example/1";
const register = "https://status.example/consents";
const consent = "urn:example:consent:7";
const registrar = newSigner("urn:example:registrar", "ed25519");
const read = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
const file = "data/plain.csv.writ";
let place: Workplace;
let approverKey: string;

async function verdictOf(run: Promise<Ran>): Promise<string> {
  return (await run).json<{ decision: { verdict: string } }>().decision.verdict;
}

let lists = 0;

/** Each list is a second younger than the one before: of two of one time the first that was taken counts. */
async function statusFile(status: ListedStatus, signer: Signer = registrar): Promise<string> {
  const name = `status-${randomBytes(4).toString("hex")}`;
  lists += 1;
  const issuedAt = Math.floor(Date.now() / 1000) - 120 + lists;
  const draft = { uri, size: 8, entries: new Map([[3, status]]), issuedAt };
  place.put(name, await signStatusList(draft, signer));
  return name;
}

const who = (): string[] => `--signer-key ${approverKey} --authority urn:role:dpo --approver urn:person:ada`.split(" ");

async function approval(...more: string[]): Promise<string> {
  const name = `approval-${randomBytes(4).toString("hex")}`;
  await place.ok("approve", file, "--operation", "read", "--waives", "briefing", ...who(), "-o", name, ...more);
  return name;
}

beforeAll(async () => {
  place = await workplace();
  const keystore = await openLocalKeystore({
    file: join(place.home, "keystore.writ-keys"),
    keyFile: join(place.home, "keystore.key"),
  });
  approverKey = (await keystore.createSigningKey("approver", -19)).uri;
  const { alg, raw } = await keystore.publicKey(approverKey);
  const approver = {
    authority: "urn:role:dpo",
    suite: "ed25519",
    keys: [{ alg, publicKey: raw }],
  } as unknown as Signer;
  const trust = parseJson(place.read("private/home/trust.json").toString()) as { sequence: number; signers: object[] };
  trust.sequence += 1;
  trust.signers.push(describeSigner(approver, "approve"), {
    ...describeSigner(registrar, "status"),
    scope: ["https://status.example/", "urn:example:consent:"],
  });
  place.put("trust.json", JSON.stringify(trust));
  await place.ok("trust", "add", "trust.json", "--pin");
  place.put("data/plain.csv", "a,b\n1,2\n");
  const document = JSON.parse(policyDocument()) as { permissions: { duties: string[] }[]; duties: object[] };
  document.permissions[0]!.duties.push("briefing");
  document.duties.push({ id: "briefing", type: "inform", trigger: "before-use" });
  place.put("policy.json", JSON.stringify(document));
  await place.ok("policy", "sign", "policy.json");
  await place.ok("seal", "data/plain.csv", "--policy", "policy.policy");
});
afterAll(() => place.remove());

describe("writ approve", () => {
  test("[CLI-25] [CLI-24] [REC-11] an approval lets one use pass, a check uses none up", async () => {
    const made = await approval();
    const without = await place.writ(["check", file, ...read, "--json"]);
    expect(without.exit).toBe(16);
    expect(JSON.stringify(without.json())).toContain("--approval FILE, made with `writ approve`");
    const withIt = [...read, "--approval", made];
    expect((await place.writ(["check", file, ...withIt])).exit).toBe(0);
    expect((await place.writ(["check", file, ...withIt])).exit).toBe(0);
    const opened = await place.writ(["open", file, ...withIt]);
    expect([opened.exit, opened.stdout.toString()]).toEqual([0, "a,b\n1,2\n"]);
    const { name } = (
      await place.ok("approve", file, "--operation", "read", "--waives", "briefing", ...who(), "-o", "n", "--json")
    ).json<{
      name: string;
    }>();
    await place.ok("open", file, ...read, "--approval", "n", "--receipts", "named", "-o", "named.csv");
    const shown = await place.ok("receipts", file, "--receipts", "named", "--json");
    expect(schemaFaults("receipts", shown.json())).toEqual([]);
    const { uses } = shown.json<{ uses: { kind: string; approvals: string[]; stateAgesMs: object }[] }>();
    expect(uses.map(({ kind, approvals }) => [kind, approvals])).toEqual([
      ["decision", [name]],
      ["release", []],
    ]);
    expect(Object.keys(uses[0]!.stateAgesMs)).toEqual(["approval:briefing"]);
    const again = await place.writ(["open", file, ...withIt, "--json", "-o", "again.csv"]);
    expect([again.exit, JSON.stringify(again.json())]).toEqual([12, expect.stringContaining("approval-missing")]);
    expect(place.list()).not.toContain("again.csv");
  });

  test("[CLI-25] prints what it signed, and refuses what would not verify or serve", async () => {
    const who = ["--approver", "urn:person:ada", "--authority", "urn:role:dpo"];
    const good = ["approve", file, "--operation", "read", "--waives", "briefing", "--signer-key", approverKey, ...who];
    const shown = await place.writ([...good, "--days", "30", "-o", "shown", "--json"]);
    expect(schemaFaults("approve", shown.json())).toEqual([]);
    expect((await place.writ([...good, "-o", "shown"])).exit).toBe(3); // it exists
    expect((await place.writ([...good, "--days", "31", "-o", "x"])).exit).toBe(2);
    const other = ["--operation", "read", "--waives", "erase", ...good.slice(6)];
    expect((await place.writ(["approve", file, ...other, "-o", "x"])).exit).toBe(2); // not due before use
    expect((await place.writ(["approve", file, "--operation", "eat", ...good.slice(4), "-o", "x"])).exit).toBe(2);
    const homes = ["--operation", "read", "--waives", "briefing", "--approver", "urn:person:ada", "-o", "x"];
    expect((await place.writ(["approve", file, ...homes])).exit).toBe(13); // the home has no approver
    const issuer = ["--signer-key", "local:issue-ed25519-1", "--authority", authority];
    expect((await place.writ(["approve", file, ...homes, ...issuer])).exit).toBe(13); // another role
    expect(place.list()).not.toContain("x");
  });

  test("[CLI-24] two approvals of one person are not two", async () => {
    const files = ["--approval", await approval(), "--approval", await approval()];
    const two = await place.writ(["open", file, ...read, ...files, "--approval-threshold", "2"]);
    expect([two.exit, two.stderr]).toEqual([12, expect.stringContaining("1 approvals count of 2")]);
    expect((await place.writ(["check", file, ...read, "--approval-threshold", "2"])).exit).toBe(2);
  });
});

describe("state from files", () => {
  test("[CLI-24] a file counts only where its signer may speak, and is told so otherwise", async () => {
    const bare = ["check", file, ...read];
    const stranger = await place.writ([
      ...bare,
      "--status",
      await statusFile("valid", newSigner("urn:a:b", "ed25519")),
    ]);
    expect([stranger.exit, stranger.stderr]).toEqual([13, expect.stringContaining("signer-unknown")]);
    place.put(
      "elsewhere",
      await signStatusList({ uri: "https://x.example/", size: 8, entries: new Map(), issuedAt: 1 }, registrar),
    );
    const elsewhere = await place.writ([...bare, "--status", "elsewhere"]);
    expect([elsewhere.exit, elsewhere.stderr]).toEqual([13, expect.stringContaining("signer-scope")]);
    place.put("no-token", "hello");
    expect((await place.writ([...bare, "--status", "no-token"])).exit).toBe(3);
    expect((await place.writ([...bare, "--status", "nowhere"])).exit).toBe(3);
    expect((await place.writ([...bare, "--consents", await statusFile("valid")])).exit).toBe(13); // no register
    expect((await place.writ([...bare, "--status", await statusFile("valid")])).exit).toBe(16); // control: only the duty is open
  });

  test("[CLI-24] [CNS-3] a consent that is given, withdrawn, or not said", async () => {
    const document = policyDocument({ limits: { consents: [consent] }, id: "urn:example:by-consent" });
    place.put("by-consent.json", document);
    await place.ok("seal", "data/plain.csv", "--policy", "by-consent.json", "-o", "data/consent.writ");
    const ask = async (...more: string[]): Promise<string> =>
      verdictOf(place.writ(["check", "data/consent.writ", ...read, ...more, "--json"]));
    expect(await ask()).toBe("unknown");
    for (const [value, verdict] of [
      ["given", "permit"],
      ["withdrawn", "deny"],
    ] as const) {
      const issuedAt = Math.floor(Date.now() / 1000) - 60;
      place.put(value, await signConsents({ uri: register, issuedAt, consents: { [consent]: { value } } }, registrar));
      expect(await ask("--consents", value)).toBe(verdict);
    }
  });

  test("[CLI-24] [STS-3] data that was sealed with a place in a list is denied once it is revoked, and the receipt says how old that is", async () => {
    place.put("plain.json", policyDocument({ id: "urn:example:plain" }));
    await place.ok(
      "seal",
      "data/plain.csv",
      "--policy",
      "plain.json",
      "--status-entry",
      `${uri}#3`,
      "-o",
      "data/listed.writ",
    );
    const open = (...more: string[]): Promise<Ran> =>
      place.writ([
        "open",
        "data/listed.writ",
        ...read,
        "--receipts",
        "log",
        "--json",
        "--force",
        "-o",
        "listed.csv",
        ...more,
      ]);
    expect(await verdictOf(open())).toBe("unknown");
    expect(await verdictOf(open("--status", await statusFile("valid")))).toBe("permit");
    expect(await verdictOf(open("--status", await statusFile("revoked")))).toBe("deny");
    const { entries } = readReceiptFile(place.read("log"));
    const decisions = verifyReceipts(entries, null).filter(({ receipt }) => receipt.kind === "decision");
    const ages = decisions.map(({ receipt }) => receipt.stateAgesMs?.get(`status:${uri}#3`));
    expect(ages[0]).toBeUndefined();
    for (const age of ages.slice(1)) expect(age).toBeGreaterThanOrEqual(60_000);
    expect((await place.writ(["seal", "data/plain.csv", "--policy", "plain.json", "--status-entry", uri])).exit).toBe(
      2,
    );
  });
});
