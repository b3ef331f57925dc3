-- What to be told about. A rule without account, platform and brand watches every account of one's own.
CREATE TABLE alert_rules (
  id            INTEGER PRIMARY KEY,
  kind          TEXT NOT NULL,
  account_id    INTEGER REFERENCES social_media_accounts (id) ON DELETE CASCADE,
  platform      TEXT,
  brand         TEXT,
  metric        TEXT,
  threshold     REAL,
  days          INTEGER CHECK (days > 0),
  cooldown_days INTEGER NOT NULL CHECK (cooldown_days >= 0),
  channels      TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(channels)),
  created_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;
CREATE INDEX alert_rules_account_id_index ON alert_rules (account_id) WHERE account_id IS NOT NULL;

-- What a rule found, once each: the same event_key of the same rule is the same event. The subject is what a cool-down is of.
CREATE TABLE alert_events (
  id         INTEGER PRIMARY KEY,
  rule_id    INTEGER NOT NULL REFERENCES alert_rules (id) ON DELETE CASCADE,
  event_key  TEXT NOT NULL,
  subject    TEXT NOT NULL,
  account_id INTEGER REFERENCES social_media_accounts (id) ON DELETE CASCADE,
  date       TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  title      TEXT NOT NULL,
  details    TEXT NOT NULL CHECK (json_valid(details)),
  fired_at   TEXT NOT NULL,
  UNIQUE (rule_id, event_key)
) STRICT;
CREATE INDEX alert_events_subject_index ON alert_events (rule_id, subject, date);
CREATE INDEX alert_events_account_id_index ON alert_events (account_id) WHERE account_id IS NOT NULL;

-- An event on its way to a channel. Who sends it holds it until claimed_until; message_id is the same at every try, so that
-- a receiver can tell a repeated message. Several events of one check may share a message.
CREATE TABLE alert_deliveries (
  id              INTEGER PRIMARY KEY,
  event_id        INTEGER NOT NULL REFERENCES alert_events (id) ON DELETE CASCADE,
  channel         TEXT NOT NULL,
  message_id      TEXT NOT NULL,
  status          TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'failed')),
  attempts        INTEGER NOT NULL DEFAULT 0,
  next_attempt_at TEXT NOT NULL,
  claimed_until   TEXT,
  sent_at         TEXT,
  error_message   TEXT,
  UNIQUE (event_id, channel)
) STRICT;
CREATE INDEX alert_deliveries_pending_index ON alert_deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX alert_deliveries_message_id_index ON alert_deliveries (message_id);
