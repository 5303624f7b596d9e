-- An applicant's people see what is recorded of its application, and what they prepare for it; so
-- does whoever keeps the register (as nrm_register), and no other organisation. Each row names the
-- applicant, so that no policy has to look elsewhere to know whose it is.
ALTER TABLE organisations_stageentry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_reads ON organisations_stageentry FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation());
-- What it did itself, never what the Home Office did; a correction of its own entries alone.
CREATE POLICY own_records ON organisations_stageentry FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND recorded_by_id = nrm_user()
        AND (side = 'applicant') IS NOT FALSE
        AND (stage IN ('interest', 'submitted', 'answered', 'withdrawn', 'not_so')) IS NOT FALSE
        AND EXISTS (SELECT FROM organisations_application a
            WHERE a.id = application_id AND a.organisation_id = nrm_organisation())
        AND (supersedes_id IS NULL OR EXISTS (SELECT FROM organisations_stageentry e
            WHERE e.id = organisations_stageentry.supersedes_id
                AND e.application_id = organisations_stageentry.application_id
                AND e.organisation_id = nrm_organisation() AND e.side = 'applicant')));
CREATE POLICY register_reads ON organisations_stageentry FOR SELECT TO nrm_register USING (true);
CREATE POLICY register_records ON organisations_stageentry FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY migrations ON organisations_stageentry TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_correspondence ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_reads ON organisations_correspondence FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation());
CREATE POLICY own_records ON organisations_correspondence FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND recorded_by_id = nrm_user()
        AND (side = 'applicant') IS NOT FALSE
        AND EXISTS (SELECT FROM organisations_application a
            WHERE a.id = application_id AND a.organisation_id = nrm_organisation()));
CREATE POLICY own_strikes_out ON organisations_correspondence FOR UPDATE TO nrm_app
    USING (organisation_id = nrm_organisation() AND side = 'applicant' AND struck_at IS NULL)
    WITH CHECK (organisation_id = nrm_organisation() AND struck_by_id = nrm_user());
CREATE POLICY register_reads ON organisations_correspondence FOR SELECT TO nrm_register USING (true);
CREATE POLICY register_records ON organisations_correspondence FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY register_strikes_out ON organisations_correspondence FOR UPDATE TO nrm_register
    USING (struck_at IS NULL) WITH CHECK (true);
CREATE POLICY migrations ON organisations_correspondence TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_namingconsent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_reads ON organisations_namingconsent FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation());
CREATE POLICY own_says ON organisations_namingconsent FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND recorded_by_id = nrm_user()
        AND (side = 'applicant') IS NOT FALSE
        AND EXISTS (SELECT FROM organisations_application a
            WHERE a.id = application_id AND a.organisation_id = nrm_organisation()));
CREATE POLICY register_reads ON organisations_namingconsent FOR SELECT TO nrm_register USING (true);
CREATE POLICY register_records ON organisations_namingconsent FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY migrations ON organisations_namingconsent TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

ALTER TABLE organisations_checklistentry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_reads ON organisations_checklistentry FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation());
CREATE POLICY own_writes ON organisations_checklistentry FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND written_by_id = nrm_user());
CREATE POLICY register_reads ON organisations_checklistentry FOR SELECT TO nrm_register USING (true);
CREATE POLICY migrations ON organisations_checklistentry TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- A message stays as it was sent; the other side says that it has read it.
ALTER TABLE organisations_applicationmessage ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_reads ON organisations_applicationmessage FOR SELECT TO nrm_app
    USING (organisation_id = nrm_organisation());
CREATE POLICY own_sends ON organisations_applicationmessage FOR INSERT TO nrm_app
    WITH CHECK (organisation_id = nrm_organisation() AND sent_by_id = nrm_user()
        AND (side = 'applicant') IS NOT FALSE);
CREATE POLICY own_has_read ON organisations_applicationmessage FOR UPDATE TO nrm_app
    USING (organisation_id = nrm_organisation() AND side = 'register' AND read_at IS NULL)
    WITH CHECK (organisation_id = nrm_organisation() AND read_by_id = nrm_user());
CREATE POLICY register_reads ON organisations_applicationmessage FOR SELECT TO nrm_register USING (true);
CREATE POLICY register_sends ON organisations_applicationmessage FOR INSERT TO nrm_register
    WITH CHECK (side = 'register');
CREATE POLICY register_has_read ON organisations_applicationmessage FOR UPDATE TO nrm_register
    USING (side = 'applicant' AND read_at IS NULL) WITH CHECK (true);
CREATE POLICY migrations ON organisations_applicationmessage TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

