// State and principals from the command line: where lists and counts are remembered, and how a token comes in without being seen.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { describeSigner, parseJson } from "@writ/core";
import { signConsents, signStatusList } from "@writ/evaluator/status";
import { newSigner } from "../support/scene.ts";
import { startPostgres } from "../support/postgres.ts";
import { newTokenKey, token } from "../support/token.ts";
import { policyDocument, workplace } from "./shell.ts";
import type { Ran, Surroundings, Workplace } from "./shell.ts";

const uri = "https://status.example/1";
const register = "https://status.example/consents";
const registrar = newSigner("urn:example:registrar", "ed25519+mldsa65");
const read = ["--operation", "read", "--purpose", "dpv:AcademicResearch", "--region", "DE"];
const now = Math.floor(Date.now() / 1000);
const key = newTokenKey("ES256", "k1");
const claims = { iss: "https://id.example", aud: "urn:example:writ", exp: now + 3600, sub: "urn:person:ada" };
const meant = ["--principal-issuer", claims.iss, "--principal-audience", claims.aud];
let place: Workplace;

async function list(name: string, issuedAt: number, revoked = false): Promise<string> {
  const entries = new Map(revoked ? [[3, "revoked" as const]] : []);
  place.put(name, await signStatusList({ uri, size: 8, entries, issuedAt }, registrar));
  return name;
}

const open = (file: string, more: readonly string[], around: Surroundings = {}): Promise<Ran> =>
  place.writ(["open", file, ...read, "--force", "-o", "plain", "--json", ...more], around);
const check = (file: string, more: readonly string[], around: Surroundings = {}): Promise<Ran> =>
  place.writ(["check", file, ...read, "--json", ...more], around);
const instantAfter = (seconds: number): string => new Date((now + seconds) * 1000).toISOString();
const codeOf = (ran: Ran): string | undefined => ran.json<{ error?: { code: string } }>().error?.code;

beforeAll(async () => {
  place = await workplace();
  const trust = parseJson(place.read("private/home/trust.json").toString()) as { sequence: number; signers: object[] };
  trust.sequence += 1;
  trust.signers.push({
    ...describeSigner(registrar, "status"),
    scope: ["https://status.example/", "urn:example:consent:"],
  });
  place.put("trust.json", JSON.stringify(trust));
  await place.ok("trust", "add", "trust.json", "--pin");
  place.put("data.csv", "a,b\n1,2\n");
  place.put("listed.json", policyDocument());
  await place.ok("seal", "data.csv", "--policy", "listed.json", "--status-entry", `${uri}#3`, "-o", "listed.writ");
  place.put(
    "proven.json",
    policyDocument({
      limits: { minAssurance: 2 },
      permissions: [
        {
          id: "use",
          operations: ["read"],
          purposes: ["dpv:AcademicResearch"],
          when: { "principal.roles": { hasAny: ["urn:role:clinician"] } },
        },
      ],
      duties: undefined,
    }),
  );
  await place.ok("seal", "data.csv", "--policy", "proven.json", "-o", "proven.writ");
  place.put("counted.json", policyDocument({ limits: { maxUses: { "urn:example:counter:study": 2 } } }));
  await place.ok("seal", "data.csv", "--policy", "counted.json", "-o", "counted.writ");
  place.put("keys.json", JSON.stringify({ keys: [key.jwk] }));
  place.put("claims.json", JSON.stringify({ roles: { claim: ["realm", "roles"], prefix: "urn:role:" } }));
});
afterAll(() => place.remove());

