// Faults that are the command's own; everything else that may fail has a code of core.

/** The call can't be understood. Exit code 2. Spec: CLI-2. */
export class UsageError extends TypeError {
  override readonly name = "UsageError";
  readonly next: string | undefined;

  /** `next` says what to do instead, in one sentence. */
  constructor(message: string, next?: string) {
    super(message);
    this.next = next;
  }
}

/** Ctrl-C came, and what was under way has been brought to a clean end. Exit code 130. */
export class Interrupted extends RangeError {
  override readonly name = "Interrupted";

  constructor() {
    super("interrupted; nothing half-written was left behind");
  }
}

/** Throws Interrupted once Ctrl-C was pressed. */
export function stopIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new Interrupted();
}
