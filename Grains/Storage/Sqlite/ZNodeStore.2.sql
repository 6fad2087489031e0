-- Version 2: which silo carries a session, by its name as a submitter; NULL when that is not known.
ALTER TABLE session ADD COLUMN owner TEXT;