describe("lists that were seen", () => {
  test("[CLI-28] [STS-9] once a newer list was seen an older one is refused, by open and by check", async () => {
    const fine = ["--status", await list("fine", now - 120)];
    const revoked = ["--status", await list("revoked", now - 60, true)];
    expect((await open("listed.writ", fine)).exit).toBe(0);
    expect((await check("listed.writ", revoked)).exit).toBe(12);
    expect((await open("listed.writ", fine)).exit).toBe(0); // a check notes nothing
    expect((await open("listed.writ", revoked)).exit).toBe(12);
    for (const ask of [open, check]) {
      const back = await ask("listed.writ", fine);
      expect([back.exit, codeOf(back)]).toEqual([13, "status-rollback"]);
      expect(back.stderr).toContain("get the current list");
    }
    expect((await open("listed.writ", revoked)).exit).toBe(12); // the same one again is no step back
    const home = { env: { WRIT_HOME: join(place.folder, "nowhere") } };
    const elsewhere = await check("listed.writ", [...fine, "--trust", "trust.json"], home);
    expect(elsewhere.exit).toBe(0); // control: it is this home that remembers
  });

  test("[CLI-28] [STS-5] of two lists of one time the first that was seen counts", async () => {
    const path = "private/home/lists-seen.json";
    const kept = place.read(path);
    const revoked = ["--status", await list("same-revoked", now - 20, true)];
    const fine = ["--status", await list("same-fine", now - 20)];
    expect((await open("listed.writ", revoked)).exit).toBe(12);
    for (const ask of [open, check]) {
      const other = await ask("listed.writ", fine);
      expect([other.exit, codeOf(other)]).toEqual([13, "status-rollback"]);
      expect(other.stderr).toContain("of the same time");
    }
    expect((await open("listed.writ", revoked)).exit).toBe(12); // control: the same one again
    const seen = JSON.parse(place.read(path).toString()) as Record<string, { digest?: string }>;
    delete seen[uri]!.digest; // as an earlier version left it
    place.put(path, JSON.stringify(seen));
    expect((await open("listed.writ", fine)).exit).toBe(0);
    expect(codeOf(await open("listed.writ", revoked))).toBe("status-rollback");
    place.put(path, kept);
  });

  test("[CLI-28] a register of consents that was withdrawn isn't taken back either", async () => {
    const consent = "urn:example:consent:7";
    place.put("by-consent.json", policyDocument({ limits: { consents: [consent] } }));
    await place.ok("seal", "data.csv", "--policy", "by-consent.json", "-o", "consent.writ");
    const say = async (name: string, value: "given" | "withdrawn", issuedAt: number): Promise<string[]> => {
      const draft = { uri: register, issuedAt, consents: { [consent]: { value } } };
      place.put(name, await signConsents(draft, registrar));
      return ["--consents", name];
    };
    const given = await say("given", "given", now - 120);
    const withdrawn = await say("withdrawn", "withdrawn", now - 60);
    expect((await open("consent.writ", given)).exit).toBe(0);
    expect((await open("consent.writ", withdrawn)).exit).toBe(12);
    expect(codeOf(await open("consent.writ", given))).toBe("status-rollback");
  });

  test("[CLI-28] a clock set back makes no list young, and --at asks about its own time", async () => {
    const hour = 3600;
    const newest = ["--status", await list("newest", now - 30)];
    const later = { now: () => (now + 23 * hour) * 1000 };
    expect((await open("listed.writ", newest, later)).exit).toBe(0);
    const ageOf = async (around: Surroundings, ...more: string[]): Promise<number> => {
      const log = `log-${Math.random()}`;
      await open("listed.writ", [...newest, "--receipts", log, ...more], around);
      const { uses } = (await place.ok("receipts", "listed.writ", "--receipts", log, "--json")).json<{
        uses: { stateAgesMs: Record<string, number> }[];
      }>();
      return uses[0]!.stateAgesMs[`status:${uri}#3`]!;
    };
    expect(await ageOf({})).toBeGreaterThanOrEqual(23 * hour * 1000); // not the half minute that the clock says
    const gone = { now: () => (now + 25 * hour) * 1000 };
    expect((await open("listed.writ", newest, gone)).exit).toBe(16);
    expect((await check("listed.writ", newest)).exit).toBe(16); // a day was over once
    expect((await check("listed.writ", [...newest, "--at", new Date().toISOString()])).exit).toBe(0);
  });

  test("[CLI-28] a damaged memory is an error, and nothing is opened", async () => {
    const path = "private/home/lists-seen.json";
    const kept = place.read(path);
    place.put(path, '{"https://status.example/1":{"issuedAt":"today"}}');
    const ran = await open("listed.writ", ["--status", await list("last", now)]);
    expect([ran.exit, codeOf(ran)]).toEqual([3, "structure"]);
    place.put(path, kept);
  });
});

