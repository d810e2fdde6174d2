// Principals from signed tokens: what claims mean, and what a policy then believes.
import { inspect } from "node:util";
import { decide } from "@writ/core";
import type { DecisionRequest } from "@writ/core";
import { principalFromJwt } from "@writ/evaluator";
import type { PrincipalOptions, Principals } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { at, codeOf, document, evaluator, memorySink, policy, sealed, verified } from "../support/scene.ts";
import { token } from "../support/token.ts";
import { es, options, claims, without } from "../support/principal-tokens.ts";

describe("claims", () => {
  const read = (more: object, change: Partial<PrincipalOptions> = {}) =>
    principalFromJwt(token(es, { ...claims, ...more }), { ...options, ...change });

  test("[PRI-8] a claim that isn't there is unknown, null is known to be absent", async () => {
    const given = await principalFromJwt(token(es, without("roles")), options);
    expect(given.principal).toEqual({ id: "urn:person:ada", kind: "human", org: "urn:org:acme" });
    expect(given.assurance).not.toHaveProperty("principal.roles");
    expect(await read({ roles: null, clearance: null })).toMatchObject({
      principal: { roles: null, clearance: null },
      assurance: { "principal.roles": 2, "principal.clearance": 2 },
    });
  });

  test("[PRI-8] a kind from the verifier's settings is not bound, and without any the token is refused", async () => {
    const kindless = token(es, without("kind"));
    const { principal, assurance } = await principalFromJwt(kindless, { ...options, subjectKind: "service" });
    expect(principal.kind).toBe("service");
    expect(assurance).not.toHaveProperty("principal.kind");
    expect(await codeOf(() => principalFromJwt(kindless, options))).toBe("principal-token");
    expect((await read({}, { subjectKind: "service" })).principal.kind).toBe("human"); // the token's word goes first
    expect(await codeOf(() => principalFromJwt(token(es, without("sub")), options))).toBe("principal-token");
  });

  test("a claim map takes claims from elsewhere, and says what they mean", async () => {
    const given = await read(
      { oid: "42", realm: { roles: ["phys", "admin"] }, "https://acme.example/level": "L3", typ: "Bearer" },
      {
        claims: {
          id: { claim: "oid", prefix: "urn:acme:user:" },
          kind: { claim: "typ", values: { Bearer: "human" } },
          roles: { claim: ["realm", "roles"], values: { phys: "clinician" } },
          clearance: { claim: "https://acme.example/level", values: { L3: "restricted" } },
          org: "tenant",
        },
      },
    );
    expect(given.principal).toEqual({
      id: "urn:acme:user:42",
      kind: "human",
      roles: ["clinician", "admin"],
      clearance: "restricted",
    });
  });

  const wrong: readonly object[] = [
    { sub: 7 },
    { sub: "" },
    { sub: "x".repeat(513) },
    { sub: null },
    { kind: "robot" },
    { kind: null },
    { roles: "researcher" },
    { roles: [1] },
    { roles: [""] },
    { roles: Array.from({ length: 65 }, (_, n) => `r${n}`) },
    { org: ["urn:org:acme"] },
    { clearance: "top" },
    { act: "urn:agent:a" },
    { act: [] },
    { act: {} },
    { act: { sub: "urn:agent:a", roles: "all" } },
    { act: { sub: "urn:agent:a", act: 1 } },
    { act: { sub: "urn:agent:a", iss: "https://elsewhere.example" } },
  ];
  test.each(wrong)("[PRI-9] claims %j are refused as a whole", async (more) => {
    expect(await codeOf(() => read(more))).toBe("principal-token");
  });

  test("[PRI-9] members of prototypes are no claims", async () => {
    const reading = {
      subjectKind: "human",
      claims: { org: ["__proto__", "name"], roles: ["constructor", "name"] },
    } as const;
    expect((await read({}, reading)).principal).toEqual({ id: "urn:person:ada", kind: "human" });
    expect((await read({}, { claims: { org: "toString", roles: "valueOf" } })).principal).toEqual({
      id: "urn:person:ada",
      kind: "human",
    });
    expect(await codeOf(() => read({}, { claims: { id: "toString" } }))).toBe("principal-token");
  });

  test("[PRI-7] nested act: the outermost acts now, the subject comes last, each proven", async () => {
    const act = {
      sub: "urn:agent:reader",
      roles: ["reader"],
      kind: "service",
      act: { sub: "urn:agent:planner", org: "urn:org:lab" },
    };
    const { principal, assurance } = await read({ act });
    expect(principal).toEqual({
      id: "urn:agent:reader",
      kind: "agent",
      roles: ["reader"],
      actingFor: {
        id: "urn:agent:planner",
        kind: "agent",
        org: "urn:org:lab",
        actingFor: { id: "urn:person:ada", kind: "human", roles: ["researcher"], org: "urn:org:acme" },
      },
    });
    expect(Object.keys(assurance).sort()).toEqual([
      "principal.actingFor",
      "principal.actingFor.actingFor",
      "principal.actingFor.actingFor.id",
      "principal.actingFor.actingFor.kind",
      "principal.actingFor.actingFor.org",
      "principal.actingFor.actingFor.roles",
      "principal.actingFor.id",
      "principal.actingFor.kind",
      "principal.actingFor.org",
      "principal.id",
      "principal.kind",
      "principal.roles",
    ]);
  });

  test("[PRI-7] an agent by itself acts for somebody unknown, unless the token says for nobody", async () => {
    expect((await read({ kind: "agent" })).principal).not.toHaveProperty("actingFor");
    expect(await read({ kind: "agent", act: null })).toMatchObject({
      principal: { actingFor: null },
      assurance: { "principal.actingFor": 2 },
    });
    expect((await read({ act: null })).principal).not.toHaveProperty("actingFor");
  });

  test("[PRI-7] facts of the subject stand for actors only where the verifier says so, and never over their own", async () => {
    const act = { sub: "urn:agent:reader", org: "urn:org:lab" };
    expect((await read({ act })).principal.roles).toBeUndefined();
    const { principal, assurance } = await read({ act }, { sharedWithActors: ["roles", "org"] });
    expect(principal).toMatchObject({ roles: ["researcher"], org: "urn:org:lab" });
    expect(assurance).toMatchObject({ "principal.roles": 2 });
  });

  test("[PRI-7] eight links are read, nine are refused", async () => {
    const chain = (depth: number): object =>
      depth === 0 ? {} : { act: { sub: `urn:agent:${depth}`, ...chain(depth - 1) } };
    expect(Object.keys((await read(chain(7))).assurance)).toContain(`principal${".actingFor".repeat(7)}.id`);
    expect(await codeOf(() => read(chain(8)))).toBe("principal-token");
    expect(await codeOf(() => read(chain(500)))).toBe("principal-token");
  });
});

