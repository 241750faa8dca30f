import { z } from 'zod';

const registry = z.registry<{ id: string }>();
// Zod leaves examples out of schemas that transform what comes in.
const examplesById = new Map<string, readonly object[]>();

/** Gives a schema its name among the components of the OpenAPI document, and examples that can be sent as they are. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema, ...examples: object[]): Schema {
  registry.add(schema, { id });
  if (examples.length > 0) examplesById.set(id, examples);
  return schema;
}

/** Where a named schema is in the document. */
export function schemaRef(schema: z.ZodType): { $ref: string } {
  const id = registry.get(schema)?.id;
  if (id === undefined) throw new TypeError('only a named schema can be referred to');
  return { $ref: `#/components/schemas/${id}` };
}

/** All named schemas as JSON schemas, by name, as they are when they come in. */
export function componentSchemas(): Record<string, object> {
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    target: 'draft-2020-12',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const sorted = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([id, schema]) => [id, { ...bare(schema), ...examplesOf(id) }]));
}

/** One schema as a JSON schema, for parameters. */
export function inlineSchema(schema: z.ZodType): Record<string, unknown> {
  return bare(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function examplesOf(id: string): { examples?: readonly object[] } {
  const examples = examplesById.get(id);
  return examples ? { examples } : {};
}

/** Without what the document says once for all of its schemas. */
function bare(schema: object): Record<string, unknown> {
  const members = Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id');
  return Object.fromEntries(members);
}
