// Input and output of the reference evaluator. Policies are the JSON of spec/3-policy.md, expanded or not; requests are
// those of schemas/request.schema.json; both well formed. Names of layers stand for digests.

export type Scalar = string | number | boolean;
export type Param = { readonly param: string };
export type Condition = { readonly [member: string]: unknown };
export type Purpose = string | { readonly exactly: string };
export type Texts = readonly (string | Param)[];

export interface Limits {
  readonly purposes?: readonly (readonly Purpose[])[];
  readonly notPurposes?: readonly string[];
  readonly notOperations?: readonly string[];
  readonly regions?: readonly (readonly string[])[];
  readonly parties?: readonly Texts[];
  readonly notParties?: Texts;
  readonly principals?: readonly string[];
  readonly notBefore?: string | Param;
  readonly notAfter?: string | Param;
  readonly deleteBy?: string | Param;
  readonly keepUntil?: string | Param;
  readonly maxUses?: Readonly<Record<string, number>>;
  readonly minAssurance?: number;
  readonly kAnonymity?: number;
  readonly consents?: Texts;
  readonly custody?: Readonly<Record<string, readonly string[]>>;
  readonly maxStaleness?: Readonly<Record<string, string>>;
}
export interface Permission {
  readonly id: string;
  readonly operations: readonly string[];
  readonly purposes?: readonly Purpose[];
  readonly when?: Condition;
  readonly duties?: readonly string[];
  readonly consents?: Texts;
  readonly waives?: readonly string[];
}
export interface Prohibition {
  readonly id: string;
  readonly operations: readonly string[];
  readonly purposes?: readonly string[];
  readonly when?: Condition;
}
export interface Duty {
  readonly id: string;
  readonly type: string;
  readonly trigger: string;
  readonly criticality?: string;
}
export type Entry =
  | "forbid"
  | { readonly inherit: true; readonly add?: Limits }
  | { readonly release: { readonly policy: string; readonly requires: Condition } };
export interface Policy {
  readonly kind: "grant" | "restrict";
  readonly taxonomies?: readonly { readonly iri: string; readonly digest: string }[];
  readonly terms?: Readonly<Record<string, readonly string[]>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly limits?: Limits;
  readonly permissions?: readonly Permission[];
  readonly prohibitions?: readonly Prohibition[];
  readonly duties?: readonly Duty[];
  readonly derive?: Readonly<Record<string, Entry>>;
}
export interface Layer {
  readonly policy: string;
  readonly document: Policy;
  readonly parameters: Readonly<Record<string, Scalar>>;
  readonly via: readonly string[];
}
export interface Principal {
  readonly id: string;
  readonly kind: string;
  readonly roles?: readonly string[] | null;
  readonly org?: string | null;
  readonly clearance?: string | null;
  readonly actingFor?: Principal | null;
}
export interface Request {
  readonly operation: string;
  readonly purposes: readonly string[];
  readonly principal: Principal;
  readonly region?: string | null;
  readonly destination?: Readonly<Record<string, string | null>> | null;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly facts?: Readonly<Record<string, unknown>>;
}
export interface Entered {
  readonly uri: string;
  readonly index: number;
}
/** As core hands it, but `now` is an RFC 3339 instant. */
export interface State {
  readonly now: string;
  readonly assurance?: Readonly<Record<string, number>>;
  readonly custody?: Readonly<Record<string, readonly string[]>>;
  readonly statusEntries?: readonly Entered[];
  readonly status?: readonly (Entered & { readonly value: string; readonly ageMs?: number })[];
  readonly consents?: Readonly<Record<string, { readonly value: string; readonly ageMs?: number }>>;
  readonly counters?: Readonly<Record<string, { readonly uses: number; readonly ageMs?: number }>>;
  readonly approvals?: readonly { readonly policy: string; readonly waives: string; readonly ageMs?: number }[];
  readonly holds?: readonly string[];
}
/** Taxonomies held, by digest; the first is the one that a policy without `taxonomies` means. */
export type Held = ReadonlyMap<
  string,
  { readonly iri: string; readonly terms: Readonly<Record<string, readonly string[]>> }
>;
/** `obligations` are `policy/duty`; lists are sorted. */
export interface Answer {
  readonly verdict: "permit" | "deny" | "unknown";
  readonly reasons: readonly string[];
  readonly missing: readonly string[];
  readonly obligations: readonly string[];
  readonly until: string | null;
}
export interface Child {
  readonly layers: readonly {
    readonly policy: string;
    readonly parameters: Readonly<Record<string, Scalar>>;
    readonly via: readonly string[];
  }[];
  readonly forbiddenBy: readonly string[];
  readonly refused: readonly string[];
}
