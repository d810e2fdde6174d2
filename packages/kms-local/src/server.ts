import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, Call, Operation } from "./call.ts";
import { type Principal, readCaller, readPrincipals } from "./caller.ts";
import { KmsFault } from "./fault.ts";
import { findOperation } from "./operations/all.ts";
import { rotateDue } from "./operations/rotation.ts";
import { asObject } from "./shape.ts";
import type { State } from "./state.ts";
import { keepInFile, keepInMemory, type StateKeeper } from "./state-file.ts";
import { appendTrail, describeCall, type TrailEvent } from "./trail.ts";

/** How to start the server; everything may be left out. */
export interface KmsOptions {
  /** TCP port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** File that keeps keys over restarts, secrets in clear, 0600; left out, they die with the process. */
  readonly stateFile?: string;
  /** Who each access key id is; left out, every id is the root user of account 111122223333. */
  readonly principals?: Readonly<Record<string, Principal>>;
  /** The time in milliseconds since the epoch. */
  readonly clock?: () => number;
  /** The only Region to serve; left out, requests may be signed for any, each with keys of its own. */
  readonly region?: string;
  /** How long a new grant works only by its token, in milliseconds; 5000 by default. */
  readonly grantDelayMs?: number;
  /** Called with one event for each request that reached an operation. */
  readonly onEvent?: (event: TrailEvent) => void;
  /** File of JSON lines that gets the same events. */
  readonly trailFile?: string;
  /** Largest request body in bytes; 262144 by default. */
  readonly maxBodyBytes?: number;
  /** Time to receive a whole request in milliseconds; 30000 by default. */
  readonly requestTimeoutMs?: number;
}

/** A running server. */
export interface KmsServer {
  /** As in `http://127.0.0.1:4566`, for an SDK's `endpoint`. */
  readonly endpoint: string;
  readonly port: number;
  /** Finishes what runs and stops listening; once is enough, more does no harm. */
  close(): Promise<void>;
}

interface Setting {
  readonly options: KmsOptions;
  readonly keeper: StateKeeper;
  readonly principals: ReturnType<typeof readPrincipals> | null;
}

const optionNames = new Set<string>([
  "port",
  "stateFile",
  "principals",
  "clock",
  "region",
  "grantDelayMs",
  "onEvent",
  "trailFile",
  "maxBodyBytes",
  "requestTimeoutMs",
] satisfies (keyof KmsOptions)[]);

/**
 * Starts an AWS KMS server on 127.0.0.1. Throws TypeError for options it doesn't know and
 * StateFileError for a state file it can't use; rejects with the system's error when the port is taken.
 */
export async function startKms(options: KmsOptions = {}): Promise<KmsServer> {
  const unknown = Object.keys(options).find((name) => !optionNames.has(name));
  if (unknown !== undefined) throw new TypeError(`option \`${unknown}\` is not known`);
  const setting: Setting = {
    options,
    keeper: options.stateFile === undefined ? keepInMemory() : keepInFile(options.stateFile),
    principals: options.principals ? readPrincipals(options.principals) : null,
  };
  const requestTimeout = options.requestTimeoutMs ?? 30_000;
  const limits = {
    maxHeaderSize: 16_384,
    requestTimeout,
    headersTimeout: Math.min(10_000, requestTimeout),
    keepAliveTimeout: 20_000,
    connectionsCheckingInterval: Math.min(1_000, requestTimeout),
  };
  const server = createServer(limits, (request, response) => void serve(setting, request, response));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    const body = JSON.stringify({ __type: late ? "RequestTimeoutException" : "SerializationException" });
    const head = `HTTP/1.1 ${late ? "408 Request Timeout" : "400 Bad Request"}\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}`;
    if (socket.writable) socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    close: () => (closed ??= stop(server)),
  };
}

function stop(server: Server): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  });
}

const maxDrainedBytes = 8_388_608;
const contentType = "application/x-amz-json-1.1";

