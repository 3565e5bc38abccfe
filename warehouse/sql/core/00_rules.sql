-- The thresholds of the tables, each in this one place (method 2).
select
    14 as carry_nights, -- nights that a board's last state is carried forward (2.2)
    30 as repost_days, -- days after closing within which a return continues the opening (2.2)
    0.9 as same_text_similarity, -- at least, of another posting that continues an opening (2.2)
    0.5 as same_posting_similarity, -- at least, of an id that comes back as the same posting (fault 64)
    7 as provisional_nights, -- newest nights that later nights may still correct (2.5)
    0.2 as suspect_agreement, -- relative difference at which a night confirms a suspect one (2.1)
    3 as gone_nights, -- nights of 404, 410 or NXDOMAIN that end a board (2.1)
    7 as gone_span_days -- days that those nights span at least (2.1)
