// Generated from packages/evaluator/taxonomies by tools/compile-vocabulary.mjs; do not edit.
import type { Taxonomy } from "../taxonomy.ts";

/** What one operation is. */
export interface OperationFacts {
  readonly includes: readonly string[];
  readonly outbound: boolean;
  readonly kAnonymity: boolean;
}

/** Prefixes of the terms that expansion replaces. Spec: POL-5. */
export const prefixes: Readonly<Record<string, string>> = {
  "dpv": "https://w3id.org/dpv#",
  "eu-ehds": "https://w3id.org/dpv/legal/eu/ehds#",
  "sector-education": "https://w3id.org/dpv/sector/education#",
  "sector-finance": "https://w3id.org/dpv/sector/finance#",
  "sector-health": "https://w3id.org/dpv/sector/health#",
  "sector-infra": "https://w3id.org/dpv/sector/infra#",
  "sector-law": "https://w3id.org/dpv/sector/law#",
  "sector-publicservices": "https://w3id.org/dpv/sector/publicservices#",
  "writ": "urn:writ:term:"
};

/** Groups of countries that stand as regions. Spec: REQ-1. */
export const regionGroups: Readonly<Record<string, readonly string[]>> = {
  "EU": [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK"
  ],
  "EEA": [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IS",
    "IT",
    "LI",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK"
  ]
};

/** The operation table. Spec: OPS-1. */
export const operationTable: Readonly<Record<string, OperationFacts>> = {
  "read": {
    "includes": [],
    "outbound": false,
    "kAnonymity": false
  },
  "transform": {
    "includes": [
      "read"
    ],
    "outbound": false,
    "kAnonymity": false
  },
  "derive": {
    "includes": [
      "read"
    ],
    "outbound": false,
    "kAnonymity": false
  },
  "aggregate": {
    "includes": [
      "derive",
      "transform"
    ],
    "outbound": false,
    "kAnonymity": true
  },
  "infer": {
    "includes": [
      "derive"
    ],
    "outbound": false,
    "kAnonymity": false
  },
  "profile": {
    "includes": [
      "infer"
    ],
    "outbound": false,
    "kAnonymity": false
  },
  "train": {
    "includes": [
      "derive"
    ],
    "outbound": false,
    "kAnonymity": false
  },
  "store": {
    "includes": [
      "read"
    ],
    "outbound": false,
    "kAnonymity": false
  },
  "log": {
    "includes": [
      "store"
    ],
    "outbound": false,
    "kAnonymity": false
  },
  "copy": {
    "includes": [
      "store"
    ],
    "outbound": false,
    "kAnonymity": false
  },
  "disclose": {
    "includes": [
      "read"
    ],
    "outbound": true,
    "kAnonymity": true
  },
  "share": {
    "includes": [
      "copy",
      "disclose"
    ],
    "outbound": true,
    "kAnonymity": true
  },
  "transfer": {
    "includes": [
      "copy"
    ],
    "outbound": true,
    "kAnonymity": true
  },
  "export": {
    "includes": [
      "disclose",
      "transfer"
    ],
    "outbound": true,
    "kAnonymity": true
  },
  "anonymise": {
    "includes": [
      "transform"
    ],
    "outbound": false,
    "kAnonymity": true
  },
  "pseudonymise": {
    "includes": [
      "transform"
    ],
    "outbound": false,
    "kAnonymity": false
  },
  "delete": {
    "includes": [],
    "outbound": false,
    "kAnonymity": false
  },
  "declassify": {
    "includes": [],
    "outbound": false,
    "kAnonymity": false
  },
  "delegate": {
    "includes": [],
    "outbound": true,
    "kAnonymity": false
  }
};

/** A purpose below one of these counts as `train`. Spec: PUR-5. */
export const trainingTerms: readonly string[] = [
  "urn:writ:term:ModelTraining",
  "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateHealthAlgorithms",
  "https://w3id.org/dpv/legal/eu/ehds#TrainTestAndEvaluateAISystemsAlgorithms",
  "https://w3id.org/dpv/legal/eu/ehds#TrainTestAndEvaluateHealthAlgorithms",
  "https://w3id.org/dpv/legal/eu/ehds#TrainTestAndEvaluateHealthAppsAlgorithms",
  "https://w3id.org/dpv/legal/eu/ehds#TrainTestAndEvaluateMedicalDevicesAlgorithms"
];

