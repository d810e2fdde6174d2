// The schema of the policy document.
import { schemaIssues } from "./generated/policy-schema.ts";
import type { SchemaIssue } from "./generated/policy-schema.ts";
import { refuse } from "./pointer.ts";
import { describeIssue } from "./schema-issue.ts";

function depth(issue: SchemaIssue): number {
  return issue.instancePath.split("/").length;
}

/** Of the issues that alternatives give, the one deepest in the document is nearest to the fault. */
function deepest(issues: readonly SchemaIssue[]): SchemaIssue {
  return issues.reduce((best, issue) => (depth(issue) > depth(best) ? issue : best));
}

/** Throws PolicyError `policy-schema`. Spec: POL-3. */
export function checkSchema(document: unknown): void {
  const issues = schemaIssues(document)?.filter(({ keyword }) => keyword !== "if");
  if (!issues || issues.length === 0) return;
  const issue = deepest(issues);
  refuse("policy-schema", issue.instancePath, describeIssue(issue, document));
}
