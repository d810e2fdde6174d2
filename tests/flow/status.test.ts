// Status lists: what one says, who may say it, and what becomes of a decision.
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, describeSigner, ingest, parseTrust } from "@writ/core";
import type { Signer, SuiteName } from "@writ/core";
import { statusSource } from "@writ/evaluator/status";
import type { ListedStatus } from "@writ/evaluator/status";
import {
  at,
  document,
  evaluator,
  memorySink,
  newSigner,
  policy,
  request,
  sealed,
  trustWith,
} from "../support/scene.ts";
import {
  base,
  uri,
  holdUri,
  registrar,
  counsel,
  stranger,
  startSeconds,
  trusting,
  trust,
  list,
  web,
  read,
  valueOf,
  withPayload,
} from "../support/status-lists.ts";

describe("what a list says", () => {
  test("[STS-3] each value by its number, with the age of the list", async () => {
    const token = await list({ 1: "revoked", 2: "suspended", 3: "superseded" });
    const { status } = await read({ fetch: web({ [uri]: token }).fetch }, [0, 1, 2, 3, 1000, 5000]);
    expect(status.map(({ value }) => value)).toEqual([
      "valid",
      "revoked",
      "suspended",
      "superseded",
      "unknown",
      "unknown",
    ]);
    expect(status.map(({ ageMs }) => ageMs)).toEqual([60_000, 60_000, 60_000, 60_000, undefined, undefined]);
  });

  test("[STS-3] the lists that the draft prints, bit by bit", async () => {
    const one = await read({ fetch: web({ [uri]: await withPayload({}) }).fetch }, [...Array(16).keys()]);
    const expected = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
    expect(one.status.map(({ value }) => value)).toEqual(expected.map((bit) => (bit === 1 ? "revoked" : "valid")));
    const token = await withPayload({ status_list: { bits: 2, lst: "eNo76fITAAPfAgc" } });
    const two = await read({ fetch: web({ [uri]: token }).fetch }, [...Array(12).keys()]);
    const names = ["valid", "revoked", "suspended", "superseded"];
    expect(two.status.map(({ value }) => names.indexOf(value))).toEqual([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
  });

  test.each([4, 8])("[STS-3] a value without meaning is unknown at %i bits, others are read", async (bits) => {
    const bytes = bits === 4 ? [0x21, 0x0f] : [1, 2, 15, 0];
    const token = await withPayload({
      status_list: { bits, lst: deflateSync(Buffer.from(bytes)).toString("base64url") },
    });
    const { status } = await read({ fetch: web({ [uri]: token }).fetch }, [0, 1, 2, 3]);
    expect(status.map(({ value }) => value)).toEqual(["revoked", "suspended", "unknown", "valid"]);
  });

  test("[STS-4] a list of a hold signer puts holds in force and takes nothing else away", async () => {
    const token = await list({ 7: "held" }, { uri: holdUri }, counsel);
    const held = await read({ fetch: web({ [holdUri]: token }).fetch }, [7], 60, holdUri);
    expect(held).toEqual({
      status: [{ uri: holdUri, index: 7, value: "valid", ageMs: 60_000, until: startSeconds + 86_400 }],
      holds: [`${holdUri}#7`],
    });
    const free = await read({ fetch: web({ [holdUri]: token }).fetch }, [8], 60, holdUri);
    expect(free.holds).toEqual([]);
    const lost = await read({}, [7], 60, holdUri);
    expect(lost).toEqual({ status: [{ uri: holdUri, index: 7, value: "unknown" }] });
    const lostStatus = await read({}, [7]);
    expect(lostStatus.holds).toEqual([]); // a list of status signers holds nothing, read or not
  });

  test("[STS-3] what is written is what is read, for any list", async () => {
    const named = fc.constantFrom<ListedStatus>("valid", "revoked", "suspended", "superseded");
    const lists = fc.dictionary(fc.nat(999).map(String), named, { maxKeys: 40 });
    await fc.assert(
      fc.asyncProperty(lists, async (entries) => {
        const { status } = await read({ fetch: web({ [uri]: await list(entries) }).fetch }, [...Array(1000).keys()]);
        expect(status.map(({ value }) => value)).toEqual(
          [...Array(1000).keys()].map((index) => entries[index] ?? "valid"),
        );
      }),
      { numRuns: 25 },
    );
  });

  test("what can't be written is refused", async () => {
    await expect(list({ 1000: "revoked" })).rejects.toThrow(RangeError);
    await expect(list({ 1: "held", 2: "revoked" })).rejects.toThrow(TypeError);
    await expect(list({ 1: "gone" as never })).rejects.toThrow(TypeError);
    await expect(list({}, { size: 0 })).rejects.toThrow(RangeError);
    await expect(list({}, { size: 40_000_000 })).rejects.toThrow(RangeError);
    await expect(list({}, { ttl: 0 })).rejects.toThrow(RangeError);
    expect(await valueOf(await list({ 7: "revoked" }))).toBe("revoked"); // control
  });
});

describe("who may say it", () => {
  test.each<SuiteName>(["ed25519", "p256", "mldsa65"])("[STS-2] a signer of suite %s", async (suite) => {
    const signer = newSigner("urn:acme:registrar", suite);
    const token = await list({ 7: "revoked" }, {}, signer);
    expect(await valueOf(token, { trust: trusting(signer) })).toBe("revoked");
    expect(await valueOf(token)).toBe("unknown"); // control: not the one that is trusted
  });

  test.each<SuiteName>(["ed25519+mldsa65", "p384+mldsa65", "p384+mldsa87"])(
    "[STS-9] a signer of suite %s signs twice, and neither signature counts alone",
    async (suite) => {
      const signer = newSigner("urn:acme:registrar", suite);
      const token = await list({ 7: "revoked" }, {}, signer);
      const options = { trust: trusting(signer) };
      expect(await valueOf(token, options)).toBe("revoked");
      type Two = { payload: string; signatures: [Record<string, string>, Record<string, string>] };
      const { payload, signatures } = JSON.parse(token) as Two;
      const [first, second] = signatures;
      const compact = (one: Record<string, string>): string => `${one["protected"]}.${payload}.${one["signature"]}`;
      const other = JSON.parse(await list({ 7: "revoked" }, {}, newSigner("urn:acme:registrar", suite))) as Two;
      const fine = Buffer.from(
        JSON.stringify({ ...(JSON.parse(Buffer.from(payload, "base64url").toString()) as object), iat: 1 }),
      ).toString("base64url");
      const bad: Record<string, unknown> = {
        "the first alone": compact(first),
        "the second alone": compact(second),
        "the first alone in JSON": { payload, signatures: [first] },
        "the first alone, flattened": { payload, ...first },
        "the first twice": { payload, signatures: [first, first] },
        "the other order": { payload, signatures: [second, first] },
        "a third": { payload, signatures: [first, second, second] },
        "another's second": { payload, signatures: [first, other.signatures[1]] },
        "another's first": { payload, signatures: [other.signatures[0], second] },
        "another payload": { payload: fine, signatures },
        "a header that isn't signed": { payload, signatures: [first, { ...second, header: { kid: "x" } }] },
        "another member": { payload, signatures, more: 1 },
        "no signatures": { payload, signatures: [] },
        "a member twice": `{"payload":"e30","payload":${JSON.stringify(payload)},"signatures":${JSON.stringify(signatures)}}`,
        "no JSON": token.slice(0, -1),
      };
      for (const [what, value] of Object.entries(bad)) {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        expect([what, await valueOf(text, options)]).toEqual([what, "unknown"]);
      }
      expect(await valueOf(JSON.stringify({ payload, signatures }), options)).toBe("revoked"); // control
    },
  );

  test("[STS-9] a signer of one key doesn't sign in JSON, and a half of a suite's keys is no signer of it", async () => {
    const token = await list({ 7: "revoked" });
    const [header, payload, signature] = token.split(".") as [string, string, string];
    const one = { protected: header, signature };
    expect(await valueOf(JSON.stringify({ payload, signatures: [one] }))).toBe("unknown");
    expect(await valueOf(JSON.stringify({ payload, signatures: [one, one] }))).toBe("unknown");
    expect(await valueOf(token)).toBe("revoked"); // control
    const hybrid = newSigner("urn:acme:registrar", "ed25519+mldsa65");
    const half: Signer = { ...hybrid, suite: "ed25519", keys: [hybrid.keys[0]!] };
    const stripped = await list({ 7: "revoked" }, {}, half);
    expect(await valueOf(stripped, { trust: trusting(hybrid) })).toBe("unknown");
    expect(await valueOf(stripped, { trust: trusting(half) })).toBe("revoked"); // control: the verifier's policy decides
  });

  test("[STS-1] nothing is fetched for a URI that no signer may speak for", async () => {
    const elsewhere = "https://evil.example/1";
    const token = await list({}, { uri: elsewhere });
    const { asked, fetch } = web({ [elsewhere]: token, [uri]: await list({}) });
    const reading = await read({ fetch }, [7], 60, elsewhere);
    expect([reading.status[0]!.value, reading.holds, asked]).toEqual(["unknown", undefined, []]);
    expect((await read({ fetch })).status[0]!.value).toBe("valid"); // control
  });

  test("[STS-1] roles don't serve for one another", async () => {
    expect(await valueOf(await list({ 7: "revoked" }, {}, counsel))).toBe("unknown");
    expect(await valueOf(await list({}, { uri: holdUri }), {}, 60, holdUri)).toBe("unknown");
    expect(await valueOf(await list({}, { uri: holdUri }, counsel), {}, 60, holdUri)).toBe("valid"); // control
  });

  test("[STS-2] another key, another list, another typ, another algorithm, a lapsed suite", async () => {
    const good = await list({});
    expect(await valueOf(good)).toBe("valid");
    const [header, payload, signature] = good.split(".") as [string, string, string];
    const bad: Record<string, string> = {
      "another key": await list({}, {}, stranger),
      "another list": await list({}, { uri: `${base}lists/2` }),
      "another typ": await withPayload({}, registrar, { alg: "EdDSA", typ: "JWT" }),
      "no typ": await withPayload({}, registrar, { alg: "EdDSA" }),
      "alg none": `${Buffer.from('{"alg":"none","typ":"statuslist+jwt"}').toString("base64url")}.${payload}.`,
      "another payload": `${header}.${Buffer.from('{"sub":"x"}').toString("base64url")}.${signature}`,
      "critical header": await withPayload({}, registrar, { alg: "EdDSA", typ: "statuslist+jwt", crit: ["x"], x: 1 }),
      "no token": "",
      "issued in the future": await list({}, { issuedAt: startSeconds + 1000 }),
    };
    for (const [what, token] of Object.entries(bad)) expect([what, await valueOf(token)]).toEqual([what, "unknown"]);
    const lapsed = trustWith((draft) => {
      draft.signers.push({ ...describeSigner(registrar, "status"), scope: [base] });
      draft.suites["ed25519"] = { verifyUntil: "2026-03-01T12:00:30Z" };
    });
    expect(await valueOf(good, { trust: lapsed })).toBe("unknown");
    expect(await valueOf(good, { trust: lapsed }, 10)).toBe("valid");
    for (const more of [
      { notAfter: "2026-03-01T12:00:00Z" },
      { notBefore: "2026-03-01T12:00:01Z" },
      { invalidSince: "2026-03-02T00:00:00Z" },
    ])
      expect(await valueOf(good, { trust: trusting(registrar, more) })).toBe("unknown");
  });

  test("[STS-2] claims outside their form", async () => {
    const lst = "eNrbuRgAAhcBXQ";
    const bad = [
      { iat: "now" },
      { iat: 1.5 },
      { exp: "x" },
      { ttl: 0 },
      { status_list: null },
      { status_list: { bits: 3, lst } },
    ].concat([
      { status_list: { bits: 1, lst: "*" } },
      { status_list: { bits: 1, lst: "AAAA" } },
      { sub: 1 },
    ] as never[]);
    for (const members of bad)
      expect([members, await valueOf(await withPayload(members))]).toEqual([members, "unknown"]);
    expect(await valueOf(await withPayload({ more: [] }))).toBe("revoked"); // control: other claims don't matter
  });

  test("[STS-2] a list that would grow beyond its bound isn't inflated", async () => {
    const bomb = deflateSync(Buffer.alloc((4 << 20) + 1)).toString("base64url");
    const full = deflateSync(Buffer.alloc(4 << 20)).toString("base64url");
    const refused: string[] = [];
    const options = { onRefused: (_: string, why: string) => void refused.push(why) };
    expect(await valueOf(await withPayload({ status_list: { bits: 1, lst: bomb } }), options)).toBe("unknown");
    expect(await valueOf(await withPayload({ status_list: { bits: 1, lst: full } }))).toBe("valid"); // control
    expect(refused).toEqual(["size"]);
  });
});

describe("[TRU-12] scopes of lists", () => {
  test("status and hold signers need a scope, and none that the other has", () => {
    const draft = (statusScope: string[] | undefined, holdScope: string[]): string =>
      JSON.stringify({
        version: 1,
        sequence: 1,
        expires: "2040-01-01T00:00:00Z",
        signers: [
          { ...describeSigner(registrar, "status"), ...(statusScope ? { scope: statusScope } : {}) },
          { ...describeSigner(counsel, "hold"), scope: holdScope },
        ],
        suites: { ed25519: {}, p256: {} },
      });
    expect(() => parseTrust(draft(undefined, [holdUri]))).toThrow(/needs a scope/);
    expect(() => parseTrust(draft([base], [`${base}holds/`]))).toThrow(/scope of a signer of role `status` too/);
    expect(() => parseTrust(draft([`${base}status/`], [base]))).toThrow(/scope of a signer of role `status` too/);
    expect(parseTrust(draft([base], [holdUri])).signers).toHaveLength(2); // control
  });
});

describe("at a decision", () => {
  const lasting = document({
    id: "urn:acme:policy:lasting",
    limits: { deleteBy: "2026-03-02T00:00:00Z" },
    permissions: [{ id: "p", operations: ["read"] }],
  });

  async function ask(
    where: string,
    token: string | null,
    seconds = 60,
    operation: "read" | "delete" = "read",
  ): Promise<{ verdict: string; codes: string[]; ages: object }> {
    const message = await policy(lasting);
    const { artifact } = await sealed(undefined, { policies: [{ message }], status: [{ uri: where, index: 7 }] });
    const verified = await ingest(artifact, trust, { evaluator, clock: at(60) });
    const sink = memorySink();
    const decision = await decide(
      verified,
      operation === "delete" ? { ...request, operation, purposes: [] } : request,
      {
        evaluator,
        receipts: sink,
        clock: at(seconds),
        sources: {
          status: statusSource({
            trust,
            fetch: web(token === null ? {} : { [where]: token }).fetch,
            clock: at(seconds),
            maxAgeMs: 1e9,
          }),
        },
      },
    );
    return {
      verdict: decision.verdict,
      codes: decision.reasons.map(({ code }) => code),
      ages: Object.fromEntries(sink.bodies[0]!.stateAgesMs ?? []),
    };
  }

  test("[STS-3] [LIM-8] revoked data is denied, and the receipt says how old the list was", async () => {
    expect(await ask(uri, await list({ 7: "revoked" }))).toEqual({
      verdict: "deny",
      codes: ["status"],
      ages: { [`status:${uri}#7`]: 60_000 },
    });
    expect((await ask(uri, await list({}))).verdict).toBe("permit"); // control
    expect(await ask(uri, null)).toEqual({ verdict: "unknown", codes: ["status"], ages: {} });
  });

  test("[STS-4] [LIM-1] a hold keeps data from deletion and in use beyond deleteBy", async () => {
    const held = await list({ 7: "held" }, { uri: holdUri }, counsel);
    const free = await list({}, { uri: holdUri }, counsel);
    const late = 86_400;
    expect(await ask(holdUri, held, late)).toMatchObject({
      verdict: "permit",
      ages: { [`status:${holdUri}#7`]: 86_400_000 },
    });
    expect((await ask(holdUri, held, late, "delete")).codes).toEqual(["hold"]);
    expect((await ask(holdUri, free, late)).codes).toEqual(["delete-due"]);
    expect((await ask(holdUri, free, late, "delete")).verdict).toBe("permit");
    expect((await ask(holdUri, null, late, "delete")).verdict).toBe("unknown");
  });
});
