-- What lists and sources say of organisations, and how they are reached, is public to read and is
-- written as nrm_register.
ALTER TABLE organisations_publishedlist ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_publishedlist FOR SELECT USING (true);
CREATE POLICY register_writes ON organisations_publishedlist TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_publishedlist TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_listing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_listing FOR SELECT USING (true);
CREATE POLICY register_writes ON organisations_listing TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_listing TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_alias ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_alias FOR SELECT USING (true);
CREATE POLICY register_writes ON organisations_alias TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_alias TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_publishedfact ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_publishedfact FOR SELECT USING (true);
CREATE POLICY register_writes ON organisations_publishedfact TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_publishedfact TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_contactroute ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_contactroute FOR SELECT USING (true);
CREATE POLICY register_writes ON organisations_contactroute TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_contactroute TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- A designation that waits for a second person is for the register. Everybody sees it coming where
-- one person alone announced it, and what led to a designation. What was decided stays as it was.
ALTER TABLE organisations_proposal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY announced_or_confirmed ON organisations_proposal FOR SELECT TO nrm_app
    USING (state IN ('announced', 'confirmed'));
CREATE POLICY register_reads ON organisations_proposal FOR SELECT TO nrm_register USING (true);
CREATE POLICY register_proposes ON organisations_proposal FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY register_decides ON organisations_proposal FOR UPDATE TO nrm_register
    USING (state IN ('open', 'announced')) WITH CHECK (true);
CREATE POLICY migrations ON organisations_proposal TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- Anybody may say that the register is wrong, and nobody but the register reads it.
ALTER TABLE organisations_errorreport ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY anybody_reports ON organisations_errorreport FOR INSERT TO nrm_app
    WITH CHECK (answered_at IS NULL);
CREATE POLICY register ON organisations_errorreport TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_errorreport TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE INSERT, UPDATE, DELETE ON organisations_publishedlist, organisations_listing,
    organisations_alias, organisations_publishedfact, organisations_contactroute,
    organisations_proposal FROM nrm_app;
REVOKE SELECT, UPDATE, DELETE ON organisations_errorreport FROM nrm_app;
GRANT SELECT, INSERT, UPDATE ON organisations_publishedlist, organisations_listing,
    organisations_publishedfact, organisations_proposal TO nrm_register;
GRANT SELECT, INSERT ON organisations_alias, organisations_contactroute TO nrm_register;
GRANT UPDATE (last_checked_on, checked_by_id, withdrawn_at, withdrawn_by_id)
    ON organisations_contactroute TO nrm_register;
GRANT SELECT, UPDATE (answered_at, answered_by_id) ON organisations_errorreport TO nrm_register;
GRANT SELECT ON organisations_organisationhistory TO nrm_register;
GRANT USAGE ON SEQUENCE organisations_publishedlist_id_seq, organisations_listing_id_seq,
    organisations_alias_id_seq, organisations_publishedfact_id_seq,
    organisations_contactroute_id_seq, organisations_proposal_id_seq TO nrm_register;
