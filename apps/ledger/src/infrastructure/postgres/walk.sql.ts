/** Statements of the background walk's progress. */

export const BEGIN_WALK = {
  name: 'begin_walk',
  text: `insert into ledger.verification_walk
           (only_row, walk, started_at_ms, step, bucket, account_id, fact_sequence, accounts_checked, entries_checked)
         values (true, 1, $1, 'accounts', 0, '', 0, 0, 0)
         on conflict do nothing`,
};

const COLUMNS = `walk, started_at_ms, step, bucket, account_id, fact_sequence, proven_sequence, proven_balance,
                 proven_checksum, accounts_checked, entries_checked, verified_up_to_ms`;

/** Locks the only row until the piece is done. No row: another process has it. */
export const LOCK_WALK = {
  name: 'lock_walk',
  text: `select ${COLUMNS} from ledger.verification_walk for update skip locked`,
};

export const SAVE_WALK = {
  name: 'save_walk',
  text: `update ledger.verification_walk
         set walk = $1, started_at_ms = $2, step = $3, bucket = $4, account_id = $5, fact_sequence = $6,
             proven_sequence = $7, proven_balance = $8, proven_checksum = $9, accounts_checked = $10,
             entries_checked = $11, verified_up_to_ms = $12`,
};

/** A piece that is walked again after a crash finds the same failures again. */
export const SAVE_FAILURES = {
  name: 'save_failures',
  text: `insert into ledger.verification_failures
           (bucket, walk, account_id, fact_sequence, sequence, entry_id, reason, is_drifted, found_at_ms)
         select bucket, $1, account_id, fact_sequence, sequence, entry_id, reason, is_drifted, $2
         from jsonb_to_recordset($3::jsonb) as found(bucket smallint, account_id text, fact_sequence bigint,
           sequence bigint, entry_id text, reason text, is_drifted boolean)
         on conflict do nothing`,
};

export const FORGET_FAILURES = {
  name: 'forget_failures',
  text: 'delete from ledger.verification_failures where walk < $1',
};

/** Counts what the last complete walk and the one in progress found; there are few failures or many alarms. */
export const SUMMARIZE_WALK = {
  name: 'summarize_walk',
  text: `select walk.verified_up_to_ms, walk.accounts_checked,
                (select count(distinct (bucket, account_id)) from ledger.verification_failures) as invalid,
                (select count(distinct (bucket, account_id)) from ledger.verification_failures
                 where is_drifted) as drifted
         from ledger.verification_walk as walk`,
};
