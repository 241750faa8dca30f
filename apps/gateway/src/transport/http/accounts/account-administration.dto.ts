import { limits } from '@steelyard/rest/accounts';
import { metadata, name, reason } from '@steelyard/rest/requests';
import { named } from '@steelyard/rest/schemas';
import { z } from 'zod';

export const updateAccountBody = named(
  'UpdateAccountRequest',
  z.strictObject({
    tier: name.nullable().optional().describe('null removes it'),
    holderId: name.nullable().optional().describe('null removes it'),
    agentId: name.nullable().optional().describe('null removes it'),
    limits: limits.optional(),
    metadata: metadata.optional().describe('Replaces the metadata'),
    reason: reason.optional(),
  }),
  { limits: { creditLimit: 5000 }, reason: 'Agreed with the customer' },
);

export const setStatusBody = named('SetStatusRequest', z.strictObject({ reason: reason.optional() }), {
  reason: 'Asked for by the customer',
});
