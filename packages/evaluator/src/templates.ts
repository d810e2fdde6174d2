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

const contractAndMarketing = `{
  "version": 1,
  "kind": "grant",
  "id": "urn:example:policy:contract-and-marketing",
  "authority": "urn:example:privacy-office",
  "classification": "confidential",
  "parameters": { "marketing": "string", "end": "instant" },
  "limits": {
    "notPurposes": ["dpv:SellDataToThirdParties"],
    "notOperations": ["train", "disclose"],
    "regions": [["EEA", "CH"]],
    "deleteBy": { "param": "end" },
    "maxStaleness": { "consent": "PT1H" }
  },
  "permissions": [
    { "id": "contract", "operations": ["read", "transform", "store"], "purposes": ["dpv:FulfilmentOfContractualObligation", "dpv:CustomerCare"] },
    { "id": "marketing", "operations": ["read", "profile"], "purposes": ["dpv:DirectMarketing"], "consents": [{ "param": "marketing" }], "duties": ["notice"] }
  ],
  "duties": [{ "id": "notice", "type": "inform", "trigger": "each-use", "by": "urn:example:role:marketing" }]
}
`;

const phi = `{
  "version": 1,
  "kind": "grant",
  "id": "urn:example:policy:phi",
  "authority": "urn:example:privacy-office",
  "classification": "restricted",
  "terms": { "urn:example:treatment": ["dpv:ImproveHealthcare"] },
  "parameters": { "patient": "string" },
  "limits": { "minAssurance": 2, "regions": [["US"]], "notPurposes": ["dpv:Marketing"], "notOperations": ["train"] },
  "permissions": [
    { "id": "care", "operations": ["read", "transform"], "purposes": ["urn:example:treatment"], "when": { "principal.roles": { "hasAny": ["clinician"] } } },
    { "id": "research", "operations": ["aggregate"], "purposes": ["dpv:ScientificResearch"], "when": { "output.k": { "gte": 11 } }, "consents": [{ "param": "patient" }], "duties": ["account"] },
    { "id": "emergency", "operations": ["read"], "purposes": ["writ:Emergency"], "waives": ["consents", "regions"], "duties": ["report"] }
  ],
  "duties": [
    { "id": "account", "type": "log", "trigger": "each-use", "proof": "receipt" },
    { "id": "report", "type": "report", "trigger": "after-use", "within": "P1D", "by": "urn:example:role:privacy-officer" }
  ]
}
`;

const dataAct = `{
  "version": 1,
  "kind": "grant",
  "id": "urn:example:policy:data-act",
  "authority": "urn:example:data-holder",
  "classification": "confidential",
  "terms": { "urn:example:agreed-service": ["dpv:RequestedServiceProvision"], "urn:example:competing-product": ["dpv:CommercialResearch"] },
  "parameters": { "recipient": "iri", "end": "instant" },
  "limits": {
    "notParties": ["urn:example:gatekeeper"],
    "notOperations": ["profile"],
    "notPurposes": ["urn:example:competing-product"],
    "deleteBy": { "param": "end" }
  },
  "permissions": [
    { "id": "service", "operations": ["read", "transform", "derive", "aggregate", "store"], "purposes": ["urn:example:agreed-service"], "when": { "principal.org": { "eq": { "param": "recipient" } } }, "duties": ["erase"] }
  ],
  "duties": [{ "id": "erase", "type": "delete", "trigger": "after-use", "within": "P30D" }],
  "derive": { "share": "forbid", "export": "forbid" }
}
`;

type TemplateName =
  | "research-no-training"
  | "contract-and-marketing"
  | "phi"
  | "data-act"
  | "internal"
  | "dataset-licence";

/** Templates by name. */
export const templates: Readonly<Record<TemplateName, Template>> = {
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
  "contract-and-marketing": {
    about: [
      "customer data: used to fulfil the contract, and for direct marketing where the customer consents",
      "no training, nothing leaves, no sale; deleted at the end of the contract (parameter `end`)",
      "marketing asks for the consent (parameter `marketing`): without a consent source it is unknown, never permitted",
    ],
    text: contractAndMarketing,
  },
  phi: {
    about: [
      "health data in the United States: care by clinicians, aggregates for research with the patient's authorization",
      "facts have to be bound in a token (assurance 2); groups of at least 11; no marketing, no training",
      "research asks for the consent (parameter `patient`): without a consent source it is unknown, never permitted",
      "in an emergency consents and regions are waived: such a use is marked in its receipt and has to be reported",
    ],
    text: phi,
  },
  "data-act": {
    about: [
      "data of a connected product that a third party gets at the user's request (Regulation (EU) 2023/2854, Article 6)",
      "only the recipient (parameter `recipient`), only for the service agreed with the user; no profiling",
      "no competing product, no gatekeeper, nothing passed on; deleted at the end (parameter `end`)",
    ],
    text: dataAct,
  },
  internal: {
    about: [
      "for one organisation, whatever the purpose; nothing is disclosed or transferred",
      "agents are not admitted: add `principals` to the limits to admit them by name",
    ],
    text: internal,
  },
};
