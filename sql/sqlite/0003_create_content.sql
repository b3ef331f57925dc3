-- The user's own videos and clips, and which post shows which.
CREATE TABLE videos (
  id           TEXT PRIMARY KEY,
  title        TEXT NOT NULL,
  description  TEXT,
  hashtags     TEXT,
  duration     INTEGER CHECK (duration >= 0),
  published_at TEXT,
  url          TEXT,
  created_at   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

CREATE TABLE clips (
  id           TEXT PRIMARY KEY,
  video_id     TEXT REFERENCES videos (id) ON DELETE SET NULL,
  title        TEXT NOT NULL,
  description  TEXT,
  hashtags     TEXT,
  duration     INTEGER CHECK (duration >= 0),
  published_at TEXT,
  url          TEXT,
  created_at   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

CREATE TABLE social_media_content_mapping (
  id               INTEGER PRIMARY KEY,
  post_id          INTEGER NOT NULL UNIQUE REFERENCES social_media_posts (id) ON DELETE CASCADE,
  video_id         TEXT REFERENCES videos (id) ON DELETE CASCADE,
  clip_id          TEXT REFERENCES clips (id) ON DELETE CASCADE,
  confidence_score REAL NOT NULL DEFAULT 1 CHECK (confidence_score BETWEEN 0 AND 1),
  matched_by       TEXT NOT NULL DEFAULT 'manual',
  status           TEXT NOT NULL DEFAULT 'confirmed' CHECK (status IN ('confirmed', 'suggested', 'rejected')),
  created_at       TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;
CREATE INDEX social_media_content_mapping_video_id_index ON social_media_content_mapping (video_id);
CREATE INDEX social_media_content_mapping_clip_id_index ON social_media_content_mapping (clip_id);
