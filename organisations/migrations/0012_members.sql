-- An invitation is its organisation's to see, but for the hash of its link, and is written as
-- nrm_register, as memberships are. Who follows the link is nobody yet: it is found by that hash.
ALTER TABLE organisations_invitation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON organisations_invitation FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation());
CREATE POLICY register ON organisations_invitation TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY sweep_sends ON organisations_invitation FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY migrations ON organisations_invitation TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- What changed of members is appended, told once, and stays.
ALTER TABLE organisations_memberchange ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON organisations_memberchange FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation());
CREATE POLICY register_appends ON organisations_memberchange FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY register_reads ON organisations_memberchange FOR SELECT TO nrm_register USING (true);
CREATE POLICY sweep_reads ON organisations_memberchange FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY sweep_tells ON organisations_memberchange FOR UPDATE TO nrm_sweep
    USING (told_at IS NULL) WITH CHECK (told_at IS NOT NULL);
CREATE POLICY migrations ON organisations_memberchange TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE SELECT, INSERT, UPDATE, DELETE ON organisations_invitation FROM nrm_app;
REVOKE INSERT, UPDATE, DELETE ON organisations_memberchange FROM nrm_app;
GRANT SELECT (id, organisation_id, email, name, role, links, invited_by_id, invited_at, expires_at,
    accepted_at, accepted_by_id, revoked_at, revoked_by_id) ON organisations_invitation TO nrm_app;
GRANT SELECT, INSERT ON organisations_invitation TO nrm_register;
GRANT UPDATE (token_hash, links, expires_at, accepted_at, accepted_by_id, revoked_at, revoked_by_id)
    ON organisations_invitation TO nrm_register;
GRANT SELECT, INSERT ON organisations_memberchange TO nrm_register;
GRANT USAGE ON SEQUENCE organisations_memberchange_id_seq TO nrm_register;
GRANT SELECT (id, organisation_id, email, role, token_hash, links, expires_at, accepted_at, revoked_at)
    ON organisations_invitation TO nrm_sweep;
GRANT SELECT ON organisations_memberchange TO nrm_sweep;
GRANT UPDATE (told_at) ON organisations_memberchange TO nrm_sweep;
