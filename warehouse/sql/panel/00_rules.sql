-- The thresholds of the tables, each in this one place (method 2).
select
    14 as carry_nights, -- nights that a board's last state is carried forward (2.2)
    30 as repost_days, -- days after closing within which a return continues the opening (2.2)
    0.9 as same_text_similarity, -- at least, of another posting that continues an opening (2.2)
    0.5 as same_posting_similarity, -- at least, of an id that comes back as the same posting (fault 64)
    7 as provisional_nights, -- newest nights that later nights may still correct (2.5)
    0.2 as suspect_agreement, -- relative difference at which a night confirms a suspect one (2.1)
    3 as gone_nights, -- nights of 404, 410 or NXDOMAIN that end a board (2.1)
    7 as gone_span_days, -- days that those nights span at least (2.1)
    28 as index_period_days, -- days of a period of the chain index, doubled where links are thin (2.3)
    3 as index_doublings, -- lengths of a period that are tried: 28, 56, 112 days
    0.5 as index_ok_share, -- of a period's nights, at least, that a matched board was seen whole (2.3)
    5 as index_min_denominator, -- openings that a link stands on at least (2.3)
    20 as index_base_new_openings, -- new openings that the base of an index has at least (2.2)
    180 as stale_days, -- days open from which an opening is flagged (2.7)
    3 as many_reposts -- reposts within 365 days from which an opening is flagged (2.7)
