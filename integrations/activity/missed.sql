-- Work for which nothing has arrived although the class's has, due in the window of the school's
-- criterion. Work that was due before the student joined is not missed, nor is work that has
-- arrived of far fewer students than usual.
--
-- Relations
--   work      student, module, school, source, item, due, handed_in, share, is_owed (work.sql)
--   held      module, item, source: work that has not arrived (class_work.py)
--   criteria  school, missed_due_from, missed_due_by, arrived_share, ...
SELECT work.student, work.module, work.school, work.source, work.item, work.due
FROM work
JOIN criteria ON criteria.school = work.school
WHERE
    work.handed_in IS NULL
    AND work.is_owed
    AND work.due BETWEEN criteria.missed_due_from AND criteria.missed_due_by
    AND work.share >= criteria.arrived_share
    AND NOT EXISTS (
        SELECT 1 FROM held
        WHERE held.module = CAST(work.module AS VARCHAR)
            AND held.item = work.item
            AND held.source = CAST(work.source AS VARCHAR)
    )
