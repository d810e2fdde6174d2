// The conjuncts that limits and the state make, as closures in the order of the interpreter. Spec: EVL-6, LIM-1 to LIM-8.
import { groupSizeOf, regionTest } from "./compile-condition.ts";
import { allBits, groupedBits, outboundBits } from "./compile-frame.ts";
import type { AssuredFacts, Frame, LinkFacts } from "./compile-frame.ts";
import { chainPart, purposePart, singlePart, unionOf } from "./compile-part.ts";
import type { Cause, CompiledPart } from "./compile-part.ts";
import { admittedBy, banBits } from "./compile-rules.ts";
import type { Reading } from "./compile-rules.ts";
import type { Truth } from "./compile-truth.ts";
import type { Limits } from "./document.ts";
import { custodyHolds, custodyMembers, statusHolds } from "./limits.ts";
import { consentHolds, counterOf, isBeyond, staleAfter } from "./situation.ts";
import { parseInstant } from "./time.ts";

type Compile<T> = (value: T, cause: Cause) => readonly CompiledPart[];

/** The parts that each set gives of one member. */
function partsOf<K extends keyof Limits>(
  { layer, waived }: Reading,
  member: K,
  code: string,
  compile: Compile<NonNullable<Limits[K]>>,
): readonly CompiledPart[] {
  if (waived.has(member)) return [];
  const cause: Cause = { code, policy: layer.policy, rule: member };
  return layer.sets.flatMap((set) => {
    const value = set[member];
    return value === undefined ? [] : compile(value, cause);
  });
}

/** Spec: LIM-1. */
function deleteDue({ layer }: Reading): readonly CompiledPart[] {
  const { deleteBy, keepUntil, policy } = layer;
  if (deleteBy === undefined) return [];
  return [
    singlePart({ code: "delete-due", policy, rule: "deleteBy" }, ({ operation, state }) => {
      if (state.now < deleteBy) return true;
      if (operation === "store" && keepUntil !== undefined && state.now < keepUntil) return true;
      return state.holds ? state.holds.length > 0 : undefined;
    }),
  ];
}

/** Spec: PUR-2, PUR-3. */
function purposes(reading: Reading): readonly CompiledPart[] {
  const { graph } = reading.layer;
  const clauses = partsOf(reading, "purposes", "purpose", (list, cause) =>
    list.map((clause) => {
      const admitted = admittedBy(clause, graph);
      return purposePart(cause, (_frame, place) => admitted[place] === 1);
    }),
  );
  const bans = partsOf(reading, "notPurposes", "purpose-prohibited", (terms, cause) => {
    const banned = unionOf(
      terms.map((term) => graph.narrower(term)),
      graph.terms.length,
    );
    return [purposePart(cause, (_frame, place) => banned[place] !== 1)];
  });
  const tooBroad = partsOf(reading, "notPurposes", "purpose-too-broad", (terms, cause) => {
    const broader = unionOf(
      terms.map((term) => graph.broader(term)),
      graph.terms.length,
    );
    return [purposePart(cause, (_frame, place) => broader[place] !== 1)];
  });
  return [...clauses, ...bans, ...tooBroad];
}

/** Spec: LIM-2. */
function regions(reading: Reading): readonly CompiledPart[] {
  return partsOf(reading, "regions", "region", (clauses, cause) =>
    clauses.flatMap((clause) => {
      const isWithin = regionTest(clause);
      const judge = (region: unknown): Truth =>
        region === undefined ? undefined : region !== null && isWithin(region as string);
      return [
        singlePart({ ...cause, subject: "region" }, (_frame, facts) => judge(facts.region)),
        singlePart({ ...cause, subject: "destination.region" }, (_frame, facts) => judge(facts.toRegion), outboundBits),
      ];
    }),
  );
}

/** Spec: LIM-3, PRN-2. */
function partyPart(cause: Cause, passes: (party: unknown) => boolean): CompiledPart {
  const judge = (party: unknown): Truth => (party === undefined ? undefined : passes(party));
  return chainPart(cause, "org", ({ org }) => judge(org), {
    subject: "destination.party",
    holds: ({ outbound }, { party }) => (outbound ? judge(party) : true),
  });
}

function parties(reading: Reading): readonly CompiledPart[] {
  return [
    ...partsOf(reading, "parties", "party", (list, cause) =>
      list.map((clause) => partyPart(cause, (party) => clause.includes(party as string))),
    ),
    ...partsOf(reading, "notParties", "party-prohibited", (list, cause) => [
      partyPart(cause, (party) => !list.includes(party as string)),
    ]),
  ];
}

/** Spec: PRN-4. */
function kindTest(listed: readonly string[]): (link: LinkFacts) => Truth {
  return ({ kind, autonomous }) => {
    if (kind === undefined) return undefined;
    const isListed = listed.includes(kind as string);
    if (!isListed || kind !== "agent" || listed.includes("autonomous")) return isListed;
    return autonomous === undefined ? undefined : !autonomous;
  };
}

function principalKinds({ layer }: Reading): readonly CompiledPart[] {
  return layer.sets.flatMap((set, index) => {
    const standard = index === 0 && layer.document.kind === "grant" ? ["service", "human"] : undefined;
    const listed = set.principals ?? standard;
    if (!listed) return [];
    return chainPart({ code: "principal-kind", policy: layer.policy, rule: "principals" }, "kind", kindTest(listed));
  });
}

