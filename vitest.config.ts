import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { testSummary } from "./tools/test-summary.ts";

export default defineConfig({
  // Neither "import" nor "require" here: workers would ask for them in every resolution, and a require() would get a module.
  ssr: { resolve: { conditions: ["@writ/source", "node"] } },
  test: {
    include: ["tests/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    // Processes, not threads: tests change the working directory, start children and measure memory.
    pool: "forks",
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ["default", testSummary(process.env["WRIT_TEST_COUNTS"])],
    execArgv: ["--conditions=@writ/source", "--disable-warning=ExperimentalWarning"],
  },
});
