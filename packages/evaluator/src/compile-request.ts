// Reads the common request straight into the frame. It accepts only what `readRequest` accepts, and reads it alike;
// whatever is odd, wrong or long goes to `readRequest`, which says what is wrong. Spec: REQ-3 to REQ-6.
import type { DecisionRequest } from "@writ/core";
import { operations } from "@writ/core";
import { maxLinks } from "./compile-frame.ts";
import type { Frame, GivenMembers, LinkFacts } from "./compile-frame.ts";
import { expandTerm } from "./expansion.ts";
import { prefixes } from "./generated/vocabulary.ts";
import { builtInTerms } from "./purpose-graph.ts";
import type { Taxonomy } from "./taxonomy.ts";
import { isIri, isRegion, levels } from "./field.ts";

type Members = Readonly<Record<string, unknown>>;

const operationIndexes: ReadonlyMap<unknown, number> = new Map(operations.map((name, index) => [name, index]));
const term = /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/u;
const outputName = /^[a-z][A-Za-z0-9_]{0,63}$/;
const maxText = 512;
/** More are read the long way. */
const maxMembers = 16;
const noRoles: readonly string[] = Object.freeze([]);

/** An object whose enumerable members are all its own, as long as nobody gave any to Object.prototype. */
function isPlain(value: unknown): value is Members {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether `for … in` meets own members only. */
function isPrototypeClean(): boolean {
  for (const _name in Object.prototype) return false;
  return true;
}

/** By code units, so that it is never longer than the schema's count of characters. */
function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= maxText;
}

function isTextList(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length > 64) return false;
  for (let index = 0; index < value.length; index += 1) if (!isText(value[index])) return false;
  return true;
}

/** Full names of terms by every name under which a request may give them. */
export type TermNames = ReadonlyMap<string, string>;

/** Names of all terms of these taxonomies, full and prefixed. */
export function termNames(taxonomies: readonly Taxonomy[]): TermNames {
  const full = [...builtInTerms, ...taxonomies.flatMap(({ terms }) => Object.keys(terms))];
  const names = new Map(full.filter(isIri).map((name) => [name, name]));
  for (const [prefix, start] of Object.entries(prefixes)) {
    for (const name of full.filter((one) => one.startsWith(start))) {
      const short = `${prefix}:${name.slice(start.length)}`;
      if (term.test(short) && short.length <= maxText && expandTerm(short) === name) names.set(short, name);
    }
  }
  return names;
}

function fullTerm(value: unknown, names: TermNames): string | null {
  if (typeof value !== "string") return null;
  const full = names.get(value);
  if (full !== undefined) return full;
  return value.length <= maxText && term.test(value) ? expandTerm(value) : null;
}

function readPurposes(frame: Frame, value: unknown, names: TermNames): boolean {
  if (!Array.isArray(value) || value.length > 8) return false;
  for (let index = 0; index < value.length; index += 1) {
    const full = fullTerm(value[index], names);
    if (full === null) return false;
    frame.purposes[index] = full;
  }
  frame.purposeCount = value.length;
  return true;
}

/** Reads a principal; gives what it acts for, undefined for nobody, or false for one that is read the long way. */
function readPrincipal(frame: Frame, value: unknown): unknown {
  if (frame.givenLinks === maxLinks || !isPlain(value)) return false;
  const place = frame.givenLinks;
  const link = frame.asserted.links[place]!;
  let actingFor: unknown;
  link.id = link.kind = link.roles = link.org = link.clearance = undefined;
  for (const name in value) {
    const member = value[name];
    if (name === "actingFor") actingFor = member;
    else if (member !== undefined && !readMember(link, name, member)) return false;
  }
  if (link.id === undefined || link.kind === undefined) return false;
  if (actingFor !== undefined && actingFor !== null && link.kind !== "agent") return false;
  frame.actingFor[place] = actingFor === undefined ? "omitted" : actingFor === null ? "null" : "given";
  frame.givenLinks += 1;
  return actingFor ?? undefined;
}

