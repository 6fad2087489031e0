-- The log's segments: tables that are filled one after the other, and emptied as a whole when everything in them is trimmed. An emptied
-- one is free to be filled again.

-- Up to where the log is trimmed, and the segment that is being filled; apart, so that trimming never locks what an append updates.
CREATE TABLE IF NOT EXISTS log_trim
(
  id integer PRIMARY KEY CHECK (id = 1),
  trimmed_zxid bigint NOT NULL
) WITH (fillfactor = 10);

-- Since version 3.
ALTER TABLE log_trim ADD COLUMN IF NOT EXISTS segment smallint NOT NULL DEFAULT 0;

INSERT INTO log_trim (id, trimmed_zxid) VALUES (1, 0) ON CONFLICT DO NOTHING;

-- Payloads that fit into a page stay in the row: each piece of one that does not costs a row and an index entry more.
DO $$
BEGIN
  FOR number IN 0..7 LOOP
    IF to_regclass('transaction_log_' || number) IS NULL THEN
      EXECUTE format(
        'CREATE TABLE transaction_log_%1$s PARTITION OF transaction_log FOR VALUES IN (%1$s)
        WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false, toast_tuple_target = 8160)', number);
    ELSIF NOT (SELECT relispartition FROM pg_class WHERE oid = to_regclass('transaction_log_' || number)) THEN
      EXECUTE format('ALTER TABLE transaction_log ATTACH PARTITION transaction_log_%1$s FOR VALUES IN (%1$s)', number);
    END IF;
  END LOOP;
END
$$;

-- Notes that the log reaches back to a zxid no more; what the tables do not have yet and the last batch stay, whoever asks. Then empties
-- a segment that holds nothing else, and decides which one is filled. Returns whether one was emptied, so that there may be more.
-- An append may still go to the segment that was filled when it began: therefore a segment is locked before it is looked at.
CREATE OR REPLACE FUNCTION trim_log(upto bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  log CONSTANT regclass := to_regclass('transaction_log');
  segments CONSTANT integer := (SELECT count(*) FROM pg_inherits WHERE inhparent = log);
  least_bytes CONSTANT bigint := 16 << 20;
  trimmed bigint;
  filled integer;
  is_emptied boolean := false;
  candidate integer;
BEGIN
  UPDATE log_trim
  SET trimmed_zxid = reached.last_zxid
  FROM
  (
    SELECT max(last_zxid) AS last_zxid
    FROM transaction_log
    WHERE last_zxid <= least(upto, (SELECT mark FROM checkpoint WHERE id = 1))
      AND last_zxid < (SELECT last_zxid FROM ledger WHERE id = 1)
  ) AS reached
  WHERE id = 1 AND reached.last_zxid > trimmed_zxid;

  SELECT trimmed_zxid, segment INTO trimmed, filled FROM log_trim WHERE id = 1 FOR UPDATE;

  FOR number IN 0..segments - 1 LOOP
    CONTINUE WHEN number = filled
      OR NOT EXISTS (SELECT 1 FROM transaction_log WHERE segment = number)
      OR EXISTS (SELECT 1 FROM transaction_log WHERE segment = number AND last_zxid > trimmed);
    BEGIN
      PERFORM set_config('lock_timeout', '100ms', true);
      EXECUTE format('LOCK TABLE transaction_log_%s IN ACCESS EXCLUSIVE MODE', number);
    EXCEPTION WHEN lock_not_available THEN
      -- Somebody reads it for long, a backup for example. The next time will do.
      CONTINUE;
    END;
    CONTINUE WHEN EXISTS (SELECT 1 FROM transaction_log WHERE segment = number AND last_zxid > trimmed);
    EXECUTE format('TRUNCATE transaction_log_%s', number);
    is_emptied := true;
    EXIT;
  END LOOP;

  -- One that is large, and not a small part of a log of which much is kept, is followed by the next one that is empty.
  IF pg_total_relation_size(to_regclass('transaction_log_' || filled))
    >= greatest(least_bytes, (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = log) / (segments - 2)) THEN
    FOR step IN 1..segments - 1 LOOP
      candidate := (filled + step) % segments;
      IF NOT EXISTS (SELECT 1 FROM transaction_log WHERE segment = candidate) THEN
        UPDATE log_trim SET segment = candidate WHERE id = 1;
        EXIT;
      END IF;
    END LOOP;
  END IF;

  RETURN is_emptied;
END
$$;
