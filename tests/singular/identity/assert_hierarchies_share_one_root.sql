-- An account and its parent must have the same root, else a group of companies is counted in two halves. This fails for
-- hierarchies of more than 16 levels, for which int_account_hierarchies would need one more doubling.
select
    children.account_id,
    children.root_account_id,
    parents.account_id as parent_account_id,
    parents.root_account_id as parent_root_account_id
from {{ ref('int_account_hierarchies') }} as children
left join {{ ref('int_account_hierarchies') }} as parents
    on children.parent_account_id = parents.account_id
where
    children.parent_account_id is not null
    and (parents.root_account_id is null or parents.root_account_id <> children.root_account_id)
