// Whether layers are at least as strict as `declassify.atMost` of one that was lowered. Where that can't be shown they aren't. Spec: INH-8.
import { operations } from "@writ/core";
import type { DecisionReason, PolicyLayer } from "@writ/core";
import type { Limits, PurposeElement } from "./document.ts";
import { joinLimits } from "./label.ts";
import type { JoinedLimits } from "./label.ts";
import { readLayer } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { includes } from "./operation-table.ts";
import type { ReadPolicy } from "./children.ts";
import { liesWithin } from "./region.ts";
import { parseDuration, parseInstant } from "./time.ts";

/** The new layers, each by itself and all of them joined. */
interface Strictness {
  readonly layers: readonly Layer[];
  readonly joined: JoinedLimits;
  /** The layer that was lowered: its terms are those of the bounds. */
  readonly lowered: Layer;
}

type Within = (a: string, b: string) => boolean;
const same: Within = (a, b) => a === b;

const seconds = (text: string): number => parseInstant(text)!;

/** Each clause of the bounds is implied by one that has no element outside it. */
function clausesHold(
  bounds: readonly (readonly string[])[],
  clauses: readonly (readonly string[])[] = [],
  within: Within = same,
): boolean {
  return bounds.every((bound) =>
    clauses.some((clause) => clause.every((element) => bound.some((other) => within(element, other)))),
  );
}

function setHolds(bound: readonly string[], set: readonly string[] | undefined): boolean {
  return set !== undefined && set.every((entry) => bound.includes(entry));
}

function stand(bound: readonly string[], list: readonly string[] = []): boolean {
  return bound.every((entry) => list.includes(entry));
}

/** True where the terms of a layer mean no more than they do to the lowered one: same taxonomies, no other links of its own. */
function speaksAlike(layer: Layer, lowered: Layer): boolean {
  const { taxonomies = [], terms = {} } = layer.document;
  const before = lowered.document;
  return (
    JSON.stringify(taxonomies) === JSON.stringify(before.taxonomies ?? []) &&
    Object.entries(terms).every(([name, broader]) => JSON.stringify(broader) === JSON.stringify(before.terms?.[name]))
  );
}

/** Whether whatever the first element admits the second does. */
function admits(element: PurposeElement, bound: PurposeElement, lowered: Layer, alike: boolean): boolean {
  const exact = typeof element !== "string";
  const term = exact ? element.exactly : element;
  if (typeof bound !== "string") return exact && term === bound.exactly;
  return (exact || alike) && lowered.graph.isWithin(term, bound);
}

function purposesHold(bounds: NonNullable<Limits["purposes"]>, { layers, lowered }: Strictness): boolean {
  return bounds.every((bound) =>
    layers.some((layer) => {
      const alike = speaksAlike(layer, lowered);
      const clauses = layer.sets.flatMap(({ purposes = [] }) => purposes);
      return clauses.some((clause) =>
        clause.every((element) => bound.some((other) => admits(element, other, lowered, alike))),
      );
    }),
  );
}

/** A ban holds where the same term is banned by a layer of the same terms. */
function purposeBansHold(bans: readonly string[], { layers, lowered }: Strictness): boolean {
  return bans.every((ban) =>
    layers.some(
      (layer) => speaksAlike(layer, lowered) && layer.sets.some(({ notPurposes = [] }) => notPurposes.includes(ban)),
    ),
  );
}

/** A ban hits what is the operation or includes it. */
function operationBansHold(bans: readonly string[], banned: readonly string[] = []): boolean {
  const hit = (operation: string, by: readonly string[]): boolean => by.some((name) => includes(operation, name));
  return operations.every((operation) => !hit(operation, bans) || hit(operation, banned));
}

function boundsHold(
  bounds: Readonly<Record<string, number>>,
  values: Readonly<Record<string, number>> | undefined,
): boolean {
  return Object.entries(bounds).every(
    ([name, most]) => values !== undefined && Object.hasOwn(values, name) && values[name]! <= most,
  );
}

