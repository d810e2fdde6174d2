export { awsCustody } from "./aws-custody.ts";
export type { AwsCustodyOptions } from "./aws-custody.ts";
