
CREATE TABLE backup (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  backup_id TEXT,
  instance_id TEXT NOT NULL,
  name TEXT,
  region TEXT,
  begun_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('completed', 'following', 'failed', 'refused')),
  consistency TEXT,
  start_when TEXT,
  gate TEXT,
  downtime_ms INTEGER,
  stop_ms INTEGER,
  snapshot_ms INTEGER,
  gate_ms INTEGER,
  start_ms INTEGER,
  left_down INTEGER NOT NULL,
  error_kind TEXT,
  error_message TEXT,
  snapshots_completed_ms INTEGER
) STRICT;
CREATE INDEX backup_by_instance ON backup (instance_id, begun_ms);
CREATE INDEX backup_by_time ON backup (begun_ms);

CREATE TABLE snapshot (
  backup INTEGER NOT NULL REFERENCES backup (id) ON DELETE CASCADE,
  snapshot_id TEXT NOT NULL,
  volume_id TEXT NOT NULL,
  device TEXT,
  size_gib INTEGER NOT NULL,
  state TEXT
) STRICT;
CREATE INDEX snapshot_by_backup ON snapshot (backup);
