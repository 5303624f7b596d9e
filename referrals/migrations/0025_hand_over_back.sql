DROP FUNCTION nrm_accept_hand_over, nrm_decline_hand_over, nrm_show_interest, nrm_organisations_here;
DROP FUNCTION nrm_hand_over_to_answer;
DROP POLICY own_share ON referrals_custody;
