// What the command touches of its process, passed in: so that it runs in a test as it runs in a shell.
import type { Writable } from "node:stream";

/** A stream that text and data go to. */
export type Sink = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The surroundings of one run. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** What is piped in, read only by a flag that says so. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths are relative to this folder. */
  readonly cwd: string;
  /** Aborted by Ctrl-C: what runs is brought to a clean end. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The surroundings of this process. The first Ctrl-C aborts `signal`, the second ends the process at once. Spec: CLI-20. */
export function processIo(): Io {
  const interrupt = new AbortController();
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined); // each write reports its own
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    get stdin() {
      return process.stdin; // touched only when asked for: it would keep the process
    },
    env: process.env,
    cwd: process.cwd(),
    signal: interrupt.signal,
    now: Date.now,
  };
}
