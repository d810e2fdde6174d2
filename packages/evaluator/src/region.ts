// Regions: countries, their subdivisions, the two groups.
import { regionGroups } from "./generated/vocabulary.ts";

const subdivision = /^([A-Z]{2})-[A-Z0-9]{1,3}$/;

/** Countries of a group; empty for a region that is none. */
export function countriesOf(region: string): readonly string[] {
  return Object.hasOwn(regionGroups, region) ? regionGroups[region]! : [];
}

/** Whether `region` lies within `other`. Spec: REQ-1. */
export function liesWithin(region: string, other: string): boolean {
  if (region === other) return true;
  if (region === "EU" && other === "EEA") return true;
  if (countriesOf(other).includes(region)) return true;
  const country = subdivision.exec(region)?.[1];
  return country !== undefined && liesWithin(country, other);
}
