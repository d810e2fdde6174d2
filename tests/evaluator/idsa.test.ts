// The policy classes of the International Data Spaces Association, each as an example policy: two requests that differ
// in the class's one fact are decided apart. And the other examples, by what their texts promise.
import type { DecisionRequest, DecisionState, JsonObject, Parameters, PolicyLayer } from "@writ/core";
import { createEvaluator, explain } from "@writ/evaluator";
import { describe, expect, test } from "vitest";
import { readText, repositoryFiles } from "../support/repository.ts";
import { digestOf } from "./vector-files.ts";

const evaluator = createEvaluator();
const now = Date.UTC(2026, 2, 1) / 1000;
const names = repositoryFiles()
  .map((path) => /^examples\/policies\/(.*)\.json$/.exec(path)?.[1])
  .filter((name) => name !== undefined);

function layerOf(name: string, parameters: Parameters = {}): PolicyLayer {
  const { document } = evaluator.prepare(readText(`examples/policies/${name}.json`));
  return { policy: digestOf(name), document, parameters, via: [] };
}

/** What is put in place of the members of the ordinary request and state. */
interface Change {
  readonly request?: object;
  readonly state?: Partial<DecisionState>;
}

const fact = (name: string, value: unknown): Change => ({
  request: { facts: { [`urn:example:fact:${name}`]: value } },
});
const principal = {
  id: "urn:example:connector:1",
  kind: "service",
  org: "urn:example:consumer",
  roles: ["risk-manager"],
};
const as = (change: object): Change => ({ request: { principal: { ...principal, ...change } } });
const at = (instant: string): Change => ({ state: { now: Date.parse(instant) / 1000 } });
const sharing = (change: object): Change => ({
  request: { operation: "share", destination: { party: "urn:example:other", region: "DE" }, ...change },
});

interface Told {
  readonly verdict: string;
  readonly obligations: readonly string[];
}

function decide(layers: readonly PolicyLayer[], { request, state }: Change): Told {
  const asked = {
    operation: "read",
    purposes: ["dpv:OrganisationRiskManagement"],
    principal,
    region: "DE",
    ...request,
  };
  const known: DecisionState = { now, statusEntries: [], holds: [], ...state };
  const { verdict, obligations } = evaluator.evaluate(layers, asked as unknown as DecisionRequest, known);
  return { verdict, obligations: obligations.map(({ type, trigger }) => `${type} ${trigger}`) };
}

/** A class: the change that passes, the one that doesn't, how they are told apart, parameters. */
type Row = readonly [
  name: string,
  one: Change,
  other: Change,
  told: readonly [string, string],
  parameters?: Parameters,
];

const end = "2026-06-01T00:00:00Z";
const duties = (...list: string[]): string => `permit, ${list.join(", ")}`;
const waived = (name: string, duty: string): Change => ({
  state: { approvals: [{ policy: digestOf(name), waives: duty, ageMs: 0 }] },
});
const encrypted = (value: boolean): Change => sharing({ output: { encrypted: value } });
const anonymise = (method: string): Change => ({
  request: { operation: "anonymise", output: { k: 10 }, ...fact("method", method).request },
});
const state = (firewall: string): Change => ({
  request: { facts: { "urn:example:fact:firewall": firewall, "urn:example:fact:contract": "in force" } },
});
const consent = (value: "given" | "withdrawn"): Change => ({ state: { consents: { "c-1": { value, ageMs: 0 } } } });
const uses = (count: number): Change => ({
  state: { counters: { "urn:example:counter:contract-7": { uses: count, ageMs: 0 } } },
});
const concepts = (...list: string[]): Change => sharing(fact("concepts", list).request!);

