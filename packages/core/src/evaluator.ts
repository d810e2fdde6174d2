// What core asks of an evaluator. `@writ/evaluator` implements it; core makes permits from its answers and nothing else.
import type { Digest } from "./shape.ts";

/** A JSON value as policies hold it: numbers are integers. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; read own members only. */
export interface JsonObject {
  readonly [member: string]: JsonValue;
}

/** The operations, a closed list. Spec: OPS-1. */
export const operations = [
  "read",
  "transform",
  "aggregate",
  "derive",
  "infer",
  "train",
  "profile",
  "log",
  "store",
  "copy",
  "share",
  "disclose",
  "transfer",
  "export",
  "anonymise",
  "pseudonymise",
  "delete",
  "declassify",
  "delegate",
] as const;

/** One of the closed list of operations. */
export type Operation = (typeof operations)[number];

/** Who asks. `roles`, `org` and `clearance`: omitted = unknown, null = known to be absent. */
export interface Principal {
  readonly id: string;
  readonly kind: "service" | "human" | "agent";
  readonly roles?: readonly string[] | null;
  readonly org?: string | null;
  readonly clearance?: "public" | "internal" | "confidential" | "restricted" | null;
  /** For whom an agent acts; null = for nobody, omitted = unknown. */
  readonly actingFor?: Principal | null;
}

/** What is asked: one operation for its purposes. Closed; schemas/request.schema.json. Spec: REQ-1. */
export interface DecisionRequest {
  readonly operation: Operation;
  /** 0 to 8 IRIs or prefixed names; empty only for delete. */
  readonly purposes: readonly string[];
  readonly principal: Principal;
  /** Where the plaintext is processed. */
  readonly region?: string | null;
  /** For share, disclose, transfer, export, delegate only; null = both are known to be absent. Spec: REQ-4. */
  readonly destination?: { readonly party?: string | null; readonly region?: string | null } | null;
  readonly output?: JsonObject;
  readonly facts?: JsonObject;
}

/** Values of a layer's parameters. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** A policy in force over an artifact. */
export interface PolicyLayer {
  /** SHA-384 of the signed policy message. */
  readonly policy: Digest;
  /** The expanded document. */
  readonly document: JsonObject;
  readonly parameters: Parameters;
  /** Operations whose `add` applies from then on. */
  readonly via: readonly Operation[];
}

/** Seconds since the epoch at which a value of the state ends; absent where it has no end. Core heeds it, evaluators needn't. Spec: STA-4. */
export type StateEnd = number;

/** What the process knows beside the request. Whatever is left out is unknown. */
export interface DecisionState {
  /** Seconds since the epoch: the clock of the process, never the caller's request. */
  readonly now: number;
  /** Assurance of each fact by its path (`region`, `principal.roles` …): 0 asserted, 1 workload credential, 2 token or KMS context, 3 human approval; default 0. */
  readonly assurance?: Readonly<Record<string, 0 | 1 | 2 | 3>>;
  /** Where the artifact's keys live, as its custody rule and recipients say. */
  readonly custody?: {
    readonly origins?: readonly string[];
    readonly managers?: readonly string[];
    readonly regions?: readonly string[];
  };
  /** Status entries named by the artifact: `valid`, or what stops it; omitted = no source. */
  readonly status?: readonly {
    readonly uri: string;
    readonly index: number;
    readonly value: "valid" | "revoked" | "suspended" | "superseded" | "unknown";
    readonly ageMs?: number;
    readonly until?: StateEnd;
  }[];
  /** Status entries that the artifact names; none of them known means unknown. */
  readonly statusEntries?: readonly { readonly uri: string; readonly index: number }[];
  readonly consents?: Readonly<
    Record<
      string,
      {
        readonly value: "given" | "refused" | "withdrawn" | "expired" | "unknown";
        readonly ageMs?: number;
        readonly until?: StateEnd;
      }
    >
  >;
  readonly counters?: Readonly<
    Record<string, { readonly uses: number; readonly ageMs?: number; readonly until?: StateEnd }>
  >;
  readonly approvals?: readonly {
    readonly policy: Digest;
    readonly waives: string;
    readonly ageMs?: number;
    readonly until?: StateEnd;
    /** The approvals that were used up for it, for the receipt. Spec: REC-11. */
    readonly names?: readonly Digest[];
  }[];
  readonly holds?: readonly string[];
}

