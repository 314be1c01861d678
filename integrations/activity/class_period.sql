-- The class's mean active days in the clearing period of the module's school, for the families that
-- are compared with the class week by week (cohort.sql).
--
-- Relations: measures (measures.sql), periods (middle.sql)
SELECT
    measures.module, measures.family, measures.source,
    AVG(BIT_COUNT(measures.days_seen & periods.days)) AS mean
FROM measures
JOIN periods ON periods.school = measures.module_school
WHERE measures.family = 'vle'
GROUP BY measures.module, measures.family, measures.source
