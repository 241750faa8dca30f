export { escrowPolicyFrom, metadataFrom, potStatusFrom, reservationStatusFrom } from './words.js';
