export type { AccessRule } from './access-rule.js';
export { ACCESS } from './access-rules.js';
export { AccountAccess } from './account-access.js';
export { type Caller, callerName, isSelfCaller, SCOPES } from './caller.js';
