// Warnings about texts that may not be what they look like: a ban by such a name hits nobody. Spec: POL-18.
import type { PreparedPolicy } from "@writ/core";
import { allNodes, placedConditions, placedItems, placedLimits } from "./document.ts";
import type { Placed, PolicyDocument } from "./document.ts";
import { at, Place } from "./pointer.ts";

type Warning = PreparedPolicy["warnings"][number];

/** Texts that nobody sees: controls, format characters, and letters written in another form than is usual. */
function isDeceptive(text: string): boolean {
  return /[\p{Cc}\p{Cf}]/u.test(text) || text !== text.normalize("NFC");
}

function unseen(pointer: string, text: string): Warning {
  const message = `\`${text}\` holds characters that aren't seen, or letters in another form: no other text equals it`;
  return { code: "text-unseen", pointer, message };
}

/** Warnings for every text and name of a value, at most once a place. */
export function textWarnings(value: unknown, pointer = ""): readonly Warning[] {
  if (typeof value === "string") return isDeceptive(value) ? [unseen(pointer, value)] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    if (pointer === "" && name === "ext") return []; // carried, never read
    return isDeceptive(name) ? [unseen(pointer, name)] : textWarnings(item, at(pointer, name));
  });
}

/** Regions of clauses and of conditions; those of custody are named by their provider. */
function regionsIn(document: PolicyDocument): readonly Placed<unknown>[] {
  const ofClauses = placedLimits(document).flatMap(({ value, pointer }) =>
    placedItems(value.regions, new Place(pointer, "regions")).flatMap((clause) =>
      placedItems(clause.value, clause.pointer),
    ),
  );
  const ofConditions = placedConditions(document)
    .flatMap(({ value, pointer }) => allNodes(value, pointer))
    .flatMap(({ value: node, pointer }) =>
      node.kind === "field" && /^(?:destination\.)?region$/.test(node.field)
        ? Object.values(node.operators)
            .flat()
            .map((value) => ({ value: value as unknown, pointer }))
        : [],
    );
  return [...ofClauses, ...ofConditions];
}

/** Countries, their subdivisions and groups are in upper case, and equality is of code points. */
export function regionWarnings(document: PolicyDocument): readonly Warning[] {
  return regionsIn(document).flatMap(({ value, pointer }) =>
    typeof value === "string" && /^[a-z]{2,3}(?:-[a-z0-9]{1,3})?$/i.test(value) && value !== value.toUpperCase()
      ? [
          {
            code: "region-case",
            pointer: String(pointer),
            message: `region \`${value}\` isn't \`${value.toUpperCase()}\`: countries and groups are in upper case`,
          },
        ]
      : [],
  );
}
