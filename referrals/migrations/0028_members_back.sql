DROP FUNCTION nrm_pass_on_restricted;
DROP POLICY of_who_is_invited ON referrals_email;
ALTER POLICY with_its_referral ON referrals_outboxmessage
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND draft_id IS NULL AND hand_over_id IS NULL);