/** Why: a code of the spec's closed list, with the rule that decided. */
export interface DecisionReason {
  readonly code: string;
  readonly policy?: Digest;
  /** Id of the permission, prohibition or duty, or the name of the limit. */
  readonly rule?: string;
  /** The fact, purpose or operation it is about. */
  readonly subject?: string;
}

/** A fact whose absence keeps the verdict open. */
export interface MissingFact {
  /** `region`, `principal.org`, `facts.urn:…`, `status`, `counter:…`, `consent:…`. */
  readonly fact: string;
  readonly suppliedBy:
    | "caller"
    | "principal-token"
    | "status-source"
    | "counter-store"
    | "consent-source"
    | "approver"
    | "taxonomy"
    | "custody";
}

/** What a decision obliges its actor to do. Spec: DUT-1. */
export interface Obligation {
  readonly policy: Digest;
  readonly duty: string;
  readonly type: string;
  readonly trigger: string;
  /** Seconds after the trigger; absent where the duty has no deadline. */
  readonly withinSeconds?: number;
  readonly by?: string;
  readonly proof?: string;
  readonly criticality: "required" | "best_effort" | "advisory";
}

/** The answer of an evaluator. */
export interface Evaluation {
  readonly verdict: "permit" | "deny" | "unknown";
  readonly reasons: readonly DecisionReason[];
  /** For `unknown` a minimal set that would settle it; else empty. */
  readonly missing: readonly MissingFact[];
  readonly obligations: readonly Obligation[];
  /** Last second + 1 at which the permit may be used by the layers' own dates; null where none limits. Core caps it at 5 minutes. */
  readonly until: number | null;
}

/** A policy document made ready to sign, or checked again from an artifact. */
export interface PreparedPolicy {
  /** Expanded: full IRIs, pinned taxonomies, integers only. */
  readonly document: JsonObject;
  readonly id: string;
  readonly authority: string;
  readonly classification: "public" | "internal" | "confidential" | "restricted";
  readonly warnings: readonly { readonly code: string; readonly pointer: string; readonly message: string }[];
}

/** Reference to a policy in force, as a core lists it. */
export interface ChildLayer {
  readonly policy: Digest;
  readonly parameters: Parameters;
  readonly via: readonly Operation[];
}

/** What becomes of the parents' layers in a child. */
export interface ChildLayers {
  readonly layers: readonly ChildLayer[];
  /** Layers that forbid the operation; the child is refused when there is one. */
  readonly forbiddenBy: readonly Digest[];
  /** Layers replaced under their own release entry, and where its conditions do not hold. */
  readonly releases: readonly { readonly from: Digest; readonly to: Digest }[];
  readonly refused: readonly DecisionReason[];
}

/** State that layers read for a request, and what a permit is charged. */
export interface StateNeeds {
  /** Ids of consents, parameters replaced. */
  readonly consents: readonly string[];
  /** Counters that conditions read. */
  readonly counters: readonly string[];
  /** One for each counter of `maxUses` with its lowest limit; empty for `delete`. */
  readonly charges: readonly { readonly counter: string; readonly limit: number }[];
}

/** Reads policies. Synchronous, no clock, no I/O. Spec: EVL-1. */
export interface Evaluator {
  /** Identifies the implementation and its vocabulary, for cache keys and receipts. */
  readonly id: string;
  /** From text: parses, expands, pins, checks. From an object (an artifact's document): checks that it is already expanded. Throws PolicyError. */
  prepare(document: string | JsonObject): PreparedPolicy;
  /** Throws PolicyError `request-schema` or `request-unknown-term` for a request that no policy can answer; TypeError for wrong types. */
  evaluate(layers: readonly PolicyLayer[], request: DecisionRequest, state: DecisionState): Evaluation;
  /** Which state these layers read for a request. Throws as `evaluate` does where they read any: a request that is none asks no source. */
  needs(layers: readonly PolicyLayer[], request: DecisionRequest): StateNeeds;
  /** `lookup` gives the documents of release policies; a missing one is a refusal. */
  childLayers(
    parents: readonly (readonly PolicyLayer[])[],
    operation: Operation,
    output: JsonObject | undefined,
    lookup: (policy: Digest) => JsonObject | undefined,
  ): ChildLayers;
  /** What keeps `layers` from being at least as strict as `declassify.atMost` of each lowered layer; empty where nothing does. */
  looserThanAtMost(lowered: readonly PolicyLayer[], layers: readonly PolicyLayer[]): readonly DecisionReason[];
  /** Why nothing is permitted any more under these layers, or null. */
  emptyMeet(layers: readonly PolicyLayer[]): DecisionReason | null;
}
