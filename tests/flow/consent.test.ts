// Consents: a register says what was given, refused and withdrawn; what it doesn't say is unknown.
import { describe, expect, test } from "vitest";
import { decide, describeSigner, ingest } from "@writ/core";
import type { Signer } from "@writ/core";
import { consentSource, signConsents, statusSource } from "@writ/evaluator/status";
import type { ConsentRecord, ConsentRegisterDraft, ConsentSourceOptions } from "@writ/evaluator/status";
import {
  at,
  document,
  evaluator,
  memorySink,
  newSigner,
  policy,
  request,
  sealed,
  start,
  trustWith,
} from "../support/scene.ts";

const register = "https://consents.acme.example/1";
const registrar = newSigner("urn:acme:registrar", "p256");
const startSeconds = start / 1000;
const trust = trustWith((draft) => {
  const scope = ["https://consents.acme.example/", "urn:acme:consent:"];
  draft.signers.push({ ...describeSigner(registrar, "status"), scope });
});
const patient = "urn:acme:consent:7";

function registerOf(
  consents: Record<string, ConsentRecord>,
  more: Partial<ConsentRegisterDraft> = {},
  signer: Signer = registrar,
): Promise<string> {
  return signConsents({ uri: register, issuedAt: startSeconds, consents, ...more }, signer);
}

function source(
  token: string,
  seconds: number,
  more: Partial<ConsentSourceOptions> = {},
): ReturnType<typeof consentSource> {
  return consentSource({ trust, register, fetch: () => Promise.resolve(token), clock: at(seconds), ...more });
}

function read(
  token: string,
  ids: string[] = [patient],
  seconds = 60,
  more: Partial<ConsentSourceOptions> = {},
): Promise<object> {
  return source(token, seconds, more).read(ids, startSeconds + seconds);
}

