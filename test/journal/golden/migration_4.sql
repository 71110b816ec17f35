
ALTER TABLE open_backup ADD COLUMN role TEXT;
