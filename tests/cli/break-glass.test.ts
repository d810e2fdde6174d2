// What changes after sealing, from the command line: an emergency, a hold, a revoked parent, a list that has lapsed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { describeSigner, parseJson, readReceiptFile, verifyReceipts } from "@writ/core";
import { signConsents, signStatusList } from "@writ/evaluator/status";
import { newSigner } from "../support/scene.ts";
import { newTokenKey, token } from "../support/token.ts";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";
import type { Ran, Workplace } from "./shell.ts";

const uri = "https://status.example/1";
const register = "https://status.example/consents";
const holds = "https://holds.example/1";
const consent = "urn:example:consent:7";
const registrar = newSigner("urn:example:registrar", "ed25519");
const counsel = newSigner("urn:example:counsel", "p256");
const key = newTokenKey("ES256", "k1");
const hourMs = 3_600_000;
let place: Workplace;

const proven = (): string[] => {
  const exp = Math.floor(Date.now() / 1000) + 36_000;
  const claims = { iss: "https://id.example", aud: "urn:example:writ", exp, sub: "urn:person:ada", kind: "human" };
  const of = ["--principal-keys", "keys.json", "--principal-issuer", claims.iss, "--principal-audience", claims.aud];
  return ["--principal", token(key, claims), ...of];
};
const asking = (operation: string, purpose: string, region = "DE"): string[] => [
  "--operation",
  operation,
  "--purpose",
  purpose,
  "--region",
  region,
];
const research = "dpv:AcademicResearch";

async function opened(file: string, ...more: string[]): Promise<Ran> {
  return place.writ(["open", file, "--force", "-o", "out", "--receipts", "log", ...more]);
}

/** What `writ receipts` says of a use, of decisions alone. */
interface Use {
  readonly kind: string;
  readonly verdict: string | null;
  readonly reasons: readonly string[];
  readonly emergency: boolean;
  readonly stateAgesMs: Readonly<Record<string, number>>;
}

/** Runs `open` with a log of its own; its exit code and the decision's receipt. */
async function decidedBy(file: string, argv: readonly string[], now = Date.now): Promise<Use & { exit: number }> {
  const log = `log-${(logs += 1)}`;
  const ran = await place.writ(["open", file, "--force", "-o", "out", "--receipts", log, ...argv], { now });
  const shown = await place.ok("receipts", file, "--receipts", log, "--json");
  expect(schemaFaults("receipts", shown.json())).toEqual([]);
  const { uses } = shown.json<{ uses: Use[] }>();
  return { ...uses.find(({ kind }) => kind === "decision")!, exit: ran.exit };
}
let logs = 0;

beforeAll(async () => {
  place = await workplace();
  const trust = parseJson(place.read("private/home/trust.json").toString()) as { sequence: number; signers: object[] };
  trust.sequence += 1;
  trust.signers.push(
    { ...describeSigner(registrar, "status"), scope: ["https://status.example/", "urn:example:consent:"] },
    { ...describeSigner(counsel, "hold"), scope: ["https://holds.example/"] },
  );
  place.put("trust.json", JSON.stringify(trust));
  await place.ok("trust", "add", "trust.json", "--pin");
  place.put("keys.json", JSON.stringify({ keys: [key.jwk] }));
  const issuedAt = Math.floor(Date.now() / 1000) - 60;
  const list = (entries: [number, "revoked" | "held"][], where: string, ageSeconds: number): Promise<string> =>
    signStatusList(
      { uri: where, size: 8, entries: new Map(entries), issuedAt: issuedAt - ageSeconds },
      where === uri ? registrar : counsel,
    );
  place.put("fine", await list([], uri, 1));
  place.put("revoked", await list([[3, "revoked"]], uri, 0));
  place.put("held", await list([[3, "held"]], holds, 1));
  place.put("free", await list([], holds, 0));
  place.put(
    "withdrawn",
    await signConsents({ uri: register, issuedAt, consents: { [consent]: { value: "withdrawn" } } }, registrar),
  );
  place.put("data.csv", "a,b\n1,2\n");
  place.put(
    "ward.json",
    policyDocument({
      limits: { consents: [consent], regions: [["EU"]] },
      permissions: [
        { id: "care", operations: ["read"], purposes: [research] },
        {
          id: "glass",
          operations: ["read"],
          purposes: ["writ:Emergency"],
          waives: ["consents", "regions"],
          duties: ["incident"],
        },
      ],
      duties: [{ id: "incident", type: "report", trigger: "after-use", within: "P1D" }],
    }),
  );
  await place.ok("seal", "data.csv", "--policy", "ward.json", "--status-entry", `${uri}#3`, "-o", "ward.writ");
});
/** Each test begins with a home that has seen no list: an older one than the last seen is refused. */
beforeEach(() => place.put("private/home/lists-seen.json", "{}"));
afterAll(() => place.remove());

