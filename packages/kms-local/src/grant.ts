/** Permission for one principal to use a key, given beside the key policy. */
export interface Grant {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** One for each request that asked for it; any makes the grant work before it shows up. */
  readonly tokens: string[];
  readonly name?: string;
  readonly grantee: string;
  readonly retiring?: string;
  readonly issuingAccount: string;
  readonly operations: readonly string[];
  readonly contextEquals?: ReadonlyMap<string, string>;
  readonly contextSubset?: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}
