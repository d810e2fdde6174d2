import type { Caller } from "./caller.ts";
import type { State } from "./state.ts";
import { read, type Read, type Shape } from "./shape.ts";

/** One request on its way: who asks for what, when, and what the trail will say of it. */
export interface Call {
  readonly operation: string;
  readonly requestId: string;
  readonly caller: Caller;
  /** Milliseconds since the epoch, the same for the whole request. */
  readonly now: number;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly state: State;
  /** How long a new grant works only by its token. */
  readonly grantDelayMs: number;
  /** How long a key stays in a state that ends by itself. */
  readonly transitionMs: number;
  readonly trail: TrailNotes;
}

/** What an operation tells the trail beside its request. */
export interface TrailNotes {
  /** ARNs, in the order in which they are to be listed. */
  readonly resources: string[];
  readonly additional: Record<string, string>;
  /** Events that AWS writes beside that of the request itself. */
  readonly beside: BesideEvent[];
}

/** What AWS KMS does in another Region on behalf of a request. */
export interface BesideEvent {
  readonly operation: string;
  readonly region: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly answer?: Answer;
  readonly resources: readonly string[];
}

/** What an operation answers: a JSON object, or nothing. */
export type Answer = Readonly<Record<string, unknown>> | undefined;

/** One operation of AWS KMS. */
export interface Operation {
  /** True when it changes state, so that the state is made durable before the answer. */
  readonly writes: boolean;
  readonly run: (body: Readonly<Record<string, unknown>>, call: Call) => Answer | Promise<Answer>;
}

/** Operations by their names. */
export type Operations = Readonly<Record<string, Operation>>;

/** An operation that only reads. */
export function reading<S extends Shape>(
  shape: S,
  run: (input: Read<S>, call: Call) => Answer | Promise<Answer>,
): Operation {
  return { writes: false, run: (body, call) => run(read(body, shape), call) };
}

/** An operation that changes state. */
export function writing<S extends Shape>(
  shape: S,
  run: (input: Read<S>, call: Call) => Answer | Promise<Answer>,
): Operation {
  return { writes: true, run: (body, call) => run(read(body, shape), call) };
}
