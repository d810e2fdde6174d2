// Purposes, operations and the conjuncts of a layer (PUR, OPS, LIM, DUT, EVL-6 to EVL-9).
import { destination, fact, given, hitsAny, holdsForEach, judge, linksOf } from "./facts.ts";
import type { Fact, Reading } from "./facts.ts";
import { and, known, not, open, or } from "./rules.ts";
import type { Rule } from "./rules.ts";
import type { Layer, Limits, Permission, Purpose } from "./shapes.ts";
import { countsK, dutyTypes, expand, includes, liesWithin, outbound, training } from "./tables.ts";

/** p ≤ n over the terms of a layer. */
export function isWithin(terms: ReadonlyMap<string, readonly string[]>, purpose: string, term: string): boolean {
  return purpose === term || (terms.get(purpose) ?? []).some((up) => terms.has(up) && isWithin(terms, up, term));
}
const purposesOf = ({ request }: Reading): string[] => request.purposes.map(expand);

function passes(reading: Reading, clause: readonly Purpose[]): Rule {
  const element = (purpose: string, item: Purpose): Rule => {
    if (typeof item === "string") return reading.relation(purpose, expand(item));
    const both = [reading.relation(purpose, expand(item.exactly)), reading.relation(expand(item.exactly), purpose)];
    return and(both); // equal terms are those that lie within each other: there are no cycles
  };
  return and(purposesOf(reading).map((purpose) => or(clause.map((item) => element(purpose, item)))));
}
const hitsNarrow = (reading: Reading, banned: readonly string[]): Rule =>
  or(purposesOf(reading).flatMap((purpose) => banned.map((term) => reading.relation(purpose, expand(term)))));
const hitsBroad = (reading: Reading, banned: readonly string[]): Rule =>
  or(
    purposesOf(reading).flatMap((p) =>
      banned.map((term) => and([reading.relation(expand(term), p), not(reading.relation(p, expand(term)))])),
    ),
  );
const isTraining = (reading: Reading): Rule => hitsNarrow(reading, training);

function banHits(reading: Reading, banned: readonly string[]): Rule {
  const { operation } = reading.request;
  const hits = (done: string): boolean =>
    banned.includes("*") || banned.includes(done) || includes.get(done)!.some((part) => banned.includes(part));
  if (operation === "delete") return known(banned.includes("delete"));
  return or([known(hits(operation)), and([known(hits("train")), isTraining(reading)])]);
}

