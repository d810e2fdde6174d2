// What `policy check` says beside errors: nothing here stops signing. Spec: POL-18.
import type { PreparedPolicy } from "@writ/core";
import { surprisesIn } from "./admitted-purposes.ts";
import { placedItems, placedLimits } from "./document.ts";
import type { Limits, Placed, PurposeElement } from "./document.ts";
import { isBanned } from "./operation-table.ts";
import { at, Place } from "./pointer.ts";
import type { Policy } from "./policy.ts";
import { parseInstant } from "./time.ts";
import { regionWarnings, textWarnings } from "./warnings-text.ts";

type Warning = PreparedPolicy["warnings"][number];

function clausesOf({ document }: Policy): readonly Placed<readonly PurposeElement[]>[] {
  return [
    ...placedLimits(document).flatMap(({ value, pointer }) =>
      placedItems(value.purposes, new Place(pointer, "purposes")),
    ),
    ...placedItems(document.permissions, "/permissions").flatMap(({ value, pointer }) =>
      value.purposes ? [{ value: value.purposes, pointer: new Place(pointer, "purposes") }] : [],
    ),
  ];
}

function purposeSurprises(policy: Policy): readonly Warning[] {
  const { document, graph } = policy;
  const banned = document.limits?.notPurposes ?? [];
  return clausesOf(policy).flatMap(({ value, pointer }) =>
    surprisesIn(value, graph)
      .filter((purpose) => !banned.some((term) => graph.isWithin(purpose, term)))
      .map((purpose) => ({
        code: "purpose-surprise",
        pointer: String(pointer),
        message: `the clause also admits \`${purpose}\``,
      })),
  );
}

function seconds(limits: Limits, member: "notBefore" | "notAfter" | "deleteBy" | "keepUntil"): number | undefined {
  const value = limits[member];
  return typeof value === "string" ? (parseInstant(value) ?? undefined) : undefined;
}

function windowWarnings({ value, pointer }: Placed<Limits>): readonly Warning[] {
  const start = seconds(value, "notBefore");
  const warnings: Warning[] = [];
  for (const member of ["notAfter", "deleteBy"] as const) {
    const end = seconds(value, member);
    if (start !== undefined && end !== undefined && end <= start) {
      warnings.push({ code: "rule-never", pointer: at(pointer, member), message: `the window closes before it opens` });
    }
  }
  const [deleteBy, keepUntil] = [seconds(value, "deleteBy"), seconds(value, "keepUntil")];
  if (deleteBy !== undefined && keepUntil !== undefined && deleteBy < keepUntil) {
    warnings.push({
      code: "retention-conflict",
      pointer: at(pointer, "deleteBy"),
      message: "between `deleteBy` and `keepUntil` the data may be neither used nor deleted",
    });
  }
  return warnings;
}

/** Permissions of which a ban without further conditions hits every operation. */
function deadPermissions({ document }: Policy): readonly Warning[] {
  const flat = (document.prohibitions ?? []).filter(({ purposes, when }) => !purposes && !when);
  const banned = [...(document.limits?.notOperations ?? []), ...flat.flatMap(({ operations }) => operations)];
  return placedItems(document.permissions, "/permissions")
    .filter(({ value }) =>
      value.operations.every((name) => (name === "*" ? banned.includes("*") : isBanned(banned, name))),
    )
    .map(({ value, pointer }) => ({
      code: "rule-never",
      pointer: String(pointer),
      message: `every operation of permission \`${value.id}\` is banned`,
    }));
}

/** Warnings of a policy, each with a pointer into the document. Spec: POL-18. */
export function warningsOf(policy: Policy): readonly Warning[] {
  return [
    ...purposeSurprises(policy),
    ...deadPermissions(policy),
    ...placedLimits(policy.document).flatMap(windowWarnings),
    ...regionWarnings(policy.document),
    ...textWarnings(policy.document),
  ];
}
