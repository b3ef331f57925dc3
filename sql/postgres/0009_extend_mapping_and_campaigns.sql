-- Who decided a link, and how close the second best was: what a person decided is never decided again by a rule.
ALTER TABLE social_media_content_mapping
  ADD COLUMN decided_by text COLLATE "C" NOT NULL DEFAULT 'person' CHECK (decided_by IN ('person', 'rule')),
  ADD COLUMN runner_up_score double precision,
  ADD COLUMN updated_at timestamptz(3);

-- The currency of cost and revenue, and the video that a campaign was for. One row for a campaign, account, platform and
-- video; what stands twice gets its number as part of the name.
ALTER TABLE campaign_social_metrics
  ADD COLUMN currency text COLLATE "C" CHECK (currency ~ '^[A-Z]{3}$'),
  ADD COLUMN video_id text COLLATE "C" REFERENCES videos (id) ON DELETE SET NULL,
  ADD COLUMN updated_at timestamptz(3);
UPDATE campaign_social_metrics SET campaign_id = campaign_id || ' #' || id
WHERE id NOT IN (SELECT max(id) FROM campaign_social_metrics GROUP BY campaign_id, account_id, platform);
CREATE UNIQUE INDEX campaign_social_metrics_key_index ON campaign_social_metrics
  (campaign_id, coalesce(account_id, 0), coalesce(platform, ''), coalesce(video_id, ''));

-- Without its account or video a campaign stays, under a name of its own: another's row may have the rest of its key.
CREATE FUNCTION campaign_social_metrics_lose_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE campaign_social_metrics SET campaign_id = campaign_id || ' #' || id WHERE account_id = OLD.id;
  RETURN OLD;
END $$;
CREATE TRIGGER campaign_social_metrics_lose_account BEFORE DELETE ON social_media_accounts
FOR EACH ROW EXECUTE FUNCTION campaign_social_metrics_lose_account();

CREATE FUNCTION campaign_social_metrics_lose_video() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE campaign_social_metrics SET campaign_id = campaign_id || ' #' || id WHERE video_id = OLD.id;
  RETURN OLD;
END $$;
CREATE TRIGGER campaign_social_metrics_lose_video BEFORE DELETE ON videos
FOR EACH ROW EXECUTE FUNCTION campaign_social_metrics_lose_video();
