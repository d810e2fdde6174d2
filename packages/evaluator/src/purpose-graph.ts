// The purposes of one layer: terms of its pinned taxonomies, its own terms, two built-in ones. Broader terms are bitsets.
import { trainingTerms } from "./generated/vocabulary.ts";
import type { Taxonomy } from "./taxonomy.ts";

/** Relations between the purposes of one layer. */
export interface PurposeGraph {
  readonly terms: readonly string[];
  /** IRIs of pinned taxonomies that aren't held: where there is one, relations are unknown. Spec: TAX-5. */
  readonly lacking: readonly string[];
  has(term: string): boolean;
  /** p ≤ n: equal, or a chain of broader links leads from p to n. */
  isWithin(p: string, n: string): boolean;
  /** 1 + the place of a term in `terms`; 0 for one that isn't there. */
  placeOf(term: string): number;
  /** By place: 1 for each term within this one, itself included. */
  narrower(term: string): TermSet;
  /** By place: 1 for each term that holds this one, itself not included. */
  broader(term: string): TermSet;
  /** By place: 1 for each purpose that counts as training. Spec: PUR-5. */
  readonly training: TermSet;
}

/** A set of terms as bytes by place; place 0, for terms that aren't there, is never in it. */
export type TermSet = Readonly<Uint8Array>;

/** Sets of the terms of a graph, each made once. */
class TermSets {
  readonly #count: number;
  readonly #made = new Map<string, TermSet>();

  constructor(count: number) {
    this.#count = count;
  }

  of(key: string, holds: (index: number) => boolean): TermSet {
    const made = this.#made.get(key);
    if (made) return made;
    const set = new Uint8Array(this.#count + 1);
    for (let index = 0; index < this.#count; index += 1) if (holds(index)) set[index + 1] = 1;
    this.#made.set(key, set);
    return set;
  }
}

/** Terms that every graph has. */
export const builtInTerms: readonly string[] = ["urn:writ:term:ModelTraining", "urn:writ:term:Emergency"];

type Links = Map<string, Set<string>>;

function unite(links: Links, terms: Readonly<Record<string, readonly string[]>>): void {
  for (const [term, broader] of Object.entries(terms)) {
    const known = links.get(term) ?? new Set();
    for (const name of broader) known.add(name);
    links.set(term, known);
  }
}

/** Terms such that broader ones come first; what is part of a circle, or leads into one, is left over. */
function broaderFirst(links: Links): { order: string[]; left: string[] } {
  const open = new Map<string, number>();
  const narrower = new Map<string, string[]>();
  for (const [term, broader] of links) {
    const within = [...broader].filter((name) => links.has(name)); // TAX-2: links out of the layer are ignored
    open.set(term, within.length);
    for (const name of within) narrower.set(name, [...(narrower.get(name) ?? []), term]);
  }
  const order = [...links.keys()].filter((term) => open.get(term) === 0);
  for (const term of order) {
    for (const name of narrower.get(term) ?? []) {
      const left = (open.get(name) ?? 0) - 1;
      open.set(name, left);
      if (left === 0) order.push(name);
    }
  }
  return { order, left: [...open].filter(([, count]) => count > 0).map(([term]) => term) };
}

/** Builds the graph, or names a term of a circle. Spec: TAX-2, TAX-3. */
export function buildPurposeGraph(
  held: readonly Taxonomy[],
  own: Readonly<Record<string, readonly string[]>>,
  lacking: readonly string[],
): PurposeGraph | { readonly cycle: readonly string[] } {
  const links: Links = new Map(builtInTerms.map((term) => [term, new Set<string>()]));
  for (const { terms } of held) unite(links, terms);
  unite(links, own);
  const { order, left } = broaderFirst(links);
  if (left.length > 0) return { cycle: left };
  const position = new Map(order.map((term, index) => [term, index]));
  const above: Uint32Array[] = [];
  for (const [index, term] of order.entries()) {
    const bits = new Uint32Array((order.length + 31) >>> 5);
    bits[index >>> 5]! |= 1 << (index & 31);
    for (const name of links.get(term) ?? []) {
      const broader = position.get(name);
      if (broader !== undefined) above[broader]!.forEach((word, at) => (bits[at]! |= word));
    }
    above.push(bits);
  }
  const leads = (from: number, to: number): boolean => ((above[from]![to >>> 5]! >>> (to & 31)) & 1) === 1;
  const sets = new TermSets(order.length);
  const trainingSet = (): TermSet => {
    const known = trainingTerms.flatMap((term) => position.get(term) ?? []);
    return sets.of("training", (from) => known.some((to) => leads(from, to)));
  };
  let training: TermSet | undefined;
  return {
    terms: order,
    lacking,
    has: (term) => position.has(term),
    isWithin: (p, n) => {
      if (p === n) return true;
      const [from, to] = [position.get(p), position.get(n)];
      return from !== undefined && to !== undefined && leads(from, to);
    },
    placeOf: (term) => (position.get(term) ?? -1) + 1,
    narrower: (term) => {
      const to = position.get(term);
      return sets.of(`narrower ${term}`, (from) => to !== undefined && leads(from, to));
    },
    broader: (term) => {
      const from = position.get(term);
      return sets.of(`broader ${term}`, (to) => from !== undefined && from !== to && leads(from, to));
    },
    get training() {
      return (training ??= trainingSet());
    },
  };
}

const maxGraphs = 64;

/** Graphs of pinned taxonomies without own terms: most policies pin the same ones. */
export class PurposeGraphs {
  readonly #graphs = new Map<string, ReturnType<typeof buildPurposeGraph>>();

  of(held: readonly Taxonomy[], lacking: readonly string[]): ReturnType<typeof buildPurposeGraph> {
    if (lacking.length > 0) return buildPurposeGraph(held, {}, lacking); // named by the document, so not kept
    const key = held.map(({ digest }) => digest).join();
    const graph = this.#graphs.get(key) ?? buildPurposeGraph(held, {}, []);
    if (this.#graphs.size < maxGraphs) this.#graphs.set(key, graph);
    return graph;
  }
}
