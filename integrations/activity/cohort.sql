-- The mean number of active days of everyone on a module, in each of the last eight weeks, the
-- last one first; of the families that students use in their own time, week by week. A mean
-- rather than a median: of 0 to 7 days none is an outlier, and every engine has it in one pass.
--
-- Relations: measures (measures.sql)
SELECT
    module, family, source,
    AVG(BIT_COUNT(days_seen & 127)) AS week_0,
    AVG(BIT_COUNT((days_seen >> 7) & 127)) AS week_1,
    AVG(BIT_COUNT((days_seen >> 14) & 127)) AS week_2,
    AVG(BIT_COUNT((days_seen >> 21) & 127)) AS week_3,
    AVG(BIT_COUNT((days_seen >> 28) & 127)) AS week_4,
    AVG(BIT_COUNT((days_seen >> 35) & 127)) AS week_5,
    AVG(BIT_COUNT((days_seen >> 42) & 127)) AS week_6,
    AVG(BIT_COUNT((days_seen >> 49) & 127)) AS week_7
FROM measures
WHERE family = 'vle'
GROUP BY module, family, source
