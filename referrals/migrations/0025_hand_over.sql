-- A hand-over is there for who asked and for who is asked. Who is asked sees this row and nothing of
-- the referral; what it may come to know is put into the row by the functions below, and taken out
-- again by them.
ALTER TABLE referrals_handover ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY asked_or_asking ON referrals_handover FOR SELECT TO nrm_app
    USING (receiver_id = nrm_organisation()
        OR (sender_id = nrm_organisation()
            AND (nrm_sees_referral(referral_id) OR NOT nrm_is_restricted_here(referral_id))));
CREATE POLICY holder_asks ON referrals_handover FOR INSERT TO nrm_app
    WITH CHECK (sender_id = nrm_organisation() AND sent_by_id IS NOT DISTINCT FROM nrm_user()
        AND coalesce(state, 'sent') = 'sent'
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND nrm_entry_of(consent_id, referral_id));
-- The holder takes back what nobody answered, and keeps the row up to date; no more.
CREATE POLICY holder_takes_back ON referrals_handover FOR UPDATE TO nrm_app
    USING (sender_id = nrm_organisation() AND state IN ('sent', 'interested')
        AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id))
    WITH CHECK (sender_id = nrm_organisation() AND state IN ('sent', 'interested', 'withdrawn', 'lapsed'));
CREATE POLICY migrations ON referrals_handover TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE UPDATE, DELETE ON referrals_handover FROM nrm_app;
GRANT UPDATE (state, reason, language, at_risk, ended_at, ended_by_id) ON referrals_handover TO nrm_app;

-- Each organisation goes on knowing its own share of a wait: ids and instants, no more.
CREATE POLICY own_share ON referrals_custody FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation() AND until IS NOT NULL
        AND NOT nrm_is_restricted_here(referral_id));

-- Who could answer at all: organisations with somebody who uses the product.
CREATE FUNCTION nrm_organisations_here() RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('nrm.migrating', 'on', true);  -- of the owner's policies, until the end
    RETURN QUERY SELECT DISTINCT m.organisation_id FROM organisations_membership m
        WHERE m.ended_at IS NULL AND m.role IN ('caseworker', 'manager', 'safeguarding_lead');
    PERFORM set_config('nrm.migrating', '', true);
END $$;

-- The row of a hand-over addressed to the organisation acted for, where it may still be answered,
-- locked after its referral, as whoever records something locks them. Called by the three below,
-- which switch the owner's policies on.
CREATE FUNCTION nrm_hand_over_to_answer(asked uuid, instant timestamptz) RETURNS referrals_handover
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    found referrals_handover;
BEGIN
    PERFORM FROM referrals_referral r JOIN referrals_handover h ON h.referral_id = r.id
        WHERE h.id = asked AND h.receiver_id = nrm_organisation() FOR UPDATE OF r;
    SELECT h.* INTO found FROM referrals_handover h
        JOIN referrals_referral r ON r.id = h.referral_id
        JOIN organisations_membership m
            ON m.organisation_id = h.receiver_id AND m.user_id = nrm_user() AND m.ended_at IS NULL
        WHERE h.id = asked AND h.receiver_id = nrm_organisation()
            AND h.state IN ('sent', 'interested') AND h.sent_at <= instant
            AND r.holder_id = h.sender_id AND r.closed_at IS NULL
            AND instant > (SELECT max(c.since) FROM referrals_custody c WHERE c.referral_id = r.id)
            AND NOT EXISTS (
                SELECT FROM referrals_waitevent no, referrals_waitevent yes
                WHERE yes.id = h.consent_id AND no.referral_id = r.id
                    AND no.happened_at >= yes.happened_at
                    AND (no.code = 'sharing_refused_for' OR no.consent_type = 'sharing'
                        AND no.code IN ('consent_refused', 'consent_withdrawn'))
                    AND NOT EXISTS (SELECT FROM referrals_waitevent s WHERE s.supersedes_id = no.id))
        FOR UPDATE OF h;
    RETURN found;
END $$;
REVOKE EXECUTE ON FUNCTION nrm_hand_over_to_answer FROM PUBLIC;

