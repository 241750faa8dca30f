export {
  GENESIS,
  HASH_VERSION,
  checksumAfter,
  checksumOf,
  checksumText,
  type ChainedEntryFields,
} from './checksum.js';
export { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from './canonical-json.js';
export { ChainVerifier, type ChainFault, type StoredEntry } from './chain-verifier.js';
