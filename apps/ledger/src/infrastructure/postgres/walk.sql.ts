/** Statements of the background walk's progress. */

export const BEGIN_WALK = {
  name: 'begin_walk',
  text: `insert into ledger.verification_walk
           (only_row, walk, started_at_ms, step, bucket, account_id, fact_sequence, accounts_checked, entries_checked)
         values (true, 1, $1, 'accounts', 0, '', 0, 0, 0)
         on conflict do nothing`,
};

const COLUMNS = `walk, started_at_ms, step, bucket, account_id, fact_sequence, accounts_checked, entries_checked,
                 verified_up_to_ms`;

/** Locks the only row until the piece is done. No row: another process has it. */
export const LOCK_WALK = {
  name: 'lock_walk',
  text: `select ${COLUMNS} from ledger.verification_walk for update skip locked`,
};

/** An older version of the app, which may still run, takes the three columns for the place within a chain. */
export const SAVE_WALK = {
  name: 'save_walk',
  text: `update ledger.verification_walk
         set walk = $1, started_at_ms = $2, step = $3, bucket = $4, account_id = $5, fact_sequence = $6,
             proven_sequence = null, proven_balance = null, proven_checksum = null,
             accounts_checked = $7, entries_checked = $8, verified_up_to_ms = $9`,
};

/** Counts accounts with an open incident, whichever check found it: index incidents_open. */
export const SUMMARIZE_WALK = {
  name: 'summarize_walk',
  text: `select walk.verified_up_to_ms, coalesce(walk.accounts_checked, 0) as accounts_checked,
                (select count(distinct (bucket, account_id)) from ledger.incidents
                 where resolved_at_ms is null) as invalid,
                (select count(*) from ledger.incidents
                 where resolved_at_ms is null and type = 'drift') as drifted
         from (values (true)) as always(only_row) left join ledger.verification_walk as walk using (only_row)`,
};
