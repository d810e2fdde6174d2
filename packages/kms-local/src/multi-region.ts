import { type Key, type KeyMaterial, primaryRegionOf } from "./key.ts";
import type { State } from "./state.ts";

/** The keys that share this multi-Region key's id and material, itself among them; of others, the key alone. */
export function relatedKeys(state: State, key: Key): Key[] {
  if (!key.multiRegion) return [key];
  return [...state.keys.values()].filter((each) => each.keyId === key.keyId && each.accountId === key.accountId);
}

/** The replicas of a multi-Region key, in the order of their making. */
export function replicasOf(state: State, key: Key): Key[] {
  return key.multiRegion ? relatedKeys(state, key).filter((each) => primaryRegionOf(each) !== each.region) : [];
}

/** Adds material to a primary key and all its replicas, so that each opens what any of them sealed. */
export function addMaterial(state: State, key: Key, material: KeyMaterial): void {
  for (const each of relatedKeys(state, key)) each.materials.push(material);
}
