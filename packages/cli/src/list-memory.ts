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
  const { issuedAt, seenAt } = value as Partial<SeenList>;
  return Number.isSafeInteger(issuedAt) && Number.isSafeInteger(seenAt);
}

async function readSeen({ io }: Context, path: string): Promise<Map<string, SeenList>> {
  if (!existsSync(path)) return new Map();
  const value = parseJson(await readText(io, path));
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [["", null] as const];
  if (!entries.every((entry): entry is [string, SeenList] => isSeen(entry[1])))
    throw new FormatError("structure", `\`${path}\` does not hold the lists that were seen`, { path });
  return new Map(entries);
}

function latest(a: SeenList, b: SeenList): SeenList {
  return { issuedAt: Math.max(a.issuedAt, b.issuedAt), seenAt: Math.max(a.seenAt, b.seenAt) };
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
        for (const [uri, list] of lists) seen.set(uri, latest(list, seen.get(uri) ?? list));
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
  const timeless = new Map([...seen].map(([uri, { issuedAt }]) => [uri, { issuedAt, seenAt: 0 }]));
  return { seen: elsewhen ? timeless : seen, note: () => Promise.resolve() };
}

/** Throws `status-rollback` for a list older than one of that URI that was seen. Spec: CLI-28. */
export function assertNewest({ seen }: ListMemory, path: string, uri: string, issuedAt: number): void {
  const before = seen.get(uri);
  if (before === undefined || issuedAt >= before.issuedAt) return;
  throw new VerificationError(
    "status-rollback",
    `\`${path}\` is older than a list of \`${uri}\` that was seen already`,
    { path },
  );
}
