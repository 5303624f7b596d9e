-- Append-only, in one chain for each organisation; 0 is the product's own.

CREATE FUNCTION audit_digest(e audit_auditentry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(encode(e.previous, 'hex') || jsonb_build_array(
        e.id, e.organisation, e.number, (extract(epoch FROM e.at) * 1000000)::bigint, e."user",
        e.action, e.refused, e.referral, e.subject, e.fields, e.reason)::text, 'UTF8'))
$$;

-- As the owner: nobody else may touch the heads. The head is locked until the transaction ends.
CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_auditchain VALUES (NEW.organisation, 0, '') ON CONFLICT DO NOTHING;
    SELECT number + 1, hash INTO NEW.number, NEW.previous
        FROM audit_auditchain WHERE organisation = NEW.organisation FOR UPDATE;
    NEW.hash := audit_digest(NEW);
    UPDATE audit_auditchain SET number = NEW.number, hash = NEW.hash
        WHERE organisation = NEW.organisation;
    RETURN NEW;
END $$;
CREATE TRIGGER append BEFORE INSERT ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_append();

CREATE FUNCTION audit_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is appended to, never changed.';
END $$;
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_never_changes();

-- One appends in one's own name, for the organisation acted for, and reads that organisation's.
ALTER TABLE audit_auditentry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_name ON audit_auditentry FOR INSERT TO nrm_app, nrm_register
    WITH CHECK (organisation = nrm_organisation() AND "user" IS NOT DISTINCT FROM nrm_user());
CREATE POLICY the_product ON audit_auditentry FOR INSERT TO nrm_app, nrm_register, nrm_sweep
    WITH CHECK (organisation = 0 AND "user" IS NULL);
CREATE POLICY own_organisation ON audit_auditentry FOR SELECT TO nrm_app
    USING (organisation = nrm_organisation());
CREATE POLICY audit ON audit_auditentry FOR SELECT TO nrm_audit USING (true);

REVOKE UPDATE, DELETE ON audit_auditentry FROM nrm_app;
REVOKE ALL ON audit_auditchain FROM nrm_app;
GRANT INSERT ON audit_auditentry TO nrm_register, nrm_sweep;
GRANT SELECT ON audit_auditentry, audit_auditchain TO nrm_audit;
