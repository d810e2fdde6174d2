export type { KeeperOptions, StatusCache } from "./status-keeper.ts";
export { signStatusList } from "./status-list.ts";
export type { ListedStatus, StatusListDraft } from "./status-list.ts";
export { statusSource } from "./status-source.ts";
export type { TokenDraft, TokenRefusal } from "./status-token.ts";
export { consentSource, signConsents } from "./consent.ts";
export type { ConsentRecord, ConsentRegisterDraft, ConsentSourceOptions } from "./consent.ts";
export { directoryLedger } from "./approval-ledger.ts";
