-- The sessions attended in each teaching week by the middle of each class, of the students who had
-- any in that week. Of the classes of the students found alone; a class with fewer than :least such
-- students has no middle.
--
-- Relations
--   measures  (measures.sql)
--   found     (catching.py)
--   weeks     school, week (0 is the oldest), days (the week's days, a bit for each as in
--             days_seen)
-- Parameter: least
WITH attended AS (
    SELECT
        measures.module, measures.source, weeks.week,
        BIT_COUNT(measures.days_seen & measures.days_expected & weeks.days) AS sessions
    FROM measures
    SEMI JOIN found
        ON found.module = measures.module
        AND found.source = measures.source
        AND found.family = measures.family
    JOIN weeks
        ON weeks.school = measures.module_school
        AND (measures.days_expected & weeks.days) <> 0
    WHERE measures.family = 'attendance'
)
SELECT module, source, week, MEDIAN(sessions) AS middle
FROM attended
GROUP BY module, source, week
HAVING COUNT(*) >= $least
