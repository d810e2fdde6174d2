// What runs inside the page: the vectors, and the way of the data from policy to plaintext.
import { cryptoBackend, inspect, openFile } from "@writ/core";
import { createSecretKey } from "@writ/core/keys";
import { principalFromJwt } from "@writ/evaluator";
import { fromHex } from "../../packages/core/src/bytes-browser.ts";
import { openedText, sealedText } from "./journey.ts";
import { answersOf } from "../support/vector-answers.ts";
import type { Answer, VectorSet, VectorSource } from "../support/vector-answers.ts";
import type { VectorTexts } from "./vector-source.ts";

async function got(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new TypeError(`${path}: ${response.status}`);
  return response;
}

let texts: Promise<VectorTexts> | undefined;

/** What the test may ask of the page. */
const page = {
  backend: cryptoBackend,
  globals: ["Buffer", "process", "require"].filter((name) => name in globalThis),
  /** Answers to the vectors of a folder; `change` is put in place of the members of one. */
  answers: async (
    set: VectorSet,
    change?: { readonly id: string; readonly members: object },
  ): Promise<readonly Answer[]> => {
    texts ??= got("vectors.json").then((response) => response.json() as Promise<VectorTexts>);
    const read = await texts;
    const vectors = (read.vectors[set] as readonly { readonly id?: string }[])
      .filter(({ id }) => change === undefined || id === change.id)
      .map((vector) => ({ ...vector, ...change?.members }));
    const stored = async (name: string): Promise<Uint8Array> =>
      new Uint8Array(await (await got(`stored/${name}`)).arrayBuffer());
    const source: VectorSource = { ...read, vectors: { ...read.vectors, [set]: vectors }, stored };
    return answersOf(set, source);
  },
  sealed: sealedText,
  opened: openedText,
  inspected: (artifact: string): unknown => inspect(fromHex(artifact)),
  /** The principal of a token, or the code of its refusal. */
  principal: async (token: string, jwk: object, issuer: string, now: number): Promise<unknown> => {
    try {
      const options = { keys: { keys: [jwk] }, issuer, audience: "urn:acme:data", clock: (): number => now };
      return (await principalFromJwt(token, options)).principal;
    } catch (error) {
      return error instanceof Error && "code" in error ? error.code : String(error);
    }
  },
  /** Everything of a key of these bytes that a script, a log or another page can come by. */
  shownOfKey: (bytes: string): string => {
    const key = createSecretKey(fromHex(bytes));
    const own = Reflect.ownKeys(key).map((name) => [String(name), String(Reflect.get(key, name))]);
    const kin = Object.getOwnPropertyNames(Object.getPrototypeOf(key));
    return JSON.stringify([own, kin, key, structuredClone(key), Object.assign({}, key)]);
  },
  fault: (): string => {
    try {
      void openFile("a");
    } catch (error) {
      return error instanceof Error ? error.name : "";
    }
    return "";
  },
};

/** The page as the test sees it. */
export type Page = typeof page;

Object.assign(globalThis, { writ: page });
