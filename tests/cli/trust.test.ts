// Whose signatures count: without a trust policy nothing, with one only what it says, and never an older one.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

interface TrustText {
  sequence: number;
  name?: string;
  expires: string;
  signers: { role: string; authority: string; suite: string }[];
  suites: Record<string, { verifyUntil?: string }>;
}

let place: Workplace;

beforeEach(async () => {
  place = await workplace();
  place.put("policy.json", policyDocument());
  place.put("data/plain.csv", "a,b\n");
  await place.ok("seal", "data/plain.csv", "--policy", "policy.json");
});
afterEach(() => place.remove());

const verify = ["verify", "data/plain.csv.writ"];

function trustText(change: (trust: TrustText) => void): string {
  const trust = JSON.parse(place.read("private/home/trust.json").toString()) as TrustText;
  change(trust);
  return JSON.stringify(trust);
}

describe("a trust policy", () => {
  test("[CLI-8] that is missing makes nothing valid", async () => {
    const elsewhere = { env: { WRIT_HOME: `${place.folder}/nowhere` } };
    for (const argv of [verify, ["lineage", "data/plain.csv.writ"], ["explain", "data/plain.csv.writ"]]) {
      const ran = await place.writ([...argv, "--json"], elsewhere);
      expect(ran).toMatchObject({ exit: 13 });
      expect(ran.json()).toMatchObject({ error: { code: "trust-missing" } });
    }
    expect((await place.writ([...verify, "--trust", "private/home/trust.json"], elsewhere)).exit).toBe(0);
  });

  test("[CLI-1] that doesn't know the issuer, or no longer accepts the suite, refuses", async () => {
    place.put(
      "others.json",
      trustText((trust) => (trust.signers = trust.signers.filter(({ role }) => role !== "issue"))),
    );
    place.put(
      "lapsed.json",
      trustText((trust) => (trust.suites["ed25519+mldsa65"] = { verifyUntil: "2020-01-01T00:00:00Z" })),
    );
    const code = async (file: string): Promise<unknown> =>
      (await place.writ([...verify, "--trust", file, "--json"])).json<{
        files: { exit: number; error?: { code: string }; result: string }[];
      }>().files[0];
    expect(await code("others.json")).toMatchObject({ exit: 13, error: { code: "signer-unknown" } });
    expect(await code("lapsed.json")).not.toMatchObject({ exit: 0 });
    expect((await place.writ(verify)).exit).toBe(0);
  });

  test("[CLI-1, CLI-14] shows what would fail at a later date, as if renewed until then", async () => {
    place.put(
      "lapsing.json",
      trustText((trust) => (trust.suites["ed25519"] = { verifyUntil: "2090-01-01T00:00:00Z" })),
    );
    await place.ok(
      "seal",
      "data/plain.csv",
      "--policy",
      "policy.json",
      "--suite",
      "ed25519",
      "-o",
      "data/classical.writ",
    );
    const classical = ["verify", "data/classical.writ", "--trust", "lapsing.json", "--as-of"];
    expect((await place.writ([...classical, "2089-12-31"])).exit).toBe(0);
    const late = await place.writ([...classical, "2090-01-01", "--json"]);
    expect(late.exit).toBe(14);
    expect(late.json()).toMatchObject({ asOf: "2090-01-01T00:00:00Z", files: [{ result: "expired", exit: 14 }] });
    place.put(
      "expired.json",
      trustText((trust) => (trust.expires = "2021-01-01T00:00:00Z")),
    );
    const expired = await place.writ([...verify, "--trust", "expired.json", "--as-of", "2090-01-01", "--json"]);
    expect(expired.json()).toMatchObject({ files: [{ exit: 13, error: { code: "trust-expired" } }] });
  });

  test("[CLI-12] is in force only once it is pinned, and never goes back", async () => {
    const home = place.read("private/home/trust.json");
    place.put(
      "next.json",
      trustText((trust) => (trust.sequence = 5)),
    );
    const shown = (await place.ok("trust", "add", "next.json", "--json")).json<{
      pinned: boolean;
      signers: { keys: { thumbprint: string }[] }[];
    }>();
    expect(schemaFaults("trust-add", shown)).toEqual([]);
    expect(shown.pinned).toBe(false);
    expect(shown.signers[0]?.keys[0]?.thumbprint).toMatch(/^[0-9a-f]{64}$/);
    expect(place.read("private/home/trust.json").equals(home)).toBe(true);

    await place.ok("trust", "add", "next.json", "--pin");
    const now = (await place.ok("trust", "show", "--json")).json<{ sequence: number }>();
    expect(schemaFaults("trust-show", now)).toEqual([]);
    expect(now.sequence).toBe(5);
    expect((await place.writ(verify)).exit).toBe(0);

    place.put("old.json", home);
    for (const argv of [
      ["trust", "add", "old.json", "--pin"],
      [...verify, "--trust", "old.json"],
    ]) {
      expect((await place.writ([...argv, "--json"])).json()).toMatchObject({
        error: { code: "trust-sequence", exit: 13 },
      });
    }
    place.put("private/home/trust.json", home); // somebody puts the old one back
    expect((await place.writ(verify)).exit).toBe(13);
  });

  test("says so where it doesn't know the home's own signers", async () => {
    place.put(
      "partner.json",
      trustText((trust) => {
        trust.name = "urn:example:partner";
        trust.signers = trust.signers.map((signer) => ({ ...signer, authority: "urn:example:partner" }));
      }),
    );
    expect((await place.ok("trust", "add", "partner.json")).stderr).toContain("won't verify under it");
    expect((await place.ok("trust", "add", "private/home/trust.json")).stderr).not.toContain("won't verify under it");
  });
});

