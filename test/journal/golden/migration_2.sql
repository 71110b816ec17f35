
CREATE TABLE open_backup (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  backup_id TEXT NOT NULL,
  instance_id TEXT NOT NULL UNIQUE,
  name TEXT,
  region TEXT NOT NULL,
  opened_ms INTEGER NOT NULL,
  start_when TEXT NOT NULL,
  found_stopped INTEGER NOT NULL,
  holder TEXT NOT NULL
) STRICT;

CREATE TABLE mark (
  open_backup INTEGER NOT NULL REFERENCES open_backup (id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  mark TEXT NOT NULL,
  detail TEXT
) STRICT;
CREATE INDEX mark_by_open_backup ON mark (open_backup);
