import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const COMMITTED_FILE = new URL('../../../docs/reference/openapi.json', import.meta.url);

const responseSchema = z.object({
  description: z.string(),
  content: z.record(z.string(), z.object({ schema: z.object({ $ref: z.string() }) })).optional(),
});
const accessSchema = z.object({
  roles: z.array(z.enum(['operator', 'auditor', 'service'])),
  scope: z.string().nullable(),
  self: z.string().nullable(),
  subject: z.string().nullable(),
});
const operationSchema = z.object({
  operationId: z.string(),
  requestBody: z
    .object({
      content: z.object({ 'application/json': z.object({ schema: z.object({ $ref: z.string() }) }) }),
    })
    .optional(),
  responses: z.record(z.string(), responseSchema),
  'x-access': accessSchema.optional(),
});
const documentSchema = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({
    schemas: z.record(z.string(), z.looseObject({ examples: z.array(z.unknown()).optional() })),
  }),
});

export type Access = z.output<typeof accessSchema>;

/** One operation of the document, with what a test needs of it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly access: Access | undefined;
  readonly takesBody: boolean;
  /** What can be sent as it is; undefined when the operation takes no body. */
  readonly example: unknown;
  readonly statuses: readonly string[];
  /** Codes of the error table that it can be refused with. */
  readonly codes: readonly string[];
  /** What is wrong with a reply of this status; undefined when it is as documented. */
  faultIn(status: number, contentType: string, text: string): string | undefined;
}

/** The committed OpenAPI document. */
export async function committedDocument(): Promise<unknown> {
  return JSON.parse(await readFile(COMMITTED_FILE, 'utf8'));
}

/** The operations of a document. */
export function operationsOf(document: unknown): readonly Operation[] {
  const { paths, components } = documentSchema.parse(document);
  const read = schemaReader(components.schemas);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => {
      const body = operation.requestBody?.content['application/json'].schema.$ref;
      return {
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        access: operation['x-access'],
        takesBody: body !== undefined,
        example: body === undefined ? undefined : components.schemas[nameIn(body)]?.examples?.[0],
        statuses: Object.keys(operation.responses),
        codes: Object.entries(operation.responses).flatMap(([status, { description }]) =>
          status < '400' ? [] : description.split(', '),
        ),
        faultIn: (status, contentType, text) => {
          const response = operation.responses[String(status)];
          if (!response) return `status ${status} is not documented: ${text}`;
          if (!response.content) return text === '' ? undefined : 'a body is not documented';
          const [type = ''] = contentType.split(';');
          const ref = response.content[type]?.schema.$ref;
          return ref === undefined ? `content type ${type} is not documented` : read(ref, text);
        },
      };
    }),
  );
}

function schemaReader(
  schemas: Readonly<Record<string, object>>,
): (ref: string, text: string) => string | undefined {
  const definitions: unknown = JSON.parse(
    JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/$defs/'),
  );
  const parsers = new Map<string, z.ZodType>();
  return (ref, text) => {
    const name = nameIn(ref);
    const parser =
      parsers.get(name) ??
      z.fromJSONSchema({ $ref: `#/$defs/${name}`, $defs: z.record(z.string(), z.any()).parse(definitions) });
    parsers.set(name, parser);
    const parsed = parser.safeParse(JSON.parse(text));
    return parsed.success ? undefined : `${name}: ${z.prettifyError(parsed.error)} in ${text}`;
  };
}

function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