-- From now on the row says the language, if anybody recorded one. False: it is too late.
CREATE FUNCTION nrm_show_interest(asked uuid, instant timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    h referrals_handover;
BEGIN
    PERFORM set_config('nrm.migrating', 'on', true);
    h := nrm_hand_over_to_answer(asked, instant);
    UPDATE referrals_handover SET state = 'interested', interest_at = instant, interest_by_id = nrm_user(),
        language = coalesce((SELECT c.interpreter FROM referrals_safecontact c
                             WHERE c.referral_id = h.referral_id ORDER BY c.version DESC LIMIT 1), '')
        WHERE id = h.id AND state = 'sent';
    PERFORM set_config('nrm.migrating', '', true);
    RETURN h.id IS NOT NULL;
END $$;

-- The answer stands on the timeline of who asked, and nothing stays with who was. The id of the
-- referral, to be assessed anew; NULL: it is too late.
CREATE FUNCTION nrm_decline_hand_over(asked uuid, because text, instant timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    h referrals_handover;
    next_version integer;
BEGIN
    IF because NOT IN ('capacity', 'scope', 'language', 'other') THEN
        RAISE EXCEPTION 'no reason to decline: %', because;
    END IF;
    PERFORM set_config('nrm.migrating', 'on', true);
    h := nrm_hand_over_to_answer(asked, instant);
    IF h.id IS NOT NULL THEN
        UPDATE referrals_referral SET version = version + 1 WHERE id = h.referral_id
            RETURNING version INTO next_version;
        INSERT INTO referrals_waitevent (referral_id, code, happened_at, precision, recorded_at,
                recorded_by_id, organisation_id, consent_type, given, outcome, risk, detail,
                correction_reason, version)
            VALUES (h.referral_id, CASE because WHEN 'capacity' THEN 'fro_declined_capacity'
                WHEN 'scope' THEN 'fro_declined_scope' ELSE 'fro_declined_other' END, instant, 'exact', instant,
                h.sender_id, h.receiver_id, '', '', '', '', '', '', next_version);
        UPDATE referrals_handover SET state = 'declined', reason = because, language = '',
            ended_at = instant, ended_by_id = nrm_user() WHERE id = h.id;
    END IF;
    PERFORM set_config('nrm.migrating', '', true);
    RETURN h.referral_id;
END $$;

-- The referral goes to the organisation acted for, because it was asked and accepts: the one way in
-- which a holder changes. What belongs to the organisation that had it ends; what belongs to the
-- person goes along. The id of the referral; NULL: it is too late.
CREATE FUNCTION nrm_accept_hand_over(asked uuid, instant timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    h referrals_handover;
    was referrals_referral;
    from_whom text;
BEGIN
    PERFORM set_config('nrm.migrating', 'on', true);
    h := nrm_hand_over_to_answer(asked, instant);
    IF h.id IS NULL THEN
        PERFORM set_config('nrm.migrating', '', true);
        RETURN NULL;
    END IF;
    SELECT * INTO was FROM referrals_referral WHERE id = h.referral_id;
    SELECT name INTO from_whom FROM organisations_organisation WHERE id = h.sender_id;

    UPDATE referrals_custody SET until = instant WHERE referral_id = was.id AND until IS NULL;
    INSERT INTO referrals_custody (referral_id, organisation_id, since) VALUES (was.id, h.receiver_id, instant);
    UPDATE referrals_referral SET holder_id = h.receiver_id, assigned_to_id = nrm_user(),
        is_new_to_caseworker = false, own_reference = '', lawful_basis = '', special_condition = '',
        follows_id = NULL, version = version + 1 WHERE id = was.id;
    INSERT INTO referrals_waitevent (referral_id, code, happened_at, precision, recorded_at,
            recorded_by_id, by_id, organisation_id, consent_type, given, outcome, risk, detail,
            correction_reason, version)
        VALUES (was.id, 'fro_accepted', instant, 'exact', instant, h.receiver_id, nrm_user(), h.receiver_id,
                '', '', '', '', '', '', was.version + 1),
            (was.id, 'handed_over', instant, 'exact', instant, h.receiver_id, nrm_user(), h.receiver_id,
                '', '', '', '', CASE WHEN was.own_reference = '' THEN ''
                    ELSE 'Their reference at ' || from_whom || ': ' || was.own_reference END,
                '', was.version + 1);

    UPDATE referrals_handover SET state = 'accepted', reference = was.reference, ended_at = instant,
        ended_by_id = nrm_user() WHERE id = h.id;
    UPDATE referrals_handover SET state = 'withdrawn', reason = 'elsewhere', language = '',
        ended_at = instant WHERE referral_id = was.id AND state IN ('sent', 'interested');
    UPDATE referrals_task SET ended_at = instant, given_up = true
        WHERE referral_id = was.id AND organisation_id = h.sender_id AND ended_at IS NULL;
    -- A plan is of who made it: each delay that was taken up is to be looked at today.
    INSERT INTO referrals_takenup (referral_id, rule, started_by_id, severity, reason, action,
            review_on, by_id, at, version)
        SELECT DISTINCT ON (t.rule, t.started_by_id) t.referral_id, t.rule, t.started_by_id,
            t.severity, t.reason, 'Handed over by ' || from_whom || ': say what is being done now.',
            (instant AT TIME ZONE 'Europe/London')::date, nrm_user(), instant, was.version + 1
        FROM referrals_takenup t
        JOIN referrals_delayflag f ON f.referral_id = t.referral_id AND f.rule = t.rule
            AND f.started_by_id = t.started_by_id AND f.ended_at IS NULL AND f.retracted_at IS NULL
        WHERE t.referral_id = was.id
        ORDER BY t.rule, t.started_by_id, t.id DESC;
    UPDATE referrals_delayflag SET escalates_at = instant WHERE referral_id = was.id
        AND ended_at IS NULL AND retracted_at IS NULL AND told IN ('at_once', 'today');
    DELETE FROM referrals_namemark WHERE referral_id = was.id;  -- by the sender's key; made anew

    IF was.restricted THEN  -- here for who accepted; there it goes on hiding what stays
        UPDATE referrals_restriction SET passed_on_at = instant
            WHERE referral_id = was.id AND organisation_id = h.sender_id AND lifted_at IS NULL;
        UPDATE referrals_restriction SET lifted_at = instant, lifted_by_id = nrm_user()
            WHERE referral_id = was.id AND organisation_id = h.receiver_id AND lifted_at IS NULL;
        UPDATE referrals_namedstaff SET ended_at = instant, ended_by_id = nrm_user()
            WHERE referral_id = was.id AND ended_at IS NULL;
        INSERT INTO referrals_restriction (referral_id, reference, organisation_id, why, since, by_id)
            VALUES (was.id, was.reference, h.receiver_id, 'other', instant, nrm_user());
        INSERT INTO referrals_namedstaff (referral_id, organisation_id, user_id, since, by_id, reason)
            VALUES (was.id, h.receiver_id, nrm_user(), instant, nrm_user(), '');
    END IF;
    PERFORM set_config('nrm.migrating', '', true);
    RETURN was.id;
END $$;

REVOKE EXECUTE ON FUNCTION nrm_organisations_here, nrm_show_interest, nrm_decline_hand_over,
    nrm_accept_hand_over FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nrm_organisations_here, nrm_show_interest, nrm_decline_hand_over,
    nrm_accept_hand_over TO nrm_app;
