// The last lines of a test run: what failed, what was skipped and why, and one plain line of counts.
// A test may be skipped only for what the machine lacks, and says so: `context.skip("no PKCS#11 module here")`.
// A skip without a reason counts as failed, as do a file that doesn't load, a hook that throws, a stray error
// and a run without tests.
import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from "vitest/node";

interface Summary {
  passed: number;
  failures: string[];
  skips: string[];
}

function nameOf(entity: TestCase | TestSuite): string {
  return `${entity.module.relativeModuleId} > ${entity.fullName}`;
}

function addTest(summary: Summary, test: TestCase, filtered: boolean): void {
  const result = test.result();
  if (result.state === "passed") summary.passed += 1;
  else if (result.state === "skipped" && result.note !== undefined)
    summary.skips.push(`${nameOf(test)}: ${result.note}`);
  else if (result.state === "skipped" && filtered) summary.skips.push(`${nameOf(test)}: not asked for`);
  else if (result.state === "skipped") summary.failures.push(`${nameOf(test)}: skipped without a reason`);
  else summary.failures.push(nameOf(test));
}

function summarize(modules: ReadonlyArray<TestModule>, strayErrors: number, filtered: boolean): Summary {
  const summary: Summary = { passed: 0, failures: [], skips: [] };
  for (const module of modules) {
    if (module.errors().length > 0) summary.failures.push(`${module.relativeModuleId}: the file did not load or end`);
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) summary.failures.push(`${nameOf(suite)}: a hook or the suite itself failed`);
    }
    for (const test of module.children.allTests()) addTest(summary, test, filtered);
  }
  if (strayErrors > 0) summary.failures.push(`${strayErrors} errors outside any test`);
  if (summary.passed === 0 && summary.failures.length === 0) summary.failures.push("no test ran");
  return summary;
}

/**
 * Vitest reporter that ends the run with `N passed, N failed, N skipped`.
 * @param countsFile where to write the three numbers, separated by spaces, for a script; none if undefined
 */
export function testSummary(countsFile: string | undefined): Reporter {
  let vitest: Vitest | undefined;
  return {
    onInit(started): void {
      vitest = started;
    },
    onTestRunEnd(modules, strayErrors): void {
      const filtered = vitest?.config.testNamePattern !== undefined;
      const { passed, failures, skips } = summarize(modules, strayErrors.length, filtered);
      for (const line of failures) process.stdout.write(`failed: ${line}\n`);
      for (const line of skips) process.stdout.write(`skipped: ${line}\n`);
      process.stdout.write(`${passed} passed, ${failures.length} failed, ${skips.length} skipped\n`);
      if (countsFile) writeFileSync(countsFile, `${passed} ${failures.length} ${skips.length}\n`);
      if (failures.length > 0) process.exitCode = 1;
    },
  };
}
