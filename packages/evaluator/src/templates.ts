// Policies to start from: what `policy new` writes. Each can be signed as it stands, once its names are one's own.

/** A policy text and what to know before using it. */
export interface Template {
  /** One line a statement, without marks: the command line prints it above the text, which has no comments of its own. */
  readonly about: readonly string[];
  /** JSON, at most 25 lines. */
  readonly text: string;
}

const datasetLicence = `{
  "version": 1,
  "kind": "grant",
  "id": "urn:example:policy:dataset-licence",
  "authority": "urn:example:data-office",
  "classification": "internal",
  "limits": {
    "notPurposes": ["dpv:Advertising"],
    "notOperations": ["train"],
    "regions": [["EU", "US"]]
  },
  "permissions": [
    {
      "id": "research",
      "operations": ["read", "aggregate", "derive", "store", "share"],
      "purposes": ["dpv:AcademicResearch", "dpv:NonCommercialResearch"],
      "duties": ["attribution", "deletion"]
    }
  ],
  "duties": [
    { "id": "attribution", "type": "attribute", "trigger": "each-use" },
    { "id": "deletion", "type": "delete", "trigger": "after-use", "within": "P365D" }
  ]
}
`;

const researchNoTraining = `{
  "version": 1,
  "kind": "grant",
  "id": "urn:example:policy:research-no-training",
  "authority": "urn:example:privacy-office",
  "classification": "confidential",
  "limits": {
    "notOperations": ["train"],
    "notPurposes": ["dpv:Marketing", "writ:ModelTraining"],
    "kAnonymity": 10
  },
  "permissions": [
    {
      "id": "research",
      "operations": ["read", "transform", "aggregate", "derive"],
      "purposes": ["dpv:AcademicResearch"],
      "when": { "principal.roles": { "hasAny": ["researcher"] } }
    }
  ],
  "derive": { "share": "forbid" }
}
`;

const internal = `{
  "version": 1,
  "kind": "grant",
  "id": "urn:example:policy:internal",
  "authority": "urn:example:data-office",
  "classification": "internal",
  "limits": {
    "parties": [["urn:example:org"]],
    "notOperations": ["disclose", "transfer"]
  },
  "permissions": [
    { "id": "work", "operations": ["read", "transform", "derive", "aggregate", "infer", "store", "copy", "log"] }
  ]
}
`;

/** Templates by name. */
export const templates: Readonly<Record<"dataset-licence" | "research-no-training" | "internal", Template>> = {
  "dataset-licence": {
    about: [
      "a data set that researchers may use and pass on: attribution, deletion within a year",
      "EU and US only, no advertising, no training of models",
      "who may pass on names a destination; narrower purposes of research are admitted too",
    ],
    text: datasetLicence,
  },
  "research-no-training": {
    about: [
      "personal data for academic research by people with the role `researcher`",
      "no training, no marketing; aggregates need groups of at least 10",
      "what is shared can't carry this data further: a derivation by `share` is forbidden",
    ],
    text: researchNoTraining,
  },
  internal: {
    about: [
      "for one organisation, whatever the purpose; nothing is disclosed or transferred",
      "agents are not admitted: add `principals` to the limits to admit them by name",
    ],
    text: internal,
  },
};