function readMember(link: LinkFacts, name: string, value: unknown): boolean {
  switch (name) {
    case "id":
      link.id = value;
      return isText(value);
    case "kind":
      link.kind = value;
      return value === "service" || value === "human" || value === "agent";
    case "roles":
      if (value !== null && !isTextList(value)) return false;
      link.roles = value ?? noRoles;
      return true;
    case "org":
      link.org = value;
      return value === null || isText(value);
    case "clearance":
      link.clearance = value;
      return value === null || levels.includes(value as string);
    default:
      return false;
  }
}

function readChain(frame: Frame, value: unknown): boolean {
  let next: unknown = value;
  do next = readPrincipal(frame, next);
  while (next !== undefined && next !== false);
  return next === undefined;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isRegionOrNull(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== "string") return false;
  const isCountry = value.length === 2 && isCapital(value.charCodeAt(0)) && isCapital(value.charCodeAt(1));
  return isCountry || isRegion(value);
}

function readDestination(frame: Frame, value: unknown): boolean {
  const { asserted } = frame;
  if (value === null) {
    asserted.party = asserted.toRegion = null;
    return true;
  }
  if (!isPlain(value)) return false;
  for (const name in value) {
    const member = value[name];
    if (member === undefined) continue;
    if (name === "party" && (member === null || isText(member))) asserted.party = member;
    else if (name === "region" && isRegionOrNull(member)) asserted.toRegion = member;
    else return false;
  }
  return true;
}

type NameCheck = (name: string) => boolean;
const isOutputName: NameCheck = (name) => outputName.test(name);

function readMembers(given: GivenMembers, value: unknown, isName: NameCheck): boolean {
  if (!isPlain(value)) return false;
  for (const name in value) {
    const member = value[name];
    if (member === undefined) continue;
    if (given.count === maxMembers || !isName(name)) return false;
    given.names[given.count] = name;
    given.values[given.count] = member;
    given.count += 1;
  }
  return true;
}

function hasGroupSize({ names, values, count }: GivenMembers): boolean {
  for (let index = 0; index < count; index += 1) {
    if (names[index] === "k" && values[index] !== null && !Number.isSafeInteger(values[index])) return false;
  }
  return true;
}

/** Reads a request into the frame, which then holds it; false where `readRequest` must. */
export function readIntoFrame(frame: Frame, request: DecisionRequest, names: TermNames): boolean {
  if (!isPlain(request) || !isPrototypeClean()) return false;
  let operationIndex: number | undefined;
  let hasPurposes = false;
  let hasPrincipal = false;
  let destination: unknown;
  const { asserted } = frame;
  for (const name in request) {
    const value = (request as Members)[name];
    if (value === undefined) continue;
    switch (name) {
      case "operation":
        operationIndex = operationIndexes.get(value);
        if (operationIndex === undefined) return false;
        break;
      case "purposes":
        hasPurposes = readPurposes(frame, value, names);
        if (!hasPurposes) return false;
        break;
      case "principal":
        hasPrincipal = readChain(frame, value);
        if (!hasPrincipal) return false;
        break;
      case "region":
        if (!isRegionOrNull(value)) return false;
        asserted.region = value;
        break;
      case "destination":
        destination = value;
        break;
      case "output":
        if (!readMembers(frame.output, value, isOutputName) || !hasGroupSize(frame.output)) return false;
        break;
      case "facts":
        if (!readMembers(frame.facts, value, isIri)) return false;
        break;
      default:
        return false;
    }
  }
  if (operationIndex === undefined || !hasPurposes || !hasPrincipal) return false;
  frame.operation = operations[operationIndex]!;
  frame.operationIndex = operationIndex;
  if (frame.purposeCount === 0 && !frame.deletion) return false;
  if (frame.outbound) return destination === undefined || readDestination(frame, destination);
  asserted.party = asserted.toRegion = null; // REQ-4
  return destination === undefined;
}
