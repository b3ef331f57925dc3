-- Posts, what each looked like on each day, and the hashtags in them.
CREATE TABLE social_media_posts (
  id               INTEGER PRIMARY KEY,
  account_id       INTEGER NOT NULL REFERENCES social_media_accounts (id) ON DELETE CASCADE,
  platform         TEXT    NOT NULL,
  external_post_id TEXT    NOT NULL,
  post_url         TEXT,
  caption          TEXT,
  media_type       TEXT CHECK (media_type IN ('video', 'image', 'carousel', 'text', 'link', 'story')),
  thumbnail_url    TEXT,
  media_url        TEXT,
  duration         INTEGER CHECK (duration >= 0),
  posted_at        TEXT,
  created_at       TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  UNIQUE (platform, external_post_id)
) STRICT;
CREATE INDEX social_media_posts_account_id_posted_at_index ON social_media_posts (account_id, posted_at);
CREATE INDEX social_media_posts_posted_at_index ON social_media_posts (posted_at);

-- The day comes first in the key: a daily run appends at the end of the table instead of touching a page per post.
-- No second index: it would bring that cost back.
CREATE TABLE social_media_post_analytics (
  snapshot_date     TEXT    NOT NULL CHECK (snapshot_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  post_id           INTEGER NOT NULL REFERENCES social_media_posts (id) ON DELETE CASCADE,
  likes_count       INTEGER CHECK (likes_count >= 0),
  comments_count    INTEGER CHECK (comments_count >= 0),
  views_count       INTEGER CHECK (views_count >= 0),
  shares_count      INTEGER CHECK (shares_count >= 0),
  saves_count       INTEGER CHECK (saves_count >= 0),
  reach_count       INTEGER CHECK (reach_count >= 0),
  impressions_count INTEGER CHECK (impressions_count >= 0),
  engagement_rate   REAL,
  engagement_basis  TEXT CHECK (engagement_basis IN ('reach', 'impressions', 'views', 'followers')),
  provider_name     TEXT,
  PRIMARY KEY (snapshot_date, post_id)
) STRICT, WITHOUT ROWID;

-- First and latest day of each post, and the latest known value of each metric that account totals add up.
CREATE TABLE social_media_post_range (
  post_id        INTEGER PRIMARY KEY REFERENCES social_media_posts (id) ON DELETE CASCADE,
  first_date     TEXT NOT NULL,
  latest_date    TEXT NOT NULL,
  likes_count    INTEGER,
  comments_count INTEGER,
  views_count    INTEGER,
  shares_count   INTEGER
) STRICT;

CREATE TRIGGER social_media_post_range_insert AFTER INSERT ON social_media_post_analytics
BEGIN
  INSERT INTO social_media_post_range
  VALUES (NEW.post_id, NEW.snapshot_date, NEW.snapshot_date,
          NEW.likes_count, NEW.comments_count, NEW.views_count, NEW.shares_count)
  ON CONFLICT (post_id) DO UPDATE SET
    first_date     = min(first_date, excluded.first_date),
    latest_date    = max(latest_date, excluded.latest_date),
    likes_count    = CASE WHEN excluded.latest_date >= latest_date
                     THEN coalesce(excluded.likes_count, likes_count) ELSE coalesce(likes_count, excluded.likes_count) END,
    comments_count = CASE WHEN excluded.latest_date >= latest_date
                     THEN coalesce(excluded.comments_count, comments_count) ELSE coalesce(comments_count, excluded.comments_count) END,
    views_count    = CASE WHEN excluded.latest_date >= latest_date
                     THEN coalesce(excluded.views_count, views_count) ELSE coalesce(views_count, excluded.views_count) END,
    shares_count   = CASE WHEN excluded.latest_date >= latest_date
                     THEN coalesce(excluded.shares_count, shares_count) ELSE coalesce(shares_count, excluded.shares_count) END;
END;

CREATE TRIGGER social_media_post_range_update AFTER UPDATE ON social_media_post_analytics
BEGIN
  UPDATE social_media_post_range
  SET likes_count    = coalesce(NEW.likes_count, likes_count),
      comments_count = coalesce(NEW.comments_count, comments_count),
      views_count    = coalesce(NEW.views_count, views_count),
      shares_count   = coalesce(NEW.shares_count, shares_count)
  WHERE post_id = NEW.post_id AND latest_date = NEW.snapshot_date;
END;

-- Deleting days keeps the range on days that exist. The neighbouring day is looked for where it most likely is: on the
-- next day that anything has, on the days on which the account was fetched, anywhere.
CREATE TRIGGER social_media_post_range_delete AFTER DELETE ON social_media_post_analytics
BEGIN
  DELETE FROM social_media_post_range
  WHERE post_id = OLD.post_id AND first_date = OLD.snapshot_date AND latest_date = OLD.snapshot_date;

  UPDATE social_media_post_range
  SET first_date = coalesce(
        (SELECT a.snapshot_date FROM social_media_post_analytics a
         WHERE a.snapshot_date = (SELECT min(x.snapshot_date) FROM social_media_post_analytics x
                                  WHERE x.snapshot_date > OLD.snapshot_date)
           AND a.post_id = OLD.post_id),
        (SELECT min(a.snapshot_date)
         FROM social_media_posts p
         CROSS JOIN social_media_analytics_snapshots s
         CROSS JOIN social_media_post_analytics a
         WHERE p.id = OLD.post_id
           AND s.account_id = p.account_id AND s.snapshot_date > OLD.snapshot_date
           AND a.snapshot_date = s.snapshot_date AND a.post_id = OLD.post_id),
        (SELECT min(a.snapshot_date) FROM social_media_post_analytics a
         WHERE a.post_id = OLD.post_id AND a.snapshot_date > OLD.snapshot_date))
  WHERE post_id = OLD.post_id AND first_date = OLD.snapshot_date;

  UPDATE social_media_post_range
  SET latest_date = coalesce(
        (SELECT a.snapshot_date FROM social_media_post_analytics a
         WHERE a.snapshot_date = (SELECT max(x.snapshot_date) FROM social_media_post_analytics x
                                  WHERE x.snapshot_date < OLD.snapshot_date)
           AND a.post_id = OLD.post_id),
        (SELECT max(a.snapshot_date)
         FROM social_media_posts p
         CROSS JOIN social_media_analytics_snapshots s
         CROSS JOIN social_media_post_analytics a
         WHERE p.id = OLD.post_id
           AND s.account_id = p.account_id AND s.snapshot_date < OLD.snapshot_date
           AND a.snapshot_date = s.snapshot_date AND a.post_id = OLD.post_id),
        (SELECT max(a.snapshot_date) FROM social_media_post_analytics a
         WHERE a.post_id = OLD.post_id AND a.snapshot_date < OLD.snapshot_date))
  WHERE post_id = OLD.post_id AND latest_date = OLD.snapshot_date;

  -- Whoever deletes the latest day does not want its numbers in the totals any more.
  UPDATE social_media_post_range
  SET (likes_count, comments_count, views_count, shares_count) =
        (SELECT a.likes_count, a.comments_count, a.views_count, a.shares_count
         FROM social_media_post_analytics a
         WHERE a.snapshot_date = social_media_post_range.latest_date AND a.post_id = OLD.post_id)
  WHERE post_id = OLD.post_id AND latest_date < OLD.snapshot_date;
END;

CREATE TABLE social_media_hashtags (
  id      INTEGER PRIMARY KEY,
  tag     TEXT NOT NULL UNIQUE,
  written TEXT NOT NULL
) STRICT;

CREATE TABLE social_media_post_hashtags (
  hashtag_id INTEGER NOT NULL REFERENCES social_media_hashtags (id) ON DELETE CASCADE,
  post_id    INTEGER NOT NULL REFERENCES social_media_posts (id) ON DELETE CASCADE,
  PRIMARY KEY (hashtag_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX social_media_post_hashtags_post_id_index ON social_media_post_hashtags (post_id, hashtag_id);
