// Which single changes might flip a verdict: values that the rules name, and others beside them. Spec 4.14.
import type { Evaluation, JsonValue, PolicyLayer } from "@writ/core";
import { operations } from "@writ/core";
import { allNodes, isParam, placedConditions } from "./document.ts";
import type { Limits, Operators, PolicyDocument, PurposeElement } from "./document.ts";
import { valueBefore } from "./flip-change.ts";
import type { Asked, Change } from "./flip-change.ts";
import { fieldType, levels } from "./field.ts";
import type { FieldType } from "./field.ts";
import { shippedTaxonomies } from "./generated/vocabulary.ts";
import { isOutbound } from "./operation-table.ts";
import { withParameters } from "./layer.ts";
import { countriesOf } from "./region.ts";
import { parseInstant } from "./time.ts";

/** Values by the name of a fact, each once, in the order in which they are tried. */
type Values = Map<string, Map<string, JsonValue>>;

const other = "urn:writ:another";
const otherRegion = "ZZ";
/** Beyond so many roles, not every set of them is tried. */
const maxRoles = 5;

function add(values: Values, fact: string, ...items: readonly unknown[]): void {
  const known = values.get(fact) ?? new Map<string, JsonValue>();
  const always = /^counter:|^principal\..*(?:id|kind)$/.test(fact); // never known to be absent
  for (const item of items) if (item !== null || !always) known.set(JSON.stringify(item), item as JsonValue);
  values.set(fact, known);
}

/** Every set of few texts, the small ones first; of many, each alone, all, and none. */
function subsets(texts: readonly string[]): readonly (readonly string[])[] {
  if (texts.length > maxRoles) return [...texts.map((text) => [text]), texts, []];
  const sets = texts.reduce<readonly (readonly string[])[]>(
    (found, text) => [...found, ...found.map((set) => [...set, text])],
    [[]],
  );
  return sets.toSorted((a, b) => (a.length || texts.length + 1) - (b.length || texts.length + 1));
}

function besides(operand: unknown): readonly unknown[] {
  if (typeof operand === "number") return [operand, operand + 1, operand - 1];
  return typeof operand === "boolean" ? [operand, !operand] : [operand];
}

/** Names of lists that `hasAny`, `hasAll`, `hasNone` take members from, by field. */
type Members = Map<string, Set<string>>;

/** Each field of a condition that names a principal counts for every link of the chain. */
function pathsOf(field: string, links: readonly string[]): readonly string[] {
  if (field.startsWith("uses.")) return [`counter:${field.slice("uses.".length)}`];
  if (!field.startsWith("principal.")) return [field];
  return links.map((link) => link + field.slice("principal".length));
}

/** Some value that a field of a type can have, where all that is asked is whether there is one. */
const present: Readonly<Record<FieldType, JsonValue>> = {
  text: other,
  kind: "human",
  list: [other],
  level: levels[0]!,
  region: otherRegion,
  integer: 1,
  open: other,
};

function addField(values: Values, members: Members, field: string, path: string, ops: Operators): void {
  for (const [operator, operand] of Object.entries(ops)) {
    const operands = [operand as JsonValue].flat().filter((item) => !isParam(item));
    if (operator === "exists") {
      add(values, path, present[fieldType(field) ?? "open"]);
      continue;
    }
    if (operator.startsWith("has")) {
      const texts = members.get(path) ?? new Set();
      for (const text of operands) texts.add(text as string);
      members.set(path, texts);
    } else {
      add(values, path, ...operands.flatMap(besides));
      const outside = path.endsWith("region") ? otherRegion : other;
      if (typeof operands[0] === "string" && !/\.(?:kind|clearance)$/.test(path)) add(values, path, outside);
    }
  }
  add(values, path, null);
}

function addConditions(values: Values, document: PolicyDocument, links: readonly string[]): void {
  const members: Members = new Map();
  for (const { value, pointer, output } of placedConditions(document)) {
    if (output) continue; // what a release requires decides no use
    for (const { value: node } of allNodes(value, pointer)) {
      if (node.kind !== "field") continue;
      for (const path of pathsOf(node.field, links)) addField(values, members, node.field, path, node.operators);
    }
  }
  for (const [path, texts] of members) add(values, path, ...subsets([...texts, ...(texts.size < 3 ? [other] : [])]));
}

function addParties(values: Values, parties: readonly unknown[], facts: readonly string[]): void {
  for (const fact of facts) add(values, fact, ...parties, other, null);
}

