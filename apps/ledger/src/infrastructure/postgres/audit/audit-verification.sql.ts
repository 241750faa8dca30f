/** Statements of the background verification of the audit trail. */

export const BEGIN_AUDIT_VERIFICATION = {
  name: 'begin_audit_verification',
  text: `insert into ledger.audit_verification (only_row, started_at_ms, cursor, records_checked)
         values (true, $1, '', 0) on conflict do nothing`,
};

/** Locks the only row until the piece is done. No row: another process has it. */
export const LOCK_AUDIT_VERIFICATION = {
  name: 'lock_audit_verification',
  text: `select started_at_ms, cursor, records_checked, verified_up_to_ms
         from ledger.audit_verification for update skip locked`,
};

export const SAVE_AUDIT_VERIFICATION = {
  name: 'save_audit_verification',
  text: `update ledger.audit_verification
         set started_at_ms = $1, cursor = $2, records_checked = $3, verified_up_to_ms = $4`,
};

/** Two small tables, a row a bucket each. A head that is gone is behind, too. */
export const FIND_AUDIT_BEHIND = {
  name: 'find_audit_behind',
  text: `select bucket, coalesce(verified.sequence, 0) as sequence,
                coalesce(encode(verified.checksum, 'hex'), '') as checksum
         from ledger.audit_heads as head full join ledger.audit_verified as verified using (bucket)
         where coalesce(head.sequence, 0) <> coalesce(verified.sequence, 0)
            or (verified.sequence > 0 and head.checksum is distinct from verified.checksum)
         order by bucket`,
};

/** $1 to $3: one array a column. */
export const SAVE_AUDIT_VERIFIED = {
  name: 'save_audit_verified',
  text: `insert into ledger.audit_verified as verified (bucket, sequence, checksum)
         select bucket, sequence, decode(checksum, 'hex')
         from unnest($1::smallint[], $2::bigint[], $3::text[]) as proven(bucket, sequence, checksum)
         on conflict (bucket) do update set sequence = excluded.sequence, checksum = excluded.checksum`,
};

/** Two small tables, a row a bucket each. */
export const COUNT_AUDIT_UNVERIFIED = {
  name: 'count_audit_unverified',
  text: `select coalesce(sum(greatest(head.sequence - coalesce(verified.sequence, 0), 0)), 0)::bigint as records
         from ledger.audit_heads as head left join ledger.audit_verified as verified using (bucket)`,
};
