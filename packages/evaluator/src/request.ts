// A request, checked and taken apart. What the caller hands in is copied; own members only are read.
import { PolicyError } from "@writ/core";
import type { DecisionRequest } from "@writ/core";
import { expandTerm } from "./expansion.ts";
import { schemaIssues } from "./generated/request-schema.ts";
import { prefixes } from "./generated/vocabulary.ts";
import { isOperation, isOutbound } from "./operation-table.ts";
import { at } from "./pointer.ts";
import { describeIssue } from "./schema-issue.ts";
import { suggest } from "./suggestion.ts";

/** Own members that aren't undefined; undefined counts as left out. */
export type Members = ReadonlyMap<string, unknown>;

/** A principal of the chain: its members but `actingFor`. */
export interface GivenLink {
  readonly members: Members;
  /** Whether `actingFor` was given at all, and whether as null; a principal is the next link. */
  readonly actingFor: "omitted" | "null" | "given";
}

/** A request as rules read it. */
export interface AskedRequest {
  readonly operation: string;
  /** False for an extension operation, which every layer denies. Spec: REQ-5. */
  readonly known: boolean;
  /** Whether it needs a destination. */
  readonly outbound: boolean;
  readonly purposes: readonly string[];
  readonly links: readonly GivenLink[];
  /** By path: `region`, `destination.party`, `output.NAME`, `facts.IRI`. */
  readonly facts: Members;
}

const maxLinks = 8;

function membersOf(value: unknown, path: string): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`\`${path}\` is no object`);
  return new Map(Object.entries(value).filter(([, member]) => member !== undefined));
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === "string";
const isTextList: Check = (value) => Array.isArray(value) && value.every(isText);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

/** Types of the members of a principal. */
const principalTypes: Readonly<Record<string, Check>> = {
  id: isText,
  kind: isText,
  roles: orNull(isTextList),
  org: orNull(isText),
  clearance: orNull(isText),
};

const requestTypes: Readonly<Record<string, Check>> = {
  operation: isText,
  purposes: isTextList,
  region: orNull(isText),
};

const destinationTypes: Readonly<Record<string, Check>> = { party: orNull(isText), region: orNull(isText) };
const outputTypes: Readonly<Record<string, Check>> = { k: orNull((value) => Number.isFinite(value)) };

function checkTypes(members: Members, types: Readonly<Record<string, Check>>, path: string): void {
  for (const [name, check] of Object.entries(types)) {
    if (members.has(name) && !check(members.get(name))) throw new TypeError(`\`${path}${name}\` has the wrong type`);
  }
}

function refuseRequest(path: string, message: string): never {
  throw new PolicyError("request-schema", message, { path });
}

/** The principal and those it acts for. Walked, not recursed: a caller's object may be endless. */
function readLinks(principal: unknown): { links: GivenLink[]; copy: Record<string, unknown> } {
  const links: GivenLink[] = [];
  const copy = Object.create(null) as Record<string, unknown>;
  let path = "principal";
  let target = copy;
  for (let value = principal; ; path += ".actingFor") {
    if (links.length === maxLinks) refuseRequest(path, `more than ${maxLinks} principals act for each other`);
    const members = membersOf(value, path);
    checkTypes(members, principalTypes, `${path}.`);
    const next = members.get("actingFor");
    Object.assign(target, Object.fromEntries(members));
    if (next === undefined || next === null) {
      links.push({ members, actingFor: next === null ? "null" : "omitted" });
      return { links, copy };
    }
    links.push({ members, actingFor: "given" });
    target = target["actingFor"] = Object.create(null) as Record<string, unknown>;
    value = next;
  }
}

function placed(members: Members, prefix: string): [string, unknown][] {
  return [...members].map(([name, value]) => [prefix + name, value]);
}

function checkRequestSchema(value: unknown): void {
  const issue = schemaIssues(value)?.find(({ keyword }) => keyword !== "if");
  if (issue) refuseRequest(issue.instancePath, describeIssue(issue, value));
}

function expandPurposes(purposes: readonly string[]): readonly string[] {
  const expanded = purposes.map((purpose, index) => {
    const full = expandTerm(purpose);
    if (full !== null) return full;
    const meant = suggest(purpose.slice(0, purpose.indexOf(":")), Object.keys(prefixes));
    throw new PolicyError("request-unknown-term", `the prefix of purpose \`${purpose}\` isn't known${meant}`, {
      path: at("/purposes", index),
    });
  });
  return [...new Set(expanded)];
}

/** Takes a request apart. Throws TypeError for wrong types, PolicyError `request-schema`, `request-unknown-term`. Spec: REQ-3 to REQ-6. */
export function readRequest(request: DecisionRequest): AskedRequest {
  const members = membersOf(request, "request");
  checkTypes(members, requestTypes, "");
  const { links, copy } = members.has("principal")
    ? readLinks(members.get("principal"))
    : { links: [], copy: undefined };
  const facts = new Map<string, unknown>();
  const plain: Record<string, unknown> = { ...Object.fromEntries(members), ...(copy && { principal: copy }) };
  for (const [name, types] of [
    ["destination", destinationTypes],
    ["output", outputTypes],
    ["facts", {}],
  ] as const) {
    if (!members.has(name) || (name === "destination" && members.get(name) === null)) continue;
    const part = membersOf(members.get(name), name);
    checkTypes(part, types, `${name}.`);
    plain[name] = Object.assign(Object.create(null) as object, Object.fromEntries(part));
    for (const [path, value] of placed(part, `${name}.`)) facts.set(path, value);
  }
  checkRequestSchema(plain);
  const operation = members.get("operation") as string;
  const outbound = isOutbound(operation);
  if (members.has("region")) facts.set("region", members.get("region"));
  if (members.get("destination") === null || !outbound) {
    for (const path of ["destination.party", "destination.region"]) facts.set(path, null); // REQ-4
  }
  const purposes = expandPurposes(members.get("purposes") as readonly string[]);
  return { operation, known: isOperation(operation), outbound, purposes, links, facts };
}
