-- Students with nearly all clicks of four weeks on one day, beside what their class does.
-- Thresholds are the caller's.
--
-- Relations: enrolments (measures.sql); trusted: activity of four weeks from agreed sources, with
--   the module's school
-- Parameters: school, clicks, of_all, times_the_class, class_days
WITH daily AS (
    SELECT student, module, day, SUM(done) AS clicks
    FROM trusted
    WHERE family = 'vle' AND done > 0 AND module_school = $school
    GROUP BY student, module, day
),
own AS (
    SELECT
        student, module, COUNT(*) AS active_days, SUM(clicks) AS total, MAX(clicks) AS most
    FROM daily
    GROUP BY student, module
),
cohorts AS (
    SELECT module, COUNT(*) AS students FROM enrolments GROUP BY module
),
classes AS (
    SELECT
        own.module,
        SUM(own.active_days) * 1.0 / MAX(cohorts.students) AS class_days,
        SUM(own.total) * 1.0 / SUM(own.active_days) AS clicks_a_day
    FROM own
    JOIN cohorts ON cohorts.module = own.module
    GROUP BY own.module
)
SELECT
    own.student, own.module, MIN(daily.day) AS day, own.most, own.active_days, classes.class_days
FROM own
JOIN classes ON classes.module = own.module
JOIN daily
    ON daily.student = own.student AND daily.module = own.module AND daily.clicks = own.most
WHERE
    own.most >= $clicks
    AND own.most >= $of_all * own.total
    AND own.most >= $times_the_class * classes.clicks_a_day
    AND classes.class_days >= $class_days
GROUP BY own.student, own.module, own.most, own.active_days, classes.class_days
ORDER BY own.student, own.module
