// writ trust sign: a trust policy in the form that consumers take under a pinned root, and that root to pin.
import { basename, dirname, join, resolve } from "node:path";
import { describeSigner, parseTrust, signTrust } from "@writ/core";
import type { Signer } from "@writ/core";
import { maxUnrememberedSeconds } from "@writ/core/trust-root";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { Custodies } from "../custodies.ts";
import { UsageError } from "../fault.ts";
import { readText } from "../input-file.ts";
import { Outputs } from "../output-file.ts";
import { instantText } from "../print.ts";

/** Options of `trust sign`. */
export interface TrustSignOptions extends CommonOptions {
  readonly signerKey?: readonly string[];
  readonly authority?: string;
  readonly out?: string;
}

async function rootSigner(context: Context, { signerKey, authority }: TrustSignOptions): Promise<Signer> {
  if (signerKey === undefined) {
    if (authority !== undefined) throw new UsageError("--authority goes with --signer-key: the home has its own");
    return (await context.needHome()).rootSigner();
  }
  const named = authority ?? (await context.needHome()).authority;
  return new Custodies(() => context.needHome()).signer(named, signerKey);
}

/** Signs a trust policy as a root, and writes that root for those who pin it. Spec: CLI-60. */
export async function trustSign(
  context: Context,
  [path]: readonly [string],
  options: TrustSignOptions,
): Promise<Answer> {
  const { io } = context;
  const text = await readText(io, path);
  const { sequence, expires } = parseTrust(text);
  const signed = options.out ?? join(dirname(path), `${basename(path).replace(/\.json$/, "")}.trust`);
  const root = `${signed}-root.json`;
  using outputs = new Outputs(context.force);
  const message = outputs.stage(resolve(io.cwd, signed));
  const pinned = outputs.stage(resolve(io.cwd, root));
  const signer = await rootSigner(context, options);
  const { authority, suite, keys } = describeSigner(signer, "policy");
  message.write(await signTrust(text, signer));
  pinned.write(Buffer.from(`${JSON.stringify({ authority, suite, keys }, null, 2)}\n`));
  outputs.commit();
  const thumbprints = keys.map(({ thumbprint }) => thumbprint);
  return {
    json: { file: path, signed, root, sequence, expires: instantText(expires), authority, suite, thumbprints },
    lines: [
      { text: `${path} -> ${signed}`, tone: "good" },
      `  sequence ${sequence}, expires ${instantText(expires)}`,
      `  signed by ${authority} (${suite}); its root is ${root}`,
      ...thumbprints.map((thumbprint) => `    ${thumbprint}`),
    ],
    notes: [
      ...(expires > Math.floor(io.now() / 1000) + maxUnrememberedSeconds
        ? ["it lasts for more than 90 days: readers that keep no sequence won't take it before its last 90 days"]
        : []),
      "give consumers the root once, by a way they trust: `writ trust add FILE --root ROOT --pin`",
    ],
  };
}
