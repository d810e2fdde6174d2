import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@writ/source", "node", "module", "import", "default"] } },
  test: {
    include: ["tests/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: process.env["CI"] ? ["dot"] : ["default"],
    execArgv: ["--conditions=@writ/source", "--disable-warning=ExperimentalWarning"],
  },
});
