// Requests and states that policies tell apart: made of the values that their rules name, and of others. Always the same for the same policies.
import type { DecisionRequest, DecisionState, JsonValue, Operation, PolicyLayer } from "@writ/core";
import { operations } from "@writ/core";
import { allNodes, isParam, placedConditions, placedLimits } from "./document.ts";
import type { Operators, PolicyDocument, PurposeElement } from "./document.ts";
import { shippedTaxonomies } from "./generated/vocabulary.ts";
import { isOutbound } from "./operation-table.ts";
import { countriesOf } from "./region.ts";
import { parseInstant } from "./time.ts";

/** A request and what the process knows beside it. */
export interface SimulatedCase {
  readonly request: DecisionRequest;
  /** Without `now`: that of the simulation. */
  readonly state?: Partial<DecisionState>;
}

/** Values by the path of a fact; what stands first is drawn most often, undefined is left out. */
type Domain = Map<string, unknown[]>;

const samplesEach = 3;
const maxPurposes = 48;
/** What a request may hold of facts, and of outputs. */
const maxFacts = 64;

/** Whole numbers below `most`, always the same ones. */
function drawer(): (most: number) => number {
  let state = 0x9e3779b9;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // a linear congruence; nothing here is secret
    return Math.floor((state / 2 ** 32) * most);
  };
}

function add(domain: Domain, path: string, ...values: unknown[]): void {
  const known = domain.get(path) ?? [];
  const texts = new Set(known.map((value) => JSON.stringify(value)));
  domain.set(path, [...known, ...values.filter((value) => !texts.has(JSON.stringify(value)))]);
}

function near(value: unknown): unknown[] {
  return typeof value === "number" ? [value, value - 1, value + 1] : [value];
}

function addCondition(domain: Domain, field: string, ops: Operators): void {
  for (const [operator, operand] of Object.entries(ops)) {
    const values = [operand as JsonValue].flat().filter((value) => !isParam(value));
    if (operator === "exists") add(domain, field, null);
    else if (operator.startsWith("has")) add(domain, field, ...values.map((value) => [value]), values, ["another"], []);
    else add(domain, field, ...values.flatMap(near));
  }
  add(domain, field, undefined);
}

function termsOf(clause: readonly PurposeElement[]): readonly string[] {
  return clause.map((element) => (typeof element === "string" ? element : element.exactly));
}

/** The purposes that rules name, what is broader and narrower by one step, and one that has nothing to do with them. */
function purposesOf(documents: readonly PolicyDocument[]): readonly string[] {
  const pinned = new Set<string>(documents.flatMap(({ taxonomies = [] }) => taxonomies.map(({ digest }) => digest)));
  const links: [string, readonly string[]][] = [
    ...documents.flatMap(({ terms = {} }) => Object.entries(terms)),
    ...shippedTaxonomies.filter(({ digest }) => pinned.has(digest)).flatMap(({ terms }) => Object.entries(terms)),
  ];
  const named = documents.flatMap((document) => [
    ...placedLimits(document).flatMap(({ value }) => [
      ...(value.purposes ?? []).flatMap(termsOf),
      ...(value.notPurposes ?? []),
    ]),
    ...(document.permissions ?? []).flatMap(({ purposes = [] }) => termsOf(purposes)),
    ...(document.prohibitions ?? []).flatMap(({ purposes = [] }) => purposes),
    ...Object.keys(document.terms ?? {}),
  ]);
  const near = named.flatMap((term) => [
    ...links.filter(([, broader]) => broader.includes(term)).map(([narrower]) => narrower),
    ...links.filter(([name]) => name === term).flatMap(([, broader]) => broader),
  ]);
  const other = "https://w3id.org/dpv#HumanResourceManagement";
  return [...new Set([...named, other, "urn:writ:term:ModelTraining", ...near])].slice(0, maxPurposes);
}

function addLimits(domain: Domain, document: PolicyDocument, now: number): void {
  for (const { value: limits } of placedLimits(document)) {
    for (const region of (limits.regions ?? []).flat())
      add(domain, "region", ...countriesOf(region).slice(0, 1), region);
    for (const party of [...(limits.parties ?? []).flat(), ...(limits.notParties ?? [])])
      if (typeof party === "string") add(domain, "principal.org", party);
    for (const instant of [limits.notBefore, limits.notAfter, limits.deleteBy, limits.keepUntil]) {
      const seconds = typeof instant === "string" ? parseInstant(instant) : null;
      if (seconds !== null) add(domain, "now", now, seconds - 1, seconds);
    }
    for (const [counter, most] of Object.entries(limits.maxUses ?? {}))
      add(domain, `uses.${counter}`, 0, ...near(most));
    if (limits.kAnonymity !== undefined) add(domain, "output.k", ...near(limits.kAnonymity).toReversed(), undefined);
    if (limits.minAssurance !== undefined) add(domain, "assurance", 3, 0);
    for (const id of limits.consents ?? []) if (typeof id === "string") addConsent(domain, id);
    if (limits.custody) add(domain, "custody", { ...limits.custody }, { managers: ["provider"] });
  }
}

function addConsent(domain: Domain, id: string): void {
  add(domain, `consent.${id}`, "given", "withdrawn", undefined);
}

