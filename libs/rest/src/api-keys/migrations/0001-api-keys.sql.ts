/** Keys of machines. Not on the posting path and small, so not bucketed. */
export const CREATE_API_KEYS = `
create table gateway.api_keys (
  key_id text collate "C" primary key check (key_id <> ''),
  name text not null,
  scopes text[] not null,
  -- SHA-256; the secret itself is nowhere.
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  created_by text not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
);

create index api_keys_by_creation on gateway.api_keys (created_at desc, key_id desc);
`;
