// What tests of status lists share: who signs them, a web that serves them, a source that reads them.
import { describeSigner } from "@writ/core";
import type { Signer, StatusReading, TrustPolicy } from "@writ/core";
import { signStatusList, statusSource } from "@writ/evaluator/status";
import type { KeeperOptions, ListedStatus, StatusListDraft } from "@writ/evaluator/status";
import { at, newSigner, start, trustWith } from "./scene.ts";

/** Where the registrar's lists are published. */
export const base = "https://status.acme.example/";
export const uri = `${base}lists/1`;
/** A list of holds. */
export const holdUri = "https://holds.acme.example/1";
export const registrar = newSigner("urn:acme:registrar", "ed25519");
export const counsel = newSigner("urn:acme:counsel", "p256");
export const stranger = newSigner("urn:acme:registrar", "ed25519");
export const startSeconds = start / 1000;

/** The scene's trust policy with `signer` for status and the counsel for holds. */
export function trusting(signer: Signer = registrar, more: object = {}): TrustPolicy {
  return trustWith((draft) => {
    draft.signers.push(
      { ...describeSigner(signer, "status"), scope: [base], ...more },
      { ...describeSigner(counsel, "hold"), scope: ["https://holds.acme.example/"] },
    );
  });
}

export const trust = trusting();

/** A signed list with these entries. */
export function list(
  entries: Record<number, ListedStatus>,
  more: Partial<StatusListDraft> = {},
  signer = registrar,
): Promise<string> {
  return signStatusList(
    {
      uri,
      size: 1000,
      issuedAt: startSeconds,
      entries: new Map(Object.entries(entries).map(([index, status]) => [Number(index), status])),
      ...more,
    },
    signer,
  );
}

/** A web of tokens by URI that counts what was fetched; a token that is missing is a network error. */
export function web(tokens: Record<string, string>): {
  tokens: Record<string, string>;
  asked: string[];
  fetch: (uri: string) => Promise<string>;
} {
  const asked: string[] = [];
  return {
    tokens,
    asked,
    fetch: (from) => {
      asked.push(from);
      return from in tokens ? Promise.resolve(tokens[from]!) : Promise.reject(new Error("ECONNREFUSED"));
    },
  };
}

/** What a source says of entries; nothing is fetched unless told. */
export async function read(
  options: Partial<KeeperOptions>,
  indexes: number[] = [7],
  seconds = 60,
  where = uri,
): Promise<StatusReading> {
  const source = statusSource({
    trust,
    fetch: () => Promise.reject(new Error("down")),
    clock: at(seconds),
    ...options,
  });
  return source.read(
    indexes.map((index) => ({ uri: where, index })),
    startSeconds + seconds,
  );
}

/** What a source makes of entry 7 of a token. */
export async function valueOf(
  token: string,
  options: Partial<KeeperOptions> = {},
  seconds = 60,
  where = uri,
): Promise<string> {
  const { status } = await read({ fetch: web({ [where]: token }).fetch, ...options }, [7], seconds, where);
  return status[0]!.value;
}

/** A token with other claims or another header, signed all the same. */
export function withPayload(
  members: object,
  signer = registrar,
  header: object = { alg: "EdDSA", typ: "statuslist+jwt" },
): Promise<string> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part({ sub: uri, iat: startSeconds, status_list: { bits: 1, lst: "eNrbuRgAAhcBXQ" }, ...members })}`;
  return signer.keys[0]!.sign(Buffer.from(signed)).then(
    (signature) => `${signed}.${Buffer.from(signature).toString("base64url")}`,
  );
}
