-- Assessments that were expected of a student, up to :through: due when, handed in when (on any
-- day, however early, from any agreed source; NULL: not yet), and the share of the class whose
-- work has arrived.
--
-- Relations: those of measures.sql, and
--   extensions  student, module, item, until, source; of all days
--   early       the columns of activity: work that arrived before the days of activity
-- Parameter: that of measures.sql
--
-- The share that has arrived is taken of those who were expected and are still enrolled, so that
-- students who left do not hold back a class. What was due before a student joined is not missed.
-- Who was given more time, or another attempt, owes the work on the later day.
WITH extended AS (
    SELECT extensions.student, extensions.module, extensions.item, MAX(extensions.until) AS until
    FROM extensions
    JOIN enrolments
        ON enrolments.student = extensions.student AND enrolments.module = extensions.module
    JOIN agreed
        ON agreed.school = enrolments.module_school
        AND agreed.family = 'submissions'
        AND agreed.source = extensions.source
    GROUP BY extensions.student, extensions.module, extensions.item
),
of_work AS (
    SELECT student, module, item, expected, done, source, day
    FROM activity
    WHERE family = 'submissions' AND item IS NOT NULL
    UNION ALL
    SELECT student, module, item, expected, done, source, day
    FROM early
    WHERE family = 'submissions' AND item IS NOT NULL AND done > 0
),
said AS (
    SELECT
        of_work.student,
        of_work.module,
        of_work.item,
        MIN(CASE WHEN of_work.expected > 0 THEN of_work.source END) AS source,
        MAX(CASE WHEN of_work.expected > 0 THEN of_work.day END) AS due,
        MIN(CASE WHEN of_work.done > 0 THEN of_work.day END) AS handed_in,
        MAX(CASE WHEN of_work.done > 0 THEN 1 ELSE 0 END) AS arrived
    FROM of_work
    JOIN enrolments
        ON enrolments.student = of_work.student AND enrolments.module = of_work.module
    JOIN agreed
        ON agreed.school = enrolments.module_school
        AND agreed.family = 'submissions'
        AND agreed.source = of_work.source
    GROUP BY of_work.student, of_work.module, of_work.item
),
items AS (
    SELECT
        said.student, said.module, said.item, said.source, said.handed_in, said.arrived,
        CASE WHEN extended.until > said.due THEN extended.until ELSE said.due END AS due
    FROM said
    LEFT JOIN extended
        ON extended.student = said.student
        AND extended.module = said.module
        AND extended.item = said.item
)
SELECT
    items.student,
    items.module,
    enrolments.module_school AS school,
    items.source,
    items.item,
    items.due,
    items.handed_in,
    AVG(items.arrived) OVER (PARTITION BY items.module, items.item) AS share,
    items.due >= enrolments.starts AS is_owed
FROM items
JOIN enrolments
    ON enrolments.student = items.student AND enrolments.module = items.module
WHERE items.due <= $through