function durations(value: Limits["maxStaleness"]): Record<string, number> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([kind, text]) => [kind, parseDuration(text)!]));
}

type Bounds = Required<Limits>;

/** How each member is compared; every member has a row. */
const rules: { readonly [K in keyof Bounds]: (bound: Bounds[K], strictness: Strictness) => boolean } = {
  purposes: purposesHold,
  notPurposes: purposeBansHold,
  notOperations: (bound, { joined }) => operationBansHold(bound, joined.notOperations),
  regions: (bound, { joined }) => clausesHold(bound, joined.regions, liesWithin),
  parties: (bound, { joined }) =>
    clausesHold(bound as readonly (readonly string[])[], joined.parties as readonly (readonly string[])[] | undefined),
  notParties: (bound, { joined }) =>
    stand(bound as readonly string[], joined.notParties as readonly string[] | undefined),
  principals: (bound, { joined }) => setHolds(bound, joined.principals),
  notBefore: (bound, { joined: { notBefore } }) =>
    notBefore !== undefined && seconds(notBefore as string) >= seconds(bound as string),
  notAfter: (bound, { joined: { notAfter } }) =>
    notAfter !== undefined && seconds(notAfter as string) <= seconds(bound as string),
  maxUses: (bound, { joined }) => boundsHold(bound, joined.maxUses),
  deleteBy: (bound, { joined: { deleteBy } }) =>
    deleteBy !== undefined && seconds(deleteBy as string) <= seconds(bound as string),
  keepUntil: (bound, { joined: { keepUntil } }) =>
    keepUntil !== undefined && seconds(keepUntil as string) >= seconds(bound as string),
  minAssurance: (bound, { joined }) => (joined.minAssurance ?? 0) >= bound,
  kAnonymity: (bound, { joined }) => (joined.kAnonymity ?? 0) >= bound,
  consents: (bound, { joined }) => stand(bound as readonly string[], joined.consents as readonly string[] | undefined),
  custody: ({ origins, managers, regions }, { joined: { custody = {} } }) =>
    (!origins || setHolds(origins, custody.origins)) &&
    (!managers || setHolds(managers, custody.managers)) &&
    (!regions || clausesHold([regions], custody.regions)),
  maxStaleness: (bound, { joined }) => boundsHold(durations(bound), durations(joined.maxStaleness)),
};

/** A layer without the limits that one of its permissions waives in an emergency. */
function unwaived(layer: Layer): Layer {
  const waived = new Set<string>((layer.document.permissions ?? []).flatMap(({ waives = [] }) => waives));
  if (waived.size === 0) return layer;
  const sets = layer.sets.map(
    (set) => Object.fromEntries(Object.entries(set).filter(([name]) => !waived.has(name))) as Limits,
  );
  return { ...layer, sets };
}

/**
 * What keeps layers from being at least as strict as `atMost` of each lowered layer, empty where nothing does; a policy without
 * `declassify` is lowered by nobody. Throws PolicyError as `evaluate` does. Spec: INH-8.
 */
export function looserThanAtMost(
  lowered: readonly PolicyLayer[],
  newLayers: readonly PolicyLayer[],
  readPolicy: ReadPolicy,
): readonly DecisionReason[] {
  const layers = newLayers.map((layer) => unwaived(readLayer(layer, readPolicy(layer.document))));
  const joined = joinLimits(layers);
  return lowered.flatMap((layer): DecisionReason[] => {
    const old = readLayer(layer, readPolicy(layer.document));
    const atMost = old.document.declassify?.atMost;
    if (!atMost) return [{ code: "declassify-absent", policy: layer.policy }];
    const strictness = { layers, joined, lowered: old };
    return Object.entries(rules).flatMap(([member, holds]): DecisionReason[] => {
      const bound = atMost[member as keyof Limits];
      if (bound === undefined || (holds as (bound: unknown, by: Strictness) => boolean)(bound, strictness)) return [];
      return [{ code: "declassify-at-most", policy: layer.policy, subject: member }];
    });
  });
}
