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
const fromSource = existsSync(source) && !source.pathname.includes("/node_modules/");
const packages = new URL("../../", import.meta.url).href;
const isOurs = (url) =>
  fromSource
    ? url.startsWith(packages) && !url.includes("/node_modules/")
    : /\/node_modules\/@writ\/[a-z-]+\/dist\/(?!.*\/node_modules\/)/.test(url);
nodeModule.registerHooks({
  resolve: (specifier, context, next) => {
    // What our own files say of each other needs no search, which would be a quarter of the time to start.
    if (/^\.\.?\/.*\.[jt]s$/.test(specifier) && isOurs(context.parentURL ?? "")) {
      const format = specifier.endsWith(".ts") ? "module-typescript" : "module";
      return { url: new URL(specifier, context.parentURL).href, format, shortCircuit: true };
    }
    const toSource = fromSource && /^(@writ\/|#)/.test(specifier);
    return next(specifier, toSource ? { ...context, conditions: [...context.conditions, "@writ/source"] } : context);
  },
});
await import(fromSource ? source.href : built.href);
