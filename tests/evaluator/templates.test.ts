// The templates: each can be signed as it stands, is explained, and decides as its header says.
import type { DecisionRequest, PolicyLayer } from "@writ/core";
import { createEvaluator, explain, templates } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { digestOf } from "./vector-files.ts";

const evaluator = createEvaluator();
const now = Date.UTC(2026, 2, 1) / 1000;
const end = "2026-12-31T00:00:00Z";
const principal = { id: "u-1", kind: "human", org: "urn:example:org", roles: ["clinician", "researcher"] } as const;

function layer(name: keyof typeof templates, parameters: PolicyLayer["parameters"] = {}): PolicyLayer {
  return { policy: digestOf(name), document: evaluator.prepare(templates[name].text).document, parameters, via: [] };
}

const assured = Object.fromEntries(
  ["region", "output.k", "principal", "principal.id", "principal.kind", "principal.org", "principal.roles"].map(
    (path) => [path, 2],
  ),
);

function verdict(one: PolicyLayer, change: object, known: object = {}): string {
  const request = { operation: "read", principal, region: "DE", ...change } as unknown as DecisionRequest;
  return evaluator.evaluate([one], request, { now, statusEntries: [], holds: [], ...known }).verdict;
}

describe("templates", () => {
  test.each(Object.entries(templates))(
    "%s can be signed, has at most 25 lines and is explained",
    (name, { about, text }) => {
      const prepared = evaluator.prepare(text);
      expect(prepared.id).toBe(`urn:example:policy:${name}`);
      expect(prepared.warnings).toEqual([]);
      expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
      expect(about.length).toBeGreaterThan(0);
      const document = JSON.parse(text) as { permissions: { id: string }[] };
      const lines = explain(document).join("\n");
      for (const { id } of document.permissions) expect(lines).toContain(`(${id})`);
    },
  );

  test("contract-and-marketing: the contract needs no consent, marketing does", () => {
    const one = layer("contract-and-marketing", { marketing: "c-1", end });
    const contract = { purposes: ["dpv:FulfilmentOfContractualObligation"] };
    const marketing = { purposes: ["dpv:DirectMarketing"] };
    const consent = (value: string, ageMs = 0): object => ({ consents: { "c-1": { value, ageMs } } });
    expect(verdict(one, contract)).toBe("permit");
    expect(verdict(one, contract, { now: Date.parse(end) / 1000 })).toBe("deny");
    expect(verdict(one, marketing)).toBe("unknown");
    expect(verdict(one, marketing, consent("given"))).toBe("permit");
    expect(verdict(one, marketing, consent("given", 7_200_000))).toBe("unknown");
    expect(verdict(one, marketing, consent("withdrawn"))).toBe("deny");
  });

  test("phi: care by clinicians, research with authorization, emergencies marked and reported", () => {
    const one = layer("phi", { patient: "c-1" });
    const care = { purposes: ["urn:example:treatment"], region: "US" };
    const research = { operation: "aggregate", purposes: ["dpv:ScientificResearch"], region: "US", output: { k: 11 } };
    const given = { assurance: assured, consents: { "c-1": { value: "given", ageMs: 0 } } };
    expect(verdict(one, care, given)).toBe("permit");
    expect(verdict(one, care)).toBe("unknown"); // asserted, not bound in a token
    expect(verdict(one, { ...care, principal: { ...principal, roles: ["clerk"] } }, given)).toBe("deny");
    expect(verdict(one, research, given)).toBe("permit");
    expect(verdict(one, { ...research, output: { k: 10 } }, given)).toBe("deny");
    expect(verdict(one, research, { assurance: assured })).toBe("unknown");
    const emergency = { operation: "read", purposes: ["writ:Emergency"], principal, region: "MX" } as DecisionRequest;
    const decision = evaluator.evaluate([one], emergency, {
      now,
      statusEntries: [],
      holds: [],
      assurance: assured as never,
    });
    expect(decision).toMatchObject({
      verdict: "permit",
      reasons: [{ code: "waived", rule: "emergency" }],
      obligations: [{ type: "report" }],
    });
  });

  test("data-act: the recipient for the agreed service, and nobody else for nothing else", () => {
    const one = layer("data-act", { recipient: "urn:example:org", end });
    const service = { purposes: ["urn:example:agreed-service"] };
    expect(verdict(one, service)).toBe("permit");
    expect(verdict(one, { purposes: ["urn:example:competing-product"] })).toBe("deny");
    expect(verdict(one, { ...service, operation: "profile" })).toBe("deny");
    expect(verdict(one, { ...service, principal: { ...principal, org: "urn:example:gatekeeper" } })).toBe("deny");
    const child = evaluator.childLayers([[one]], "share", {}, () => undefined);
    expect(child.forbiddenBy).toHaveLength(1);
  });
});