async function serve(setting: Setting, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  try {
    const answer = await handle(setting, request, requestId);
    send(response, requestId, 200, answer === undefined ? "" : JSON.stringify(answer));
  } catch (error) {
    if (request.destroyed && !request.complete) return; // the client went away
    const fault = asFault(error);
    if (fault.status === 413) response.setHeader("Connection", "close");
    const message = fault.message === "" ? {} : { message: fault.message };
    send(response, requestId, fault.status, JSON.stringify({ __type: fault.type, ...message }));
  }
}

async function handle(setting: Setting, request: IncomingMessage, requestId: string): Promise<Answer> {
  const { options, keeper, principals } = setting;
  if (request.method !== "POST" || request.url !== "/") throw new KmsFault("UnknownOperationException");
  const target = request.headers["x-amz-target"];
  const { name, operation } = findOperation(typeof target === "string" ? target : undefined);
  const caller = readCaller(request.headers, principals, options.region);
  const body = parseBody(await readBody(request, options.maxBodyBytes ?? 262_144));
  const now = (options.clock ?? Date.now)();
  if (passTime(keeper.state, now)) keeper.save();
  const call: Call = {
    operation: name,
    requestId,
    caller,
    now,
    sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
    userAgent: request.headers["user-agent"] ?? "",
    state: keeper.state,
    grantDelayMs: options.grantDelayMs ?? 5_000,
    trail: { resources: [], additional: {} },
  };
  return run(setting, operation, body, call);
}

/** Runs the operation, makes its change durable, and tells the trail either way. */
async function run(
  { options, keeper }: Setting,
  operation: Operation,
  body: Readonly<Record<string, unknown>>,
  call: Call,
): Promise<Answer> {
  const tell = (outcome: Parameters<typeof describeCall>[3]): void => {
    if (!options.onEvent && options.trailFile === undefined) return;
    const event = describeCall(call, !operation.writes, body, outcome);
    if (options.trailFile !== undefined) appendTrail(options.trailFile, event);
    options.onEvent?.(event);
  };
  let answer: Answer;
  try {
    answer = await operation.run(body, call);
    if (operation.writes) keeper.save();
  } catch (error) {
    const fault = asFault(error);
    tell({ fault });
    throw fault;
  }
  tell({ answer });
  return answer;
}

/** Lets the clock act: keys whose window is over go, keys whose rotation is due rotate. */
function passTime(state: State, now: number): boolean {
  let changed = rotateDue(state.keys.values(), now);
  for (const [arn, key] of state.keys) {
    if (!key.deletion || key.deletion.date > now) continue;
    state.keys.delete(arn);
    for (const [name, alias] of state.aliases) {
      if (alias.targetKeyId === key.keyId && name.startsWith(arn.slice(0, arn.lastIndexOf(":"))))
        state.aliases.delete(name);
    }
    changed = true;
  }
  return changed;
}

/** Reads the body; what goes over the limit is thrown away as it comes, so that the client hears why. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (size > maxBytes + maxDrainedBytes) break;
  }
  if (size <= maxBytes) return Buffer.concat(chunks);
  throw new KmsFault("RequestEntityTooLargeException", `The request is larger than ${maxBytes} bytes`, 413);
}

function parseBody(bytes: Buffer): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new KmsFault("SerializationException", "The request is not JSON in UTF-8");
  }
  return asObject(value);
}

function asFault(error: unknown): KmsFault {
  if (error instanceof KmsFault) return error;
  process.emitWarning(error instanceof Error ? error : String(error));
  return new KmsFault("KMSInternalException", "The request failed because of an internal error.", 500);
}

function send(response: ServerResponse, requestId: string, status: number, body: string): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    "Content-Type": contentType,
    "x-amzn-RequestId": requestId,
    "Cache-Control": "no-cache, no-store",
  });
  response.end(body);
}
