-- What is said of a plan is said of one for the same referral.
CREATE FUNCTION nrm_plan_of(plan bigint, referral bigint) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM referrals_takenup t
                   WHERE t.id = plan AND t.referral_id = referral AND t.plan_id IS NULL);
ALTER POLICY with_its_referral ON referrals_takenup
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND nrm_entry_of(started_by_id, referral_id)
        AND (plan_id IS NULL OR nrm_plan_of(plan_id, referral_id)));

CREATE OR REPLACE VIEW referrals_delay WITH (security_invoker = true) AS
SELECT DISTINCT ON (f.referral_id, f.rule, f.started_by_id)
    f.id, f.referral_id, f.rule, f.started_by_id, f.severity,
    array_position(ARRAY['info', 'amber', 'red', 'critical'], f.severity::text) AS rank,
    f.told, f.waits_on, f.started_at, f.breached_at, f.raised_at,
    t.id AS taken_up_id, t.review_on,
    array_position(ARRAY['info', 'amber', 'red', 'critical'], t.severity::text) AS taken_up_rank,
    t.at AS taken_up_at
FROM referrals_delayflag f
LEFT JOIN LATERAL (
    SELECT id, review_on, severity, at FROM referrals_takenup
    WHERE referral_id = f.referral_id AND rule = f.rule AND started_by_id = f.started_by_id
    ORDER BY id DESC LIMIT 1
) t ON true
WHERE f.ended_at IS NULL AND f.retracted_at IS NULL
ORDER BY f.referral_id, f.rule, f.started_by_id, rank DESC;

-- A change that takes effect without a second person is seen by everybody from its announcement on.
-- nrm_register announces it, and still reads nothing of referrals.
ALTER POLICY approved_or_oversight ON referrals_thresholddraft
    USING (state IN ('approved', 'announced') OR nrm_oversees());
ALTER POLICY with_its_referral ON referrals_outboxmessage
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND draft_id IS NULL);
CREATE POLICY register_announces ON referrals_outboxmessage FOR INSERT TO nrm_register
    WITH CHECK (draft_id IS NOT NULL AND referral_id IS NULL);
GRANT INSERT ON referrals_outboxmessage TO nrm_register;
GRANT USAGE ON SEQUENCE referrals_outboxmessage_id_seq TO nrm_register;
GRANT SELECT (due_at, effective_on) ON referrals_thresholddraft TO nrm_sweep;
