-- The first piece of work that is expected of a student in a module, where it is still to come and
-- nothing of it is in. A student who has more time for it is left out, and one who is excused; so is
-- one who joined the module before :first, since what was due then is not known.
--
-- Relations: those of work.sql, excuses (excuses.py), and
--   ahead    student, module, item, source, due: what is expected on coming days
-- Parameter: :first, the first day that the measures cover
WITH coming AS (
    SELECT ahead.student, ahead.module, ahead.item, MAX(ahead.due) AS due
    FROM ahead
    JOIN enrolments ON enrolments.student = ahead.student AND enrolments.module = ahead.module
    JOIN agreed
        ON agreed.school = enrolments.module_school
        AND agreed.family = 'submissions'
        AND CAST(agreed.source AS VARCHAR) = ahead.source
    WHERE enrolments.starts >= $first
    GROUP BY ahead.student, ahead.module, ahead.item
),
begun AS (
    SELECT student, module, item, expected, done, day
    FROM activity
    WHERE family = 'submissions' AND item IS NOT NULL
    UNION ALL
    SELECT student, module, item, expected, done, day
    FROM early
    WHERE item IS NOT NULL
),
owed AS (
    SELECT
        coming.student, coming.module, enrolments.module_school AS school, enrolments.starts,
        coming.item, coming.due,
        ROW_NUMBER() OVER (
            PARTITION BY coming.student, coming.module ORDER BY coming.due, coming.item
        ) AS place
    FROM coming
    JOIN enrolments
        ON enrolments.student = coming.student AND enrolments.module = coming.module
    WHERE NOT EXISTS (
        SELECT 1 FROM excuses
        WHERE excuses.student = coming.student
            AND excuses.family = 'submissions'
            AND excuses.module IN ('', CAST(coming.module AS VARCHAR))
            AND excuses.item IN ('', coming.item)
    )
)
SELECT owed.student, owed.module, owed.school, owed.starts, owed.item, owed.due
FROM owed
WHERE
    owed.place = 1
    AND NOT EXISTS (
        SELECT 1 FROM extensions
        WHERE extensions.student = owed.student
            AND extensions.module = owed.module
            AND extensions.item = owed.item
    )
    AND NOT EXISTS (
        SELECT 1 FROM begun
        WHERE begun.student = owed.student
            AND begun.module = owed.module
            AND (begun.done > 0 OR (begun.expected > 0 AND begun.day >= owed.starts))
    )
