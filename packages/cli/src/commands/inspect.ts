// writ inspect: what an artifact claims. Nothing is verified, and the first line says so.
import { GovernanceError, inspect } from "@writ/core";
import type { Answer, Context } from "../command.ts";
import { readCarrier } from "../input-file.ts";
import { inFile } from "../verified-input.ts";

/** Decodes an artifact. Spec: CLI-15. */
export async function inspectFile({ io }: Context, [file]: readonly [string]): Promise<Answer> {
  await using carrier = await readCarrier(io, file);
  let inspection;
  try {
    inspection = inspect(carrier.artifact);
  } catch (error) {
    throw error instanceof GovernanceError ? inFile(error, file) : error;
  }
  const { verified, notice, ...claims } = inspection;
  return {
    json: { notice, verified, file, form: carrier.form, ...claims },
    lines: [
      { text: "NOT VERIFIED: these are claims of whoever wrote the file", tone: "bad" },
      ...JSON.stringify(claims, null, 2).split("\n"),
    ],
  };
}
