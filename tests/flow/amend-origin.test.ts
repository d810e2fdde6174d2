// Revisions by a first issuer who doesn't see where his artifact came from: he keeps every status entry.
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { derive } from "@writ/core";
import type { StatusEntry, VerifiedArtifact } from "@writ/core";
import { amend } from "@writ/core/amend";
import type { Amended, AmendOptions } from "@writ/core/amend";
import { listAttachments } from "../../packages/core/src/attachments.ts";
import { withParts } from "../attacks/forge.ts";
import { at, evaluator, keystore, sealed, signers, verified } from "../support/scene.ts";

const entry = (index: number): StatusEntry => ({ uri: "https://status.acme.example/1", index });
const amended = (of: VerifiedArtifact, change: Partial<AmendOptions>): Promise<Amended> =>
  amend(of, { custody: keystore, evaluator, signer: signers.issuer, clock: at(300), ...change });

/** The artifact without its attached sources: its lineage is unchecked. */
async function alone(artifact: Uint8Array): Promise<VerifiedArtifact> {
  const stripped = withParts(artifact, ({ attachments }) => ({
    attachments: listAttachments(attachments)
      .filter(({ kind }) => kind !== "source")
      .map(({ bytes }) => bytes),
  }));
  const found = await verified(stripped, 250);
  expect(found.lineage.standing).toBe("unchecked");
  return found;
}

const first = await verified((await sealed(randomBytes(5), { status: [entry(4)] })).artifact);

test("[LIN-9] [AMD-2] without the revision before", async () => {
  const second = await amended(first, { status: [entry(5)], clock: at(120) });
  const of = await alone(second.artifact);
  const { superseded, artifact } = await amended(of, { status: [entry(6)] });
  expect((await verified(artifact, 400)).core.status).toEqual([entry(5), entry(6)]);
  expect(superseded).toEqual([]);
  const seen = await amended(await verified(second.artifact, 250), { status: [entry(6)] });
  expect((await verified(seen.artifact, 400)).core.status, "control").toEqual([entry(6)]);
});

test("[LIN-9] [AMD-2] without the parents of the first revision", async () => {
  const child = await derive([first], {
    operation: "transform",
    content: randomBytes(5),
    write: () => undefined,
    evaluator,
    recipients: [{ custody: keystore, keyUri: "local:data" }],
    signer: signers.issuer,
    clock: at(120),
  });
  const of = await alone(child.artifact);
  expect(of.core.status, "control").toEqual([entry(4)]);
  const { artifact } = await amended(of, { status: [entry(6)] });
  expect((await verified(artifact, 400)).core.status).toEqual([entry(4), entry(6)]);
});

test("[AMD-4] where no entry ends, nobody is asked to end one", async () => {
  const asked: unknown[] = [];
  const supersede = (entries: readonly StatusEntry[]): Promise<void> => Promise.resolve(void asked.push(entries));
  await amended(first, { status: [entry(4), entry(5)], supersede });
  expect(asked).toEqual([]);
  await amended(first, { status: [entry(5)], supersede });
  expect(asked, "control").toEqual([[entry(4)]]);
});
