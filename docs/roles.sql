-- Roles, rights and the database of NRM Tracker. For psql, as a superuser; may be run again.
--
--   psql -X -v ON_ERROR_STOP=1 -f docs/roles.sql postgres
--
-- Passwords are not set here: see docs/deployment.md.

-- nrm_owner owns the tables and migrates. nrm_app runs web and workers: it is neither owner nor
-- superuser, bypasses no row-level security, and creates nothing.
SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['nrm_owner', 'nrm_app', 'nrm_sweep', 'nrm_figures', 'nrm_register',
                    'nrm_audit']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec
ALTER ROLE nrm_owner LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
ALTER ROLE nrm_app LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;

-- Purposes: each is a list of column grants made by the migrations. nrm_app has none of their
-- rights until it enters one of them for a transaction with SET LOCAL ROLE.
GRANT nrm_sweep, nrm_figures, nrm_register, nrm_audit TO nrm_app;

SELECT 'CREATE DATABASE nrm OWNER nrm_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'nrm')
\gexec

-- What nrm_owner makes, nrm_app may use: in databases that are made later (the tests'), and here.
\c template1
ALTER DEFAULT PRIVILEGES FOR ROLE nrm_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO nrm_app;
ALTER DEFAULT PRIVILEGES FOR ROLE nrm_owner GRANT USAGE ON SEQUENCES TO nrm_app;
\c nrm
ALTER DEFAULT PRIVILEGES FOR ROLE nrm_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO nrm_app;
ALTER DEFAULT PRIVILEGES FOR ROLE nrm_owner GRANT USAGE ON SEQUENCES TO nrm_app;
