-- Harm is read by the safeguarding lead and by whoever recorded it, with its referral. Appended.
ALTER TABLE referrals_harm ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY lead_or_own ON referrals_harm FOR SELECT TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND (opened_by_id = nrm_user() OR EXISTS (
            SELECT FROM organisations_membership m
            WHERE m.organisation_id = nrm_organisation() AND m.user_id = nrm_user()
                AND m.role = 'safeguarding_lead' AND m.ended_at IS NULL)));
CREATE POLICY holder_records ON referrals_harm FOR INSERT TO nrm_app
    WITH CHECK (recorded_by_id = nrm_organisation() AND by_id = nrm_user()
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY migrations ON referrals_harm TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE UPDATE, DELETE ON referrals_harm FROM nrm_app;

-- How often, of the organisation acted for: numbers only, for who may not read what happened.
CREATE FUNCTION nrm_harm_counted(asked bigint)
RETURNS TABLE (incidents bigint, while_waiting bigint, undecided bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('nrm.migrating', 'on', true);  -- of the owner's policies, until the end
    RETURN QUERY
        SELECT count(*),
            count(*) FILTER (WHERE r.submitted_at IS NULL
                OR h.happened_on <= (r.submitted_at AT TIME ZONE 'Europe/London')::date),
            count(*) FILTER (WHERE h.decision = '')
        FROM referrals_harm h JOIN referrals_referral r ON r.id = h.referral_id
        WHERE r.holder_id = nrm_organisation() AND (asked IS NULL OR r.id = asked)
            AND NOT EXISTS (SELECT FROM referrals_harm l
                            WHERE l.incident = h.incident AND l.number > h.number);
    PERFORM set_config('nrm.migrating', '', true);
END $$;