describe("break-glass", () => {
  test("[EVL-9] [CLI-24] [CLI-34] opens for a proven principal, stands first among the receipts with the age of the state, and owes a report", async () => {
    const state = ["--status", "fine", "--consents", "withdrawn"];
    expect((await opened("ward.writ", ...asking("read", research), ...state, ...proven())).exit).toBe(12);
    const glass = asking("read", "writ:Emergency", "US");
    expect((await opened("ward.writ", ...glass, ...state)).exit).not.toBe(0); // control: asserted only
    expect((await opened("ward.writ", ...glass, ...state, ...proven())).exit).toBe(0);
    const { uses } = (await place.ok("receipts", "ward.writ", "--receipts", "log", "--json")).json<{
      uses: Use[];
    }>();
    expect(uses[0]).toMatchObject({ verdict: "permit", reasons: ["waived"], emergency: true });
    expect(uses.slice(1).some(({ emergency }) => emergency)).toBe(false);
    expect(uses[0]!.stateAgesMs[`consent:${consent}`]).toBeGreaterThanOrEqual(60_000);
    const shown = (await place.ok("receipts", "ward.writ", "--receipts", "log")).stdout.toString();
    expect(shown.split("\n")[0]).toContain("EMERGENCY permit: waived");
    expect(shown.split("\n")[0]).toContain(`consent:${consent} `);
    expect(uses.slice(1).some(({ reasons }) => reasons.includes("waived"))).toBe(false);
    const receipts = verifyReceipts(readReceiptFile(place.read("log")).entries, null);
    const used = receipts.find(({ receipt }) => receipt.verdict === "permit")!.receipt;
    for (const name of [`status:${uri}#3`, `consent:${consent}`])
      expect(used.stateAgesMs?.get(name)).toBeGreaterThanOrEqual(60_000);
    const owed = await place.writ(["liabilities", "--receipts", "log"]);
    expect([owed.exit, owed.stdout.toString()]).toEqual([15, expect.stringContaining("incident (report)")]);
    expect((await opened("ward.writ", ...glass, "--status", "revoked", ...proven())).exit).toBe(12); // it reaches no status
  });
});

describe("status", () => {
  test("[CLI-34] [STS-4] a hold keeps data from deletion, and the receipt says how old that is", async () => {
    place.put("plain.json", policyDocument());
    await place.ok("seal", "data.csv", "--policy", "plain.json", "--status-entry", `${holds}#3`, "-o", "held.writ");
    const erase = async (...more: string[]): Promise<number> =>
      (await place.writ(["check", "held.writ", "--operation", "delete", ...more])).exit;
    expect([await erase("--status", "held"), await erase("--status", "free"), await erase()]).toEqual([12, 0, 16]);
    const held = await decidedBy("held.writ", ["--operation", "delete", "--status", "held"]);
    expect(held).toMatchObject({ exit: 12, verdict: "deny", reasons: ["hold"], emergency: false });
    expect(held.stateAgesMs[`status:${holds}#3`]).toBeGreaterThanOrEqual(60_000);
    const unread = await decidedBy("held.writ", ["--operation", "delete"]);
    expect(unread).toMatchObject({ exit: 16, verdict: "unknown", stateAgesMs: {} }); // control: nothing was read
  });

  test("[CLI-34] [CNS-3] a consent that was withdrawn denies, and the receipt says how old that is", async () => {
    const state = ["--status", "fine", "--consents", "withdrawn"];
    const denied = await decidedBy("ward.writ", [...asking("read", research), ...state]);
    expect(denied).toMatchObject({ exit: 12, verdict: "deny", emergency: false });
    expect(denied.reasons).toContain("consent");
    expect(denied.stateAgesMs[`consent:${consent}`]).toBeGreaterThanOrEqual(60_000);
    const unread = await decidedBy("ward.writ", [...asking("read", research), "--status", "fine"]);
    expect([unread.exit, Object.keys(unread.stateAgesMs)]).toEqual([16, [`status:${uri}#3`]]); // control
  });

  test("[LIN-5] [STS-3] a parent that is revoked takes its child with it", async () => {
    place.put("open.json", policyDocument());
    place.put("summary.csv", "n\n1\n");
    await place.ok("seal", "data.csv", "--policy", "open.json", "--status-entry", `${uri}#3`, "-o", "parent.writ");
    const aggregate = asking("aggregate", research);
    await place.ok(
      "derive",
      "parent.writ",
      ...aggregate,
      "--content",
      "summary.csv",
      "--status",
      "fine",
      "-o",
      "child.writ",
    );
    const child = async (status: string): Promise<number> =>
      (await opened("child.writ", ...asking("read", research), "--status", status)).exit;
    expect([await child("fine"), await child("revoked")]).toEqual([0, 12]);
    const denied = await decidedBy("child.writ", [...asking("read", research), "--status", "revoked"]);
    expect(denied).toMatchObject({ exit: 12, verdict: "deny" });
    expect(denied.stateAgesMs[`status:${uri}#3`]).toBeGreaterThanOrEqual(60_000);
  });

  test("[STS-6] [CLI-3] a list that has lapsed is unknown, and the answer names the flag", async () => {
    place.put("brief.json", policyDocument({ limits: { maxStaleness: { status: "PT30S" } } }));
    await place.ok("seal", "data.csv", "--policy", "brief.json", "--status-entry", `${uri}#3`, "-o", "brief.writ");
    const check = ["check", "parent.writ", ...asking("read", research), "--status", "fine"];
    expect((await place.writ(check)).exit).toBe(0); // control
    const later = await place.writ(check, { now: () => Date.now() + 24 * hourMs });
    expect([later.exit, later.stdout.toString()]).toEqual([
      16,
      expect.stringContaining("supply it with --status FILE"),
    ]);
    const ask = [...asking("read", research), "--status", "fine"];
    const stale = await decidedBy("brief.writ", ask);
    expect(stale).toMatchObject({ exit: 16, verdict: "unknown" });
    expect(stale.stateAgesMs[`status:${uri}#3`]).toBeGreaterThanOrEqual(60_000); // too old for the policy, and that shows
    const lapsed = await decidedBy("parent.writ", ask, () => Date.now() + 24 * hourMs);
    expect(lapsed).toMatchObject({ exit: 16, verdict: "unknown", stateAgesMs: {} }); // what has lapsed was not read
  });
});
