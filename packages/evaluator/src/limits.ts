// The conjuncts that limits and the state make. Spec: EVL-6, LIM-1 to LIM-8.
import type { DecisionState } from "@writ/core";
import type { Conjunct, Part } from "./conjunct.ts";
import type { Limits } from "./document.ts";
import { and, known, lookup, not } from "./expression.ts";
import type { Expression } from "./expression.ts";
import type { Link, Reading } from "./facts.ts";
import { isGrouped } from "./operation-table.ts";
import { liesWithin } from "./region.ts";
import { banHits, passesClause } from "./rules.ts";
import { isBeyond, judgeConsent, readCounter, relation, staleAfter } from "./situation.ts";
import type { Situation } from "./situation.ts";
import { parseInstant } from "./time.ts";

/** A rule on one field: what its absence and its value say. */
function judgeReading(reading: Reading, holds: (value: unknown) => boolean): Expression {
  return reading.known ? known(holds(reading.value)) : lookup(...reading.facts);
}

/** The parts that each set gives of one member. */
function partsOf<K extends keyof Limits>(
  { layer, waived }: Situation,
  member: K,
  judge: (value: NonNullable<Limits[K]>) => readonly Part[],
): readonly Part[] {
  if (waived.has(member)) return [];
  return layer.sets.flatMap((set) => {
    const value = set[member];
    return value === undefined ? [] : judge(value as NonNullable<Limits[K]>).map((part) => ({ rule: member, ...part }));
  });
}

/** Spec: PUR-1. */
function purposeTerm(situation: Situation): readonly Part[] {
  const { graph } = situation.layer;
  return situation.request.purposes.map((purpose) => ({
    holds: relation(situation, () => graph.has(purpose)),
    subject: purpose,
  }));
}

/** Spec: LIM-1. */
function deleteDue({ layer, request, state }: Situation): readonly Part[] {
  const { deleteBy, keepUntil } = layer;
  if (deleteBy === undefined || state.now < deleteBy) return [];
  if (request.operation === "store" && keepUntil !== undefined && state.now < keepUntil) return [];
  return [{ holds: state.holds ? known(state.holds.length > 0) : lookup("holds"), rule: "deleteBy" }];
}

function purposeClauses(situation: Situation): readonly Part[] {
  return partsOf(situation, "purposes", (clauses) =>
    clauses.flatMap((clause) =>
      situation.request.purposes.map((purpose) => ({
        holds: passesClause(situation, clause, purpose),
        subject: purpose,
      })),
    ),
  );
}

function purposeBans(situation: Situation, hits: (purpose: string, banned: string) => boolean): readonly Part[] {
  return partsOf(situation, "notPurposes", (banned) =>
    situation.request.purposes.map((purpose) => ({
      holds: not(relation(situation, () => banned.some((term) => hits(purpose, term)))),
      subject: purpose,
    })),
  );
}

/** Spec: LIM-2. */
function regions(situation: Situation): readonly Part[] {
  const paths = situation.request.outbound ? ["region", "destination.region"] : ["region"];
  return partsOf(situation, "regions", (clauses) =>
    clauses.flatMap((clause) =>
      paths.map((path) => ({
        holds: judgeReading(
          situation.facts.read(path),
          (value) => value !== null && clause.some((region) => liesWithin(value as string, region)),
        ),
        subject: path,
      })),
    ),
  );
}

/** The organisations that ask, every link's, and that receive, with their paths. Spec: LIM-3, PRN-2. */
function parties({ facts, request }: Situation): readonly { readonly reading: Reading; readonly subject: string }[] {
  return [
    ...facts.links.map((link) => ({ reading: link.read("org"), subject: `${link.path}.org` })),
    ...(request.outbound ? [{ reading: facts.read("destination.party"), subject: "destination.party" }] : []),
  ];
}

function partyParts(situation: Situation, holds: (party: unknown) => boolean): readonly Part[] {
  return parties(situation).map(({ reading, subject }) => ({ holds: judgeReading(reading, holds), subject }));
}

/** Spec: PRN-4. */
function judgeKind(link: Link, listed: readonly string[]): Expression {
  const kind = link.read("kind");
  if (!kind.known) return lookup(...kind.facts);
  const isListed = known(listed.includes(kind.value as string));
  if (kind.value !== "agent" || listed.includes("autonomous")) return isListed;
  return and([isListed, not(judgeReading(link.autonomous, (value) => value as boolean))]);
}

function principalKind({ layer, facts }: Situation): readonly Part[] {
  return layer.sets.flatMap((set, index) => {
    const standard = index === 0 && layer.document.kind === "grant" ? ["service", "human"] : undefined;
    const listed = set.principals ?? standard;
    if (!listed) return [];
    return facts.links.map((link) => ({
      holds: judgeKind(link, listed),
      rule: "principals",
      subject: `${link.path}.kind`,
    }));
  });
}

/** Spec: OPS-4. */
function destination({ request, facts }: Situation): readonly Part[] {
  if (!request.outbound) return [];
  return ["destination.party", "destination.region"].map((path) => ({
    holds: judgeReading(facts.read(path), (value) => value !== null),
    subject: path,
  }));
}

/** Spec: LIM-4. */
function groups(situation: Situation): readonly Part[] {
  if (!isGrouped(situation.request.operation)) return [];
  return partsOf(situation, "kAnonymity", (least) => [
    {
      holds: judgeReading(situation.facts.read("output.k"), (value) => value !== null && (value as number) >= least),
      subject: "output.k",
    },
  ]);
}

function isListed(value: string, listed: readonly string[]): boolean {
  return listed.some((item) => (item.endsWith("*") ? value.startsWith(item.slice(0, -1)) : value === item));
}

