DROP FUNCTION nrm_handed_over, nrm_end_reading_on, nrm_read_on;
DROP FUNCTION nrm_hand_over_to_read_on;
DROP TRIGGER note_answer ON referrals_handover;
DROP FUNCTION nrm_note_answer;
DROP FUNCTION nrm_note_elsewhere;
DROP POLICY elsewhere ON audit_auditentry;
ALTER POLICY with_its_referral ON referrals_outboxmessage
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND draft_id IS NULL);
DROP POLICY sweep_tells ON referrals_handover;
DROP POLICY sweep ON referrals_handover;
REVOKE SELECT (id, referral_id, sender_id, receiver_id, age_group, nation, at_risk, restricted, state,
    reason, sent_at, ended_at, told_late_at), UPDATE (told_late_at) ON referrals_handover FROM nrm_sweep;
