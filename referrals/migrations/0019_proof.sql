-- A proof of wait is seen with its referral, issued by whoever holds that one, and never changed.
ALTER TABLE referrals_proof ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_proof FOR SELECT TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY holder_issues ON referrals_proof FOR INSERT TO nrm_app
    WITH CHECK (recorded_by_id = nrm_organisation()
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY holder_withdraws ON referrals_proof FOR UPDATE TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY migrations ON referrals_proof TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE UPDATE, DELETE ON referrals_proof FROM nrm_app;
GRANT UPDATE (withdrawn_at, withdrawn_by_id, withdrawn_why) ON referrals_proof TO nrm_app;

-- All that anybody is told who has a number and the beginning of its hash: dates, and whether what
-- it rests on was corrected. Neither whose it is nor what it says.
CREATE FUNCTION nrm_check_proof(asked text, code text)
RETURNS TABLE (issued_at timestamptz, withdrawn_at timestamptz, later_at timestamptz, corrected boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('nrm.migrating', 'on', true);  -- of the owner's policies, until the end
    RETURN QUERY
        SELECT p.issued_at, p.withdrawn_at,
            (SELECT min(l.issued_at) FROM referrals_proof l
             WHERE l.referral_id = p.referral_id AND l.issued_at > p.issued_at
                 AND l.withdrawn_at IS NULL),
            EXISTS (SELECT FROM referrals_waitevent e WHERE e.supersedes_id = ANY (p.rests_on))
        FROM referrals_proof p
        WHERE p.number = asked AND length(code) = 8 AND starts_with(p.content_hash, code);
    PERFORM set_config('nrm.migrating', '', true);
END $$;
