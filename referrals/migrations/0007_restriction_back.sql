ALTER POLICY holder ON referrals_referral
    USING (holder_id = nrm_organisation())
    WITH CHECK (holder_id = nrm_organisation() AND (follows_id IS NULL OR nrm_sees_referral(follows_id)));
ALTER POLICY holder_or_recorder_reads ON referrals_waitevent
    USING (recorded_by_id = nrm_organisation()
        OR EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
DROP FUNCTION nrm_is_named, nrm_is_restricted_here CASCADE;
