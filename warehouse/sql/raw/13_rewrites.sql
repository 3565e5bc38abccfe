-- What was changed of what had been stored before: after it, nothing that was built can be gone on from.
-- The first row says that the store began; its id is this store's alone.
create table if not exists raw.rewrites (
    rewrite_id varchar primary key,
    what varchar not null
);
insert into raw.rewrites
select uuid(), 'began' where not exists (from raw.rewrites)
