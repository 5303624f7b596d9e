-- Pages of questions go with their referral. Appended: nobody changes or removes one; no purpose reads.
ALTER TABLE referrals_writtenpage ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_writtenpage FOR SELECT TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY holder_writes ON referrals_writtenpage FOR INSERT TO nrm_app
    WITH CHECK (recorded_by_id = nrm_organisation()
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY migrations ON referrals_writtenpage TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE UPDATE, DELETE ON referrals_writtenpage FROM nrm_app;
