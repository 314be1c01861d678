-- The figures of the newest report, one row for each. Open it in the extract's folder.
--
--   school, name, faculty   the school's code on the roster, its name, and its faculty
--   first_day, last_day     the days that the report covers, both included
--   section                 Cases, Outcomes, Usefulness, Response times, Contact steps, Emails,
--                           Coverage, Feeds, Open now, Overdue, Training or Reviews
--   measure, part           what is counted, and of which part; part is '' for the whole
--   value                   a number; a share is from 0 to 1; NULL where unit is 'day'
--   day                     a day, where unit is 'day'
--   unit                    cases, students, emails, days, share, modules, rows, colleagues, day
--   is_withheld             true where there is no figure, or too few students are behind it
--
-- Counts of students and cases are rounded to 5, and no row names a person or a case.
CREATE OR REPLACE VIEW lantern_figures AS
SELECT
    school, name, faculty, first_day, last_day, section, measure, part, value, day, unit,
    is_withheld
FROM read_parquet('figures.parquet');
