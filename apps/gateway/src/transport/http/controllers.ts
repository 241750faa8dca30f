import type { Type } from '@nestjs/common';
import { ACCOUNT_CONTROLLERS } from '@steelyard/rest/account-api';
import { AccountAdministrationController } from './accounts/account-administration.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { AnalyticsController } from './analytics/analytics.controller.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ChangesController } from './changes/changes.controller.js';
import { HoldersController } from './holders/holders.controller.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { ProofsController } from './ledger/proofs.controller.js';
import { ReconciliationController } from './ledger/reconciliation.controller.js';
import { TransfersController } from './money/transfers.controller.js';
import { AccountReservationsController } from './reservations/account-reservations.controller.js';
import { ReservationsController } from './reservations/reservations.controller.js';
import { HandsController } from './tables/hands.controller.js';
import { StatementsController } from './statements/statements.controller.js';
import { TablesController } from './tables/tables.controller.js';
import { TransactionsController } from './transactions/transactions.controller.js';

/** Everything under the public prefix. */
export const PUBLIC_CONTROLLERS: readonly Type<object>[] = [
  ...ACCOUNT_CONTROLLERS,
  AccountAdministrationController,
  ChangesController,
  TransfersController,
  TransactionsController,
  AccountReservationsController,
  ReservationsController,
  TablesController,
  HandsController,
  HoldersController,
  LedgerController,
  StatementsController,
  ProofsController,
  ReconciliationController,
  AuditController,
  AlertsController,
  AnalyticsController,
  ApiKeysController,
];
