-- Who may ask the API over the network. Only the SHA-256 of a token is kept. A name is free again once its token is revoked.
CREATE TABLE api_tokens (
  id           INTEGER PRIMARY KEY,
  name         TEXT NOT NULL,
  token_hash   TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
  scope        TEXT NOT NULL CHECK (scope IN ('read', 'write')),
  created_at   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  last_used_at TEXT,
  expires_at   TEXT,
  revoked_at   TEXT
) STRICT;
CREATE UNIQUE INDEX api_tokens_name_index ON api_tokens (name) WHERE revoked_at IS NULL;
