
ALTER TABLE backup ADD COLUMN image_id TEXT;
