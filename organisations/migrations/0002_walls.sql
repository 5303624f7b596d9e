-- The second wall: row-level security under every row that belongs to somebody.
-- Policies read two transaction-local settings; after COMMIT a setting is '' and not NULL.
CREATE FUNCTION nrm_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('nrm.user', true), '')::bigint;
CREATE FUNCTION nrm_organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('nrm.organisation', true), '')::bigint;
CREATE FUNCTION nrm_migrating() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('nrm.migrating', true) IS NOT DISTINCT FROM 'on';

-- The register is public to read, and written only as nrm_register.
ALTER TABLE organisations_organisation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_organisation FOR SELECT USING (true);
CREATE POLICY register_writes ON organisations_organisation TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_organisation TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_designation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_designation FOR SELECT USING (true);
CREATE POLICY register_writes ON organisations_designation TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_designation TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_application ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY named_or_own ON organisations_application FOR SELECT TO nrm_app
    USING (may_be_named OR organisation_id = nrm_organisation());
CREATE POLICY register ON organisations_application TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_application TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- One sees one's own memberships, and one's colleagues'. Nobody writes them as nrm_app.
ALTER TABLE organisations_membership ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_and_colleagues ON organisations_membership FOR SELECT TO nrm_app
    USING (user_id = nrm_user() OR organisation_id = nrm_organisation());
CREATE POLICY sweep_tells ON organisations_membership FOR SELECT TO nrm_sweep USING (true);
CREATE POLICY register ON organisations_membership TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_membership TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_reassessment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY register_owes ON organisations_reassessment TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY sweep_pays ON organisations_reassessment TO nrm_sweep USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_reassessment TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- Anybody's record may raise a question about the register; only the register reads them.
ALTER TABLE organisations_registerquestion ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY anybody_asks ON organisations_registerquestion FOR INSERT TO nrm_app
    WITH CHECK (nrm_organisation() IS NOT NULL);
CREATE POLICY register ON organisations_registerquestion TO nrm_register USING (true) WITH CHECK (true);
CREATE POLICY migrations ON organisations_registerquestion TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- History is written by triggers in the writer's own role, and read for the audit.
ALTER TABLE organisations_organisationhistory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY register_appends ON organisations_organisationhistory FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY everyone_reads ON organisations_organisationhistory FOR SELECT USING (true);
CREATE POLICY migrations ON organisations_organisationhistory TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
ALTER TABLE organisations_designationhistory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY register_appends ON organisations_designationhistory FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY everyone_reads ON organisations_designationhistory FOR SELECT USING (true);
CREATE POLICY migrations ON organisations_designationhistory TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
ALTER TABLE organisations_membershiphistory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY register_appends ON organisations_membershiphistory FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY audit_reads ON organisations_membershiphistory FOR SELECT TO nrm_audit USING (true);
CREATE POLICY migrations ON organisations_membershiphistory TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- What each login and purpose may do. The default privileges gave nrm_app everything on each
-- new table; here it loses what it must not have.
REVOKE INSERT, UPDATE, DELETE ON organisations_organisation, organisations_designation,
    organisations_application, organisations_membership, organisations_reassessment,
    organisations_organisationhistory, organisations_designationhistory, organisations_membershiphistory
    FROM nrm_app;
REVOKE SELECT, UPDATE, DELETE ON organisations_registerquestion FROM nrm_app;
REVOKE SELECT ON organisations_membershiphistory FROM nrm_app;

GRANT SELECT, INSERT, UPDATE ON organisations_organisation, organisations_designation,
    organisations_application, organisations_membership, organisations_reassessment,
    organisations_registerquestion TO nrm_register;
GRANT INSERT ON organisations_organisationhistory, organisations_designationhistory,
    organisations_membershiphistory TO nrm_register;
GRANT SELECT (id, name, email, is_active) ON accounts_user TO nrm_register;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO nrm_register;

GRANT SELECT (id, slug, duty_to_notify) ON organisations_organisation TO nrm_sweep;
GRANT SELECT ON organisations_designation TO nrm_sweep;
GRANT SELECT (id, user_id, organisation_id, role, ended_at) ON organisations_membership TO nrm_sweep;
GRANT SELECT ON organisations_reassessment TO nrm_sweep;
GRANT UPDATE (cursor, finished_at) ON organisations_reassessment TO nrm_sweep;

GRANT SELECT ON organisations_organisation, organisations_designation TO nrm_figures;
GRANT SELECT ON organisations_organisationhistory, organisations_designationhistory,
    organisations_membershiphistory TO nrm_audit;
