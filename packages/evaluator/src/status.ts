export { signStatusList } from "./status-list.ts";
export type { ListedStatus, ListRefusal, StatusListDraft } from "./status-list.ts";
export { statusSource } from "./status-source.ts";
export type { StatusCache, StatusSourceOptions } from "./status-source.ts";
