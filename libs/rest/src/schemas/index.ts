export { componentSchemas, named } from './named.js';
export { Operation } from './operation.decorator.js';
export {
  accountIdText,
  currencyCode,
  instantText,
  minor,
  minorOrText,
  nextCursor,
  ownMetadata,
  transactionIdText,
} from './reply-fields.js';
export { validationReply } from './validation.dto.js';
