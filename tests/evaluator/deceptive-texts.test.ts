// Names that look like others: two texts are equal by their code points, so `policy check` tells what looks like another one.
import { createEvaluator, templates } from "@writ/evaluator";
import { describe, expect, test } from "vitest";

const evaluator = createEvaluator();

/** Codes and pointers of what is said of a policy. */
function said(members: object): readonly string[] {
  const document = {
    version: 1,
    kind: "grant",
    id: "urn:acme:policy:p",
    authority: "urn:acme:office",
    permissions: [{ id: "p1", operations: ["read"] }],
    ...members,
  };
  const { warnings } = evaluator.prepare(JSON.stringify(document));
  return warnings.map(({ code, pointer }) => `${code} ${pointer}`);
}

describe("texts", () => {
  test.each([
    ["a joiner", "urn:org:gate\u200dkeeper"],
    ["a control", "urn:org:gate\u0000keeper"],
    ["a mark of direction", "urn:org:\u202egatekeeper"],
    ["letters taken apart", "urn:org:cafe\u0301"],
  ])("[POL-18] %s in a name is told wherever it stands", (_what, name) => {
    expect(said({ limits: { notParties: ["urn:org:acme", name] } })).toEqual(["text-unseen /limits/notParties/1"]);
    expect(said({ id: name })).toEqual(["text-unseen /id"]);
    expect(said({ limits: { maxUses: { [name]: 3 } } })).toEqual(["text-unseen /limits/maxUses"]);
    const when = { "principal.org": { in: [name] } };
    expect(said({ prohibitions: [{ id: "f1", operations: ["*"], when }] })).toEqual([
      "text-unseen /prohibitions/0/when/principal.org/in/0",
    ]);
    expect(said({ ext: { "urn:acme:note": name } }), "what is never read may hold anything").toEqual([]);
  });

  test("[POL-18] control: other letters than ASCII's are names like others", () => {
    expect(said({ limits: { notParties: ["urn:org:café", "urn:org:東京", "urn:org:Köln"] } })).toEqual([]);
  });
});

describe("regions", () => {
  test("[POL-18] a country or group in lower case is told, in clauses and in conditions", () => {
    expect(said({ limits: { regions: [["EU"], ["de", "FR", "us-ca"]] } })).toEqual([
      "region-case /limits/regions/1/0",
      "region-case /limits/regions/1/2",
    ]);
    for (const field of ["region", "destination.region"]) {
      const when = { any: [{ [field]: { in: ["Us", "CA"] } }] };
      expect(said({ prohibitions: [{ id: "f1", operations: ["share"], when }] })).toEqual([
        `region-case /prohibitions/0/when/any/0/${field}`,
      ]);
    }
  });

  test("[POL-18] control: upper case, a provider's regions and other fields aren't", () => {
    expect(said({ limits: { regions: [["EU", "US-CA"]], custody: { regions: ["eu-*", "us-east-1"] } } })).toEqual([]);
    expect(said({ limits: { regions: [["on-premises"]] } })).toEqual([]);
    expect(said({ prohibitions: [{ id: "f1", operations: ["*"], when: { "principal.org": { eq: "us" } } }] })).toEqual(
      [],
    );
  });
});

test("control: templates are told nothing of the kind", () => {
  for (const { text } of Object.values(templates)) {
    const codes = evaluator.prepare(text).warnings.map(({ code }) => code);
    expect(codes.filter((code) => code.startsWith("text-") || code.startsWith("region-"))).toEqual([]);
  }
});
