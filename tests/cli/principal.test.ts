// writ check and open with a token: what it binds is believed, what flags say is not.
import { afterAll, describe, expect, test } from "vitest";
import { newTokenKey, token } from "../support/token.ts";
import { policyDocument, schemaFaults, workplace } from "./shell.ts";

const key = newTokenKey("ES256", "k1");
const now = Math.floor(Date.now() / 1000);
const claims = {
  iss: "https://id.example",
  aud: "urn:example:writ",
  exp: now + 3600,
  sub: "urn:person:ada",
  kind: "human",
  roles: ["clinician"],
};

describe("principals of the command line", async () => {
  const place = await workplace();
  afterAll(place.remove);
  place.put("keys.json", JSON.stringify({ keys: [key.jwk] }));
  place.put("data.csv", "a,b\n1,2\n");
  place.put(
    "policy.json",
    policyDocument({
      limits: { minAssurance: 2 },
      permissions: [
        {
          id: "use",
          operations: ["read"],
          purposes: ["dpv:AcademicResearch"],
          when: { "principal.roles": { hasAny: ["clinician"] } },
        },
      ],
      duties: undefined,
    }),
  );
  await place.ok("seal", "data.csv", "--policy", "policy.json");
  const asking = ["data.csv.writ", "--operation", "read", "--purpose", "dpv:AcademicResearch"];
  const flags = [
    "--principal-keys",
    "keys.json",
    "--principal-issuer",
    "https://id.example",
    "--principal-audience",
    "urn:example:writ",
  ];
  const check = (principal: string, ...more: string[]) =>
    place.writ(["check", ...asking, "--principal", principal, ...more, "--json"]);

  test("[CLI-23] a token permits what the same words as JSON leave unknown", async () => {
    const permitted = await check(token(key, claims), ...flags);
    expect(permitted.exit).toBe(0);
    expect(permitted.json()).toMatchObject({
      request: { principal: { id: "urn:person:ada", kind: "human", roles: ["clinician"] } },
      decision: { verdict: "permit" },
    });
    expect(schemaFaults("check", permitted.json())).toEqual([]);
    const asserted = await check(JSON.stringify({ id: "urn:person:ada", kind: "human", roles: ["clinician"] }));
    expect(asserted.exit).toBe(16);
    const guest = await check(token(key, { ...claims, roles: ["guest"] }), ...flags);
    expect(guest.exit).toBe(12);
    const agent = await check(token(key, { ...claims, act: { sub: "urn:agent:a", roles: ["clinician"] } }), ...flags);
    expect(agent.exit).toBe(12); // agents are admitted by name only
    const kindless = await check(token(key, { ...claims, kind: undefined }), ...flags);
    expect(kindless.exit).toBe(16); // taken for a human, but not on the token's word
  });

  test("[CLI-23] open decides on the token", async () => {
    const opened = await place.writ([
      "open",
      ...asking,
      "--principal",
      ` ${token(key, claims)}\n`,
      ...flags,
      "-o",
      "out.csv",
    ]);
    expect(opened.exit).toBe(0);
    expect(place.read("out.csv").toString()).toBe("a,b\n1,2\n");
  });

  const usage: readonly (readonly [string, string, readonly string[]])[] = [
    ["a token without flags", token(key, claims), []],
    ["a token without audience", token(key, claims), flags.slice(0, 4)],
    ["a token with an empty issuer", token(key, claims), [...flags, "--principal-issuer", ""]],
    ["JSON with a token's flags", '{"id":"urn:person:ada","kind":"human"}', flags],
    ["a damaged token", token(key, claims).replaceAll(".", " "), []],
  ];
  test.each(usage)("[CLI-23] %s is a usage error that shows no token", async (_what, principal, more) => {
    const ran = await check(principal, ...more);
    expect(ran.exit).toBe(2);
    expect(ran.json()).toMatchObject({ error: { code: "usage" } });
    expect(ran.stderr + ran.stdout.toString()).not.toContain(principal.slice(0, 20));
  });

  test("[CLI-23] flags of a token for the local user are a usage error", async () => {
    expect((await place.writ(["check", ...asking, ...flags])).exit).toBe(2);
  });

  test("[CLI-23] a token that isn't valid exits with 13, keys that aren't any with 3", async () => {
    const expired = await check(token(key, { ...claims, exp: now - 10 }), ...flags);
    expect(expired.exit).toBe(13);
    expect(expired.json()).toMatchObject({ error: { code: "principal-token" } });
    const text = token(newTokenKey("ES256", "k1"), claims);
    const forged = await check(text, ...flags);
    expect(forged.exit).toBe(13);
    for (const part of text.split(".")) expect(forged.stderr).not.toContain(part);
    const wrong = async (content: string): Promise<string> => {
      place.put("wrong.json", content);
      const ran = await check(token(key, claims), ...flags, "--principal-keys", "wrong.json");
      expect(ran.exit).toBe(3);
      return ran.json<{ error: { code: string; path?: string } }>().error.code;
    };
    expect(await wrong("{}")).toBe("structure");
    expect(await wrong(JSON.stringify({ keys: [key.privateKey.export({ format: "jwk" })] }))).toBe("structure");
    expect(await wrong("keys")).toBe("json-invalid");
    expect(await wrong("")).toBe("input-empty");
    const missing = await check(token(key, claims), ...flags, "--principal-keys", "nowhere.json");
    expect(missing.json()).toMatchObject({ error: { code: "input-unreadable" } });
  });
});
