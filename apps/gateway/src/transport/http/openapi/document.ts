import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ERROR_TABLE, isErrorCode } from '@steelyard/contracts/errors';
import { problemFor, ProblemError } from '@steelyard/platform/http';
import { componentSchemas } from '@steelyard/rest/schemas';
import { VERSION } from './version.js';

const PUBLIC_PREFIX = '/api/';

const DESCRIPTION =
  'Accounts, movements of money and the tamper-evident ledger that proves them. Amounts are integer minor units. ' +
  'Every request that moves money carries an Idempotency-Key: sending it again gives the same answer. Errors are ' +
  'application/problem+json with a stable code in `error`.';

/** The OpenAPI 3.1 document of the public interface, made from the controllers and the schemas that they read by. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setTitle('Steelyard')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'Authorization', description: 'ApiKey <id>.<secret>' },
      'apiKey',
    )
    .build();
  const document = SwaggerModule.createDocument(app, settings, {
    operationIdFactory,
    autoTagControllers: false,
  });
  // The probes at the root of the port are for orchestrators, not for clients.
  const paths = Object.entries(document.paths).filter(([path]) => path.startsWith(PUBLIC_PREFIX));
  paths.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, schemas: componentSchemas(), examples: problemExamples() },
  };
}

/** `AccountsController.open` becomes `accounts.open`. */
function operationIdFactory(controllerKey: string, methodKey: string): string {
  const resource = controllerKey.replace(/Controller$/, '');
  return `${resource.charAt(0).toLowerCase()}${resource.slice(1)}.${methodKey}`;
}

/** One problem for every code. */
function problemExamples(): Record<string, { value: object }> {
  const codes = Object.keys(ERROR_TABLE).filter(isErrorCode).sort();
  const correlationId = '4f1c2b7e-0000-4000-8000-000000000000';
  return Object.fromEntries(
    codes.map((code) => [
      code,
      { value: problemFor(new ProblemError(code), '/api/accounts/alice', correlationId) },
    ]),
  );
}
