-- A run over all accounts, and which jobs belong to it. The lock of a run, and of an account, is a file beside the
-- database here; claimed_until is for databases that several machines share.
CREATE TABLE analytics_fetch_runs (
  id            INTEGER PRIMARY KEY,
  started_at    TEXT NOT NULL,
  completed_at  TEXT,
  claimed_until TEXT
) STRICT;

ALTER TABLE analytics_fetch_jobs ADD COLUMN run_id INTEGER REFERENCES analytics_fetch_runs (id) ON DELETE SET NULL;
ALTER TABLE analytics_fetch_jobs ADD COLUMN claimed_until TEXT;
CREATE INDEX analytics_fetch_jobs_run_id_index ON analytics_fetch_jobs (run_id) WHERE run_id IS NOT NULL;
