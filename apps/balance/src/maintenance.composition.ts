import { maintenanceV1 } from '@steelyard/contracts/grpc';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import { RestoreAccountHandler } from './application/restore-account/restore-account.handler.js';
import type { BalanceConnections } from './balance.composition.js';
import type { BalanceConfig } from './config.js';
import { AccountRepository } from './infrastructure/postgres/account.repository.js';
import { RestoreAccountRepository } from './infrastructure/postgres/restore-account.repository.js';
import { maintenanceHandlers } from './transport/maintenance-handlers.js';

/** What the ledger app asks of this one: putting right what damage from outside did to stored state. */
export function composeMaintenance(
  { pool, accountCache: cache }: Pick<BalanceConnections, 'pool' | 'accountCache'>,
  config: BalanceConfig,
): ServedService {
  const now = Date.now;
  const restorer = new RestoreAccountRepository(pool, now);
  const accounts = new AccountRepository(pool, now);
  const restoreAccount = new RestoreAccountHandler({ restorer, accounts, cache, now });
  return serve(maintenanceV1.MaintenanceServiceService, maintenanceHandlers(restoreAccount, config.BUCKETS));
}
