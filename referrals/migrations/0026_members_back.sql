DROP FUNCTION nrm_pass_on_restricted;
