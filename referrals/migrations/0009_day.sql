-- The caseworker's day. What is about a referral is seen with it, by whoever sees that one.
ALTER TABLE referrals_note ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_note FOR SELECT TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY holder_writes ON referrals_note FOR INSERT TO nrm_app
    WITH CHECK (recorded_by_id = nrm_organisation()
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY holder_strikes_through ON referrals_note FOR UPDATE TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY migrations ON referrals_note TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_task ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_with_its_referral ON referrals_task TO nrm_app
    USING (organisation_id = nrm_organisation()
        AND (referral_id IS NULL OR EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)))
    WITH CHECK (organisation_id = nrm_organisation()
        AND (referral_id IS NULL OR EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)));
CREATE POLICY migrations ON referrals_task TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_appointment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_appointment FOR SELECT TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY holder_makes ON referrals_appointment FOR INSERT TO nrm_app
    WITH CHECK (recorded_by_id = nrm_organisation()
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY holder_answers ON referrals_appointment FOR UPDATE TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY migrations ON referrals_appointment TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- Both are members: what the sweep tells goes to nobody else.
ALTER TABLE referrals_cover ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_cover TO nrm_app
    USING (organisation_id = nrm_organisation())
    WITH CHECK (organisation_id = nrm_organisation()
        AND EXISTS (SELECT FROM organisations_membership m
                    WHERE m.organisation_id = nrm_organisation() AND m.user_id = away_id)
        AND EXISTS (SELECT FROM organisations_membership m
                    WHERE m.organisation_id = nrm_organisation() AND m.user_id = covered_by_id));
CREATE POLICY sweep_tells ON referrals_cover FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY migrations ON referrals_cover TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE UPDATE, DELETE ON referrals_note, referrals_task, referrals_appointment, referrals_cover FROM nrm_app;
GRANT UPDATE (withdrawn_at, withdrawn_by_id, withdrawn_why) ON referrals_note TO nrm_app;
GRANT UPDATE (assigned_to_id, ended_at, ended_by_id, given_up) ON referrals_task TO nrm_app;
GRANT UPDATE (interpreter, language, outcome, outcome_at) ON referrals_appointment TO nrm_app;
GRANT UPDATE (ended_at) ON referrals_cover TO nrm_app;
GRANT SELECT (id, organisation_id, away_id, covered_by_id, first_on, last_on, ended_at)
    ON referrals_cover TO nrm_sweep;
