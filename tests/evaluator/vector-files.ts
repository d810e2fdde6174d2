// The decision vectors: reads them and puts real digests and seconds in place of their names and dates.
import { createHash } from "node:crypto";
import type { Digest, JsonObject } from "@writ/core";
import { readText, repositoryFiles } from "../support/repository.ts";

export interface VectorLayer {
  readonly policy: string;
  readonly parameters?: Record<string, string | number | boolean>;
  readonly via?: readonly string[];
}

export interface DecisionVector {
  readonly id: string;
  readonly spec: readonly string[];
  readonly title: string;
  readonly policies: Record<string, JsonObject>;
  readonly taxonomies?: readonly { iri: string; version: string; digest: Digest; terms: Record<string, string[]> }[];
  readonly layers?: readonly VectorLayer[];
  readonly parents?: readonly (readonly VectorLayer[])[];
  readonly operation?: string;
  readonly output?: JsonObject;
  readonly request?: unknown;
  readonly state?: Record<string, unknown>;
  readonly expect: {
    readonly error?: string;
    readonly verdict?: string;
    readonly reasons?: readonly string[];
    readonly missing?: readonly string[];
    readonly obligations?: readonly string[];
    readonly until?: string | null;
    readonly layers?: readonly VectorLayer[];
    readonly forbiddenBy?: readonly string[];
    readonly refused?: readonly string[];
    readonly emptyMeet?: string | null;
  };
}

/** The vectors of one folder, in the order of their names. */
export function readVectors<T>(folder: string): readonly T[] {
  return repositoryFiles()
    .filter((path) => path.startsWith(`test-vectors/${folder}/`) && path.endsWith(".json"))
    .map((path) => JSON.parse(readText(path)) as T);
}

/** The digest that stands for a policy's name. */
export function digestOf(name: string): Digest {
  if (/^sha384:[0-9a-f]{96}$/.test(name)) return name as Digest;
  return `sha384:${createHash("sha384").update(name).digest("hex")}`;
}
