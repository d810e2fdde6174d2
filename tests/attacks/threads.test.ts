// What threads found of signatures answers the one question that was asked of them.
import { expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "@writ/core";
import { parseCose, signCose } from "../../packages/core/src/cose.ts";
import { verifyAhead, verifyCose } from "../../packages/core/src/trust.ts";
import { codeOf, signers, trust } from "../support/scene.ts";

test("[SUI-3] [COS-2] signatures that were verified ahead are none over another payload, or for another use", async () => {
  const [payload, other] = [encodeCbor("signed"), encodeCbor("another")];
  const signed = async (): Promise<ReturnType<typeof parseCose>> =>
    parseCose(decodeCbor(encodeCbor(await signCose("anchor", payload, signers.archive.keys, false))), "anchor", false);
  const cose = await signed();
  await verifyAhead(trust, cose, "anchor", payload);
  expect(verifyCose(trust, cose, "anchor", payload).authority, "control").toBe(signers.archive.authority);
  expect(await codeOf(() => verifyCose(trust, cose, "anchor", other))).toBe("signature-invalid");
  expect(await codeOf(() => verifyCose(trust, cose, "policy", payload))).toBe("signature-invalid");
});
