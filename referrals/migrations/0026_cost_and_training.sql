-- What an organisation spent is its own to see, after a hand-over too; not of a referral that is
-- restricted here to others. Appended; an entry is taken back with a reason.
ALTER TABLE referrals_effort ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_effort FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation()
        AND (nrm_sees_referral(referral_id) OR NOT nrm_is_restricted_here(referral_id)));
CREATE POLICY holder_logs ON referrals_effort FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND by_id = nrm_user()
        AND withdrawn_at IS NULL
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY own_takes_back ON referrals_effort FOR UPDATE TO nrm_app
    USING (organisation_id = nrm_organisation() AND withdrawn_at IS NULL
        AND (nrm_sees_referral(referral_id) OR NOT nrm_is_restricted_here(referral_id)))
    WITH CHECK (organisation_id = nrm_organisation() AND withdrawn_by_id = nrm_user());
CREATE POLICY migrations ON referrals_effort TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE UPDATE, DELETE ON referrals_effort FROM nrm_app;
GRANT UPDATE (withdrawn_at, withdrawn_by_id, withdrawn_why) ON referrals_effort TO nrm_app;

-- What an hour costs is an organisation's own figure. Appended.
ALTER TABLE referrals_rate ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_rate FOR SELECT TO nrm_app USING (organisation_id = nrm_organisation());
CREATE POLICY own_adds ON referrals_rate FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND by_id = nrm_user());
CREATE POLICY migrations ON referrals_rate TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE UPDATE, DELETE ON referrals_rate FROM nrm_app;

-- Whose training ends is told by the sweep: who, what and when, and no certificate.
CREATE POLICY sweep_tells ON organisations_training FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY sweep_tells ON organisations_trainingmodule FOR SELECT TO nrm_sweep USING (true);
GRANT SELECT (id, membership_id, module_id, trained_on, withdrawn_at) ON organisations_training TO nrm_sweep;
GRANT SELECT (id, organisation_id, good_for_days, required, ended_at) ON organisations_trainingmodule TO nrm_sweep;
GRANT SELECT (first_responder_since) ON organisations_membership TO nrm_sweep;
