// A run in a process of its own, which ends itself, as by kill -9, at the step it is told. Arguments: a file with the job as JSON.
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { localSigner, parseTrust } from "@writ/core";
import { directoryStore, run } from "@writ/reanchor";

/** What the child is to do. */
export interface ChildJob {
  readonly folder: string;
  readonly trust: string;
  readonly authority: string;
  readonly pem: readonly string[];
  readonly now: number;
  readonly batchSize: number;
  /** Ends at the n-th time this step was made; null runs to the end. */
  readonly killAt: { readonly step: string; readonly nth: number } | null;
}

if (process.argv[2] !== undefined && process.argv[1]?.endsWith("run-child.ts")) {
  const job = JSON.parse(readFileSync(process.argv[2], "utf8")) as ChildJob;
  let seen = 0;
  const onStep = (step: string): void => {
    if (job.killAt === null || step !== job.killAt.step) return;
    seen += 1;
    if (seen === job.killAt.nth) process.kill(process.pid, "SIGKILL");
  };
  const result = await run(
    directoryStore(job.folder, { onStep }),
    { to: "default" },
    {
      trust: parseTrust(job.trust),
      signer: localSigner(
        job.authority,
        "ed25519+mldsa65",
        job.pem.map((pem) => createPrivateKey(pem)),
      ),
      commit: true,
      batchSize: job.batchSize,
      clock: () => job.now,
    },
  );
  process.stdout.write(JSON.stringify({ ended: result.ended, counts: result.counts, recovered: result.recovered }));
}
