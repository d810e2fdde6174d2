// The request and the state as compiled rules read them: one frame for all decisions of an evaluator, filled anew for
// each, so that a decision allocates next to nothing. A member that is undefined is not known; null is known to be absent.
import type { DecisionState, Operation } from "@writ/core";
import { operations } from "@writ/core";
import { trainingTerms } from "./generated/vocabulary.ts";
import { isGrouped, isOutbound } from "./operation-table.ts";
import type { PurposeGraph } from "./purpose-graph.ts";

/** Most principals that act for each other. Spec: REQ-6. */
export const maxLinks = 8;

/** Paths of the links of a chain, the open one behind it included. */
export const linkPaths: readonly string[] = Array.from(
  { length: maxLinks + 1 },
  (_, index) => `principal${".actingFor".repeat(index)}`,
);

const memberPaths = linkPaths.map((path) => ({
  id: `${path}.id`,
  kind: `${path}.kind`,
  roles: `${path}.roles`,
  org: `${path}.org`,
  clearance: `${path}.clearance`,
  actingFor: `${path}.actingFor`,
}));

/** One principal of the chain. */
export interface LinkFacts {
  readonly path: string;
  id: unknown;
  kind: unknown;
  /** Null roles are the empty list. Spec: REQ-4. */
  roles: readonly string[] | undefined;
  org: unknown;
  clearance: unknown;
  /** Whether it is an agent for nobody. */
  autonomous: boolean | undefined;
}

/** Members of `output` or `facts` by their own names. */
export interface GivenMembers {
  readonly names: string[];
  readonly values: unknown[];
  count: number;
}

/** What may be believed at one assurance. */
export interface AssuredFacts {
  readonly level: number;
  /** Whether they are those of the request at hand. */
  current: boolean;
  readonly links: readonly LinkFacts[];
  linkCount: number;
  /** Intersection of the roles of all links. Spec: PRN-3. */
  effectiveRoles: readonly string[] | undefined;
  region: unknown;
  party: unknown;
  toRegion: unknown;
}

function emptyFacts(level: number): AssuredFacts {
  const links = linkPaths.map((path): LinkFacts => ({
    path,
    id: undefined,
    kind: undefined,
    roles: undefined,
    org: undefined,
    clearance: undefined,
    autonomous: undefined,
  }));
  return {
    level,
    current: false,
    links,
    linkCount: 0,
    effectiveRoles: undefined,
    region: undefined,
    party: undefined,
    toRegion: undefined,
  };
}

const trainBit = 1 << operations.indexOf("train");
const deleteIndex = operations.indexOf("delete");
const bitsOf = (holds: (operation: Operation) => boolean): number =>
  operations.reduce((bits, operation, index) => (holds(operation) ? bits | (1 << index) : bits), 0);

/** Every operation, as bits. */
export const allBits: number = bitsOf(() => true);

/** The operations that need a destination, as bits. */
export const outboundBits: number = bitsOf(isOutbound);

/** The operations that `kAnonymity` concerns, as bits. */
export const groupedBits: number = bitsOf(isGrouped);

const outboundOperations = operations.map((operation) => isOutbound(operation));
const groupedOperations = operations.map((operation) => isGrouped(operation));
const noRoles: readonly string[] = Object.freeze([]);
const noState: DecisionState = { now: 0 };

/** A request with a state. */
export class Frame {
  operation = "";
  /** Place among core's operations. */
  operationIndex = 0;
  /** Full IRIs; the first `purposeCount` are of this request. */
  readonly purposes: string[] = [];
  purposeCount = 0;
  /** For the graph of the layer at hand: 1 + the place of each purpose, 0 for a term that the graph doesn't have. */
  readonly places: number[] = [];
  /** The operation as a bit, with that of `train` where a purpose is training. Spec: PUR-5. */
  asked = 0;
  /** A number for each value of `asked`, for lists made once for each. */
  slot = 0;
  readonly output: GivenMembers = { names: [], values: [], count: 0 };
  readonly facts: GivenMembers = { names: [], values: [], count: 0 };
  state: DecisionState = noState;
  /** Principals given, before any is left out for want of assurance. */
  givenLinks = 0;
  /** Of each link: whether `actingFor` is left out, null, or the next link. */
  readonly actingFor: ("omitted" | "null" | "given")[] = [];
  readonly #levels: readonly AssuredFacts[] = [0, 1, 2, 3].map(emptyFacts);

