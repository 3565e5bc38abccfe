-- One row per role of a named group; a group stands in the demand tables like a role.
select role_group_id, role_id from core.taxonomy_role_groups order by role_group_id, role_id
