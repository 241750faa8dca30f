import type { Type } from '@nestjs/common';
import { AccountsController } from '../accounts/accounts.controller.js';
import { HistoryController } from '../history/history.controller.js';
import { MovementsController } from '../movements/movements.controller.js';
import { PublicHealthController } from '../server/health.controller.js';

/** What every app with the account API serves under the public prefix. */
export const ACCOUNT_CONTROLLERS: readonly Type<object>[] = [
  AccountsController,
  MovementsController,
  HistoryController,
  PublicHealthController,
];
