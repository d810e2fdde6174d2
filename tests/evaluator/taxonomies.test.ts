// The taxonomies that ship beside the DPV's purposes: held, pinned by the policies that want them, joined to the DPV.
import type { DecisionRequest, Digest, Evaluation, JsonObject } from "@writ/core";
import { admittedPurposes, createEvaluator, explainDecision, taxonomyDigest } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { readText } from "../support/repository.ts";
import { digestOf } from "./vector-files.ts";

const evaluator = createEvaluator();
const { taxonomies } = JSON.parse(readText("packages/evaluator/taxonomies/shipped.json")) as {
  taxonomies: { iri: string; version: string; digest: Digest; file: string }[];
};
const health = "https://w3id.org/dpv/sector/health";

function pins(...iris: string[]): object[] {
  return taxonomies
    .filter(({ iri }) => iris.includes(iri))
    .map(({ iri, version, digest }) => ({ iri, version, digest }));
}

function verdict(text: string, purpose: string): string {
  const layer = { policy: digestOf("p"), document: evaluator.prepare(text).document, parameters: {}, via: [] };
  const request = { operation: "read", purposes: [purpose], principal: { id: "u", kind: "human" } } as const;
  return evaluator.evaluate([layer], request, { now: 0, statusEntries: [], holds: [] }).verdict;
}

function policy(clause: readonly string[], taxonomiesPinned: object[]): string {
  return JSON.stringify({
    version: 1,
    kind: "grant",
    id: "urn:acme:p",
    authority: "urn:acme:o",
    taxonomies: taxonomiesPinned,
    permissions: [{ id: "p1", operations: ["read"], purposes: clause }],
  });
}

test("[TAX-1] each that ships is the one of its digest; it isn't computed again at every start", () => {
  for (const { file, digest, ...names } of taxonomies) {
    const { terms } = JSON.parse(readText(`packages/evaluator/taxonomies/${file}`)) as {
      terms: Record<string, string[]>;
    };
    expect(taxonomyDigest({ ...names, terms })).toBe(digest);
    const more = { ...terms, "urn:example:one-more": [] };
    expect(taxonomyDigest({ ...names, terms: more }), "control").not.toBe(digest);
  }
  const [first] = taxonomies;
  expect(() => createEvaluator({ taxonomies: [{ ...first!, terms: {} }] })).toThrow("is not the one of its digest");
});

describe("shipped taxonomies", () => {
  test("[TAX-4] each can be pinned beside the DPV, all of them together", () => {
    expect(taxonomies.map(({ iri }) => iri)).toHaveLength(10);
    const all = pins(...taxonomies.map(({ iri }) => iri));
    for (const pinned of [...all.slice(1).map((pin) => [all[0]!, pin]), all])
      expect(evaluator.prepare(policy(["dpv:AcademicResearch"], pinned)).warnings).toEqual([]);
  });

  test("[TAX-2] a module's purposes are within those of the DPV, where both are pinned", () => {
    const both = pins("https://w3id.org/dpv", health);
    const research = policy(["dpv:ResearchAndDevelopment"], both);
    expect(verdict(research, "sector-health:PopulationHealthAnalysis")).toBe("permit");
    expect(verdict(research, "sector-health:DiagnosisManagement")).toBe("deny");
    expect(
      verdict(
        policy(["dpv:ResearchAndDevelopment"], pins("https://w3id.org/dpv")),
        "sector-health:PopulationHealthAnalysis",
      ),
    ).toBe("deny"); // no term there
  });

  test("[TAX-2] codes of FHIR and DUO are purposes, by their links", () => {
    const actReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason#";
    const fhir = pins("https://w3id.org/dpv", health, "urn:writ:taxonomy:fhir-purpose-of-use");
    expect(verdict(policy(["sector-health:ServiceProvision"], fhir), `${actReason}ETREAT`)).toBe("permit");
    expect(verdict(policy(["sector-health:EmergencyCareManagement"], fhir), `${actReason}TREAT`)).toBe("deny");
    expect(verdict(policy(["dpv:ResearchAndDevelopment"], fhir), `${actReason}CLINTRCH`)).toBe("permit");
    const duo = pins("https://w3id.org/dpv", health, "urn:writ:taxonomy:duo");
    const term = "http://purl.obolibrary.org/obo/DUO_";
    expect(verdict(policy([`${term}0000006`], duo), `${term}0000007`)).toBe("permit");
    expect(verdict(policy([`${term}0000006`], duo), `${term}0000042`)).toBe("deny");
  });

  test("[POL-18] a term of a taxonomy that isn't pinned is refused with the pin that is missing", () => {
    const { digest } = taxonomies.find(({ iri }) => iri === health)!;
    expect(() =>
      evaluator.prepare(policy(["sector-health:ResearchDevelopment"], pins("https://w3id.org/dpv"))),
    ).toThrow(digest);
  });

  test("a purpose that is misspelt in a request comes with what may have been meant", () => {
    const { document } = evaluator.prepare(
      policy(["sector-health:DiagnosisManagement"], pins("https://w3id.org/dpv", health)),
    );
    const layer = { policy: digestOf("p"), document, parameters: {}, via: [] };
    const ask = (purpose: string): Evaluation => {
      const request: DecisionRequest = {
        operation: "read",
        purposes: [purpose],
        principal: { id: "u", kind: "human" },
      };
      return evaluator.evaluate([layer], request, { now: 0, statusEntries: [], holds: [] });
    };
    const told = (purpose: string, policies: readonly JsonObject[] = [document]): string =>
      explainDecision(ask(purpose), policies).join("\n");
    expect(told("dpv:AcademicReserch")).toContain("did you mean `https://w3id.org/dpv#AcademicResearch`?");
    expect(told("sector-health:DiagnosisManagment")).toContain(`did you mean \`${health}#DiagnosisManagement\`?`);
    expect(told("dpv:AcademicReserch", [])).not.toContain("did you mean"); // control
    expect(told("urn:acme:quite-another-thing")).not.toContain("did you mean"); // control
    expect(() => ask("dvp:AcademicResearch")).toThrow("did you mean `dpv`?");
  });

  test("admitted purposes are those of what is pinned, own terms included", () => {
    expect(admittedPurposes(["dpv:ScientificResearch"]).some((term) => term.startsWith(health))).toBe(false);
    const vocabulary = {
      taxonomies: pins("https://w3id.org/dpv", health) as typeof taxonomies,
      terms: { "urn:acme:cohort": ["sector-health:PopulationHealthAnalysis"] },
    };
    const admitted = admittedPurposes(["dpv:ResearchAndDevelopment"], vocabulary);
    expect(admitted).toContain("urn:acme:cohort");
    expect(admitted).toContain(`${health}#HealthTrendAnalysis`);
    expect(admitted).not.toContain(`${health}#PopulationHealthAnalysis`); // no longer the narrowest
  });
});
