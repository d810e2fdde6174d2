// What the command prints, where, and what it leaves behind.
import { statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyDocument, writ, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

const read = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
let place: Workplace;

beforeAll(async () => {
  place = await workplace();
  place.put("policy.json", policyDocument());
  place.put("data/plain.csv", "a,b\n1,2\n");
  await place.ok("policy", "sign", "policy.json");
  await place.ok("seal", "data/plain.csv", "--policy", "policy.policy");
});
afterAll(() => place.remove());

describe("a terminal", () => {
  test("[CLI-7] has colours, a pipe and NO_COLOR have none", async () => {
    const argv = ["verify", "data/plain.csv.writ"];
    const shown = await place.writ(argv, { terminal: true });
    expect(shown.stdout.toString()).toContain("\u001b[32m");
    for (const plain of [await place.writ(argv), await place.writ(argv, { terminal: true, env: { NO_COLOR: "1" } })]) {
      expect(plain.stdout.toString()).not.toContain("\u001b");
    }
  });

  test("[CLI-19] gets no plaintext and no artifact, unless asked for by name", async () => {
    const open = ["open", "data/plain.csv.writ", ...read];
    expect(await place.writ(open, { terminal: true })).toMatchObject({ exit: 2, stdout: Buffer.alloc(0) });
    expect((await place.writ([...open, "-o", "-"], { terminal: true })).stdout.toString()).toBe("a,b\n1,2\n");
    const seal = ["seal", "data/plain.csv", "--policy", "policy.policy", "-o", "-"];
    expect(await place.writ(seal, { terminal: true })).toMatchObject({ exit: 2, stdout: Buffer.alloc(0) });
    const piped = await place.writ(seal);
    place.put("data/piped.writ", piped.stdout);
    expect((await place.writ(["verify", "data/piped.writ"])).exit).toBe(0);
  });

  test("[CLI-9] is not steered by what an artifact or a file name says", async () => {
    const evil = "urn:example:\u202eoffice:\u009b31m";
    place.put("evil.json", policyDocument({ id: evil }));
    await place.ok("seal", "data/plain.csv", "--policy", "evil.json", "-o", "data/evil.writ");
    const verified = await place.writ(["verify", "data/evil.writ"], { terminal: true });
    expect(verified.stdout.toString()).toContain("\\u202eoffice:\\u009b31m");
    expect(verified.stdout.toString()).not.toMatch(/[\u202e\u009b]/);
    place.put("forged.json", policyDocument({ id: "urn:example:a\nVALID  other.writ" }));
    const forged = await place.writ(["policy", "check", "forged.json"]);
    expect(forged.stdout.toString() + forged.stderr).not.toMatch(/^VALID/m);
    const missing = await place.writ(["verify", "a\u001b[2Jb"], { terminal: true });
    expect(missing.stdout.toString() + missing.stderr).not.toContain("\u001b[2J");
    const inspected = await place.writ(["inspect", "data/evil.writ", "--json"]);
    expect(JSON.stringify(inspected.json())).not.toContain("\\\\u202e"); // the escape is JSON's own: programs get the text itself
  });
});

describe("outputs", () => {
  test("[CLI-4] a device or a link's target is never replaced by a rename", async () => {
    const device = await place.writ(["open", "data/plain.csv.writ", ...read, "-o", "/dev/full", "--force"]);
    expect(device).toMatchObject({ exit: 3 });
    expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
    place.put("target", "precious");
    symlinkSync(join(place.folder, "target"), join(place.folder, "link"));
    expect((await place.writ(["open", "data/plain.csv.writ", ...read, "-o", "link"])).exit).toBe(3);
    expect((await place.writ(["open", "data/plain.csv.writ", ...read, "-o", "link", "--force"])).exit).toBe(0);
    expect(place.read("target").toString()).toBe("precious");
  });

  test("[CLI-5] several files are sealed all or none", async () => {
    place.put("many/a", "1");
    place.put("many/b", "2");
    const out = ["--policy", "policy.policy", "-o", "sealed/"];
    await place.ok("seal", "many/a", "many/b", ...out);
    expect(place.list().filter((path) => path.startsWith("sealed/"))).toEqual(["sealed/a.writ", "sealed/b.writ"]);
    const again = ["--policy", "policy.policy", "-o", "other/"];
    place.put("other/b.writ", "precious");
    expect((await place.writ(["seal", "many/a", "many/b", ...again])).exit).toBe(3);
    expect(place.list().filter((path) => path.startsWith("other/"))).toEqual(["other/b.writ"]);
  });

  test("an empty file is sealed and opened like any other", async () => {
    place.put("data/nothing", "");
    await place.ok("seal", "data/nothing", "--policy", "policy.policy", "--detached");
    const opened = await place.ok("open", "data/nothing.sealed.writ", ...read, "-o", "nothing.out");
    expect(opened.exit).toBe(0);
    expect(place.read("nothing.out").length).toBe(0);
  });

  test("plaintext and keys are private, artifacts are not", async () => {
    await place.ok("open", "data/plain.csv.writ", ...read, "-o", "plain.out");
    const mode = (path: string): number => statSync(join(place.folder, path)).mode & 0o777;
    expect(mode("plain.out") & 0o077).toBe(0);
    for (const file of ["home.json", "keystore.key", "keystore.writ-keys", "trust.json", "receipts.writ-receipts"])
      expect(mode(`private/home/${file}`) & 0o077).toBe(0);
    expect(mode("data/plain.csv.writ") & 0o044).toBe(0o044);
  });
});

describe("Ctrl-C", () => {
  test("[CLI-20] leaves nothing half-written, and a receipt of what was released", async () => {
    place.put("data/large", Buffer.alloc(5 << 20, 7));
    await place.ok("seal", "data/large", "--policy", "policy.policy", "--detached");
    const interrupt = new AbortController();
    const pressed = await place.writ(["open", "data/large.sealed.writ", ...read], {
      signal: interrupt.signal,
      onStdout: () => interrupt.abort(),
    });
    expect(pressed).toMatchObject({ exit: 130 });
    expect(pressed.stdout.length).toBe(1_048_544);
    expect(pressed.stderr).toMatch(/^writ: interrupted: /);
    const { uses } = (await place.ok("receipts", "data/large.sealed.writ", "--json")).json<{
      uses: { kind: string; exit: string; releasedBytes: number }[];
    }>();
    expect(uses.at(-1)).toMatchObject({ kind: "release", exit: "aborted" });

    const before = place.list();
    const aborted = AbortSignal.abort();
    const verified = await place.writ(["verify", "data/large.sealed.writ"], { signal: aborted });
    expect(verified).toMatchObject({ exit: 130, stdout: Buffer.alloc(0) });
    const campaign = await place.writ(["reanchor", "run", "data", "--to", "mldsa65", "--commit", "--json"], {
      signal: aborted,
    });
    expect(campaign.exit).toBe(130);
    expect(campaign.json()).toMatchObject({ ended: "interrupted", counts: { anchored: 0 } });
    place.removeBelow("data/.writ-reports");
    for (const argv of [
      ["seal", "data/large", "--policy", "policy.policy", "-o", "never.writ"],
      ["open", "data/large.sealed.writ", ...read, "-o", "never"],
    ]) {
      expect((await place.writ(argv, { signal: aborted })).exit).toBe(130);
    }
    expect(place.list()).toEqual(before);
  });
});

describe("progress", () => {
  test("[CLI-6] is a line every ten seconds on stderr, and a bar on a terminal", async () => {
    let now = Date.now();
    const slow = (): number => (now += 4_000);
    const argv = ["seal", "data/large", "--policy", "policy.policy", "--detached", "--force"];
    const lines = await place.writ(argv, { now: slow });
    expect(lines.stderr).toMatch(/^writ: sealing \d+% of 5\.0 MiB, /m);
    expect(lines.stderr).not.toContain("\r");
    const bar = await place.writ(argv, { now: slow, terminal: true });
    expect(bar.stderr).toContain("\r\u001b[K[#");
    expect(bar.stderr).toMatch(/\[#+-*\] sealing \d+% of 5\.0 MiB/);
    expect(bar.stderr.endsWith("\r\u001b[K")).toBe(true);
    expect((await place.writ(argv)).stderr).toBe("");
  });
});

describe("help", () => {
  test("[CLI-6] goes to stdout and names every command", async () => {
    const help = await writ(["--help"]);
    expect(help.exit).toBe(0);
    for (const name of [
      "init",
      "policy",
      "seal",
      "verify",
      "inspect",
      "check",
      "open",
      "derive",
      "explain",
      "lineage",
      "receipts",
      "trust",
      "reanchor",
      "kms",
    ]) {
      expect(help.stdout.toString()).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    }
    expect((await writ(["seal", "--help"])).stdout.toString()).toContain("--detached");
    expect((await writ(["--version"])).stdout.toString()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
