// Compiles JSON Schemas ahead into validators that need no library and no code generation at run time (strict CSP).
// `node tools/compile-schemas.mjs` writes them, `--check` fails where a written one is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const targets = [
  { schema: "schemas/trust.schema.json", output: "packages/core/src/generated/trust-schema.ts" },
  { schema: "schemas/policy.schema.json", output: "packages/evaluator/src/generated/policy-schema.ts", first: true },
  { schema: "schemas/request.schema.json", output: "packages/evaluator/src/generated/request-schema.ts", first: true },
];

// What ajv/dist/runtime/equal does for JSON values: members in any order, own members only.
const equal = `function equal(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && equal(a[name], b[name]));
}
`;

// What ajv/dist/runtime/ucs2length does.
const codePoints = `function codePoints(text) {
  let count = text.length;
  for (let index = 1; index < text.length; index += 1) {
    const isLow = (text.charCodeAt(index) & 0xfc00) === 0xdc00;
    if (isLow && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800) count -= 1;
  }
  return count;
}
`;

function compile({ schema: schemaFile, first = false }) {
  // Where bounds must end the work (`first`), the first failing keyword is the last one tried.
  const ajv = new Ajv2020({
    strict: true,
    allErrors: !first,
    verbose: first,
    allowUnionTypes: true,
    code: { esm: true, source: true, lines: true },
  });
  const validate = ajv.compile(JSON.parse(readFileSync(root + schemaFile, "utf8")));
  const code = standalone
    .default(ajv, validate)
    .replace('"use strict";', "")
    .replace(/export default (\w+);/, "")
    .replace(/export const validate = (\w+);/, "const compiled = $1;")
    .replace(/require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g, "codePoints")
    .replace(/require\("ajv\/dist\/runtime\/equal"\)\.default/g, "equal");
  if (code.includes("require(")) throw new TypeError(`the validator of ${schemaFile} needs a module at run time`);
  const header = `// @ts-nocheck\n// Generated from ${schemaFile} by tools/compile-schemas.mjs; do not edit.\n`;
  const types =
    "/** What a failed keyword says. */\nexport interface SchemaIssue {\n  readonly instancePath: string;\n  readonly keyword: string;\n  readonly message?: string;\n  readonly params: Readonly<Record<string, unknown>>;\n  /** The schema that holds the keyword; for the schemas compiled to stop at the first issue. */\n  readonly parentSchema?: Readonly<Record<string, unknown>>;\n  /** Where the keyword is about the name of a member. */\n  readonly propertyName?: string;\n}\n\n" +
    "/** Issues of `value` under the schema, or null where there are none. */\nexport function schemaIssues(value: unknown): readonly SchemaIssue[] | null {\n  return compiled(value) ? null : compiled.errors;\n}\n\n";
  return (
    header +
    types +
    (code.includes("= equal;") ? equal : "") +
    (code.includes("= codePoints;") ? codePoints : "") +
    code
  );
}

const check = process.argv.includes("--check");
let stale = 0;
for (const target of targets) {
  const { schema, output } = target;
  if (!existsSync(root + schema)) continue;
  const text = compile(target);
  if (check) {
    if (!existsSync(root + output) || readFileSync(root + output, "utf8") !== text) {
      process.stderr.write(`${output} is stale: run node tools/compile-schemas.mjs\n`);
      stale += 1;
    }
  } else {
    mkdirSync(dirname(root + output), { recursive: true });
    writeFileSync(root + output, text);
  }
}
process.exitCode = stale === 0 ? 0 : 1;
