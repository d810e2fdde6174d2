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
  { schema: "schemas/policy.schema.json", output: "packages/evaluator/src/generated/policy-schema.ts" },
  { schema: "schemas/request.schema.json", output: "packages/evaluator/src/generated/request-schema.ts" },
];

function compile(schemaFile) {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, code: { esm: true, source: true, lines: true } });
  const validate = ajv.compile(JSON.parse(readFileSync(root + schemaFile, "utf8")));
  const code = standalone.default(ajv, validate)
    .replace('"use strict";', "")
    .replace(/export default (\w+);/, "")
    .replace(/export const validate = (\w+);/, "const compiled = $1;")
    .replace(/require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g, "((text) => [...text].length)")
    .replace(/require\("ajv\/dist\/runtime\/equal"\)\.default/g, "((a, b) => JSON.stringify(a) === JSON.stringify(b))");
  if (code.includes("require(")) throw new TypeError(`the validator of ${schemaFile} needs a module at run time`);
  const header = `// @ts-nocheck\n// Generated from ${schemaFile} by tools/compile-schemas.mjs; do not edit.\n`;
  const types =
    "/** What a failed keyword says. */\nexport interface SchemaIssue {\n  readonly instancePath: string;\n  readonly keyword: string;\n  readonly message?: string;\n  readonly params: Readonly<Record<string, unknown>>;\n}\n\n" +
    "/** Issues of `value` under the schema, or null where there are none. */\nexport function schemaIssues(value: unknown): readonly SchemaIssue[] | null {\n  return compiled(value) ? null : compiled.errors;\n}\n\n";
  return header + types + code;
}

const check = process.argv.includes("--check");
let stale = 0;
for (const { schema, output } of targets) {
  if (!existsSync(root + schema)) continue;
  const text = compile(schema);
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
