// The policy that a new home holds: short, usable as it stands, to be adapted.

/** Text of an example policy of this authority. */
export function examplePolicy(authority: string): string {
  const document = {
    version: 1,
    kind: "grant",
    id: `${authority}:policy:example`,
    authority,
    classification: "internal",
    limits: {
      purposes: [["dpv:AcademicResearch", "dpv:ServiceProvision"]],
      notPurposes: ["dpv:Advertising"],
      notOperations: ["train"],
    },
    permissions: [{ id: "use", operations: ["read", "aggregate", "store", "copy"], duties: ["erase"] }],
    duties: [{ id: "erase", type: "delete", trigger: "after-use", within: "P365D" }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
