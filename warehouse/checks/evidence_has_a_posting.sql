-- Every mention, span and label belongs to a posting.
select spans.*
from (
    select source, board, posting_id, 'mention' as what from mentions
    union
    select source, board, posting_id, 'evidence' as what from evidence
    union
    select source, board, posting_id, 'role' as what from posting_roles
) as spans
anti join postings
    on spans.source = postings.source
    and spans.board = postings.board
    and spans.posting_id = postings.posting_id
