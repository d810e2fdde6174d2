// What a command is given and what it answers.
import type { Home } from "./home.ts";
import type { Io } from "./io.ts";
import type { Line } from "./print.ts";

/** Options that every command takes. */
export interface CommonOptions {
  readonly home?: string;
  readonly json?: boolean;
  readonly force?: boolean;
}

/** What a command works with. */
export interface Context {
  readonly io: Io;
  readonly json: boolean;
  readonly force: boolean;
  /** `--home` as given. */
  readonly homeOption: string | undefined;
  /** The home, or null where there is none; read once. */
  findHome(): Promise<Home | null>;
  /** The home; throws `input-unreadable` where there is none. */
  needHome(): Promise<Home>;
}

/** What a command found or did. */
export interface Answer {
  /** The one object of `--json`; absent where the command has written its data itself. */
  readonly json?: object;
  /** Data for stdout. */
  readonly lines?: readonly Line[];
  /** Prose for stderr. */
  readonly notes?: readonly Line[];
  /** Default: 0. */
  readonly exit?: number;
}

/** Makes the context of one run. */
export function contextOf(io: Io, options: CommonOptions): Context {
  let found: Promise<Home | null> | null = null;
  const { home: homeOption } = options;
  const load = (): Promise<typeof import("./home.ts")> => import("./home.ts");
  return {
    io,
    json: options.json === true,
    force: options.force === true,
    homeOption,
    findHome: () => (found ??= load().then(({ findHome }) => findHome(io, homeOption))),
    needHome: async () => {
      found ??= load().then(({ findHome }) => findHome(io, homeOption));
      return (await found) ?? (await load()).needHome(io, homeOption);
    },
  };
}
