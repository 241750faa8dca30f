import { balanceReply } from '@steelyard/rest/accounts';
import { instantText, named } from '@steelyard/rest/schemas';
import { z } from 'zod';

export const holderBalancesReply = named(
  'HolderBalances',
  z.object({ holderId: z.string(), balances: z.array(balanceReply), asOf: instantText }),
);
