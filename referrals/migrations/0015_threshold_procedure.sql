-- A draft of a threshold is for who may decide on it, in an oversight body; what led to a version is
-- for everybody. What was decided is never changed again: the policy of UPDATE sees it no more.
CREATE FUNCTION nrm_oversees() RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM organisations_organisation o
                   WHERE o.id = nrm_organisation() AND o.is_oversight);

ALTER TABLE referrals_thresholddraft ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY approved_or_oversight ON referrals_thresholddraft FOR SELECT TO nrm_app
    USING (state = 'approved' OR nrm_oversees());
CREATE POLICY register_reads ON referrals_thresholddraft FOR SELECT TO nrm_register USING (true);
CREATE POLICY register_drafts ON referrals_thresholddraft FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY register_decides ON referrals_thresholddraft FOR UPDATE TO nrm_register
    USING (state IN ('open', 'announced')) WITH CHECK (true);
CREATE POLICY sweep_counts ON referrals_thresholddraft FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY migrations ON referrals_thresholddraft TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- Whom it would flag: references across organisations, for oversight alone.
ALTER TABLE referrals_thresholdpreview ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY oversight ON referrals_thresholdpreview FOR SELECT TO nrm_app USING (nrm_oversees());
CREATE POLICY register_reads ON referrals_thresholdpreview FOR SELECT TO nrm_register USING (true);
CREATE POLICY register_asks ON referrals_thresholdpreview FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY sweep_reads ON referrals_thresholdpreview FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY sweep_counts ON referrals_thresholdpreview FOR UPDATE TO nrm_sweep
    USING (finished_at IS NULL) WITH CHECK (true);
CREATE POLICY migrations ON referrals_thresholdpreview TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_toldchoice ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_toldchoice TO nrm_app
    USING (organisation_id = nrm_organisation()) WITH CHECK (organisation_id = nrm_organisation());
CREATE POLICY sweep ON referrals_toldchoice FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY migrations ON referrals_toldchoice TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE INSERT, UPDATE, DELETE ON referrals_thresholddraft, referrals_thresholdpreview FROM nrm_app;
REVOKE UPDATE, DELETE ON referrals_toldchoice FROM nrm_app;
GRANT SELECT, INSERT, UPDATE ON referrals_thresholddraft TO nrm_register;
GRANT SELECT, INSERT ON referrals_thresholdpreview TO nrm_register;
GRANT SELECT (id, code, definition, revision, state) ON referrals_thresholddraft TO nrm_sweep;
GRANT SELECT ON referrals_thresholdpreview TO nrm_sweep;
GRANT UPDATE (cursor, people, checked, flagged, at_risk, at_once, ended, staying, failed, lines,
    finished_at) ON referrals_thresholdpreview TO nrm_sweep;
GRANT SELECT (id, organisation_id, rule, severity, told) ON referrals_toldchoice TO nrm_sweep;
GRANT USAGE ON SEQUENCE referrals_thresholddraft_id_seq, referrals_thresholdpreview_id_seq TO nrm_register;
