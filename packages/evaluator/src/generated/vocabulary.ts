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
  },
  {
    "iri": "https://w3id.org/dpv/legal/eu/ehds",
    "version": "2.3",
    "digest": "sha384:202b96ef0d755e64069adc92d32da164e17706bdb6e977406bb9355dde7772ce92c6bb0a8201f31801d5304b2155973a",
    "terms": {
      "https://w3id.org/dpv/legal/eu/ehds#AdministrativeServicesProvision": [
        "https://w3id.org/dpv/sector/health#AdministrativeServicesProvision"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#DevelopPublicHealthProductsAndServices": [
        "https://w3id.org/dpv/sector/health#DevelopPublicHealthProductsAndServices"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#EnsureQualitySafetyHealthcare": [
        "https://w3id.org/dpv/sector/health#EnsureQualitySafetyHealthcare"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#EnsureQualitySafetyMedicalDevices": [
        "https://w3id.org/dpv/sector/health#EnsureQualitySafetyMedicalDevices"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#EnsureQualitySafetyMedicinalProducts": [
        "https://w3id.org/dpv/sector/health#EnsureQualitySafetyMedicinalProducts"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#HealthcareScientificResearch": [
        "https://w3id.org/dpv/sector/health#HealthcareScientificResearch"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#ImproveHealthcare": [
        "https://w3id.org/dpv/sector/health#ImproveHealthcare"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#ImproveHealthcareEducation": [
        "https://w3id.org/dpv/sector/health#ImproveHealthcareEducation"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#MedicalDevicesDispensation": [
        "https://w3id.org/dpv/sector/health#MedicalDevicesDispensation"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#MedicalDevicesPrescription": [
        "https://w3id.org/dpv/sector/health#MedicalDevicesPrescription"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#MedicalDevicesProvision": [
        "https://w3id.org/dpv/sector/health#MedicalDevicesProvision"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#MedicinalProductsDispensation": [
        "https://w3id.org/dpv/sector/health#MedicinalProductsDispensation"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#MedicinalProductsPrescription": [
        "https://w3id.org/dpv/sector/health#MedicinalProductsPrescription"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#MedicinalProductsProvision": [
        "https://w3id.org/dpv/sector/health#MedicinalProductsProvision"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#ProtectAgainstCrossBorderThreatsToHealth": [
        "https://w3id.org/dpv/sector/health#ProtectAgainstCrossBorderThreatsToHealth"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#ProvideHealthcareOfficialStatistics": [
        "https://w3id.org/dpv/sector/health#ProvideHealthcareOfficialStatistics"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#PublicHealthSurveillance": [
        "https://w3id.org/dpv/sector/health#PublicHealthSurveillance"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#PublicInterestRelatedToHealth": [
        "https://w3id.org/dpv/sector/health#PublicInterestRelatedToHealth"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#PublicPolicyMaking": [
        "https://w3id.org/dpv/sector/health#PublicPolicyMaking"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#ReimbursementServicesProvision": [
        "https://w3id.org/dpv/sector/health#ReimbursementServicesProvision"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#SocialServicesProvision": [
        "https://w3id.org/dpv/sector/health#SocialServicesProvision"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#SupportAuthoritiesRegulatoryActivities": [
        "https://w3id.org/dpv/sector/health#SupportAuthoritiesRegulatoryActivities"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#TrainTestAndEvaluateAISystemsAlgorithms": [
        "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateAISystemsAlgorithms"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#TrainTestAndEvaluateHealthAlgorithms": [
        "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateHealthAlgorithms"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#TrainTestAndEvaluateHealthAppsAlgorithms": [
        "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateHealthAppsAlgorithms"
      ],
      "https://w3id.org/dpv/legal/eu/ehds#TrainTestAndEvaluateMedicalDevicesAlgorithms": [
        "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateMedicalDevicesAlgorithms"
      ]
    }
  },
  {
    "iri": "https://w3id.org/dpv/sector/education",
    "version": "2.3",
    "digest": "sha384:b653bc4eb877991c9eed3054fa58251358d6a7a25695c89ff319a027dd5effc9f1ebfc01a243aa5d98fd79f01aec4b5e",
    "terms": {
      "https://w3id.org/dpv/sector/education#AccessManagement": [
        "https://w3id.org/dpv/sector/education#EducationManagement"
      ],
      "https://w3id.org/dpv/sector/education#EducationManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv/sector/education#ResearchDataManagement": [
        "https://w3id.org/dpv/sector/education#ResearchManagement"
      ],
      "https://w3id.org/dpv/sector/education#ResearchIntegrityManagement": [
        "https://w3id.org/dpv#OrganisationRiskManagement",
        "https://w3id.org/dpv/sector/education#ResearchManagement"
      ],
      "https://w3id.org/dpv/sector/education#ResearchManagement": [
        "https://w3id.org/dpv#AcademicResearch",
        "https://w3id.org/dpv/sector/education#EducationManagement"
      ],
      "https://w3id.org/dpv/sector/education#ResearchUserStudyManagement": [
        "https://w3id.org/dpv/sector/education#ResearchManagement"
      ],
      "https://w3id.org/dpv/sector/education#ServiceProvision": [
        "https://w3id.org/dpv#ServiceProvision",
        "https://w3id.org/dpv/sector/education#EducationManagement"
      ],
      "https://w3id.org/dpv/sector/education#StaffManagement": [
        "https://w3id.org/dpv/sector/education#EducationManagement"
      ],
      "https://w3id.org/dpv/sector/education#StaffPerformanceAssessment": [
        "https://w3id.org/dpv#PersonnelPerformanceMonitoring",
        "https://w3id.org/dpv/sector/education#StaffManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentAcademicPotentialAssessment": [
        "https://w3id.org/dpv/sector/education#StudentPerformanceAssessment"
      ],
      "https://w3id.org/dpv/sector/education#StudentAdmissionManagement": [
        "https://w3id.org/dpv/sector/education#AccessManagement",
        "https://w3id.org/dpv/sector/education#StudentManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentAdmissionScreening": [
        "https://w3id.org/dpv/sector/education#StudentAdmissionManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentAllocation": [
        "https://w3id.org/dpv/sector/education#StudentManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentAssignmentAssessment": [
        "https://w3id.org/dpv/sector/education#StudentLearningOutcomeAssessment"
      ],
      "https://w3id.org/dpv/sector/education#StudentAttendanceManagement": [
        "https://w3id.org/dpv/sector/education#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/education#StudentCheatingAssessment": [
        "https://w3id.org/dpv#FraudPreventionAndDetection",
        "https://w3id.org/dpv/sector/education#StudentIntegrityManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentContentDelivery": [
        "https://w3id.org/dpv/sector/education#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/education#StudentCourseAllocation": [
        "https://w3id.org/dpv/sector/education#StudentAllocation"
      ],
      "https://w3id.org/dpv/sector/education#StudentCourseRecommendation": [
        "https://w3id.org/dpv/sector/education#StudentAdmissionManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentEligibilityAssessment": [
        "https://w3id.org/dpv/sector/education#StudentAdmissionManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentEnrolmentManagement": [
        "https://w3id.org/dpv/sector/education#StudentAdmissionManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentExamAssessment": [
        "https://w3id.org/dpv/sector/education#StudentLearningOutcomeAssessment"
      ],
      "https://w3id.org/dpv/sector/education#StudentFeesManagement": [
        "https://w3id.org/dpv/sector/education#StudentAdmissionManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentFinancialBenefitsManagement": [
        "https://w3id.org/dpv/sector/education#StudentAdmissionManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentGuidanceManagement": [
        "https://w3id.org/dpv/sector/education#StudentWellbeingManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentIdentityVerification": [
        "https://w3id.org/dpv#IdentityVerification",
        "https://w3id.org/dpv/sector/education#StudentIntegrityManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentInPersonProctoring": [
        "https://w3id.org/dpv/sector/education#StudentProctoring"
      ],
      "https://w3id.org/dpv/sector/education#StudentInstituteAllocation": [
        "https://w3id.org/dpv/sector/education#StudentAllocation"
      ],
      "https://w3id.org/dpv/sector/education#StudentInstituteRecommendation": [
        "https://w3id.org/dpv/sector/education#StudentAdmissionManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentIntegrityManagement": [
        "https://w3id.org/dpv#OrganisationRiskManagement",
        "https://w3id.org/dpv/sector/education#StudentManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentIntegrityTraining": [
        "https://w3id.org/dpv/sector/education#StudentIntegrityManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentLearningFeedbackManagement": [
        "https://w3id.org/dpv/sector/education#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/education#StudentLearningNeedsAssessment": [
        "https://w3id.org/dpv/sector/education#StudentPerformanceAssessment"
      ],
      "https://w3id.org/dpv/sector/education#StudentLearningOutcomeAssessment": [
        "https://w3id.org/dpv/sector/education#StudentPerformanceAssessment"
      ],
      "https://w3id.org/dpv/sector/education#StudentManagement": [
        "https://w3id.org/dpv/sector/education#EducationManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentMisconductInvestigation": [
        "https://w3id.org/dpv/sector/education#StudentIntegrityManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentOnlineProctoring": [
        "https://w3id.org/dpv/sector/education#StudentProctoring"
      ],
      "https://w3id.org/dpv/sector/education#StudentPerformanceAssessment": [
        "https://w3id.org/dpv/sector/education#StudentManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentPerformanceManagement": [
        "https://w3id.org/dpv/sector/education#StudentManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentPerformanceMonitoring": [
        "https://w3id.org/dpv/sector/education#StudentManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentPersonalisedContentDelivery": [
        "https://w3id.org/dpv#Personalisation",
        "https://w3id.org/dpv/sector/education#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/education#StudentPlagiarismDetection": [
        "https://w3id.org/dpv#FraudPreventionAndDetection",
        "https://w3id.org/dpv/sector/education#StudentIntegrityManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentProctoring": [
        "https://w3id.org/dpv/sector/education#StudentCheatingAssessment"
      ],
      "https://w3id.org/dpv/sector/education#StudentProgramAllocation": [
        "https://w3id.org/dpv/sector/education#StudentAllocation"
      ],
      "https://w3id.org/dpv/sector/education#StudentProgramRecommendation": [
        "https://w3id.org/dpv/sector/education#StudentAdmissionManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentResourceAccessManagement": [
        "https://w3id.org/dpv/sector/education#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/education#StudentSocialActivitiesManagement": [
        "https://w3id.org/dpv/sector/education#StudentManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentSpecialNeedsManagement": [
        "https://w3id.org/dpv/sector/education#StudentAdmissionManagement"
      ],
      "https://w3id.org/dpv/sector/education#StudentWellbeingManagement": [
        "https://w3id.org/dpv/sector/education#StudentManagement"
      ]
    }
  },
  {
    "iri": "https://w3id.org/dpv/sector/finance",
    "version": "2.3",
    "digest": "sha384:cca118672424ed2f0f26ff42476b07558b495562e949b4ee45a297fd912cfb694d09d1976039611c8c6e70024761f7d2",
    "terms": {
      "https://w3id.org/dpv/sector/finance#AccountManagement": [
        "https://w3id.org/dpv/sector/finance#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/finance#AntiMoneyLaunderingCompliance": [
        "https://w3id.org/dpv/sector/finance#AntiMoneyLaunderingManagement",
        "https://w3id.org/dpv/sector/finance#RegulatoryCompliance"
      ],
      "https://w3id.org/dpv/sector/finance#AntiMoneyLaunderingManagement": [
        "https://w3id.org/dpv/sector/finance#FraudManagement"
      ],
      "https://w3id.org/dpv/sector/finance#BudgetPlanningAssistance": [
        "https://w3id.org/dpv/sector/finance#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/finance#CreditChecking": [
        "https://w3id.org/dpv/sector/finance#FinancialServiceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#CreditHistoryEvaluation": [
        "https://w3id.org/dpv/sector/finance#CreditChecking"
      ],
      "https://w3id.org/dpv/sector/finance#CreditLimitDetermination": [
        "https://w3id.org/dpv/sector/finance#CreditChecking"
      ],
      "https://w3id.org/dpv/sector/finance#CreditScoreEvaluation": [
        "https://w3id.org/dpv/sector/finance#CreditChecking"
      ],
      "https://w3id.org/dpv/sector/finance#CustomerDueDiligence": [
        "https://w3id.org/dpv/sector/finance#RegulatoryCompliance"
      ],
      "https://w3id.org/dpv/sector/finance#DebtManagement": [
        "https://w3id.org/dpv/sector/finance#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/finance#ExpenseManagement": [
        "https://w3id.org/dpv/sector/finance#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/finance#FinancialServiceManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv/sector/finance#FraudManagement": [
        "https://w3id.org/dpv#FraudPreventionAndDetection",
        "https://w3id.org/dpv/sector/finance#FinancialServiceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#IdentityFraudManagement": [
        "https://w3id.org/dpv/sector/finance#FraudManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InstabilityRiskAssessment": [
        "https://w3id.org/dpv/sector/finance#CreditChecking"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceClaimDisputeResolution": [
        "https://w3id.org/dpv/sector/finance#InsuranceClaimsManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceClaimEligibilityAssessment": [
        "https://w3id.org/dpv#FraudPreventionAndDetection",
        "https://w3id.org/dpv/sector/finance#InsuranceClaimsManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceClaimFraudManagement": [
        "https://w3id.org/dpv/sector/finance#InsuranceClaimsManagement",
        "https://w3id.org/dpv/sector/finance#InsuranceFraudManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceClaimPayoutAssessment": [
        "https://w3id.org/dpv/sector/finance#InsuranceClaimsManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceClaimsManagement": [
        "https://w3id.org/dpv/sector/finance#InsuranceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceCoverageAssessment": [
        "https://w3id.org/dpv/sector/finance#InsuranceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceEligibilityAssessment": [
        "https://w3id.org/dpv/sector/finance#InsuranceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceFraudManagement": [
        "https://w3id.org/dpv#FraudPreventionAndDetection",
        "https://w3id.org/dpv/sector/finance#InsuranceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceIdentityFraudManagement": [
        "https://w3id.org/dpv/sector/finance#InsuranceFraudManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv/sector/finance#InsurancePersonalisedPricingManagement": [
        "https://w3id.org/dpv#ServicePersonalisation",
        "https://w3id.org/dpv/sector/finance#InsuranceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsurancePricingManagement": [
        "https://w3id.org/dpv/sector/finance#InsuranceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InsuranceRiskAssessment": [
        "https://w3id.org/dpv#FraudPreventionAndDetection",
        "https://w3id.org/dpv/sector/finance#InsuranceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#InvestmentManagement": [
        "https://w3id.org/dpv/sector/finance#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/finance#LoanServiceProvision": [
        "https://w3id.org/dpv/sector/finance#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/finance#MaintainCreditCheckingDatabase": [
        "https://w3id.org/dpv/sector/finance#CreditChecking"
      ],
      "https://w3id.org/dpv/sector/finance#MaintainCreditRatingDatabase": [
        "https://w3id.org/dpv/sector/finance#CreditChecking"
      ],
      "https://w3id.org/dpv/sector/finance#PaymentProcessing": [
        "https://w3id.org/dpv/sector/finance#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/finance#PersonalisedServiceProvision": [
        "https://w3id.org/dpv#ServicePersonalisation",
        "https://w3id.org/dpv/sector/finance#FinancialServiceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#PhishingAttackManagement": [
        "https://w3id.org/dpv/sector/finance#FraudManagement"
      ],
      "https://w3id.org/dpv/sector/finance#ProductRecommendation": [
        "https://w3id.org/dpv/sector/finance#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/finance#RegulatoryCompliance": [
        "https://w3id.org/dpv#LegalCompliance",
        "https://w3id.org/dpv/sector/finance#FinancialServiceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#ServiceImprovement": [
        "https://w3id.org/dpv#ServiceOptimisation",
        "https://w3id.org/dpv/sector/finance#FinancialServiceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#ServiceProvision": [
        "https://w3id.org/dpv#ServiceProvision",
        "https://w3id.org/dpv/sector/finance#FinancialServiceManagement"
      ],
      "https://w3id.org/dpv/sector/finance#TaxReportingCompliance": [
        "https://w3id.org/dpv/sector/finance#RegulatoryCompliance"
      ],
      "https://w3id.org/dpv/sector/finance#TransactionFraudManagement": [
        "https://w3id.org/dpv/sector/finance#FraudManagement"
      ],
      "https://w3id.org/dpv/sector/finance#TransactionReportingCompliance": [
        "https://w3id.org/dpv/sector/finance#RegulatoryCompliance"
      ],
      "https://w3id.org/dpv/sector/finance#WealthManagement": [
        "https://w3id.org/dpv/sector/finance#ServiceProvision"
      ]
    }
  },
  {
    "iri": "https://w3id.org/dpv/sector/health",
    "version": "2.3",
    "digest": "sha384:7f75b886c04ddfe5d9795d14adb37758927ad236d8721d8d0b77cfd21a84cdf871116f730fc28e1e7c5fb69d542d1cf2",
    "terms": {
      "https://w3id.org/dpv/sector/health#AccessManagement": [
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#AdministrativeServicesProvision": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#AppointmentScheduling": [
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#ConsultationManagement": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#CrisisManagement": [
        "https://w3id.org/dpv#ImproveHealthcare",
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#DevelopPublicHealthProductsAndServices": [
        "https://w3id.org/dpv#ResearchAndDevelopment"
      ],
      "https://w3id.org/dpv/sector/health#DevelopSocialSecurityProductsAndServices": [
        "https://w3id.org/dpv#ResearchAndDevelopment"
      ],
      "https://w3id.org/dpv/sector/health#DiagnosisManagement": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#DiagnosticOptimisation": [
        "https://w3id.org/dpv#ServiceOptimisation",
        "https://w3id.org/dpv/sector/health#Optimisation"
      ],
      "https://w3id.org/dpv/sector/health#DisasterReliefManagement": [
        "https://w3id.org/dpv/sector/health#CrisisManagement"
      ],
      "https://w3id.org/dpv/sector/health#DiseasePreventionAwareness": [
        "https://w3id.org/dpv/sector/health#PreventativeCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#DispensationManagement": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#EffectivenessAssessment": [
        "https://w3id.org/dpv/sector/health#ResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/health#ElectronicRecordsManagement": [
        "https://w3id.org/dpv/sector/health#PatientInformationManagement"
      ],
      "https://w3id.org/dpv/sector/health#EligibilityAssessment": [
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#EmergencyCareCommunication": [
        "https://w3id.org/dpv/sector/health#EmergencyCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#EmergencyCareDispatch": [
        "https://w3id.org/dpv/sector/health#EmergencyCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#EmergencyCareEligibilityAssessment": [
        "https://w3id.org/dpv/sector/health#EmergencyCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#EmergencyCareManagement": [
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#EmergencyCareTriage": [
        "https://w3id.org/dpv/sector/health#EmergencyCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#EnsureQualitySafetyHealthcare": [
        "https://w3id.org/dpv/sector/health#PublicInterestRelatedToHealth"
      ],
      "https://w3id.org/dpv/sector/health#EnsureQualitySafetyMedicalDevices": [
        "https://w3id.org/dpv/sector/health#PublicInterestRelatedToHealth"
      ],
      "https://w3id.org/dpv/sector/health#EnsureQualitySafetyMedicinalProducts": [
        "https://w3id.org/dpv/sector/health#PublicInterestRelatedToHealth"
      ],
      "https://w3id.org/dpv/sector/health#FitnessNutritionAwareness": [
        "https://w3id.org/dpv/sector/health#PreventativeCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#FraudPreventionDetection": [
        "https://w3id.org/dpv#FraudPreventionAndDetection",
        "https://w3id.org/dpv/sector/health#SecurityManagement"
      ],
      "https://w3id.org/dpv/sector/health#GeneticConditionDiagnosis": [
        "https://w3id.org/dpv/sector/health#DiagnosisManagement"
      ],
      "https://w3id.org/dpv/sector/health#HealthInequalityAnalysis": [
        "https://w3id.org/dpv/sector/health#ResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/health#HealthInsuranceManagement": [
        "https://w3id.org/dpv/sector/health#InsuranceManagement"
      ],
      "https://w3id.org/dpv/sector/health#HealthTrendAnalysis": [
        "https://w3id.org/dpv/sector/health#ResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/health#HealthcareManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv/sector/health#HealthcareScientificResearch": [
        "https://w3id.org/dpv#ScientificResearch"
      ],
      "https://w3id.org/dpv/sector/health#HealthcareServiceManagement": [
        "https://w3id.org/dpv/sector/health#HealthcareManagement"
      ],
      "https://w3id.org/dpv/sector/health#HomeCareManagement": [
        "https://w3id.org/dpv/sector/health#PrimaryCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#IdentityFraudManagement": [
        "https://w3id.org/dpv/sector/health#FraudPreventionDetection"
      ],
      "https://w3id.org/dpv/sector/health#ImproveHealthcare": [
        "https://w3id.org/dpv#ImproveHealthcare"
      ],
      "https://w3id.org/dpv/sector/health#ImproveHealthcareEducation": [
        "https://w3id.org/dpv#ImprovePublicServices"
      ],
      "https://w3id.org/dpv/sector/health#InsuranceClaimFraudManagement": [
        "https://w3id.org/dpv/sector/health#FraudPreventionDetection"
      ],
      "https://w3id.org/dpv/sector/health#InsuranceManagement": [
        "https://w3id.org/dpv/sector/health#HealthcareManagement"
      ],
      "https://w3id.org/dpv/sector/health#LifeInsuranceManagement": [
        "https://w3id.org/dpv/sector/health#InsuranceManagement"
      ],
      "https://w3id.org/dpv/sector/health#MedicalConditionDiagnosis": [
        "https://w3id.org/dpv/sector/health#DiagnosisManagement"
      ],
      "https://w3id.org/dpv/sector/health#MedicalDevicesDispensation": [
        "https://w3id.org/dpv/sector/health#DispensationManagement"
      ],
      "https://w3id.org/dpv/sector/health#MedicalDevicesPrescription": [
        "https://w3id.org/dpv/sector/health#PrescriptionManagement"
      ],
      "https://w3id.org/dpv/sector/health#MedicalDevicesProvision": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#MedicalResourceOptimisation": [
        "https://w3id.org/dpv/sector/health#Optimisation"
      ],
      "https://w3id.org/dpv/sector/health#MedicinalProductsDispensation": [
        "https://w3id.org/dpv/sector/health#DispensationManagement"
      ],
      "https://w3id.org/dpv/sector/health#MedicinalProductsPrescription": [
        "https://w3id.org/dpv/sector/health#PrescriptionManagement"
      ],
      "https://w3id.org/dpv/sector/health#MedicinalProductsProvision": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#MentalHealthAwareness": [
        "https://w3id.org/dpv/sector/health#PreventativeCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#MentalHealthConditionDiagnosis": [
        "https://w3id.org/dpv/sector/health#DiagnosisManagement"
      ],
      "https://w3id.org/dpv/sector/health#Optimisation": [
        "https://w3id.org/dpv#ImproveHealthcare",
        "https://w3id.org/dpv/sector/health#HealthcareManagement"
      ],
      "https://w3id.org/dpv/sector/health#PandemicResponseManagement": [
        "https://w3id.org/dpv/sector/health#CrisisManagement"
      ],
      "https://w3id.org/dpv/sector/health#PatientChronicConditionMonitoring": [
        "https://w3id.org/dpv/sector/health#PatientMonitoring"
      ],
      "https://w3id.org/dpv/sector/health#PatientConsentManagement": [
        "https://w3id.org/dpv/sector/health#PatientInformationManagement"
      ],
      "https://w3id.org/dpv/sector/health#PatientInformationManagement": [
        "https://w3id.org/dpv/sector/health#ResourceManagement"
      ],
      "https://w3id.org/dpv/sector/health#PatientIntensiveCareMonitoring": [
        "https://w3id.org/dpv/sector/health#PatientMonitoring"
      ],
      "https://w3id.org/dpv/sector/health#PatientMonitoring": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#PatientPostTreatmentMonitoring": [
        "https://w3id.org/dpv/sector/health#PatientMonitoring"
      ],
      "https://w3id.org/dpv/sector/health#PatientRemoteMonitoring": [
        "https://w3id.org/dpv/sector/health#PatientMonitoring"
      ],
      "https://w3id.org/dpv/sector/health#PatientTreatmentEffectivenessMonitoring": [
        "https://w3id.org/dpv/sector/health#PatientMonitoring"
      ],
      "https://w3id.org/dpv/sector/health#PatientTreatmentOutcomeAnalysis": [
        "https://w3id.org/dpv/sector/health#PatientMonitoring"
      ],
      "https://w3id.org/dpv/sector/health#PersonalisedHealthcare": [
        "https://w3id.org/dpv#ImproveHealthcare",
        "https://w3id.org/dpv#Personalisation"
      ],
      "https://w3id.org/dpv/sector/health#PopulationHealthAnalysis": [
        "https://w3id.org/dpv/sector/health#ResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/health#PredictiveHealthRiskAnalysis": [
        "https://w3id.org/dpv/sector/health#ResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/health#PrescriptionManagement": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#PreventativeCareManagement": [
        "https://w3id.org/dpv#ImproveHealthcare",
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#PrimaryCareManagement": [
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#ProtectAgainstCrossBorderThreatsToHealth": [
        "https://w3id.org/dpv/sector/health#PublicInterestRelatedToHealth"
      ],
      "https://w3id.org/dpv/sector/health#ProvideHealthcareOfficialStatistics": [
        "https://w3id.org/dpv#ProvideOfficialStatistics"
      ],
      "https://w3id.org/dpv/sector/health#ProvidersDataSharing": [
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#PublicHealthMonitoring": [
        "https://w3id.org/dpv/sector/health#PreventativeCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#PublicHealthSurveillance": [
        "https://w3id.org/dpv/sector/health#PublicInterestRelatedToHealth"
      ],
      "https://w3id.org/dpv/sector/health#PublicInterestRelatedToHealth": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv/sector/health#PublicPolicyMaking": [
        "https://w3id.org/dpv#PublicPolicyMaking"
      ],
      "https://w3id.org/dpv/sector/health#ReferralManagement": [
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#ReimbursementServicesProvision": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#ResearchDevelopment": [
        "https://w3id.org/dpv#ImproveHealthcare",
        "https://w3id.org/dpv#ResearchAndDevelopment",
        "https://w3id.org/dpv/sector/health#HealthcareManagement"
      ],
      "https://w3id.org/dpv/sector/health#ResourceManagement": [
        "https://w3id.org/dpv/sector/health#HealthcareManagement"
      ],
      "https://w3id.org/dpv/sector/health#SecondMedicalOpinion": [
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#SecurityManagement": [
        "https://w3id.org/dpv#OrganisationRiskManagement",
        "https://w3id.org/dpv/sector/health#HealthcareManagement"
      ],
      "https://w3id.org/dpv/sector/health#ServiceBillingFraudManagement": [
        "https://w3id.org/dpv/sector/health#FraudPreventionDetection"
      ],
      "https://w3id.org/dpv/sector/health#ServiceProvision": [
        "https://w3id.org/dpv#ServiceProvision",
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#SocialServicesProvision": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ],
      "https://w3id.org/dpv/sector/health#SpecialisedCareManagement": [
        "https://w3id.org/dpv/sector/health#HealthcareServiceManagement"
      ],
      "https://w3id.org/dpv/sector/health#SupportAuthoritiesRegulatoryActivities": [
        "https://w3id.org/dpv#LegalCompliance"
      ],
      "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateAISystemsAlgorithms": [
        "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateHealthAlgorithms"
      ],
      "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateHealthAlgorithms": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateHealthAppsAlgorithms": [
        "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateHealthAlgorithms"
      ],
      "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateMedicalDevicesAlgorithms": [
        "https://w3id.org/dpv/sector/health#TrainTestAndEvaluateHealthAlgorithms"
      ],
      "https://w3id.org/dpv/sector/health#TreatmentOptimisation": [
        "https://w3id.org/dpv#ServiceOptimisation",
        "https://w3id.org/dpv/sector/health#Optimisation"
      ],
      "https://w3id.org/dpv/sector/health#VaccinationManagement": [
        "https://w3id.org/dpv/sector/health#PreventativeCareManagement"
      ],
      "https://w3id.org/dpv/sector/health#WorkforceManagement": [
        "https://w3id.org/dpv/sector/health#HealthcareManagement"
      ]
    }
  },
  {
    "iri": "https://w3id.org/dpv/sector/infra",
    "version": "2.3",
    "digest": "sha384:6790edebc9a88e8acaf30ba49fd2da393a0fe66bc9761972c518308444536323d5bb45b013fcbb8657a3e366f862bdde",
    "terms": {
      "https://w3id.org/dpv/sector/infra#AviationInfrastructureManagement": [
        "https://w3id.org/dpv/sector/infra#TransportManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalCommunicationManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalInfrastructureManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalDigitalInfrastructureManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalInfrastructureManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalElectricityManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalEnergyManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseCommunicationManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseDispatchManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseEligibilityAssessment": [
        "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalInfrastructureManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseTriage": [
        "https://w3id.org/dpv/sector/infra#CriticalEmergencyResponseManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalEnergyManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalInfrastructureManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalGasManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalEnergyManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalHeatingManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalInfrastructureManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalInfrastructureManagement": [
        "https://w3id.org/dpv/sector/infra#InfrastructureManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalWasteManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalInfrastructureManagement"
      ],
      "https://w3id.org/dpv/sector/infra#CriticalWaterManagement": [
        "https://w3id.org/dpv/sector/infra#CriticalInfrastructureManagement"
      ],
      "https://w3id.org/dpv/sector/infra#InfrastructureManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportComplaintManagement": [
        "https://w3id.org/dpv/sector/infra#PublicTransportManagement"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportDemandForecasting": [
        "https://w3id.org/dpv/sector/infra#PublicTransportResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportFraudManagement": [
        "https://w3id.org/dpv#PublicBenefit",
        "https://w3id.org/dpv/sector/infra#PublicTransportManagement"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportManagement": [
        "https://w3id.org/dpv#PublicBenefit",
        "https://w3id.org/dpv/sector/infra#TransportManagement"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportPassengerFlowAnalysis": [
        "https://w3id.org/dpv/sector/infra#PublicTransportResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportPerformanceAnalysis": [
        "https://w3id.org/dpv/sector/infra#PublicTransportResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportResearchDevelopment": [
        "https://w3id.org/dpv#PublicBenefit",
        "https://w3id.org/dpv#ResearchAndDevelopment",
        "https://w3id.org/dpv/sector/infra#PublicTransportManagement"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportSafetyManagement": [
        "https://w3id.org/dpv#PublicBenefit",
        "https://w3id.org/dpv/sector/infra#PublicTransportManagement"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportServiceProvision": [
        "https://w3id.org/dpv/sector/infra#PublicTransportManagement"
      ],
      "https://w3id.org/dpv/sector/infra#PublicTransportTicketManagement": [
        "https://w3id.org/dpv/sector/infra#PublicTransportServiceProvision"
      ],
      "https://w3id.org/dpv/sector/infra#RailTransportManagement": [
        "https://w3id.org/dpv/sector/infra#TransportManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadAccidentAnalysis": [
        "https://w3id.org/dpv/sector/infra#RoadResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/infra#RoadAccidentMonitoring": [
        "https://w3id.org/dpv/sector/infra#RoadSafetyMonitoring"
      ],
      "https://w3id.org/dpv/sector/infra#RoadConditionMonitoring": [
        "https://w3id.org/dpv/sector/infra#RoadSafetyMonitoring"
      ],
      "https://w3id.org/dpv/sector/infra#RoadEmergencyResponseManagement": [
        "https://w3id.org/dpv/sector/infra#RoadManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadEmergencyRouteManagement": [
        "https://w3id.org/dpv/sector/infra#RoadEmergencyResponseManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadEmergencySceneManagement": [
        "https://w3id.org/dpv/sector/infra#RoadEmergencyResponseManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadEnvironmentalImpactAnalysis": [
        "https://w3id.org/dpv/sector/infra#RoadResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/infra#RoadInfrastructureManagement": [
        "https://w3id.org/dpv/sector/infra#TransportManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadInfrastructurePlanning": [
        "https://w3id.org/dpv#PublicBenefit",
        "https://w3id.org/dpv#ResearchAndDevelopment",
        "https://w3id.org/dpv/sector/infra#RoadResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/infra#RoadMaintenanceScheduling": [
        "https://w3id.org/dpv/sector/infra#RoadManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadManagement": [
        "https://w3id.org/dpv/sector/infra#RoadInfrastructureManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadPedestrianSafetyMonitoring": [
        "https://w3id.org/dpv/sector/infra#RoadSafetyMonitoring"
      ],
      "https://w3id.org/dpv/sector/infra#RoadResearchDevelopment": [
        "https://w3id.org/dpv/sector/infra#RoadManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadSafetyMonitoring": [
        "https://w3id.org/dpv/sector/infra#RoadManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadSchoolZoneSafetyMonitoring": [
        "https://w3id.org/dpv/sector/infra#RoadSafetyMonitoring"
      ],
      "https://w3id.org/dpv/sector/infra#RoadTollCollection": [
        "https://w3id.org/dpv/sector/infra#RoadTollManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadTollManagement": [
        "https://w3id.org/dpv/sector/infra#RoadManagement"
      ],
      "https://w3id.org/dpv/sector/infra#RoadTrafficAnalysis": [
        "https://w3id.org/dpv/sector/infra#RoadResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/infra#RoadTrafficManagement": [
        "https://w3id.org/dpv/sector/infra#RoadManagement"
      ],
      "https://w3id.org/dpv/sector/infra#TransportManagement": [
        "https://w3id.org/dpv/sector/infra#InfrastructureManagement"
      ]
    }
  },
  {
    "iri": "https://w3id.org/dpv/sector/law",
    "version": "2.3",
    "digest": "sha384:12e96eec742032ca9625c09cc1c3ea47eadc6a988e0f42bb918a1fe197679862eb4091592d77ae5ed1911a33a37bbb2c",
    "terms": {
      "https://w3id.org/dpv/sector/law#CrimeArrestDetention": [
        "https://w3id.org/dpv/sector/law#CriminalLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#CrimeDetection": [
        "https://w3id.org/dpv/sector/law#CriminalLawEnforcement",
        "https://w3id.org/dpv/sector/law#LegalOffenceDetection"
      ],
      "https://w3id.org/dpv/sector/law#CrimeInvestigation": [
        "https://w3id.org/dpv/sector/law#CriminalLawEnforcement",
        "https://w3id.org/dpv/sector/law#LegalInvestigation"
      ],
      "https://w3id.org/dpv/sector/law#CrimeProsecution": [
        "https://w3id.org/dpv/sector/law#CriminalLawEnforcement",
        "https://w3id.org/dpv/sector/law#LegalOffenceProsecution"
      ],
      "https://w3id.org/dpv/sector/law#CrimeSurveillance": [
        "https://w3id.org/dpv/sector/law#CriminalLawEnforcement",
        "https://w3id.org/dpv/sector/law#LegalOffenceSurveillance"
      ],
      "https://w3id.org/dpv/sector/law#CrimeVictimCounsellingManagement": [
        "https://w3id.org/dpv/sector/law#CrimeVictimSafetyManagement"
      ],
      "https://w3id.org/dpv/sector/law#CrimeVictimPrediction": [
        "https://w3id.org/dpv/sector/law#CrimeVictimSafetyManagement"
      ],
      "https://w3id.org/dpv/sector/law#CrimeVictimRestitutionSupport": [
        "https://w3id.org/dpv/sector/law#CrimeVictimSafetyManagement"
      ],
      "https://w3id.org/dpv/sector/law#CrimeVictimSafetyAssessment": [
        "https://w3id.org/dpv/sector/law#CrimeVictimSafetyManagement"
      ],
      "https://w3id.org/dpv/sector/law#CrimeVictimSafetyManagement": [
        "https://w3id.org/dpv/sector/law#CriminalLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#CrimeVictimSafetyProvision": [
        "https://w3id.org/dpv/sector/law#CrimeVictimSafetyManagement"
      ],
      "https://w3id.org/dpv/sector/law#CriminalBehaviourDetection": [
        "https://w3id.org/dpv/sector/law#CrimeDetection"
      ],
      "https://w3id.org/dpv/sector/law#CriminalLawEnforcement": [
        "https://w3id.org/dpv/sector/law#LawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationApplicationAssessment": [
        "https://w3id.org/dpv/sector/law#ImmigrationApplicationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationApplicationCollection": [
        "https://w3id.org/dpv/sector/law#ImmigrationApplicationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationApplicationManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationRequestManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationApplicationScreening": [
        "https://w3id.org/dpv/sector/law#ImmigrationApplicationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationAsylumManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationBorderControlManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationSecurityManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationBorderDocumentVerification": [
        "https://w3id.org/dpv/sector/law#ImmigrationBorderControlManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationBorderIdentityVerification": [
        "https://w3id.org/dpv/sector/law#ImmigrationBorderControlManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationClaimVerification": [
        "https://w3id.org/dpv/sector/law#ImmigrationRequestManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationComplaintManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationDecisionCommunication": [
        "https://w3id.org/dpv/sector/law#ImmigrationRequestManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationDocumentVerification": [
        "https://w3id.org/dpv/sector/law#ImmigrationRequestManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationEligibilityAssessment": [
        "https://w3id.org/dpv/sector/law#ImmigrationRequestManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationExpiredPermitManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationSecurityManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationFraudManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationSecurityManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationHealthRiskDetection": [
        "https://w3id.org/dpv/sector/law#ImmigrationHealthRiskManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationHealthRiskManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationSecurityManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationHealthRiskPrediction": [
        "https://w3id.org/dpv/sector/law#ImmigrationHealthRiskManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationIdentityVerification": [
        "https://w3id.org/dpv#IdentityVerification",
        "https://w3id.org/dpv/sector/law#ImmigrationRequestManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationManagement": [
        "https://w3id.org/dpv/sector/law#JusticeManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationMigrationManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationRequestManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationResidencyPermitManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationSecurityManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationTransitPermitManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationVisaManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#ImmigrationWorkAuthorisationManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#JudicialCaseManagement": [
        "https://w3id.org/dpv/sector/law#JudicialSystemManagement"
      ],
      "https://w3id.org/dpv/sector/law#JudicialDecisionMaking": [
        "https://w3id.org/dpv/sector/law#JudicialSystemManagement"
      ],
      "https://w3id.org/dpv/sector/law#JudicialDisputeManagement": [
        "https://w3id.org/dpv/sector/law#JudicialSystemManagement"
      ],
      "https://w3id.org/dpv/sector/law#JudicialLegalInterpretation": [
        "https://w3id.org/dpv/sector/law#JudicialSystemManagement"
      ],
      "https://w3id.org/dpv/sector/law#JudicialRecordKeeping": [
        "https://w3id.org/dpv/sector/law#JudicialSystemManagement"
      ],
      "https://w3id.org/dpv/sector/law#JudicialSystemManagement": [
        "https://w3id.org/dpv/sector/law#JusticeManagement"
      ],
      "https://w3id.org/dpv/sector/law#JusticeManagement": [
        "https://w3id.org/dpv#Purpose"
      ],
      "https://w3id.org/dpv/sector/law#LawEnforcement": [
        "https://w3id.org/dpv/sector/law#JusticeManagement"
      ],
      "https://w3id.org/dpv/sector/law#LegalAidProvision": [
        "https://w3id.org/dpv/sector/law#JudicialSystemManagement"
      ],
      "https://w3id.org/dpv/sector/law#LegalComplaintManagement": [
        "https://w3id.org/dpv/sector/law#JudicialSystemManagement"
      ],
      "https://w3id.org/dpv/sector/law#LegalEvidenceCollection": [
        "https://w3id.org/dpv/sector/law#LegalInvestigation"
      ],
      "https://w3id.org/dpv/sector/law#LegalEvidenceEligibilityAssessment": [
        "https://w3id.org/dpv/sector/law#LegalInvestigation"
      ],
      "https://w3id.org/dpv/sector/law#LegalEvidenceInterpretation": [
        "https://w3id.org/dpv/sector/law#LegalInvestigation"
      ],
      "https://w3id.org/dpv/sector/law#LegalFirstOffencePrediction": [
        "https://w3id.org/dpv/sector/law#LegalOffencePrediction"
      ],
      "https://w3id.org/dpv/sector/law#LegalInstitutionalManagement": [
        "https://w3id.org/dpv/sector/law#JusticeManagement"
      ],
      "https://w3id.org/dpv/sector/law#LegalInterrogation": [
        "https://w3id.org/dpv/sector/law#LegalInvestigation"
      ],
      "https://w3id.org/dpv/sector/law#LegalInvestigation": [
        "https://w3id.org/dpv/sector/law#LawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#LegalOffenceDetection": [
        "https://w3id.org/dpv/sector/law#LawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#LegalOffencePatternAnalysis": [
        "https://w3id.org/dpv/sector/law#LegalResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/law#LegalOffencePrediction": [
        "https://w3id.org/dpv/sector/law#LegalResearchDevelopment"
      ],
      "https://w3id.org/dpv/sector/law#LegalOffenceProsecution": [
        "https://w3id.org/dpv/sector/law#LawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#LegalOffenceSurveillance": [
        "https://w3id.org/dpv/sector/law#LawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#LegalRepeatOffencePrediction": [
        "https://w3id.org/dpv/sector/law#LegalOffencePrediction"
      ],
      "https://w3id.org/dpv/sector/law#LegalResearchDevelopment": [
        "https://w3id.org/dpv/sector/law#LawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#LegalSuspectedOffenceInvestigation": [
        "https://w3id.org/dpv/sector/law#LegalInvestigation"
      ],
      "https://w3id.org/dpv/sector/law#PrisonManagement": [
        "https://w3id.org/dpv/sector/law#LegalInstitutionalManagement"
      ],
      "https://w3id.org/dpv/sector/law#ProbationManagement": [
        "https://w3id.org/dpv/sector/law#LegalInstitutionalManagement"
      ],
      "https://w3id.org/dpv/sector/law#PublicTransportFraudManagement": [
        "https://w3id.org/dpv/sector/law#PublicTransportLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#PublicTransportLawEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#PublicTransportSafetyMonitoring": [
        "https://w3id.org/dpv/sector/law#PublicTransportLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#PublicTransportViolationDetection": [
        "https://w3id.org/dpv/sector/law#PublicTransportLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RecidivismPrediction": [
        "https://w3id.org/dpv/sector/law#LegalRepeatOffencePrediction"
      ],
      "https://w3id.org/dpv/sector/law#RehabilitationManagement": [
        "https://w3id.org/dpv/sector/law#LegalInstitutionalManagement"
      ],
      "https://w3id.org/dpv/sector/law#RoadDUIEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficRuleEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadParkingEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficRuleEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadSpeedLimitEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficRuleEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadTollViolationDetection": [
        "https://w3id.org/dpv/sector/infra#RoadTollManagement",
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement": [
        "https://w3id.org/dpv/sector/law#TransportLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadTrafficLawViolationCommunication": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadTrafficLawViolationDetection": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadTrafficLawViolationFineAssessment": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadTrafficLawViolationFineCollection": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadTrafficRuleEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadTrafficSignalEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficRuleEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadVehicleCertificationEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadVehicleEmissionEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadVehicleInsuranceEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#RoadVehicleRegistrationEnforcement": [
        "https://w3id.org/dpv/sector/law#RoadTrafficLawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#SuspectedCrimeInvestigation": [
        "https://w3id.org/dpv/sector/law#CriminalLawEnforcement",
        "https://w3id.org/dpv/sector/law#LegalSuspectedOffenceInvestigation"
      ],
      "https://w3id.org/dpv/sector/law#SuspectedCriminalBehaviourDetection": [
        "https://w3id.org/dpv/sector/law#CrimeDetection",
        "https://w3id.org/dpv/sector/law#LegalSuspectedOffenceInvestigation"
      ],
      "https://w3id.org/dpv/sector/law#TransportLawEnforcement": [
        "https://w3id.org/dpv/sector/law#LawEnforcement"
      ],
      "https://w3id.org/dpv/sector/law#UnauthorisedMigrationDetection": [
        "https://w3id.org/dpv/sector/law#UnauthorisedMigrationManagement"
      ],
      "https://w3id.org/dpv/sector/law#UnauthorisedMigrationManagement": [
        "https://w3id.org/dpv/sector/law#ImmigrationSecurityManagement"
      ],
      "https://w3id.org/dpv/sector/law#UnauthorisedMigrationPrediction": [
        "https://w3id.org/dpv/sector/law#UnauthorisedMigrationManagement"
      ]
    }
  },
  {
    "iri": "https://w3id.org/dpv/sector/publicservices",
    "version": "2.3",
    "digest": "sha384:4327eec923e778fdbd4a8aa02f6c19686725c58d8475e2da5eb0aad775773713ef79c673c3789905bd0d51b4dccd220f",
    "terms": {
      "https://w3id.org/dpv/sector/publicservices#HousingWelfareManagement": [
        "https://w3id.org/dpv/sector/publicservices#SocialAssistanceManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#PublicServiceDistributionManagement": [
        "https://w3id.org/dpv/sector/publicservices#PublicServiceProvision"
      ],
      "https://w3id.org/dpv/sector/publicservices#PublicServiceEligibilityAssessment": [
        "https://w3id.org/dpv/sector/publicservices#PublicServiceManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#PublicServiceFraudPreventionDetection": [
        "https://w3id.org/dpv#FraudPreventionAndDetection",
        "https://w3id.org/dpv/sector/publicservices#PublicServiceManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#PublicServiceManagement": [
        "https://w3id.org/dpv#PublicBenefit"
      ],
      "https://w3id.org/dpv/sector/publicservices#PublicServiceProvision": [
        "https://w3id.org/dpv#ServiceProvision",
        "https://w3id.org/dpv/sector/publicservices#PublicServiceManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#SocialAssistanceManagement": [
        "https://w3id.org/dpv/sector/publicservices#SocialWelfareManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#SocialInsuranceManagement": [
        "https://w3id.org/dpv/sector/publicservices#SocialAssistanceManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#SocialSecurityManagement": [
        "https://w3id.org/dpv/sector/publicservices#SocialAssistanceManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#SocialWelfareDistributionManagement": [
        "https://w3id.org/dpv/sector/publicservices#SocialWelfareProvision"
      ],
      "https://w3id.org/dpv/sector/publicservices#SocialWelfareEligibilityAssessment": [
        "https://w3id.org/dpv/sector/publicservices#SocialWelfareManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#SocialWelfareEnrolmentManagement": [
        "https://w3id.org/dpv/sector/publicservices#SocialWelfareManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#SocialWelfareManagement": [
        "https://w3id.org/dpv/sector/publicservices#PublicServiceManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#SocialWelfareProvision": [
        "https://w3id.org/dpv/sector/publicservices#PublicServiceProvision",
        "https://w3id.org/dpv/sector/publicservices#SocialWelfareManagement"
      ],
      "https://w3id.org/dpv/sector/publicservices#SocialWelfareRiskAssessment": [
        "https://w3id.org/dpv#FraudPreventionAndDetection",
        "https://w3id.org/dpv#OrganisationRiskManagement",
        "https://w3id.org/dpv/sector/publicservices#SocialWelfareManagement"
      ]
    }
  },
  {
    "iri": "urn:writ:taxonomy:fhir-purpose-of-use",
    "version": "1",
    "digest": "sha384:491c2f0d5cd2b68ee8bc63673dea13581a1d39bc9bcadc96a27029423efe4730dcba470ceb1448c616331d417b1d9b04",
    "terms": {
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#CLINTRCH": [
        "http://terminology.hl7.org/CodeSystem/v3-ActReason#HRESCH"
      ],
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#COC": [
        "http://terminology.hl7.org/CodeSystem/v3-ActReason#TREAT"
      ],
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#ETREAT": [
        "http://terminology.hl7.org/CodeSystem/v3-ActReason#TREAT",
        "https://w3id.org/dpv/sector/health#EmergencyCareManagement"
      ],
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#HMARKT": [
        "https://w3id.org/dpv#Marketing"
      ],
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#HOPERAT": [
        "https://w3id.org/dpv/sector/health#HealthcareManagement"
      ],
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#HPAYMT": [
        "https://w3id.org/dpv/sector/health#HealthcareManagement"
      ],
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#HRESCH": [
        "https://w3id.org/dpv/sector/health#ResearchDevelopment"
      ],
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#PATRQT": [
        "https://w3id.org/dpv#Purpose"
      ],
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#PUBHLTH": [
        "https://w3id.org/dpv/sector/health#PublicInterestRelatedToHealth"
      ],
      "http://terminology.hl7.org/CodeSystem/v3-ActReason#TREAT": [
        "https://w3id.org/dpv/sector/health#ServiceProvision"
      ]
    }
  },
  {
    "iri": "urn:writ:taxonomy:duo",
    "version": "1",
    "digest": "sha384:c2cd4ca70cfd2680558ff00a47d754caa03df2822498ad97db79c641264b49bd7fa617f5dfc9822d46732ac48b0987fc",
    "terms": {
      "http://purl.obolibrary.org/obo/DUO_0000006": [
        "http://purl.obolibrary.org/obo/DUO_0000042",
        "https://w3id.org/dpv/sector/health#ResearchDevelopment"
      ],
      "http://purl.obolibrary.org/obo/DUO_0000007": [
        "http://purl.obolibrary.org/obo/DUO_0000006"
      ],
      "http://purl.obolibrary.org/obo/DUO_0000011": [
        "http://purl.obolibrary.org/obo/DUO_0000042"
      ],
      "http://purl.obolibrary.org/obo/DUO_0000042": [
        "https://w3id.org/dpv#ResearchAndDevelopment"
      ]
    }
  }
];
