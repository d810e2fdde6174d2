// Bundles a module for a browser, as a page of ours would be. What only node has fails the build.
import { isBuiltin } from "node:module";
import { build } from "vite";
import type { Plugin } from "vite";
import { root } from "../support/repository.ts";

/** Modules of node end the build: left to itself, the bundler puts an empty module in their place. */
const refuseNode: Plugin = {
  name: "refuse-node",
  enforce: "pre",
  resolveId(source, importer) {
    if (isBuiltin(source)) this.error(`${importer ?? "the entry"} imports ${source}, which no browser has`);
  },
};

/** The JavaScript of a module and everything that it imports. Rejects where it, or what it imports, needs node. */
export async function bundleFor(entry: string): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: "silent",
    resolve: { conditions: ["@writ/source", "browser", "module"] },
    plugins: [refuseNode],
    build: {
      write: false,
      target: "esnext",
      minify: false,
      modulePreload: false,
      rolldownOptions: { input: entry, output: { codeSplitting: false } },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunks = outputs.flatMap((one) => ("output" in one ? one.output : [])).filter(({ type }) => type === "chunk");
  const [chunk, ...more] = chunks;
  if (chunk?.type !== "chunk" || more.length > 0) throw new TypeError("the bundle is not one chunk");
  return chunk.code;
}
