-- Numbers that a platform's insights or a person reports, audiences, and campaigns.
CREATE TABLE social_media_daily_metrics (
  metric_id       INTEGER PRIMARY KEY,
  account_id      INTEGER NOT NULL REFERENCES social_media_accounts (id) ON DELETE CASCADE,
  platform        TEXT    NOT NULL,
  date            TEXT    NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  followers       INTEGER,
  engagement_rate REAL,
  reach           INTEGER,
  impressions     INTEGER,
  shares          INTEGER,
  comments        INTEGER,
  likes           INTEGER,
  clicks          INTEGER,
  saves           INTEGER,
  video_views     INTEGER,
  profile_visits  INTEGER,
  mentions        INTEGER,
  created_at      TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  UNIQUE (account_id, date)
) STRICT;

CREATE TABLE audience_demographics (
  id                INTEGER PRIMARY KEY,
  account_id        INTEGER NOT NULL REFERENCES social_media_accounts (id) ON DELETE CASCADE,
  platform          TEXT    NOT NULL,
  date              TEXT    NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  age_13_17         REAL,
  age_18_24         REAL,
  age_25_34         REAL,
  age_35_44         REAL,
  age_45_54         REAL,
  age_55_64         REAL,
  age_65_plus       REAL,
  male_percentage   REAL,
  female_percentage REAL,
  top_countries     TEXT CHECK (top_countries IS NULL OR json_valid(top_countries)),
  top_cities        TEXT CHECK (top_cities IS NULL OR json_valid(top_cities)),
  created_at        TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  UNIQUE (account_id, date)
) STRICT;

CREATE TABLE campaign_social_metrics (
  id                  INTEGER PRIMARY KEY,
  campaign_id         TEXT    NOT NULL,
  account_id          INTEGER REFERENCES social_media_accounts (id) ON DELETE SET NULL,
  platform            TEXT,
  start_date          TEXT,
  end_date            TEXT,
  total_reach         INTEGER,
  total_impressions   INTEGER,
  total_engagement    INTEGER,
  engagement_rate     REAL,
  conversion_rate     REAL,
  cost                REAL,
  conversions         INTEGER,
  cost_per_conversion REAL,
  cost_per_engagement REAL,
  cost_per_reach      REAL,
  revenue_generated   REAL,
  roi                 REAL,
  roas                REAL,
  created_at          TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;
CREATE INDEX campaign_social_metrics_campaign_id_index ON campaign_social_metrics (campaign_id);
