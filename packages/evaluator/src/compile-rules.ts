// Permissions, prohibitions and duties as closures. Spec 4.7, 4.8, 4.11.
import { operations } from "@writ/core";
import { compileCondition } from "./compile-condition.ts";
import type { ConditionTest } from "./compile-condition.ts";
import { allBits } from "./compile-frame.ts";
import type { AssuredFacts, Frame } from "./compile-frame.ts";
import { allPurposesIn, anyPurposeIn, byOperation, singlePart, unionOf } from "./compile-part.ts";
import type { CompiledPart } from "./compile-part.ts";
import { negate } from "./compile-truth.ts";
import type { Truth } from "./compile-truth.ts";
import type { Duty, Permission, Prohibition, PurposeElement } from "./document.ts";
import { isIri } from "./field.ts";
import type { Layer } from "./layer.ts";
import { isBanned } from "./operation-table.ts";
import type { PurposeGraph, TermSet } from "./purpose-graph.ts";
import { isApproved, isRequired } from "./rules.ts";
import { consentHolds, staleAfter } from "./situation.ts";

/** A way to read a layer: what a waiver leaves out. */
export interface Reading {
  readonly layer: Layer;
  readonly waived: ReadonlySet<string>;
}

type Test = (frame: Frame, facts: AssuredFacts) => Truth;

/** The operations that a ban hits, as bits. Spec: OPS-2. */
export function banBits(banned: readonly string[]): number {
  return operations.reduce((bits, name, index) => (isBanned(banned, name) ? bits | (1 << index) : bits), 0);
}

/** The purposes that pass a clause. Spec: PUR-2. */
export function admittedBy(clause: readonly PurposeElement[], graph: PurposeGraph): TermSet {
  const exactly = (term: string): TermSet => {
    const set = new Uint8Array(graph.terms.length + 1);
    set[graph.placeOf(term)] = 1;
    return set;
  };
  return unionOf(
    clause.map((element) => (typeof element === "string" ? graph.narrower(element) : exactly(element.exactly))),
    graph.terms.length,
  );
}

/** Spec: PRN-3, CND-2. */
function forAll(test: ConditionTest): Test {
  return (frame, facts) => {
    let least: Truth = true;
    for (let index = 0; index < facts.linkCount; index += 1) {
      const truth = test(frame, facts, facts.links[index]!, facts.effectiveRoles);
      if (truth === false) return false;
      if (truth === undefined) least = undefined;
    }
    return least;
  };
}

/** Spec: PRN-3, CND-2. */
function forAny(test: ConditionTest): Test {
  return (frame, facts) => {
    let greatest: Truth = false;
    for (let index = 0; index < facts.linkCount; index += 1) {
      const link = facts.links[index]!;
      const own = test(frame, facts, link, link.roles);
      if (own === true) return true;
      const effective = facts.linkCount === 1 ? own : test(frame, facts, link, facts.effectiveRoles);
      if (effective === true) return true;
      if (own === undefined || effective === undefined) greatest = undefined;
    }
    return greatest;
  };
}

/** The operations that a permission names, as bits. */
function namedBits({ operations: named, unrestricted }: Permission): number {
  if (unrestricted) return allBits;
  return operations.reduce((bits, name, index) => (named.includes(name) ? bits | (1 << index) : bits), 0);
}

/** Operation, purposes and `when` of a permission. Spec: EVL-7, DUT-1. */
function compileApplies({ layer, waived }: Reading, permission: Permission): Test {
  const { purposes, when } = permission;
  const bits = namedBits(permission);
  const admitted = purposes && admittedBy(purposes, layer.graph);
  const condition = when && forAll(compileCondition(when, staleAfter(layer, waived, "counter")));
  return (frame, facts) => {
    if ((bits & frame.asked) !== frame.asked) return false;
    if (admitted && !allPurposesIn(frame, admitted)) return false;
    return condition ? condition(frame, facts) : true;
  };
}

function compilePermits(reading: Reading, permission: Permission): Test {
  const applies = compileApplies(reading, permission);
  const { consents } = permission as { consents?: readonly string[] };
  if (!consents) return applies;
  const bound = staleAfter(reading.layer, reading.waived, "consent");
  return (frame, facts) => {
    let least = applies(frame, facts);
    for (let index = 0; index < consents.length && least !== false; index += 1) {
      const given = consentHolds(frame.state, consents[index]!, bound);
      if (given !== true) least = given;
    }
    return least;
  };
}

function anyTest(tests: readonly Test[]): Test {
  return (frame, facts) => {
    let greatest: Truth = false;
    for (let index = 0; index < tests.length; index += 1) {
      const truth = tests[index]!(frame, facts);
      if (truth === true) return true;
      if (truth === undefined) greatest = undefined;
    }
    return greatest;
  };
}

