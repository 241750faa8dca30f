import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { CorrelationInterceptor, grpcServer } from '../grpc/index.js';
import { fastifyOptions, useCorrelation } from '../http/index.js';
import { NestLogger } from '../observability/index.js';
import type { AppConfig, AppDefinition, AppRuntime } from './app-definition.js';
import { EdgeFilter } from './edge.filter.js';

/**
 * The app as runApp serves it, without listening: tests use it with `app.inject(…)` after `await app.init()`.
 */
export async function createApp<Config extends AppConfig>(
  definition: AppDefinition<Config>,
  config: Config,
  runtime: AppRuntime,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter(fastifyOptions(definition.http?.(config)));
  const fastify = adapter.getInstance();
  // Bodies are JSON: everything else is refused as an unsupported media type.
  fastify.removeContentTypeParser('text/plain');
  useCorrelation(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(
    await definition.module(config, runtime),
    adapter,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes plain objects
    {
      logger: new NestLogger(runtime.logger),
      abortOnError: false,
      // Fastify's own JSON parser; Nest's would also take forms.
      bodyParser: false,
    },
  );
  app.useGlobalFilters(new EdgeFilter(runtime.logger));
  if (definition.grpc) {
    // Before the transport is connected: that is when it takes over what the app has.
    app.useGlobalInterceptors(new CorrelationInterceptor());
    app.connectMicroservice<MicroserviceOptions>(grpcServer(definition.grpc(config)), {
      inheritAppConfig: true,
    });
  }
  await definition.configure?.(app, config, runtime);
  return app;
}
