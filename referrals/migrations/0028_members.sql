-- Somebody leaves who is named on restricted referrals, which whoever ends the membership mostly may
-- not see. Where others who are named still work here, it stays with them; else it goes to the
-- successor, so that none is left to nobody. Only for a membership that ended at that instant. The
-- referrals, whose they are now, and whether the successor was named.
CREATE FUNCTION nrm_pass_on_restricted(leaver bigint, successor bigint, instant timestamptz)
RETURNS TABLE (referral bigint, caseworker bigint, was_named boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here CONSTANT bigint := nrm_organisation();
    r referrals_referral;
    others bigint[];
BEGIN
    PERFORM set_config('nrm.migrating', 'on', true);  -- of the owner's policies, until the end
    IF leaver = successor
        OR NOT EXISTS (SELECT FROM organisations_membership m WHERE m.organisation_id = here
            AND m.user_id = nrm_user() AND m.ended_at IS NULL AND m.role = 'manager')
        OR NOT EXISTS (SELECT FROM organisations_membership m WHERE m.organisation_id = here
            AND m.user_id = leaver AND m.ended_at = instant)
        OR EXISTS (SELECT FROM organisations_membership m WHERE m.organisation_id = here
            AND m.user_id = leaver AND m.ended_at IS NULL)
        OR NOT EXISTS (SELECT FROM organisations_membership m WHERE m.organisation_id = here
            AND m.user_id = successor AND m.ended_at IS NULL
            AND m.role IN ('caseworker', 'manager', 'safeguarding_lead'))
    THEN
        RAISE EXCEPTION 'restricted referrals are passed on by a manager, of a membership that has ended';
    END IF;
    FOR r IN SELECT x.* FROM referrals_referral x
        WHERE x.holder_id = here AND x.restricted AND (x.assigned_to_id = leaver OR EXISTS (
            SELECT FROM referrals_namedstaff n
            WHERE n.referral_id = x.id AND n.user_id = leaver AND n.ended_at IS NULL))
        ORDER BY x.id FOR UPDATE OF x
    LOOP
        SELECT coalesce(array_agg(n.user_id ORDER BY m.role <> 'safeguarding_lead', n.since, n.id), '{}')
            INTO others
        FROM referrals_namedstaff n JOIN organisations_membership m
            ON m.user_id = n.user_id AND m.organisation_id = here AND m.ended_at IS NULL
        WHERE n.referral_id = r.id AND n.ended_at IS NULL AND n.user_id <> leaver
            AND m.role IN ('caseworker', 'manager', 'safeguarding_lead');
        was_named := others = '{}';
        IF was_named THEN
            INSERT INTO referrals_namedstaff (referral_id, organisation_id, user_id, since, by_id, reason)
                VALUES (r.id, here, successor, instant, nrm_user(), '');
            others := ARRAY[successor];
        END IF;
        referral := r.id;
        caseworker := CASE WHEN r.assigned_to_id <> leaver THEN r.assigned_to_id
            WHEN successor = ANY (others) THEN successor ELSE others[1] END;
        UPDATE referrals_referral SET assigned_to_id = caseworker, version = version + 1,
            is_new_to_caseworker = is_new_to_caseworker OR assigned_to_id = leaver WHERE id = r.id;
        UPDATE referrals_task SET assigned_to_id = coalesce(caseworker, others[1])
            WHERE referral_id = r.id AND organisation_id = here AND assigned_to_id = leaver
                AND ended_at IS NULL;
        INSERT INTO referrals_undertaking (referral_id, rule, started_by_id, due_at, who, person_id,
                by_id, at, version)
            SELECT last.referral_id, last.rule, last.started_by_id, last.due_at, 'on_call', NULL,
                nrm_user(), instant, r.version + 1
            FROM (SELECT DISTINCT ON (u.rule, u.started_by_id) u.* FROM referrals_undertaking u
                  WHERE u.referral_id = r.id ORDER BY u.rule, u.started_by_id, u.id DESC) last
            WHERE last.person_id = leaver AND last.due_at > instant;
        RETURN NEXT;
    END LOOP;
    UPDATE referrals_namedstaff SET ended_at = instant, ended_by_id = nrm_user()
        WHERE organisation_id = here AND user_id = leaver AND ended_at IS NULL;
    PERFORM set_config('nrm.migrating', '', true);
END $$;
-- A change of members is passed on by the sweep. A message about a referral names none (see the
-- constraint of the table), and certainly no other organisation's.
ALTER POLICY with_its_referral ON referrals_outboxmessage
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND draft_id IS NULL
        AND (hand_over_id IS NULL OR EXISTS (
            SELECT FROM referrals_handover h
            WHERE h.id = hand_over_id AND h.referral_id = referrals_outboxmessage.referral_id))
        AND (change_id IS NULL OR EXISTS (SELECT FROM organisations_memberchange c WHERE c.id = change_id)));

-- Whether the mail of an invitation went out is for the organisation that invites. It has no text.
CREATE POLICY of_who_is_invited ON referrals_email FOR SELECT TO nrm_app
    USING (invitation_id IS NOT NULL AND organisation_id = nrm_organisation());

REVOKE EXECUTE ON FUNCTION nrm_pass_on_restricted FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nrm_pass_on_restricted TO nrm_app;
