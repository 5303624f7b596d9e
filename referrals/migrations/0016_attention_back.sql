REVOKE SELECT (due_at, effective_on) ON referrals_thresholddraft FROM nrm_sweep;
REVOKE USAGE ON SEQUENCE referrals_outboxmessage_id_seq FROM nrm_register;
REVOKE INSERT ON referrals_outboxmessage FROM nrm_register;
DROP POLICY register_announces ON referrals_outboxmessage;
ALTER POLICY with_its_referral ON referrals_outboxmessage
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
ALTER POLICY approved_or_oversight ON referrals_thresholddraft
    USING (state = 'approved' OR nrm_oversees());
DROP VIEW referrals_delay;
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
GRANT SELECT ON referrals_delay TO nrm_sweep;
ALTER POLICY with_its_referral ON referrals_takenup
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND nrm_entry_of(started_by_id, referral_id));
DROP FUNCTION nrm_plan_of;
