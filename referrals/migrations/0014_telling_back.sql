DROP POLICY sweep_knows ON referrals_takenup;
REVOKE SELECT (id, referral_id, rule, started_by_id, severity, review_on, by_id, at)
    ON referrals_takenup FROM nrm_sweep;
REVOKE SELECT ON referrals_delay FROM nrm_sweep;
REVOKE DELETE ON referrals_sweeprun FROM nrm_sweep;
REVOKE SELECT (id, email, is_active) ON accounts_user FROM nrm_sweep;
REVOKE SELECT (name, nations, on_call, always_open, open_days, opens_at, closes_at)
    ON organisations_organisation FROM nrm_sweep;
