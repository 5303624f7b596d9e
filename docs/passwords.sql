-- Passwords of the two logins, from the environment, for psql as a superuser after roles.sql:
--
--   NRM_OWNER_PASSWORD=... NRM_APP_PASSWORD=... psql -X -v ON_ERROR_STOP=1 -f docs/passwords.sql postgres
\getenv owner_password NRM_OWNER_PASSWORD
\getenv app_password NRM_APP_PASSWORD
ALTER ROLE nrm_owner PASSWORD :'owner_password';
ALTER ROLE nrm_app PASSWORD :'app_password';