const classes: readonly Row[] = [
  ["idsa-01-consumer", {}, as({ org: "urn:example:other" }), ["permit", "deny"]],
  ["idsa-02-connector", {}, as({ id: "urn:example:connector:3" }), ["permit", "deny"]],
  ["idsa-03-application", fact("application", "urn:example:app:planner"), fact("application", "x"), ["permit", "deny"]],
  ["idsa-04-user-role", {}, as({ roles: ["sales"] }), ["permit", "deny"]],
  ["idsa-05-location-of-usage", {}, { request: { region: "US" } }, ["permit", "deny"]],
  ["idsa-06-purpose", {}, { request: { purposes: ["dpv:Marketing"] } }, ["permit", "deny"]],
  ["idsa-07-event", fact("event", "exhibition-2026"), fact("event", "none"), ["permit", "deny"]],
  ["idsa-08-security-level", fact("connector-profile", "trust"), fact("connector-profile", "base"), ["permit", "deny"]],
  ["idsa-09-time-interval", {}, at("2027-01-01T00:00:00Z"), ["permit", "deny"]],
  ["idsa-10-duration", {}, at(end), ["permit", "deny"], { end }],
  ["idsa-11-number-of-usages", uses(9), uses(10), ["permit", "deny"]],
  ["idsa-12-delete-after-use", {}, at("2026-12-31T00:00:00Z"), [duties("delete after-use"), "deny"]],
  [
    "idsa-13-modify-in-transit",
    sharing({ output: { pseudonymised: true } }),
    sharing({ output: { pseudonymised: false } }),
    ["permit", "deny"],
  ],
  [
    "idsa-14-modify-at-rest",
    { request: { operation: "store", output: { pseudonymised: true } } },
    { request: { operation: "store", output: { pseudonymised: false } } },
    ["permit", "deny"],
  ],
  ["idsa-15-local-logging", as({ org: "urn:example:data-provider" }), {}, ["permit", duties("log each-use")]],
  [
    "idsa-16-remote-notification",
    sharing({}),
    sharing({ destination: { party: "urn:example:other", region: "US" } }),
    ["permit", duties("inform each-use")],
  ],
  [
    "idsa-17-attach-policy",
    sharing({ output: { carriesPolicy: true } }),
    sharing({ output: { carriesPolicy: false } }),
    ["permit", "deny"],
  ],
  ["idsa-18-distribute-encrypted", encrypted(true), encrypted(false), ["permit", "deny"]],
  [
    "idsa-19-perpetual-sale",
    waived("idsa-19-perpetual-sale", "pay"),
    {},
    [duties("compensate before-use"), "unknown, compensate before-use"],
  ],
  ["idsa-20-rental", {}, at(end), [duties("compensate each-use"), "deny"], { paidUntil: end }],
  ["idsa-21-state", state("active"), state("off"), ["permit", "deny"]],
  [
    "idsa-22-location-of-participant",
    fact("participant-country", "DE"),
    fact("participant-country", "US"),
    ["permit", "deny"],
  ],
  ["idsa-23-consent", consent("given"), consent("withdrawn"), ["permit", "deny"], { consent: "c-1" }],
  ["idsa-24-data-classification", concepts("traffic"), concepts("traffic", "health"), ["permit", "deny"]],
  ["idsa-25-anonymise-with-mpc", anonymise("secure-multi-party-computation"), anonymise("masking"), ["permit", "deny"]],
];

/** Paths at which two values differ. */
function differences(a: unknown, b: unknown, path = ""): readonly string[] {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a))
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  const members = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...members].flatMap((name) =>
    differences((a as JsonObject)[name], (b as JsonObject)[name], `${path}/${name}`),
  );
}

