import { z } from 'zod';
import { SCOPES } from '@steelyard/rest/access';
import { instantText, named, nextCursor } from '@steelyard/rest/schemas';
import { cursor, instant, limit, name } from '@steelyard/rest/requests';

export const createApiKeyBody = named(
  'CreateApiKeyRequest',
  z.strictObject({
    name,
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
    expiresAt: instant('expiresAt').optional(),
  }),
  { name: 'Game server', scopes: ['accounts:read', 'accounts:write'] },
);

export const apiKeysQuery = z.strictObject({ limit, cursor: cursor.optional() });

const key = {
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdBy: z.string(),
  createdAt: instantText,
  expiresAt: instantText.nullable(),
  revokedAt: instantText.nullable(),
  lastUsedAt: instantText.nullable().describe('To the minute'),
};

export const apiKeyReply = named('ApiKey', z.object(key));

export const createdApiKeyReply = named(
  'CreatedApiKey',
  z.object({
    ...key,
    secret: z.string().describe('Shown this once. Authorization: ApiKey <id>.<secret>'),
  }),
);

export const apiKeysReply = named('ApiKeys', z.object({ keys: z.array(apiKeyReply), nextCursor }));