function domainOf(documents: readonly PolicyDocument[], now: number): Domain {
  const domain: Domain = new Map();
  add(domain, "principal.kind", "human", "service", "agent");
  add(domain, "now", now);
  for (const document of documents) {
    addLimits(domain, document, now);
    for (const { value, pointer } of placedConditions(document)) {
      for (const { value: node } of allNodes(value, pointer)) {
        if (node.kind === "field") addCondition(domain, node.field, node.operators);
      }
    }
    for (const { consents = [] } of document.permissions ?? [])
      for (const id of consents) if (typeof id === "string") addConsent(domain, id);
    if (document.limits?.deleteBy !== undefined) add(domain, "holds", [], ["case-1"]);
  }
  add(domain, "principal.org", "urn:writ:simulated:org", null);
  add(domain, "principal.roles", [], ["another"]);
  add(domain, "region", "US", undefined);
  add(domain, "destination.party", ...(domain.get("principal.org") ?? []));
  add(domain, "destination.region", ...(domain.get("region") ?? []));
  return domain;
}

type Drawn = ReadonlyMap<string, unknown>;

function part(drawn: Drawn, prefix: string): Record<string, unknown> {
  return Object.fromEntries(
    [...drawn]
      .filter(([path, value]) => path.startsWith(prefix) && value !== undefined)
      .slice(0, maxFacts)
      .map(([path, value]) => [path.slice(prefix.length), value]),
  );
}

function requestOf(drawn: Drawn, operation: Operation, purpose: string): DecisionRequest {
  const { kind, ...rest } = part(drawn, "principal.");
  const principal = { id: "simulated", ...rest, kind };
  const acting = { id: "simulated-agent", kind, roles: rest["roles"], actingFor: { ...principal, kind: "human" } };
  const output = part(drawn, "output.");
  const facts = part(drawn, "facts.");
  return {
    operation,
    purposes: [purpose],
    principal: kind === "agent" ? { ...acting, org: rest["org"] } : principal,
    ...part(new Map([["region", drawn.get("region")]]), ""),
    ...(isOutbound(operation) && { destination: part(drawn, "destination.") }),
    ...(Object.keys(output).length > 0 && { output }),
    ...(Object.keys(facts).length > 0 && { facts }),
  } as unknown as DecisionRequest;
}

const assuredPaths = ["region", "destination.party", "destination.region", "principal", "principal.actingFor"];
const linkMembers = ["id", "kind", "roles", "org", "clearance"];

function assuranceOf(level: unknown, drawn: Drawn): DecisionState["assurance"] {
  const links = ["principal", "principal.actingFor"].flatMap((link) => linkMembers.map((name) => `${link}.${name}`));
  const facts = [...drawn.keys()].filter((path) => /^(?:facts|output)\./.test(path));
  return Object.fromEntries(
    [...assuredPaths, ...links, ...facts].map((path) => [path, level]),
  ) as DecisionState["assurance"];
}

function stateOf(drawn: Drawn): Partial<DecisionState> {
  const consents = Object.entries(part(drawn, "consent.")).map(([id, value]) => [id, { value, ageMs: 0 }]);
  const counters = Object.entries(part(drawn, "uses.")).map(([iri, uses]) => [iri, { uses, ageMs: 0 }]);
  const custody = drawn.get("custody");
  return {
    now: drawn.get("now") as number,
    statusEntries: [],
    holds: (drawn.get("holds") ?? []) as readonly string[],
    assurance: assuranceOf(drawn.get("assurance") ?? 3, drawn),
    consents: Object.fromEntries(consents) as DecisionState["consents"],
    counters: Object.fromEntries(counters) as DecisionState["counters"],
    ...(custody !== undefined && { custody }),
  } as Partial<DecisionState>;
}

/** The first values, and each other value alone in their midst. */
function* oneByOne(domain: Domain): Generator<Drawn> {
  const first = new Map([...domain].map(([path, values]) => [path, values[0]] as const));
  yield first;
  for (const [path, values] of domain) {
    for (const value of values.slice(1)) yield new Map([...first, [path, value]]);
  }
}

/** Values drawn at random, mostly the first ones. */
function* mixed(domain: Domain, draw: (most: number) => number): Generator<Drawn> {
  for (let sample = 0; sample < samplesEach; sample += 1) {
    yield new Map([...domain].map(([path, values]) => [path, values[draw(3) > 0 ? 0 : draw(values.length)]] as const));
  }
}

/** Every operation for every purpose that matters, a few times with other facts; those that are permitted, with each other fact. Parameters are in place. */
export function* casesFor(layers: readonly PolicyLayer[], now: number): Generator<SimulatedCase> {
  const documents = layers.map(({ document }) => document as unknown as PolicyDocument);
  const domain = domainOf(documents, now);
  const draw = drawer();
  const permitted = new Set(
    documents.flatMap(({ permissions = [] }) =>
      permissions.flatMap((permission) => (permission.unrestricted ? operations : permission.operations)),
    ),
  );
  for (const purpose of purposesOf(documents)) {
    for (const operation of operations) {
      for (const drawn of mixed(domain, draw))
        yield { request: requestOf(drawn, operation, purpose), state: stateOf(drawn) };
      if (!permitted.has(operation)) continue;
      for (const drawn of oneByOne(domain))
        yield { request: requestOf(drawn, operation, purpose), state: stateOf(drawn) };
    }
  }
}