/** Some of these permissions must hold; none for a document that only narrows. Spec: EVL-7. */
export function permissionPart(reading: Reading, permissions: readonly Permission[]): readonly CompiledPart[] {
  const { document, policy } = reading.layer;
  if (document.kind !== "grant") return [];
  const rule = permissions.length === 1 ? { rule: permissions[0]!.id } : {};
  const reasons = operations.map((subject) => Object.freeze({ code: "no-permission", policy, ...rule, subject }));
  const named = byOperation(
    permissions.map((permission) => ({ bits: namedBits(permission), permits: compilePermits(reading, permission) })),
    ({ bits }, asked) => (bits & asked) === asked,
  );
  return [
    {
      concerns: allBits,
      holds: (frame, facts) => {
        const list = named(frame);
        let greatest: Truth = false;
        for (let index = 0; index < list.length; index += 1) {
          const truth = list[index]!.permits(frame, facts);
          if (truth === true) return true;
          if (truth === undefined) greatest = undefined;
        }
        return greatest;
      },
      blame: (frame, _facts, blame) => blame(reasons[frame.operationIndex]!),
    },
  ];
}

function compileProhibition(reading: Reading, prohibition: Prohibition, purposes: TermSet | undefined): Test {
  const { layer, waived } = reading;
  const bits = banBits(prohibition.operations);
  const { when } = prohibition;
  const condition = when && forAny(compileCondition(when, staleAfter(layer, waived, "counter")));
  return (frame, facts) => {
    if ((bits & frame.asked) === 0) return true;
    if (purposes && !anyPurposeIn(frame, purposes)) return true;
    return condition ? negate(condition(frame, facts)) : false;
  };
}

/** The two ways in which prohibitions hit. Spec: EVL-8, PUR-3. */
export function prohibitionParts(reading: Reading): readonly CompiledPart[] {
  const { graph, document, policy } = reading.layer;
  const prohibitions = document.prohibitions ?? [];
  const union = (terms: readonly string[], setOf: (term: string) => TermSet): TermSet =>
    unionOf(terms.map(setOf), graph.terms.length);
  const hit = prohibitions.map((prohibition) => {
    const within = prohibition.purposes && union(prohibition.purposes, (term) => graph.narrower(term));
    return singlePart(
      { code: "prohibited", policy, rule: prohibition.id },
      compileProhibition(reading, prohibition, within),
      banBits(prohibition.operations),
    );
  });
  const tooBroad = prohibitions.flatMap((prohibition) =>
    prohibition.purposes
      ? singlePart(
          { code: "purpose-too-broad", policy, rule: prohibition.id },
          compileProhibition(
            reading,
            prohibition,
            union(prohibition.purposes, (term) => graph.broader(term)),
          ),
        )
      : [],
  );
  return [...hit, ...tooBroad];
}

/** Required duties of unknown types, and those due before the use. Spec: DUT-3, DUT-4. */
export function dutyParts(reading: Reading): readonly CompiledPart[] {
  const { document, policy } = reading.layer;
  const required = (document.duties ?? []).filter(isRequired);
  const bound = staleAfter(reading.layer, reading.waived, "approval");
  const appliesAny = ({ id }: Duty): Test =>
    anyTest(
      (document.permissions ?? [])
        .filter(({ duties }) => duties?.includes(id))
        .map((permission) => compileApplies(reading, permission)),
    );
  const unknownTypes = required
    .filter(({ type }) => isIri(type))
    .map((duty) => {
      const applies = appliesAny(duty);
      const reason = { code: "duty-unknown-type", policy, rule: duty.id, subject: duty.type };
      return singlePart(reason, (frame, facts) => negate(applies(frame, facts)));
    });
  const before = required
    .filter(({ trigger }) => trigger === "before-use")
    .map((duty) => {
      const applies = appliesAny(duty);
      return singlePart({ code: "duty-undischarged", policy, rule: duty.id }, (frame, facts) => {
        if (applies(frame, facts) === false) return true;
        return isApproved(frame.state, policy, duty.id, bound) ? true : undefined;
      });
    });
  return [...unknownTypes, ...before];
}

/** The duties of every permission that applies or may apply, by their place in the document. Spec: DUT-1, DUT-2. */
export function compileDuties(reading: Reading): readonly { readonly duty: number; readonly binds: Test }[] {
  const { permissions = [], duties = [] } = reading.layer.document;
  return duties.flatMap(({ id }, duty) => {
    const naming = permissions.filter((permission) => permission.duties?.includes(id));
    if (naming.length === 0) return [];
    return { duty, binds: anyTest(naming.map((permission) => compileApplies(reading, permission))) };
  });
}
