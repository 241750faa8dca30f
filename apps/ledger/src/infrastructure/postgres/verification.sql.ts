/**
 * Statements of verification. They lock nothing; each sees one snapshot, in which an account's row and its
 * entries belong together because one transaction wrote them.
 */

/** Columns of `account`, `last` and `proven`: both ends of a chain and where it was proven to end. */
export const CHAIN_ENDS = `
  account.sequence, account.balance, encode(account.checksum, 'hex') as checksum,
  last.sequence as last_sequence, last.balance_after as last_balance,
  encode(last.checksum, 'hex') as last_checksum, proven.sequence as proven_sequence,
  proven.balance as proven_balance, encode(proven.checksum, 'hex') as proven_checksum`;

/** One key lookup each for an account that is `wanted`. */
export const LAST_AND_PROVEN = `
  left join lateral (
    select sequence, balance_after, checksum from ledger.entries
    where bucket = wanted.bucket and account_id = wanted.account_id order by sequence desc limit 1
  ) as last on true
  left join lateral (
    select sequence, balance, checksum from ledger.verified_chains
    where bucket = wanted.bucket and account_id = wanted.account_id limit 1
  ) as proven on true`;

/** Primary key of accounts, and two key lookups for each: its last entry, and where it was proven to end. */
export const ENDS_AFTER = {
  name: 'ends_after',
  text: `select wanted.bucket, wanted.account_id, ${CHAIN_ENDS}
         from (
           select bucket, account_id, sequence, balance, checksum from balance.accounts
           where bucket = $1 and account_id > $2 order by account_id limit $3
         ) as wanted
         cross join lateral (select wanted.sequence, wanted.balance, wanted.checksum) as account
         ${LAST_AND_PROVEN}
         order by wanted.account_id`,
};

/** Three key lookups a bucket. Also finds entries whose account is gone, and chains that are gone altogether. */
export const ENDS_OF = {
  name: 'ends_of',
  text: `select wanted.bucket, wanted.account_id, ${CHAIN_ENDS}
         from (select bucket, $1::text collate "C" as account_id from unnest($2::smallint[]) as asked(bucket)) as wanted
         left join lateral (
           select sequence, balance, checksum, true as is_there from balance.accounts
           where bucket = wanted.bucket and account_id = wanted.account_id limit 1
         ) as account on true
         ${LAST_AND_PROVEN}
         where account.is_there or last.sequence is not null or proven.sequence > 0
         order by wanted.bucket`,
};

/** A stretch of the entries' primary key, with one key lookup in the facts for each. */
export const READ_ENTRIES = {
  name: 'read_entries',
  text: `select entry.account_id, entry.sequence, entry.amount, entry.balance_after, entry.fact_sequence,
                entry.ordinal, entry.hash_version, encode(entry.checksum, 'hex') as checksum,
                fact.kind, fact.committed_at_ms, fact.home_bucket, fact.home_sequence, fact.data
         from ledger.entries as entry
         left join lateral (
           select kind, committed_at_ms, home_bucket, home_sequence, data from balance.facts
           where bucket = entry.bucket and sequence = entry.fact_sequence limit 1
         ) as fact on true
         where entry.bucket = $1 and (entry.account_id, entry.sequence) > ($2, $3) and entry.account_id <= $4
         order by entry.account_id, entry.sequence limit $5`,
};

/** A scan of the accounts, which are far fewer than their entries. */
export const READ_BOOKS = {
  name: 'read_books',
  text: `select currency, count(*) as accounts, sum(sequence)::bigint as entries, sum(balance)::bigint as sum
         from balance.accounts group by currency order by currency`,
};
