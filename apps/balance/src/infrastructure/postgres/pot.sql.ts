import { POT_COLUMNS } from './pot-row.js';

/** A pot outside the posting path. Index: the primary key. Locks nothing. */
export const READ_POT = {
  name: 'read_pot',
  text: `select ${POT_COLUMNS} from balance.pots as pot
         where pot.bucket = $1 and pot.table_id = $2 collate "C" and pot.hand_id = $3 collate "C"`,
};
