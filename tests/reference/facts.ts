// Facts as one reading of a layer sees them, and conditions over them (REQ-4, EVL-5, PRN-1 to PRN-3, CND-1, CND-2).
import { and, known, not, open, or, unique } from "./rules.ts";
import type { Rule } from "./rules.ts";
import type { Condition, Layer, Param, Principal, Request, Scalar, State } from "./shapes.ts";
import { levels, liesWithin, outbound } from "./tables.ts";

/** `lacks` names what to supply where the fact is unknown. */
export type Fact = { readonly path: readonly string[]; readonly lacks?: true; readonly value?: unknown };
export type Link = { readonly fields: Readonly<Record<string, Fact>>; readonly autonomous: Rule };
/** What all rules of one reading look at. */
export interface Reading {
  readonly layer: Layer;
  readonly request: Request;
  readonly state: State;
  readonly minAssurance: number;
  readonly maxAge: Readonly<Record<string, number>>;
  readonly relation: (purpose: string, term: string) => Rule;
}

export function fact({ state, minAssurance }: Reading, path: string, value: unknown): Fact {
  const readable = value !== undefined && (state.assurance?.[path] ?? 0) >= minAssurance;
  return readable ? { path: [path], value } : { path: [path], lacks: true };
}
/** An unknown for a fact that lacks, else what `judge` says of its value. */
export const judge = (given: Fact, test: (value: unknown) => boolean): Rule =>
  given.lacks ? open(given.path) : known(test(given.value));

export function linksOf(reading: Reading): Link[] {
  const links: Link[] = [];
  const names = ["id", "kind", "roles", "org", "clearance"] as const;
  let next: Principal | null | undefined = reading.request.principal;
  for (let path = "principal"; next; path += ".actingFor") {
    const link: Principal = next;
    const at = (name: (typeof names)[number]): Fact =>
      fact(reading, `${path}.${name}`, name === "roles" && link.roles === null ? [] : link[name]);
    const [kind, acting] = [at("kind"), fact(reading, `${path}.actingFor`, link.actingFor)];
    const unclear = kind.lacks ? kind : kind.value === "agent" && acting.lacks ? acting : null;
    const alone = kind.value === "agent" && acting.value === null;
    links.push({
      fields: Object.fromEntries(names.map((n) => [n, at(n)])),
      autonomous: unclear ? open(unclear.path) : known(alone),
    });
    next = acting.lacks ? null : (link.actingFor ?? null);
    if (unclear && !next)
      links.push({ fields: Object.fromEntries(names.map((n) => [n, unclear])), autonomous: open(unclear.path) });
  }
  return links;
}
export function effectiveRoles(links: readonly Link[]): Fact {
  const roles = links.map((link) => link.fields["roles"]!);
  const lists = roles.filter((given) => !given.lacks).map((given) => given.value as readonly string[]);
  const path = unique(roles.filter((given) => given.lacks).flatMap((given) => given.path));
  if (path.length > 0 && lists.every((list) => list.length > 0)) return { path, lacks: true };
  return { path, value: (lists[0] ?? []).filter((role) => lists.every((list) => list.includes(role))) };
}
export function destination(reading: Reading, name: string): Fact {
  const given = reading.request.destination;
  if (!outbound.includes(reading.request.operation)) return { path: [], value: null };
  return fact(reading, `destination.${name}`, given === null ? null : given?.[name]);
}
function fieldOf(reading: Reading, field: string, link: Link, roles: Fact): Fact {
  const { request, state, maxAge } = reading;
  const name = field.slice(field.indexOf(".") + 1);
  if (field === "principal.roles") return roles;
  if (field.startsWith("principal.")) return link.fields[name]!;
  if (field.startsWith("destination.")) return destination(reading, name);
  if (field.startsWith("output.")) return fact(reading, field, request.output?.[name]);
  if (field.startsWith("facts.")) return fact(reading, field, request.facts?.[name]);
  if (field === "region") return fact(reading, field, request.region);
  const counter = state.counters?.[name];
  const readable = counter !== undefined && (counter.ageMs ?? Infinity) <= maxAge["counter"]!;
  return readable ? { path: [`counter:${name}`], value: counter.uses } : { path: [`counter:${name}`], lacks: true };
}

export const given = (reading: Reading, item: Scalar | Param): Scalar =>
  typeof item === "object" ? reading.layer.parameters[item.param]! : item;

function operator(reading: Reading, name: string, operand: unknown, field: string, looked: Fact): Rule {
  const { value } = looked;
  if (looked.lacks) return open(looked.path);
  if (name === "exists") return known((value !== null) === operand);
  if (value === null) return known(["ne", "notIn", "hasNone"].includes(name));
  const wrongType = open(looked.path);
  const operands = [operand].flat().map((item) => given(reading, item as Scalar | Param));
  if (name.startsWith("has")) {
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) return wrongType;
    const held = operands.map((item) => value.includes(item));
    return known(name === "hasAll" ? !held.includes(false) : held.includes(true) === (name === "hasAny"));
  }
  if (typeof value !== typeof operands[0] || (typeof value === "number" && !Number.isSafeInteger(value)))
    return wrongType;
  if (["eq", "ne", "in", "notIn"].includes(name)) {
    const region = field === "region" || field === "destination.region";
    const equal = operands.some((item) => (region ? liesWithin(value as string, item as string) : value === item));
    return known(equal === (name === "eq" || name === "in"));
  }
  const rank = (item: unknown): number =>
    field === "principal.clearance" ? levels.indexOf(item as string) : (item as number);
  if (field !== "principal.clearance" && typeof value !== "number") return wrongType;
  const difference = rank(value) - rank(operands[0]);
  return known({ lt: difference < 0, lte: difference <= 0, gt: difference > 0, gte: difference >= 0 }[name]!);
}
function condition(reading: Reading, when: Condition, link: Link, roles: Fact): Rule {
  const parts = Object.entries(when).map(([member, content]): Rule => {
    if (member === "not") return not(condition(reading, content as Condition, link, roles));
    if (member === "all") return and((content as Condition[]).map((part) => condition(reading, part, link, roles)));
    if (member === "any") return or((content as Condition[]).map((part) => condition(reading, part, link, roles)));
    const looked = fieldOf(reading, member, link, roles);
    return and(
      Object.entries(content as object).map(([name, operand]) => operator(reading, name, operand, member, looked)),
    );
  });
  return and(parts);
}
export function holdsForEach(reading: Reading, when: Condition | undefined): Rule {
  const links = linksOf(reading);
  return and(links.map((link) => condition(reading, when ?? {}, link, effectiveRoles(links))));
}
export function hitsAny(reading: Reading, when: Condition | undefined): Rule {
  const links = linksOf(reading);
  return or(
    links.flatMap((link) =>
      [link.fields["roles"]!, effectiveRoles(links)].map((roles) => condition(reading, when ?? {}, link, roles)),
    ),
  );
}
