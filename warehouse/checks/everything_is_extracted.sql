-- Every text of the store has been read by an extractor; run `vpoe extract` if not.
select unextracted_contents, contents from about where unextracted_contents > 0
