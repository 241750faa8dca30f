export { ledgerEntry } from './history.dto.js';
export { presentEntry } from './ledger.presenter.js';
