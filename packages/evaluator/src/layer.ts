// A layer as it lies over an artifact: its policy with the parameters put in, and its sets of limits. Spec: 4.8, POL-15.
import type { DecisionState, Digest, JsonValue, Parameters, PolicyLayer } from "@writ/core";
import { operations } from "@writ/core";
import { isParam } from "./document.ts";
import type { Limits, ParameterType, PolicyDocument, Staleness } from "./document.ts";
import { isIri } from "./field.ts";
import { at, refuse } from "./pointer.ts";
import type { Policy } from "./policy.ts";
import type { PurposeGraph } from "./purpose-graph.ts";
import { parseDuration, parseInstant } from "./time.ts";

/** A layer ready to be judged. */
export interface Layer {
  readonly policy: Digest;
  /** With values in place of parameters. */
  readonly document: PolicyDocument;
  readonly graph: PurposeGraph;
  /** The document's limits, then each `add` that applies. The first is there even where the document has none. */
  readonly sets: readonly Limits[];
  /** Earliest `deleteBy`, latest `keepUntil`, in seconds; over all sets. */
  readonly deleteBy: number | undefined;
  readonly keepUntil: number | undefined;
  readonly minAssurance: number;
  /** Shortest bounds in seconds, by kind of state. */
  readonly maxStaleness: ReadonlyMap<string, number>;
}

const fits: Readonly<Record<ParameterType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  iri: (value) => typeof value === "string" && isIri(value),
  integer: (value) => Number.isSafeInteger(value),
  boolean: (value) => typeof value === "boolean",
  instant: (value) => typeof value === "string" && isInstant(value),
};

function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) && parseInstant(text) !== null;
}

function checkValues(declared: Readonly<Record<string, ParameterType>>, values: Parameters): void {
  for (const [name, type] of Object.entries(declared)) {
    if (!Object.hasOwn(values, name))
      refuse("policy-parameter", at("/parameters", name), `the layer gives no value for \`${name}\``);
    if (!fits[type](values[name]))
      refuse("policy-parameter", at("/parameters", name), `the value of \`${name}\` is no ${type}`);
  }
  const extra = Object.keys(values).find((name) => !Object.hasOwn(declared, name));
  if (extra !== undefined)
    refuse("policy-parameter", at("/parameters", extra), `the policy declares no parameter \`${extra}\``);
}

/** Puts values in place of `{"param": name}`; a field's operators are objects, so a member `param` with a text is one. */
function substitute(value: JsonValue, values: Parameters): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => substitute(item as JsonValue, values));
  if (isParam(value) && typeof value.param === "string") return values[value.param]!;
  const copy = Object.create(null) as Record<string, JsonValue>;
  for (const [name, item] of Object.entries(value)) copy[name] = substitute(item, values);
  return copy;
}

/** The document with values in place of its parameters. Throws PolicyError `policy-parameter`. Spec: POL-15. */
export function withParameters(document: PolicyDocument, values: Parameters): PolicyDocument {
  checkValues(document.parameters ?? {}, values);
  if (!document.parameters) return document;
  const { ext, parameters, ...rest } = document; // a parameter may be called `param`; extensions are never read
  const replaced = substitute(rest as unknown as JsonValue, values) as unknown as PolicyDocument;
  return { ...replaced, parameters, ...(ext && { ext }) };
}

function addOf(document: PolicyDocument, operation: string): Limits | undefined {
  const derive = document.derive ?? {};
  const entry = Object.hasOwn(derive, operation) ? derive[operation] : undefined;
  return typeof entry === "object" && "inherit" in entry ? entry.add : undefined;
}

function setsOf(document: PolicyDocument, via: readonly string[]): readonly Limits[] {
  const added = operations
    .filter((operation) => via.includes(operation))
    .map((operation) => addOf(document, operation));
  const foreign = via.find((operation) => addOf(document, operation) === undefined);
  if (foreign !== undefined)
    refuse("policy-reference", at("/derive", foreign), `the policy adds nothing for \`${foreign}\``);
  return [document.limits ?? {}, ...added.filter((set) => set !== undefined)];
}

function secondsOf(
  sets: readonly Limits[],
  name: "deleteBy" | "keepUntil" | "notBefore" | "notAfter",
): readonly number[] {
  return sets.flatMap((set) => (set[name] === undefined ? [] : [parseInstant(set[name] as string)!]));
}

function shortest(sets: readonly Limits[]): ReadonlyMap<string, number> {
  const bounds = new Map<string, number>();
  for (const { maxStaleness = {} } of sets) {
    for (const [kind, text] of Object.entries(maxStaleness as Required<Staleness>)) {
      bounds.set(kind, Math.min(parseDuration(text)!, bounds.get(kind) ?? Infinity));
    }
  }
  return bounds;
}

/** Since when the data of a layer may only lie where it lies: the `deleteBy` that has passed before `keepUntil`, but for a hold in force. Spec: LIM-1, DUT-5. */
export function keptOnlySince(
  { deleteBy, keepUntil }: Pick<Layer, "deleteBy" | "keepUntil">,
  { now, holds }: Pick<DecisionState, "now" | "holds">,
): number | undefined {
  if (deleteBy === undefined || keepUntil === undefined || now < deleteBy || now >= keepUntil) return undefined;
  return holds !== undefined && holds.length > 0 ? undefined : deleteBy;
}

/** Instants after `now` at which a permit under this layer ends. Spec: DUT-5. */
export function endsAfter({ sets }: Layer, now: number): readonly number[] {
  return [...secondsOf(sets, "notAfter"), ...secondsOf(sets, "deleteBy")].filter((end) => end > now);
}

/** `notBefore` and the ends of all sets, in seconds. */
export function windowOf({ sets }: Layer): { readonly starts: readonly number[]; readonly ends: readonly number[] } {
  return {
    starts: secondsOf(sets, "notBefore"),
    ends: [...secondsOf(sets, "notAfter"), ...secondsOf(sets, "deleteBy")],
  };
}

/** Lays a policy over an artifact. Throws PolicyError `policy-parameter`, `policy-reference`. Spec: POL-15. */
export function readLayer({ policy: digest, parameters, via }: PolicyLayer, policy: Policy): Layer {
  const document = withParameters(policy.document, parameters);
  const sets = setsOf(document, via);
  const [deleteBy, keepUntil] = [secondsOf(sets, "deleteBy"), secondsOf(sets, "keepUntil")];
  return {
    policy: digest,
    document,
    graph: policy.graph,
    sets,
    deleteBy: deleteBy.length > 0 ? Math.min(...deleteBy) : undefined,
    keepUntil: keepUntil.length > 0 ? Math.max(...keepUntil) : undefined,
    minAssurance: Math.max(0, ...sets.map((set) => set.minAssurance ?? 0)),
    maxStaleness: shortest(sets),
  };
}
