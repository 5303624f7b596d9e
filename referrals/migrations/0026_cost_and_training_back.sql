DROP POLICY sweep_tells ON organisations_training;
DROP POLICY sweep_tells ON organisations_trainingmodule;
REVOKE SELECT (id, membership_id, module_id, trained_on, withdrawn_at) ON organisations_training FROM nrm_sweep;
REVOKE SELECT (id, organisation_id, good_for_days, required, ended_at) ON organisations_trainingmodule FROM nrm_sweep;
REVOKE SELECT (first_responder_since) ON organisations_membership FROM nrm_sweep;
