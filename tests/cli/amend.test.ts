// adopt, amend, approve from the command line: bytes as they are, revisions, and two people who let a policy go.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeSigner, parseJson } from "@writ/core";
import type { Signer } from "@writ/core";
import { openLocalKeystore } from "@writ/core/local";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Ran, Workplace } from "./shell.ts";

const read = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
const roles = ["urn:role:dpo", "urn:role:owner"] as const;
let place: Workplace;
const keys = new Map<string, string>();

async function approve(role: string, approver: string, ...more: string[]): Promise<string> {
  const name = `${role.slice(9)}-${approver.slice(11)}.approval`;
  const who = ["--signer-key", keys.get(role)!, "--authority", role, "--approver", approver, "--force", "-o", name];
  const change = ["--operation", "amend", "--remove-policy", "urn:example:office:policy:strict", ...more];
  await place.ok("approve", "data/strict.writ", ...change, ...who);
  return name;
}

beforeAll(async () => {
  place = await workplace();
  const keystore = await openLocalKeystore({
    file: join(place.home, "keystore.writ-keys"),
    keyFile: join(place.home, "keystore.key"),
  });
  const trust = parseJson(place.read("private/home/trust.json").toString()) as { sequence: number; signers: object[] };
  trust.sequence += 1;
  for (const role of roles) {
    const { uri } = await keystore.createSigningKey(role.slice(9), -19);
    keys.set(role, uri);
    const { alg, raw } = await keystore.publicKey(uri);
    const signer = { authority: role, suite: "ed25519", keys: [{ alg, publicKey: raw }] } as unknown as Signer;
    trust.signers.push(describeSigner(signer, "approve"));
  }
  place.put("trust.json", JSON.stringify(trust));
  await place.ok("trust", "add", "trust.json", "--pin");
  place.put("data/plain.csv", "a,b\n1,2\n");
  place.put("plain.json", policyDocument());
  place.put("us.json", policyDocument({ id: "urn:example:office:policy:us", limits: { regions: [["DE", "US"]] } }));
  const atMost = { purposes: [["dpv:AcademicResearch"]] };
  const strict = {
    id: "urn:example:office:policy:strict",
    limits: { purposes: [["dpv:AcademicResearch"]], regions: [["US"]] },
    declassify: { threshold: 2, approvers: roles, atMost },
  };
  place.put("strict.json", policyDocument(strict));
  for (const name of ["plain", "us", "strict"]) await place.ok("policy", "sign", `${name}.json`);
  await place.ok("seal", "data/plain.csv", "--policy", "strict.policy", "-o", "data/strict.writ");
  await place.ok("seal", "data/plain.csv", "--policy", "plain.policy", "-o", "data/plain.writ");
});
afterAll(() => place.remove());

describe("writ adopt", () => {
  test("[CLI-32] a sidecar beside the file, verified with it, opened as it is", async () => {
    const bytes = Buffer.from([0, 1, 2, 3, 255]);
    place.put("lake/claims.enc", bytes);
    const keyUri = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const made = await place.ok(
      "adopt",
      "lake/claims.enc",
      "--policy",
      "plain.json",
      "--external-key",
      keyUri,
      "--json",
    );
    expect(schemaFaults("adopt", made.json())).toEqual([]);
    expect(made.json()).toMatchObject({ adopted: [{ artifact: "lake/claims.enc.writ", externalKey: keyUri }] });
    expect(place.read("lake/claims.enc").equals(bytes)).toBe(true);
    const verified = await place.ok("verify", "lake/claims.enc.writ");
    expect(verified.stdout.toString()).toContain("5 bytes match the signed root");
    const opened = await place.ok("open", "lake/claims.enc.writ", ...read);
    expect(opened.stdout.equals(bytes)).toBe(true);
    const denied = await place.writ([
      "open",
      "lake/claims.enc.writ",
      ...read.slice(0, 2),
      "--purpose",
      "dpv:Advertising",
      "--region",
      "DE",
    ]);
    expect([denied.exit, denied.stdout.length]).toEqual([12, 0]);
    place.put("lake/claims.enc", Buffer.from([0, 1, 2, 3, 254]));
    expect((await place.writ(["verify", "lake/claims.enc.writ"])).exit).toBe(11);
    expect((await place.writ(["open", "lake/claims.enc.writ", ...read])).exit).toBe(11);
  });

  test("[CLI-4] [CLI-5] [CLI-32] several files or none, nothing replaced, no text on stdout", async () => {
    place.put("lake/a", "a");
    place.put("lake/empty", "");
    await place.ok("adopt", "lake/a", "lake/empty", "--policy", "plain.policy", "-o", "governed/");
    expect(place.list().filter((name) => name.startsWith("governed/"))).toEqual([
      "governed/a.writ",
      "governed/empty.writ",
    ]);
    await place.ok("verify", "governed/empty.writ", "--content", "lake/empty");
    const again = await place.writ(["adopt", "lake/a", "--policy", "plain.policy", "-o", "governed/a.writ"]);
    expect(again.exit).toBe(3);
    expect((await place.writ(["adopt", "lake/a", "lake/none", "--policy", "plain.policy"])).exit).toBe(3);
    expect(place.list()).not.toContain("lake/a.writ");
    expect((await place.writ(["adopt", "lake/a", "lake/empty", "--policy", "plain.policy", "-o", "one"])).exit).toBe(2);
    expect((await place.writ(["adopt", "lake/a", "--policy", "plain.policy", "-o", "-"])).exit).toBe(2);
  });
});