/** Members of a custody limit. */
export const custodyMembers = ["origins", "managers", "regions"] as const;

/** Whether all that the state says of a member is listed; undefined where it says nothing. Spec: LIM-5. */
export function custodyHolds(
  state: DecisionState,
  member: (typeof custodyMembers)[number],
  listed: readonly string[],
): boolean | undefined {
  const found = state.custody?.[member];
  if (!found || found.length === 0) return undefined;
  return found.every((value) => (member === "regions" ? isListed(value, listed) : listed.includes(value)));
}

/** Spec: LIM-5. */
function custody(situation: Situation): readonly Part[] {
  return partsOf(situation, "custody", (limit) =>
    custodyMembers.flatMap((member) => {
      const listed = limit[member];
      if (!listed) return [];
      const holds = custodyHolds(situation.state, member, listed);
      const subject = `custody.${member}`;
      return [{ holds: holds === undefined ? lookup(subject) : known(holds), subject }];
    }),
  );
}

/** Spec: LIM-6, EVL-4. */
function uses(situation: Situation): readonly Part[] {
  return partsOf(situation, "maxUses", (counters) =>
    Object.entries(counters).map(([iri, most]) => {
      const { reading, stale } = readCounter(situation, iri);
      const below = judgeReading(reading, (value) => (value as number) < most);
      const passes = below.kind === "known" && below.value;
      return { holds: passes && stale ? lookup(`counter:${iri}`) : below, subject: iri };
    }),
  );
}

type StatusEntry = NonNullable<DecisionState["statusEntries"]>[number];

/** Whether every value read of an entry is valid, by a state that is believed for `bound` seconds. Spec: LIM-8. */
export function statusHolds(
  { status = [] }: DecisionState,
  { uri, index }: StatusEntry,
  bound: number | undefined,
): boolean | undefined {
  let count = 0;
  let valid = 0;
  for (const entry of status) {
    if (entry.uri !== uri || entry.index !== index) continue;
    if (entry.value !== "valid" && entry.value !== "unknown") return false;
    count += 1;
    if (entry.value === "valid" && !isBeyond(bound, entry.ageMs)) valid += 1;
  }
  return count > 0 && valid === count ? true : undefined;
}

/** Spec: LIM-8. */
function status({ layer, waived, state }: Situation): readonly Part[] {
  if (!state.statusEntries) return [{ holds: lookup("status") }];
  return state.statusEntries.map((entry) => {
    const holds = statusHolds(state, entry, staleAfter(layer, waived, "status"));
    const subject = `${entry.uri}#${entry.index}`;
    return { holds: holds === undefined ? lookup("status") : known(holds), subject };
  });
}

/** The conjuncts of limits and state for every operation but delete, before the rules. Spec: EVL-6. */
export function judgeLimits(situation: Situation): readonly Conjunct[] {
  const { layer, state } = situation;
  const isWithin = (p: string, n: string): boolean => layer.graph.isWithin(p, n);
  const consents = partsOf(situation, "consents", (ids) =>
    ids.map((id) => ({ holds: judgeConsent(situation, id as string), subject: id as string })),
  );
  const instant = (member: "notBefore" | "notAfter", holds: (at: number) => boolean): readonly Part[] =>
    partsOf(situation, member, (text) => [{ holds: known(holds(parseInstant(text as string)!)) }]);
  const clauses = partsOf(situation, "parties", (list) =>
    list.flatMap((clause) => partyParts(situation, (party) => clause.includes(party as string))),
  );
  const bans = partsOf(situation, "notParties", (list) =>
    partyParts(situation, (party) => !list.includes(party as string)),
  );
  return [
    { code: "purpose-term", parts: purposeTerm(situation) },
    { code: "not-yet-valid", parts: instant("notBefore", (at) => at <= state.now) },
    { code: "expired", parts: instant("notAfter", (at) => state.now < at) },
    { code: "delete-due", parts: deleteDue(situation) },
    { code: "operation-prohibited", parts: operationBans(situation) },
    { code: "purpose", parts: purposeClauses(situation) },
    { code: "purpose-prohibited", parts: purposeBans(situation, isWithin) },
    { code: "purpose-too-broad", parts: purposeBans(situation, (p, n) => p !== n && isWithin(n, p)) },
    { code: "region", parts: regions(situation) },
    { code: "party", parts: clauses },
    { code: "party-prohibited", parts: bans },
    { code: "principal-kind", parts: principalKind(situation) },
    { code: "destination", parts: destination(situation) },
    { code: "k-anonymity", parts: groups(situation) },
    { code: "custody", parts: custody(situation) },
    { code: "uses-exhausted", parts: uses(situation) },
    { code: "consent", parts: consents },
  ];
}

/** Spec: OPS-2, PUR-5. */
export function operationBans(situation: Situation): readonly Part[] {
  return partsOf(situation, "notOperations", (banned) =>
    banned.map((operation) => ({ holds: not(banHits(situation, [operation])), subject: operation })),
  );
}

/** Spec: LIM-8. */
export function judgeStatus(situation: Situation): Conjunct {
  return { code: "status", parts: status(situation) };
}

/** What retention says of a deletion. Spec: LIM-1, OPS-3. */
export function judgeDeletion({ layer, state }: Situation): readonly Conjunct[] {
  const kept = layer.keepUntil !== undefined && state.now < layer.keepUntil;
  return [
    { code: "keep-until", parts: [{ holds: known(!kept), rule: "keepUntil" }] },
    { code: "hold", parts: [{ holds: state.holds ? known(state.holds.length === 0) : lookup("holds") }] },
  ];
}