/** Spec: OPS-4. */
function destination({ layer: { policy } }: Reading): readonly CompiledPart[] {
  const isGiven = (value: unknown): Truth => (value === undefined ? undefined : value !== null);
  const part = (subject: string, read: (facts: AssuredFacts) => unknown): CompiledPart =>
    singlePart({ code: "destination", policy, subject }, (_frame, facts) => isGiven(read(facts)), outboundBits);
  return [part("destination.party", ({ party }) => party), part("destination.region", ({ toRegion }) => toRegion)];
}

/** Spec: LIM-4. */
function groups(reading: Reading): readonly CompiledPart[] {
  return partsOf(reading, "kAnonymity", "k-anonymity", (least, cause) => [
    singlePart(
      { ...cause, subject: "output.k" },
      (frame, facts) => {
        const size = groupSizeOf(frame, facts);
        return size === undefined ? undefined : size !== null && (size as number) >= least;
      },
      groupedBits,
    ),
  ]);
}

/** Spec: LIM-5. */
function custody(reading: Reading): readonly CompiledPart[] {
  return partsOf(reading, "custody", "custody", (limit, cause) =>
    custodyMembers.flatMap((member) => {
      const listed = limit[member];
      if (!listed) return [];
      return singlePart({ ...cause, subject: `custody.${member}` }, ({ state }) => custodyHolds(state, member, listed));
    }),
  );
}

/** Spec: LIM-6, EVL-4. */
function uses(reading: Reading): readonly CompiledPart[] {
  const bound = staleAfter(reading.layer, reading.waived, "counter");
  return partsOf(reading, "maxUses", "uses-exhausted", (counters, cause) =>
    Object.entries(counters).map(([iri, most]) =>
      singlePart({ ...cause, subject: iri }, ({ state }) => {
        const counter = counterOf(state, iri);
        if (!counter) return undefined;
        if (counter.uses >= most) return false;
        return isBeyond(bound, counter.ageMs) ? undefined : true;
      }),
    ),
  );
}

/** Spec: LIM-7. */
function consents(reading: Reading): readonly CompiledPart[] {
  const bound = staleAfter(reading.layer, reading.waived, "consent");
  return partsOf(reading, "consents", "consent", (ids, cause) =>
    (ids as readonly string[]).map((id) =>
      singlePart({ ...cause, subject: id }, ({ state }) => consentHolds(state, id, bound)),
    ),
  );
}

function instants(
  reading: Reading,
  member: "notBefore" | "notAfter",
  code: string,
  holds: (at: number, now: number) => boolean,
): readonly CompiledPart[] {
  return partsOf(reading, member, code, (text, cause) => {
    const at = parseInstant(text as string)!;
    return [singlePart({ ...cause }, ({ state }) => holds(at, state.now))];
  });
}

/** Spec: OPS-2, PUR-5. */
export function operationBanParts(reading: Reading): readonly CompiledPart[] {
  return partsOf(reading, "notOperations", "operation-prohibited", (banned, cause) =>
    banned.map((operation) => {
      const bits = banBits([operation]);
      return singlePart({ ...cause, subject: operation }, ({ asked }) => (bits & asked) === 0, bits);
    }),
  );
}

/** The conjuncts of limits and state for every operation but delete, before the rules. Spec: EVL-6. */
export function limitParts(reading: Reading): readonly CompiledPart[] {
  const { policy } = reading.layer;
  return [
    purposePart({ code: "purpose-term", policy }, (_frame, place) => place > 0), // PUR-1
    ...instants(reading, "notBefore", "not-yet-valid", (at, now) => at <= now),
    ...instants(reading, "notAfter", "expired", (at, now) => now < at),
    ...deleteDue(reading),
    ...operationBanParts(reading),
    ...purposes(reading),
    ...regions(reading),
    ...parties(reading),
    ...principalKinds(reading),
    ...destination(reading),
    ...groups(reading),
    ...custody(reading),
    ...uses(reading),
    ...consents(reading),
  ];
}

/** Spec: LIM-8. */
export function statusPart(reading: Reading): CompiledPart {
  const { policy } = reading.layer;
  const bound = staleAfter(reading.layer, reading.waived, "status");
  return {
    concerns: allBits,
    holds: ({ state }) => {
      const { statusEntries } = state;
      if (!statusEntries) return undefined;
      let least: Truth = true;
      for (let index = 0; index < statusEntries.length && least !== false; index += 1) {
        const valid = statusHolds(state, statusEntries[index]!, bound);
        if (valid !== true) least = valid;
      }
      return least;
    },
    blame: ({ state }, _facts, blame) => {
      for (const entry of state.statusEntries ?? []) {
        if (statusHolds(state, entry, bound) === false)
          blame({ code: "status", policy, subject: `${entry.uri}#${entry.index}` });
      }
    },
  };
}

/** What retention says of a deletion. Spec: LIM-1, OPS-3. */
export function deletionParts({ layer }: Reading): readonly CompiledPart[] {
  const { keepUntil, policy } = layer;
  const isHeld = ({ holds }: Frame["state"]): Truth => (holds ? holds.length === 0 : undefined);
  return [
    singlePart(
      { code: "keep-until", policy, rule: "keepUntil" },
      ({ state }) => keepUntil === undefined || state.now >= keepUntil,
    ),
    singlePart({ code: "hold", policy }, ({ state }) => isHeld(state)),
  ];
}