  /** What was asserted by anyone. */
  get asserted(): AssuredFacts {
    return this.#levels[0]!;
  }

  get outbound(): boolean {
    return outboundOperations[this.operationIndex]!;
  }

  get grouped(): boolean {
    return groupedOperations[this.operationIndex]!;
  }

  get deletion(): boolean {
    return this.operationIndex === deleteIndex;
  }

  /** Forgets the request before, so that nothing of it outlives its decision by much or mixes with the next. */
  clear(): void {
    this.purposeCount = 0;
    this.output.count = 0;
    this.facts.count = 0;
    this.givenLinks = 0;
    this.state = noState;
    for (const level of this.#levels) level.current = false;
    const { asserted } = this;
    asserted.region = undefined;
    asserted.party = undefined;
    asserted.toRegion = undefined;
  }

  /** Reads the purposes in the graph of a layer. */
  enter(graph: PurposeGraph): void {
    let isTraining = false;
    for (let index = 0; index < this.purposeCount; index += 1) {
      const purpose = this.purposes[index]!;
      const place = graph.placeOf(purpose);
      this.places[index] = place;
      isTraining ||= place === 0 ? trainingTerms.includes(purpose) : graph.training[place] === 1;
    }
    const bit = 1 << this.operationIndex;
    const trains = isTraining && !this.deletion;
    this.asked = trains ? bit | trainBit : bit;
    this.slot = 2 * this.operationIndex + (trains ? 1 : 0);
  }

  /** The facts that have at least this assurance. Spec: EVL-5. */
  at(level: number): AssuredFacts {
    const facts = this.#levels[level]!;
    if (facts.current) return facts;
    this.#readLinks(facts);
    facts.effectiveRoles = intersectRoles(facts);
    if (level > 0) {
      const { asserted } = this;
      facts.region = this.trusts("region", level) ? asserted.region : undefined;
      // Where the destination is null because the operation isn't outbound, nobody asserted it.
      facts.party = !this.outbound || this.trusts("destination.party", level) ? asserted.party : undefined;
      facts.toRegion = !this.outbound || this.trusts("destination.region", level) ? asserted.toRegion : undefined;
    }
    facts.current = true;
    return facts;
  }

  /** Whether evidence of this level stands behind a path. */
  trusts(path: string, level: number): boolean {
    if (level === 0) return true;
    const { assurance } = this.state;
    return assurance !== undefined && Object.hasOwn(assurance, path) && (assurance[path] ?? 0) >= level;
  }

  /** Spec: PRN-1. */
  #readLinks(facts: AssuredFacts): void {
    const { level, links } = facts;
    let count = 0;
    for (let index = 0; index < this.givenLinks; index += 1) {
      const link = links[index]!;
      const given = this.actingFor[index]!;
      const tells = given !== "omitted" && this.trusts(memberPaths[index]!.actingFor, level);
      if (level > 0) this.#restrict(link, index, level);
      link.autonomous = tells ? given === "null" : undefined;
      count = index + 1;
      if (tells && given === "given") continue;
      if (link.kind === undefined || (link.kind === "agent" && !tells)) {
        forget(links[count]!); // a link of which nothing is known
        count += 1;
      }
      break;
    }
    facts.linkCount = count;
  }

  #restrict(link: LinkFacts, index: number, level: number): void {
    const given = this.asserted.links[index]!;
    const paths = memberPaths[index]!;
    link.id = this.trusts(paths.id, level) ? given.id : undefined;
    link.kind = this.trusts(paths.kind, level) ? given.kind : undefined;
    link.roles = this.trusts(paths.roles, level) ? given.roles : undefined;
    link.org = this.trusts(paths.org, level) ? given.org : undefined;
    link.clearance = this.trusts(paths.clearance, level) ? given.clearance : undefined;
  }
}

function forget(link: LinkFacts): void {
  link.id = undefined;
  link.kind = undefined;
  link.roles = undefined;
  link.org = undefined;
  link.clearance = undefined;
  link.autonomous = undefined;
}

function intersectRoles({ links, linkCount }: AssuredFacts): readonly string[] | undefined {
  if (linkCount === 1) return links[0]!.roles;
  const lists = links.slice(0, linkCount).map(({ roles }) => roles);
  if (lists.some((list) => list?.length === 0)) return noRoles;
  const [first, ...others] = lists;
  if (first === undefined || others.includes(undefined)) return undefined;
  return first.filter((role) => others.every((list) => list!.includes(role)));
}
