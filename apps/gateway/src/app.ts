import type { AppDefinition } from '@steelyard/platform/lifecycle';
import { gatewayConfig, type GatewayConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { AllowedMethods } from '@steelyard/rest/server';
import { configureHttp } from './transport/http/server/configure-http.js';

/** The gateway: the public face of the platform. */
export const GATEWAY_APP: AppDefinition<GatewayConfig> = {
  name: 'gateway',
  loadConfig: () => gatewayConfig(),
  module: (config, runtime) => GatewayModule.register(config, runtime),
  port: (config) => config.PORT,
  host: (config) => config.HOST,
  configure: async (app, config, runtime) => {
    app.get(AllowedMethods).watch(app.getHttpAdapter().getInstance());
    await configureHttp(app, { corsOrigins: config.CORS_ORIGINS, metrics: runtime.metrics });
  },
};
