#!/usr/bin/env node
// Starts the command. In a checkout it runs from source (type stripping), in a published package from dist.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";

if (Number(process.versions.node.split(".")[0]) < 24) {
  process.stderr.write(
    `writ: needs Node 24 or later, this is ${process.versions.node}; run \`npm run setup\` in the checkout, or install Node 24\n`,
  );
  process.exit(1);
}
nodeModule.enableCompileCache?.();
const source = new URL("../src/main.ts", import.meta.url);
const built = new URL("../dist/main.js", import.meta.url);
if (existsSync(source) && !source.pathname.includes("/node_modules/")) {
  nodeModule.registerHooks({
    resolve: (specifier, context, next) => {
      // What our own files say of each other needs no search, which would be a fifth of the time to start.
      if (specifier.startsWith(".") && specifier.endsWith(".ts"))
        return { url: new URL(specifier, context.parentURL).href, format: "module-typescript", shortCircuit: true };
      const ours = /^(@writ\/|#)/.test(specifier);
      return next(specifier, ours ? { ...context, conditions: [...context.conditions, "@writ/source"] } : context);
    },
  });
  await import(source.href);
} else {
  await import(built.href);
}