describe("the home", () => {
  test("[CLI-11] [SUI-1] seals under every suite, and verifies what it sealed", async () => {
    const { suites } = await import("@writ/core");
    for (const [suite, { era }] of Object.entries(suites)) {
      const out = `data/${suite}.writ`;
      await place.ok("seal", "data/plain.csv", "--policy", "policy.json", "--suite", suite, "-o", out);
      const found = (await place.ok("verify", out, "--json")).json<{ files: { evidenceEra: string }[] }>();
      expect([suite, found.files[0]?.evidenceEra]).toEqual([suite, era]);
      const asked = await place.writ(["verify", out, "--require-era", "pq"]);
      expect(asked.exit, suite).toBe(era === "pq" ? 0 : 13);
    }
    expect((await place.writ(["seal", "data/plain.csv", "--policy", "policy.json", "--suite", "slhdsa"])).exit).toBe(2);
  });

  test("[CLI-10] is found by --home, WRIT_HOME, XDG_CONFIG_HOME and HOME, in this order", async () => {
    const home = place.home;
    const bare = { env: { WRIT_HOME: `${place.folder}/nowhere` } };
    expect((await place.writ([...verify, "--home", home], bare)).exit).toBe(0);
    const made = await place.writ(["init", "--json", "--authority", "urn:example:other"], {
      env: { WRIT_HOME: `${place.folder}/second/home` },
    });
    expect(schemaFaults("init", made.json())).toEqual([]);
    const { writ } = await import("./shell.ts");
    const xdg = await writ(["init", "--json"], {
      cwd: place.folder,
      env: { XDG_CONFIG_HOME: `${place.folder}/config`, HOME: `${place.folder}/user` },
    });
    expect(xdg.json()).toMatchObject({ home: `${place.folder}/config/writ` });
    const user = await writ(["init", "--json"], { cwd: place.folder, env: { HOME: `${place.folder}/user` } });
    expect(user.json<{ home: string; authority: string }>()).toMatchObject({
      home: `${place.folder}/user/.config/writ`,
      authority: expect.stringMatching(/^urn:writ:local:/) as unknown,
    });
  });

  test("[CLI-11] has each key in exactly one signer, and is never made over another", async () => {
    const { signers } = JSON.parse(place.read("private/home/home.json").toString()) as {
      signers: { keys: string[] }[];
    };
    const keys = signers.flatMap((signer) => signer.keys);
    expect(new Set(keys).size).toBe(keys.length);
    const before = place.list();
    expect((await place.writ(["init"])).exit).toBe(3);
    expect(place.list()).toEqual(before);
  });

  test("[CLI-11] never stands beside the data", async () => {
    await place.ok("init", "--dir", "shared/home");
    place.put("shared/plain.csv", "a,b\n");
    place.put("shared/deeper/plain.csv", "a,b\n");
    const seal = (file: string): Promise<{ exit: number; stderr: string }> =>
      place.writ(["seal", file, "--policy", "private/home/example-policy.json", "--home", "shared/home"]);
    place.put("private/home/example-policy.json", place.read("shared/home/example-policy.json"));
    expect(await seal("shared/plain.csv")).toMatchObject({
      exit: 22,
      stderr: expect.stringContaining("custody-denied") as unknown,
    });
    expect((await seal("shared/deeper/plain.csv")).exit).toBe(0);
  });
});
