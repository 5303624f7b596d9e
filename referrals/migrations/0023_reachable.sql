-- The sweep reads how often somebody agreed to be in touch. Why a referral was closed stood in words
-- alone: the reason that they begin with becomes the code; the words stay as they were written.
GRANT SELECT (every_days) ON referrals_waitevent TO nrm_sweep;

SELECT set_config('nrm.migrating', 'on', true);
UPDATE referrals_waitevent SET outcome = said.code
FROM (VALUES
    ('Entered the NRM and the work here is done', 'entered'),
    ('Did not consent to an NRM referral', 'did_not_consent'),
    ('Left before entry', 'left_before_entry'),
    ('Out of contact', 'out_of_contact'),
    ('Another organisation supports them now', 'supported_elsewhere'),
    ('No signs of modern slavery after all', 'not_modern_slavery'),
    ('Recorded twice', 'recorded_twice')
) AS said (words, code)
WHERE referrals_waitevent.code = 'closed' AND outcome = ''
    AND (detail = said.words OR starts_with(detail, said.words || '.'));
INSERT INTO organisations_reassessment (nations, rule, reason, created_at, cursor)
SELECT '{}', '', 'A reconsideration that says yes begins the recovery period', now(), 0
WHERE EXISTS (SELECT FROM referrals_waitevent WHERE code = 'reconsideration_decided');
SELECT set_config('nrm.migrating', '', true);
