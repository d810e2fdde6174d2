// A corpus for the tests of re-anchoring: really sealed files in a folder, campaigns by the scene's archive, a process to kill.
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encodeEnvelope, ingest, localSigner } from "@writ/core";
import type { Role, Signer, TrustPolicy } from "@writ/core";
import { describeSigner } from "@writ/core";
import type { RunOptions } from "@writ/reanchor";
import { at, sealed, signers, trust, trustWith } from "../support/scene.ts";
import type { TrustDraft } from "../support/scene.ts";
import { scratchFolder } from "../support/scratch.ts";

/** Seconds after the seals at which campaigns run. */
export const later = 3600;

/** What a run by the scene's archive takes. */
export const byArchive: RunOptions = {
  trust,
  signer: signers.archive,
  clock: at(later),
  wait: () => Promise.resolve(),
};

/** The same, committing. */
export const committing: RunOptions = { ...byArchive, commit: true };

/** Puts a sealed file with its sidecar into a folder; returns the sidecar's path within it. */
export async function addSealed(folder: string, name: string, signer: Signer = signers.issuer): Promise<string> {
  const { artifact, stored } = await sealed(Buffer.from(`content of ${name}`), { signer });
  const path = `${name}.sealed`;
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), stored);
  writeFileSync(join(folder, `${path}.writ`), artifact);
  return `${path}.writ`;
}

/** Puts an envelope into a folder; returns its path within it. */
export async function addEnvelope(folder: string, name: string): Promise<string> {
  const { artifact, stored } = await sealed(Buffer.from(`content of ${name}`));
  writeFileSync(join(folder, `${name}.writ`), encodeEnvelope(artifact, stored));
  return `${name}.writ`;
}

/** A folder with `count` sealed files in two subfolders. */
export async function corpusOf(count: number): Promise<string> {
  const folder = scratchFolder();
  for (let index = 0; index < count; index += 1) {
    await addSealed(folder, `${index % 2 === 0 ? "even" : "odd"}/${String(index).padStart(3, "0")}`);
  }
  return folder;
}

/** Every file below a folder, by path. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

/** SHA-256 of every file that `pick` takes, by path. */
export function digestsIn(folder: string, pick: (path: string) => boolean = () => true): Record<string, string> {
  const digest = (path: string): string =>
    createHash("sha256")
      .update(readFileSync(join(folder, path)))
      .digest("hex");
  return Object.fromEntries(
    filesIn(folder)
      .filter(pick)
      .map((path) => [path, digest(path)]),
  );
}

export const isSidecar = (path: string): boolean => path.endsWith(".writ");
export const isContent = (path: string): boolean => path.endsWith(".sealed");

/** Suites of the anchors of every sidecar, each ingested under a trust policy with its content. */
export async function suitesIn(folder: string, under: TrustPolicy = trust): Promise<Record<string, string[]>> {
  const out: Record<string, string[]> = {};
  for (const path of filesIn(folder).filter(isSidecar)) {
    const content = readFileSync(join(folder, path.slice(0, -".writ".length)));
    const { evidence } = await ingest(readFileSync(join(folder, path)), under, { content, clock: at(later + 60) });
    out[path] = evidence.anchors.map(({ suite }) => suite);
  }
  return out;
}

/** A trust policy of the scene with one signer more, as text too, for another process. */
export function trustText(signer: Signer, role: Role): string {
  let text = "";
  trustWith((draft: TrustDraft) => {
    draft.signers.push({ ...describeSigner(signer, role), trustedTime: true });
    text = JSON.stringify(draft);
  });
  return text;
}

/** A signer of the target suite with its private keys as PEM, for another process. */
export function portableSigner(authority: string): { signer: Signer; pem: string[] } {
  const keys = [generateKeyPairSync("ed25519").privateKey, generateKeyPairSync("ml-dsa-65").privateKey];
  return {
    signer: localSigner(authority, "ed25519+mldsa65", keys),
    pem: keys.map((key) => key.export({ format: "pem", type: "pkcs8" }).toString()),
  };
}
