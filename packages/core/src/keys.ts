// Keys for custodies and signers in a form that shows no bytes: a KeyObject of node, its twin in a browser.
export { createSecretKey, privateKeyOfSeed } from "#crypto";
export type { KeyObject } from "#crypto";