describe("a register of consents", () => {
  test("[CNS-2] [CNS-3] each consent with its value and the register's age; others are left out", async () => {
    const token = await registerOf({
      [patient]: { value: "given" },
      "urn:acme:consent:8": { value: "refused" },
      "urn:acme:consent:9": { value: "withdrawn" },
      "urn:acme:consent:10": { value: "given", until: startSeconds + 60 },
      "urn:acme:consent:11": { value: "given", until: startSeconds + 61 },
    });
    const ids = [7, 8, 9, 10, 11, 12].map((n) => `urn:acme:consent:${n}`);
    const until = startSeconds + 3600;
    expect(await read(token, ids)).toEqual({
      [patient]: { value: "given", ageMs: 60_000, until },
      "urn:acme:consent:8": { value: "refused", ageMs: 60_000, until },
      "urn:acme:consent:9": { value: "withdrawn", ageMs: 60_000, until },
      "urn:acme:consent:10": { value: "expired", ageMs: 60_000, until },
      "urn:acme:consent:11": { value: "given", ageMs: 60_000, until: startSeconds + 61 },
    });
  });

  test("[CNS-1] [STS-9] a signer of two keys signs twice; a register with one of the signatures says nothing", async () => {
    const hybrid = newSigner("urn:acme:registrar", "ed25519+mldsa65");
    const both = trustWith((draft) => {
      draft.signers.push({ ...describeSigner(hybrid, "status"), scope: [register, "urn:acme:consent:"] });
    });
    const draft = { uri: register, issuedAt: startSeconds, consents: { [patient]: { value: "given" as const } } };
    const token = await signConsents(draft, hybrid);
    expect(Object.keys(await read(token, [patient], 60, { trust: both }))).toEqual([patient]);
    const half = await signConsents(draft, { ...hybrid, suite: "ed25519", keys: [hybrid.keys[0]!] });
    expect(await read(half, [patient], 60, { trust: both })).toEqual({});
  });

  test("[CNS-1] it speaks only within the scope of its signer, and only where that signer is trusted", async () => {
    const foreign = "urn:other:consent:1";
    const token = await registerOf({ [patient]: { value: "given" }, [foreign]: { value: "given" } });
    expect(Object.keys(await read(token, [patient, foreign]))).toEqual([patient]);
    const stranger = await registerOf({ [patient]: { value: "given" } }, {}, newSigner("urn:acme:registrar", "p256"));
    expect(await read(stranger)).toEqual({});
    const elsewhere = await registerOf({ [patient]: { value: "given" } }, { uri: "https://evil.example/" });
    expect(await read(elsewhere, [patient], 60, { register: "https://evil.example/" })).toEqual({});
  });

  test("[CNS-1] one that is older than an hour, expired or out of reach says nothing", async () => {
    const token = await registerOf({ [patient]: { value: "given" } });
    expect(await read(token, [patient], 3599)).not.toEqual({});
    expect(await read(token, [patient], 3600)).toEqual({});
    expect(await read(token, [patient], 3600, { maxAgeMs: 1e8 })).not.toEqual({});
    const short = await registerOf({ [patient]: { value: "given" } }, { expires: startSeconds + 60 });
    expect(await read(short, [patient], 60)).toEqual({});
    expect(await read(token, [patient], 60, { fetch: () => Promise.reject(new Error("down")) })).toEqual({});
  });

  test("[CNS-2] a record of another form, a status list in its place, and wrong drafts", async () => {
    for (const bad of [{ value: "maybe" }, { value: "given", until: "later" }, { value: "given", more: 1 }, null])
      await expect(registerOf({ [patient]: bad as never })).rejects.toThrow(TypeError);
    const token = await registerOf({ [patient]: { value: "given" } });
    const lists = statusSource({ trust, fetch: () => Promise.resolve(token), clock: at(60) });
    expect((await lists.read([{ uri: register, index: 0 }], startSeconds + 60)).status[0]!.value).toBe("unknown");
    expect(() => source(token, 60, { register: 1 as never })).toThrow(TypeError);
    expect(() => source(token, 60, { uri: register } as never)).toThrow(/`uri` is not known/);
    expect(await read(token)).not.toEqual({}); // control
    const forged = token.split(".");
    const claims = {
      sub: register,
      iat: startSeconds,
      consents: { [patient]: { value: "given" }, "urn:x:y": { value: "sure" } },
    };
    forged[1] = Buffer.from(JSON.stringify(claims)).toString("base64url");
    const signature = await registrar.keys[0]!.sign(Buffer.from(`${forged[0]}.${forged[1]}`));
    expect(await read(`${forged[0]}.${forged[1]}.${Buffer.from(signature).toString("base64url")}`)).toEqual({});
  });

  test("[CNS-3] [LIM-7] a consent that is withdrawn ends the use, and the receipts say how old that knowledge was", async () => {
    const message = await policy(
      document({
        id: "urn:acme:policy:by-consent",
        parameters: { consent: "string" },
        limits: { consents: [{ param: "consent" }], maxStaleness: { consent: "PT30M" } },
        permissions: [{ id: "p", operations: ["read"] }],
      }),
    );
    const { artifact } = await sealed(undefined, { policies: [{ message, parameters: { consent: patient } }] });
    const verified = await ingest(artifact, trust, { evaluator, clock: at(60) });
    let token = await registerOf({ [patient]: { value: "given" } }, { ttl: 60 });
    let seconds = 60;
    const consents = consentSource({
      trust,
      register,
      fetch: () => Promise.resolve(token),
      clock: () => at(seconds)(),
    });
    const sink = memorySink();
    const ask = async (): Promise<string[]> => {
      const options = { evaluator, receipts: sink, sources: { consents }, clock: at(seconds) };
      const { verdict, reasons } = await decide(verified, request, options);
      return [verdict, ...reasons.map(({ code }) => code)];
    };
    expect(await ask()).toEqual(["permit"]);
    token = await registerOf({ [patient]: { value: "withdrawn" } }, { issuedAt: startSeconds + 100, ttl: 60 });
    seconds = 130;
    expect(await ask()).toEqual(["deny", "consent"]);
    seconds = 100 + 1801; // beyond the policy's bound a refusal stands, a consent would not
    expect(await ask()).toEqual(["deny", "consent"]);
    token = await registerOf({ [patient]: { value: "given" } }, { issuedAt: startSeconds + 101, ttl: 60 });
    seconds = 2000;
    expect(await ask()).toEqual(["unknown", "consent"]);
    expect(sink.bodies.map(({ stateAgesMs }) => stateAgesMs?.get(`consent:${patient}`))).toEqual([
      60_000, 30_000, 1_801_000, 1_899_000,
    ]);
  });
});
