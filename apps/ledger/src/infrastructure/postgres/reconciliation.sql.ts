/** Statements of the background reconciliation's progress. */

export const BEGIN_RECONCILIATION = {
  name: 'begin_reconciliation',
  text: `insert into ledger.reconciliation_walk
           (only_row, round, started_at_ms, bucket, account_id, accounts_checked, drifted, repaired)
         values (true, 1, $1, 0, '', 0, 0, 0)
         on conflict do nothing`,
};

/** Locks the only row until the piece is done. No row: another process has it. */
export const LOCK_RECONCILIATION = {
  name: 'lock_reconciliation',
  text: `select round, started_at_ms, bucket, account_id, accounts_checked, drifted, repaired,
                completed_started_at_ms, completed_at_ms, completed_accounts_checked, completed_drifted,
                completed_repaired
         from ledger.reconciliation_walk for update skip locked`,
};

export const SAVE_RECONCILIATION = {
  name: 'save_reconciliation',
  text: `update ledger.reconciliation_walk
         set round = $1, started_at_ms = $2, bucket = $3, account_id = $4, accounts_checked = $5, drifted = $6,
             repaired = $7, completed_started_at_ms = $8, completed_at_ms = $9, completed_accounts_checked = $10,
             completed_drifted = $11, completed_repaired = $12`,
};
