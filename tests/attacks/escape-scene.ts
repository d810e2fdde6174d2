// What tests of escapes share: an artifact with something of everything, over a plaintext that must not show.
import { document, policy, sealed, verified } from "../support/scene.ts";

export const plaintext = Buffer.from("PLAINTEXT-that-must-not-show-0123456789");
export const licence = await policy(
  document({
    id: "urn:acme:policy:escapes",
    parameters: { tenant: "string" },
    limits: { notOperations: ["train"], regions: [["EU", "US"]] },
    permissions: [
      {
        id: "p1",
        operations: ["read", "aggregate"],
        purposes: ["dpv:AcademicResearch"],
        when: { "principal.org": { ne: { param: "tenant" } } },
      },
    ],
    derive: { share: "forbid", aggregate: { inherit: true, add: { notOperations: ["share"] } } },
  }),
);
export const original = await sealed(plaintext, {
  policies: [{ message: licence, parameters: { tenant: "urn:org:x" } }],
  status: [{ uri: "https://status.example/1", index: 3 }],
  custodyRule: { custodies: ["local"], contextPairs: new Map([["tenant", "x"]]) },
  mediaType: "text/csv",
});
export const whole = await verified(original.artifact);
