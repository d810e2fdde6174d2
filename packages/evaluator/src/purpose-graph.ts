// The purposes of one layer: terms of its pinned taxonomies, its own terms, two built-in ones. Broader terms are bitsets.
import type { Taxonomy } from "./taxonomy.ts";

/** Relations between the purposes of one layer. */
export interface PurposeGraph {
  readonly terms: readonly string[];
  /** IRIs of pinned taxonomies that aren't held: where there is one, relations are unknown. Spec: TAX-5. */
  readonly lacking: readonly string[];
  has(term: string): boolean;
  /** p ≤ n: equal, or a chain of broader links leads from p to n. */
  isWithin(p: string, n: string): boolean;
}

const builtInTerms = ["urn:writ:term:ModelTraining", "urn:writ:term:Emergency"];

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
  return {
    terms: order,
    lacking,
    has: (term) => position.has(term),
    isWithin: (p, n) => {
      if (p === n) return true;
      const [from, to] = [position.get(p), position.get(n)];
      return from !== undefined && to !== undefined && ((above[from]![to >>> 5]! >>> (to & 31)) & 1) === 1;
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
