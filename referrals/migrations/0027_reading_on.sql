-- The sweep finds out which hand-overs have no answer in time, and says so once.
CREATE POLICY sweep ON referrals_handover FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY sweep_tells ON referrals_handover FOR UPDATE TO nrm_sweep
    USING (state IN ('sent', 'interested')) WITH CHECK (state IN ('sent', 'interested'));
GRANT SELECT (id, referral_id, sender_id, receiver_id, age_group, nation, at_risk, restricted, state,
    reason, sent_at, ended_at, told_late_at) ON referrals_handover TO nrm_sweep;
GRANT UPDATE (told_late_at) ON referrals_handover TO nrm_sweep;
ALTER POLICY with_its_referral ON referrals_outboxmessage
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND draft_id IS NULL
        AND (hand_over_id IS NULL OR EXISTS (
            SELECT FROM referrals_handover h
            WHERE h.id = hand_over_id AND h.referral_id = referrals_outboxmessage.referral_id)));

-- What goes into the chain of another organisation: ids, and nobody's name. Who writes to two chains
-- takes turns, before either is locked: two that answer each other would else wait for ever.
CREATE POLICY elsewhere ON audit_auditentry FOR INSERT TO nrm_owner
    WITH CHECK (nrm_migrating() AND "user" IS NULL AND organisation <> 0);
CREATE FUNCTION nrm_note_elsewhere(
    whose bigint, instant timestamptz, did text, hand_over referrals_handover
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(6776020);
    INSERT INTO audit_auditentry (id, organisation, number, at, "user", action, refused, referral,
            subject, fields, reason, previous, hash)
        VALUES (gen_random_uuid(), whose, 0, instant, NULL, did, false, hand_over.referral_id,
            'hand-over ' || hand_over.id, '{}', '', '', '');
END $$;
REVOKE EXECUTE ON FUNCTION nrm_note_elsewhere FROM PUBLIC;

-- Whoever asked has in its trail what was disclosed of its referral, and when.
CREATE FUNCTION nrm_note_answer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM nrm_note_elsewhere(NEW.sender_id, coalesce(NEW.ended_at, NEW.interest_at),
        CASE NEW.state WHEN 'interested' THEN 'hand_over_looked_at' WHEN 'accepted' THEN 'hand_over_accepted'
            ELSE 'hand_over_declined' END, NEW);
    RETURN NULL;
END $$;
CREATE TRIGGER note_answer AFTER UPDATE OF state ON referrals_handover FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('interested', 'accepted', 'declined'))
    EXECUTE FUNCTION nrm_note_answer();

-- The hand-over by which the organisation acted for may read on at an instant: who took the referral
-- holds it since, sharing is still agreed to, nobody ended it, its days are not over. Called by
-- nrm_read_on, which switches the owner's policies on.
CREATE FUNCTION nrm_hand_over_to_read_on(asked uuid, instant timestamptz) RETURNS referrals_handover
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    found referrals_handover;
BEGIN
    SELECT h.* INTO found FROM referrals_handover h
        JOIN referrals_referral r ON r.id = h.referral_id AND r.holder_id = h.receiver_id
        JOIN referrals_custody c ON c.referral_id = r.id AND c.until IS NULL AND c.since = h.ended_at
        JOIN organisations_membership m
            ON m.organisation_id = h.sender_id AND m.user_id = nrm_user() AND m.ended_at IS NULL
                AND m.role IN ('caseworker', 'manager', 'safeguarding_lead')
        JOIN referrals_waitevent said ON said.id = h.consent_id
        JOIN referrals_waitevent yes ON yes.referral_id = r.id
            AND coalesce(yes.root_id, yes.id) = coalesce(said.root_id, said.id)
        WHERE h.id = asked AND h.sender_id = nrm_organisation() AND h.state = 'accepted'
            AND h.reading_ended_at IS NULL AND NOT r.restricted
            AND instant >= h.ended_at AND instant < h.ended_at + make_interval(days => h.read_on_days)
            AND NOT EXISTS (SELECT FROM referrals_waitevent s WHERE s.supersedes_id = yes.id)
            AND (yes.code = 'consent_recorded' AND yes.consent_type = 'sharing'
                OR yes.code = 'sharing_agreed_for' AND coalesce(
                    r.turns_18_on > (instant AT TIME ZONE 'Europe/London')::date, r.age_group <> 'adult'))
            AND NOT EXISTS (
                SELECT FROM referrals_waitevent no
                WHERE no.referral_id = r.id AND no.happened_at >= yes.happened_at
                    AND (no.code = 'sharing_refused_for' OR no.consent_type = 'sharing'
                        AND no.code IN ('consent_refused', 'consent_withdrawn', 'consent_undecided'))
                    AND NOT EXISTS (SELECT FROM referrals_waitevent s WHERE s.supersedes_id = no.id));
    RETURN found;
