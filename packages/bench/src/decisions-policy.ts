// One policy of 20 rules over the whole of DPV, and 2,000 requests that leave nothing out.
import type { DecisionRequest, DecisionState, JsonObject, Operation } from "@writ/core";

/** Second at which all decisions are made. */
export const now = 1_800_000_000;

/** Nothing of the state is asked for by the policy, and nothing is open. */
export const state: DecisionState = { now, statusEntries: [] };

const orgs = Array.from({ length: 8 }, (_, index) => `urn:org:${index}`);
const roles = ["clinician", "researcher", "steward", "analyst", "auditor", "clerk"];
const clearances = ["public", "internal", "confidential", "restricted"] as const;
const regions = ["DE", "FR", "AT", "NO", "CH", "US", "JP"];
const operations: readonly Operation[] = [
  "read",
  "read",
  "aggregate",
  "transform",
  "store",
  "copy",
  "infer",
  "train",
  "profile",
  "derive",
];

const reading = ["read", "aggregate", "infer"];
const permissions = [
  { operations: reading, purposes: ["dpv:AcademicResearch"], when: { "principal.roles": { hasAny: ["researcher"] } } },
  { operations: reading, purposes: ["dpv:CommercialResearch"], when: { "principal.org": { eq: orgs[1] } } },
  { operations: ["read"], purposes: ["dpv:ServiceProvision"], when: { "principal.roles": { hasAny: ["clinician"] } } },
  { operations: ["read"], purposes: ["dpv:CustomerCare"], when: { "principal.org": { in: [orgs[2], orgs[3]] } } },
  {
    operations: ["read", "derive"],
    purposes: ["dpv:LegalCompliance"],
    when: { "principal.clearance": { gte: "confidential" } },
  },
  { operations: ["read", "log"], purposes: ["dpv:EnforceSecurity"], when: { "principal.kind": { eq: "service" } } },
  { operations: ["aggregate"], purposes: ["dpv:PublicBenefit"] },
  { operations: ["aggregate", "transform"], purposes: ["dpv:ResearchAndDevelopment"], when: { region: { eq: "EU" } } },
  { operations: ["store", "copy"], when: { "principal.roles": { hasAny: ["steward"] } } },
  { operations: ["train", "infer"], purposes: ["dpv:ScientificResearch"], when: { "principal.org": { eq: orgs[4] } } },
  {
    operations: ["profile"],
    purposes: ["dpv:Personalisation"],
    when: { any: [{ "principal.org": { eq: orgs[5] } }, { region: { in: ["CH", "AT"] } }] },
  },
  {
    operations: ["read"],
    purposes: ["dpv:RecordManagement"],
    when: { not: { "principal.roles": { hasAny: ["clerk"] } } },
  },
];
const prohibitions = [
  { operations: ["*"], when: { "principal.org": { eq: orgs[7] } } },
  { operations: ["train"], purposes: ["dpv:Marketing"] },
  { operations: ["read"], purposes: ["dpv:TargetedAdvertising"] },
  { operations: ["copy"], when: { region: { eq: "US" } } },
  { operations: ["profile"], when: { "principal.clearance": { lt: "internal" } } },
  { operations: ["infer"], purposes: ["dpv:SellDataToThirdParties"] },
  {
    operations: ["transform", "derive"],
    when: { "principal.kind": { ne: "service" }, "principal.org": { in: [orgs[5], orgs[6]] } },
  },
  { operations: ["store"], purposes: ["dpv:DirectMarketing"], when: { "principal.roles": { hasNone: ["auditor"] } } },
];

/** The policy as its author writes it. */
export const document: JsonObject = {
  version: 1,
  kind: "grant",
  id: "urn:bench:decisions",
  authority: "urn:bench:privacy",
  classification: "confidential",
  limits: { notPurposes: ["dpv:Advertising"], notOperations: ["disclose"], regions: [["EEA", "CH", "US"]] },
  permissions: permissions.map((rule, index) => ({ id: `p${index + 1}`, ...rule })),
  prohibitions: prohibitions.map((rule, index) => ({ id: `f${index + 1}`, ...rule })),
} as unknown as JsonObject;

/** Numbers from 0 up to 1 that are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  let value = seed;
  for (;;) {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    yield value / 2 ** 32;
  }
}

/** Requests with every field that the policy may ask for, one purpose each, most of them about what some permission names. */
export function makeRequests(count: number, terms: readonly string[]): readonly DecisionRequest[] {
  const random = numbers(20_260_101);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next().value * items.length)]!;
  const named = permissions.flatMap(({ purposes = [] }) => purposes);
  return Array.from({ length: count }, (): DecisionRequest => ({
    operation: pick(operations),
    purposes: [pick(random.next().value < 0.7 ? named : terms)],
    principal: {
      id: `u-${Math.floor(random.next().value * 1000)}`,
      kind: pick(["service", "human"] as const),
      org: pick(orgs),
      roles: [pick(roles), pick(roles)],
      clearance: pick(clearances),
    },
    region: pick(regions),
  }));
}
