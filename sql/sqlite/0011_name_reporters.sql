-- The provider that reported a day or an audience; NULL where a person alone did. What a person recorded is listed as a JSON
-- array of columns: no provider writes over it.
ALTER TABLE social_media_daily_metrics ADD COLUMN provider_name TEXT;
ALTER TABLE social_media_daily_metrics ADD COLUMN recorded_columns TEXT CHECK (recorded_columns IS NULL OR json_valid(recorded_columns));
ALTER TABLE audience_demographics ADD COLUMN provider_name TEXT;
ALTER TABLE audience_demographics ADD COLUMN recorded_columns TEXT CHECK (recorded_columns IS NULL OR json_valid(recorded_columns));