// The conjuncts of a layer (4.8), each with its reason code
export type Conjunct = { readonly code: string; readonly rule: Rule };
export const applies = (reading: Reading, permission: Permission): Rule => {
  const names = (done: string): boolean => permission.operations.includes(done) || permission.operations.includes("*");
  const head = [known(names(reading.request.operation)), or([known(names("train")), not(isTraining(reading))])];
  return and([
    ...head,
    permission.purposes ? passes(reading, permission.purposes) : known(true),
    holdsForEach(reading, permission.when),
  ]);
};
/** A value of the state: what lets pass counts only while fresh, what refuses refuses at any age (EVL-4). */
function fresh(reading: Reading, what: string, name: string, passing: boolean | null, ageMs: number | undefined): Rule {
  if (passing === false) return known(false);
  return passing && (ageMs ?? Infinity) <= reading.maxAge[what]! ? known(true) : open([name]);
}
function consented(reading: Reading, consents: Limits["consents"]): Rule {
  const one = (id: string): Rule => {
    const { value, ageMs } = reading.state.consents?.[id] ?? { value: "unknown" };
    return fresh(reading, "consent", `consent:${id}`, value === "given" || (value === "unknown" ? null : false), ageMs);
  };
  return and((consents ?? []).map((item) => one(String(given(reading, item)))));
}
function holdInForce({ state }: Reading): Rule {
  return state.holds === undefined ? open(["holds"]) : known(state.holds.length > 0);
}
function statusValid(reading: Reading): Rule {
  const { statusEntries, status } = reading.state;
  if (statusEntries === undefined) return open(["status"]);
  const entries = statusEntries.map((entry) =>
    status?.find(({ uri, index }) => uri === entry.uri && index === entry.index),
  );
  return and(
    entries.map((entry) =>
      fresh(
        reading,
        "status",
        "status",
        entry === undefined || entry.value === "unknown" ? null : entry.value === "valid",
        entry?.ageMs,
      ),
    ),
  );
}
function ofSet(reading: Reading, set: Limits, own: boolean): Conjunct[] {
  const { request, state, layer } = reading;
  const now = Date.parse(state.now);
  const at = (instant: NonNullable<Limits["notBefore"]>): number => Date.parse(String(given(reading, instant)));
  const isOut = outbound.includes(request.operation);
  const links = linksOf(reading);
  const regions = [fact(reading, "region", request.region), ...(isOut ? [destination(reading, "region")] : [])];
  const parties = [...links.map((link) => link.fields["org"]!), ...(isOut ? [destination(reading, "party")] : [])];
  const isOneOf = (list: readonly unknown[]) => (value: unknown) => list.includes(value);
  const each = (
    facts: readonly Fact[],
    clauses: readonly (readonly string[])[],
    test: (value: string, clause: readonly string[]) => boolean,
  ): Rule =>
    and(
      clauses.flatMap((clause) =>
        facts.map((one) => judge(one, (value) => value !== null && test(value as string, clause))),
      ),
    );
  const texts = (list: Limits["consents"]): string[] => (list ?? []).map((item) => String(given(reading, item)));
  const kinds = set.principals ?? (own && layer.document.kind === "grant" ? ["service", "human"] : undefined);
  const custody = Object.entries(set.custody ?? {}).map(([name, allowed]): Rule => {
    const found = state.custody?.[name] ?? [];
    const fits = (item: string): boolean =>
      allowed.some(
        (one) => one === item || (name === "regions" && one.endsWith("*") && item.startsWith(one.slice(0, -1))),
      );
    return found.length === 0 ? open([`custody.${name}`]) : known(found.every(fits));
  });
  const uses = Object.entries(set.maxUses ?? {}).map(([name, most]): Rule => {
    const counter = state.counters?.[name];
    return fresh(
      reading,
      "counter",
      `counter:${name}`,
      counter === undefined ? null : counter.uses < most,
      counter?.ageMs,
    );
  });
  return [
    { code: "not-yet-valid", rule: known(set.notBefore === undefined || at(set.notBefore) <= now) },
    { code: "expired", rule: known(set.notAfter === undefined || now < at(set.notAfter)) },
    { code: "operation-prohibited", rule: not(banHits(reading, set.notOperations ?? [])) },
    { code: "purpose", rule: and((set.purposes ?? []).map((clause) => passes(reading, clause))) },
    { code: "purpose-prohibited", rule: not(hitsNarrow(reading, set.notPurposes ?? [])) },
    { code: "purpose-too-broad", rule: not(hitsBroad(reading, set.notPurposes ?? [])) },
    {
      code: "region",
      rule: each(regions, set.regions ?? [], (region, clause) => clause.some((element) => liesWithin(region, element))),
    },
    { code: "party", rule: each(parties, (set.parties ?? []).map(texts), (party, clause) => clause.includes(party)) },
    {
      code: "party-prohibited",
      rule: not(
        or(
          parties.map((party) =>
            and([known(set.notParties !== undefined), judge(party, isOneOf(texts(set.notParties)))]),
          ),
        ),
      ),
    },
    {
      code: "principal-kind",
      rule: and(
        kinds
          ? links.flatMap((link) => [
              judge(link.fields["kind"]!, isOneOf(kinds)),
              or([known(kinds.includes("autonomous")), not(link.autonomous)]),
            ])
          : [],
      ),
    },
    {
      code: "k-anonymity",
      rule:
        set.kAnonymity !== undefined && countsK.includes(request.operation)
          ? judge(
              fact(reading, "output.k", request.output?.["k"]),
              (k) => k !== null && (k as number) >= set.kAnonymity!,
            )
          : known(true),
    },
    { code: "custody", rule: and(custody) },
    { code: "uses-exhausted", rule: and(uses) },
    { code: "consent", rule: consented(reading, set.consents) },
  ];
}
export function setsOf({ document, via }: Layer): Limits[] {
  const added = via
    .map((operation) => document.derive?.[operation])
    .map((entry) => (typeof entry === "object" && "inherit" in entry ? (entry.add ?? {}) : {}));
  return [document.limits ?? {}, ...added];
}
export function instants(layer: Layer, member: "notBefore" | "notAfter" | "deleteBy" | "keepUntil"): number[] {
  return setsOf(layer).flatMap((set) => {
    const instant = set[member];
    return instant === undefined
      ? []
      : [Date.parse(typeof instant === "object" ? String(layer.parameters[instant.param]) : instant)];
  });
}
function ofDuties(reading: Reading): Conjunct[] {
  const { document, policy } = reading.layer;
  return (document.duties ?? [])
    .filter((duty) => (duty.criticality ?? "required") === "required")
    .flatMap((duty) => {
      const applied = or(
        (document.permissions ?? [])
          .filter(({ duties }) => duties?.includes(duty.id))
          .map((one) => applies(reading, one)),
      );
      const maxAge = reading.maxAge["approval"]!;
      const waived = reading.state.approvals?.some(
        (one) => one.policy === policy && one.waives === duty.id && (one.ageMs ?? Infinity) <= maxAge,
      );
      const type = { code: "duty-unknown-type", rule: dutyTypes.includes(duty.type) ? known(true) : not(applied) };
      const before = {
        code: "duty-undischarged",
        rule: or([not(applied), waived ? known(true) : open([`approval:${duty.id}`])]),
      };
      return duty.trigger === "before-use" ? [type, before] : [type];
    });
}
function ofProhibitions(reading: Reading): Conjunct[] {
  return (reading.layer.document.prohibitions ?? []).flatMap((ban) => {
    const rest = [banHits(reading, ban.operations), hitsAny(reading, ban.when)];
    const narrow = ban.purposes === undefined ? known(true) : hitsNarrow(reading, ban.purposes);
    const broad = ban.purposes === undefined ? known(false) : hitsBroad(reading, ban.purposes);
    return [
      { code: "prohibited", rule: not(and([narrow, ...rest])) },
      { code: "purpose-too-broad", rule: not(and([broad, ...rest])) },
    ];
  });
}
/** One reading of a layer (EVL-9): its permissions, and what they waive. */
export function conjuncts(
  reading: Reading,
  vocabularyRule: Rule,
  permissions: readonly Permission[],
  waives: readonly string[],
): Conjunct[] {
  const { layer, request, state } = reading;
  const now = Date.parse(state.now);
  const [deleteBy, keepUntil] = [Math.min(...instants(layer, "deleteBy")), Math.max(...instants(layer, "keepUntil"))];
  const sets = setsOf(layer).flatMap((set, index) => ofSet(reading, set, index === 0));
  const bans = ofProhibitions(reading);
  if (request.operation === "delete") {
    const keep = { code: "keep-until", rule: known(!(now < keepUntil)) };
    return [
      ...sets.filter(({ code }) => code === "operation-prohibited"),
      ...bans,
      keep,
      { code: "hold", rule: not(holdInForce(reading)) },
    ];
  }
  const due = deleteBy <= now && !(request.operation === "store" && now < keepUntil);
  const out = ["party", "region"].map((name) => judge(destination(reading, name), (value) => value !== null));
  const some = or(permissions.map((one) => and([applies(reading, one), consented(reading, one.consents)])));
  const waived = ({ code }: Conjunct): boolean =>
    (code === "consent" && waives.includes("consents")) || (code === "region" && waives.includes("regions"));
  return [
    { code: "purpose-term", rule: vocabularyRule },
    { code: "delete-due", rule: due ? holdInForce(reading) : known(true) },
    ...sets.filter((conjunct) => !waived(conjunct)),
    { code: "destination", rule: outbound.includes(request.operation) ? and(out) : known(true) },
    { code: "no-permission", rule: layer.document.kind === "grant" ? some : known(true) },
    ...bans,
    ...ofDuties(reading),
    { code: "status", rule: statusValid(reading) },
  ];
}
