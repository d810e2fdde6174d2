// What the compiled schemas say, in words, with what may have been meant.
import type { SchemaIssue } from "./generated/policy-schema.ts";
import { suggest } from "./suggestion.ts";

function textOf(params: SchemaIssue["params"], ...names: readonly string[]): string {
  const found = names.map((name) => params[name]).find((value) => typeof value === "string");
  return typeof found === "string" ? found : "";
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

function valueAt(value: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((found: unknown, step) => (found as Record<string, unknown> | undefined)?.[step], value);
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Words for an issue about a value in `document`. */
export function describeIssue(issue: SchemaIssue, document: unknown): string {
  const { keyword, params, parentSchema, message = "is refused" } = issue;
  const value = issue.propertyName ?? valueAt(document, issue.instancePath);
  const name = textOf(params, "additionalProperty", "missingProperty", "propertyName");
  switch (keyword) {
    case "additionalProperties": {
      const known = Object.keys((parentSchema?.["properties"] as object | undefined) ?? {});
      return `unknown member \`${name}\`${suggest(name, known)}`;
    }
    case "required":
      return `member \`${name}\` is missing`;
    case "dependentRequired":
      return `member \`${name}\` is missing beside \`${textOf(params, "property")}\``;
    case "false schema":
      return "a member that can't stand here";
    case "anyOf":
      return "the value has none of the forms that this member takes";
    case "pattern":
      return `\`${shown(value)}\` doesn't have the form of this member`;
    case "enum": {
      const allowed = params["allowedValues"] as readonly string[];
      return `\`${shown(value)}\` is none of ${quoted(allowed)}${suggest(shown(value), allowed)}`;
    }
    default:
      return `the value ${message.toLowerCase()}`;
  }
}