function addLimits(values: Values, limits: Limits, links: readonly string[]): void {
  const orgs = [...links.map((link) => `${link}.org`), "destination.party"];
  const parties = [...(limits.parties ?? []).flat(), ...(limits.notParties ?? [])];
  if (parties.length > 0) addParties(values, parties, orgs);
  for (const fact of limits.regions ? ["region", "destination.region"] : []) {
    const named = limits.regions!.flat();
    add(values, fact, ...named, ...named.flatMap((region) => countriesOf(region).slice(0, 2)), otherRegion, null);
  }
  for (const instant of [limits.notBefore, limits.notAfter, limits.deleteBy, limits.keepUntil]) {
    const seconds = typeof instant === "string" ? parseInstant(instant) : null;
    if (seconds !== null) add(values, "now", seconds, seconds - 1);
  }
  for (const [counter, most] of Object.entries(limits.maxUses ?? {}))
    add(values, `counter:${counter}`, most - 1, most, 0);
  if (limits.kAnonymity !== undefined) add(values, "output.k", limits.kAnonymity, limits.kAnonymity - 1, null);
  for (const id of limits.consents ?? []) add(values, `consent:${id as string}`, "given", "withdrawn");
  for (const [member, names] of Object.entries(limits.custody ?? {}))
    add(values, `custody.${member}`, ...names.map((name) => [name.replace(/\*$/, "west-1")]), [other]);
}

function purposesOf(documents: readonly PolicyDocument[]): readonly string[] {
  const term = (element: PurposeElement): string => (typeof element === "string" ? element : element.exactly);
  const named = documents.flatMap(({ limits, permissions = [], prohibitions = [], terms = {} }) => [
    ...permissions.flatMap(({ purposes = [] }) => purposes.map(term)),
    ...(limits?.purposes ?? []).flat().map(term),
    ...Object.keys(terms),
    ...prohibitions.flatMap(({ purposes = [] }) => purposes),
    ...(limits?.notPurposes ?? []),
  ]);
  const pinned = new Set(documents.flatMap(({ taxonomies = [] }) => taxonomies.map(({ digest }) => digest)));
  const held = shippedTaxonomies.filter(({ digest }) => pinned.has(digest));
  return [...named, "urn:writ:term:ModelTraining", ...held.flatMap(({ terms }) => Object.keys(terms))];
}

/** The chain of principals as it is given, by path. */
function linksOf({ request }: Asked): readonly string[] {
  const paths: string[] = [];
  let path = "principal";
  for (let link = request.principal as Asked["request"]["principal"] | null | undefined; link; link = link.actingFor) {
    paths.push(path);
    path += ".actingFor";
  }
  return paths;
}

function addLinks(values: Values, asked: Asked, links: readonly string[]): void {
  for (const link of links) {
    const kind = valueBefore(asked, `${link}.kind`);
    add(values, `${link}.kind`, "human", "service", "agent");
    if (kind === "agent" && valueBefore(asked, `${link}.actingFor`) === undefined)
      add(values, `${link}.actingFor`, null);
    if (values.has(`${link}.clearance`)) add(values, `${link}.clearance`, ...levels);
  }
}

function addState(
  values: Values,
  layers: readonly PolicyLayer[],
  documents: readonly PolicyDocument[],
  asked: Asked,
): void {
  for (const duty of new Set(documents.flatMap(({ duties = [] }) => duties.map(({ id }) => id)))) {
    const owing = layers.filter((_, index) =>
      documents[index]!.duties?.some(({ id, trigger }) => id === duty && trigger === "before-use"),
    );
    if (owing.length > 0) add(values, `approval:${duty}`, [...new Set(owing.map(({ policy }) => policy))]);
  }
  if (asked.state.statusEntries?.length !== 0) add(values, "status", "valid", "revoked");
  if (asked.request.operation === "delete" || values.has("now")) add(values, "holds", [], ["urn:writ:hold"]);
}

/** What the request itself says, first of all: a purpose of several alone, an operation of the same kind of use. */
function addAsked(values: Values, documents: readonly PolicyDocument[], { request }: Asked): void {
  const alone = request.purposes.length > 1 ? request.purposes : [];
  add(values, "purposes", ...[...alone, ...purposesOf(documents)].map((purpose) => [purpose]));
  if (request.operation === "delete") return; // doing something else is no advice to who has to delete
  const named = documents.flatMap(({ permissions = [] }) => permissions.flatMap((permission) => permission.operations));
  const likely = named.filter((name) => name !== "*");
  add(values, "operation", ...likely, ...operations.filter((name) => name !== "delete"));
}

