import type { Key } from "./key.ts";
import { replicasOf } from "./multi-region.ts";
import { expireMaterial } from "./operations/imports.ts";
import { rotateDue } from "./operations/rotation.ts";
import type { State } from "./state.ts";
import type { ServiceDeed } from "./trail.ts";

const dayMs = 86_400_000;

/** Lets the clock act on the state; gives what AWS KMS did by itself, and whether anything changed. */
export function passTime(state: State, now: number): { readonly changed: boolean; readonly deeds: ServiceDeed[] } {
  const moved = endTransitions(state, now);
  const deeds: ServiceDeed[] = [];
  const tell = (name: ServiceDeed["name"]) => (key: Key) => void deeds.push({ name, key });
  expireMaterial(state.keys.values(), now).forEach(tell("DeleteExpiredKeyMaterial"));
  const rotated = rotateDue(state, now);
  rotated.forEach(tell("RotateKey"));
  rotated.filter((key) => key.primaryRegion !== undefined).forEach(tell("SynchronizeMultiRegionKey"));
  deleteDue(state, now).forEach(tell("DeleteKey"));
  return { changed: moved || deeds.length > 0, deeds };
}

/** Keys leave the states that end by themselves. */
function endTransitions(state: State, now: number): boolean {
  let changed = false;
  for (const key of state.keys.values()) {
    if (!key.transition || key.transition.until > now) continue;
    key.state = key.transition.state;
    delete key.transition;
    changed = true;
  }
  return changed;
}

/** Keys whose window is over go, with their aliases; the window of a primary key begins with its last replica's end. */
function deleteDue(state: State, now: number): Key[] {
  const due = [...state.keys.entries()].filter(([, key]) => key.deletion && key.deletion.date <= now);
  for (const [arn, key] of due) {
    state.keys.delete(arn);
    for (const [name, alias] of state.aliases) {
      const here = name.startsWith(arn.slice(0, arn.lastIndexOf(":")));
      if (here && alias.targetKeyId === key.keyId) state.aliases.delete(name);
    }
  }
  const gone = due.map(([, key]) => key);
  const freed = gone.flatMap((replica) => startWindow(state, replica));
  return freed.length > 0 ? [...gone, ...deleteDue(state, now)] : gone;
}

function startWindow(state: State, replica: Key): Key[] {
  if (!replica.deletion) return [];
  const waiting = [...state.keys.values()].filter(
    (key) =>
      key.deletionWindowInDays !== undefined && key.keyId === replica.keyId && key.accountId === replica.accountId,
  );
  const free = waiting.filter((key) => replicasOf(state, key).length === 0);
  for (const key of free) {
    key.state = "PendingDeletion";
    key.deletion = { date: replica.deletion.date + (key.deletionWindowInDays ?? 0) * dayMs };
    delete key.deletionWindowInDays;
  }
  return free;
}
