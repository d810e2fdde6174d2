// A taxonomy as it is pinned: by the digest over its terms and links.
import { encodeCbor, nameOf, PolicyError } from "@writ/core";
import type { CborValue, Digest } from "@writ/core";
import { byCodePoint } from "./code-point-order.ts";

/** Terms, each with its broader terms. */
export interface Taxonomy {
  readonly iri: string;
  readonly version: string;
  /** The digest under which it is held and pinned. */
  readonly digest: Digest;
  readonly terms: Readonly<Record<string, readonly string[]>>;
}

/** The digest of a taxonomy, whatever it claims. Spec: TAX-1. */
export function taxonomyDigest({ iri, version, terms }: Omit<Taxonomy, "digest">): Digest {
  const links = Object.entries(terms).map(([term, broader]): [string, CborValue] => [
    term,
    [...new Set(broader)].sort(byCodePoint),
  ]);
  const entries: [string, CborValue][] = [
    ["iri", iri],
    ["version", version],
    ["terms", new Map(links)],
  ];
  return nameOf(encodeCbor(new Map(entries)));
}

/**
 * The taxonomies an evaluator holds, by digest: those that ship with it, whose digests a test compares, and those handed in. Throws PolicyError
 * `policy-taxonomy` for one handed in that isn't what its digest says. Spec: TAX-1.
 */
export function holdTaxonomies(
  shipped: readonly Taxonomy[],
  handedIn: readonly Taxonomy[] = [],
): ReadonlyMap<Digest, Taxonomy> {
  for (const taxonomy of handedIn) {
    if (taxonomyDigest(taxonomy) !== taxonomy.digest) {
      throw new PolicyError("policy-taxonomy", `taxonomy \`${taxonomy.iri}\` is not the one of its digest`);
    }
  }
  return new Map([...shipped, ...handedIn].map((taxonomy) => [taxonomy.digest, taxonomy]));
}
