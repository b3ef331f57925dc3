-- A post's two days are looked up by their key. OFFSET 0 keeps the planner from turning that into a join, for which it
-- would read every day of every post.
CREATE VIEW latest_account_analytics AS
SELECT a.id AS account_id, a.platform, a.username, a.display_name, a.brand, a.is_competitor,
       s.followers_count, s.following_count, s.posts_count,
       s.total_likes, s.total_comments, s.total_views, s.total_shares,
       s.engagement_rate, s.engagement_basis, s.avg_likes_per_post, s.avg_comments_per_post,
       s.provider_name, s.snapshot_date AS last_snapshot_date
FROM social_media_accounts a
CROSS JOIN LATERAL (
  SELECT x.* FROM social_media_analytics_snapshots x WHERE x.account_id = a.id ORDER BY x.snapshot_date DESC LIMIT 1) s
WHERE a.is_active;

CREATE VIEW post_performance_trends AS
SELECT p.id AS post_id, p.account_id, p.platform, p.external_post_id, p.post_url, p.caption, p.posted_at,
       r.first_date, r.latest_date AS last_updated,
       f.likes_count AS initial_likes, l.likes_count AS current_likes,
       f.views_count AS initial_views, l.views_count AS current_views,
       l.comments_count AS current_comments, l.shares_count AS current_shares,
       l.likes_count - f.likes_count AS likes_growth,
       l.views_count - f.views_count AS views_growth,
       l.engagement_rate
FROM social_media_posts p
JOIN social_media_post_range r ON r.post_id = p.id
CROSS JOIN LATERAL (
  SELECT * FROM social_media_post_analytics a WHERE a.snapshot_date = r.first_date AND a.post_id = r.post_id OFFSET 0) f
CROSS JOIN LATERAL (
  SELECT * FROM social_media_post_analytics a WHERE a.snapshot_date = r.latest_date AND a.post_id = r.post_id OFFSET 0) l;

CREATE VIEW content_performance AS
SELECT p.id AS content_id, p.account_id, p.platform, p.external_post_id AS post_id, p.media_type AS post_type, p.caption,
       (SELECT string_agg(h.tag, ' ' ORDER BY h.tag)
        FROM social_media_post_hashtags x
        CROSS JOIN LATERAL (SELECT t.tag FROM social_media_hashtags t WHERE t.id = x.hashtag_id OFFSET 0) h
        WHERE x.post_id = p.id) AS hashtags,
       p.posted_at,
       l.likes_count AS likes, l.comments_count AS comments, l.shares_count AS shares, l.saves_count AS saves,
       l.views_count AS views, l.reach_count AS reach, l.engagement_rate, p.created_at
FROM social_media_posts p
JOIN social_media_post_range r ON r.post_id = p.id
CROSS JOIN LATERAL (
  SELECT * FROM social_media_post_analytics a WHERE a.snapshot_date = r.latest_date AND a.post_id = r.post_id OFFSET 0) l;

CREATE VIEW mapped_content AS
SELECT p.id AS post_id, p.platform, p.external_post_id, p.post_url, p.caption,
       m.video_id, m.clip_id, coalesce(c.title, v.title) AS content_title,
       l.views_count AS views, m.confidence_score, m.matched_by, m.status
FROM social_media_content_mapping m
JOIN social_media_posts p ON p.id = m.post_id
LEFT JOIN videos v ON v.id = m.video_id
LEFT JOIN clips c ON c.id = m.clip_id
LEFT JOIN social_media_post_range r ON r.post_id = p.id
LEFT JOIN LATERAL (
  SELECT * FROM social_media_post_analytics a WHERE a.snapshot_date = r.latest_date AND a.post_id = r.post_id OFFSET 0) l ON true
WHERE m.status = 'confirmed';
