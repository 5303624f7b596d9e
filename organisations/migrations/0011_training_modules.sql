-- Modules are read by all where they are for all, else by their organisation. Kept as nrm_register.
ALTER TABLE organisations_trainingmodule ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY for_all_or_own ON organisations_trainingmodule FOR SELECT TO nrm_app
    USING (organisation_id IS NULL OR organisation_id = nrm_organisation());
CREATE POLICY register ON organisations_trainingmodule TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_trainingmodule TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE INSERT, UPDATE, DELETE ON organisations_trainingmodule FROM nrm_app;
GRANT SELECT, INSERT ON organisations_trainingmodule TO nrm_register;
GRANT UPDATE (name, publisher, source, checked_on, good_for_days, required, ended_at)
    ON organisations_trainingmodule TO nrm_register;

ALTER TABLE organisations_trainingmodulehistory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY register_appends ON organisations_trainingmodulehistory FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY audit_reads ON organisations_trainingmodulehistory FOR SELECT TO nrm_audit USING (true);
CREATE POLICY migrations ON organisations_trainingmodulehistory TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE SELECT, INSERT, UPDATE, DELETE ON organisations_trainingmodulehistory FROM nrm_app;
GRANT INSERT ON organisations_trainingmodulehistory TO nrm_register;
GRANT SELECT ON organisations_trainingmodulehistory TO nrm_audit;

-- A training that was recorded by mistake is withdrawn, and says why; nothing else of it changes.
CREATE POLICY register_withdraws ON organisations_training FOR UPDATE TO nrm_register
    USING (withdrawn_at IS NULL) WITH CHECK (withdrawn_at IS NOT NULL);
GRANT UPDATE (withdrawn_at, withdrawn_by_id, withdrawn_why) ON organisations_training TO nrm_register;

-- What an organisation does with work of the untrained is its own to say. Appended.
ALTER TABLE organisations_responderpolicy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON organisations_responderpolicy FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation());
CREATE POLICY own_adds ON organisations_responderpolicy FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND by_id = nrm_user());
CREATE POLICY migrations ON organisations_responderpolicy TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE UPDATE, DELETE ON organisations_responderpolicy FROM nrm_app;

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO nrm_register;
