import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = dirname(createRequire(import.meta.url).resolve("@aws-sdk/client-kms/package.json"));
const folder = join(root, "dist-types/commands");
const ending = "Command.d.ts";

/** Every operation that the installed SDK has a command for, sorted. */
export const operationsOfSdk: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .toSorted();

/** The errors that the installed SDK's own text documents for an operation; its base class isn't one. */
export function documentedErrors(operation: string): readonly string[] {
  const text = readFileSync(join(folder, `${operation}${ending}`), "utf8");
  const names = [...text.matchAll(/@throws \{@link (\w+)\}/g)].map(([, name = ""]) => name);
  return names.filter((name) => name !== "KMSServiceException");
}
