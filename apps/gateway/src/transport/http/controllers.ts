import { AccountsController } from './accounts/accounts.controller.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { PublicHealthController } from './health/health.controller.js';
import { HoldersController } from './holders/holders.controller.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { TransfersController } from './money/transfers.controller.js';
import { MovementsController } from './movements/movements.controller.js';
import { TransactionsController } from './transactions/transactions.controller.js';

/** Everything under the public prefix. */
export const PUBLIC_CONTROLLERS = [
  AccountsController,
  MovementsController,
  TransfersController,
  TransactionsController,
  HoldersController,
  LedgerController,
  ApiKeysController,
  PublicHealthController,
];
