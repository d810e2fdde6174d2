// What a home remembers of the signed lists that it was shown: an older one isn't taken back, and a clock set back makes none young.
import { existsSync } from "node:fs";
import { FormatError, parseJson, VerificationError } from "@writ/core";
import type { Context } from "./command.ts";
import { locked } from "./file-lock.ts";
import { readText } from "./input-file.ts";
import { Outputs } from "./output-file.ts";

/** When a list was issued, and the latest time at which it was seen; seconds since the epoch. */
export interface SeenList {
  readonly issuedAt: number;
  readonly seenAt: number;
  /** SHA-384 of its payload, hex; it isn't there where an earlier version remembered it. */
  readonly digest?: string;
}

/** A list that is to be newer than what was seen. */
export interface ShownList {
  readonly path: string;
  readonly uri: string;
  readonly issuedAt: number;
  readonly digest: string;
}

/** The lists that were seen, by URI. Spec: CLI-28. */
export interface ListMemory {
  readonly seen: ReadonlyMap<string, SeenList>;
  /** Keeps what is newer than what was seen. Throws `output-unwritable`. */
  note(lists: ReadonlyMap<string, SeenList>): Promise<void>;
}

/** The memory where there is no home. */
export const noMemory: ListMemory = { seen: new Map(), note: () => Promise.resolve() };

function isSeen(value: unknown): value is SeenList {
  if (typeof value !== "object" || value === null) return false;
  const { issuedAt, seenAt, digest } = value as Partial<SeenList>;
  const hasDigest = digest === undefined || (typeof digest === "string" && /^[0-9a-f]{96}$/.test(digest));
  return Number.isSafeInteger(issuedAt) && Number.isSafeInteger(seenAt) && hasDigest;
}

async function readSeen({ io }: Context, path: string): Promise<Map<string, SeenList>> {
  if (!existsSync(path)) return new Map();
  const value = parseJson(await readText(io, path));
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [["", null] as const];
  if (!entries.every((entry): entry is [string, SeenList] => isSeen(entry[1])))
    throw new FormatError("structure", `\`${path}\` does not hold the lists that were seen`, { path });
  return new Map(entries);
}

/** What is known of a URI once `shown` was seen too: the newest list, of one time the one that was there before. */
function latest(before: SeenList, shown: SeenList): SeenList {
  const isNewer = shown.issuedAt > before.issuedAt || (shown.issuedAt === before.issuedAt && !before.digest);
  return { ...(isNewer ? shown : before), seenAt: Math.max(before.seenAt, shown.seenAt) };
}

/** The home's memory. Throws `structure`. */
export async function homeMemory(context: Context): Promise<ListMemory> {
  const home = await context.findHome();
  if (!home) return noMemory;
  const path = home.paths.listsSeen;
  return {
    seen: await readSeen(context, path),
    note: async (lists) => {
      if (lists.size === 0) return;
      await locked(path, async () => {
        const seen = await readSeen(context, path); // another run may have written since
        for (const [uri, list] of lists) seen.set(uri, latest(seen.get(uri) ?? list, list));
        using outputs = new Outputs(true);
        outputs.stage(path, 0o600).write(Buffer.from(`${JSON.stringify(Object.fromEntries(seen))}\n`));
        outputs.commit();
      });
    },
  };
}

/** The home's memory for what is only asked about: nothing is noted, and `elsewhen`, at another time than now, it holds no clock. Throws `structure`. Spec: CLI-16, CLI-28. */
export async function askedMemory(context: Context, elsewhen: boolean): Promise<ListMemory> {
  const { seen } = await homeMemory(context);
  const timeless = new Map([...seen].map(([uri, list]) => [uri, { ...list, seenAt: 0 }]));
  return { seen: elsewhen ? timeless : seen, note: () => Promise.resolve() };
}

/** Throws `status-rollback` for a list older than one of that URI that was seen, and for another one of the same time. Spec: CLI-28. */
export function assertNewest({ seen }: ListMemory, { path, uri, issuedAt, digest }: ShownList): void {
  const before = seen.get(uri);
  if (before === undefined || issuedAt > before.issuedAt) return;
  if (issuedAt === before.issuedAt && (before.digest ?? digest) === digest) return;
  throw new VerificationError(
    "status-rollback",
    issuedAt < before.issuedAt
      ? `\`${path}\` is older than a list of \`${uri}\` that was seen already`
      : `\`${path}\` says something else than the list of \`${uri}\` of the same time that was seen already`,
    { path },
  );
}
