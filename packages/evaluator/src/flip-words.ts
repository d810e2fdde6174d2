// A change in plain language.
import { quoted, short } from "./explain.ts";
import { valueBefore } from "./flip-change.ts";
import type { Asked, Change } from "./flip-change.ts";

function shown(value: unknown): string {
  if (value === null) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(shown).join(", ");
  if (typeof value === "string") return quoted(short(value));
  return typeof value === "object" ? "the one given" : JSON.stringify(value);
}

function instead(before: unknown): string {
  return before === undefined ? "" : ` instead of ${shown(before)}`;
}

function instant(seconds: unknown): string {
  return new Date((seconds as number) * 1000).toISOString().replace(".000", "");
}

function stateWords(fact: string, value: unknown, before: unknown): string | undefined {
  if (fact === "now") return `it were ${instant(value)} instead of ${instant(before)}`;
  if (fact === "holds")
    return (value as readonly string[]).length === 0 ? "no hold were in force" : "a hold were in force";
  if (fact === "status") return `the status of the data were ${shown(value)}${instead(before)}`;
  const name = fact.slice(fact.indexOf(":") + 1);
  if (fact.startsWith("consent:"))
    return `the consent ${name} were ${shown(value)}${before === value ? ", read anew" : instead(before)}`;
  if (fact.startsWith("counter:"))
    return `the counter ${name} stood at ${shown(value)}${before === value ? ", read anew" : instead(before)}`;
  return fact.startsWith("approval:") ? `an approval waived the duty ${name}` : undefined;
}

/** A change as what follows "if": `region were EU instead of US`. */
export function changeWords(asked: Asked, { fact, value, assurance }: Change): string {
  const before = valueBefore(asked, fact);
  const ofState = stateWords(fact, value, before);
  if (ofState !== undefined) return ofState;
  const proof = assurance === undefined ? "" : `assurance ${assurance}`;
  if (proof !== "" && JSON.stringify(before) === JSON.stringify(value))
    return `${fact} (${shown(value)}) were proven with ${proof}`;
  const supplied = before === undefined ? "were known to be" : "were";
  return `${fact} ${supplied} ${shown(value)}${instead(before)}${proof === "" ? "" : `, proven with ${proof}`}`;
}
