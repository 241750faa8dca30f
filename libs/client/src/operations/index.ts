export type * from './json.js';
export { isOperationKind, lanesOf } from './lanes.js';
export { refuseUncarriable } from './malformed.js';
export type * from './operation.js';
export type * from './queries.js';
export type * from './values.js';
