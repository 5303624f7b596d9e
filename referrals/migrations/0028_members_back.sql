DROP FUNCTION nrm_pass_on_restricted;
DROP POLICY of_who_is_invited ON referrals_email;
ALTER POLICY with_its_referral ON referrals_outboxmessage
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND draft_id IS NULL
        AND (hand_over_id IS NULL OR EXISTS (
            SELECT FROM referrals_handover h
            WHERE h.id = hand_over_id AND h.referral_id = referrals_outboxmessage.referral_id)));
