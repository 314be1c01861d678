-- Work for which nothing has arrived although the class's has, due in the window of the school's
-- criterion. Work that was due before the student joined is not missed.
--
-- Relations
--   work      student, module, school, source, item, due, handed_in, share, is_owed (work.sql)
--   criteria  school, missed_due_from, missed_due_by, arrived_share, ...
SELECT work.student, work.module, work.school, work.source, work.item, work.due
FROM work
JOIN criteria ON criteria.school = work.school
WHERE
    work.handed_in IS NULL
    AND work.is_owed
    AND work.due BETWEEN criteria.missed_due_from AND criteria.missed_due_by
    AND work.share >= criteria.arrived_share