describe("writ amend", () => {
  test("[CLI-40] adds a policy: the envelope keeps its content, the old file stays unless told otherwise", async () => {
    const before = place.read("data/plain.writ");
    expect((await place.writ(["amend", "data/plain.writ", "--add-policy", "us.policy"])).exit).toBe(3);
    const made = await place.ok(
      "amend",
      "data/plain.writ",
      "--add-policy",
      "us.policy",
      "--json",
      "-o",
      "data/us.writ",
    );
    expect(schemaFaults("amend", made.json())).toEqual([]);
    expect(made.json()).toMatchObject({ amended: [{ revision: 1, warnings: [{ code: "copies-unaware" }] }] });
    expect(place.read("data/plain.writ").equals(before)).toBe(true);
    const inFrance = [...read.slice(0, 4), "--region", "FR"];
    expect((await place.writ(["check", "data/us.writ", ...inFrance])).exit).toBe(12);
    expect((await place.writ(["check", "data/plain.writ", ...inFrance])).exit, "control").toBe(0);
    expect((await place.ok("open", "data/us.writ", ...read)).stdout.toString()).toBe("a,b\n1,2\n");
    expect((await place.ok("open", "data/plain.writ", ...read)).stdout.toString()).toBe("a,b\n1,2\n");
    expect((await place.ok("lineage", "data/us.writ")).exit).toBe(0);
  });

  test("[CLI-40] a sidecar stays one, and an entry of the status list is named that ends with the old revision", async () => {
    place.put("data/big.csv", "c\n3\n");
    await place.ok(
      "seal",
      "data/big.csv",
      "--policy",
      "plain.policy",
      "--detached",
      "--status-entry",
      "https://status.example/1#4",
    );
    const flags = ["--media-type", "text/csv", "--status-entry", "https://status.example/1#5", "--force"];
    const made = await place.ok("amend", "data/big.csv.sealed.writ", ...flags, "--json");
    expect(made.json()).toMatchObject({
      amended: [{ artifact: "data/big.csv.sealed.writ", superseded: ["https://status.example/1#4"], warnings: [] }],
    });
    const verified = await place.ok("verify", "data/big.csv.sealed.writ");
    expect(verified.stdout.toString()).toContain("match the signed root");
    const again = await place.ok("amend", "data/big.csv.sealed.writ", "--media-type", "text/plain", "--force");
    expect(again.stderr).toContain("doesn't notice");
  });

  test("[CLI-25] [CLI-40] a policy goes once two people have approved exactly that", async () => {
    const change = ["--remove-policy", "urn:example:office:policy:strict", "--add-policy", "plain.policy"];
    const amend = (...more: string[]): Promise<Ran> =>
      place.writ(["amend", "data/strict.writ", ...change, "--json", "-o", "data/lax.writ", ...more]);
    const codeOf = async (ran: Promise<Ran>): Promise<unknown> => {
      const { exit, stdout } = await ran;
      return [exit, (JSON.parse(stdout.toString()) as { error?: { code: string } }).error?.code];
    };
    const dpo = await approve("urn:role:dpo", "urn:person:ada", "--add-policy", "plain.policy");
    const owner = await approve("urn:role:owner", "urn:person:bob", "--add-policy", "plain.policy");
    const same = await approve("urn:role:owner", "urn:person:ada", "--add-policy", "plain.policy");
    const other = await approve("urn:role:owner", "urn:person:cyd", "--add-policy", "us.policy");
    expect(await codeOf(amend())).toEqual([12, "approval-missing"]);
    expect(await codeOf(amend("--approval", dpo))).toEqual([12, "approval-missing"]);
    expect(await codeOf(amend("--approval", dpo, "--approval", same))).toEqual([12, "approval-missing"]);
    expect(await codeOf(amend("--approval", dpo, "--approval", other))).toEqual([12, "approval-mismatch"]);
    expect(place.list()).not.toContain("data/lax.writ");
    expect(await codeOf(amend("--approval", dpo, "--approval", owner))).toEqual([0, undefined]);
    expect((await place.ok("open", "data/lax.writ", ...read)).stdout.toString()).toBe("a,b\n1,2\n");
    expect((await place.writ(["open", "data/strict.writ", ...read])).exit).toBe(12);
    expect(await codeOf(amend("--approval", dpo, "--approval", owner, "--force"))).toEqual([12, "approval-missing"]);
  });

  test("[CLI-25] what approve prints, and calls that mean nothing", async () => {
    const who = [
      "--signer-key",
      keys.get("urn:role:dpo")!,
      "--authority",
      "urn:role:dpo",
      "--approver",
      "urn:person:ada",
    ];
    const going = ["--remove-policy", "urn:example:office:policy:strict", "--add-policy", "plain.policy"];
    const of = (...more: string[]): Promise<Ran> =>
      place.writ(["approve", "data/strict.writ", ...who, ...more, "--json"]);
    const shown = await of("--operation", "amend", ...going, "-o", "shown");
    expect(schemaFaults("approve", shown.json())).toEqual([]);
    expect(shown.json()).toMatchObject({
      operation: "amend",
      added: [{ policyId: "urn:example:office:policy:research" }],
    });
    const wrong = [
      ["--operation", "amend"],
      ["--operation", "read", ...going],
      ["--operation", "read", "--waives", "erase", ...going],
      ["--operation", "read", "--waives", "erase", "--add-policy", "plain.policy"],
      ["--operation", "amend", ...going, "--policy", "urn:x:y"],
      ["--operation", "amend", "--remove-policy", "urn:example:none"],
      ["--operation", "amend", "--remove-policy", "urn:example:office:policy:strict", "--add-policy", "plain.json"],
      ["--operation", "amend", ...going, "--approver", ""],
    ];
    for (const flags of wrong) expect([flags, (await of(...flags, "-o", "x")).exit]).toEqual([flags, 2]);
    const calls = [
      ["amend", "data/strict.writ", "-o", "x"],
      ["amend", "data/strict.writ", "--approval", "shown", "--add-policy", "us.policy", "-o", "x"],
      ["amend", "data/strict.writ", "data/plain.writ", "--add-policy", "us.policy", "-o", "x"],
      ["amend", "data/strict.writ", "--add-policy", "us.policy", "-o", "-"],
      ["amend", "data/strict.writ", "--status-entry", "nowhere", "-o", "x"],
      ["amend", "data/strict.writ", "data/plain.writ", ...going, "--approval", "shown", "-o", "x/"],
      ["amend", "data/strict.writ", "data/plain.writ", "--add-policy", "us.policy", "--content", "data/plain.csv"],
    ];
    for (const call of calls) expect([call, (await place.writ(call)).exit]).toEqual([call, 2]);
    expect(place.list()).not.toContain("x");
  });

  test("[CLI-40] [CLI-25] a child by declassify, once its policies are approved", async () => {
    const going = ["--remove-policy", "urn:example:office:policy:opened"];
    place.put(
      "opened.json",
      policyDocument({
        id: "urn:example:office:policy:opened",
        limits: { purposes: [["dpv:AcademicResearch"]], regions: [["EU"]] },
        permissions: [{ id: "use", operations: ["read", "declassify"] }],
        duties: undefined,
        declassify: { threshold: 1, approvers: [roles[0]], atMost: { purposes: [["dpv:AcademicResearch"]] } },
      }),
    );
    await place.ok("seal", "data/plain.csv", "--policy", "opened.json", "-o", "data/opened.writ");
    const who = ["--signer-key", keys.get(roles[0])!, "--authority", roles[0], "--approver", "urn:person:ada"];
    const change = [...going, "--add-policy", "plain.policy"];
    await place.ok(
      "approve",
      "data/opened.writ",
      "--operation",
      "declassify",
      ...change,
      ...who,
      "-o",
      "declassify.approval",
    );
    await place.ok("approve", "data/opened.writ", "--operation", "amend", ...change, ...who, "-o", "amend.approval");
    const asked = ["--operation", "declassify", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
    const made = ["--content", "data/plain.csv", "--add", "plain.policy", "-o", "data/child.writ"];
    const derive = (...more: string[]): Promise<Ran> =>
      place.writ(["derive", "data/opened.writ", ...asked, ...made, ...more]);
    expect((await derive(...going)).exit).toBe(12);
    expect((await derive(...going, "--approval", "amend.approval")).exit).toBe(12);
    expect((await derive(...going, "--approval", "declassify.approval", "--operation", "read")).exit).toBe(2);
    expect(place.list()).not.toContain("data/child.writ");
    expect((await derive(...going, "--approval", "declassify.approval")).exit).toBe(0);
    expect((await place.ok("open", "data/child.writ", ...read)).stdout.toString()).toBe("a,b\n1,2\n");
    expect((await derive(...going, "--approval", "declassify.approval", "--force")).exit).toBe(12);
  });

  test("[CLI-40] another key in place of the present one, by the first issuer", async () => {
    const keystore = await openLocalKeystore({
      file: join(place.home, "keystore.writ-keys"),
      keyFile: join(place.home, "keystore.key"),
    });
    const { uri } = await keystore.createSymmetricKey("spare");
    await place.ok("amend", "data/plain.writ", "--key", uri, "-o", "data/spare.writ");
    const { files } = (await place.ok("verify", "data/spare.writ", "--json")).json<{ files: { keys: string[] }[] }>();
    expect(files[0]!.keys).toEqual([uri]);
    expect((await place.ok("open", "data/spare.writ", ...read)).stdout.toString()).toBe("a,b\n1,2\n");
  });
});
