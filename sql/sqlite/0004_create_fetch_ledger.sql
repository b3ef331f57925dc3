-- What was asked of which provider, and what each fetch of an account came to.
CREATE TABLE api_usage_tracking (
  id            INTEGER PRIMARY KEY,
  provider_name TEXT    NOT NULL,
  platform      TEXT    NOT NULL,
  endpoint      TEXT    NOT NULL,
  request_count INTEGER NOT NULL DEFAULT 1 CHECK (request_count >= 0),
  success       INTEGER CHECK (success IN (0, 1)),
  latency_ms    INTEGER,
  error_message TEXT,
  requested_at  TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  date          TEXT    NOT NULL
) STRICT;
CREATE INDEX api_usage_tracking_date_index ON api_usage_tracking (date, provider_name);

-- Requests per provider and day: the quota is judged by these, so deleting or rolling up old request rows is safe.
CREATE TABLE api_request_counts (
  provider_name TEXT    NOT NULL,
  date          TEXT    NOT NULL,
  request_count INTEGER NOT NULL,
  PRIMARY KEY (provider_name, date)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER api_request_counts_insert AFTER INSERT ON api_usage_tracking
BEGIN
  INSERT INTO api_request_counts VALUES (NEW.provider_name, NEW.date, NEW.request_count)
  ON CONFLICT (provider_name, date) DO UPDATE SET request_count = request_count + excluded.request_count;
END;

-- What a vendor's own headers last said: may lower what we think is left, never raise it.
CREATE TABLE api_quota_reports (
  provider_name   TEXT    PRIMARY KEY,
  quota_limit     INTEGER NOT NULL,
  quota_remaining INTEGER NOT NULL,
  our_count       INTEGER NOT NULL,
  resets_at       TEXT    NOT NULL,
  reported_at     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE analytics_fetch_jobs (
  id            INTEGER PRIMARY KEY,
  account_id    INTEGER NOT NULL REFERENCES social_media_accounts (id) ON DELETE CASCADE,
  job_type      TEXT    NOT NULL DEFAULT 'fetch',
  status        TEXT    NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed')),
  provider_name TEXT,
  started_at    TEXT,
  completed_at  TEXT,
  posts_fetched INTEGER,
  error_message TEXT,
  date          TEXT    NOT NULL
) STRICT;
CREATE INDEX analytics_fetch_jobs_account_id_index ON analytics_fetch_jobs (account_id, id);
CREATE INDEX analytics_fetch_jobs_running_index ON analytics_fetch_jobs (account_id) WHERE status IN ('pending', 'running');
