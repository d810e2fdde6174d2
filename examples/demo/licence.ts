// The two policies of the demo: a dataset licence, and what it releases aggregates to.
import type { JsonObject } from "@writ/core";
import { urns } from "./cast.ts";

const purposes = ["dpv:AcademicResearch", "dpv:ProvideOfficialStatistics"];
const duties = [{ id: "attribution", type: "attribute", trigger: "each-use" }];

/** Smallest number of rows behind a figure that the licence lets out. */
export const leastRows = 10;

/** What aggregates of at least ten rows come under: they may be read and shared. Signed before the licence, which names it. */
export const releasePolicy: JsonObject = {
  version: 1,
  kind: "grant",
  id: urns.release,
  authority: urns.licensor,
  classification: "public",
  limits: { notPurposes: ["dpv:Advertising"], notOperations: ["train"], regions: [["EU", "US"]] },
  permissions: [{ id: "read-and-share", operations: ["read", "share"], purposes, duties: ["attribution"] }],
  duties,
};

/** Academic research and statistics, in the EU and the US; aggregates only; no training, no advertising. */
export function licencePolicy(release: string): JsonObject {
  return {
    version: 1,
    kind: "grant",
    id: urns.licence,
    authority: urns.licensor,
    classification: "internal",
    limits: { notPurposes: ["dpv:Advertising"], notOperations: ["train"], regions: [["EU", "US"]] },
    permissions: [{ id: "aggregate", operations: ["aggregate"], purposes, duties: ["attribution", "deletion"] }],
    duties: [...duties, { id: "deletion", type: "delete", trigger: "after-use", within: "P365D", proof: "receipt" }],
    derive: {
      aggregate: { release: { policy: release, requires: { "output.k": { gte: leastRows } } } },
      train: "forbid",
    },
  };
}

/** The licence as somebody would like it: no limits, training permitted. Its authority never signed this. */
export function relaxedLicence(): JsonObject {
  return {
    version: 1,
    kind: "grant",
    id: urns.licence,
    authority: urns.licensor,
    classification: "internal",
    permissions: [{ id: "anything", operations: ["*"], unrestricted: true }],
  };
}