describe("a token that others don't see", () => {
  const asked = token(key, { ...claims, kind: "human", realm: { roles: ["clinician"] } });
  const flags = ["--principal-keys", "keys.json", ...meant, "--principal-claims", "claims.json"];
  const stdin = (text: string): Surroundings => ({
    stdin: (async function* () {
      yield* [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
    })(),
  });

  test("[CLI-29] [CLI-23] from a file and from stdin, with claims that are mapped", async () => {
    place.put("token", `${asked}\n`);
    expect((await check("proven.writ", ["--principal-token", "token", ...flags])).exit).toBe(0);
    expect((await open("proven.writ", ["--principal-token", "-", ...flags], stdin(`${asked}\n`))).exit).toBe(0);
    const unmapped = ["--principal-token", "token", ...flags.slice(0, 6)];
    expect((await check("proven.writ", unmapped)).exit).toBe(16); // control: the roles stand elsewhere
  });

  test("[CLI-29] what isn't one is refused by its code, and shown nowhere", async () => {
    place.put("junk", "no token here");
    place.put("empty", "");
    place.put("map.json", '{"rank":"r"}');
    place.put("nothing.json", '{"roles":{"claim":[]}}');
    const from = (file: string, ...more: string[]): string[] => ["--principal-token", file, ...flags, ...more];
    const cases: readonly (readonly [readonly string[], number, string, Surroundings?])[] = [
      [from("junk"), 13, "principal-token"],
      [from("empty"), 3, "input-empty"],
      [from("missing"), 3, "input-unreadable"],
      [from("-"), 3, "input-unreadable"],
      [from("-"), 3, "input-empty", stdin("")],
      [from("-"), 3, "input-too-large", { stdin: [Buffer.alloc(1 << 17)] as never }],
      [from("-"), 3, "json-invalid", { stdin: [Uint8Array.of(0xff)] as never }],
      [from("-"), 13, "principal-token", stdin("a.b.c")],
      [from("token", "--principal", asked), 2, "usage"],
      [["--principal-token", "token"], 2, "usage"],
      [["--principal-token", "token", ...flags.slice(0, 4)], 2, "usage"],
      [from("token", "--principal-claims", "map.json"), 2, "usage"],
      [from("token", "--principal-claims", "nothing.json"), 2, "usage"],
      [from("token", "--principal-claims", "junk"), 3, "json-invalid"],
      [["--principal-claims", "claims.json"], 2, "usage"],
      [from("token", "--principal-keys", "http://keys.example/set"), 2, "usage"],
      [from("token", "--principal-keys", "https://"), 2, "usage"],
    ];
    for (const [argv, exit, code, around = {}] of cases) {
      const ran = await check("proven.writ", argv, around);
      expect([argv, ran.exit, codeOf(ran)]).toEqual([argv, exit, code]);
      expect(ran.stderr + ran.stdout.toString()).not.toContain(asked.slice(-20));
    }
  });

  test("[CLI-20] [CLI-29] whoever waits for a token on stdin can interrupt it; a pipe that breaks is unreadable", async () => {
    const argv = ["--principal-token", "-", ...flags];
    const interrupt = new AbortController();
    const waiting = check("proven.writ", argv, {
      stdin: new Readable({ read: () => undefined }),
      signal: interrupt.signal,
    });
    interrupt.abort();
    expect((await waiting).exit).toBe(130);
    const broken = new Readable({
      read: () => void broken.destroy(Object.assign(new Error("gone"), { code: "EPIPE" })),
    });
    const ran = await check("proven.writ", argv, { stdin: broken });
    expect([ran.exit, codeOf(ran)]).toEqual([3, "input-unreadable"]);
    expect((await check("proven.writ", argv, { stdin: Readable.from([Buffer.from(asked)]) })).exit).toBe(0); // control
  });

  test("[CLI-29] [PRI-5] keys at an address are fetched once, and only where one is named", async () => {
    const calls: string[] = [];
    const server = createServer((call, answer) => {
      calls.push(call.url ?? "");
      answer.setHeader("content-type", "application/json");
      answer.end(JSON.stringify({ keys: [key.jwk] }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const remote = [
      "--principal-token",
      "token",
      "--principal-keys",
      url,
      ...meant,
      "--principal-claims",
      "claims.json",
    ];
    expect((await check("proven.writ", remote)).exit).toBe(0);
    expect(calls).toEqual(["/keys"]);
    await check("proven.writ", ["--principal-token", "token", ...flags]);
    await place.ok("verify", "proven.writ");
    expect(calls).toEqual(["/keys"]); // control: no other run asks
    server.close();
    server.closeAllConnections();
    const away = await check("proven.writ", remote);
    expect([away.exit, codeOf(away)]).toEqual([13, "principal-keys"]);
  });

  test("[DEC-7] [CLI-23] [CLI-33] a token that ends before a run's decision doesn't decide", async () => {
    const ending = token(key, { ...claims, exp: now + 60, kind: "human", realm: { roles: ["clinician"] } });
    place.put("ending", ending);
    const ask = (...more: string[]): Promise<Ran> =>
      check("proven.writ", ["--principal-token", "ending", ...flags, ...more]);
    expect((await ask()).exit).toBe(0); // control
    const then = await ask("--at", instantAfter(60));
    expect([then.exit, JSON.stringify(then.json())]).toEqual([12, expect.stringContaining("principal-expired")]);
    const why = (ran: Ran): unknown => ran.json<{ flip: unknown }>().flip;
    expect(why(then)).toMatchObject({ why: "not-by-policy", text: expect.stringContaining("proof of who asks") });
    expect(why(await ask("--region", "US", "--at", instantAfter(60)))).toEqual(why(then)); // a policy refuses as well
    expect(why(await ask())).toMatchObject({ why: null, verdict: "deny" }); // control
    const told = await place.writ([
      "check",
      "proven.writ",
      ...read,
      "--principal-token",
      "ending",
      ...flags,
      "--at",
      instantAfter(60),
    ]);
    expect(told.stdout.toString()).toContain("what proves who asks has ended (principal) [principal-expired]");
  });
});

describe("counters in a database", () => {
  test("[CLI-26] two uses are permitted, the third is denied; a check reads, makes and counts nothing", async (context) => {
    const server = await startPostgres();
    if ("unavailable" in server) return context.skip(server.unavailable);
    onTestFinished(() => server.end());
    const counters = ["--counters", server.connection];
    expect((await check("counted.writ", counters)).exit).toBe(0);
    expect((await check("counted.writ", counters)).exit).toBe(0);
    expect([(await open("counted.writ", counters)).exit, (await open("counted.writ", counters)).exit]).toEqual([0, 0]);
    expect([(await check("counted.writ", counters)).exit, (await open("counted.writ", counters)).exit]).toEqual([
      12, 12,
    ]);
    expect((await open("counted.writ", [])).exit).toBe(0); // control: the home counts apart
    await server.stop();
    const away = await open("counted.writ", counters);
    expect([away.exit, codeOf(away)]).toEqual([3, "input-unreadable"]);
    expect(away.stderr).not.toContain(server.connection);
  });

  test("[CLI-26] a password among the arguments is a usage error that doesn't repeat it", async () => {
    for (const address of [
      "postgres://writ:hunter2@db.example/writ",
      "postgresql://db.example/writ?user=writ&password=hunter2",
      "POSTGRES://writ:hunter2@db.example/writ",
    ]) {
      const ran = await open("counted.writ", ["--counters", address]);
      expect([ran.exit, codeOf(ran)]).toEqual([2, "usage"]);
      expect(ran.stderr + ran.stdout.toString()).not.toContain("hunter2");
    }
    expect(existsSync(join(place.folder, "postgres:"))).toBe(false);
  });
});
