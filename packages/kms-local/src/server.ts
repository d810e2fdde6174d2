import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Answer, Call, Operation } from "./call.ts";
import { readCaller, readPrincipals } from "./caller.ts";
import { KmsFault } from "./fault.ts";
import { type Doom, type Fate, type FaultPlan, readPlan } from "./fault-plan.ts";
import { findOperation } from "./operations/all.ts";
import { assertOptions, type KmsOptions } from "./options.ts";
import { passTime } from "./passing-time.ts";
import { checkDate, checkSignature } from "./request-signature.ts";
import { asObject } from "./shape.ts";
import { keepInFile, keepInMemory, type StateKeeper } from "./state-file.ts";
import { readQuotas, type Throttle } from "./throttle.ts";
import { appendTrail, describeBeside, describeCall, describeDeed, type TrailEvent } from "./trail.ts";
import { openTrailStore, type TrailStore } from "./trail-store.ts";

/** A running server. */
export interface KmsServer {
  /** As in `http://127.0.0.1:4566`, for an SDK's `endpoint`. */
  readonly endpoint: string;
  readonly port: number;
  /** Replaces the faults on demand from now on; throws TypeError and RangeError for a plan that is none. */
  setFaults(plan: FaultPlan): void;
  /** Finishes what runs and stops listening; once is enough, more does no harm. */
  close(): Promise<void>;
}

interface Setting {
  readonly options: KmsOptions;
  readonly keeper: StateKeeper;
  readonly principals: ReturnType<typeof readPrincipals> | null;
  readonly throttle: Throttle;
  readonly trail: TrailStore | null;
  fate: Fate;
}

/**
 * Starts an AWS KMS server, on 127.0.0.1 unless told. Throws TypeError for options it doesn't know and
 * StateFileError for a state file it can't use; rejects with the system's error when the port is taken.
 */
export async function startKms(options: KmsOptions = {}): Promise<KmsServer> {
  assertOptions(options);
  const setting: Setting = {
    options,
    keeper: options.stateFile === undefined ? keepInMemory() : keepInFile(options.stateFile),
    principals: options.principals ? readPrincipals(options.principals) : null,
    throttle: readQuotas(options.quotas ?? []),
    fate: readPlan(options.faults ?? { rules: [] }),
    trail: options.trailFolder === undefined ? null : openTrailStore(options.trailFolder),
  };
  const host = options.host ?? "127.0.0.1";
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
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    endpoint: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    setFaults(plan) {
      setting.fate = readPlan(plan);
    },
    close: () => (closed ??= stop(server, setting)),
  };
}

async function stop(server: Server, { options, trail }: Setting): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeIdleConnections();
  });
  trail?.close((options.clock ?? Date.now)());
}

const maxDrainedBytes = 8_388_608;
const contentType = "application/x-amz-json-1.1";

async function serve(setting: Setting, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  try {
    const answer = await handle(setting, request, response, requestId);
    if (answer === broken) return void request.socket.destroy();
    send(response, requestId, 200, answer === undefined ? "" : JSON.stringify(answer));
  } catch (error) {
    if (request.destroyed && !request.complete) return; // the client went away
    const fault = asFault(error);
    if (fault.status === 413) response.setHeader("Connection", "close");
    const message = fault.message === "" ? {} : { message: fault.message };
    send(response, requestId, fault.status, JSON.stringify({ __type: fault.type, ...message }));
  }
}

/** Stands for an answer that a fault takes away with its connection. */
const broken = Symbol("broken");

async function handle(
  setting: Setting,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<Answer | typeof broken> {
  const { options, keeper, principals } = setting;
  if (request.method !== "POST" || request.url !== "/") throw new KmsFault("UnknownOperationException");
  const target = request.headers["x-amz-target"];
  const { name, operation } = findOperation(typeof target === "string" ? target : undefined);
  const caller = readCaller(request.headers, principals, options.region);
  const bytes = await readBody(request, options.maxBodyBytes ?? 262_144);
  const doom = setting.fate(name);
  if (doom.reset === "before") return broken;
  if (doom.latencyMs > 0 && !(await outlasts(response, doom.latencyMs))) return broken;
  verify(options, request, response, bytes, caller.accessKeyId, doom);
  const body = parseBody(bytes);
  const now = (options.clock ?? Date.now)();
  letTimePass(setting, now);
  const call: Call = {
    operation: name,
    requestId,
    caller,
    now,
    sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
    userAgent: request.headers["user-agent"] ?? "",
    state: keeper.state,
    grantDelayMs: options.grantDelayMs ?? 5_000,
    transitionMs: options.transitionMs ?? 2_000,
    trail: { resources: [], additional: {}, beside: [] },
  };
  const answer = await run(setting, operation, body, call, doom);
  return doom.reset === "after" ? broken : answer;
}

/** Waits by the real time, which is the client's; false when the client went away meanwhile. */
async function outlasts(response: ServerResponse, latencyMs: number): Promise<boolean> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return setTimeout(latencyMs, true, { signal: gone.signal }).catch(() => false);
}

/** Checks signature and date when secret access keys are given, the date also when the clock is to be off. */
function verify(
  { secretAccessKeys }: KmsOptions,
  { headers }: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  accessKeyId: string,
  { skewMs }: Doom,
): void {
  // Clients sign by the real time, whatever `clock` says of windows and rotations.
  const now = Date.now() + skewMs;
  if (skewMs !== 0) response.setHeader("Date", new Date(now).toUTCString());
  if (secretAccessKeys) {
    const secret = Object.hasOwn(secretAccessKeys, accessKeyId) ? secretAccessKeys[accessKeyId] : undefined;
    if (secret === undefined) {
      throw new KmsFault("UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    checkSignature(headers, body, secret);
  }
  if (secretAccessKeys || skewMs !== 0) checkDate(headers, now);
}

/** Lets the clock act before a request; what AWS KMS does by itself is told to the trail. */
function letTimePass(setting: Setting, now: number): void {
  setting.trail?.tick(now);
  const { changed, deeds } = passTime(setting.keeper.state, now);
  if (changed) setting.keeper.save();
  for (const deed of deeds) tell(setting, describeDeed(deed, now));
}

function tell({ options, trail }: Setting, event: TrailEvent): void {
  if (options.trailFile !== undefined) appendTrail(options.trailFile, event);
  trail?.append(event);
  options.onEvent?.(event);
}

/** Runs the operation, makes its change durable, and tells the trail either way. */
async function run(
  setting: Setting,
  operation: Operation,
  body: Readonly<Record<string, unknown>>,
  call: Call,
  doom: Doom,
): Promise<Answer> {
  const { options, keeper, throttle } = setting;
  const told = options.onEvent !== undefined || options.trailFile !== undefined || setting.trail !== null;
  let answer: Answer;
  try {
    const { operation: name, now, caller } = call;
    throttle({ operation: name, now, accountId: caller.accountId, region: caller.region });
    if (doom.error) throw doom.error;
    answer = await operation.run(body, call);
    if (operation.writes) keeper.save();
  } catch (error) {
    const fault = asFault(error);
    if (told) tell(setting, describeCall(call, !operation.writes, body, { fault }));
    throw fault;
  }
  if (told) {
    tell(setting, describeCall(call, !operation.writes, body, { answer }));
    for (const beside of call.trail.beside) tell(setting, describeBeside(call, beside));
  }
  return answer;
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
