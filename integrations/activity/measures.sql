-- From the daily rollup to measures: one row for each student, module they are enrolled on, and
-- source that the module's school has agreed to, whether or not anything was ever seen there.
--
-- Relations
--   activity    student, module, family, item, expected, done, source, day; days up to :through
--   enrolments  student, module, home_school, module_school, starts, enrolled_since (the first of
--               the student's starts); one row per student and module, active
--   agreed      school, family, source
--   delivered   source, fresh (the newest day delivered); a source that is not here gives no row
-- Parameter
--   through     the last day that counts
--
-- days_seen has a bit for each day on which anything was done: bit 0 is :through, bit 55 the day
-- eight weeks before; so has days_expected. Counting distinct days this way takes one pass over the activity and a
-- third of the time of grouping by day first; COUNT(DISTINCT day) takes six times as long.
WITH seen AS (
    SELECT
        student, module, family, source,
        MAX(CASE WHEN done > 0 THEN day END) AS last_done,
        BIT_OR(
            CASE
                WHEN done > 0 AND $through - day < 56
                THEN CAST(1 AS BIGINT) << CAST($through - day AS INTEGER)
                ELSE 0
            END
        ) AS days_seen,
        BIT_OR(
            CASE
                WHEN expected > 0 AND family IN ('attendance', 'meetings') AND $through - day < 56
                THEN CAST(1 AS BIGINT) << CAST($through - day AS INTEGER)
                ELSE 0
            END
        ) AS days_expected,
        -- As plain numbers: the wide ones of a sum take three times as long to read.
        CAST(SUM(CASE WHEN $through - day < 28 THEN expected ELSE 0 END) AS BIGINT)
            AS expected_28,
        CAST(SUM(CASE WHEN $through - day < 28 THEN done ELSE 0 END) AS BIGINT) AS done_28
    FROM activity
    GROUP BY student, module, family, source
)
SELECT
    enrolments.student,
    enrolments.home_school,
    enrolments.module,
    enrolments.module_school,
    enrolments.enrolled_since,
    enrolments.starts,
    agreed.family,
    agreed.source,
    delivered.fresh,
    seen.last_done,
    COALESCE(seen.days_seen, 0) AS days_seen,
    BIT_COUNT(COALESCE(seen.days_seen, 0) & 268435455) AS active_days_28,
    COALESCE(seen.days_expected, 0) AS days_expected,
    -- Days expected that are more recent than the last day seen, whose bit is the lowest: of
    -- sessions in the family attendance, of meetings in the family meetings.
    BIT_COUNT(
        COALESCE(seen.days_expected, 0)
        & ((COALESCE(seen.days_seen, 0) & -COALESCE(seen.days_seen, 0)) - 1)
    ) AS missed_in_a_row,
    COALESCE(seen.expected_28, 0) AS expected_28,
    COALESCE(seen.done_28, 0) AS done_28
FROM enrolments
JOIN agreed ON agreed.school = enrolments.module_school
JOIN delivered ON delivered.source = agreed.source
LEFT JOIN seen
    ON seen.student = enrolments.student
    AND seen.module = enrolments.module
    AND seen.family = agreed.family
    AND seen.source = agreed.source
