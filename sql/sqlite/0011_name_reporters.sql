-- The provider that reported some of a day or an audience last; NULL where a person alone did.
ALTER TABLE social_media_daily_metrics ADD COLUMN provider_name TEXT;
ALTER TABLE audience_demographics ADD COLUMN provider_name TEXT;
