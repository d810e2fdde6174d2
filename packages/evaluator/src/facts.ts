// What one layer may believe of a request: the chain of its principals and its facts, those below the layer's assurance
// left out. Spec: EVL-5, PRN-1, PRN-3.
import type { DecisionState } from "@writ/core";
import type { AskedRequest, Members } from "./request.ts";

/** A field that was read, or the fact that is missing for it. */
export type Reading =
  | { readonly known: true; readonly value: unknown }
  | { readonly known: false; readonly facts: readonly string[] };

/** One principal of the chain, fields by their last name. */
export interface Link {
  /** `principal`, `principal.actingFor` …, for reasons. */
  readonly path: string;
  /** Whether it is an agent for nobody: known only where `actingFor` is. */
  readonly autonomous: Reading;
  read(field: string): Reading;
}

/** The facts of a request at one assurance. */
export interface Facts {
  readonly links: readonly Link[];
  /** Intersection of the roles of all links. Spec: PRN-3. */
  readonly effectiveRoles: Reading;
  read(path: string): Reading;
}

function isMissing(...facts: readonly string[]): Reading {
  return { known: false, facts };
}

function given(value: unknown): Reading {
  return { known: true, value };
}

type Trusts = (path: string) => boolean;

function readMember(members: Members, name: string, path: string, trusts: Trusts): Reading {
  const full = `${path}.${name}`;
  if (!members.has(name) || !trusts(full)) return isMissing(full);
  const value = members.get(name);
  return given(name === "roles" && value === null ? [] : value); // REQ-4: null roles are the empty list
}

/** A link of which nothing is known, behind a chain that is open for lack of `fact`. Spec: PRN-1. */
function openLink(path: string, fact: string): Link {
  const nothing = isMissing(fact);
  return { path, autonomous: nothing, read: () => nothing };
}

function readLinks(request: AskedRequest, trusts: Trusts): readonly Link[] {
  const links: Link[] = [];
  let path = "principal";
  for (const { members, actingFor } of request.links) {
    const own = path;
    const kind = readMember(members, "kind", own, trusts);
    path = `${own}.actingFor`;
    const tells = actingFor !== "omitted" && trusts(path);
    links.push({
      path: own,
      autonomous: tells ? given(actingFor === "null") : isMissing(path),
      read: (field) => readMember(members, field, own, trusts),
    });
    if (tells && actingFor === "given") continue;
    if (!kind.known) links.push(openLink(path, `${own}.kind`));
    else if (kind.value === "agent" && !tells) links.push(openLink(path, path));
    break;
  }
  return links;
}

function intersectRoles(links: readonly Link[]): Reading {
  const readings = links.map((link) => link.read("roles"));
  const lists = readings.flatMap((reading) => (reading.known ? [reading.value as readonly string[]] : []));
  if (lists.some((list) => list.length === 0)) return given([]);
  const lacking = readings.flatMap((reading) => (reading.known ? [] : reading.facts));
  if (lacking.length > 0) return isMissing(...new Set(lacking));
  const [first = [], ...others] = lists;
  return given(first.filter((role) => others.every((list) => list.includes(role))));
}

/** The facts of the request that have at least `minAssurance`. Spec: EVL-5. */
export function readFacts(request: AskedRequest, state: DecisionState, minAssurance: number): Facts {
  const assurance = new Map(Object.entries(state.assurance ?? {}));
  const trusts: Trusts = (path) => minAssurance === 0 || (assurance.get(path) ?? 0) >= minAssurance;
  const links = readLinks(request, trusts);
  // Where the destination is null because the operation isn't outbound, nobody asserted it: it holds at any assurance.
  const asserted = (path: string): boolean => !path.startsWith("destination.") || request.outbound;
  return {
    links,
    effectiveRoles: intersectRoles(links),
    read: (path) => {
      if (!request.facts.has(path) || (asserted(path) && !trusts(path))) return isMissing(path);
      return given(request.facts.get(path));
    },
  };
}
