-- Bank holidays are public, and are only ever added: nobody changes or deletes one, not even the
-- register. The product's own comparison with the library writes as the register too.
ALTER TABLE organisations_restday ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_restday FOR SELECT USING (true);
CREATE POLICY register_adds ON organisations_restday FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY migrations ON organisations_restday TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE INSERT, UPDATE, DELETE ON organisations_restday FROM nrm_app;
GRANT SELECT ON organisations_restday TO nrm_sweep, nrm_figures, nrm_register, nrm_audit;
GRANT INSERT ON organisations_restday TO nrm_register;

-- When an office is closed is as public as its hours. Its own people say so, and take it back.
ALTER TABLE organisations_closure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_closure FOR SELECT USING (true);
CREATE POLICY own_adds ON organisations_closure FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND recorded_by_id = nrm_user());
CREATE POLICY own_withdraws ON organisations_closure FOR UPDATE TO nrm_app
    USING (organisation_id = nrm_organisation())
    WITH CHECK (organisation_id = nrm_organisation() AND withdrawn_by_id = nrm_user());
CREATE POLICY migrations ON organisations_closure TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE UPDATE, DELETE ON organisations_closure FROM nrm_app;
GRANT UPDATE (withdrawn_at, withdrawn_by_id) ON organisations_closure TO nrm_app;
GRANT SELECT ON organisations_closure TO nrm_sweep, nrm_register;

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO nrm_register;