END $$;
REVOKE EXECUTE ON FUNCTION nrm_hand_over_to_read_on FROM PUBLIC;

-- What whoever handed a referral over may read on: what happened and what is late, in codes; no word
-- that anybody wrote, no risk, nothing of who the person is. Whoever holds it has each reading in
-- its trail. NULL: it may not.
CREATE FUNCTION nrm_read_on(asked uuid, instant timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    h referrals_handover;
    said jsonb;
BEGIN
    PERFORM set_config('nrm.migrating', 'on', true);
    h := nrm_hand_over_to_read_on(asked, instant);
    IF h.id IS NOT NULL THEN
        PERFORM nrm_note_elsewhere(h.receiver_id, instant, 'read_on', h);
        SELECT jsonb_build_object(
            'first_contact_at', r.first_contact_at, 'submitted_at', r.submitted_at, 'closed_at', r.closed_at,
            'events', (
                SELECT coalesce(jsonb_agg(jsonb_build_object('code', e.code, 'happened_at', e.happened_at,
                        'precision', e.precision, 'consent_type', e.consent_type, 'outcome', e.outcome,
                        'organisation', o.name) ORDER BY e.happened_at DESC, e.id DESC), '[]')
                FROM referrals_waitevent e LEFT JOIN organisations_organisation o ON o.id = e.organisation_id
                WHERE e.referral_id = r.id AND e.code <> 'recorded_in_error'
                    AND NOT EXISTS (SELECT FROM referrals_waitevent s WHERE s.supersedes_id = e.id)),
            'delays', (
                SELECT coalesce(jsonb_agg(d ORDER BY d.breached_at), '[]')
                FROM (SELECT DISTINCT ON (f.rule, f.started_by_id) f.rule, f.severity, f.breached_at
                    FROM referrals_delayflag f
                    WHERE f.referral_id = r.id AND f.ended_at IS NULL AND f.retracted_at IS NULL
                    ORDER BY f.rule, f.started_by_id,
                        array_position(ARRAY['info', 'amber', 'red', 'critical'], f.severity::text) DESC) d))
            INTO said FROM referrals_referral r WHERE r.id = h.referral_id;
    END IF;
    PERFORM set_config('nrm.migrating', '', true);
    RETURN said;
END $$;

-- Whoever holds the referral ends it. False: there was nothing to end.
CREATE FUNCTION nrm_end_reading_on(asked uuid, because text, instant timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was_ended boolean;
BEGIN
    IF because NOT IN ('person', 'not_needed', 'consent', 'restricted') THEN
        RAISE EXCEPTION 'no reason to end reading on: %', because;
    END IF;
    PERFORM set_config('nrm.migrating', 'on', true);
    UPDATE referrals_handover h SET reading_ended_at = instant, reading_ended_why = because,
            reading_ended_by_id = CASE WHEN because IN ('person', 'not_needed') THEN nrm_user() END
        FROM referrals_referral r
        WHERE h.id = asked AND r.id = h.referral_id AND r.holder_id = h.receiver_id
            AND h.receiver_id = nrm_organisation()
            AND h.state = 'accepted' AND h.read_on_days IS NOT NULL AND h.reading_ended_at IS NULL;
    was_ended := FOUND;
    PERFORM set_config('nrm.migrating', '', true);
    RETURN was_ended;
END $$;

-- Of these own references, those by which the organisation acted for called what it handed over and
-- does not hold now, and when that was: its list, whoever brings it, opens none of them again. It is
-- the same of what was restricted, and does not say of which.
CREATE FUNCTION nrm_handed_over(own_references text[])
RETURNS TABLE (own_reference text, handed_over_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('nrm.migrating', 'on', true);
    RETURN QUERY SELECT h.own_reference::text, max(h.ended_at)
        FROM referrals_handover h JOIN referrals_referral r ON r.id = h.referral_id
        WHERE h.sender_id = nrm_organisation() AND h.state = 'accepted' AND h.own_reference <> ''
            AND h.own_reference = ANY (own_references) AND r.holder_id <> h.sender_id
        GROUP BY h.own_reference;
    PERFORM set_config('nrm.migrating', '', true);
END $$;

REVOKE EXECUTE ON FUNCTION nrm_note_answer, nrm_read_on, nrm_end_reading_on, nrm_handed_over FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nrm_read_on, nrm_end_reading_on, nrm_handed_over TO nrm_app;
