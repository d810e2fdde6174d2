// Ingests an artifact with what this process has for ML-DSA, signs another one over a keystore, and says what it found.
import { readFileSync, writeFileSync } from "node:fs";
import { cover, cryptoBackend, custodySigner, describeSigner, ingest, parseTrust, suites } from "@writ/core";
import type { SuiteName } from "@writ/core";
import { createLocalKeystore } from "@writ/core/local";

const [folder, suite] = process.argv.slice(2) as [string, SuiteName];
const draft = JSON.parse(readFileSync(`${folder}/trust.json`, "utf8")) as { signers: object[] };
const artifact = readFileSync(`${folder}/artifact`);
const now = Number(readFileSync(`${folder}/now`, "utf8"));
const keystore = await createLocalKeystore({ file: `${folder}/keystore-${cryptoBackend}`, keyFile: `${folder}/key` });
const keys: string[] = [];
for (const alg of suites[suite].algs) keys.push((await keystore.createSigningKey(`key${alg}`, alg)).uri);
const signer = await custodySigner("urn:fallback:archive", suite, keystore, keys);
draft.signers.push({ ...describeSigner(signer, "anchor"), trustedTime: true });
const trust = parseTrust(JSON.stringify(draft));
const verified = await ingest(artifact, trust, { clock: () => now });
const covered = await cover(verified, { signer, clock: () => now + 1000 });
const again = await ingest(covered.artifact, trust, { clock: () => now + 2000 });
writeFileSync(`${folder}/covered-${cryptoBackend}`, covered.artifact);
writeFileSync(`${folder}/trust-${cryptoBackend}.json`, JSON.stringify(draft));
console.log(
  JSON.stringify({
    cryptoBackend,
    name: verified.name,
    era: again.evidence.era,
    anchors: again.evidence.anchors.length,
  }),
);