describe("policy classes of the IDSA", () => {
  test("all 25 have an example", () => {
    expect(classes.map(([name]) => name)).toEqual(names.filter((name) => name.startsWith("idsa-")));
    expect(classes).toHaveLength(25);
  });

  test.each(classes.map((row) => ({ name: row[0], row })))("$name", ({ row: [name, one, other, told, parameters] }) => {
    const layer = layerOf(name, parameters);
    expect(layer.document["ext"]).toBeUndefined();
    const text = ({ verdict, obligations }: Told): string => [verdict, ...obligations].join(", ");
    expect([text(decide([layer], one)), text(decide([layer], other))]).toEqual(told);
    const ordinary = {
      request: { principal, region: "DE", purposes: ["dpv:OrganisationRiskManagement"] },
      state: { now },
    };
    const whole = ({ request, state: known }: Change): object => ({
      request: { ...ordinary.request, ...request },
      state: { ...ordinary.state, ...known },
    });
    expect(differences(whole(one), whole(other))).toHaveLength(1); // the class's fact and nothing else
  });

  test("control: a policy without the class's rule decides both alike", () => {
    const text = readText("examples/policies/idsa-05-location-of-usage.json").replace('"EU"', '"EU", "US"');
    const layer: PolicyLayer = {
      policy: digestOf("p"),
      document: evaluator.prepare(text).document,
      parameters: {},
      via: [],
    };
    expect(decide([layer], {})).toEqual(decide([layer], { request: { region: "US" } }));
  });

  test("attach-policy: what is shared carries the policy, and can't be shared on", () => {
    const parent = layerOf("idsa-17-attach-policy");
    const { layers } = evaluator.childLayers([[parent]], "share", {}, () => undefined);
    expect(layers).toMatchObject([{ policy: parent.policy, via: ["share"] }]);
    const child = layers.map(({ via }) => ({ ...parent, via }));
    const passed = sharing({ output: { carriesPolicy: true } });
    expect([decide([parent], passed).verdict, decide(child, passed).verdict]).toEqual(["permit", "deny"]);
  });
});

