import type { Principal } from "./caller.ts";
import type { FaultPlan } from "./fault-plan.ts";
import type { Quota } from "./throttle.ts";
import type { TrailEvent } from "./trail.ts";

/** How to start the server; everything may be left out. */
export interface KmsOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on; 127.0.0.1 by default. Any other lets others in: whoever reaches it may use every key. */
  readonly host?: string;
  /** File that keeps keys over restarts, secrets in clear, 0600; left out, they die with the process. */
  readonly stateFile?: string;
  /** Who each access key id is; left out, every id is the root user of account 111122223333. */
  readonly principals?: Readonly<Record<string, Principal>>;
  /** Secret access keys by access key id; given, each request's signature and date are checked, left out, none. */
  readonly secretAccessKeys?: Readonly<Record<string, string>>;
  /** The time in milliseconds since the epoch. */
  readonly clock?: () => number;
  /** The only Region to serve; left out, requests may be signed for any, each with keys of its own. */
  readonly region?: string;
  /** How long a new grant works only by its token, in milliseconds; 5000 by default. */
  readonly grantDelayMs?: number;
  /** How long a key is Creating or Updating, in milliseconds by `clock`; 2000 by default. */
  readonly transitionMs?: number;
  /** What goes wrong on demand; nothing by default. */
  readonly faults?: FaultPlan;
  /** Request quotas for each account and Region; none by default. */
  readonly quotas?: readonly Quota[];
  /** Called with one event for each request that reached an operation, and for what AWS KMS does by itself. */
  readonly onEvent?: (event: TrailEvent) => void;
  /** File of JSON lines that gets the same events. */
  readonly trailFile?: string;
  /** Folder that gets the same events as CloudTrail's log files and signed hourly digest files. */
  readonly trailFolder?: string;
  /** Largest request body in bytes; 262144 by default. */
  readonly maxBodyBytes?: number;
  /** Time to receive a whole request in milliseconds; 30000 by default. */
  readonly requestTimeoutMs?: number;
}

const names: Readonly<Record<keyof KmsOptions, true>> = {
  port: true,
  host: true,
  stateFile: true,
  principals: true,
  secretAccessKeys: true,
  clock: true,
  region: true,
  grantDelayMs: true,
  transitionMs: true,
  faults: true,
  quotas: true,
  onEvent: true,
  trailFile: true,
  trailFolder: true,
  maxBodyBytes: true,
  requestTimeoutMs: true,
};

/** Throws TypeError for an option that isn't known. */
export function assertOptions(options: KmsOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown !== undefined) throw new TypeError(`option \`${unknown}\` is not known`);
}
