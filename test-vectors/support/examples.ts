// Every worked example of the spec, in the order of its text.
import { artifactExamples } from "./example-artifact.ts";
import { contentExamples } from "./example-content.ts";
import { evidenceExamples } from "./example-evidence.ts";
import { keystoreExamples } from "./example-keystore.ts";
import { thumbprintExamples } from "./example-signatures.ts";
import { tokenExamples } from "./example-tokens.ts";
import { wrapExamples } from "./example-wraps.ts";
import type { Example } from "./example.ts";

/** Every example. */
export async function allExamples(): Promise<readonly Example[]> {
  return [
    ...thumbprintExamples(),
    ...contentExamples(),
    ...(await wrapExamples()),
    ...(await artifactExamples()),
    ...(await evidenceExamples()),
    ...(await tokenExamples()),
    ...keystoreExamples(),
  ];
}
