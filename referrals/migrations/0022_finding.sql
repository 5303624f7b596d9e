-- What a name is found by hangs on its referral: who does not see that one finds nothing by it.
ALTER TABLE referrals_namemark ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_namemark TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id))
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY migrations ON referrals_namemark TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- Named filters: one's own, and to read those that a colleague shared. A manager may take a shared
-- one away, since whoever shared it may have left.
ALTER TABLE referrals_savedview ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_or_shared ON referrals_savedview FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation() AND (shared OR user_id = nrm_user()));
CREATE POLICY own ON referrals_savedview FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND user_id = nrm_user());
CREATE POLICY own_changes ON referrals_savedview FOR UPDATE TO nrm_app
    USING (organisation_id = nrm_organisation() AND user_id = nrm_user())
    WITH CHECK (organisation_id = nrm_organisation() AND user_id = nrm_user());
CREATE POLICY own_or_shared_ends ON referrals_savedview FOR DELETE TO nrm_app
    USING (organisation_id = nrm_organisation() AND (shared OR user_id = nrm_user()));
CREATE POLICY migrations ON referrals_savedview TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE UPDATE ON referrals_namemark, referrals_savedview FROM nrm_app;
GRANT UPDATE (name, filters, shared, saved_at) ON referrals_savedview TO nrm_app;
