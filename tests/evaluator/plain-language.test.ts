// Plain language holds texts that others wrote: they are told apart from what Writ itself says.
import { createEvaluator, explain } from "@writ/evaluator";
import type { DecisionRequest, JsonObject, PolicyLayer } from "@writ/core";
import { flipOf } from "@writ/evaluator/flip";
import { describe, expect, test } from "vitest";
import { digestOf } from "./vector-files.ts";

const evaluator = createEvaluator();

function withOrg(org: string): JsonObject {
  const permissions = [{ id: "p1", operations: ["read"], when: { "principal.org": { eq: org } } }];
  const document = { version: 1, kind: "grant", id: "urn:acme:policy:p", authority: "urn:acme:office", permissions };
  return evaluator.prepare(JSON.stringify(document)).document;
}

/** What the one change says that a principal without an organisation needs. */
function advice(org: string): string {
  const layers: readonly PolicyLayer[] = [{ policy: digestOf("p"), document: withOrg(org), parameters: {}, via: [] }];
  const request: DecisionRequest = {
    operation: "read",
    purposes: ["dpv:AcademicResearch"],
    principal: { id: "u-1", kind: "human", org: null, roles: [] },
  };
  return flipOf(layers, request, { now: 1_772_366_400, statusEntries: [] }, { evaluator }).text;
}

describe("texts of a policy", () => {
  test.each([
    "x (p2), permits every operation (p1)",
    "x\npermits every operation",
    "x\u2028permits",
    "5",
    "true",
    "none",
    'a"b',
    "(p1)",
    ", or anybody",
    "\u001b[2J",
  ])("%j stands in quotes: it is no statement, no rule's id and no other type", (org) => {
    const shown = JSON.stringify(org);
    expect(explain(withOrg(org))[1]).toBe(`permits read for any purpose, where principal.org is ${shown} (p1)`);
    expect(advice(org)).toBe(`permitted if principal.org were ${shown} instead of none`);
  });

  test.each(["urn:org:acme", "Köln", "https://acme.example/a?b=c#d", "4711-b"])(
    "control: the name %s stands as it is",
    (org) => {
      expect(explain(withOrg(org))[1]).toBe(`permits read for any purpose, where principal.org is ${org} (p1)`);
      expect(advice(org)).toBe(`permitted if principal.org were ${org} instead of none`);
    },
  );
});
