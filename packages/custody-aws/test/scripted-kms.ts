// An endpoint that answers what a test tells it to, for the answers that a right KMS never gives.
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** One answer: `body` as JSON, or as it is where it is text; `hang` answers nothing. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly hang?: boolean;
  readonly reset?: boolean;
}

/** What was asked, in order. */
export interface Request {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string;
}

/** A fault as KMS words it. */
export function fault(name: string, message = "", status = 400): Answer {
  return { status, body: { __type: name, message } };
}

/** The listener of such an endpoint. */
export function scripted(answer: (request: Request) => Answer, requests: Request[]): RequestListener {
  return (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request: Request = {
        operation: String(incoming.headers["x-amz-target"]).replace("TrentService.", ""),
        body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
        authorization: String(incoming.headers["authorization"]),
      };
      requests.push(request);
      const { status = 200, body = {}, hang, reset } = answer(request);
      if (hang === true) return;
      if (reset === true) {
        incoming.socket.resetAndDestroy();
        return;
      }
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "request-1" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  };
}

/** Starts one on loopback until the test ends. */
export async function scriptedKms(
  answer: (request: Request) => Answer,
): Promise<{ readonly endpoint: string; readonly requests: readonly Request[] }> {
  const requests: Request[] = [];
  const server = createServer(scripted(answer, requests));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
