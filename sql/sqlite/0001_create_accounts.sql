-- The accounts we track, and what each looked like on each day.
CREATE TABLE social_media_accounts (
  id              INTEGER PRIMARY KEY,
  platform        TEXT    NOT NULL CHECK (length(platform) BETWEEN 1 AND 64),
  username        TEXT    NOT NULL CHECK (length(username) BETWEEN 1 AND 200),
  display_name    TEXT,
  bio             TEXT,
  profile_pic_url TEXT,
  external_id     TEXT,
  is_verified     INTEGER CHECK (is_verified IN (0, 1)),
  is_business     INTEGER CHECK (is_business IN (0, 1)),
  is_active       INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  is_competitor   INTEGER NOT NULL DEFAULT 0 CHECK (is_competitor IN (0, 1)),
  brand           TEXT,
  created_at      TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at      TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  last_fetched_at TEXT,
  UNIQUE (platform, username)
) STRICT;

-- A row written by hand gets the form that the program writes: lower case, no @, a brand.
CREATE TRIGGER social_media_accounts_normalise AFTER INSERT ON social_media_accounts
WHEN NEW.brand IS NULL OR NEW.username <> lower(ltrim(NEW.username, '@')) OR NEW.platform <> lower(NEW.platform)
BEGIN
  UPDATE social_media_accounts
  SET platform = lower(platform),
      username = lower(ltrim(username, '@')),
      brand    = coalesce(brand, lower(ltrim(username, '@')))
  WHERE id = NEW.id;
END;

CREATE TABLE social_media_analytics_snapshots (
  account_id             INTEGER NOT NULL REFERENCES social_media_accounts (id) ON DELETE CASCADE,
  snapshot_date          TEXT    NOT NULL CHECK (snapshot_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  followers_count        INTEGER CHECK (followers_count >= 0),
  following_count        INTEGER CHECK (following_count >= 0),
  posts_count            INTEGER CHECK (posts_count >= 0),
  total_likes            INTEGER CHECK (total_likes >= 0),
  total_comments         INTEGER CHECK (total_comments >= 0),
  total_views            INTEGER CHECK (total_views >= 0),
  total_shares           INTEGER CHECK (total_shares >= 0),
  engagement_rate        REAL,
  engagement_basis       TEXT,
  avg_likes_per_post     REAL,
  avg_comments_per_post  REAL,
  provider_name          TEXT,
  captured_at            TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  PRIMARY KEY (account_id, snapshot_date)
) STRICT, WITHOUT ROWID;