describe("decisions on tokens", async () => {
  const needs = await policy(
    document({
      limits: { minAssurance: 2, principals: ["human", "agent"] },
      permissions: [
        {
          id: "p1",
          operations: ["read"],
          purposes: ["dpv:AcademicResearch"],
          when: { "principal.roles": { hasAny: ["researcher"] } },
        },
      ],
    }),
  );
  const { artifact } = await sealed(Buffer.from("rows"), { policies: [{ message: needs }] });
  const data = await verified(artifact);
  test("[PRI-8] the decision receipt keeps the assurances, and no token", async () => {
    const sink = memorySink();
    const text = token(es, claims);
    const { principal, assurance } = await principalFromJwt(text, options);
    const asked: DecisionRequest = { operation: "read", purposes: ["dpv:AcademicResearch"], principal };
    await decide(data, asked, { evaluator, receipts: sink, clock: at(120), state: { assurance } });
    expect(sink.bodies[0]?.assurances).toEqual(new Map(Object.entries(assurance)));
    const shown = inspect(sink.bodies, { depth: Infinity });
    expect(shown).toContain("urn:person:ada"); // control
    for (const part of text.split(".")) expect(shown).not.toContain(part);
  });

  async function verdict(
    principal: DecisionRequest["principal"],
    assurance: Principals["assurance"] = {},
  ): Promise<string> {
    const asked: DecisionRequest = { operation: "read", purposes: ["dpv:AcademicResearch"], principal };
    return (await decide(data, asked, { evaluator, receipts: "none", clock: at(120), state: { assurance } })).verdict;
  }

  test("[PRI-8] a policy with minAssurance 2 believes the token and not the same words without it", async () => {
    const { principal, assurance } = await principalFromJwt(token(es, claims), options);
    expect(await verdict(principal, assurance)).toBe("permit");
    expect(await verdict(principal)).toBe("unknown"); // control
    const asserted = await principalFromJwt(token(es, without("kind")), { ...options, subjectKind: "human" });
    expect(await verdict(asserted.principal, asserted.assurance)).toBe("unknown");
  });

  test("[PRI-7] an agent has at most the roles of whom it acts for", async () => {
    const as = async (roles: readonly string[] | undefined, subject: readonly string[]): Promise<string> => {
      const text = token(es, { ...claims, roles: subject, act: { sub: "urn:agent:a", ...(roles && { roles }) } });
      const { principal, assurance } = await principalFromJwt(text, options);
      return verdict(principal, assurance);
    };
    expect(await as(["researcher"], ["researcher"])).toBe("permit");
    expect(await as(["researcher"], ["guest"])).toBe("deny");
    expect(await as(["guest"], ["researcher"])).toBe("deny");
    expect(await as(undefined, ["researcher"])).toBe("unknown");
  });
});
