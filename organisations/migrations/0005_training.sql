-- Trainings are seen with the membership, are written as nrm_register, and stay as they are.
ALTER TABLE organisations_training ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY with_the_member ON organisations_training FOR SELECT TO nrm_app
    USING (EXISTS (SELECT FROM organisations_membership m WHERE m.id = membership_id));
CREATE POLICY register_reads ON organisations_training FOR SELECT TO nrm_register USING (true);
CREATE POLICY register_appends ON organisations_training FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY migrations ON organisations_training TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE INSERT, UPDATE, DELETE ON organisations_training FROM nrm_app;
GRANT SELECT, INSERT ON organisations_training TO nrm_register;
GRANT USAGE ON SEQUENCE organisations_training_id_seq TO nrm_register;
