export { orRefusal } from './or-refusal.js';
export { isRefused, type Refused, refused } from './refused.js';