/** Levels that some reading of the layers asks facts to have. */
function assuranceOf(documents: readonly PolicyDocument[]): 0 | 1 | 2 | 3 {
  const levelsAsked = documents.flatMap(({ limits, derive = {}, permissions = [] }) => [
    limits?.minAssurance ?? 0,
    ...Object.values(derive).map(
      (entry) => (typeof entry === "object" && "inherit" in entry ? entry.add : undefined)?.minAssurance ?? 0,
    ),
    permissions.some(({ waives }) => waives) ? 2 : 0,
  ]);
  return Math.max(0, ...levelsAsked) as 0 | 1 | 2 | 3;
}

function isRequestFact(fact: string): boolean {
  return /^(?:region$|principal\.|destination\.|output\.|facts\.)/.test(fact);
}

/** Facts of the request that are given, and could be better proven. */
function givenFacts({ request }: Asked, links: readonly string[]): readonly string[] {
  const part = (name: "output" | "facts" | "destination"): string[] =>
    Object.keys(request[name] ?? {}).map((member) => `${name}.${member}`);
  const ofLink = (link: string): string[] =>
    ["kind", "id", "org", "roles", "clearance", "actingFor"].map((name) => `${link}.${name}`);
  return [...links.flatMap(ofLink), "region", ...part("destination"), ...part("output"), ...part("facts")];
}

function byRank(
  missing: ReadonlySet<string>,
): (a: readonly [string, unknown], b: readonly [string, unknown]) => number {
  const rank = ([fact]: readonly [string, unknown]): number => {
    if (missing.has(fact)) return 0;
    if (fact === "operation") return 5;
    if (fact === "purposes") return 4;
    if (fact === "now") return 3;
    return isRequestFact(fact) ? 1 : 2;
  };
  return (a, b) => rank(a) - rank(b);
}

/** Facts with the values worth trying, missing ones first, operation last. */
function valuesFor(layers: readonly PolicyLayer[], documents: readonly PolicyDocument[], asked: Asked): Values {
  const values: Values = new Map();
  const links = linksOf(asked);
  for (const document of documents) {
    addConditions(values, document, links);
    const added = Object.values(document.derive ?? {}).map((entry) =>
      typeof entry === "object" && "inherit" in entry ? entry.add : undefined,
    );
    for (const limits of [document.limits, ...added]) if (limits) addLimits(values, limits, links);
    for (const { consents = [] } of document.permissions ?? [])
      for (const id of consents) add(values, `consent:${id as string}`, "given", "withdrawn");
  }
  addLinks(values, asked, links);
  if (isOutbound(asked.request.operation)) {
    addParties(values, [], ["destination.party"]);
    add(values, "destination.region", ...(values.get("region")?.values() ?? []), otherRegion, null);
  } else for (const fact of ["destination.party", "destination.region"]) values.delete(fact);
  addState(values, layers, documents, asked);
  addAsked(values, documents, asked);
  return values;
}

/** The changes worth trying, the telling ones first; each alters one fact. Layers as `evaluate` takes them. */
export function* changesFor(
  layers: readonly PolicyLayer[],
  asked: Asked,
  { missing }: Pick<Evaluation, "missing">,
): Generator<Change> {
  const documents = layers.map(({ document, parameters }) =>
    withParameters(document as unknown as PolicyDocument, parameters),
  );
  const needed = assuranceOf(documents);
  const proven = (fact: string): Pick<Change, "assurance"> => {
    const given = asked.state.assurance ?? {};
    const known = Object.hasOwn(given, fact) ? given[fact]! : 0;
    return isRequestFact(fact) && needed > known ? { assurance: needed } : {};
  };
  for (const fact of givenFacts(asked, linksOf(asked))) {
    const value = valueBefore(asked, fact);
    const raised = proven(fact);
    if (value !== undefined && Object.keys(raised).length > 0) yield { fact, value: value as JsonValue, ...raised };
  }
  const lacking = new Set(missing.map(({ fact }) => fact));
  const values = [...valuesFor(layers, documents, asked)].toSorted(byRank(lacking));
  for (const [fact, tried] of values) {
    const before = JSON.stringify(valueBefore(asked, fact));
    for (const [text, value] of tried) {
      // A state that is too old may be what stands in the way: there the same value, read anew, is a change.
      if (text !== before || fact.includes(":") || fact === "status") yield { fact, value, ...proven(fact) };
    }
  }
}
