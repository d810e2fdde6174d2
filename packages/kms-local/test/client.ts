import { KMSClient, KMSServiceException } from "@aws-sdk/client-kms";
import { type KmsOptions, type KmsServer, startKms } from "@writ/kms-local";
import { onTestFinished } from "vitest";

export const account = "111122223333";
export const region = "eu-central-1";

/** Starts a server that ends with the test. */
export async function start(options: KmsOptions = {}): Promise<KmsServer> {
  const server = await startKms(options);
  onTestFinished(() => server.close());
  return server;
}

/** The unmodified AWS client, as the principal of `accessKeyId`. */
export function clientOf(server: KmsServer, accessKeyId = "AKIDROOT", inRegion = region): KMSClient {
  const client = new KMSClient({
    endpoint: server.endpoint,
    region: inRegion,
    credentials: { accessKeyId, secretAccessKey: "not-checked" },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** The error name and message of a request that has to fail; the SDK says UnknownError for an empty message. */
export async function refusal(request: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof KMSServiceException)) throw error;
    return { name: error.name, message: error.message === "UnknownError" ? "" : error.message };
  }
  return { name: "none", message: "the request succeeded" };
}

/** Only the error's name. */
export async function refusalName(request: Promise<unknown>): Promise<string> {
  return (await refusal(request)).name;
}

/** Bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
