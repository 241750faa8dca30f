export { refuseUnusableTokenKeys } from './token-env.js';
