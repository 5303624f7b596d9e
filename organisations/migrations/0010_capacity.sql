-- How much room an organisation has is for everybody to read. Only who manages it says so: neither
-- its caseworkers, nor another organisation, nor whoever keeps the register.
ALTER TABLE organisations_capacity ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE FUNCTION nrm_manages(organisation bigint) RETURNS boolean LANGUAGE sql STABLE
    RETURN organisation = nrm_organisation() AND EXISTS (
        SELECT FROM organisations_membership m
        WHERE m.organisation_id = organisation AND m.user_id = nrm_user() AND m.ended_at IS NULL
            AND m.role IN ('manager', 'safeguarding_lead'));
CREATE POLICY everyone_reads ON organisations_capacity FOR SELECT USING (true);
CREATE POLICY manager_begins ON organisations_capacity FOR INSERT TO nrm_app
    WITH CHECK (nrm_manages(organisation_id));
CREATE POLICY manager_says ON organisations_capacity FOR UPDATE TO nrm_app
    USING (nrm_manages(organisation_id)) WITH CHECK (nrm_manages(organisation_id));
CREATE POLICY migrations ON organisations_capacity TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- What it said before is its own. The trigger appends it in the writer's own role.
ALTER TABLE organisations_capacityhistory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_reads ON organisations_capacityhistory FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation());
CREATE POLICY manager_appends ON organisations_capacityhistory FOR INSERT TO nrm_app
    WITH CHECK (nrm_manages(organisation_id) AND EXISTS (
        SELECT FROM organisations_capacity c
        WHERE c.id = pgh_obj_id AND c.organisation_id = nrm_organisation()));
CREATE POLICY audit_reads ON organisations_capacityhistory FOR SELECT TO nrm_audit USING (true);
CREATE POLICY migrations ON organisations_capacityhistory TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE UPDATE, DELETE ON organisations_capacity, organisations_capacityhistory FROM nrm_app;
GRANT UPDATE (state, since, until, cause, words, weekly, next_free_on, said_at, version)
    ON organisations_capacity TO nrm_app;
GRANT SELECT ON organisations_capacity TO nrm_register;
GRANT SELECT ON organisations_capacityhistory TO nrm_audit;
