-- Who somebody is goes with the referral, to its holder alone: no purpose reads it.
ALTER TABLE referrals_survivor ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_survivor TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id))
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY migrations ON referrals_survivor TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_survivorkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_survivor ON referrals_survivorkey TO nrm_app
    USING (EXISTS (SELECT FROM referrals_survivor s WHERE s.id = survivor_id))
    WITH CHECK (EXISTS (SELECT FROM referrals_survivor s WHERE s.id = survivor_id));
CREATE POLICY migrations ON referrals_survivorkey TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_safecontact ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_safecontact TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id))
    WITH CHECK (recorded_by_id = nrm_organisation()
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY migrations ON referrals_safecontact TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_survivorhistory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY holder_appends ON referrals_survivorhistory FOR INSERT TO nrm_app
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY audit_reads ON referrals_survivorhistory FOR SELECT TO nrm_audit USING (true);
CREATE POLICY migrations ON referrals_survivorhistory TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE DELETE ON referrals_survivor, referrals_survivorkey FROM nrm_app;
REVOKE UPDATE, DELETE ON referrals_safecontact FROM nrm_app;
REVOKE UPDATE ON referrals_survivorkey FROM nrm_app;
GRANT UPDATE (master, wrapped, erased_at) ON referrals_survivorkey TO nrm_app;
REVOKE SELECT, UPDATE, DELETE ON referrals_survivorhistory FROM nrm_app;
GRANT SELECT ON referrals_survivorhistory TO nrm_audit;