describe("the other examples", () => {
  test.each(names)("%s can be signed, warns of nothing and is explained", (name) => {
    const text = readText(`examples/policies/${name}.json`);
    expect(evaluator.prepare(text).warnings).toEqual([]);
    expect(explain(JSON.parse(text) as JsonObject).length).toBeGreaterThan(3);
    expect(readText("examples/policies/README.md")).toContain(`(${name}.json)`);
  });

  const assured = Object.fromEntries(
    ["region", "output.k", "destination.party", "destination.region", "facts.urn:example:fact:board-waiver"]
      .concat(["principal", ...["id", "kind", "roles", "org"].map((member) => `principal.${member}`)])
      .map((path) => [path, 2]),
  ) as DecisionState["assurance"];
  const known = (id: string, value: "given" | "withdrawn"): Partial<DecisionState> => ({
    assurance: assured!,
    consents: { [id]: { value, ageMs: 0 } },
  });

  test("GDPR: contract without consent, personalisation with it, nothing to other parties or for sale", () => {
    const layers = [layerOf("gdpr", { personalisation: "c-1", retentionEnds: end })];
    const ask = (request: object, value: "given" | "withdrawn" = "withdrawn", more: object = {}): string =>
      decide(layers, { request, state: { ...known("c-1", value), ...more } }).verdict;
    const contract = { purposes: ["dpv:FulfilmentOfContractualObligation"] };
    const personal = { operation: "profile", purposes: ["dpv:Personalisation"] };
    const to = (party: string): object => ({ operation: "share", destination: { party, region: "DE" }, ...contract });
    expect([ask(contract), ask(personal), ask(personal, "given")]).toEqual(["permit", "deny", "permit"]);
    expect([ask(to("urn:example:processor")), ask(to("urn:example:other"))]).toEqual(["permit", "deny"]);
    expect(ask({ purposes: ["dpv:SellDataToThirdParties"] }, "given")).toBe("deny");
    expect(ask(contract, "given", { now: Date.parse(end) / 1000 })).toBe("deny");
    expect(ask({ operation: "delete", purposes: [] }, "given", { now: Date.parse(end) / 1000 })).toBe("permit");
  });

  test("Data Act, Article 6: the agreed service by the recipient, no gatekeeper, no competing product, no profiling", () => {
    const layers = [
      layerOf("data-act-article-6", { recipient: "urn:example:consumer", nextRecipient: "urn:example:next", end }),
    ];
    const service = { purposes: ["urn:example:term:agreed-service"] };
    const ask = (request: object): string => decide(layers, { request: { ...service, ...request } }).verdict;
    expect(ask({})).toBe("permit");
    expect(ask({ purposes: ["urn:example:term:competing-product"] })).toBe("deny");
    expect(ask({ operation: "profile" })).toBe("deny");
    expect(ask(as({ org: "urn:example:gatekeeper" }).request!)).toBe("deny");
    const share = (party: string): object => ({
      operation: "share",
      destination: { party, region: "DE" },
      ...fact("contract-with-user", true).request,
    });
    expect([ask(share("urn:example:next")), ask(share("urn:example:gatekeeper"))]).toEqual(["unknown", "deny"]); // the user is informed first
  });

  test("HIPAA: research with authorization, or aggregates under a waiver of the board", () => {
    const layers = [layerOf("hipaa-research", { authorization: "c-1" })];
    const research = { purposes: ["dpv:ScientificResearch"], region: "US", ...as({ roles: ["researcher"] }).request };
    const ask = (request: object, value: "given" | "withdrawn"): string =>
      decide(layers, { request: { ...research, ...request }, state: known("c-1", value) }).verdict;
    expect([ask({}, "given"), ask({}, "withdrawn")]).toEqual(["permit", "deny"]);
    const waiver = { operation: "aggregate", output: { k: 11 }, ...fact("board-waiver", true).request };
    expect([ask(waiver, "withdrawn"), ask({ ...waiver, output: { k: 10 } }, "withdrawn")]).toEqual(["permit", "deny"]);
  });

  test("dataset licence: attribution, research only, no training", () => {
    const layers = [layerOf("dataset-licence")];
    const research = { purposes: ["dpv:AcademicResearch"] };
    expect(decide(layers, { request: research })).toEqual({ verdict: "permit", obligations: ["attribute each-use"] });
    expect(decide(layers, { request: { purposes: ["dpv:CommercialResearch"] } }).verdict).toBe("deny");
    expect(decide(layers, { request: { ...research, operation: "train" } }).verdict).toBe("deny");
  });

  test("contract and marketing: the consent decides about marketing only", () => {
    const layers = [layerOf("contract-and-marketing", { marketing: "c-1" })];
    const ask = (purpose: string, change: Change): string =>
      decide(layers, { ...change, request: { purposes: [purpose] } }).verdict;
    const [contract, marketing] = ["dpv:FulfilmentOfContractualObligation", "dpv:DirectMarketing"];
    expect([ask(contract, consent("withdrawn")), ask(marketing, consent("withdrawn"))]).toEqual(["permit", "deny"]);
    expect([ask(marketing, consent("given")), ask(marketing, {})]).toEqual(["permit", "unknown"]);
  });

  test("legal hold: deletion waits for it, and use goes on", () => {
    const layers = [layerOf("legal-hold")];
    const late = Date.parse("2027-01-01T00:00:00Z") / 1000;
    const request = { purposes: ["dpv:LegalCompliance"], ...as({ roles: ["counsel"] }).request };
    const ask = (operation: string, holds: readonly string[], instant = late): string =>
      decide(layers, { request: { ...request, operation }, state: { now: instant, holds } }).verdict;
    expect([ask("read", ["case-7"]), ask("read", [])]).toEqual(["permit", "deny"]);
    expect([ask("delete", ["case-7"]), ask("delete", [])]).toEqual(["deny", "permit"]);
    expect(ask("delete", [], now)).toBe("deny"); // to be kept still
  });

  test("emergency: consent and region are waived for a clinician, with a report", () => {
    const layers = [layerOf("emergency", { patient: "c-1" })];
    const clinician = as({ roles: ["clinician"] }).request!;
    const ask = (purposes: string[], change: object = {}): Told =>
      decide(layers, {
        request: { purposes, ...clinician, region: "US", ...change },
        state: known("c-1", "withdrawn"),
      });
    expect(ask(["urn:example:term:treatment"]).verdict).toBe("deny");
    expect(ask(["writ:Emergency"])).toEqual({ verdict: "permit", obligations: ["report after-use"] });
    expect(ask(["writ:Emergency"], as({ roles: ["clerk"] }).request).verdict).toBe("deny");
  });
});
