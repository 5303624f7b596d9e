-- A link is there for whoever sees both of its ends: it tells nobody else that there is another.
-- It ends, and is never changed or removed.
ALTER TABLE referrals_link ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_both_ends ON referrals_link FOR SELECT TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = other_id));
CREATE POLICY who_sees_both_links ON referrals_link FOR INSERT TO nrm_app
    WITH CHECK (by_id IS NOT DISTINCT FROM nrm_user() AND ended_at IS NULL
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = other_id));
CREATE POLICY who_sees_both_ends_it ON referrals_link FOR UPDATE TO nrm_app
    USING (ended_at IS NULL
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = other_id))
    WITH CHECK (ended_by_id = nrm_user());
CREATE POLICY migrations ON referrals_link TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE UPDATE, DELETE ON referrals_link FROM nrm_app;
GRANT UPDATE (ended_at, ended_by_id) ON referrals_link TO nrm_app;

-- Whoever is linked with somebody is not removed with the list that brought them.
DO $$
BEGIN
    EXECUTE replace(pg_get_functiondef('nrm_undo_import'::regproc),
        'OR EXISTS (SELECT FROM referrals_note n',
        'OR EXISTS (SELECT FROM referrals_link l WHERE r.id IN (l.referral_id, l.other_id))
            OR EXISTS (SELECT FROM referrals_note n');
END $$;
