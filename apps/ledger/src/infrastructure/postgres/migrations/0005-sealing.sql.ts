/**
 * Seals: what was sealed is only ever added to. The app's role may not change or delete a seal, so that only
 * somebody with the database's own password could, and the checkpoints that were published show that.
 */
export const CREATE_SEALING = `
-- One row: whoever holds its lock seals. What the log was when it ended.
create table ledger.sealing (
  only_row boolean primary key check (only_row),
  -- Name of the log in its checkpoints, chosen once.
  origin text not null,
  -- The size of the log.
  seals bigint not null check (seals >= 0),
  facts bigint not null,
  entries bigint not null,
  -- Leaf hash of the last seal; null before the first.
  previous_leaf_hash bytea check (octet_length(previous_leaf_hash) = 32),
  constraint previous_is_known check ((seals = 0) = (previous_leaf_hash is null))
);

-- One row a seal. Its number is the size of the log with it: the leaf of seal n has the index n - 1.
create table ledger.seals (
  seal bigint primary key check (seal > 0),
  sealed_at_ms bigint not null,
  -- In this seal.
  facts bigint not null,
  entries bigint not null,
  -- Under the checkpoint: in this seal and all before it.
  total_facts bigint not null,
  total_entries bigint not null,
  -- What is hashed into the leaf: compact JSON.
  leaf text not null,
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
  -- Root of the log with this seal.
  root_hash bytea not null check (octet_length(root_hash) = 32),
  -- The checkpoint as it was signed.
  note text not null
);

-- One row a seal and bucket with new facts.
create table ledger.seal_buckets (
  seal bigint not null,
  -- The facts after this one, through that one.
  after_sequence bigint not null,
  through_sequence bigint not null,
  facts bigint not null,
  entries bigint not null,
  -- Head of the bucket's audit trail at that time; 0 and empty before its first record.
  audit_sequence bigint not null,
  bucket smallint not null,
  audit_checksum bytea not null,
  -- Root of the tree over the bucket's facts and entries.
  root_hash bytea not null check (octet_length(root_hash) = 32),
  leaf text not null,
  -- The first four bytes of every leaf hash of that tree, in order: they name the leaf that differs.
  leaf_marks bytea not null,
  primary key (bucket, seal),
  constraint sealed_without_gaps check (facts = through_sequence - after_sequence and facts > 0),
  constraint every_leaf_marked check (octet_length(leaf_marks) = 4 * (facts + entries))
);

-- Finds the seal of a fact; no fact of a bucket is sealed twice.
create unique index seal_buckets_by_fact on ledger.seal_buckets (bucket, through_sequence);
create unique index seal_buckets_from_fact on ledger.seal_buckets (bucket, after_sequence);

-- Hashes of the log's complete subtrees: level 0 holds the leaves, each node covers 2^level of them.
create table ledger.seal_nodes (
  index bigint not null check (index >= 0),
  level smallint not null check (level between 0 and 62),
  hash bytea not null check (octet_length(hash) = 32),
  primary key (level, index)
);

-- Every key that signed a checkpoint.
create table ledger.signing_keys (
  first_tree_size bigint not null,
  last_tree_size bigint not null,
  name text not null,
  verifier_key text primary key,
  public_key_pem text not null
);

-- Through which checkpoint each place outside has them.
create table ledger.checkpoint_publications (
  target text primary key,
  tree_size bigint not null,
  published_at_ms bigint
);

-- How far the background verification of seals came.
create table ledger.seal_verification (
  only_row boolean primary key check (only_row),
  -- When the walk in progress began.
  started_at_ms bigint not null,
  -- Its next place, as a cursor; empty at the beginning.
  cursor text not null,
  seals_checked bigint not null,
  entries_checked bigint not null,
  -- When the last complete walk began.
  verified_up_to_ms bigint
);
`;

/** What the app's role may do with them. */
export const SEALING_GRANTS = [
  'select, insert on ledger.seals, ledger.seal_buckets, ledger.seal_nodes, ledger.signing_keys',
  'update (last_tree_size) on ledger.signing_keys',
  'select, insert, update on ledger.sealing, ledger.checkpoint_publications, ledger.seal_verification',
];
