-- The students that a criterion catches, and for which school. Silence is the home school's matter, over
-- everything the student does anywhere, counted from the day they joined; missed work,
-- attendance and quiet weeks are the matter of the module's school.
--
-- Relations: measures (measures.sql), missed (missed.sql), cohort (cohort.sql), first_work
-- (first_work.sql), criteria
SELECT measures.home_school AS school, measures.student
FROM measures
JOIN criteria ON criteria.school = measures.home_school
GROUP BY
    measures.home_school, measures.student, measures.enrolled_since, criteria.silent_since
HAVING COALESCE(MAX(measures.last_done), measures.enrolled_since - 1) <= criteria.silent_since
UNION
SELECT missed.school, missed.student
FROM missed
UNION
SELECT first_work.school, first_work.student
FROM first_work
JOIN criteria ON criteria.school = first_work.school
JOIN measures
    ON measures.student = first_work.student AND measures.module = first_work.module
WHERE first_work.due <= criteria.first_due_by
GROUP BY
    first_work.school, first_work.student, first_work.module, first_work.starts,
    criteria.unseen_since
HAVING COALESCE(MAX(measures.last_done), first_work.starts - 1) <= criteria.unseen_since
UNION
SELECT measures.module_school, measures.student
FROM measures
JOIN criteria ON criteria.school = measures.module_school
WHERE
    measures.family = 'attendance' AND (
        (
            measures.expected_28 >= criteria.expected_at_least
            AND measures.done_28 < criteria.attended_below * measures.expected_28
        )
        OR measures.missed_in_a_row >= criteria.absent_in_a_row
    )
    OR measures.family = 'meetings' AND measures.missed_in_a_row >= criteria.meetings_in_a_row
UNION
SELECT measures.module_school, measures.student
FROM measures
JOIN criteria ON criteria.school = measures.module_school
JOIN cohort
    ON cohort.module = measures.module
    AND cohort.family = measures.family
    AND cohort.source = measures.source
WHERE
    criteria.quiet_weeks IS NOT NULL
    AND criteria.quiet_weeks <= (
        CASE WHEN week_0 >= 1 AND BIT_COUNT(days_seen & 127) < quiet_below * week_0
            THEN 1 ELSE 0 END
        + CASE WHEN week_1 >= 1 AND BIT_COUNT((days_seen >> 7) & 127) < quiet_below * week_1
            THEN 1 ELSE 0 END
        + CASE WHEN week_2 >= 1 AND BIT_COUNT((days_seen >> 14) & 127) < quiet_below * week_2
            THEN 1 ELSE 0 END
        + CASE WHEN week_3 >= 1 AND BIT_COUNT((days_seen >> 21) & 127) < quiet_below * week_3
            THEN 1 ELSE 0 END
        + CASE WHEN week_4 >= 1 AND BIT_COUNT((days_seen >> 28) & 127) < quiet_below * week_4
            THEN 1 ELSE 0 END
        + CASE WHEN week_5 >= 1 AND BIT_COUNT((days_seen >> 35) & 127) < quiet_below * week_5
            THEN 1 ELSE 0 END
        + CASE WHEN week_6 >= 1 AND BIT_COUNT((days_seen >> 42) & 127) < quiet_below * week_6
            THEN 1 ELSE 0 END
        + CASE WHEN week_7 >= 1 AND BIT_COUNT((days_seen >> 49) & 127) < quiet_below * week_7
            THEN 1 ELSE 0 END
    )
