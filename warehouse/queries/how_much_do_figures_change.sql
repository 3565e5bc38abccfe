-- How far are first figures from those 1, 4 and 12 weeks later?
select column_name, weeks, sum(periods) as figures, sum(periods * mean_absolute_revision) / sum(periods) as mean_absolute_revision
from revision_sizes
where source = 'all'
group by column_name, weeks
order by column_name, weeks
