/** Statements that read seals, for proofs and verification. All run on primary keys or the indexes named. */

const SEAL_COLUMNS = `seal, sealed_at_ms, facts, entries, total_facts, total_entries, leaf,
                      leaf_hash, root_hash, note`;

const BUCKET_COLUMNS = `bucket, seal, after_sequence, through_sequence, facts, entries, audit_sequence,
                        audit_checksum, root_hash, leaf`;

export const FIND_SEAL = {
  name: 'find_seal',
  text: `select ${SEAL_COLUMNS} from ledger.seals where seal = $1`,
};

export const FIND_LATEST_SEAL = {
  name: 'find_latest_seal',
  text: `select ${SEAL_COLUMNS} from ledger.seals order by seal desc limit 1`,
};

/** Newest first, those before $1. */
export const LIST_SEALS = {
  name: 'list_seals',
  text: `select ${SEAL_COLUMNS} from ledger.seals where seal < $1 order by seal desc limit $2`,
};

/** One key lookup a bucket of the deployment, in bucket order: the order of the leaves. */
export const FIND_SEAL_BUCKETS = {
  name: 'find_seal_buckets',
  text: `select sealed.*
         from generate_series(0, $2::int - 1) as series(bucket)
         cross join lateral (
           select ${BUCKET_COLUMNS} from ledger.seal_buckets
           where bucket = series.bucket::smallint and seal = $1 limit 1
         ) as sealed
         order by sealed.bucket`,
};

/** The seal that a fact lies in: the first that reaches it, by seal_buckets_by_fact. */
export const FIND_SEAL_OF_FACT = {
  name: 'find_seal_of_fact',
  text: `select ${BUCKET_COLUMNS} from ledger.seal_buckets
         where bucket = $1 and through_sequence >= $2 order by through_sequence limit 1`,
};

/** Where the bucket's seal before this one ended. */
export const FIND_PREVIOUS_THROUGH = {
  name: 'find_previous_through',
  text: `select through_sequence from ledger.seal_buckets
         where bucket = $1 and seal < $2 order by seal desc limit 1`,
};

/** By primary key. */
export const FIND_AUDIT_CHECKSUM = {
  name: 'find_sealed_audit_checksum',
  text: `select encode(checksum, 'hex') as checksum from ledger.audit_records where bucket = $1 and sequence = $2`,
};

export const FIND_LEAF_MARKS = {
  name: 'find_leaf_marks',
  text: 'select leaf_marks from ledger.seal_buckets where bucket = $1 and seal = $2',
};

/** By primary key, in the order asked. */
export const FIND_NODES = {
  name: 'find_seal_nodes',
  text: `select node.hash
         from unnest($1::smallint[], $2::bigint[]) with ordinality as asked(level, index, place)
         left join ledger.seal_nodes as node on node.level = asked.level and node.index = asked.index
         order by asked.place`,
};

export const LIST_SIGNING_KEYS = {
  name: 'list_signing_keys',
  text: `select name, verifier_key, public_key_pem, first_tree_size, last_tree_size from ledger.signing_keys
         order by first_tree_size, verifier_key`,
};

/** Where an entry with this id would be: at home, or in one of the transaction's other buckets. Key lookups. */
export const FIND_ENTRY_PLACE = {
  name: 'find_entry_place',
  text: `select place.bucket, place.sequence as fact_sequence, entry.account_id, entry.sequence, home.committed_at_ms
         from (
           select bucket, sequence, committed_at_ms, leg_buckets, leg_sequences from balance.facts
           where bucket = $1 and sequence = $2 and home_bucket is null limit 1
         ) as home
         cross join lateral (
           select home.bucket, home.sequence
           union all
           select leg.bucket, leg.sequence from unnest(home.leg_buckets, home.leg_sequences) as leg(bucket, sequence)
         ) as place
         cross join lateral (
           select account_id, sequence from ledger.entries
           where bucket = place.bucket and fact_sequence = place.sequence and ordinal = $3 limit 1
         ) as entry
         limit 1`,
};
