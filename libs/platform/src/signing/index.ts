export { keptSigningKey } from './kept-signing-key.js';
export { openNote, signNote, type NoteFault, type OpenedNote } from './signed-note.js';
export { signingKeyFromFile, signingKeyFromPem, type SigningKey } from './signing-key.js';
export {
  parseVerifierKey,
  SigningKeyError,
  verifierKeyFromPem,
  verifierKeyOf,
  type VerifierKey,
} from './verifier-key.js';
export {
  notesOf,
  openCheckpoint,
  verifySignedDocument,
  type SignedCheckpoint,
} from './verify-signed-document.js';
