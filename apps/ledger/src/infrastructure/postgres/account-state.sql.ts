import { CHAIN_ENDS, LAST_AND_PROVEN } from './verification.sql.js';

/**
 * Statements of reconciliation. They lock nothing; each sees one snapshot, in which an account's row, its entries
 * and its reservations belong together because one transaction wrote them.
 */

const COLUMNS = `${CHAIN_ENDS}, account.currency, account.held, account.next_expiry_at_ms,
  open.amount as open_reservations, open.first_expiry_at_ms`;

/** One key lookup more, in reservations_open, which holds open ones alone. */
const TRUTH = `${LAST_AND_PROVEN}
  cross join lateral (
    select coalesce(sum(amount), 0)::bigint as amount, min(expires_at_ms) as first_expiry_at_ms
    from balance.reservations
    where bucket = wanted.bucket and account_id = wanted.account_id and status = 1
  ) as open`;

const ROW = 'currency, balance, held, next_expiry_at_ms, sequence, checksum';

/** A stretch of the primary key of accounts. */
export const STATES_AFTER = {
  name: 'account_states_after',
  text: `select wanted.bucket, wanted.account_id, ${COLUMNS}
         from (
           select bucket, account_id, ${ROW} from balance.accounts
           where bucket = $1 and account_id > $2 order by account_id limit $3
         ) as wanted
         cross join lateral (select ${ROW.split(', ')
           .map((column) => `wanted.${column}`)
           .join(', ')}) as account
         ${TRUTH}
         order by wanted.account_id`,
};

/** One key lookup a bucket more. Also finds entries whose account is gone. */
export const STATES_OF = {
  name: 'account_states_of',
  text: `select wanted.bucket, wanted.account_id, ${COLUMNS}
         from (select bucket, $1::text collate "C" as account_id from unnest($2::smallint[]) as asked(bucket)) as wanted
         left join lateral (
           select ${ROW}, true as is_there from balance.accounts
           where bucket = wanted.bucket and account_id = wanted.account_id limit 1
         ) as account on true
         ${TRUTH}
         where account.is_there or last.sequence is not null
         order by wanted.bucket`,
};

/** A stretch of the entries' primary key, $5 of them at most. */
export const SUM_OF_ENTRIES = {
  name: 'sum_of_entries',
  text: `select coalesce(sum(amount), 0)::bigint as sum, coalesce(max(sequence), $3) as through, count(*)::int as entries
         from (
           select sequence, amount from ledger.entries
           where bucket = $1 and account_id = $2 and sequence > $3 and sequence <= $4
           order by sequence limit $5
         ) as stretch`,
};
