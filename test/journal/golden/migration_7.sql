
CREATE TABLE open_restore (
  restore_id TEXT PRIMARY KEY,
  backup_id TEXT NOT NULL,
  instance_id TEXT NOT NULL,
  region TEXT NOT NULL,
  role TEXT,
  opened_ms INTEGER NOT NULL,
  holder TEXT NOT NULL
) STRICT;
