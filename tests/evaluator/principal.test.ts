// Principals from signed tokens: what a token must be, by whose keys, and what errors say of it.
import fc from "fast-check";
import { createPublicKey } from "node:crypto";
import { inspect } from "node:util";
import { principalFromJwt } from "@writ/evaluator";
import type { PrincipalOptions, RemoteKeys } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { at, codeOf } from "../support/scene.ts";
import { macToken, newTokenKey, token, unsigned } from "../support/token.ts";
import { es, ed, rs, stranger, now, options, claims, without } from "../support/principal-tokens.ts";

describe("tokens", () => {
  test.each([es, ed, rs, newTokenKey("PS256", "ps")])(
    "[PRI-1, PRI-8] a token signed by $alg is its subject",
    async (key) => {
      const keys = { keys: [es.jwk, key.jwk].filter((jwk, n, all) => all.indexOf(jwk) === n) };
      expect(await principalFromJwt(token(key, claims), { ...options, keys })).toEqual({
        principal: { id: "urn:person:ada", kind: "human", roles: ["researcher"], org: "urn:org:acme" },
        assurance: { "principal.id": 2, "principal.kind": 2, "principal.roles": 2, "principal.org": 2 },
        expires: now + 600,
      });
    },
  );

  const header = (value: object): string => token(es, claims, value);
  const [head, body, tail] = token(es, claims).split(".") as [string, string, string];
  const other = Buffer.from(JSON.stringify({ ...claims, roles: ["owner"] })).toString("base64url");
  const pem = createPublicKey({ key: rs.jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
  const twice = JSON.stringify(claims).replace("{", '{"roles":["owner"],');
  const refused: readonly (readonly [string, string])[] = [
    ["[PRI-1] no token", "ada"],
    ["[PRI-1] nothing", ""],
    ["[PRI-1] two parts", `${head}.${body}`],
    ["[PRI-1] an encrypted one of five parts", `${head}.${body}.${tail}.${tail}.${tail}`],
    ["[PRI-1] padding", `${head}.${body}=.${tail}`],
    ["[PRI-1] line breaks", `${head}.${body}.${tail}\n`],
    ["[PRI-1] a token beyond the limit", token(es, { ...claims, more: "x".repeat(16_384) })],
    ["[PRI-1] a token beyond the limit whose parts are within", token(es, { ...claims, more: "x".repeat(12_500) })],
    ["[PRI-1] a claim named twice", token(es, twice)],
    ["[PRI-1] a header member named twice", token(es, claims, '{"alg":"none","alg":"ES256","kid":"es"}')],
    ["[PRI-1] a payload that is a list", token(es, "[]")],
    ["[PRI-1] a payload that is no JSON", token(es, "sub=ada")],
    ["[PRI-1] a payload nested beyond reason", token(es, `{"a":${"[".repeat(90)}${"]".repeat(90)}}`)],
    ["[PRI-3] alg none without signature", unsigned(claims)],
    ["[PRI-3] alg none with another's signature", unsigned(claims, tail)],
    ["[PRI-3] alg None", header({ alg: "None" })],
    ["[PRI-3] alg absent", token(es, claims, '{"kid":"es"}')],
    ["[PRI-3] the public key taken for a shared secret", macToken(pem, claims, { alg: "HS256", kid: "rs" })],
    [
      "[PRI-3] its JWK taken for a shared secret",
      macToken(JSON.stringify(es.jwk), claims, { alg: "HS256", kid: "es" }),
    ],
    ["[PRI-3] a key in the header", token(stranger, claims, { kid: undefined, jwk: stranger.jwk })],
    ["[PRI-3] an address of keys in the header", header({ jku: "https://id.example/keys" })],
    ["[PRI-3] a certificate in the header", header({ x5c: ["MIIB"] })],
    ["[PRI-3] a critical extension", header({ crit: ["exp"] })],
    ["[PRI-3] an unencoded payload", header({ b64: false, crit: ["b64"] })],
    ["[PRI-3] a token of another type", header({ typ: "logout+jwt" })],
    ["[PRI-4] another's signature under the same kid", token(stranger, claims)],
    ["[PRI-4] another kid", header({ kid: "nobody" })],
    ["[PRI-4] the kid of a key of another algorithm", header({ kid: "ed" })],
    ["[PRI-4] the algorithm of another key", header({ alg: "EdDSA" })],
    ["[PRI-4] other claims under the signature", `${head}.${other}.${tail}`],
    ["[PRI-6] another issuer", token(es, { ...claims, iss: "https://id.example/" })],
    ["[PRI-6] a list of issuers", token(es, { ...claims, iss: ["https://id.example"] })],
    ["[PRI-6] no issuer", token(es, without("iss"))],
    ["[PRI-6] another audience", token(es, { ...claims, aud: "urn:acme:other" })],
    ["[PRI-6] no audience", token(es, without("aud"))],
    ["[PRI-6] expired", token(es, { ...claims, exp: now })],
    ["[PRI-6] no expiry", token(es, without("exp"))],
    ["[PRI-6] an expiry that is a text", token(es, { ...claims, exp: "2099" })],
    ["[PRI-6] an expiry beyond all time", token(es, { ...claims, exp: 1e300 })],
    ["[PRI-6] an expiry without end", token(es, JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400'))],
    [
      "[PRI-6] issued before all time",
      token(es, JSON.stringify({ ...claims, iat: 0 }).replace('"iat":0', '"iat":-1e400')),
    ],
    ["[PRI-6] not yet", token(es, { ...claims, nbf: now + 1 })],
    ["[PRI-6] issued in the future", token(es, { ...claims, iat: now + 1 })],
  ];
  test.each(refused)("%s is refused", async (_what, text) => {
    expect(await codeOf(() => principalFromJwt(text, options))).toBe("principal-token");
  });

  test("[PRI-1] control: long tokens within the limit are read", async () => {
    const long = token(es, { ...claims, more: "x".repeat(11_500) });
    expect(long.length).toBeGreaterThan(15_000);
    expect((await principalFromJwt(long, options)).principal.id).toBe("urn:person:ada");
  });

  test("[PRI-3] only what the verifier accepts is accepted", async () => {
    const narrow: PrincipalOptions = { ...options, algorithms: ["EdDSA"] };
    expect(await codeOf(() => principalFromJwt(token(es, claims), narrow))).toBe("principal-token");
    expect((await principalFromJwt(token(ed, claims), narrow)).principal.id).toBe("urn:person:ada");
    for (const algorithms of [[], ["HS256"], ["none"], ["ES256", "toString"]] as never[]) {
      await expect(principalFromJwt(token(es, claims), { ...options, algorithms })).rejects.toThrow(TypeError);
    }
  });

  test("[PRI-6] age and tolerance are the verifier's", async () => {
    const old = token(es, { ...claims, iat: now - 3600 });
    expect(await codeOf(() => principalFromJwt(old, { ...options, maxAgeSeconds: 3599 }))).toBe("principal-token");
    expect((await principalFromJwt(old, { ...options, maxAgeSeconds: 3600 })).principal.id).toBe("urn:person:ada");
    expect(await codeOf(() => principalFromJwt(token(es, without("iat")), { ...options, maxAgeSeconds: 60 }))).toBe(
      "principal-token",
    );
    const late = token(es, { ...claims, exp: now - 5, iat: now + 5 });
    expect(await codeOf(() => principalFromJwt(late, { ...options, clockToleranceSeconds: 5 }))).toBe(
      "principal-token",
    );
    expect((await principalFromJwt(late, { ...options, clockToleranceSeconds: 6 })).expires).toBe(now + 1);
    await expect(principalFromJwt(late, { ...options, clockToleranceSeconds: 301 })).rejects.toThrow(RangeError);
    await expect(principalFromJwt(late, { ...options, clock: () => Number.NaN })).rejects.toThrow(RangeError);
  });

  test("[PRI-11] a principal ends when its token would no longer be taken", async () => {
    const endOf = async (members: object, more: Partial<PrincipalOptions> = {}): Promise<number> =>
      (await principalFromJwt(token(es, { ...claims, ...members }), { ...options, ...more })).expires - now;
    expect(await endOf({})).toBe(600);
    expect(await endOf({ exp: now + 0.5 + 600 })).toBe(600);
    expect(await endOf({}, { clockToleranceSeconds: 30 })).toBe(630);
    expect(await endOf({}, { maxAgeSeconds: 60 })).toBe(50); // issued 10 s ago
    expect(await endOf({}, { maxAgeSeconds: 6000 })).toBe(600);
    const taken = (seconds: number): Promise<unknown> =>
      codeOf(() => principalFromJwt(token(es, claims), { ...options, maxAgeSeconds: 60, clock: at(seconds) }));
    expect([await taken(49), await taken(52)]).toEqual([expect.anything(), "principal-token"]);
  });

  test("[PRI-10] a bound token is taken only with what it is bound to, and then no other", async () => {
    const ask = (cnf: unknown, confirmation?: Record<string, string>): Promise<string> =>
      codeOf(() =>
        principalFromJwt(token(es, { ...claims, ...(cnf === undefined ? {} : { cnf }) }), {
          ...options,
          ...(confirmation && { confirmation }),
        }),
      );
    expect(await ask({ jkt: "thumb" }, { jkt: "thumb" })).toBe("nothing was thrown");
    expect(await ask(undefined)).toBe("nothing was thrown");
    for (const bound of [{ jkt: "thumb" }, {}, null, "thumb"]) expect(await ask(bound)).toBe("principal-token");
    const others = [
      undefined,
      { jkt: "other" },
      {},
      null,
      ["thumb"],
      { jkt: "thumb", kid: "k" },
      { "x5t#S256": "thumb" },
    ];
    for (const bound of others) expect(await ask(bound, { jkt: "thumb" })).toBe("principal-token");
    expect(await ask({}, {})).toBe("principal-token");
    expect(await ask({ jkt: "thumb" }, { jkt: "thumb", "x5t#S256": "more" })).toBe("principal-token");
  });

  test("wrong options are the caller's mistake", async () => {
    const wrong: readonly object[] = [
      { issuer: "" },
      { audience: undefined },
      { keys: undefined },
      { keys: { url: "http://id.example/keys", fetch } },
      { keys: { url: "no address", fetch } },
      { keys: { url: "https://id.example/keys" } },
      { keys: { url: "https://id.example/keys", fetch, cache: true } },
      { keys: { url: "https://id.example/keys", fetch, cooldownMs: -1 } },
      { algorithm: ["ES256"] },
      { claims: { role: "roles" } },
      { claims: { roles: [] } },
      ...[5, [], "", false, null].map((claims) => ({ claims })), // nothing of it is read, so roles would come from elsewhere
      { claims: { roles: { claim: "roles", values: ["owner"] } } },
      { claims: { roles: { claim: "roles", value: {} } } },
      { subjectKind: "robot" },
      { sharedWithActors: ["id"] },
    ];
    for (const change of wrong) {
      const call = principalFromJwt(token(es, claims), { ...options, ...change });
      await expect(call, JSON.stringify(change)).rejects.toThrow(TypeError);
    }
  });
});

describe("keys", () => {
  test("[PRI-4] a set is one of public keys, and a token without kid fits exactly one", async () => {
    const privateJwk = es.privateKey.export({ format: "jwk" });
    for (const keys of [
      { keys: [] },
      { keys: {} },
      {},
      { keys: [null] },
      { keys: [{}] },
      { keys: [privateJwk] },
      { keys: [{ kty: "oct", k: "c2VjcmV0" }] },
    ]) {
      expect(await codeOf(() => principalFromJwt(token(es, claims), { ...options, keys: keys as never }))).toBe(
        "structure",
      );
    }
    const nameless = token(es, claims, { kid: undefined });
    expect((await principalFromJwt(nameless, options)).principal.id).toBe("urn:person:ada"); // the only ES256 key
    const two = { keys: [es.jwk, newTokenKey("ES256", "next").jwk] };
    expect(await codeOf(() => principalFromJwt(nameless, { ...options, keys: two }))).toBe("principal-token");
    expect((await principalFromJwt(token(es, claims), { ...options, keys: two })).principal.id).toBe("urn:person:ada");
  });

  interface Issuer extends RemoteKeys {
    readonly calls: string[];
    serve: () => Response | Promise<Response>;
  }
  function issuer(serve: () => Response | Promise<Response>, more: Partial<RemoteKeys> = {}): Issuer {
    const calls: string[] = [];
    const remote: Issuer = {
      url: "https://id.example/keys",
      calls,
      serve,
      fetch: async (url, { redirect }) => {
        calls.push(`${url} ${redirect}`);
        return remote.serve();
      },
      ...more,
    };
    // the fetch and what counts its calls are no options
    return Object.defineProperties(remote, { calls: { enumerable: false }, serve: { enumerable: false } });
  }

  test("[PRI-5] a set at an address is fetched once and kept; a key it lacks leads to another fetch only after a pause", async () => {
    const remote = issuer(() => Response.json({ keys: [es.jwk] }));
    const ask = async (text: string, keys: RemoteKeys): Promise<string> =>
      codeOf(() => principalFromJwt(text, { ...options, keys }));
    const valid = token(es, claims);
    expect(await Promise.all([ask(valid, remote), ask(valid, remote)])).toEqual(Array(2).fill("nothing was thrown"));
    expect(remote.calls).toEqual(["https://id.example/keys manual"]);
    expect(await ask(token(ed, claims), remote)).toBe("principal-token");
    expect(remote.calls).toHaveLength(1);
    const eager = issuer(() => Response.json({ keys: [es.jwk] }), { cooldownMs: 0 });
    expect(await ask(valid, eager)).toBe("nothing was thrown");
    eager.serve = () => Response.json({ keys: [ed.jwk] });
    expect(await ask(token(ed, claims), eager)).toBe("nothing was thrown");
    expect(eager.calls).toHaveLength(2);
    expect(await ask(valid, eager)).toBe("principal-token"); // a key that was withdrawn
  });

  test("[PRI-5] where the set can't be had, no token is valid", async () => {
    const bad: readonly (() => Response | Promise<Response>)[] = [
      () => Promise.reject(new TypeError("network is down")),
      () => new Response("gone", { status: 404 }),
      () => new Response(null, { status: 302, headers: { location: "https://elsewhere.example" } }),
      () => new Response("{"),
      () => new Response('{"keys":[],"keys":[]}'),
      () => Response.json({ keys: [es.privateKey.export({ format: "jwk" })] }),
      () => new Response(" ".repeat((1 << 20) + 1)),
    ];
    for (const serve of bad) {
      const error: unknown = await principalFromJwt(token(es, claims), { ...options, keys: issuer(serve) }).catch(
        (e: unknown) => e,
      );
      expect(error).toMatchObject({ name: "VerificationError", code: "principal-keys", retryable: true });
    }
    let pulled = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        if (pulled > 100) controller.error(new RangeError("read on and on"));
        else controller.enqueue(Buffer.alloc(1 << 16, " "));
      },
    });
    expect(
      await codeOf(() =>
        principalFromJwt(token(es, claims), { ...options, keys: issuer(() => new Response(endless)) }),
      ),
    ).toBe("principal-keys");
    expect(pulled).toBeLessThan(25); // 64 KiB each: reading stops after a MiB
    const again = issuer(() => Promise.reject(new TypeError("network is down")));
    expect(await codeOf(() => principalFromJwt(token(es, claims), { ...options, keys: again }))).toBe("principal-keys");
    again.serve = () => Response.json({ keys: [es.jwk] });
    expect(await codeOf(() => principalFromJwt(token(es, claims), { ...options, keys: again }))).toBe(
      "nothing was thrown",
    );
  });
});

describe("what errors say", () => {
  test("[PRI-2] no message, path, cause or print holds a token, a part of it or a claim's value", async () => {
    const secret = "urn:person:nobody-may-read-this";
    const seen: string[] = [];
    const texts = [
      token(es, { ...claims, sub: secret, exp: now - 1 }),
      token(es, { ...claims, aud: secret }),
      token(es, { ...claims, iss: secret }),
      token(es, { ...claims, kind: secret }),
      token(es, { ...claims, roles: secret }),
      token(es, { ...claims, sub: secret, clearance: secret }),
      token(es, { ...claims, sub: secret, act: { sub: secret, act: secret } }),
      token(stranger, { ...claims, sub: secret }),
      token(es, { ...claims, sub: secret }, { kid: secret }),
      token(es, { ...claims, sub: secret }, { alg: secret }),
      token(es, { ...claims, sub: secret }, { typ: secret }),
      token(es, `{"sub":"${secret}"`),
    ];
    for (const text of texts) {
      const error: unknown = await principalFromJwt(text, options).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "principal-token" });
      const shown = [inspect(error, { depth: Infinity, showHidden: true }), String(error), JSON.stringify(error)].join(
        "\n",
      );
      for (const part of [...text.split("."), secret]) expect(shown).not.toContain(part);
      seen.push(shown);
    }
    expect(seen).toHaveLength(texts.length);
    expect(inspect(new TypeError(`bad ${secret}`))).toContain(secret); // control: a message would show
  });

  test("[PRI-1, PRI-4] a token with any character changed is refused, and nothing but a coded error escapes", async () => {
    const valid = token(es, claims);
    const kept = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(valid.length - 1),
        fc.constantFrom("A", "Z", "a", "z", "0", "9", "-", "_", ".", "=", " ", "{"),
        async (index, character) => {
          const changed = valid.slice(0, index) + character + valid.slice(index + 1);
          const code = await codeOf(() => principalFromJwt(changed, options));
          if (changed === valid) kept.add(code);
          else if (code === "nothing was thrown") {
            // base64url's last character of 64 bytes carries two bits that no byte holds
            expect(Buffer.from(changed.split(".")[2]!, "base64url")).toEqual(
              Buffer.from(valid.split(".")[2]!, "base64url"),
            );
          } else expect(code).toBe("principal-token");
        },
      ),
      { numRuns: 300 },
    );
    kept.add(await codeOf(() => principalFromJwt(valid, options)));
    expect([...kept]).toEqual(["nothing was thrown"]);
  });
});
