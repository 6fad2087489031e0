-- The transaction log: its truth is the rows of transaction_log, in the order of their zxids, up to the last zxid in the ledger.

-- Who may append, and how far the log reaches. Every append updates this one row, and nothing else does but a claim and a writer's
-- new connection. The writer is a number that whoever claimed the epoch chose for itself, the connection one for its present
-- connection; the backend is PostgreSQL's process for that. The page keeps room for the row's next versions.
CREATE TABLE IF NOT EXISTS ledger
(
  id integer PRIMARY KEY CHECK (id = 1),
  epoch integer NOT NULL,
  holder text NOT NULL,
  last_zxid bigint NOT NULL,
  writer bigint NOT NULL,
  connection bigint NOT NULL,
  backend_pid integer NOT NULL,
  backend_start timestamptz NOT NULL
) WITH (fillfactor = 10);

INSERT INTO ledger (id, epoch, holder, last_zxid, writer, connection, backend_pid, backend_start)
VALUES (1, 0, '', 0, 0, 0, 0, 'epoch')
ON CONFLICT DO NOTHING;

-- Until version 2 the log was one table, which becomes the first segment.
DO $$
BEGIN
  IF (SELECT relkind FROM pg_class WHERE oid = to_regclass('transaction_log')) = 'r' THEN
    ALTER TABLE transaction_log RENAME TO transaction_log_0;
    ALTER TABLE transaction_log_0 DROP CONSTRAINT transaction_log_pkey;
    ALTER TABLE transaction_log_0 ADD COLUMN segment smallint NOT NULL DEFAULT 0;
    ALTER TABLE transaction_log_0 SET (autovacuum_enabled = false, toast.autovacuum_enabled = false);
    ALTER TABLE transaction_log_0 RESET (autovacuum_vacuum_scale_factor, toast.autovacuum_vacuum_scale_factor);
  END IF;
END
$$;

-- Keyed by the last zxid: the batches behind a zxid are a range, also when it lies within one. What is trimmed is removed with its
-- segment's file: to delete and vacuum batches took more of the machine than to append them. A silo of version 2 names no segment.
CREATE TABLE IF NOT EXISTS transaction_log
(
  last_zxid bigint NOT NULL,
  first_zxid bigint NOT NULL,
  checksum bigint NOT NULL,
  payload bytea NOT NULL,
  segment smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (last_zxid, segment)
) PARTITION BY LIST (segment);

-- Compression would only delay the append.
ALTER TABLE transaction_log ALTER COLUMN payload SET STORAGE EXTERNAL;