-- The checklist and the rounds of recruitment are nobody's secret, and the register's to write.
ALTER TABLE organisations_criterion ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_criterion FOR SELECT USING (true);
CREATE POLICY register_adds ON organisations_criterion FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY register_takes_off ON organisations_criterion FOR UPDATE TO nrm_register
    USING (retired_at IS NULL) WITH CHECK (true);
CREATE POLICY migrations ON organisations_criterion TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());
ALTER TABLE organisations_recruitmentround ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone_reads ON organisations_recruitmentround FOR SELECT USING (true);
CREATE POLICY register_adds ON organisations_recruitmentround FOR INSERT TO nrm_register WITH CHECK (true);
CREATE POLICY migrations ON organisations_recruitmentround TO nrm_owner USING (nrm_migrating()) WITH CHECK (nrm_migrating());

REVOKE UPDATE, DELETE ON organisations_stageentry, organisations_correspondence,
    organisations_namingconsent, organisations_checklistentry, organisations_applicationmessage
    FROM nrm_app;
REVOKE INSERT, UPDATE, DELETE ON organisations_criterion, organisations_recruitmentround FROM nrm_app;
GRANT UPDATE (struck_at, struck_by_id) ON organisations_correspondence TO nrm_app, nrm_register;
GRANT UPDATE (read_at, read_by_id) ON organisations_applicationmessage TO nrm_app, nrm_register;
GRANT UPDATE (retired_at, retired_by_id) ON organisations_criterion TO nrm_register;
GRANT SELECT, INSERT ON organisations_stageentry, organisations_correspondence,
    organisations_namingconsent, organisations_applicationmessage, organisations_criterion,
    organisations_recruitmentround TO nrm_register;
GRANT SELECT ON organisations_checklistentry TO nrm_register;
GRANT USAGE ON SEQUENCE organisations_stageentry_id_seq, organisations_correspondence_id_seq,
    organisations_namingconsent_id_seq, organisations_applicationmessage_id_seq,
    organisations_criterion_id_seq, organisations_recruitmentround_id_seq TO nrm_register;

-- The public learns how many applications wait of those that may not be named, never whose.
CREATE POLICY figures_count ON organisations_application FOR SELECT TO nrm_figures USING (true);
GRANT SELECT (id, submitted_on, closed_on, may_be_named, checked_at) ON organisations_application
    TO nrm_figures;

-- What the register had already becomes the beginning of its history.
SELECT set_config('nrm.migrating', 'on', true);
UPDATE organisations_application SET
    stage = CASE WHEN closed_on IS NULL THEN 'submitted' ELSE outcome END,
    checked_at = recorded_at, checked_by_id = recorded_by_id;
INSERT INTO organisations_stageentry (organisation_id, application_id, side, stage, happened_on,
        known_on, words, source, recorded_by_id, recorded_at)
    SELECT organisation_id, id, 'register', 'submitted', submitted_on,
        (recorded_at AT TIME ZONE 'Europe/London')::date, '', source, recorded_by_id, recorded_at
    FROM organisations_application;
INSERT INTO organisations_stageentry (organisation_id, application_id, side, stage, happened_on,
        known_on, words, source, recorded_by_id, recorded_at)
    SELECT organisation_id, id, 'register', outcome, closed_on, closed_on, '', source,
        recorded_by_id, recorded_at
    FROM organisations_application WHERE closed_on IS NOT NULL;
INSERT INTO organisations_namingconsent (organisation_id, application_id, side, given, "on", told,
        recorded_by_id, recorded_at)
    SELECT organisation_id, id, 'register', true, (recorded_at AT TIME ZONE 'Europe/London')::date,
        'Recorded with the application', recorded_by_id, recorded_at
    FROM organisations_application WHERE may_be_named;

-- Our own checklist, after themes that people remember. No criteria were found published.
INSERT INTO organisations_criterion (title, words, position) VALUES
    ('Vetting of staff', 'Whoever would act as a First Responder is vetted: criminal records checks, and national security where it is asked for.', 1),
    ('Safeguarding', 'A policy on safeguarding adults and children, who leads on it, and when it was last reviewed.', 2),
    ('Data protection', 'How records of survivors are kept and shared: lawful basis, impact assessment, retention, who is told of a breach of data.', 3),
    ('Training', 'Who has completed which training for First Responders, and how it is kept up to date.', 4),
    ('Experience with survivors', 'How long the organisation has worked with people who were exploited, and in what way.', 5),
    ('Capacity', 'How many people the organisation could interview in a week, and how the role would be paid for.', 6),
    ('Where it works', 'The nations and places that it covers, and the languages in which it can speak with people.', 7),
    ('No conflict of interest', 'Anything that could set the interest of the organisation against that of a survivor, and what is done about it.', 8);
SELECT set_config('nrm.migrating', '', true);
