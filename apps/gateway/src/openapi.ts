import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Module, type InjectionToken } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessGuard } from '@steelyard/rest/guard';
import { configureRoutes } from '@steelyard/rest/server';
import { PUBLIC_CONTROLLERS } from './transport/http/controllers.js';
import { openApiDocument } from './transport/http/openapi/document.js';

const DEFAULT_FILE = fileURLToPath(new URL('../../../docs/reference/openapi.json', import.meta.url));

/** What controllers and the guard ask for, as nothing: the document shows routes, and nothing of them is called. */
const NOTHING_BEHIND = [...PUBLIC_CONTROLLERS, AccessGuard]
  .flatMap(dependenciesOf)
  .map((token) => ({ provide: token, useValue: null }));

@Module({ controllers: [...PUBLIC_CONTROLLERS], providers: NOTHING_BEHIND })
class DocumentedModule {}

/** Writes the OpenAPI document. It needs neither servers nor a configuration. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes plain objects
const app = await NestFactory.create<NestFastifyApplication>(DocumentedModule, new FastifyAdapter(), {
  logger: false,
  abortOnError: false,
});
configureRoutes(app);
await writeFile(process.argv[2] ?? DEFAULT_FILE, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);

function dependenciesOf(type: object): InjectionToken[] {
  // The compiler wrote down the classes of the constructor's parameters.
  const types: unknown = Reflect.getMetadata('design:paramtypes', type);
  return Array.isArray(types) ? types.filter(isToken) : [];
}

function isToken(type: unknown): type is InjectionToken {
  return typeof type === 'function';
}
