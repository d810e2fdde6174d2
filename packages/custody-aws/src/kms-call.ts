// One call to KMS: which client, what it leaves for the receipt, and its faults as CustodyErrors.
import type {
  $Command,
  KMSClient,
  KMSClientConfig,
  KMSClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from "@aws-sdk/client-kms";
import type { CustodyCall, CustodyCallOptions } from "@writ/core";
import { custodyError } from "./fault.ts";

type Sdk = typeof import("@aws-sdk/client-kms");
type Command<I extends ServiceInputTypes, O extends ServiceOutputTypes> = $Command<I, O, KMSClientResolvedConfig>;

/** How clients are made; the SDK's own environment variables fill what is left out. */
export interface ClientSettings {
  readonly client?: KMSClient | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly credentials?: KMSClientConfig["credentials"];
  readonly timeoutMs: number;
  readonly maxAttempts: number;
}

/** What is asked of KMS. */
export interface Question<I extends ServiceInputTypes, O extends ServiceOutputTypes> {
  readonly operation: string;
  /** ARN or alias, for messages. */
  readonly key: string;
  /** Region of the call; the SDK's default where undefined. */
  readonly region: string | undefined;
  readonly command: (sdk: Sdk) => Command<I, O>;
  readonly options?: CustodyCallOptions | undefined;
}

/** The TLS group of the connection that a response came over, `none` without TLS; undefined where it can't be told. */
function transportGroupOf(response: unknown): string | undefined {
  const socket = (response as { body?: { socket?: unknown } } | undefined)?.body?.socket as
    | { encrypted?: boolean; getEphemeralKeyInfo?: () => { name?: string } | null }
    | undefined;
  if (socket === undefined || socket === null) return undefined;
  return socket.encrypted === true ? socket.getEphemeralKeyInfo?.()?.name : "none";
}

/** Sends calls, with one client a Region, made when it is first needed. */
export class KmsCaller {
  readonly #settings: ClientSettings;
  readonly #clients = new Map<string, KMSClient>();

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** The Region in which multi-Region keys are to be used, where one was chosen. */
  async homeRegion(): Promise<string | undefined> {
    const { client, region } = this.#settings;
    return client === undefined ? region : await client.config.region();
  }

  #client(sdk: Sdk, asked: string | undefined): KMSClient {
    const { client, region: configured, endpoint, credentials, timeoutMs, maxAttempts } = this.#settings;
    if (client !== undefined) return client;
    const region = asked ?? configured;
    const known = this.#clients.get(region ?? "");
    if (known !== undefined) return known;
    const made = new sdk.KMSClient({
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
      maxAttempts,
      retryMode: "standard",
      requestHandler: {
        connectionTimeout: Math.min(3000, timeoutMs),
        requestTimeout: timeoutMs,
        throwOnRequestTimeout: true,
      },
    });
    this.#clients.set(region ?? "", made);
    return made;
  }

  /** KMS's answer and what the call leaves for the receipt; throws CustodyError only. */
  async ask<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    question: Question<I, O>,
  ): Promise<{ readonly answer: O; readonly call: CustodyCall }> {
    const { operation, key, region, command: make, options } = question;
    let transportGroup: string | undefined;
    try {
      const sdk = await import("@aws-sdk/client-kms"); // here and nowhere else, so that a command line that calls no KMS starts fast
      const command = make(sdk);
      command.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          transportGroup = transportGroupOf(result.response);
          return result;
        },
        { step: "deserialize", priority: "low", name: "transportGroup" },
      );
      const answer = await this.#client(sdk, region).send(
        command,
        options?.signal === undefined ? {} : { abortSignal: options.signal },
      );
      const { requestId } = answer.$metadata;
      return {
        answer,
        call: {
          operation,
          ...(requestId === undefined ? {} : { requestId }),
          ...(transportGroup === undefined ? {} : { transportGroup }),
        },
      };
    } catch (fault) {
      throw custodyError(fault, { operation, key, grantTokens: (options?.grantTokens?.length ?? 0) > 0 });
    }
  }
}
