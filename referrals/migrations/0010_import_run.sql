-- A list is its organisation's. What it says is sealed; the sweep wipes it, and runs what waits.
ALTER TABLE referrals_importrun ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_importrun TO nrm_app
    USING (organisation_id = nrm_organisation())
    WITH CHECK (organisation_id = nrm_organisation());
CREATE POLICY sweep_wipes ON referrals_importrun TO nrm_sweep USING (true) WITH CHECK (true);
CREATE POLICY migrations ON referrals_importrun TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
REVOKE DELETE ON referrals_importrun FROM nrm_app;
GRANT SELECT (id, organisation_id, by_id, state, uploaded_at) ON referrals_importrun TO nrm_sweep;
GRANT UPDATE (state, content, wrapped) ON referrals_importrun TO nrm_sweep;

-- nrm_app deletes no referral. This does, as the owner: those that a list of one's own organisation
-- brought, all of them or none, and only while nobody has recorded anything on them. NULL: there is
-- no such list, or it is too old. Else the references that stand in the way.
CREATE FUNCTION nrm_undo_import(run uuid, not_before timestamptz) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    brought bigint[];
    changed text[];
BEGIN
    PERFORM set_config('nrm.migrating', 'on', true);  -- of the owner's policies, until the end
    PERFORM FROM referrals_importrun
        WHERE id = run AND organisation_id = nrm_organisation() AND state = 'done'
            AND imported_at > not_before
        FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM set_config('nrm.migrating', '', true);
        RETURN NULL;
    END IF;
    PERFORM FROM referrals_referral WHERE imported_by_id = run FOR UPDATE;
    SELECT coalesce(array_agg(id), '{}') INTO brought FROM referrals_referral WHERE imported_by_id = run;
    SELECT coalesce(array_agg(reference::text ORDER BY reference), '{}') INTO changed
        FROM referrals_referral r
        WHERE r.id = ANY (brought) AND (r.version > 1
            OR EXISTS (SELECT FROM referrals_submission s WHERE s.referral_id = r.id)
            OR EXISTS (SELECT FROM referrals_note n WHERE n.referral_id = r.id)
            OR EXISTS (SELECT FROM referrals_task t WHERE t.referral_id = r.id)
            OR EXISTS (SELECT FROM referrals_appointment a WHERE a.referral_id = r.id)
            OR EXISTS (SELECT FROM referrals_referral f WHERE f.follows_id = r.id));
    IF changed <> '{}' THEN
        PERFORM set_config('nrm.migrating', '', true);
        RETURN changed;
    END IF;
    DELETE FROM referrals_notice WHERE referral_id = ANY (brought);
    DELETE FROM referrals_outboxmessage WHERE referral_id = ANY (brought);
    DELETE FROM referrals_delayflag WHERE referral_id = ANY (brought);
    DELETE FROM referrals_custody WHERE referral_id = ANY (brought);
    DELETE FROM referrals_waitevent WHERE referral_id = ANY (brought);
    DELETE FROM referrals_referral WHERE id = ANY (brought);
    UPDATE referrals_importrun SET state = 'undone' WHERE id = run;
    PERFORM set_config('nrm.migrating', '', true);
    RETURN '{}';
END
$$;
REVOKE EXECUTE ON FUNCTION nrm_undo_import FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nrm_undo_import TO nrm_app;
