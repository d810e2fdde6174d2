import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { KmsFault } from "./fault.ts";

const maxSkewMs = 300_000;

/**
 * Checks the SigV4 signature of `POST /` over its signed headers and body; throws
 * InvalidSignatureException and IncompleteSignatureException.
 * Source: IAM User Guide, "Create a signed AWS API request".
 */
export function checkSignature(headers: IncomingHttpHeaders, body: Uint8Array, secretAccessKey: string): void {
  const header = headers.authorization ?? "";
  const scope = /Credential=[^/,\s]+\/([^,\s]+)/.exec(header)?.[1] ?? "";
  const names = /SignedHeaders=([a-z0-9;-]+)/.exec(header)?.[1]?.split(";");
  const given = /Signature=([0-9a-f]{64})(?:,|$)/.exec(header)?.[1];
  if (!names || given === undefined) {
    throw new KmsFault(
      "IncompleteSignatureException",
      "Authorization header requires 'SignedHeaders' and 'Signature'.",
    );
  }
  const date = amzDate(headers);
  const [day = "", region = "", service = "", terminator = ""] = scope.split("/");
  // What isn't signed could be changed on the way.
  const must = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  if (!date.startsWith(day) || must.some((name) => !names.includes(name))) throw mismatch();
  const canonical = [
    "POST",
    "/",
    "",
    ...names.map((name) => `${name}:${canonicalValue(headers[name])}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = [day, region, service, terminator].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(given, "hex"))) throw mismatch();
}

/** Throws InvalidSignatureException for a request that was signed more than five minutes off the server's time. */
export function checkDate(headers: IncomingHttpHeaders, now: number): void {
  const date = amzDate(headers);
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const shown = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
  if (signedAt < now - maxSkewMs) {
    const message = `Signature expired: ${date} is now earlier than ${shown(now - maxSkewMs)} (${shown(now)} - 5 min.)`;
    throw new KmsFault("InvalidSignatureException", message);
  }
  if (signedAt <= now + maxSkewMs) return;
  const message = `Signature not yet current: ${date} is still later than ${shown(now + maxSkewMs)} (${shown(now)} + 5 min.)`;
  throw new KmsFault("InvalidSignatureException", message);
}

function amzDate(headers: IncomingHttpHeaders): string {
  const date = headers["x-amz-date"];
  if (typeof date === "string" && /^\d{8}T\d{6}Z$/.test(date)) return date;
  throw new KmsFault("IncompleteSignatureException", "Authorization header requires existence of 'X-Amz-Date' header.");
}

function canonicalValue(value: string | readonly string[] | undefined): string {
  const text = typeof value === "string" ? value : (value ?? []).join(",");
  return text.trim().replace(/ +/g, " ");
}

function mismatch(): KmsFault {
  return new KmsFault(
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  );
}

function sha256(value: string | Uint8Array): string {
  return createHash("sha256").update(value).digest("hex");
}

function hmac(key: Buffer, value: string): Buffer {
  return createHmac("sha256", key).update(value).digest();
}
