export {
  ERROR_TABLE,
  EDGE_CODES,
  isErrorCode,
  type EdgeCode,
  type ErrorCode,
  type ErrorRow,
} from './error-table.js';
