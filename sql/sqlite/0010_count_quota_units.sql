-- What a request took from its vendor's quota, in the vendor's unit: before it is settled the most that it may take. A
-- vendor that counts requests has one unit a request.
ALTER TABLE api_usage_tracking ADD COLUMN quota_units INTEGER NOT NULL DEFAULT 1 CHECK (quota_units >= 0);
UPDATE api_usage_tracking SET quota_units = request_count WHERE request_count <> 1;

ALTER TABLE api_request_counts ADD COLUMN quota_units INTEGER NOT NULL DEFAULT 0;
UPDATE api_request_counts SET quota_units = request_count;

DROP TRIGGER api_request_counts_insert;
CREATE TRIGGER api_request_counts_insert AFTER INSERT ON api_usage_tracking
BEGIN
  INSERT INTO api_request_counts (provider_name, date, request_count, quota_units)
  VALUES (NEW.provider_name, NEW.date, NEW.request_count, NEW.quota_units)
  ON CONFLICT (provider_name, date) DO UPDATE SET
    request_count = request_count + excluded.request_count,
    quota_units = quota_units + excluded.quota_units;
END;

-- Settling is when the outcome becomes known. Rolling up leaves the outcome alone, and the counts with it.
CREATE TRIGGER api_request_counts_settle AFTER UPDATE OF success ON api_usage_tracking
WHEN OLD.success IS NULL AND NEW.success IS NOT NULL AND NEW.quota_units <> OLD.quota_units
BEGIN
  UPDATE api_request_counts SET quota_units = quota_units + NEW.quota_units - OLD.quota_units
  WHERE provider_name = NEW.provider_name AND date = NEW.date;
END;

-- For quotas that are counted by the instant: windows of some minutes, days that begin at another midnight than ours.
CREATE INDEX api_usage_tracking_requested_at_index ON api_usage_tracking (provider_name, requested_at, quota_units);
