-- The tables go with the migration before this one; what is left to undo is what they hold.
SET LOCAL nrm.migrating = 'on';
DROP POLICY everyone_reads ON organisations_restday;
DROP POLICY register_adds ON organisations_restday;
DROP POLICY migrations ON organisations_restday;
DROP POLICY everyone_reads ON organisations_closure;
DROP POLICY own_adds ON organisations_closure;
DROP POLICY own_withdraws ON organisations_closure;
DROP POLICY migrations ON organisations_closure;
ALTER TABLE organisations_restday NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_closure NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
DELETE FROM organisations_restday;
