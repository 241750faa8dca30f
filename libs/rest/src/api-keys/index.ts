export { ApiKeyAuthenticator } from './api-key-authenticator.js';
export { ApiKeyDatabase } from './api-key-database.js';
export { generateKey, hashSecret } from './api-key-secret.js';
export type { ApiKey } from './api-key-store.port.js';
export { ApiKeyReadiness } from './api-key.readiness.js';
export { ApiKeyRepository } from './api-key.repository.js';
export { ManageApiKeysHandler } from './manage-api-keys.handler.js';
