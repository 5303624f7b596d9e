-- The second wall around survivors. A child row is visible when its referral is: the policy of
-- the referral applies inside the EXISTS, and WITH CHECK closes the hole that foreign keys leave.

-- Functions, since a policy may not read its own table. They see what their caller sees.
CREATE FUNCTION nrm_sees_referral(referral bigint) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral);
CREATE FUNCTION nrm_entry_of(entry bigint, referral bigint) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM referrals_waitevent e WHERE e.id = entry AND e.referral_id = referral);

ALTER TABLE referrals_referral ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY holder ON referrals_referral TO nrm_app
    USING (holder_id = nrm_organisation())
    WITH CHECK (holder_id = nrm_organisation() AND (follows_id IS NULL OR nrm_sees_referral(follows_id)));
CREATE POLICY sweep ON referrals_referral TO nrm_sweep USING (true) WITH CHECK (true);
CREATE POLICY figures ON referrals_referral FOR SELECT TO nrm_figures USING (true);
CREATE POLICY migrations ON referrals_referral TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- Who recorded an event never changes; the recorder goes on seeing what it recorded.
ALTER TABLE referrals_waitevent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY holder_or_recorder_reads ON referrals_waitevent FOR SELECT TO nrm_app
    USING (recorded_by_id = nrm_organisation()
        OR EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY holder_records ON referrals_waitevent FOR INSERT TO nrm_app
    WITH CHECK (recorded_by_id = nrm_organisation()
        AND EXISTS (SELECT FROM referrals_referral r
                    WHERE r.id = referral_id AND r.holder_id = nrm_organisation())
        AND (supersedes_id IS NULL OR nrm_entry_of(supersedes_id, referral_id))
        AND (root_id IS NULL OR nrm_entry_of(root_id, referral_id)));
CREATE POLICY sweep ON referrals_waitevent FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY figures ON referrals_waitevent FOR SELECT TO nrm_figures USING (true);
CREATE POLICY migrations ON referrals_waitevent TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_custody ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_custody TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id))
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY sweep ON referrals_custody FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY figures ON referrals_custody FOR SELECT TO nrm_figures USING (true);
CREATE POLICY migrations ON referrals_custody TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_submission ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_submission TO nrm_app
    USING (organisation_id = nrm_organisation())
    WITH CHECK (organisation_id = nrm_organisation()
        AND (referral_id IS NULL OR EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)));
CREATE POLICY migrations ON referrals_submission TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_delayflag ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_delayflag TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id))
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY sweep ON referrals_delayflag TO nrm_sweep USING (true) WITH CHECK (true);
CREATE POLICY figures ON referrals_delayflag FOR SELECT TO nrm_figures USING (true);
CREATE POLICY migrations ON referrals_delayflag TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_takenup ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_takenup TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id))
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND nrm_entry_of(started_by_id, referral_id));
CREATE POLICY migrations ON referrals_takenup TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_outboxmessage ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_outboxmessage TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id))
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY sweep ON referrals_outboxmessage TO nrm_sweep USING (true) WITH CHECK (true);
CREATE POLICY migrations ON referrals_outboxmessage TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_notice ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_notice TO nrm_app
    USING (user_id = nrm_user() AND organisation_id = nrm_organisation())
    WITH CHECK (user_id = nrm_user() AND organisation_id = nrm_organisation());
CREATE POLICY sweep ON referrals_notice FOR INSERT TO nrm_sweep WITH CHECK (true);
CREATE POLICY sweep_knows ON referrals_notice FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY migrations ON referrals_notice TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE referrals_referralhistory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY holder_appends ON referrals_referralhistory FOR INSERT TO nrm_app
    WITH CHECK (holder_id = nrm_organisation());
CREATE POLICY audit_reads ON referrals_referralhistory FOR SELECT TO nrm_audit USING (true);
CREATE POLICY migrations ON referrals_referralhistory TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- A delay: the standing flags of one wait, at their worst, with who took it up last.
CREATE VIEW referrals_delay WITH (security_invoker = true) AS
SELECT DISTINCT ON (f.referral_id, f.rule, f.started_by_id)
    f.id, f.referral_id, f.rule, f.started_by_id, f.severity,
    array_position(ARRAY['info', 'amber', 'red', 'critical'], f.severity::text) AS rank,
    f.told, f.waits_on, f.started_at, f.breached_at, f.raised_at,
    t.id AS taken_up_id, t.review_on,
    array_position(ARRAY['info', 'amber', 'red', 'critical'], t.severity::text) AS taken_up_rank
FROM referrals_delayflag f
LEFT JOIN LATERAL (
    SELECT id, review_on, severity FROM referrals_takenup
    WHERE referral_id = f.referral_id AND rule = f.rule AND started_by_id = f.started_by_id
    ORDER BY id DESC LIMIT 1
) t ON true
WHERE f.ended_at IS NULL AND f.retracted_at IS NULL
ORDER BY f.referral_id, f.rule, f.started_by_id, rank DESC;
REVOKE INSERT, UPDATE, DELETE ON referrals_delay FROM nrm_app;

-- Appended and never changed, by anybody.
REVOKE UPDATE, DELETE ON referrals_waitevent, referrals_takenup, referrals_referralhistory FROM nrm_app;
REVOKE SELECT ON referrals_referralhistory FROM nrm_app;
REVOKE DELETE ON referrals_referral, referrals_custody, referrals_submission, referrals_delayflag,
    referrals_outboxmessage, referrals_notice, referrals_sweeprun FROM nrm_app;
REVOKE INSERT, UPDATE ON referrals_sweeprun FROM nrm_app;
REVOKE INSERT, UPDATE, DELETE ON referrals_thresholdversion FROM nrm_app;
REVOKE INSERT ON referrals_notice FROM nrm_app;
REVOKE UPDATE ON referrals_notice FROM nrm_app;
GRANT UPDATE (read_at) ON referrals_notice TO nrm_app;

-- The sweep: timelines and flags of everybody, never a word of anybody's story.
GRANT SELECT (id, reference, own_reference, holder_id, assigned_to_id, age_group_at_opening, nation,
    turns_18_on, opened_at, closed_at, next_deadline_at, assessment_failed_at)
    ON referrals_referral TO nrm_sweep;
GRANT UPDATE (next_deadline_at, assessment_failed_at) ON referrals_referral TO nrm_sweep;
GRANT SELECT (id, referral_id, code, happened_at, recorded_at, organisation_id, consent_type, outcome,
    dated_on, risk, root_id, supersedes_id) ON referrals_waitevent TO nrm_sweep;
GRANT SELECT ON referrals_custody, referrals_thresholdversion TO nrm_sweep;
GRANT SELECT, INSERT, UPDATE ON referrals_delayflag, referrals_outboxmessage, referrals_sweeprun TO nrm_sweep;
GRANT SELECT, INSERT ON referrals_notice TO nrm_sweep;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO nrm_sweep;

-- Figures without faces: no name, no pseudonym, no text.
GRANT SELECT (id, holder_id, age_group, nation, opened_at, first_contact_at, submitted_at, closed_at,
    next_deadline_at) ON referrals_referral TO nrm_figures;
GRANT SELECT (id, referral_id, code, happened_at, recorded_by_id, organisation_id, outcome, dated_on)
    ON referrals_waitevent TO nrm_figures;
GRANT SELECT ON referrals_custody, referrals_delayflag, referrals_thresholdversion TO nrm_figures;

-- nrm_register records thresholds, and reads no table of referrals.
GRANT SELECT, INSERT ON referrals_thresholdversion TO nrm_register;
GRANT SELECT ON referrals_referralhistory TO nrm_audit;
