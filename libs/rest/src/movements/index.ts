export { particulars } from './movement.dto.js';
export { MOVEMENT_ERRORS } from './movements.controller.js';
