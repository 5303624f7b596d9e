-- What an escalation did is seen with its referral, and written by the sweep alone. It goes with its
-- flag: a list that is taken back removes flags by a function that knows nothing of this table.
ALTER TABLE referrals_escalation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_escalation FOR SELECT TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id));
CREATE POLICY sweep ON referrals_escalation TO nrm_sweep USING (true) WITH CHECK (true);
CREATE POLICY migrations ON referrals_escalation TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
ALTER TABLE referrals_escalation ADD CONSTRAINT escalation_goes_with_its_flag
    FOREIGN KEY (flag_id) REFERENCES referrals_delayflag ON DELETE CASCADE;

-- Who acts out of hours: appended, and seen by colleagues.
ALTER TABLE referrals_undertaking ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_its_referral ON referrals_undertaking TO nrm_app
    USING (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id))
    WITH CHECK (EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)
        AND nrm_entry_of(started_by_id, referral_id)
        AND (person_id IS NULL OR EXISTS (
            SELECT FROM organisations_membership m
            WHERE m.organisation_id = nrm_organisation() AND m.user_id = person_id)));
CREATE POLICY migrations ON referrals_undertaking TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- A mail is its reader's; the sweep writes it, sends it and throws it away.
ALTER TABLE referrals_email ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_email FOR SELECT TO nrm_app
    USING (user_id = nrm_user() AND organisation_id = nrm_organisation());
CREATE POLICY sweep ON referrals_email TO nrm_sweep USING (true) WITH CHECK (true);
CREATE POLICY migrations ON referrals_email TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
ALTER TABLE referrals_digest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_digest FOR SELECT TO nrm_app USING (organisation_id = nrm_organisation());
CREATE POLICY sweep ON referrals_digest TO nrm_sweep USING (true) WITH CHECK (true);
CREATE POLICY migrations ON referrals_digest TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
ALTER TABLE referrals_noticechoice ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON referrals_noticechoice TO nrm_app
    USING (user_id = nrm_user()) WITH CHECK (user_id = nrm_user());
CREATE POLICY sweep_tells ON referrals_noticechoice FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY migrations ON referrals_noticechoice TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

CREATE POLICY sweep_knows ON referrals_takenup FOR SELECT TO nrm_sweep USING (true);

REVOKE INSERT, UPDATE, DELETE ON referrals_escalation, referrals_email, referrals_digest FROM nrm_app;
REVOKE UPDATE, DELETE ON referrals_undertaking FROM nrm_app;
REVOKE DELETE ON referrals_noticechoice FROM nrm_app;

-- Of who took a delay up and until when, not what they wrote; addresses of members, not names.
GRANT SELECT (id, referral_id, rule, started_by_id, severity, review_on, by_id, at)
    ON referrals_takenup TO nrm_sweep;
GRANT SELECT ON referrals_delay, referrals_noticechoice TO nrm_sweep;
GRANT SELECT, INSERT, UPDATE (told) ON referrals_escalation TO nrm_sweep;
GRANT SELECT, INSERT, DELETE, UPDATE (next_try_at, attempts, trouble, sent_at, given_up_at)
    ON referrals_email TO nrm_sweep;
GRANT SELECT, INSERT, DELETE ON referrals_digest TO nrm_sweep;
GRANT DELETE ON referrals_sweeprun TO nrm_sweep;
GRANT SELECT (id, email, is_active) ON accounts_user TO nrm_sweep;
GRANT SELECT (name, nations, on_call, always_open, open_days, opens_at, closes_at)
    ON organisations_organisation TO nrm_sweep;

-- Delays that stand already: the next sweep looks who answers for each.
SET LOCAL nrm.migrating = on;
UPDATE referrals_delayflag SET escalates_at = raised_at
    WHERE ended_at IS NULL AND retracted_at IS NULL AND told IN ('at_once', 'today');
SET LOCAL nrm.migrating = '';