/** A permission with `waives` serves purposes below these. Spec: POL-16. */
export const emergencyTerms: readonly string[] = [
  "urn:writ:term:Emergency",
  "https://w3id.org/dpv/sector/health#EmergencyCareManagement",
  "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseManagement",
  "https://w3id.org/dpv/sector/infra#RoadEmergencyResponseManagement"
];

/** Purposes that a clause may admit unmeant. */
export const surprises: readonly string[] = [
  "https://w3id.org/dpv#SellDataToThirdParties",
  "https://w3id.org/dpv#SellInsightsFromData",
  "https://w3id.org/dpv#CommercialResearch",
  "https://w3id.org/dpv#TargetedAdvertising",
  "https://w3id.org/dpv#PoliticalCampaign",
  "https://w3id.org/dpv#PersonnelPerformancePrediction"
];

/** The taxonomies that ship with the evaluator; the first is pinned where a document names none. */
export const shippedTaxonomies: readonly Taxonomy[] = [
  {
    "iri": "https://w3id.org/dpv",
    "version": "2.3",
    "digest": "sha384:29bee9a3048ab421bad0a43fadd72b234559f29186aa95ea4cf611fa06124512412b7e3aee719f8ba3c72285db2cdc39",
    "terms": {
      "https://w3id.org/dpv#AcademicResearch": [
        "https://w3id.org/dpv#ResearchAndDevelopment"
      ],
      "https://w3id.org/dpv#AccountManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#Advertising": [
        "https://w3id.org/dpv#Marketing"
      ],
      "https://w3id.org/dpv#AgeVerification": [
        "https://w3id.org/dpv#Verification"
      ],
      "https://w3id.org/dpv#CombatClimateChange": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#CommercialPurpose": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#CommercialResearch": [
        "https://w3id.org/dpv#CommercialPurpose",
        "https://w3id.org/dpv#ResearchAndDevelopment"
      ],
      "https://w3id.org/dpv#CommunicationForCustomerCare": [
        "https://w3id.org/dpv#CommunicationManagement",
        "https://w3id.org/dpv#CustomerCare"
      ],
      "https://w3id.org/dpv#CommunicationManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#CounterMoneyLaundering": [
        "https://w3id.org/dpv#FraudPreventionAndDetection"
      ],
      "https://w3id.org/dpv#Counterterrorism": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#CustomerCare": [
        "https://w3id.org/dpv#CustomerManagement"
      ],
      "https://w3id.org/dpv#CustomerClaimsManagement": [
        "https://w3id.org/dpv#CustomerManagement"
      ],
      "https://w3id.org/dpv#CustomerManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#CustomerOrderManagement": [
        "https://w3id.org/dpv#CustomerManagement"
      ],
      "https://w3id.org/dpv#CustomerRelationshipManagement": [
        "https://w3id.org/dpv#CustomerManagement"
      ],
      "https://w3id.org/dpv#CustomerSolvencyMonitoring": [
        "https://w3id.org/dpv#CustomerManagement"
      ],
      "https://w3id.org/dpv#DataAltruism": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#DeliveryOfGoods": [
        "https://w3id.org/dpv#RequestedServiceProvision"
      ],
      "https://w3id.org/dpv#DirectMarketing": [
        "https://w3id.org/dpv#Marketing"
      ],
      "https://w3id.org/dpv#DisputeManagement": [
        "https://w3id.org/dpv#OrganisationGovernance"
      ],
      "https://w3id.org/dpv#EnforceAccessControl": [
        "https://w3id.org/dpv#EnforceSecurity"
      ],
      "https://w3id.org/dpv#EnforceSecurity": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#EstablishContractualAgreement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#FraudPreventionAndDetection": [
        "https://w3id.org/dpv#MisusePreventionAndDetection"
      ],
      "https://w3id.org/dpv#FulfilmentOfContractualObligation": [
        "https://w3id.org/dpv#FulfilmentOfObligation"
      ],
      "https://w3id.org/dpv#FulfilmentOfObligation": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#HumanResourceManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#IdentityAuthentication": [
        "https://w3id.org/dpv#EnforceSecurity"
      ],
      "https://w3id.org/dpv#IdentityVerification": [
        "https://w3id.org/dpv#Verification"
      ],
      "https://w3id.org/dpv#ImproveExistingProductsAndServices": [
        "https://w3id.org/dpv#OptimisationForController"
      ],
      "https://w3id.org/dpv#ImproveHealthcare": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#ImproveInternalCRMProcesses": [
        "https://w3id.org/dpv#CustomerRelationshipManagement",
        "https://w3id.org/dpv#OptimisationForController"
      ],
      "https://w3id.org/dpv#ImprovePublicServices": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#ImproveTransportMobility": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#IncreaseServiceRobustness": [
        "https://w3id.org/dpv#OptimisationForController"
      ],
      "https://w3id.org/dpv#InternalResourceOptimisation": [
        "https://w3id.org/dpv#OptimisationForController"
      ],
      "https://w3id.org/dpv#LegalCompliance": [
        "https://w3id.org/dpv#FulfilmentOfObligation"
      ],
      "https://w3id.org/dpv#MaintainFraudDatabase": [
        "https://w3id.org/dpv#FraudPreventionAndDetection"
      ],
      "https://w3id.org/dpv#Marketing": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#MemberPartnerManagement": [
        "https://w3id.org/dpv#OrganisationGovernance"
      ],
      "https://w3id.org/dpv#MisusePreventionAndDetection": [
        "https://w3id.org/dpv#EnforceSecurity"
      ],
      "https://w3id.org/dpv#NonCommercialPurpose": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#NonCommercialResearch": [
        "https://w3id.org/dpv#NonCommercialPurpose",
        "https://w3id.org/dpv#ResearchAndDevelopment"
      ],
      "https://w3id.org/dpv#OptimisationForConsumer": [
        "https://w3id.org/dpv#ServiceOptimisation"
      ],
      "https://w3id.org/dpv#OptimisationForController": [
        "https://w3id.org/dpv#ServiceOptimisation"
      ],
      "https://w3id.org/dpv#OptimiseUserInterface": [
        "https://w3id.org/dpv#OptimisationForConsumer"
      ],
      "https://w3id.org/dpv#OrganisationComplianceManagement": [
        "https://w3id.org/dpv#OrganisationGovernance"
      ],
      "https://w3id.org/dpv#OrganisationGovernance": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#OrganisationRiskManagement": [
        "https://w3id.org/dpv#OrganisationGovernance"
      ],
      "https://w3id.org/dpv#PaymentManagement": [
        "https://w3id.org/dpv#ServiceManagement"
      ],
      "https://w3id.org/dpv#Personalisation": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#PersonalisedAdvertising": [
        "https://w3id.org/dpv#Advertising",
        "https://w3id.org/dpv#Personalisation"
      ],
      "https://w3id.org/dpv#PersonalisedBenefits": [
        "https://w3id.org/dpv#ServicePersonalisation"
      ],
      "https://w3id.org/dpv#PersonnelBehaviourMonitoring": [
        "https://w3id.org/dpv#PersonnelMonitoring"
      ],
      "https://w3id.org/dpv#PersonnelHiring": [
        "https://w3id.org/dpv#PersonnelManagement"
      ],
      "https://w3id.org/dpv#PersonnelManagement": [
        "https://w3id.org/dpv#HumanResourceManagement"
      ],
      "https://w3id.org/dpv#PersonnelMonitoring": [
        "https://w3id.org/dpv#PersonnelManagement"
      ],
      "https://w3id.org/dpv#PersonnelOffboarding": [
        "https://w3id.org/dpv#PersonnelManagement"
      ],
      "https://w3id.org/dpv#PersonnelOnboarding": [
        "https://w3id.org/dpv#PersonnelHiring"
      ],
      "https://w3id.org/dpv#PersonnelPayment": [
        "https://w3id.org/dpv#PersonnelManagement"
      ],
      "https://w3id.org/dpv#PersonnelPerformanceEvaluation": [
        "https://w3id.org/dpv#PersonnelPerformanceManagement"
      ],
      "https://w3id.org/dpv#PersonnelPerformanceManagement": [
        "https://w3id.org/dpv#PersonnelManagement",
        "https://w3id.org/dpv#PersonnelMonitoring"
      ],
      "https://w3id.org/dpv#PersonnelPerformanceMonitoring": [
        "https://w3id.org/dpv#PersonnelMonitoring",
        "https://w3id.org/dpv#PersonnelPerformanceManagement"
      ],
      "https://w3id.org/dpv#PersonnelPerformancePrediction": [
        "https://w3id.org/dpv#PersonnelPerformanceManagement"
      ],
      "https://w3id.org/dpv#PersonnelPromotionManagement": [
        "https://w3id.org/dpv#PersonnelManagement"
      ],
      "https://w3id.org/dpv#PersonnelTerminationManagement": [
        "https://w3id.org/dpv#PersonnelManagement"
      ],
      "https://w3id.org/dpv#PersonnelWorkloadManagement": [
        "https://w3id.org/dpv#PersonnelManagement"
      ],
      "https://w3id.org/dpv#PoliticalCampaign": [
        "https://w3id.org/dpv#Advertising",
        "https://w3id.org/dpv#Personalisation"
      ],
      "https://w3id.org/dpv#ProtectionOfIPR": [
        "https://w3id.org/dpv#FulfilmentOfObligation"
      ],
      "https://w3id.org/dpv#ProtectionOfNationalSecurity": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#ProtectionOfPublicSecurity": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#ProvideEventRecommendations": [
        "https://w3id.org/dpv#ProvidePersonalisedRecommendations"
      ],
      "https://w3id.org/dpv#ProvideOfficialStatistics": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#ProvidePersonalisedRecommendations": [
        "https://w3id.org/dpv#ServicePersonalisation"
      ],
      "https://w3id.org/dpv#ProvideProductRecommendations": [
        "https://w3id.org/dpv#ProvidePersonalisedRecommendations"
      ],
      "https://w3id.org/dpv#PublicBenefit": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#PublicPolicyMaking": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv#PublicRelations": [
        "https://w3id.org/dpv#Marketing"
      ],
      "https://w3id.org/dpv#Purpose": [],
      "https://w3id.org/dpv#RecordManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#RecruitmentAdvertising": [
        "https://w3id.org/dpv#Advertising",
        "https://w3id.org/dpv#PersonnelHiring"
      ],
      "https://w3id.org/dpv#RecruitmentApplicantBackgroundCheck": [
        "https://w3id.org/dpv#RecruitmentManagement"
      ],
      "https://w3id.org/dpv#RecruitmentApplicantCriminalBackgroundCheck": [
        "https://w3id.org/dpv#RecruitmentManagement"
      ],
      "https://w3id.org/dpv#RecruitmentApplicantInformationAuthentication": [
        "https://w3id.org/dpv#RecruitmentManagement"
      ],
      "https://w3id.org/dpv#RecruitmentApplicantSelection": [
        "https://w3id.org/dpv#RecruitmentManagement"
      ],
      "https://w3id.org/dpv#RecruitmentApplicationAnalysis": [
        "https://w3id.org/dpv#RecruitmentApplicationManagement"
      ],
      "https://w3id.org/dpv#RecruitmentApplicationManagement": [
        "https://w3id.org/dpv#RecruitmentManagement"
      ],
      "https://w3id.org/dpv#RecruitmentApplicationScreening": [
        "https://w3id.org/dpv#RecruitmentApplicationManagement"
      ],
      "https://w3id.org/dpv#RecruitmentInterviewAnalysis": [
        "https://w3id.org/dpv#RecruitmentInterviewManagement"
      ],
      "https://w3id.org/dpv#RecruitmentInterviewAssessment": [
        "https://w3id.org/dpv#RecruitmentInterviewManagement"
      ],
      "https://w3id.org/dpv#RecruitmentInterviewManagement": [
        "https://w3id.org/dpv#RecruitmentManagement"
      ],
      "https://w3id.org/dpv#RecruitmentInterviewScheduling": [
        "https://w3id.org/dpv#RecruitmentInterviewManagement"
      ],
      "https://w3id.org/dpv#RecruitmentManagement": [
        "https://w3id.org/dpv#PersonnelHiring"
      ],
      "https://w3id.org/dpv#RecruitmentTargetedAdvertising": [
        "https://w3id.org/dpv#RecruitmentAdvertising",
        "https://w3id.org/dpv#TargetedAdvertising"
      ],
      "https://w3id.org/dpv#RepairImpairments": [
        "https://w3id.org/dpv#ServiceManagement"
      ],
      "https://w3id.org/dpv#RequestedServiceProvision": [
        "https://w3id.org/dpv#ServiceProvision"
      ],
      "https://w3id.org/dpv#ResearchAndDevelopment": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#RightsFulfilment": [],
      "https://w3id.org/dpv#ScientificResearch": [
        "https://w3id.org/dpv#ResearchAndDevelopment"
      ],
      "https://w3id.org/dpv#SearchFunctionalities": [
        "https://w3id.org/dpv#ServiceProvision"
      ],
      "https://w3id.org/dpv#Sector": [],
      "https://w3id.org/dpv#SellDataToThirdParties": [
        "https://w3id.org/dpv#SellProducts"
      ],
      "https://w3id.org/dpv#SellInsightsFromData": [
        "https://w3id.org/dpv#SellProducts"
      ],
      "https://w3id.org/dpv#SellProducts": [
        "https://w3id.org/dpv#ServiceProvision"
      ],
      "https://w3id.org/dpv#SellProductsToDataSubject": [
        "https://w3id.org/dpv#SellProducts"
      ],
      "https://w3id.org/dpv#ServiceAccessDetermination": [
        "https://w3id.org/dpv#ServiceManagement"
      ],
      "https://w3id.org/dpv#ServiceManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#ServiceMonitoring": [
        "https://w3id.org/dpv#ServiceManagement"
      ],
      "https://w3id.org/dpv#ServiceOptimisation": [
        "https://w3id.org/dpv#ServiceManagement"
      ],
      "https://w3id.org/dpv#ServicePersonalisation": [
        "https://w3id.org/dpv#Personalisation",
        "https://w3id.org/dpv#ServiceManagement"
      ],
      "https://w3id.org/dpv#ServiceProvision": [
        "https://w3id.org/dpv#ServiceManagement"
      ],
      "https://w3id.org/dpv#ServiceRegistration": [
        "https://w3id.org/dpv#ServiceManagement"
      ],
      "https://w3id.org/dpv#ServiceUsageAnalytics": [
        "https://w3id.org/dpv#ServiceMonitoring"
      ],
      "https://w3id.org/dpv#SocialMediaMarketing": [
        "https://w3id.org/dpv#Marketing"
      ],
      "https://w3id.org/dpv#TargetedAdvertising": [
        "https://w3id.org/dpv#PersonalisedAdvertising"
      ],
      "https://w3id.org/dpv#TechnicalServiceProvision": [
        "https://w3id.org/dpv#ServiceProvision"
      ],
      "https://w3id.org/dpv#UserInterfacePersonalisation": [
        "https://w3id.org/dpv#ServicePersonalisation"
      ],
      "https://w3id.org/dpv#VendorManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv#VendorPayment": [
        "https://w3id.org/dpv#VendorManagement"
      ],
      "https://w3id.org/dpv#VendorRecordsManagement": [
        "https://w3id.org/dpv#VendorManagement"
      ],
      "https://w3id.org/dpv#VendorSelectionAssessment": [
        "https://w3id.org/dpv#VendorManagement"
      ],
      "https://w3id.org/dpv#Verification": [
        "https://w3id.org/dpv#EnforceSecurity"
      ]
    }
  }
];
