// Status source: what lists say of the entries that artifacts name.
import type { StatusEntry, StatusReading, StatusSource } from "@writ/core";
import { StatusKeeper, checkOptions, keeperNames } from "./status-keeper.ts";
import type { KeeperOptions } from "./status-keeper.ts";
import { listRoles, readStatusList, statusAt } from "./status-list.ts";
import { signersOf } from "./status-token.ts";

type Entry = StatusReading["status"][number];

const maxAgeMs = 24 * 3_600_000;

/** A source over status lists, of 24 h at most by default; `read` throws for nothing that a network, a cache or a list does. Throws TypeError and RangeError for wrong options. Spec: STS-1 to STS-6. */
export function statusSource(options: KeeperOptions): StatusSource {
  checkOptions(options, keeperNames);
  const { trust } = options;
  const lists = new StatusKeeper(options, maxAgeMs, readStatusList, ({ bytes }) => bytes.length);
  const rolesAt = (uri: string): readonly string[] => signersOf(trust, uri, listRoles).map(({ role }) => role);
  return {
    read: async (entries: readonly StatusEntry[], nowSeconds: number): Promise<StatusReading> => {
      const nowMs = lists.nowMs(nowSeconds);
      const uris = [...new Set(entries.map(({ uri }) => uri))].filter((uri) => rolesAt(uri).length > 0);
      const readable = nowMs < trust.expires * 1000 ? uris : [];
      const read = new Map(
        await Promise.all(readable.map(async (uri) => [uri, await lists.list(uri, nowMs)] as const)),
      );
      const said = entries.map(({ uri, index }) => {
        const list = read.get(uri) ?? null;
        return { uri, index, list, value: list && statusAt(list, index) };
      });
      const status = said.map(({ uri, index, list, value }): Entry => {
        if (list === null || value === null) return { uri, index, value: "unknown" };
        const ageMs = Math.max(0, nowMs - list.issuedAt * 1000);
        return { uri, index, value: value === "held" ? "valid" : value, ageMs, until: lists.endOf(list) };
      });
      const holds = said.filter(({ value }) => value === "held").map(({ uri, index }) => `${uri}#${index}`);
      const allKnown = said.every(({ uri, value }) => value !== null || rolesAt(uri).includes("status"));
      return holds.length > 0 || allKnown ? { status, holds } : { status };
    },
  };
}
