import { balanceV1, factsV1, legacyBalance, maintenanceV1 } from '@steelyard/contracts/grpc';
import { servicesByName } from '@steelyard/platform/grpc';
import type { AppDefinition } from '@steelyard/platform/lifecycle';
import { BalanceModule } from './balance.module.js';
import { loadConfig, type BalanceConfig } from './config.js';
import { BALANCE_SERVICE } from './transport/grpc/balance.grpc-controller.js';
import { LEGACY_BALANCE_SERVICE } from './transport/grpc/legacy-balance.grpc-controller.js';
import { configureHttp } from './transport/http/configure-http.js';

/** The balance app: decides and posts; the only writer of money. */
export const BALANCE_APP: AppDefinition<BalanceConfig> = {
  name: 'balance',
  loadConfig: () => loadConfig(),
  module: (config, runtime) => BalanceModule.register(config, runtime),
  port: (config) => config.BALANCE_HTTP_PORT,
  host: (config) => config.HOST,
  grpc: (config) => ({
    services: {
      [BALANCE_SERVICE]: balanceV1.BalanceServiceService,
      [LEGACY_BALANCE_SERVICE]: legacyBalance.BalanceServiceService,
      ...servicesByName(factsV1.FactServiceService, maintenanceV1.MaintenanceServiceService),
    },
    url: `${config.HOST}:${config.BALANCE_GRPC_PORT}`,
  }),
  configure: (app, _config, runtime) => configureHttp(app, runtime.metrics),
};
