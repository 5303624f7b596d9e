-- What was asked of a simulation: of one organisation, and of whoever works it out.
ALTER TABLE reporting_whatif ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON reporting_whatif TO nrm_app
    USING (organisation_id = nrm_organisation())
    WITH CHECK (organisation_id = nrm_organisation());
CREATE POLICY worked_out ON reporting_whatif FOR SELECT TO nrm_figures USING (true);
CREATE POLICY goes_on ON reporting_whatif FOR UPDATE TO nrm_figures USING (true) WITH CHECK (true);
CREATE POLICY migrations ON reporting_whatif TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE UPDATE ON reporting_whatif FROM nrm_app;
GRANT UPDATE (cancelled_at, runs) ON reporting_whatif TO nrm_app;
GRANT SELECT, UPDATE (runs, done, finished_at, failed_at) ON reporting_whatif TO nrm_figures;
