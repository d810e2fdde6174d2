// Sealing to a public key of the trust policy: the sealer has no account, the holder opens with his own home.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocalKeystore } from "@writ/core/local";
import { policyDocument, workplace } from "./shell.ts";
import type { Workplace } from "./shell.ts";

const data = Buffer.from("year,strikes\n1999,17\n");
const open = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE", "-o", "-"];
let sealer: Workplace;
let holder: Workplace;

/** Puts the trust policy of a home in force with members changed. */
async function trusting(at: Workplace, change: (trust: Record<string, unknown>) => void): Promise<void> {
  const trust = JSON.parse(readFileSync(join(at.home, "trust.json"), "utf8")) as Record<string, unknown>;
  trust["sequence"] = (trust["sequence"] as number) + 1;
  change(trust);
  at.put("trust.json", JSON.stringify(trust));
  await at.ok("trust", "add", "trust.json", "--pin");
}

beforeAll(async () => {
  sealer = await workplace();
  holder = await workplace();
  const keystore = await openLocalKeystore({
    file: join(holder.home, "keystore.writ-keys"),
    keyFile: join(holder.home, "keystore.key"),
  });
  await keystore.createRecipientKey("lab", "x-wing");
  const lab = await keystore.recipientKey("local:lab");
  await trusting(sealer, (trust) => void (trust["recipientKeys"] = [lab]));
  sealer.put("rows.csv", data);
  sealer.put("research.json", policyDocument());
});
afterAll(() => {
  sealer.remove();
  holder.remove();
});

test("[CLI-50] [RCP-14] sealed by one home to the public key of another, which alone opens it", async () => {
  await sealer.ok("seal", "rows.csv", "--policy", "research.json", "--key", "local:lab", "-o", "rows.writ");
  const trust = join(sealer.home, "trust.json");
  const shown = await sealer.ok("verify", "rows.writ");
  expect(shown.stdout.toString() + shown.stderr).toContain("wrap era hybrid");
  const refused = await sealer.writ(["open", "rows.writ", ...open]);
  expect(refused.exit, refused.stderr).toBe(22);
  holder.put("rows.writ", sealer.read("rows.writ"));
  const opened = await holder.writ(["open", "rows.writ", ...open, "--trust", trust]);
  expect(opened.exit, opened.stderr).toBe(0);
  expect(opened.stdout).toEqual(data);
});

test("[CLI-50] [CLI-40] amended to the public key of another home, which alone opens the revision", async () => {
  await sealer.ok("seal", "rows.csv", "--policy", "research.json", "-o", "own.writ");
  const kept = await sealer.writ(["amend", "own.writ", "--key", "local:lab", "-o", "given.writ"]);
  expect([kept.exit, /custody-[a-z-]+/.exec(kept.stderr)?.[0]]).toEqual([22, "custody-unsupported"]);
  expect(kept.stderr).toContain("--drop-context");
  expect(sealer.list()).not.toContain("given.writ");
  await sealer.ok("amend", "own.writ", "--key", "local:lab", "--drop-context", "-o", "given.writ");
  holder.put("given.writ", sealer.read("given.writ"));
  const opened = await holder.writ(["open", "given.writ", ...open, "--trust", join(sealer.home, "trust.json")]);
  expect([opened.exit, opened.stdout], opened.stderr).toEqual([0, data]);
  expect((await sealer.writ(["open", "given.writ", ...open])).exit).toBe(22);
  expect((await sealer.writ(["open", "own.writ", ...open])).exit).toBe(0); // control: before, it was his
});

test("[CLI-50] a key that neither the trust policy nor the keystore has is refused; dates hold", async () => {
  const sealing = (...more: string[]): Promise<{ exit: number; stderr: string }> =>
    sealer.writ(["seal", "rows.csv", "--policy", "research.json", "-o", "other.writ", ...more]);
  const missing = await sealing("--key", "local:nobody");
  expect({ exit: missing.exit, code: /custody-[a-z-]+/.exec(missing.stderr)?.[0] }).toEqual({
    exit: 22,
    code: "custody-not-found",
  });
  await trusting(sealer, (trust) => {
    const [lab] = trust["recipientKeys"] as object[];
    trust["recipientKeys"] = [{ ...lab, notAfter: "2020-01-01T00:00:00Z" }];
  });
  const late = await sealing("--key", "local:lab");
  expect({ exit: late.exit, code: /custody-[a-z-]+/.exec(late.stderr)?.[0] }).toEqual({
    exit: 22,
    code: "custody-key-state",
  });
  expect(sealer.list()).not.toContain("other.writ");
});
