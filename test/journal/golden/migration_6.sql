
ALTER TABLE backup ADD COLUMN policy TEXT;
ALTER TABLE open_backup ADD COLUMN policy TEXT;
CREATE INDEX backup_by_policy ON backup (policy, begun_ms);
