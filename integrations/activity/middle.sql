-- The middle of each class in a school's clearing period: the median of its students' active days,
-- over all of their modules and sources. By places, since not every engine has a median. A class
-- of fewer than :least has no middle.
--
-- Relations
--   measures, enrolments  (measures.sql)
--   wanted                school, module: the classes of students with active flags
--   periods               school, days (the clearing period, a bit for each day as in days_seen)
-- Parameter: least
WITH overall AS (
    SELECT student, BIT_OR(days_seen) AS days_seen
    FROM measures
    GROUP BY student
),
classmates AS (
    SELECT
        wanted.school, wanted.module, overall.student,
        BIT_COUNT(overall.days_seen & periods.days) AS active
    FROM wanted
    JOIN periods ON periods.school = wanted.school
    JOIN enrolments ON enrolments.module = wanted.module
    JOIN overall ON overall.student = enrolments.student
),
ranked AS (
    SELECT
        school, module, active,
        ROW_NUMBER() OVER (PARTITION BY school, module ORDER BY active, student) AS place,
        COUNT(*) OVER (PARTITION BY school, module) AS students
    FROM classmates
)
SELECT school, module, AVG(active) AS middle
FROM ranked
WHERE students >= $least AND 2 * place BETWEEN students AND students + 2
GROUP BY school, module
