-- One row per opening: the spell it is known by (the earliest), the one that says where it is (the
-- employer's own first), its extent over all boards, and its end by the boards that count.
with repeated as (
    select opening_key from core.opening_spells group by opening_key having count(*) > 1
),

-- Most openings are one spell: only the others are searched for the one that tells.
memberships as (
    select
        members.*,
        spells.from_date,
        spells.to_date,
        spells.end_reason,
        spells.last_seen_date,
        members.is_counted = bool_or(members.is_counted) over opening as is_telling,
        row_number() over (
            partition by members.opening_key order by spells.from_date, members.spell_key
        ) as age_rank,
        row_number() over (
            partition by members.opening_key
            order by members.is_counted desc, spells.from_date, members.spell_key
        ) as lead_rank
    from core.opening_spells as members
    semi join repeated using (opening_key)
    join core.spells as spells using (spell_key)
    window opening as (partition by members.opening_key)
),

openings as (
    select
        opening_key,
        min(spell_key) filter (where age_rank = 1) as first_spell_key,
        min(spell_key) filter (where lead_rank = 1) as lead_spell_key,
        any_value(employer_key) as employer_key,
        count(distinct posting_key) as postings,
        count(distinct board_key) as boards,
        max(reposts) as reposts,
        bool_or(is_counted) as is_counted,
        min(from_date) as first_seen_date,
        max(last_seen_date) as last_seen_date,
        max(to_date) filter (where is_telling) as to_date,
        arg_max_null(end_reason, to_date) filter (where is_telling) as end_reason
    from memberships
    group by opening_key
    union all by name
    select
        members.opening_key,
        members.spell_key as first_spell_key,
        members.spell_key as lead_spell_key,
        members.employer_key,
        1 as postings,
        1 as boards,
        members.reposts,
        members.is_counted,
        spells.from_date as first_seen_date,
        spells.last_seen_date,
        spells.to_date,
        spells.end_reason
    from core.opening_spells as members
    anti join repeated using (opening_key)
    join core.spells as spells using (spell_key)
)

select
    openings.*,
    first_spells.start_reason = 'entry' as is_baseline,
    -- a pool of candidates, not a post
    regexp_matches(
        first_contents.title,
        '(?i)talent (pool|community|network)|general application|(open|spontaneous|speculative) (position|application)'
        || '|future opportunit|expression of interest|オープンポジション|タレントプール|キャリア登録'
    ) as is_evergreen,
    openings.reposts >= rules.many_reposts
    and openings.last_seen_date - openings.first_seen_date <= openings.reposts * 365 / rules.many_reposts
        as is_often_reposted
from openings
join core.spells as first_spells on openings.first_spell_key = first_spells.spell_key
join core.contents as first_contents on first_spells.first_content_hash = first_contents.content_hash
cross join core.rules as rules
