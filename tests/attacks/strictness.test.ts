// What one reader takes for one thing and another for another: forms that only look like those of the spec.
import { describe, expect, test } from "vitest";
import { ingest, nameOf } from "@writ/core";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { signCose } from "../../packages/core/src/cose.ts";
import { hash } from "../../packages/core/src/crypto.ts";
import { jsonToCbor } from "../../packages/core/src/policy.ts";
import type { JsonValue } from "@writ/core";
import { at, document, sealed, signers, trust } from "../support/scene.ts";
import { attached, refusal, resealed } from "./forge.ts";

/** An artifact under a document as its authority signed it, whatever it says. */
async function under(members: object): Promise<Uint8Array> {
  const bytes = encodeCbor(jsonToCbor(JSON.parse(document(members)) as JsonValue));
  const cose: CborValue = await signCose("policy", hash(-43, bytes), signers.privacy.keys, false);
  const message = encodeCbor([bytes, cose]);
  return resealed((await sealed()).artifact, signers.issuer, {
    core: (core) => ({ ...core, layers: [{ policy: nameOf(message) }] }),
    keep: (kind) => kind !== "policy",
    attach: [attached("policy", message)],
  });
}

describe("policies", () => {
  test("[POM-1] null in place of a classification is none, and not the lowest", async () => {
    expect(await refusal(await under({ classification: null }))).toBe("structure");
    expect(await refusal(await under({ classification: "" }))).toBe("structure");
    const absent = await ingest(await under({ classification: undefined }), trust, { clock: at(60) });
    expect(absent.classification, "control: one that isn't there is public").toBe("public");
    const highest = await ingest(await under({ classification: "restricted" }), trust, { clock: at(60) });
    expect(highest.classification).toBe("restricted");
  });
});
