-- A restricted referral is there for the people named, and for a command at the shell, behind
-- which nobody is signed in. Its rows go with it, as they do with every referral.
ALTER TABLE referrals_namedstaff ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE referrals_restriction ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Functions, since a policy may not read its own table.
CREATE FUNCTION nrm_is_named(referral bigint) RETURNS boolean LANGUAGE sql STABLE
    RETURN nrm_user() IS NULL OR EXISTS (
        SELECT FROM referrals_namedstaff n
        WHERE n.referral_id = referral AND n.user_id = nrm_user() AND n.ended_at IS NULL);
CREATE FUNCTION nrm_is_restricted_here(referral bigint) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM referrals_restriction x
        WHERE x.referral_id = referral AND x.organisation_id = nrm_organisation()
            AND x.lifted_at IS NULL);

-- That a referral is restricted, and to whom, everybody of the organisation may know.
CREATE POLICY own ON referrals_restriction TO nrm_app
    USING (organisation_id = nrm_organisation())
    WITH CHECK (organisation_id = nrm_organisation()
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY migrations ON referrals_restriction TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
CREATE POLICY own ON referrals_namedstaff TO nrm_app
    USING (organisation_id = nrm_organisation())
    WITH CHECK (organisation_id = nrm_organisation()
        AND (nrm_sees_referral(referral_id) OR nrm_is_restricted_here(referral_id)));
CREATE POLICY sweep_tells ON referrals_namedstaff FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY migrations ON referrals_namedstaff TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER POLICY holder ON referrals_referral
    USING (holder_id = nrm_organisation() AND (NOT restricted OR nrm_is_named(id)))
    WITH CHECK (holder_id = nrm_organisation() AND (NOT restricted OR nrm_is_named(id))
        AND (follows_id IS NULL OR nrm_sees_referral(follows_id)));
ALTER POLICY holder_or_recorder_reads ON referrals_waitevent
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        OR (recorded_by_id = nrm_organisation() AND NOT nrm_is_restricted_here(referral_id)));

REVOKE UPDATE, DELETE ON referrals_restriction, referrals_namedstaff FROM nrm_app;
GRANT UPDATE (lifted_at, lifted_by_id) ON referrals_restriction TO nrm_app;
GRANT UPDATE (ended_at, ended_by_id) ON referrals_namedstaff TO nrm_app;
GRANT SELECT (restricted) ON referrals_referral TO nrm_sweep;
GRANT SELECT (id, referral_id, user_id, ended_at) ON referrals_namedstaff TO nrm_sweep;
